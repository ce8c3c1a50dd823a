//! The statistics of the partition in hand, counted by place: codes by their place on the code index, values of standard lists by theirs. It can only turn into a
//! [`Tally`], which has nothing by place and can be merged.

use crate::{
    codeset::code_index::IndexedCode,
    partition::encounter::{Encounter, PackedCode},
    record::{
        bounded::NOT_STATED,
        cell::Cell,
        code::{CodePlace, CodeSystem},
        long_text::shown,
        vocabulary::Sex,
    },
    statistics::{
        hospital_days::DeathAfterAdmission,
        place::StatisticsPlace,
        tally::{AGE_GROUPS, Dimension, Group, NOT_IN_LIST, Tally, Target, Targets, age_group},
    },
};

/// Places of the values of the dimensions that have standard lists: ages first, and of each list those not stated and not in it last.
struct Listed;

impl Listed {
    const SEX: usize = AGE_GROUPS.len() + 1;
    const DISPOSITION: usize = Listed::SEX + 5;
    const ADMISSION_TYPE: usize = Listed::DISPOSITION + 102;
    const COUNT: usize = Listed::ADMISSION_TYPE + 130;

    /// The dimension and value of a place.
    fn value(place: usize) -> (Dimension, String) {
        let (dimension, values, value): (_, _, fn(usize) -> String) = match place {
            Listed::ADMISSION_TYPE.. => (Dimension::AdmissionType, 128, |kind| char::from(kind as u8).to_string()),
            Listed::DISPOSITION.. => (Dimension::Disposition, 100, |status| format!("{status:02}")),
            Listed::SEX.. => (Dimension::Sex, 3, |sex| ["F", "M", "U"][sex].to_owned()),
            _ => (Dimension::Age, AGE_GROUPS.len(), |age| AGE_GROUPS[age].0.to_owned()),
        };
        let first = match dimension {
            Dimension::AdmissionType => Listed::ADMISSION_TYPE,
            Dimension::Disposition => Listed::DISPOSITION,
            Dimension::Sex => Listed::SEX,
            _ => 0,
        };
        let own = place - first;
        let text = match own.checked_sub(values) {
            None => value(own),
            Some(0) => NOT_STATED.to_owned(),
            Some(_) => NOT_IN_LIST.to_owned(),
        };
        (dimension, text)
    }
}

/// How often a code stands, by its place.
#[derive(Debug, Clone, Copy, Default)]
struct PlacedCount {
    all: Group,
    principal: Group,
}

/// The statistics of one partition while they are counted.
#[derive(Debug, Default)]
pub struct PartitionTally {
    tally: Tally,
    /// Codes, by their place on the code index.
    placed: Vec<PlacedCount>,
    /// The places at which something was counted.
    met: Vec<CodePlace>,
    /// Values of standard lists, by the places of [`Listed`].
    listed: Vec<Group>,
}

impl PartitionTally {
    /// Counts one examined encounter. `targets` are the codes that its own were mapped to.
    pub fn count(&mut self, encounter: &Encounter<'_>, place: StatisticsPlace, targets: Targets<'_>) {
        match place {
            StatisticsPlace::InStatistics => self.tally.places.in_statistics += 1,
            StatisticsPlace::Rejected => self.tally.places.rejected += 1,
            StatisticsPlace::OutsidePeriod => self.tally.places.outside_period += 1,
            StatisticsPlace::Undated => self.tally.places.undated += 1,
            StatisticsPlace::Undecided => self.tally.places.undecided += 1,
        }
        if place != StatisticsPlace::InStatistics {
            return;
        }
        let stay = encounter.length_of_stay();
        let newborn = encounter.is_newborn();
        let died = encounter.died();
        let charges = encounter.total_charges.value().and_then(|cents| u64::try_from(cents).ok());
        let one = Group {
            discharges: 1,
            newborns: u64::from(newborn),
            deaths: u64::from(died),
            stays: u64::from(stay.is_some()),
            days: stay.map_or(0, |days| days as u64),
            newborn_deaths: u64::from(newborn && died),
            newborn_stays: u64::from(newborn && stay.is_some()),
            newborn_days: stay.filter(|_| newborn).map_or(0, |days| days as u64),
            charged: u64::from(charges.is_some()),
            charges: charges.unwrap_or(0),
        };
        self.tally.all.add(one);
        self.tally.weighted.count(encounter);
        if let Some(moment) = encounter.discharge_date.value() {
            self.tally.by_day.entry(moment.day).or_default().add(one);
        } else if let Some(partial) = encounter.partial.discharge {
            self.tally.by_partial_date.entry(partial).or_default().add(one);
        }
        let is_early = died && DeathAfterAdmission::of(encounter) == DeathAfterAdmission::Within48Hours;
        self.tally.deaths_within_48_hours += u64::from(is_early);
        self.tally.stated_stays += u64::from(encounter.stay_is_stated());
        if let Some(days) = stay {
            *(if newborn { &mut self.tally.newborn_stays } else { &mut self.tally.stays }).entry(days).or_default() +=
                1;
        }
        let age_place = encounter.possible_ages().map_or(AGE_GROUPS.len(), certain_age_group);
        let sex = encounter.sex.value().map_or("", |sex| sex.letter());
        self.tally.age_by_sex[age_place][match sex {
            "F" => 0,
            "M" => 1,
            _ => 2,
        }] += 1;
        let (groups, unlisted) = (&mut self.tally.groups, &mut self.tally.unlisted);
        let mut stated = |dimension: Dimension, text: &str, unreadable: bool| {
            let place = dimension as usize;
            if unreadable {
                unlisted[place][1].add(one);
            } else if text.is_empty() {
                unlisted[place][0].add(one);
            } else {
                groups[place].add(&shown(text, || "the records".to_owned()), &one);
            }
        };
        let (payer, age_band) = (encounter.payer, encounter.age_band);
        stated(Dimension::Service, encounter.service, false);
        stated(Dimension::Payer, payer.value().unwrap_or(""), payer.is_unreadable());
        stated(Dimension::Facility, encounter.facility_id, false);
        // Those without are the rest: most exports have no bands.
        if !encounter.age_band_text.is_empty() {
            stated(Dimension::AgeBand, encounter.age_band_text, age_band.is_unreadable());
        }
        if self.listed.is_empty() {
            self.listed.resize(Listed::COUNT, Group::default());
        }
        let sex = match encounter.sex {
            Cell::Value(Sex::Female) => Listed::SEX,
            Cell::Value(Sex::Male) => Listed::SEX + 1,
            Cell::Value(Sex::Unknown) => Listed::SEX + 2,
            Cell::Blank => Listed::SEX + 3,
            Cell::Unreadable => Listed::SEX + 4,
        };
        let status = match encounter.discharge_status {
            Cell::Value(status) => Listed::DISPOSITION + usize::from(status.0.min(99)),
            Cell::Blank => Listed::DISPOSITION + 100,
            Cell::Unreadable => Listed::DISPOSITION + 101,
        };
        let kind = match encounter.admission_type {
            Cell::Value(kind) => Listed::ADMISSION_TYPE + usize::from(kind.0 & 0x7f),
            Cell::Blank => Listed::ADMISSION_TYPE + 128,
            Cell::Unreadable => Listed::ADMISSION_TYPE + 129,
        };
        for place in [age_place, sex, status, kind] {
            self.listed[place].add(one);
        }
        let coded = self.count_codes(encounter, one, targets);
        self.tally.coders.count(encounter, coded);
    }

    /// Counts the codes of one encounter; whether it has a principal diagnosis.
    fn count_codes(&mut self, encounter: &Encounter<'_>, one: Group, targets: Targets<'_>) -> bool {
        if targets.diagnoses.is_empty() && targets.procedures.is_empty() {
            return self.count_placed_codes(encounter, one);
        }
        let mut coded = false;
        let own = |system: Option<CodeSystem>, code: PackedCode| {
            system.filter(|_| !code.is_empty()).map(|system| Target { system, code, further: &[] })
        };
        let diagnosis_at = |place: usize| {
            let diagnosis = &encounter.diagnoses[place];
            targets.diagnoses.get(place).copied().flatten().or_else(|| own(diagnosis.system, diagnosis.code))
        };
        let procedure_at = |place: usize| {
            let procedure = &encounter.procedures[place];
            targets.procedures.get(place).copied().flatten().or_else(|| own(procedure.system, procedure.code))
        };
        for (place, diagnosis) in encounter.diagnoses.iter().enumerate() {
            let Some(target) = diagnosis_at(place) else { continue };
            if diagnosis.position == 1 && !coded {
                coded = true;
                self.tally.principal_diagnoses.entry((target.system, target.code)).or_default().add(one);
            }
            for key in target.keys() {
                // Where nothing is mapped, the codes themselves tell whether one stood before.
                let again = if targets.diagnoses.is_empty() {
                    let earlier = &encounter.diagnoses[..place];
                    earlier.iter().any(|earlier| earlier.code == key.1 && earlier.system == Some(key.0))
                } else {
                    (0..place).filter_map(diagnosis_at).any(|earlier| earlier.keys().any(|known| known == key))
                };
                if !again {
                    self.tally.all_diagnoses.entry(key).or_default().add(one);
                }
            }
        }
        self.tally.uncoded += u64::from(!coded);
        let mut first = true;
        for place in 0..encounter.procedures.len() {
            let Some(target) = procedure_at(place) else { continue };
            if first {
                first = false;
                self.tally.principal_procedures.entry((target.system, target.code)).or_default().add(one);
            }
            for key in target.keys() {
                let again = (0..place).filter_map(procedure_at).any(|earlier| earlier.keys().any(|known| known == key));
                if !again {
                    self.tally.all_procedures.entry(key).or_default().add(one);
                }
            }
        }
        self.tally.with_procedure += u64::from(!first);
        coded
    }

    /// As [`PartitionTally::count_codes`] where nothing is mapped: by the places of the codes, until [`PartitionTally::settle`].
    fn count_placed_codes(&mut self, encounter: &Encounter<'_>, one: Group) -> bool {
        let mut coded = false;
        let diagnoses = encounter.diagnoses;
        for (index, diagnosis) in diagnoses.iter().enumerate() {
            let Some(place) = diagnosis.place.filter(|_| !diagnosis.code.is_empty()) else { continue };
            let again = diagnoses[..index].iter().any(|earlier| earlier.place == diagnosis.place);
            let counted = self.placed(place);
            if diagnosis.position == 1 && !coded {
                coded = true;
                counted.principal.add(one);
            }
            if !again {
                counted.all.add(one);
            }
        }
        self.tally.uncoded += u64::from(!coded);
        let mut first = true;
        let procedures = encounter.procedures;
        for (index, procedure) in procedures.iter().enumerate() {
            let Some(place) = procedure.place.filter(|_| !procedure.code.is_empty()) else { continue };
            let again = procedures[..index].iter().any(|earlier| earlier.place == procedure.place);
            let counted = self.placed(place);
            if std::mem::take(&mut first) {
                counted.principal.add(one);
            }
            if !again {
                counted.all.add(one);
            }
        }
        self.tally.with_procedure += u64::from(!first);
        coded
    }

    /// What is counted of a code that something is now added to.
    #[inline]
    fn placed(&mut self, place: CodePlace) -> &mut PlacedCount {
        if self.placed.len() <= place.index() {
            self.placed.resize((place.index() + 1).next_power_of_two(), PlacedCount::default());
        }
        let counted = &mut self.placed[place.index()];
        if counted.all.discharges == 0 {
            self.met.push(place);
        }
        counted
    }

    /// The tally: what was counted by place is entered under the codes, as the code index has them, and under the values of standard lists. Counting begins anew then.
    pub fn settle(&mut self, code_index: &[IndexedCode]) -> Tally {
        let mut tally = std::mem::take(&mut self.tally);
        for (place, group) in self.listed.iter_mut().map(std::mem::take).enumerate() {
            if group.discharges > 0 {
                let (dimension, value) = Listed::value(place);
                match value.as_str() {
                    NOT_STATED => tally.unlisted[dimension as usize][0].add(group),
                    NOT_IN_LIST => tally.unlisted[dimension as usize][1].add(group),
                    value => tally.groups[dimension as usize].add(value, &group),
                }
            }
        }
        let diagnoses = (&mut tally.all_diagnoses, &mut tally.principal_diagnoses);
        let procedures = (&mut tally.all_procedures, &mut tally.principal_procedures);
        let (mut diagnoses, mut procedures) = (diagnoses, procedures);
        for place in self.met.drain(..) {
            let (met, counted) = (&code_index[place.index()], std::mem::take(&mut self.placed[place.index()]));
            let (all, principal) = if met.system.is_of_procedures() { &mut procedures } else { &mut diagnoses };
            for (counts, group) in [(all, counted.all), (principal, counted.principal)] {
                if group.discharges > 0 {
                    counts.entry((met.system, met.code)).or_default().add(group);
                }
            }
        }
        tally
    }
}

/// The age group of the ages that a record leaves possible; the place behind the groups where they lie in several, or out of range.
pub fn certain_age_group((youngest, oldest): (i32, i32)) -> usize {
    let is_certain = 0 <= youngest && oldest <= 124 && age_group(youngest) == age_group(oldest);
    if is_certain { age_group(youngest) } else { AGE_GROUPS.len() }
}
