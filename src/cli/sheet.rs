//! `chartroom sheet new NAME`.

use clap::{Args, Subcommand};

use super::{complain, exit::Exit, print};
use crate::{
    record::shown::shown,
    statistics::{
        measure_list::MEASURES,
        own_sheet::{BREAKDOWNS, OVER},
    },
};

#[derive(Debug, Subcommand)]
pub enum SheetCommand {
    /// Print the draft of a sheet of your own, to be put into a pipeline file
    New(NewArguments),
}

#[derive(Debug, Args)]
pub struct NewArguments {
    /// Name on the tab
    name: String,
    /// A measure, as the sheet Measures has it; may be given several times
    #[arg(long, value_name = "MEASURE")]
    measure: Vec<String>,
    /// What the rows are: service, payer, age_group, sex, discharge_status, ...
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// Over what the figures are put side by side: period, day, month, quarter, calendar_year, fiscal_year
    #[arg(long, value_name = "SPAN")]
    over: Option<String>,
    /// The condition that a record has to meet
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
}

/// Measures of a draft where none is asked for.
const FIRST_MEASURES: [&str; 3] =
    ["Discharges, adults and children", "Average stay, days, adults and children", "Gross death rate, %"];

/// Prints the draft.
pub fn sheet(command: &SheetCommand) -> Exit {
    let SheetCommand::New(arguments) = command;
    let unknown = |what: &str, value: &str, known: &[&str]| {
        let near = crate::problem::closest(value, known.iter().copied());
        let near =
            near.map_or_else(|| format!("there are: {}", known.join("; ")), |near| format!("did you mean `{near}`?"));
        complain(&format!("error: `{value}` is no {what}; {near}"));
        Exit::Configuration
    };
    let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    if let Some(value) = arguments.measure.iter().find(|value| !measures.contains(&value.as_str())) {
        return unknown("measure", value, &measures);
    }
    let by: Vec<&str> = BREAKDOWNS.iter().map(|(name, _)| *name).collect();
    if let Some(value) = arguments.by.as_ref().filter(|value| !by.contains(&value.as_str())) {
        return unknown("field that rows can be of", value, &by);
    }
    let over: Vec<&str> = OVER.iter().map(|(name, _)| *name).collect();
    if let Some(value) = arguments.over.as_ref().filter(|value| !over.contains(&value.as_str())) {
        return unknown("span", value, &over);
    }
    print(&draft(arguments, (&measures, &by, &over)))
}

fn draft(arguments: &NewArguments, (measures, by, over): (&[&str], &[&str], &[&str])) -> String {
    // A text of TOML is written as one of JSON, which quotes the same way.
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let asked: Vec<&str> = match arguments.measure.is_empty() {
        true => FIRST_MEASURES.to_vec(),
        false => arguments.measure.iter().map(String::as_str).collect(),
    };
    let mut text = format!("[[statistics.sheet]]\nname     = {}\nmeasures = [\n", quoted(&arguments.name));
    asked.iter().for_each(|measure| text += &format!("    {},\n", quoted(measure)));
    text += "]\n";
    text += &format!("by       = {}    # {}\n", quoted(arguments.by.as_deref().unwrap_or("service")), by.join(", "));
    text += &format!("over     = {}    # {}\n", quoted(arguments.over.as_deref().unwrap_or("period")), over.join(", "));
    match &arguments.condition {
        Some(condition) => text += &format!("where    = {}\n", quoted(condition)),
        None => {
            text += "# where  = \"age_years >= 65 AND sex = 'F'\"    # which records; `chartroom docs site-rules` has the language\n"
        }
    }
    text += "\n# The measures are:\n";
    measures.iter().for_each(|measure| text += &format!("#   {}\n", shown(measure)));
    text
}
