//! How a key is written that `Section::texts` reads: a text or a list of texts.

use schemars::JsonSchema;
use serde::Deserialize;

/// A text or a list of texts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}
