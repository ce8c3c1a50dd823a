//! Holds a run against its profiles, and says what of the settings nothing met.

use std::collections::BTreeMap;

use crate::{
    edits::{
        account::conformity::ConformityAccount,
        conditions::Counted,
        engine::ActiveRules,
        profile::{Measured, evaluate},
    },
    examination::outcome::Outcome,
    plan::Plan,
    record::{account::InputAccount, date::Day, period::Period},
    statistics::tally::Dimension,
};

/// The verdicts of all profiles of the plan.
pub fn conformity(
    plan: &Plan,
    inputs: &[InputAccount],
    total: &Outcome,
    counted: &[Counted],
    business_date: Day,
) -> Vec<ConformityAccount> {
    let named: Vec<(String, &InputAccount)> = inputs.iter().map(|input| (input.label(), input)).collect();
    let volumes = volumes(plan, total);
    let measured = Measured {
        rules: counted,
        errors: &total.errors,
        examined: total.examined,
        inputs: &named,
        volumes: &volumes,
        period_end: plan.period.as_ref().map(|period| period.last),
        business_date,
    };
    plan.edits.profiles.iter().flat_map(|profile| evaluate(profile, &measured)).collect()
}

/// Discharges of the period beside the target, for every facility that has one; a facility that sent nothing stands with 0.
fn volumes(plan: &Plan, total: &Outcome) -> Vec<(String, u64, u64)> {
    let discharges: BTreeMap<String, u64> =
        total.tally.groups(Dimension::Facility).into_iter().map(|(name, group)| (name, group.discharges)).collect();
    let months = plan.period.as_ref().map_or(1, months_of);
    plan.edits
        .targets
        .iter()
        .map(|(facility, target)| (facility.clone(), discharges.get(facility).copied().unwrap_or(0), target * months))
        .collect()
}

/// Calendar months that a period touches.
fn months_of(period: &Period) -> u64 {
    let ((first_year, first_month, _), (last_year, last_month, _)) = (period.first.ymd(), period.last.ymd());
    let months = (last_year - first_year) * 12 + last_month as i32 - first_month as i32 + 1;
    u64::try_from(months).unwrap_or(1).max(1)
}

/// Settings of the pipeline file that nothing in the run met: severities of edits that never applied, targets of facilities that sent nothing.
pub fn unmet_settings(plan: &Plan, total: &Outcome, rules: &ActiveRules) -> Vec<String> {
    let mut unmet = Vec::new();
    // Those of a profile come first; it speaks of every export, and most edits of it never apply to one of them.
    let of_profiles = plan.edits.profiles.iter().map(|profile| profile.severity.len()).sum();
    for (code, _) in plan.edits.severity.iter().skip(of_profiles) {
        let asked = (0..rules.count())
            .zip(&total.scorecard.scores)
            .any(|(number, score)| rules.described(number).code == code && score.examined > 0);
        if !asked {
            unmet.push(format!("the severity of {code}: it never applied"));
        }
    }
    for (rule, score) in rules.site.iter().zip(total.scorecard.scores.iter().skip(rules.rules.len())) {
        if score.examined == 0 {
            unmet.push(format!("the rule {}: it never applied", rule.code));
        }
    }
    if total.examined == 0 && total.excluded > 0 {
        unmet.push("`only`: every encounter is excluded".to_owned());
    }
    for (facility, discharges, _) in volumes(plan, total) {
        if discharges == 0 {
            unmet.push(format!("the target of facility {facility}: no discharges in the period"));
        }
    }
    unmet
}
