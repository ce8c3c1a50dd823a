//! What will fail tonight, as things stand: a plan, its folders and files are looked at, and nothing is run, made or changed.

mod clock;
mod folders;
mod inbox;
mod room;
mod sealed_folder;
mod state_files;
mod tables;

use crate::{
    plan::Plan,
    record::{date::Day, shown::shown},
};

/// How heavy a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The run ends with another exit code than 0, or what it says is wrong.
    Fails,
    /// Worth a look; the run ends as ever.
    Look,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How heavy it is.
    pub weight: Weight,
    /// What is the matter.
    pub what: String,
    /// Why it matters tonight.
    pub why: String,
    /// What to do.
    pub to_do: String,
}

impl Remark {
    /// A thing that fails.
    pub fn fails(what: impl Into<String>, why: impl Into<String>, to_do: impl Into<String>) -> Remark {
        Remark { weight: Weight::Fails, what: what.into(), why: why.into(), to_do: to_do.into() }
    }

    /// A thing to look at.
    pub fn look(what: impl Into<String>, why: impl Into<String>, to_do: impl Into<String>) -> Remark {
        Remark { weight: Weight::Look, ..Remark::fails(what, why, to_do) }
    }

    /// In one line: what, why, what to do.
    pub fn words(&self) -> String {
        let sentences = [self.what.clone(), begun(&self.why), begun(&self.to_do)];
        let sentences = sentences.iter().map(|text| text.trim_end_matches('.')).filter(|text| !text.is_empty());
        // A question has its own mark at the end.
        let ended = sentences.map(|text| if text.ends_with('?') { text.to_owned() } else { format!("{text}.") });
        ended.map(|text| shown(&text).into_owned()).collect::<Vec<_>>().join(" ")
    }
}

/// A text as a sentence begins.
fn begun(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Looks at everything that a run of a business date would need; what fails comes first. `others`: pipelines of the same site, which may read what lies in
/// the same inbox.
pub fn examine(plan: &Plan, business_date: Day, others: &[Plan]) -> Vec<Remark> {
    let mut remarks = clock::examine(plan, business_date);
    remarks.extend(folders::examine(plan, business_date));
    remarks.extend(room::examine(plan));
    remarks.extend(sealed_folder::examine(plan));
    remarks.extend(state_files::examine(plan, business_date));
    remarks.extend(tables::examine(plan, business_date));
    remarks.extend(inbox::examine(plan, business_date, others));
    remarks.sort_by_key(|remark| remark.weight);
    remarks
}
