//! A condition of a site's own rule.

use chartroom::expression::{check::compile, tree::Children};

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "service = 'PED' AND age_years >= 18",
        "date BETWEEN admission_date AND discharge_date + 30",
        "any(diagnosis WHERE code = 'E11.9') OR count(procedure WHERE date IS NULL) >= 2",
        "NOT (starts_with(service, 'M') AND length(payer) > 3) IS UNKNOWN",
        "matches(attending_name, '^[A-Z]{2,5}[^0-9]*$') OR sex IN ('M', 'F', 'U')",
        "discharge_date - admission_date <= 365 - 5 AND total_charges < 1234.50",
        "admission_date > DATE '2026-10-01' AND death_flag = TRUE",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Faults stand within the text, at letters; the same text has the same outcome; a condition in parentheses is the condition.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for inside in [None, Some(Children::Diagnosis), Some(Children::Document)] {
        let outcome = compile(&text, inside);
        if let Err(faults) = &outcome {
            assert!(!faults.is_empty());
            for fault in faults {
                assert!(text.get(fault.span.clone()).is_some(), "{:?} of {text:?}", fault.span);
                assert!(!fault.message.is_empty());
            }
            assert_eq!(Some(faults), compile(&text, inside).err().as_ref());
        } else {
            assert!(
                compile(&format!("({text})"), inside).is_ok() || text.matches(['(', 'N', 'n']).count() > 30,
                "{text:?}"
            );
        }
    }
}
