//! The measures of random hospitals against a twin that goes through them day by day in plain loops, and against published exercises.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use chartroom::{
    book::value::CellValue,
    record::{date::Day, month::Month},
    statistics::{
        census::Span,
        hospital_days::{DayCounts, FacilityDays},
        measure_base::{FromRegisters, Held, MeasureBase},
        measure_list::MEASURES,
        readmissions::ReadmissionCounts,
    },
};

use crate::{
    command::{chartroom, printed, run_folder},
    shared_folder::say,
    sixty_nights::Chance,
};

const LAYOUT: &str = r#"
title = "Stays"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"] }
sex = "SEX"
admission_type = "TYPE"
point_of_origin = "ORIGIN"
discharge_status = "STATUS"
total_charges = "CHARGES"
diagnosis_code = { columns = "DX{1..2}" }
procedure_code = "PR"
procedure_date = { column = "PRDATE", formats = ["%Y-%m-%d"] }
"#;

/// The registers of events, with their columns as the shipped layouts have them.
const REGISTERS: [(&str, &str, &str); 7] = [
    ("movements", "record_id,facility,moved_at,movement", include_str!("../pipelines/layouts/movements.toml")),
    (
        "autopsies",
        "facility,autopsy_date,patient_type,autopsied,coroner_case",
        include_str!("../pipelines/layouts/autopsies.toml"),
    ),
    (
        "deliveries",
        "facility,delivery_date,caesarean,previous_caesarean",
        include_str!("../pipelines/layouts/deliveries.toml"),
    ),
    ("anaesthetics", "facility,anaesthetic_date,died_of_it", include_str!("../pipelines/layouts/anaesthetics.toml")),
    (
        "infections",
        "facility,infection_date,hospital_acquired,clean_surgical_case",
        include_str!("../pipelines/layouts/infections.toml"),
    ),
    ("consultations", "record_id,facility,consultation_date", include_str!("../pipelines/layouts/consultations.toml")),
    ("bills", "record_id,facility,bill_date", include_str!("../pipelines/layouts/bills.toml")),
];

/// The birth register: the shipped layout with weeks and grams.
const BIRTHS: &str = r#"
title = "Births"
table = "births"
[columns]
facility_id = "facility"
birth_date = { column = "born_on", formats = ["%Y-%m-%d"] }
liveborn = "liveborn"
gestation_weeks = "weeks"
birth_weight_grams = "grams"
"#;

/// A stay as the twin knows it.
#[derive(Clone)]
struct TwinStay {
    number: usize,
    patient: usize,
    facility: usize,
    admitted: Day,
    admitted_at: Option<u16>,
    discharged: Option<Day>,
    discharged_at: Option<u16>,
    newborn: bool,
    status: u8,
    cents: u64,
    kind: Care,
    /// Day of the operation, where one is stated.
    operated: Option<Day>,
    /// First and last day of a leave.
    leave: Option<(Day, Day)>,
    billed: Option<Day>,
}

/// What a stay was for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    Medicine,
    Operation,
    Delivery,
    Caesarean,
    /// Of a mother, before the birth.
    Pregnancy,
}

/// A row of a register of events: facility, day, and what its further columns say.
type EventRow = (usize, Day, Vec<&'static str>);

/// Facilities whose infections are not handed on: the last of three.
const WITHOUT_INFECTIONS: usize = 2;

struct Hospital {
    stays: Vec<TwinStay>,
    /// Facility, unit, first day, beds, bassinets.
    beds: Vec<(usize, char, Day, u64, u64)>,
    facilities: usize,
    month: Month,
    as_of: Day,
    autopsies: Vec<EventRow>,
    deliveries: Vec<EventRow>,
    anaesthetics: Vec<EventRow>,
    infections: Vec<EventRow>,
    births: Vec<EventRow>,
    /// Stay, day.
    consultations: Vec<(usize, Day)>,
}

fn pick(chance: &mut Chance, from: i32, to: i32) -> i32 {
    from + chance.below((to - from + 1) as usize) as i32
}

fn hospital(seed: u64) -> Hospital {
    let mut chance = Chance(0x5EED_1500 + seed * 7919);
    // Februaries of leap years and of others among the months.
    let month =
        Month::parse(["2024-02", "2025-02", "2026-10", "2025-12", "2024-03"][chance.below(5)]).expect("a month");
    let facilities = 1 + chance.below(3);
    let as_of = Day(month.last().0 + [1, 29, 30, 31, 120][chance.below(5)]);
    let patients = 20 + chance.below(80);
    let mut stays = Vec::new();
    for number in 0..60 + chance.below(140) {
        let newborn = chance.one_in(8);
        let admitted = Day(pick(&mut chance, month.first().0 - 420, as_of.0));
        // Most of them near the month.
        let admitted = if chance.one_in(4) { admitted } else { Day(pick(&mut chance, month.first().0 - 40, as_of.0)) };
        let stay = if chance.one_in(6) { 0 } else { pick(&mut chance, 0, 30) };
        let discharged = Day(admitted.0 + stay);
        let gone = discharged <= as_of && !chance.one_in(30);
        let with_times = chance.one_in(2);
        let admitted_at = with_times.then(|| chance.below(1440) as u16);
        let discharged_at = with_times.then(|| {
            let first = admitted_at.filter(|_| stay == 0).unwrap_or(0);
            first + chance.below(1440 - usize::from(first)) as u16
        });
        stays.push(TwinStay {
            number,
            // A newborn is a patient of its own.
            patient: if newborn { 1000 + number } else { chance.below(patients) },
            facility: chance.below(facilities),
            admitted,
            admitted_at,
            discharged: gone.then_some(discharged),
            discharged_at: discharged_at.filter(|_| gone),
            newborn,
            cents: if chance.one_in(9) { 0 } else { chance.below(5_000_000) as u64 },
            kind: match chance.below(9) {
                _ if newborn => Care::Medicine,
                0 | 1 => Care::Operation,
                2 => Care::Delivery,
                3 => Care::Caesarean,
                4 => Care::Pregnancy,
                _ => Care::Medicine,
            },
            operated: (!chance.one_in(8)).then(|| Day(admitted.0 + chance.below(stay as usize + 1) as i32)),
            leave: (gone && !newborn && stay > 5 && chance.one_in(3)).then(|| {
                let from = admitted.0 + 1 + chance.below(stay as usize - 3) as i32;
                (Day(from), Day(from + 1 + chance.below((discharged.0 - from - 1).max(1) as usize) as i32))
            }),
            billed: (gone && !chance.one_in(5)).then(|| Day(discharged.0 + chance.below(25) as i32 - 2)),
            status: if gone { [1, 1, 1, 1, 3, 6, 2, 7, 20, 20, 81, 5, 43][chance.below(13)] } else { 30 },
        });
    }
    let mut beds = Vec::new();
    for facility in 0..facilities {
        for unit in ['A', 'B'] {
            let rows = [Day(month.first().0 - 700), Day(month.first().0 + pick(&mut chance, 0, 27))];
            for from in rows {
                beds.push((facility, unit, from, 2 + chance.below(6) as u64, chance.below(3) as u64));
            }
        }
    }
    // Every register speaks from long before on, with a row of every facility that counts in no month that is asked.
    let long_before = Day(month.first().0 - 650);
    let mut events = |texts: &[&[&'static str]], most: usize, facilities: usize| -> Vec<EventRow> {
        let mut rows: Vec<EventRow> = (0..facilities)
            .map(|facility| (facility, long_before, texts.iter().map(|texts| texts[0]).collect()))
            .collect();
        for _ in 0..most {
            let day = Day(pick(&mut chance, month.first().0 - 400, as_of.0));
            let day = if chance.one_in(2) { day } else { Day(pick(&mut chance, month.first().0 - 40, as_of.0)) };
            let facility = chance.below(facilities);
            rows.push((facility, day, texts.iter().map(|texts| texts[chance.below(texts.len())]).collect()));
        }
        rows
    };
    let flag: &[&str] = &["Y", "N", ""];
    let autopsies = events(&[&["inpatient", "newborn", "fetus", "outpatient", ""], flag, flag], 30, facilities);
    let deliveries = events(&[&["Y", "N", "N"], flag], 40, facilities);
    let anaesthetics = events(&[&["Y", "N", "N", "N", "N", ""]], 60, facilities);
    let infections = events(&[flag, flag], 40, facilities.min(WITHOUT_INFECTIONS));
    let births = events(
        &[&["Y", "Y", "N"], &["", "12", "19", "20", "27", "28", "40", "40"], &["", "500", "501", "1000", "1001"]],
        60,
        facilities,
    );
    let mut consultations: Vec<(usize, Day)> = (0..facilities)
        .filter_map(|facility| stays.iter().find(|stay| stay.facility == facility))
        .map(|stay| (stay.number, long_before))
        .collect();
    for stay in &stays {
        if !chance.one_in(4) {
            continue;
        }
        for _ in 0..1 + chance.below(2) {
            consultations.push((stay.number, Day(stay.admitted.0 + chance.below(6) as i32)));
        }
    }
    Hospital {
        stays,
        beds,
        facilities,
        month,
        as_of,
        autopsies,
        deliveries,
        anaesthetics,
        infections,
        births,
        consultations,
    }
}

impl Hospital {
    fn write(&self, folder: &Path) {
        let moment = |day: Day, at: Option<u16>| match at {
            Some(minute) => format!("{day} {:02}:{:02}", minute / 60, minute % 60),
            None => day.to_string(),
        };
        let mut stays =
            "STAY,PATIENT,FACILITY,ADMITTED,DISCHARGED,SEX,TYPE,ORIGIN,STATUS,CHARGES,DX1,DX2,PR,PRDATE\n".to_owned();
        for stay in &self.stays {
            let discharged = stay.discharged.map_or(String::new(), |day| moment(day, stay.discharged_at));
            let (kind, origin) = if stay.newborn { ("4", "5") } else { ("1", "1") };
            let codes = match stay.kind {
                _ if stay.newborn => "Z3800,,",
                Care::Medicine => "I10,,4A023N7",
                Care::Operation => "K3580,,0DTJ4ZZ",
                Care::Delivery => "O80,Z370,10E0XZZ",
                Care::Caesarean => "O82,Z370,10D00Z1",
                Care::Pregnancy => "O2341,,",
            };
            let operated = stay.operated.filter(|_| stay.kind == Care::Operation);
            let operated = operated.map_or(String::new(), |day| day.to_string());
            let charges = format!("{}.{:02}", stay.cents / 100, stay.cents % 100);
            let TwinStay { number, patient, facility, admitted, admitted_at, status, .. } = stay;
            writeln!(
                stays,
                "S{number},P{patient},F{facility},{},{discharged},F,{kind},{origin},{status:02},{charges},{codes},{operated}",
                moment(*admitted, *admitted_at)
            )
            .expect("written");
        }
        let mut beds = "facility,unit,from,beds,bassinets\n".to_owned();
        for (facility, unit, from, own, bassinets) in &self.beds {
            writeln!(beds, "F{facility},{unit},{from},{own},{bassinets}").expect("written");
        }
        let mut pipeline = format!(
            "title = \"Twin\"\nperiod = \"{}\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n\
             [[ingest]]\nname = \"beds\"\nfiles = \"beds.csv\"\nlayout = \"beds.toml\"\n",
            self.month
        );
        let mut put = |name: &str, header: &str, rows: String, layout: &str| {
            writeln!(pipeline, "[[ingest]]\nname = \"{name}\"\nfiles = \"{name}.csv\"\nlayout = \"{name}.toml\"")
                .expect("written");
            fs::write(folder.join(format!("{name}.csv")), format!("{header}\n{rows}")).expect("written");
            fs::write(folder.join(format!("{name}.toml")), layout).expect("written");
        };
        for (name, header, layout) in REGISTERS {
            let events = |rows: &[EventRow]| -> String {
                rows.iter().map(|(facility, day, texts)| format!("F{facility},{day},{}\n", texts.join(","))).collect()
            };
            let rows = match name {
                "movements" => self.moves(),
                "autopsies" => events(&self.autopsies),
                "deliveries" => events(&self.deliveries),
                "anaesthetics" => events(&self.anaesthetics),
                "infections" => events(&self.infections),
                "consultations" => {
                    let row = |(stay, day): &(usize, Day)| format!("S{stay},F{},{day}\n", self.stays[*stay].facility);
                    self.consultations.iter().map(row).collect()
                }
                _ => {
                    let row = |stay: &TwinStay| Some(format!("S{},F{},{}\n", stay.number, stay.facility, stay.billed?));
                    self.stays.iter().filter_map(row).collect()
                }
            };
            put(name, header, rows, layout);
        }
        let births =
            self.births.iter().map(|(facility, day, texts)| format!("F{facility},{day},{}\n", texts.join(",")));
        put("births", "facility,born_on,liveborn,weeks,grams", births.collect(), BIRTHS);
        pipeline.push_str("[statistics]\nformat = \"text\"\n");
        for (name, text) in [
            ("stays.csv", stays.as_str()),
            ("beds.csv", beds.as_str()),
            ("stays.toml", LAYOUT),
            ("beds.toml", include_str!("../pipelines/layouts/bed-file.toml")),
            ("twin.toml", pipeline.as_str()),
        ] {
            fs::write(folder.join(name), text).expect("written");
        }
    }

    /// Leaves as rows of moves, with their returns.
    fn moves(&self) -> String {
        let mut rows = String::new();
        for stay in &self.stays {
            let Some((from, to)) = stay.leave else { continue };
            let (number, facility) = (stay.number, stay.facility);
            writeln!(rows, "S{number},F{facility},{from} 09:00,leave\nS{number},F{facility},{to} 18:00,return")
                .expect("written");
        }
        rows
    }

    /// The last day on which anything happened.
    fn held(&self) -> Day {
        let days = self.stays.iter().flat_map(|stay| [Some(stay.admitted), stay.discharged]).flatten();
        days.max().expect("stays").min(self.as_of)
    }

    /// The last day that is counted: a few quiet days at the end are held as well.
    fn through(&self) -> Day {
        Day(self.held().0 + 3).min(self.as_of)
    }

    /// What a facility comes to in a month, told day by day; `None` where nothing happened.
    fn part(&self, facility: usize, month: Month) -> Option<TwinPart> {
        let own: Vec<&TwinStay> = self.stays.iter().filter(|stay| stay.facility == facility).collect();
        let (first, last) = (month.first().0, month.last().0.min(self.through().0));
        let is_in = |day: Day| first <= day.0 && day.0 <= last;
        let has_begun = own.iter().any(|stay| stay.discharged.is_some_and(|gone| gone.0 <= last));
        let ends: Vec<Day> = own.iter().filter_map(|stay| stay.discharged).collect();
        let month_of = |day: &Day| Month::of(*day).0;
        let months = ends.iter().map(month_of).max().zip(ends.iter().map(month_of).min());
        let is_small = months.is_none_or(|(last, first)| ends.len() < 5 * (last - first + 1) as usize);
        let goes = own.iter().any(|stay| stay.discharged.is_some_and(is_in));
        let comes = own.iter().any(|stay| is_in(stay.admitted));
        if !(goes || has_begun && comes && is_small) {
            return None;
        }
        let mut part = TwinPart { days: u64::try_from(last - first + 1).expect("days"), ..TwinPart::default() };
        let in_house = |day: i32| {
            let here = |stay: &&&TwinStay| stay.admitted.0 <= day && stay.discharged.is_none_or(|gone| day < gone.0);
            own.iter().filter(here).count() as u64
        };
        for day in first..=last {
            for stay in &own {
                let here = stay.admitted.0 <= day && stay.discharged.is_none_or(|gone| day < gone.0);
                let within = stay.admitted.0 == day && stay.discharged == Some(stay.admitted);
                let away = stay.leave.is_some_and(|(from, to)| from.0 <= day && day < to.0);
                part.service[usize::from(stay.newborn)] += u64::from((here || within) && !away);
            }
            for unit in ['A', 'B'] {
                let rows = self.beds.iter().filter(|row| row.0 == facility && row.1 == unit && row.2.0 <= day);
                if let Some(row) = rows.max_by_key(|row| row.2) {
                    part.bed_days[0] += row.3;
                    part.bed_days[1] += row.4;
                }
            }
        }
        // Whether those who are in the house are among the records.
        let midnights: u64 = (first..=last).map(in_house).sum();
        let mean = midnights as f64 / part.days as f64;
        let anybody = self.stays.iter().any(|stay| stay.discharged.is_none());
        part.knows_house =
            in_house(last) as f64 >= mean / 2.0 || mean < 5.0 && anybody || self.through().0 - last >= 90;
        let begins = ends.iter().min().is_some_and(|begin| begin.0 > first + 6 && begin.0 <= last);
        part.knows_house &= is_small || !begins;
        let gone: Vec<&&TwinStay> = own.iter().filter(|stay| stay.discharged.is_some_and(is_in)).collect();
        let count = |is: &dyn Fn(&TwinStay) -> bool| gone.iter().filter(|stay| is(stay)).count() as u64;
        let early = |stay: &TwinStay| {
            let nights = stay.discharged.expect("gone").0 - stay.admitted.0;
            stay.status == 20
                && match (stay.admitted_at, stay.discharged_at) {
                    (Some(from), Some(to)) => nights * 1440 + i32::from(to) - i32::from(from) < 2880,
                    _ => nights < 2,
                }
        };
        for newborn in [false, true] {
            let of = |stay: &&&&TwinStay| stay.newborn == newborn;
            let at = usize::from(newborn);
            part.gone[at] = count(&|stay| stay.newborn == newborn);
            part.admitted[at] =
                own.iter().filter(|stay| stay.newborn == newborn && is_in(stay.admitted)).count() as u64;
            let days = |stay: &&&TwinStay| (stay.discharged.expect("gone").0 - stay.admitted.0).max(1) as u64;
            part.stay_days[at] = gone.iter().filter(of).map(days).sum();
        }
        (part.deaths, part.early) = (count(&|stay| stay.status == 20), count(&early));
        part.newborn_deaths = count(&|stay| stay.newborn && stay.status == 20);
        part.operated[0] = count(&|stay| stay.kind == Care::Operation);
        let soon =
            |stay: &TwinStay| stay.operated.is_some_and(|operated| stay.discharged.expect("gone").0 - operated.0 <= 10);
        part.operated[1] = count(&|stay| stay.kind == Care::Operation && stay.status == 20 && soon(stay));
        let of_mother = |stay: &TwinStay| matches!(stay.kind, Care::Delivery | Care::Caesarean | Care::Pregnancy);
        part.obstetric = [count(&of_mother), count(&|stay| of_mother(stay) && stay.status == 20)];
        // Of what was discharged before the month of the first bill nothing is known: it counts as billed.
        let first_bill = own.iter().filter_map(|stay| stay.billed).min().map(|day| Month::of(day).first());
        for stay in own.iter().filter(|stay| stay.discharged.is_some_and(|gone| gone.0 <= last)) {
            let gone = stay.discharged.expect("gone");
            part.charges += if is_in(gone) { stay.cents } else { 0 };
            let is_before = stay.billed.is_none() && first_bill.is_some_and(|first| gone < first);
            if !is_before && stay.billed.is_none_or(|billed| billed.0 > last) {
                part.unbilled[0] += 1;
                part.unbilled[1] += stay.cents;
            }
        }
        let rows = |rows: &[EventRow], is: &dyn Fn(&[&str]) -> bool| -> u64 {
            // What is there twice, word for word, counts once.
            let mut own: Vec<&EventRow> = rows.iter().filter(|row| row.0 == facility && is_in(row.1)).collect();
            own.sort();
            own.dedup();
            own.iter().filter(|row| is(&row.2)).count() as u64
        };
        let autopsied =
            |of: &'static [&'static str]| rows(&self.autopsies, &move |row| of.contains(&row[0]) && row[1] != "N");
        part.autopsies = autopsied(&["inpatient", "", "newborn"]);
        part.autopsies_of = [autopsied(&["newborn"]), autopsied(&["fetus"]), autopsied(&["outpatient"])];
        part.to_coroner = rows(&self.autopsies, &|row| {
            ["inpatient", "", "newborn"].contains(&row[0]) && row[1] == "N" && row[2] == "Y"
        });
        part.bodies = rows(&self.autopsies, &|row| row[0] == "outpatient" && !(row[1] == "N" && row[2] == "Y"));
        part.deliveries = [rows(&self.deliveries, &|_| true), rows(&self.deliveries, &|row| row[0] == "Y")];
        part.first_sections = [
            rows(&self.deliveries, &|row| row[1] == "N"),
            rows(&self.deliveries, &|row| row[1] == "N" && row[0] == "Y"),
        ];
        part.anaesthetics = [rows(&self.anaesthetics, &|_| true), rows(&self.anaesthetics, &|row| row[0] == "Y")];
        let infections = [
            rows(&self.infections, &|row| row[0] != "N"),
            rows(&self.infections, &|row| row[0] != "N" && row[1] == "Y"),
        ];
        part.infections = (facility < WITHOUT_INFECTIONS).then_some(infections);
        let weeks = |row: &[&str]| row[1].parse::<u32>().ok();
        let grams = |row: &[&str]| row[2].parse::<u32>().ok();
        part.births = rows(&self.births, &|row| row[0] == "Y");
        part.fetal = rows(&self.births, &|row| {
            row[0] == "N" && weeks(row).map_or(grams(row).is_some_and(|grams| grams > 500), |weeks| weeks >= 20)
        });
        part.undated = rows(&self.births, &|row| row[0] == "N" && weeks(row).is_none() && grams(row).is_none());
        let mut consulted: BTreeMap<usize, Day> = BTreeMap::new();
        for (stay, day) in self.consultations.iter().filter(|(stay, _)| self.stays[*stay].facility == facility) {
            consulted.entry(*stay).and_modify(|first| *first = day.min(first).to_owned()).or_insert(*day);
        }
        part.consulted = consulted.values().filter(|day| is_in(**day)).count() as u64;
        let whole = self.held().0 - i32::from(self.held() == self.as_of);
        let next = month.back(-1);
        let in_next = ends.iter().any(|end| Month::of(*end) == next);
        let last_event = own.iter().flat_map(|stay| [Some(stay.admitted), stay.discharged]).flatten().max();
        let stops = last_event.is_none_or(|event| event.0 + 6 < month.last().0 + 30);
        let lacks = !is_small && (stops || !in_next);
        part.returns = (month.last().0 + 30 <= whole && !lacks).then(|| self.returns(&gone));
        Some(part)
    }

    /// The measures of a month, of one facility or of all.
    fn measures(&self, of: Option<usize>, month: Month) -> BTreeMap<&'static str, String> {
        let facilities = (0..self.facilities).filter(|facility| of.is_none_or(|of| of == *facility));
        let parts: Vec<TwinPart> = facilities.filter_map(|facility| self.part(facility, month)).collect();
        let mut told = BTreeMap::new();
        let Some(days) = parts.first().map(|part| part.days) else { return told };
        let sum = |of: &dyn Fn(&TwinPart) -> u64| parts.iter().map(of).sum::<u64>();
        let two = |of: fn(&TwinPart) -> [u64; 2]| [sum(&|part| of(part)[0]), sum(&|part| of(part)[1])];
        let (gone, admitted, service) = (two(|part| part.gone), two(|part| part.admitted), two(|part| part.service));
        let (beds, stay_days) = (two(|part| part.bed_days), two(|part| part.stay_days));
        let (deaths, early) = (sum(&|part| part.deaths), sum(&|part| part.early));
        let knows = parts.iter().all(|part| part.knows_house);
        let mut tell = |name: &'static str, text: String| told.insert(name, text);
        let of_house = |text: String| if knows { text } else { "[x]".to_owned() };
        tell("Admissions, adults and children", admitted[0].to_string());
        tell("Admissions, newborns", admitted[1].to_string());
        tell("Discharges, adults and children", gone[0].to_string());
        tell("Discharges, newborns", gone[1].to_string());
        tell("Average stay, days, adults and children", rounded(stay_days[0], gone[0], 1, 2));
        tell("Average stay, days, newborns", rounded(stay_days[1], gone[1], 1, 2));
        tell("Inpatient service days, adults and children", of_house(service[0].to_string()));
        tell("Inpatient service days, newborns", of_house(service[1].to_string()));
        tell("Average daily census, adults and children", of_house(rounded(service[0], days, 1, 1)));
        tell("Average daily census, newborns", of_house(rounded(service[1], days, 1, 1)));
        tell("Occupancy of beds, %", of_house(rounded(service[0], beds[0], 100, 1)));
        tell("Occupancy of bassinets, %", of_house(rounded(service[1], beds[1], 100, 1)));
        tell("Bed turnover, direct", rounded(gone[0] * days, beds[0], 1, 2));
        tell("Bed turnover, indirect", of_house(rounded(service[0] * days * gone[0], beds[0] * stay_days[0], 1, 2)));
        let interval = if service[0] <= beds[0] {
            rounded(beds[0] - service[0], gone[0], 1, 2)
        } else {
            let text = rounded(service[0] - beds[0], gone[0], 1, 2);
            if text == "[z]" || text == "0.00" { text } else { format!("-{text}") }
        };
        tell("Turnover interval, days", of_house(interval));
        tell("Deaths", deaths.to_string());
        tell("Gross death rate, %", rounded(deaths, gone[0] + gone[1], 100, 2));
        tell("Net death rate, %", rounded(deaths - early, gone[0] + gone[1] - early, 100, 2));
        tell("Newborn death rate, %", rounded(sum(&|part| part.newborn_deaths), gone[1], 100, 2));
        let returns: Option<Vec<(u64, u64, u64)>> = parts.iter().map(|part| part.returns).collect();
        let of_returns = |of: fn(&(u64, u64, u64)) -> u64| match &returns {
            Some(returns) => {
                let index = returns.iter().map(|(index, ..)| index).sum();
                rounded(returns.iter().map(of).sum(), index, 100, 1)
            }
            None => "[x]".to_owned(),
        };
        tell("Readmitted within 30 days, %", of_returns(|(_, back, _)| *back));
        tell("Readmitted to the same facility within 30 days, %", of_returns(|(.., same)| *same));
        let all_gone = gone[0] + gone[1];
        let percent = |above: u64, below: u64, decimals: u32| rounded(above, below, 100, decimals);
        let (operated, obstetric) = (two(|part| part.operated), two(|part| part.obstetric));
        tell("Postoperative death rate, %", percent(operated[1], operated[0], 2));
        tell("Maternal death rate, %", percent(obstetric[1], obstetric[0], 2));
        let anaesthetics = two(|part| part.anaesthetics);
        tell("Anaesthesia death rate, %", percent(anaesthetics[1], anaesthetics[0], 2));
        let (fetal, births) = (sum(&|part| part.fetal), sum(&|part| part.births));
        // A fetal death without weeks and grams is of no known kind.
        let undated = sum(&|part| part.undated) > 0;
        let of_fetal = |text: String| if undated { "[x]".to_owned() } else { text };
        tell("Fetal death rate, %", of_fetal(percent(fetal, births + fetal, 2)));
        let (autopsies, to_coroner) = (sum(&|part| part.autopsies), sum(&|part| part.to_coroner));
        let of = |at: usize| sum(&|part| part.autopsies_of[at]);
        let available = deaths.saturating_sub(to_coroner);
        tell("Autopsies of inpatients", autopsies.to_string());
        tell("Gross autopsy rate, %", percent(autopsies, deaths, 1));
        tell("Net autopsy rate, %", percent(autopsies, available, 1));
        tell("Adjusted hospital autopsy rate, %", percent(autopsies + of(2), available + sum(&|part| part.bodies), 1));
        tell("Newborn autopsy rate, %", percent(of(0), sum(&|part| part.newborn_deaths), 1));
        tell("Fetal autopsy rate, %", of_fetal(percent(of(1), fetal, 1)));
        let (deliveries, first_sections) = (two(|part| part.deliveries), two(|part| part.first_sections));
        tell("Deliveries", deliveries[0].to_string());
        tell("Caesarean sections, %", percent(deliveries[1], deliveries[0], 1));
        tell("First caesarean sections, %", percent(first_sections[1], first_sections[0], 1));
        let infections: Option<Vec<[u64; 2]>> = parts.iter().map(|part| part.infections).collect();
        let of_infections = |at: usize, below: u64| match &infections {
            Some(infections) => percent(infections.iter().map(|own| own[at]).sum(), below, 2),
            None => "[x]".to_owned(),
        };
        tell("Infections acquired in the hospital, %", of_infections(0, all_gone));
        tell("Postoperative infections, %", of_infections(1, operated[0]));
        tell("Consultation rate, %", percent(sum(&|part| part.consulted), all_gone, 1));
        let (charges, unbilled) = (sum(&|part| part.charges), two(|part| part.unbilled));
        tell("Discharged, not final billed, at the end", unbilled[0].to_string());
        if charges > 0 {
            tell("Charges a discharge", rounded(charges, all_gone * 100, 1, 2));
            tell("Discharged, not final billed, days of charges", rounded(unbilled[1] * days, charges, 1, 1));
        }
        told
    }

    /// What would be expected of the month's patients by the rates of the 24 months before. All of them are of one sex and of no known age, come as emergencies, and have no
    /// condition of Charlson's: they are one stratum.
    fn expected(&self) -> Vec<(&'static str, String)> {
        let held = self.held();
        let between = |first: Day, last: Day| -> Vec<&TwinStay> {
            let is_in = |day: Day| first <= day && day <= last && day <= held;
            self.stays.iter().filter(|stay| !stay.newborn && stay.discharged.is_some_and(is_in)).collect()
        };
        let own = between(self.month.first(), self.month.last());
        let reference = between(self.month.back(24).first(), self.month.back(1).last());
        if own.is_empty() || reference.is_empty() {
            return Vec::new();
        }
        let deaths = |stays: &[&TwinStay]| stays.iter().filter(|stay| stay.status == 20).count() as u64;
        let days = |stays: &[&TwinStay]| -> u64 {
            let of = |stay: &&TwinStay| (stay.discharged.expect("gone").0 - stay.admitted.0).max(1) as u64;
            stays.iter().map(of).sum()
        };
        let (count, of) = (own.len() as u64, reference.len() as u64);
        vec![
            ("Discharges, deaths", count.to_string()),
            ("Deaths, observed", deaths(&own).to_string()),
            ("Deaths, expected", rounded(count * deaths(&reference), of, 1, 2)),
            ("Days of stay, observed", days(&own).to_string()),
            ("Days of stay, expected", ((2 * count * days(&reference) + of) / (2 * of)).to_string()),
            ("Observed to expected, days of stay", rounded(days(&own) * of, count * days(&reference), 1, 2)),
        ]
    }

    /// Index discharges among some stays, those readmitted, and those readmitted where they were.
    fn returns(&self, gone: &[&&TwinStay]) -> (u64, u64, u64) {
        let (mut index, mut back, mut same) = (0, 0, 0);
        for stay in gone {
            let left = stay.discharged.expect("gone");
            // In the order of days, the longest of one first; facility, number as written.
            let end = |other: &TwinStay| other.discharged.map_or(i32::MAX, |day| day.0);
            let key = |other: &TwinStay| {
                (other.admitted, -i64::from(end(other)), format!("F{}", other.facility), format!("S{}", other.number))
            };
            let others = || self.stays.iter().filter(|other| other.patient == stay.patient);
            let lies_within =
                others().any(|other| key(other) < key(stay) && stay.admitted.0 < end(other) && left.0 <= end(other));
            let mut later: Vec<&TwinStay> =
                others().filter(|other| key(other) > key(stay) && other.admitted >= left).collect();
            later.sort_by_key(|other| key(other));
            let next = later.first().map(|next| (next.admitted.0 - left.0, next.facility == stay.facility));
            let goes_on = matches!(next, Some((0, _)) | Some((1, false)));
            if lies_within || stay.newborn || goes_on || [20, 2, 5, 43, 7, 81].contains(&stay.status) {
                continue;
            }
            index += 1;
            if let Some((days, is_same)) = next.filter(|(days, _)| *days <= 30) {
                assert!(days >= 1 || is_same);
                back += 1;
                same += u64::from(is_same);
            }
        }
        (index, back, same)
    }
}

/// What a facility comes to in a month; of two figures, the first is of adults and children, the second of newborns.
#[derive(Default)]
struct TwinPart {
    days: u64,
    admitted: [u64; 2],
    gone: [u64; 2],
    stay_days: [u64; 2],
    service: [u64; 2],
    bed_days: [u64; 2],
    knows_house: bool,
    deaths: u64,
    early: u64,
    newborn_deaths: u64,
    /// Operated on; died within ten days.
    operated: [u64; 2],
    /// Obstetric patients; of them died.
    obstetric: [u64; 2],
    charges: u64,
    /// Accounts without a final bill at the end; their charges.
    unbilled: [u64; 2],
    autopsies: u64,
    /// Of newborns, fetuses, other patients.
    autopsies_of: [u64; 3],
    to_coroner: u64,
    bodies: u64,
    /// Deliveries; by caesarean section.
    deliveries: [u64; 2],
    /// Deliveries of women without a section before; by caesarean section.
    first_sections: [u64; 2],
    /// Anaesthetics; deaths of them.
    anaesthetics: [u64; 2],
    /// Acquired in the hospital; after clean operations. `None`: not handed on.
    infections: Option<[u64; 2]>,
    births: u64,
    fetal: u64,
    undated: u64,
    consulted: u64,
    /// Index discharges, readmitted, readmitted where they were; `None`: thirty days after the month are not held.
    returns: Option<(u64, u64, u64)>,
}

/// A quotient rounded half up, as print has it.
fn rounded(numerator: u64, denominator: u64, times: u64, decimals: u32) -> String {
    if denominator == 0 {
        return "[z]".to_owned();
    }
    let unit = 10u64.pow(decimals);
    let scaled = (2 * numerator * times * unit + denominator) / (2 * denominator);
    format!("{}.{:0width$}", scaled / unit, scaled % unit, width = decimals as usize)
}

#[test]
fn the_measures_of_two_hundred_hospitals_are_those_that_a_twin_tells_day_by_day() {
    let (mut held, mut unknown) = (0, 0);
    for seed in 0..200 {
        let work = tempfile::tempdir().expect("a folder");
        let hospital = hospital(seed);
        hospital.write(work.path());
        let output = chartroom(work.path()).args(["run", "twin.toml", "--as-of", &hospital.as_of.to_string()]).output();
        let (account, errors, code) = printed(&output.expect("the program starts"));
        assert_eq!((errors.as_str(), code), ("", 0), "hospital {seed}: {account}");
        let mut figures: BTreeMap<(String, String, String), String> = BTreeMap::new();
        let file = run_folder(&work.path().join("out")).join("data/figures.csv");
        for row in csv::Reader::from_path(file).expect("figures").records() {
            let row = row.expect("a row");
            if ["Measures", "Facilities", "Expected"].contains(&&row[0]) {
                figures.insert((row[1].to_owned(), row[2].to_owned(), row[3].to_owned()), row[4].to_owned());
            }
        }
        let label = |month: Month| {
            let text = Span { first: month.first(), last: month.last() }.label();
            let is_over = month != hospital.month || month.last() <= hospital.through();
            if is_over { text } else { format!("{text} through {}", hospital.through()) }
        };
        for month in [hospital.month, hospital.month.back(1), hospital.month.back(12)] {
            for (name, value) in hospital.measures(None, month) {
                let figure = figures.get(&("measures".to_owned(), format!("{} / {name}", group(name)), label(month)));
                unknown += usize::from(value == "[x]");
                assert_eq!(figure, Some(&value), "{name} of {month}, hospital {seed}");
                held += 1;
            }
        }
        for (heading, value) in hospital.expected() {
            let figure = figures.get(&("expected".to_owned(), "All facilities".to_owned(), heading.to_owned()));
            assert_eq!(figure, Some(&value), "{heading}, hospital {seed}");
            held += 1;
        }
        if hospital.facilities == 1 {
            continue;
        }
        for facility in 0..hospital.facilities {
            let told = hospital.measures(Some(facility), hospital.month);
            for name in [
                "Average daily census, adults and children",
                "Occupancy of beds, %",
                "Average stay, days, adults and children",
                "Gross death rate, %",
                "Net death rate, %",
                "Readmitted within 30 days, %",
            ] {
                let row = ("measures_by_facility".to_owned(), format!("F{facility}"), name.to_owned());
                if let Some((figure, value)) = figures.get(&row).zip(told.get(name)) {
                    unknown += usize::from(value == "[x]");
                    assert_eq!(figure, value, "{name} of facility {facility}, hospital {seed}");
                    held += 1;
                }
            }
        }
    }
    say(&format!("200 hospitals: {held} figures are those of the twin, {unknown} of them not available"));
    assert!(held > 9_000 && unknown * 4 < held, "{held} {unknown}");
}

fn group(name: &str) -> &'static str {
    MEASURES.iter().find(|measure| measure.name == name).expect("a measure").group
}

/// A facility of which one day has all that happened in a span.
fn exercise(first: &str, last: &str, beds: u64, service_days: u64, counts: DayCounts) -> MeasureBase {
    let span = Span { first: Day::from_iso(first).expect("a day"), last: Day::from_iso(last).expect("a day") };
    let mut facility = FacilityDays { in_house: [1, 0], ..FacilityDays::default() };
    facility.days.insert(span.first, counts);
    let registers = FromRegisters { bed_days: Some([beds * span.days(), 0]), ..FromRegisters::default() };
    let held = Held { through: Day(span.last.0 + 60), whole: Day(span.last.0 + 60), has_open_stays: true };
    let mut base = MeasureBase::of(&facility, span, registers, Ok(ReadmissionCounts::default()), held);
    // The exercises state the service days; here they are not counted from stays.
    base.service_days = Ok([service_days, 0]);
    base
}

fn printed_measure(base: &MeasureBase, name: &str) -> String {
    let measure = MEASURES.iter().find(|measure| measure.name == name).expect("a measure");
    match measure.figure(base) {
        CellValue::Ratio(ratio) => ratio.text(),
        other => format!("{other:?}"),
    }
}

/// Published exercises of Horton's book: a hospital of 577 beds in 2005, and one of 600 beds in 2008, a leap year, whose occupancy is over 100 %.
#[test]
fn published_exercises_come_out_to_the_printed_digit() {
    let of_2005 = DayCounts {
        discharged: [15_846, 0],
        not_admitted: [15_846, 0],
        died: [497, 0],
        stays: [15_846, 0],
        stay_days: [136_540, 0],
        ..DayCounts::default()
    };
    let base = exercise("2005-01-01", "2005-12-31", 577, 136_995, of_2005);
    for (name, printed) in [
        // 3.136, 8.617, 65.048, 27.463 and 27.554 in the book.
        ("Gross death rate, %", "3.14"),
        ("Average stay, days, adults and children", "8.62"),
        ("Occupancy of beds, %", "65.0"),
        ("Bed turnover, direct", "27.46"),
        ("Bed turnover, indirect", "27.55"),
    ] {
        assert_eq!(printed_measure(&base, name), printed, "{name}");
    }
    let of_2008 = DayCounts { discharged: [19_833, 0], not_admitted: [19_833, 0], ..DayCounts::default() };
    let base = exercise("2008-01-01", "2008-12-31", 600, 236_832, of_2008);
    assert_eq!(printed_measure(&base, "Average daily census, adults and children"), "647.1");
    assert_eq!(printed_measure(&base, "Occupancy of beds, %"), "107.8");
    let occupancy = MEASURES.iter().find(|measure| measure.name == "Occupancy of beds, %").expect("a measure");
    assert!(occupancy.remark(&base).starts_with("over 100 %"));
    // 120 beds for ten days and 132 for twenty are 3,840 bed count days.
    let mut changing = exercise("2026-11-01", "2026-11-30", 0, 3_250, of_2008);
    changing.bed_days = Ok([3_840, 0]);
    assert_eq!(printed_measure(&changing, "Occupancy of beds, %"), "84.6");
}
