//! Holds the figures of a run against the facility's own twelve months before, and practitioners against each other. Pure and whole-numbered.
//!
//! Which statement of a month counts: of a month in the run's period the run's own; of another month the one with the most discharges, of the run, of what
//! earlier runs remembered and of the files that the pipeline names, because an export may hold a month in part.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facility_months::{FacilityMonths, MonthCounts, Quotient},
    figure::{Figure, FigureTrend, TrendVerdict},
    limits::{ONE, Series, rate},
    measure::{TrendMeasure, Unit},
    settings::{DEVIATIONS_OF_VOLUME, Limits, TrendSettings},
    tally::{NameCounts, TrendTally},
};
use crate::record::{date::Day, month::Month, period::Period};

/// Months of a history.
const YEAR: i32 = 12;

/// What is known beside the run.
#[derive(Debug, Clone, Copy)]
pub struct KnownMonths<'k> {
    /// What earlier runs of the pipeline remembered.
    pub remembered: &'k FacilityMonths,
    /// What the pipeline's own files state.
    pub stated: &'k FacilityMonths,
    /// Period of the run.
    pub period: Option<&'k Period>,
    /// The day the run speaks of.
    pub business_date: Day,
}

/// The figures of a run, judged.
#[derive(Debug, Clone, Default)]
pub struct Trends {
    /// The figures, by facility, month and measure.
    pub figures: Vec<Figure>,
    /// Coders and practitioners who are not judged, because they or all others have too few cases, by measure.
    pub few_cases: BTreeMap<TrendMeasure, u64>,
    /// By facility: the months that were judged and those of their histories, with the counts that were taken.
    pub months: BTreeMap<String, BTreeMap<Month, MonthCounts>>,
}

/// Whether a month lies wholly in the period; without one, every month does.
fn covers(period: Option<&Period>, month: Month) -> bool {
    period.is_none_or(|period| period.first <= month.first() && month.last() <= period.last)
}

/// Judges the figures of a run.
pub fn judge(run: &TrendTally, known: &KnownMonths<'_>, settings: &TrendSettings) -> Trends {
    let judging = Judging { run, known, settings, told_months: told_months(run, known) };
    let newest = Month::of(known.business_date);
    let span = known.period.map(|period| (Month::of(period.first), Month::of(period.last).min(newest)));
    let mut facilities: BTreeSet<&str> = run.months.0.keys().map(String::as_str).collect();
    if known.period.is_some() {
        // A facility that sent nothing is told by its history.
        facilities.extend(known.remembered.0.keys().chain(known.stated.0.keys()).map(String::as_str));
    }
    let mut trends = Trends::default();
    for facility in facilities {
        for month in judging.months_of(facility, span, newest) {
            judging.month(facility, month, &mut trends);
        }
        for (measure, names, limits) in [
            (TrendMeasure::CoderDiagnosesPerCase, run.coders.get(facility), settings.coders),
            (TrendMeasure::AttendingDiagnosesPerCase, run.attendings.get(facility), settings.attendings),
        ] {
            let Some(names) = names else { continue };
            judging.names((facility, measure), names, limits, &mut trends);
        }
    }
    trends
}

/// Brings what a run counted into what is remembered: of a month in the period the run's own, of another month where the run shows no fewer discharges.
/// Months after the business date are not remembered.
pub fn remember(remembered: &mut FacilityMonths, run: &FacilityMonths, period: Option<&Period>, business_date: Day) {
    let newest = Month::of(business_date);
    for (facility, months) in &run.0 {
        let own = remembered.0.entry(facility.clone()).or_default();
        for (month, counts) in months.iter().filter(|(month, _)| **month <= newest) {
            let replaces = period.is_some() && covers(period, *month)
                || own.get(month).is_none_or(|known| known.discharges <= counts.discharges);
            if replaces {
                own.insert(*month, counts.clone());
            }
        }
    }
}

/// The months of which at least half of the facilities have discharges. A facility that has none in such a month had none; a month that nobody has is not known.
fn told_months(run: &TrendTally, known: &KnownMonths<'_>) -> BTreeSet<Month> {
    let mut by_month: BTreeMap<Month, BTreeSet<&str>> = BTreeMap::new();
    let mut facilities = BTreeSet::new();
    for (facility, months) in [&run.months, known.remembered, known.stated].into_iter().flat_map(|months| &months.0) {
        for (month, _) in months.iter().filter(|(_, counts)| counts.discharges > 0) {
            facilities.insert(facility.as_str());
            by_month.entry(*month).or_default().insert(facility);
        }
    }
    by_month.retain(|_, own| own.len() * 2 >= facilities.len());
    by_month.into_keys().collect()
}

struct Judging<'j> {
    run: &'j TrendTally,
    known: &'j KnownMonths<'j>,
    settings: &'j TrendSettings,
    /// See [`told_months`].
    told_months: BTreeSet<Month>,
}

impl<'j> Judging<'j> {
    /// The statement of a month of the history that counts.
    fn chosen(&self, facility: &str, month: Month) -> Option<&'j MonthCounts> {
        let own = self.run.months.get(facility, month);
        if own.is_some() && self.known.period.is_some() && covers(self.known.period, month) {
            return own;
        }
        let others = [self.known.remembered, self.known.stated].map(|months| months.get(facility, month));
        // The first of those with the most.
        let all = [own, others[0], others[1]].into_iter().flatten().filter(|counts| counts.discharges > 0);
        all.reduce(|most, other| if other.discharges > most.discharges { other } else { most })
    }

    /// The months of a facility that may be judged: its own, and where there is a period those that have a history. Other months have no figure, and a
    /// facility is not asked for each month of all others.
    fn months_of(&self, facility: &str, span: Option<(Month, Month)>, newest: Month) -> BTreeSet<Month> {
        let own = self.run.months.0.get(facility).into_iter().flat_map(BTreeMap::keys).copied();
        let Some((first, last)) = span else { return own.filter(|month| *month <= newest).collect() };
        let told = [&self.run.months, self.known.remembered, self.known.stated];
        let told = told.into_iter().filter_map(|months| months.0.get(facility)).flat_map(BTreeMap::keys);
        let mut months: BTreeSet<Month> = BTreeSet::new();
        for month in told {
            let (from, to) = (month.0.max(first.0), (month.0 + YEAR).min(last.0));
            months.extend((from..=to).map(Month));
        }
        months
    }

    fn month(&self, facility: &str, month: Month, trends: &mut Trends) {
        let history: Vec<(Month, &MonthCounts)> = (1..=YEAR)
            .rev()
            .map(|back| month.back(back))
            .filter_map(|month| Some((month, self.chosen(facility, month)?)))
            .collect();
        let whole = self.whole(month);
        let own = self.run.months.get(facility, month);
        if own.is_none() && (self.known.period.is_none() || history.is_empty() || whole.is_err()) {
            return;
        }
        let none = MonthCounts::default();
        let own = own.unwrap_or(&none);
        let shown = trends.months.entry(facility.to_owned()).or_default();
        shown.extend(history.iter().map(|(month, counts)| (*month, (*counts).clone())));
        shown.insert(month, own.clone());
        // Without a period it is not said that the run has all of the month.
        let remembered = self.known.remembered.get(facility, month).map_or(0, |counts| counts.discharges);
        let in_part = self.known.period.is_none() && remembered > own.discharges;
        let figures = &mut trends.figures;
        let begin = figures.len();
        let volumes = self.volumes(month, &history);
        let history: Vec<&MonthCounts> = history.into_iter().map(|(_, counts)| counts).collect();
        if own.discharges > 0 {
            figures.extend((0..TrendMeasure::RATES.len()).map(|place| self.rate(place, own, &history)));
        }
        figures.push(self.discharges(own, &volumes, whole));
        if own.discharges > 0 {
            self.services(own, &history, whole, figures);
        }
        for figure in &mut figures[begin..] {
            facility.clone_into(&mut figure.facility);
            figure.month = Some(month);
            if in_part {
                figure.verdict = TrendVerdict::NotApplicable;
                figure.trend = None;
                "an earlier run showed more of the month".clone_into(&mut figure.why);
            }
        }
    }

    /// The discharges of the months before, with 0 for a month that the facilities are known of and this one, known before, is not.
    fn volumes(&self, month: Month, history: &[(Month, &MonthCounts)]) -> Vec<u64> {
        let Some((first, _)) = history.first() else { return Vec::new() };
        let known =
            |month: Month| history.iter().find(|(known, _)| *known == month).map(|(_, counts)| counts.discharges);
        let months = (first.0..month.0).map(Month);
        months.filter_map(|month| known(month).or_else(|| self.told_months.contains(&month).then_some(0))).collect()
    }

    /// Whether the run can have all of a month; else why not.
    fn whole(&self, month: Month) -> Result<(), &'static str> {
        if month.last() >= self.known.business_date {
            Err("the month is not over")
        } else if covers(self.known.period, month) {
            Ok(())
        } else {
            Err("the period has not all of the month")
        }
    }

    fn few_months(&self, months: usize) -> Option<String> {
        let least = self.settings.least_months;
        ((months as u64) < least)
            .then(|| format!("{months} of the twelve months before known with enough cases, fewer than {least}"))
    }

    fn rate(&self, place: usize, own: &MonthCounts, history: &[&MonthCounts]) -> Figure {
        let measure = TrendMeasure::RATES[place];
        let quotient = own.rates[place];
        let least = self.settings.least_cases;
        let figure = figure(measure, quotient.numerator, quotient.denominator);
        let enough: Vec<Quotient> =
            history.iter().map(|month| month.rates[place]).filter(|quotient| quotient.denominator >= least).collect();
        let (months, cases) = sum(enough.iter().map(|quotient| quotient.denominator));
        if quotient.denominator == 0 {
            return not_applicable(figure, "no cases, or the export does not have it".to_owned());
        }
        if quotient.denominator < least {
            let what = if measure == TrendMeasure::PresentOnAdmissionUnknown { "diagnoses" } else { "cases" };
            return not_applicable(figure, format!("fewer than {least} {what}"));
        }
        if let Some(why) = self.few_months(enough.len()) {
            return not_applicable(figure, why);
        }
        // Half a month is left to chance, and to what is discharged in it: a run in the middle of a month is no alarm.
        if quotient.denominator * months * 2 < cases {
            return not_applicable(figure, "fewer than half the cases of a mean month before".to_owned());
        }
        let rates = enough.iter().map(|quotient| rate(quotient.numerator, quotient.denominator));
        let unit = measure.unit();
        let series = Series::of(rates).for_cases(quotient.denominator, cases, unit);
        let limits = self.settings.rates[place];
        let [warning, critical] = [limits.warning, limits.critical].map(|limit| limit.predicted_from(series.count()));
        let value = rate(quotient.numerator, quotient.denominator);
        let is_worth = series.is_worth(value, quotient.denominator, least, unit);
        let verdict = worst(series.is_beyond(value, critical) && is_worth, series.is_beyond(value, warning));
        let bounds = |reach: i128| {
            let most = if unit == Unit::Percent { ONE } else { i128::MAX };
            Some(((series.mean() - reach).max(0), (series.mean() + reach).min(most)))
        };
        let trend = FigureTrend {
            months: series.count(),
            mean: series.mean(),
            warning: bounds(series.reach(warning)),
            critical: bounds(series.reach(critical).max(series.reach_of_worth(quotient.denominator, least, unit))),
        };
        Figure { trend: Some(trend), verdict, ..figure }
    }

    /// An implausible month lies beyond the critical share of the mean, beyond three standard deviations of the months, and by more discharges than a month must
    /// have below the lowest or above the highest of them: what a facility had within the year is no error, and a few discharges are none.
    fn discharges(&self, own: &MonthCounts, history: &[u64], whole: Result<(), &str>) -> Figure {
        let figure = figure(TrendMeasure::Discharges, own.discharges, 1);
        if let Err(why) = whole {
            return not_applicable(figure, why.to_owned());
        }
        if let Some(why) = self.few_months(history.len()) {
            return not_applicable(figure, why);
        }
        let (months, sum) = sum(history.iter().copied());
        let least = self.settings.least_cases;
        if sum < months * least {
            return not_applicable(figure, format!("a mean of fewer than {least} discharges a month"));
        }
        // n / (sum / months) against a share in thousandths of a percent.
        let share = u128::from(own.discharges) * u128::from(months) * 100_000;
        let of_mean = |part: u64| u128::from(sum) * u128::from(part);
        let is_beyond = |(low, high): (u64, u64)| share < of_mean(low) || share > of_mean(high);
        let limits = self.settings.discharges;
        let limit = |part: u64| (i128::from(sum) * i128::from(part) * 20 / i128::from(months) + 1) / 2;
        let bounds = |(low, high): (u64, u64)| (limit(low), limit(high));
        let millionths = |count: u64| i128::from(count) * ONE;
        let series = Series::of(history.iter().map(|count| millionths(*count)));
        let (lowest, highest) = (history.iter().min().copied(), history.iter().max().copied());
        let range = (lowest.unwrap_or(0).checked_sub(least), highest.unwrap_or(0) + least);
        let reach = series.reach(DEVIATIONS_OF_VOLUME);
        let is_out_of_range = range.0.is_some_and(|low| own.discharges < low) || own.discharges > range.1;
        let is_implausible = is_beyond(limits.critical)
            && series.is_beyond(millionths(own.discharges), DEVIATIONS_OF_VOLUME)
            && is_out_of_range;
        let critical = bounds(limits.critical);
        let low = critical.0.min(series.mean() - reach).min(range.0.map_or(0, millionths)).max(0);
        let high = critical.1.max(series.mean() + reach).max(millionths(range.1));
        let trend = FigureTrend {
            months,
            mean: rate(sum, months),
            warning: Some(bounds(limits.warning)),
            critical: Some((low, high)),
        };
        let verdict = worst(is_implausible, is_beyond(limits.warning));
        Figure { trend: Some(trend), verdict, ..figure }
    }

    fn services(
        &self,
        own: &MonthCounts,
        history: &[&MonthCounts],
        whole: Result<(), &str>,
        figures: &mut Vec<Figure>,
    ) {
        // A month that states no services says nothing of them.
        let history: Vec<&&MonthCounts> = history.iter().filter(|month| !month.services.is_empty()).collect();
        // Also those that are new: what a run puts out is another run's history.
        let with_own = history.iter().flat_map(|month| month.services.keys()).chain(own.services.keys());
        let names: BTreeSet<&String> = with_own.collect();
        let limits = self.settings.service_discharges;
        for service in names {
            let count = |month: &MonthCounts| month.services.get(service).copied().unwrap_or(0);
            let figure = Figure { of: service.clone(), ..figure(TrendMeasure::ServiceDischarges, count(own), 1) };
            let with = history.iter().filter(|month| count(month) > 0).count();
            let (months, sum) = sum(history.iter().map(|month| count(month)));
            let (in_every, in_nearly_every) = (with == history.len(), with + 1 >= history.len());
            let why = if let Err(why) = whole {
                Some(why.to_owned())
            } else if own.services.is_empty() {
                Some("the export does not have it".to_owned())
            } else if let Some(why) = self.few_months(history.len()) {
                Some(why)
            } else if !in_nearly_every {
                Some("the service had no discharges in more than one of the months before".to_owned())
            } else if sum < months * limits.warning_mean {
                Some(format!("a mean of fewer than {} discharges a month", limits.warning_mean))
            } else {
                None
            };
            figures.push(match why {
                Some(why) => not_applicable(figure, why),
                None => {
                    let none = figure.numerator == 0;
                    let critical = none && in_every && sum >= months * limits.critical_mean;
                    let trend = FigureTrend { months, mean: rate(sum, months), warning: None, critical: None };
                    Figure { trend: Some(trend), verdict: worst(critical, none), ..figure }
                }
            });
        }
    }

    fn names(
        &self,
        (facility, measure): (&str, TrendMeasure),
        names: &NameCounts,
        limits: Limits,
        trends: &mut Trends,
    ) {
        let mut judged = 0;
        let least = self.settings.least_cases;
        for (name, spread) in names.with_cases(least) {
            let others = names.all.without(spread);
            if others.cases < least {
                continue;
            }
            let figure = Figure {
                facility: facility.to_owned(),
                of: name.to_owned(),
                ..figure(measure, spread.codes, spread.cases)
            };
            let mean = rate(others.codes, others.cases);
            let bounds = |reach: i128| Some(((mean - reach).max(0), mean + reach));
            let trend = FigureTrend {
                months: 0,
                mean,
                warning: bounds(spread.reach(&others, limits.warning)),
                critical: bounds(spread.reach(&others, limits.critical)),
            };
            let verdict = worst(spread.is_beyond(&others, limits.critical), spread.is_beyond(&others, limits.warning));
            trends.figures.push(Figure { trend: Some(trend), verdict, ..figure });
            judged += 1;
        }
        *trends.few_cases.entry(measure).or_default() += names.count() - judged;
    }
}

fn figure(measure: TrendMeasure, numerator: u64, denominator: u64) -> Figure {
    Figure {
        facility: String::new(),
        month: None,
        measure,
        of: String::new(),
        numerator,
        denominator,
        trend: None,
        verdict: TrendVerdict::NotApplicable,
        why: String::new(),
    }
}

fn not_applicable(figure: Figure, why: String) -> Figure {
    Figure { why, ..figure }
}

fn worst(critical: bool, warning: bool) -> TrendVerdict {
    match (critical, warning) {
        (true, _) => TrendVerdict::Critical,
        (false, true) => TrendVerdict::Warning,
        (false, false) => TrendVerdict::Within,
    }
}

/// How many counts, and their sum.
fn sum(counts: impl Iterator<Item = u64>) -> (u64, u64) {
    counts.fold((0, 0), |(number, sum), count| (number + 1, sum + count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).expect("a month")
    }

    /// Months with so many discharges of one facility, ending with the last.
    fn months(last: &str, discharges: &[u64]) -> FacilityMonths {
        let mut months = FacilityMonths::default();
        for (back, count) in discharges.iter().rev().enumerate() {
            let counts = MonthCounts { discharges: *count, ..MonthCounts::default() };
            months.0.entry("0042".to_owned()).or_default().insert(month(last).back(back as i32), counts);
        }
        months
    }

    /// The discharges judged: month, verdict, why, months of the history.
    fn judged(
        run: &FacilityMonths,
        remembered: &FacilityMonths,
        stated: &FacilityMonths,
        period: &str,
        on: &str,
    ) -> Vec<(String, TrendVerdict, String, u64)> {
        let tally = TrendTally { months: run.clone(), ..TrendTally::default() };
        let period = Period::parse(period).ok();
        let business_date = Day::from_iso(on).expect("a day");
        let known = KnownMonths { remembered, stated, period: period.as_ref(), business_date };
        let figures = judge(&tally, &known, &TrendSettings::default()).figures;
        let volumes = figures.into_iter().filter(|figure| figure.measure == TrendMeasure::Discharges);
        volumes
            .map(|figure| {
                let months = figure.trend.map_or(0, |trend| trend.months);
                (figure.month.map_or(String::new(), |month| month.to_string()), figure.verdict, figure.why, months)
            })
            .collect()
    }

    fn line(month: &str, verdict: TrendVerdict, why: &str, months: u64) -> (String, TrendVerdict, String, u64) {
        (month.to_owned(), verdict, why.to_owned(), months)
    }

    #[test]
    fn the_history_is_the_twelve_months_before_and_of_each_the_statement_with_the_most_discharges() {
        let none = FacilityMonths::default();
        let run = months("2026-10", &[3, 200]);
        // Thirteen months are remembered, 100 a month in part; the stated ones have 200. With the 3 of the run's September the month would be seven times the mean.
        let remembered = months("2026-09", &[100; 13]);
        let stated = months("2026-09", &[200; 12]);
        let of = |stated| judged(&run, &remembered, stated, "2026-10", "2026-11-01");
        assert_eq!(of(&stated), [line("2026-10", TrendVerdict::Within, "", 12)]);
        assert_eq!(of(&none), [line("2026-10", TrendVerdict::Critical, "", 12)], "200 of 100");
        // Months that lie farther back are no history.
        let old = months("2025-09", &[200; 12]);
        let few = "1 of the twelve months before known with enough cases, fewer than 6";
        let found = judged(&run, &old, &none, "2026-10", "2026-11-01");
        assert_eq!(found, [line("2026-10", TrendVerdict::NotApplicable, few, 0)]);
    }

    #[test]
    fn a_month_of_the_period_is_the_run_s_own_also_as_history() {
        // A quarter whose July is corrected from 400 to 40: August is held to 40, with five months of 40 before it.
        let run = months("2026-09", &[40, 40, 40]);
        let remembered = months("2026-07", &[40, 40, 40, 40, 40, 400]);
        let found = judged(&run, &remembered, &FacilityMonths::default(), "2026-Q3", "2026-10-01");
        assert_eq!(
            found[1..],
            [line("2026-08", TrendVerdict::Within, "", 6), line("2026-09", TrendVerdict::Within, "", 7)]
        );
    }

    #[test]
    fn stragglers_are_no_month_without_a_period_and_a_week_is_none_with_one() {
        let none = FacilityMonths::default();
        let remembered = months("2026-10", &[40; 12]);
        let late = months("2026-10", &[3]);
        let part = "an earlier run showed more of the month";
        let found = judged(&late, &remembered, &none, "", "2026-12-01");
        assert_eq!(found, [line("2026-10", TrendVerdict::NotApplicable, part, 0)]);
        let found = judged(&late, &remembered, &none, "2026-10-05..2026-10-11", "2026-12-01");
        let why = "the period has not all of the month";
        assert_eq!(found, [line("2026-10", TrendVerdict::NotApplicable, why, 0)]);
        assert_eq!(judged(&late, &remembered, &none, "2026-10", "2026-12-01")[0].1, TrendVerdict::Critical);
        // A coming month is not judged, and a facility without discharges and history does not stand there.
        assert!(judged(&months("2026-12", &[40]), &none, &none, "2026", "2026-11-30").is_empty());
    }

    #[test]
    fn half_a_month_is_not_judged_by_its_quotients() {
        let place = TrendMeasure::RATES.iter().position(|rate| *rate == TrendMeasure::StatusHome).expect("a rate");
        let with = |mut months: FacilityMonths, numerator: u64| {
            for counts in months.0.values_mut().flat_map(BTreeMap::values_mut) {
                counts.rates[place] = Quotient { numerator, denominator: counts.discharges };
            }
            months
        };
        let remembered = with(months("2026-09", &[100; 12]), 70);
        let verdict = |cases: u64, home: u64| {
            let tally = TrendTally { months: with(months("2026-10", &[cases]), home), ..TrendTally::default() };
            let business_date = Day::from_iso("2026-10-15").expect("a day");
            let stated = &FacilityMonths::default();
            let known = KnownMonths { remembered: &remembered, stated, period: None, business_date };
            let figures = judge(&tally, &known, &TrendSettings::default()).figures;
            let figure =
                figures.into_iter().find(|figure| figure.measure == TrendMeasure::StatusHome).expect("a figure");
            (figure.verdict, figure.why)
        };
        let why = "fewer than half the cases of a mean month before".to_owned();
        assert_eq!(verdict(49, 0), (TrendVerdict::NotApplicable, why));
        // A history without spread: chance decides. Its deviation is the root of 0.7 x 0.3 / 50, 6.48 points, and two count as 2.346 with twelve months: 15.2.
        assert_eq!(verdict(50, 28), (TrendVerdict::Within, String::new()));
        assert_eq!(verdict(50, 27), (TrendVerdict::Warning, String::new()));
        // Three count as 4.008: 26.0 points. But 35 are expected, and an error differs by more than thirty.
        assert_eq!(verdict(50, 5), (TrendVerdict::Warning, String::new()));
        assert_eq!(verdict(50, 4), (TrendVerdict::Critical, String::new()));
    }

    #[test]
    fn the_limits_of_the_volume_are_kept_by_what_lies_on_them() {
        // A mean of 201.5: 95 % are 191.425, 120 % 241.8, 60 % 120.9, 190 % 382.85.
        let remembered = months("2026-09", &[200, 203, 200, 203, 201, 202]);
        let none = FacilityMonths::default();
        let verdict = |count| judged(&months("2026-10", &[count]), &remembered, &none, "2026-10", "2026-11-01")[0].1;
        for (count, expected) in [
            (120, TrendVerdict::Critical),
            (121, TrendVerdict::Warning),
            (191, TrendVerdict::Warning),
            (192, TrendVerdict::Within),
            (241, TrendVerdict::Within),
            (242, TrendVerdict::Warning),
            (382, TrendVerdict::Warning),
            (383, TrendVerdict::Critical),
        ] {
            assert_eq!(verdict(count), expected, "{count}");
        }
    }

    #[test]
    fn what_a_facility_had_within_the_year_is_no_error_and_a_few_discharges_are_none() {
        let none = FacilityMonths::default();
        let verdict = |history: &[u64], count| {
            judged(&months("2026-10", &[count]), &months("2026-09", history), &none, "2026-10", "2026-11-01")[0].1
        };
        // Half of the records, and none.
        assert_eq!(verdict(&[95, 105, 100, 92, 108, 100], 50), TrendVerdict::Critical);
        assert_eq!(verdict(&[95, 105, 100, 92, 108, 100], 0), TrendVerdict::Critical);
        // One month before had a tenth: mean 85, standard deviation 37.2.
        assert_eq!(verdict(&[95, 105, 100, 10, 108, 92], 8), TrendVerdict::Warning);
        // 62 is thirty below the lowest.
        assert_eq!(verdict(&[40, 41, 39, 40, 40, 40], 9), TrendVerdict::Warning, "30 below the lowest");
        assert_eq!(verdict(&[40, 41, 39, 40, 40, 40], 8), TrendVerdict::Critical);
    }

    #[test]
    fn a_month_that_half_of_the_facilities_are_known_of_is_one_without_discharges_at_the_others() {
        let volumes = |facilities: &[(&str, &[u64])]| {
            let mut run = FacilityMonths::default();
            for (name, counts) in facilities {
                let own = months("2026-10", counts).0.remove("0042").expect("made");
                // Of a month without discharges no row tells.
                run.0.insert((*name).to_owned(), own.into_iter().filter(|(_, counts)| counts.discharges > 0).collect());
            }
            let found = judged(&run, &FacilityMonths::default(), &FacilityMonths::default(), "", "2026-11-01");
            found.into_iter().filter(|(month, ..)| month == "2026-10").collect::<Vec<_>>()
        };
        let (full, gap): (&[u64], &[u64]) = (&[100; 9], &[100, 100, 100, 100, 0, 100, 100, 100, 5]);
        let found = volumes(&[("A", full), ("B", gap)]);
        assert_eq!(
            found,
            [line("2026-10", TrendVerdict::Within, "", 8), line("2026-10", TrendVerdict::Warning, "", 8)]
        );
        // A month that no facility is known of is not known: it may not have been run.
        assert_eq!(volumes(&[("A", gap)]), [line("2026-10", TrendVerdict::Critical, "", 7)]);
        // Nor are those before a facility's first.
        let opened: &[u64] = &[0, 0, 100, 100, 100, 100, 100, 100, 5];
        assert_eq!(volumes(&[("A", full), ("B", opened)])[1], line("2026-10", TrendVerdict::Critical, "", 6));
    }
}
