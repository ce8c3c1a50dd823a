//! What the fuzz targets do with bytes, each in a plain function: no panic, and a property of what comes out.

pub mod audit_sheet;
pub mod bag;
pub mod delimited;
pub mod expression;
pub mod layout;
pub mod pipeline;
pub mod site_map;
pub mod workbook_guard;

use crate::hostile_corpus::compound_file;
