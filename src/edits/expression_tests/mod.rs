//! What conditions come to, held against tables of the three values and against a plain reference.

mod properties;
mod reference;
mod three_values;
