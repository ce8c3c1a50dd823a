//! The versions of AHRQ's refined software at hand, and which of them a discharge is measured by.

use super::ahrq::AhrqTable;
use crate::record::date::Day;

/// The shipped version.
pub const SHIPPED: &str = "v2026.1";

/// Last day of the fiscal year of the shipped version: 2026-09-30.
const SHIPPED_LAST: Day = Day(20_726);

/// A version and the last day of its fiscal year.
#[derive(Debug)]
struct Edition {
    release: String,
    last: Day,
    /// Its table; `None` for the one that ships.
    table: Option<AhrqTable>,
    /// Whether its weights are its own, not those of the version that ships.
    weighted: bool,
}

impl Edition {
    /// The version, and where its weights are from if not from itself.
    fn words(&self) -> String {
        let weights =
            if self.weighted { String::new() } else { format!(" (its weights are not at hand: those of {SHIPPED})") };
        format!("{}{weights}", self.release)
    }
}

/// The shipped version beside imported ones, in the order of their years.
#[derive(Debug)]
pub struct AhrqEditions {
    editions: Vec<Edition>,
}

impl Default for AhrqEditions {
    fn default() -> AhrqEditions {
        AhrqEditions {
            editions: vec![Edition { release: SHIPPED.to_owned(), last: SHIPPED_LAST, table: None, weighted: true }],
        }
    }
}

impl AhrqEditions {
    /// Takes an imported version; in the place of the shipped one where it is of its year. `weighted`: whether its weights are its own.
    pub fn add(&mut self, release: &str, last: Day, table: AhrqTable, weighted: bool) {
        self.editions.retain(|edition| edition.last != last);
        self.editions.push(Edition { release: release.to_owned(), last, table: Some(table), weighted });
        self.editions.sort_by_key(|edition| edition.last);
    }

    /// The version of a day: that of its fiscal year, where that is not at hand the first after it, because a version has the codes of all years before it, and
    /// of days after all versions the last. On no day (dates are shifted), the latest that was imported, else the one that ships.
    #[inline]
    pub fn of(&self, on: Option<Day>) -> &AhrqTable {
        let table = match on {
            _ if self.editions.len() == 1 => self.editions.last(),
            Some(on) => self.editions.iter().find(|edition| on <= edition.last).or(self.editions.last()),
            None => self.editions.iter().rfind(|edition| edition.table.is_some()),
        };
        table.and_then(|edition| edition.table.as_ref()).unwrap_or_else(|| AhrqTable::shipped())
    }

    /// Which version measures which discharges, in words.
    pub fn words(&self, any_date: bool) -> String {
        if any_date {
            let latest = self.editions.iter().rfind(|edition| edition.table.is_some()).or(self.editions.last());
            return latest.map_or_else(String::new, Edition::words);
        }
        let mut words = String::new();
        for (place, edition) in self.editions.iter().enumerate() {
            match place + 1 < self.editions.len() {
                true => words.push_str(&format!("{} for discharges until {}, ", edition.words(), edition.last)),
                false if place > 0 => words.push_str(&format!("{} for later ones", edition.words())),
                false => words.push_str(&edition.words()),
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discharge_is_measured_by_the_version_of_its_fiscal_year() {
        let day = |text: &str| Day::from_iso(text).expect("a day");
        assert_eq!(SHIPPED_LAST, day("2026-09-30"));
        let mut editions = AhrqEditions::default();
        assert_eq!(editions.words(false), "v2026.1");
        let table = |code| AhrqTable::read([(code, "AIDS")]).expect("a table");
        editions.add("v2025.1", day("2025-09-30"), table("B20"), true);
        editions.add("v2024.1", day("2024-09-30"), table("B20"), true);
        assert_eq!(
            editions.words(false),
            "v2024.1 for discharges until 2024-09-30, v2025.1 for discharges until 2025-09-30, v2026.1 for later ones"
        );
        let codes = |on: Option<&str>| editions.of(on.map(&day)).code_count();
        assert_eq!([Some("2019-01-01"), Some("2025-09-30"), None].map(codes), [1, 1, 1]);
        assert_eq!([Some("2025-10-01"), Some("2028-01-01")].map(codes), [4567, 4567]);
        editions.add("v2026.2", day("2026-09-30"), table("B20"), true);
        assert_eq!(editions.of(Some(day("2026-01-01"))).code_count(), 1, "in the place of the one that ships");
    }
}
