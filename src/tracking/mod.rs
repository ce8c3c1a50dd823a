//! Findings and deficiencies from night to night: what is new, open, corrected, verified, waived and reopened, and whose it is to resolve.
//!
//! A night looks at every finding and deficiency once ([`night::Night::see`]); what was there before and is not seen is corrected ([`night::Night::end`]).

pub mod account;
pub mod night;
pub mod tables;
