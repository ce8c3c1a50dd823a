//! `chartroom code CODE [--on DATE] [--with CODE] [--store FOLDER]`.

use clap::Args;

use super::{
    codeset::{Fault, StoreArguments},
    complain,
    exit::Exit,
    print,
};
use crate::{
    codeset::{
        describe::{describe, describe_pair},
        sets::GemDirection,
    },
    record::date::Day,
    run::releases::imported::Imported,
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
    #[command(flatten)]
    store: StoreArguments,
}

/// Prints all that is known of a code.
pub fn code(arguments: &CodeArguments) -> Exit {
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
    let opened =
        arguments.store.open().and_then(|store| Imported::open(&store, &GemDirection::ALL).map_err(Fault::from));
    match opened {
        Ok(mut imported) => {
            let sets = imported.sets();
            let described = |code: &str| describe(code, on, &sets, imported.groups());
            let answer = match &arguments.with {
                None => described(&arguments.code),
                // Of a code that is none, "no note names the other" would be no answer.
                Some(other) => described(&arguments.code)
                    .and_then(|_| described(other))
                    .map(|_| describe_pair(&arguments.code, other)),
            };
            match answer {
                Ok(text) => print(&text),
                Err(why) => {
                    complain(&format!("error: {why}"));
                    Exit::Gate
                }
            }
        }
        Err(fault) => fault.complain(),
    }
}
