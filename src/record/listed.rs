//! Lists for people: the first hundred of anything, or the first names in a sentence, and how many more there are.
//!
//! Who has looked at a hundred faults knows what made the others; twenty thousand lines only hide what stands above them. Everything that prints one line for each of
//! many goes through [`first`] or [`lines`].

use super::account::grouped;

/// Things that are shown one by one; more are counted.
pub const SHOWN: usize = 100;

/// The first hundred of some things, and how many more there are.
pub fn first<T>(things: impl IntoIterator<Item = T>) -> (Vec<T>, usize) {
    let mut things = things.into_iter();
    let first: Vec<T> = things.by_ref().take(SHOWN).collect();
    (first, things.count())
}

/// How many more there are, in words; `None` where all are shown.
pub fn more(count: usize) -> Option<String> {
    (count > 0).then(|| format!("and {} more, which are not shown", grouped(count as u64)))
}

/// The first hundred lines, and one that says how many more there are.
pub fn lines(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let (mut first, others) = first(lines);
    first.extend(more(others));
    first
}

/// Names told one by one; more are counted. One more is named as well: to count it would be as long.
const NAMED: usize = 3;

/// The first names of a list, and how many more there are.
pub fn some_of(names: &[String]) -> String {
    if names.len() <= NAMED + 1 {
        return names.join(", ");
    }
    format!("{} and {} more", names[..NAMED].join(", "), grouped((names.len() - NAMED) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_are_shown_and_the_others_counted() {
        let of = |count: usize| lines((0..count).map(|number| number.to_string()));
        assert_eq!(of(0), Vec::<String>::new());
        assert_eq!(of(100).len(), 100);
        assert_eq!(of(20_000).len(), 101);
        assert_eq!(of(20_000)[100], "and 19,900 more, which are not shown");
        assert_eq!(of(101)[99..], ["99", "and 1 more, which are not shown"]);
    }
}
