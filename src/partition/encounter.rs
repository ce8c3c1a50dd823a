//! Typed encounters: what the desks examine.

use serde::{Deserialize, Serialize};

use crate::{
    partition::category_prefilter::CategoryPrefilter,
    record::{
        age_band::{AgeBand, OLDEST},
        cell::Cell,
        code::{CodePlace, CodeSystem, CodeVerdict, Judgement},
        date::{Day, Moment},
        diagnosis_kinds::DiagnosisKinds,
        editor_flags::EditorFlags,
        field::Field,
        finding::Origin,
        partial_date::{PartialDate, PartialDates},
        scientific::is_scientific,
        subject::Subject,
        vocabulary::{AdmissionType, DischargeStatus, PointOfOrigin, PresentOnAdmission, Sex},
    },
    rows::{
        row::Row,
        slot::{Feed, StayCounts},
    },
};

/// The most columns that a patient's name may stand in.
pub const NAME_PARTS: usize = 3;

/// One encounter (discharge abstract or visit) with everything that hangs on it.
///
/// Texts are slices of the partition; blank texts are empty. A field that the encounter's own row leaves blank is filled from the patient's row.
#[derive(Debug, Clone)]
pub struct Encounter<'a> {
    /// The row of the encounter itself.
    pub row: Row<'a>,
    /// The patient's row, where a patients feed has one.
    pub patient: Option<Row<'a>>,
    /// The feeds of the run; with the rows, the way back to raw values.
    pub feeds: &'a [Feed],
    /// How many other rows bear the same encounter number with other content.
    pub same_number: u16,
    /// Another record of its number may be the newest version as well, so that neither is in the statistics.
    pub undecided: bool,
    /// Whether the run has the patients, whole, but no row for this one.
    pub patient_unknown: bool,
    /// Whether the patients feed has several rows of this patient with other content; the first in the order of content is used.
    pub patient_repeated: bool,
    /// What the patient's row states otherwise than the encounter's own.
    pub patient_differs: PatientDiffers,
    /// The facility's own number of the encounter.
    pub encounter_id: &'a str,
    /// The facility's number of the patient.
    pub patient_id: &'a str,
    /// Number under which the chart is filed.
    pub medical_record_number: &'a str,
    /// The patient's name as written, in one part or several (the family name first); compared, never shown.
    pub patient_name: [&'a str; NAME_PARTS],
    /// Social security number as written.
    pub social_security_number: &'a str,
    /// The reporting facility.
    pub facility_id: &'a str,
    /// Inpatient, outpatient, ...
    pub encounter_class: &'a str,
    /// Hospital service at discharge.
    pub service: &'a str,
    /// Admission.
    pub admission_date: Cell<Moment>,
    /// Discharge.
    pub discharge_date: Cell<Moment>,
    /// Birth.
    pub birth_date: Cell<Day>,
    /// Death.
    pub death_date: Cell<Moment>,
    /// Whether the patient died during the stay.
    pub death_flag: Cell<bool>,
    /// Age in completed years at admission as stated.
    pub stated_age: Cell<i32>,
    /// The stated age in days, where the layout says that it is in days.
    pub stated_age_days: Option<i32>,
    /// Age in completed years at admission: from the birth date, else as stated, else from the reference age. Made once, because many rules ask it.
    pub age: Option<i32>,
    /// Age band as the export has it.
    pub age_band_text: &'a str,
    /// Age band.
    pub age_band: Cell<AgeBand>,
    /// First and last age in completed years at admission that the record leaves possible; see [`Encounter::possible_ages`].
    pub ages: Option<(i32, i32)>,
    /// Age in the reference year.
    pub reference_age: Cell<i32>,
    /// The reference year.
    pub reference_year: Cell<i32>,
    /// Sex.
    pub sex: Cell<Sex>,
    /// Race.
    pub race: &'a str,
    /// Ethnicity.
    pub ethnicity: &'a str,
    /// ZIP code as written.
    pub zip_code: &'a str,
    /// State of residence.
    pub state: &'a str,
    /// County of residence.
    pub county: &'a str,
    /// Payer; `Unreadable` where the layout's list does not have it.
    pub payer: Cell<&'a str>,
    /// Type of admission.
    pub admission_type: Cell<AdmissionType>,
    /// Point of origin.
    pub point_of_origin: Cell<PointOfOrigin>,
    /// Patient discharge status.
    pub discharge_status: Cell<DischargeStatus>,
    /// MS-DRG as stated.
    pub diagnosis_related_group: &'a str,
    /// Total charges in cents.
    pub total_charges: Cell<i64>,
    /// Birth weight in grams.
    pub birth_weight_grams: Cell<i32>,
    /// Length of stay in days as stated.
    pub stated_length_of_stay: Cell<i32>,
    /// How the export counts it.
    pub stay_counts: StayCounts,
    /// What is known of dates of which the day is not stated; the dates themselves are blank then.
    pub partial: PartialDates,
    /// Whether a readmission is planned, as the export says beside the discharge status.
    pub planned_readmission: Cell<bool>,
    /// NPI of the attending practitioner as written.
    pub attending_npi: &'a str,
    /// The attending practitioner.
    pub attending_name: &'a str,
    /// NPI of the operating practitioner as written.
    pub operating_npi: &'a str,
    /// The patient's employer.
    pub employer_name: &'a str,
    /// The coder.
    pub coder: &'a str,
    /// The weight of a survey's record, as it is written.
    pub weight: &'a str,
    /// When coding was completed.
    pub coded_date: Cell<Moment>,
    /// Admitting diagnosis as written; empty where it is zeros alone.
    pub admitting_diagnosis: &'a str,
    /// The admitting diagnosis as a code.
    pub admitting: Admitting,
    /// Texts that are in no list.
    pub unlisted: Unlisted,
    /// The tens of categories of its diagnoses.
    pub tens: CategoryPrefilter,
    /// What its diagnoses speak of, all together.
    pub kinds: DiagnosisKinds,
    /// What the Medicare Code Editor's tables say of those of its diagnoses that are in force, all together.
    pub editor_flags: EditorFlags,
    /// Whether every diagnosis has a code of ICD that is in force on the day of discharge.
    pub all_in_force: bool,
    /// Diagnoses by position; gaps in the positions of a wide row show in [`Diagnosis::position`].
    pub diagnoses: &'a [Diagnosis<'a>],
    /// Procedures by position.
    pub procedures: &'a [Procedure<'a>],
    /// Documents by type, event and number.
    pub documents: &'a [Document<'a>],
}

/// The admitting diagnosis as a code: judged like the others, and counted nowhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Admitting {
    /// Packed code; see [`Diagnosis::code`].
    pub code: PackedCode,
    /// A dot stands elsewhere than the system has it.
    pub dot_misplaced: bool,
    /// The verdict on the day the pipeline judges on; `None` where there is none, or the record is of a system that does not ship.
    pub judgement: Option<Judgement>,
}

/// Words that neither the layout's own list nor, where it states none, the usual one has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unlisted {
    /// Race.
    pub race: bool,
    /// Ethnicity.
    pub ethnicity: bool,
}

/// Facts that the patient's row states otherwise than the encounter's own row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatientDiffers {
    /// Sex.
    pub sex: bool,
    /// Birth date.
    pub birth_date: bool,
}

/// One diagnosis.
#[derive(Debug, Clone, Copy)]
pub struct Diagnosis<'a> {
    /// Where it stood: the encounter's own row, or its own in a long export.
    pub origin: Origin,
    /// 1-based position; 1 is the principal diagnosis. 0 where a long export gives none or gives no number.
    pub position: u16,
    /// A long export states a sequence, and it is no number from 1 on.
    pub sequence_unreadable: bool,
    /// The code as written, after the repairs that the layout asks for; missing only where the position has a present-on-admission mark alone.
    pub raw: &'a str,
    /// Packed code of the system: upper case, no dot, blanks around it removed, zero padded; empty where malformed or blank.
    pub code: PackedCode,
    /// The code as the export wrote it had dots, lower case or blanks to be removed.
    pub normalised: bool,
    /// Leading zeros of an ICD-9-CM code were restored.
    pub zeros_restored: bool,
    /// A dot stands elsewhere than the system has it.
    pub dot_misplaced: bool,
    /// What the layout says that the column lost or was filled with.
    pub repairs: CodeRepairs,
    /// The system it was judged under; `None` where the revision names no shipped system (SNOMED CT).
    pub system: Option<CodeSystem>,
    /// The revision as written, where it names no ICD: another system, or nothing that is one.
    pub other_system: &'a str,
    /// The verdict where it is of another system; see [`crate::codeset::other_systems`].
    pub other_verdict: Option<CodeVerdict>,
    /// The verdict on the day the pipeline judges on; `None` where there is no system.
    pub judgement: Option<Judgement>,
    /// Its place among the codes of the partition; `None` where it is blank or of a system that does not ship.
    pub place: Option<CodePlace>,
    /// What the code speaks of; nothing until it is judged.
    pub kinds: DiagnosisKinds,
    /// Present on admission.
    pub present_on_admission: Cell<PresentOnAdmission>,
    /// The export's own words.
    pub text: &'a str,
}

impl Diagnosis<'_> {
    /// The judgement on a code of ICD that is in force on the day.
    #[inline]
    pub fn in_force(&self) -> Option<Judgement> {
        self.judgement.filter(|judgement| judgement.verdict == CodeVerdict::Valid)
    }
}

/// What a layout says of a column of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeRepairs {
    /// It lost leading zeros, and they are to be given back.
    pub zeros_lost: bool,
    /// An `X` on the right is filler.
    pub x_is_filler: bool,
}

/// One procedure.
#[derive(Debug, Clone, Copy)]
pub struct Procedure<'a> {
    /// Where it stood.
    pub origin: Origin,
    /// 1-based position; 1 is the principal procedure.
    pub position: u16,
    /// The code as written.
    pub raw: &'a str,
    /// Packed code; see [`Diagnosis::code`].
    pub code: PackedCode,
    /// The code needed dots, lower case or blanks removed.
    pub normalised: bool,
    /// Leading zeros of an ICD-9-CM code were restored.
    pub zeros_restored: bool,
    /// A dot stands elsewhere than the system has it.
    pub dot_misplaced: bool,
    /// What the layout says that the column lost or was filled with.
    pub repairs: CodeRepairs,
    /// The system it was judged under.
    pub system: Option<CodeSystem>,
    /// The revision as written, where it names no ICD: another system, or nothing that is one.
    pub other_system: &'a str,
    /// The verdict where it is of another system.
    pub other_verdict: Option<CodeVerdict>,
    /// The verdict.
    pub judgement: Option<Judgement>,
    /// Its place among the codes of the partition, as of a diagnosis.
    pub place: Option<CodePlace>,
    /// When it was performed.
    pub date: Cell<Moment>,
    /// NPI of the surgeon as written.
    pub surgeon_npi: &'a str,
    /// The export's own words.
    pub text: &'a str,
}

/// One document of the chart index.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Where it stood.
    pub origin: Origin,
    /// Number of the document.
    pub document_id: &'a str,
    /// Kind, after the layout's translation: `history_and_physical`, `discharge_summary`, ...
    pub document_type: &'a str,
    /// Clinician responsible.
    pub author: &'a str,
    /// Clinician who must countersign.
    pub cosigner: &'a str,
    /// When the event it tells of took place.
    pub event_date: Cell<Moment>,
    /// When it was dictated or written.
    pub dictated_at: Cell<Moment>,
    /// When it was transcribed.
    pub transcribed_at: Cell<Moment>,
    /// When its author signed it.
    pub signed_at: Cell<Moment>,
    /// When it was countersigned.
    pub cosigned_at: Cell<Moment>,
    /// Length of its text in characters; 0 is a blank form.
    pub character_count: Cell<i64>,
}

/// A code of at most seven characters in eight bytes, zero padded: equal codes are equal numbers, and order is the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct PackedCode(pub [u8; 8]);

impl PackedCode {
    /// Packs a normalised code; `None` where it is longer than seven characters.
    #[inline]
    pub fn new(code: &[u8]) -> Option<PackedCode> {
        if code.len() > 7 {
            return None;
        }
        let mut bytes = [0; 8];
        bytes[..code.len()].copy_from_slice(code);
        Some(PackedCode(bytes))
    }

    /// The code as text.
    #[inline]
    pub fn text(&self) -> &str {
        let length = 8 - self.number().trailing_zeros() as usize / 8;
        std::str::from_utf8(&self.0[..length]).unwrap_or("")
    }

    /// The code as a number: equal for equal codes, in the order of the text.
    #[inline]
    pub fn number(&self) -> u64 {
        u64::from_be_bytes(self.0)
    }

    /// Whether there is no code.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0[0] == 0
    }
}

/// A row that hangs on no encounter of the run.
#[derive(Debug, Clone, Copy)]
pub struct Orphan<'a> {
    /// The table it is of.
    pub table: crate::record::field::CanonicalTable,
    /// The encounter number it names.
    pub encounter_id: &'a str,
    /// The facility it names, where numbers are each facility's own.
    pub facility_id: &'a str,
    /// Where it stood.
    pub origin: Origin,
    /// Fingerprint of its row.
    pub content: u64,
    /// It hangs on none because its number has more rows than a stay can have.
    pub is_beyond: bool,
}

impl<'a> Encounter<'a> {
    /// Where the encounter's own row stood.
    pub fn origin(&self) -> Origin {
        self.row.origin()
    }

    /// What a finding on it speaks of.
    pub fn subject(&self) -> Subject {
        Subject::Encounter {
            facility_id: self.facility_id.into(),
            encounter_id: self.encounter_id.into(),
            unnumbered: self.unnumbered(),
        }
    }

    /// The fingerprint of the row, where it states no number: blank, or given by the row's place in its file.
    pub fn unnumbered(&self) -> Option<u64> {
        let by_place = self.feeds.get(usize::from(self.row.feed())).is_some_and(|feed| feed.numbered_by_place);
        (by_place || self.encounter_id.is_empty()).then(|| self.row.fingerprint())
    }

    /// The raw text of a field of the encounter's own row, or else of the patient's; empty where blank. `position` is 0-based.
    pub fn raw(&self, field: Field, position: u8) -> &'a str {
        self.raw_and_origin(field, position).0
    }

    /// The raw text of a field with the place where it stood: the encounter's own row, or the patient's.
    pub fn raw_and_origin(&self, field: Field, position: u8) -> (&'a str, Origin) {
        let in_row = |row: Row<'a>| {
            let feed = &self.feeds[usize::from(row.feed())];
            let found = row.cells().find_map(|(slot, text)| {
                let slot = feed.slots.get(usize::from(slot))?;
                (slot.field == field && slot.position == position).then(|| std::str::from_utf8(text).unwrap_or(""))
            });
            found.map(|text| (text, row.origin()))
        };
        in_row(self.row).or_else(|| self.patient.and_then(in_row)).unwrap_or(("", self.origin()))
    }

    /// The patient's number as far as it names one patient: empty where there is none, or a spreadsheet has cut its digits (4.56E+09), so that many share it.
    #[inline]
    pub fn patient_number(&self) -> &'a str {
        if is_scientific(self.patient_id.as_bytes()) { "" } else { self.patient_id }
    }

    /// Age in completed years at admission; see [`Encounter::age`].
    #[inline]
    pub fn age_years(&self) -> Option<i32> {
        self.age
    }

    /// First and last age in completed years at admission that the record leaves possible: the age, or the bounds of its band, or of a birth of which the
    /// month or the year alone is known. What is asked of an age is certain where it holds for both and all between.
    #[inline]
    pub fn possible_ages(&self) -> Option<(i32, i32)> {
        self.ages
    }

    /// What [`Encounter::ages`] is, from the other fields.
    pub fn ages_at_admission(&self) -> Option<(i32, i32)> {
        if let Some(age) = self.age {
            return Some((age, age));
        }
        if let Some(band) = self.age_band.value() {
            return Some((band.low, band.high));
        }
        let admitted = self.admission_date.value()?.day;
        let birth = self.partial.birth?;
        let (low, high) = (admitted.completed_years_since(birth.last()), admitted.completed_years_since(birth.first()));
        (high >= 0).then_some((low.max(0), high))
    }

    /// What [`Encounter::age`] is, from the other fields.
    pub fn age_at_admission(&self) -> Option<i32> {
        let admitted = self.admission_date.value().map(|moment| moment.day);
        let from_birth =
            admitted.zip(self.birth_date.value()).map(|(admitted, birth)| admitted.completed_years_since(birth));
        if let Some(age @ 0..=OLDEST) = from_birth {
            return Some(age);
        }
        // A birth date that cannot be leaves the stated age standing.
        if let Some(age @ 0..=OLDEST) = self.stated_age.value() {
            return Some(age);
        }
        if let Some(age) = from_birth {
            return Some(age).filter(|age| *age >= 0);
        }
        let year = admitted?.ymd().0;
        Some(self.reference_age.value()? + year - self.reference_year.value()?).filter(|age| *age >= 0)
    }

    /// Length of stay in days by the convention of hospital statistics: discharge day minus admission day, a same-day stay counting 1. Where the two days are
    /// not both known it is the stay that the export states. `None` where neither is known or the discharge is before the admission.
    pub fn length_of_stay(&self) -> Option<i32> {
        match self.nights() {
            Some(nights) => (nights >= 0).then_some(nights.max(1)),
            None => self.stated_stay(),
        }
    }

    /// The length of stay from the two dates alone.
    pub fn computed_stay(&self) -> Option<i32> {
        self.nights().filter(|nights| *nights >= 0).map(|nights| nights.max(1))
    }

    /// The length of stay from the two dates, counted as the export counts the stays that it states.
    pub fn computed_stay_as_stated(&self) -> Option<i32> {
        match self.stay_counts {
            StayCounts::Exclusive => self.computed_stay(),
            StayCounts::Inclusive => self.nights().filter(|nights| *nights >= 0).map(|nights| nights + 1),
        }
    }

    /// The stated length of stay by the convention of hospital statistics: where the export counts the day of discharge, one day less, and at least 1.
    pub fn stated_stay(&self) -> Option<i32> {
        self.stated_nights().map(|nights| nights.max(1))
    }

    /// Midnights of the stay: 0 where it begins and ends on one day, from the dates or else as stated.
    pub fn midnights(&self) -> Option<i32> {
        self.nights().or_else(|| self.stated_nights())
    }

    /// Whether the length of stay is the stated one, because the dates do not give it.
    pub fn stay_is_stated(&self) -> bool {
        self.nights().is_none() && self.stated_nights().is_some()
    }

    fn nights(&self) -> Option<i32> {
        Some(self.discharge_date.value()?.day.0 - self.admission_date.value()?.day.0)
    }

    fn stated_nights(&self) -> Option<i32> {
        let stated = self.stated_length_of_stay.value().filter(|days| *days >= 0)?;
        Some(match self.stay_counts {
            StayCounts::Exclusive => stated,
            StayCounts::Inclusive => (stated - 1).max(0),
        })
    }

    /// The day of discharge; where the month alone is known, its first day. For what changes on the first of a month at most: lists of codes, edits, months.
    pub fn discharge_day_or_month(&self) -> Option<Day> {
        let month = || self.partial.discharge.filter(|partial| partial.month.is_some()).map(PartialDate::first);
        self.discharge_date.value().map(|moment| moment.day).or_else(month)
    }

    /// Whether the stay ended in death: by discharge status where one is given, else by the death flag, else by a death date on the day of discharge
    /// or between admission and discharge.
    pub fn died(&self) -> bool {
        if let Some(status) = self.discharge_status.value() {
            return status.is_death();
        }
        if let Some(flag) = self.death_flag.value() {
            return flag;
        }
        match (self.death_date.value(), self.admission_date.value(), self.discharge_date.value()) {
            (Some(death), Some(admission), Some(discharge)) => admission.day <= death.day && death.day <= discharge.day,
            _ => false,
        }
    }

    /// The principal diagnosis: the one at position 1.
    pub fn principal_diagnosis(&self) -> Option<&'a Diagnosis<'a>> {
        self.diagnoses.iter().find(|diagnosis| diagnosis.position == 1)
    }

    /// Whether the record is an inpatient's: the class says so, in any case, or the export has no classes.
    #[inline]
    pub fn is_inpatient(&self) -> bool {
        /// The one word of a class that something turns on.
        const INPATIENT: &str = "inpatient";
        let class = self.encounter_class;
        class.is_empty() || class.len() == INPATIENT.len() && class.eq_ignore_ascii_case(INPATIENT)
    }

    /// Newborn by the convention of hospital statistics: liveborn in this hospital (type of admission 4, not born outside).
    pub fn is_newborn(&self) -> bool {
        let discharged = self.discharge_date.value().map(|moment| moment.day);
        self.admission_type.value() == Some(AdmissionType::NEWBORN)
            && self.point_of_origin.value().is_none_or(|origin| !origin.is_born_outside(discharged))
    }
}
