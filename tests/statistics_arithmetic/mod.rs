//! The arithmetic of statistics against the same figures worked out in another, plainer way on random data.

mod charts;
mod random;
mod standardised;
