//! The doors for other engines than threads of this program: what comes of an examination as Arrow, and back.

pub mod arrow;
