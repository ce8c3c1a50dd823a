//! The Medicare Code Editor: the edits that Medicare asks of a claim for acute inpatient care, on the claim as plain data.
//!
//! [`editor::MedicareCodeEditor`] takes a [`claim::Claim`] and gives a [`claim::ClaimVerdict`]: the edits of each diagnosis, each procedure, the admitting diagnosis and
//! the claim. The code tables say which edits a code can raise on a day; an edit that CMS discontinued has no codes after its last day. The same questions
//! ([`questions`]) are asked of a run's encounters by the rules of family `MCE`.
//!
//! Source: CMS, Definitions of Medicare Code Edits. Where the definitions leave a case open, CMS's Medicare Code Editor 2.0 (v43.1) decides, to which
//! `tests/mce_oracle.rs` holds this one claim by claim.

pub mod claim;
pub mod coverage;
pub mod days;
pub mod edit;
pub mod editor;
pub mod encounter;
pub mod questions;
