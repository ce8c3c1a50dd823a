//! `chartroom code CODE [--on DATE] [--with CODE]`.

use clap::Args;

use super::{complain, exit::Exit, print};
use crate::{
    codeset::describe::{describe, describe_pair},
    record::date::Day,
};

#[derive(Debug, Args)]
pub struct CodeArguments {
    /// The code, with or without its dot, in any case
    code: String,
    /// The day to judge it on, YYYY-MM-DD; without it, all periods are shown
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Another diagnosis of the same record: shows what the notes of the ICD-10-CM tabular list say of the two
    #[arg(long, value_name = "CODE")]
    with: Option<String>,
}

/// Prints all that is known of a code.
pub fn code(arguments: &CodeArguments) -> Exit {
    if let Some(other) = &arguments.with {
        return print(&describe_pair(&arguments.code, other));
    }
    let on = match &arguments.on {
        None => None,
        Some(text) => match Day::from_iso(text) {
            Some(day) => Some(day),
            None => {
                complain("error: --on takes a day, YYYY-MM-DD");
                return Exit::Configuration;
            }
        },
    };
    print(&describe(&arguments.code, on))
}
