//! The program under attack: it is killed and its files fail at every place where it touches the disk, and what it leaves is held against an undisturbed run.

pub mod table;
