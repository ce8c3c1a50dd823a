//! States of the United States by their postal letters, and the ZIP codes of each.

/// First three digits of ZIP codes, first and last, and the state (US Postal Service, publication 65 and DMM L002). A range that two states share stands twice.
const ZIP_RANGES: &[(u16, u16, &str)] = &[
    (5, 5, "NY"),
    (6, 7, "PR"),
    (8, 8, "VI"),
    (9, 9, "PR"),
    (10, 27, "MA"),
    (28, 29, "RI"),
    (30, 38, "NH"),
    (39, 49, "ME"),
    (50, 54, "VT"),
    (55, 55, "MA"),
    (56, 59, "VT"),
    (60, 69, "CT"),
    (63, 63, "NY"),
    (70, 89, "NJ"),
    (90, 99, "AE"),
    (100, 149, "NY"),
    (150, 196, "PA"),
    (197, 199, "DE"),
    (200, 200, "DC"),
    (201, 201, "VA"),
    (202, 205, "DC"),
    (206, 219, "MD"),
    (220, 246, "VA"),
    (247, 268, "WV"),
    (270, 289, "NC"),
    (290, 299, "SC"),
    (300, 319, "GA"),
    (320, 339, "FL"),
    (340, 340, "AA"),
    (341, 349, "FL"),
    (350, 369, "AL"),
    (370, 385, "TN"),
    (386, 397, "MS"),
    (398, 399, "GA"),
    (400, 427, "KY"),
    (430, 459, "OH"),
    (460, 479, "IN"),
    (480, 499, "MI"),
    (500, 528, "IA"),
    (530, 549, "WI"),
    (550, 567, "MN"),
    (569, 569, "DC"),
    (570, 577, "SD"),
    (580, 588, "ND"),
    (590, 599, "MT"),
    (600, 629, "IL"),
    (630, 658, "MO"),
    (660, 679, "KS"),
    (680, 693, "NE"),
    (700, 714, "LA"),
    (716, 729, "AR"),
    (730, 749, "OK"),
    (733, 733, "TX"),
    (750, 799, "TX"),
    (800, 816, "CO"),
    (820, 831, "WY"),
    (832, 838, "ID"),
    (834, 834, "WY"),
    (840, 847, "UT"),
    (850, 865, "AZ"),
    (870, 884, "NM"),
    (885, 885, "TX"),
    (889, 898, "NV"),
    (900, 961, "CA"),
    (962, 966, "AP"),
    (967, 968, "HI"),
    (967, 967, "AS"),
    (969, 969, "GU"),
    (969, 969, "MP"),
    (969, 969, "PW"),
    (969, 969, "FM"),
    (969, 969, "MH"),
    (970, 979, "OR"),
    (980, 994, "WA"),
    (995, 999, "AK"),
];

/// Whether two letters are a state, district, territory or military post of the postal list.
pub fn is_state(state: &str) -> bool {
    ZIP_RANGES.iter().any(|(_, _, listed)| *listed == state)
}

/// Whether a ZIP code is of a state: its first three digits are one of the state's. `None` where the ZIP code does not begin with three digits that the list
/// has, or the state is not in it.
pub fn zip_is_of(zip: &str, state: &str) -> Option<bool> {
    let area: u16 = zip.get(..3).filter(|area| area.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    let mut states = ZIP_RANGES.iter().filter(|(first, last, _)| (*first..=*last).contains(&area)).peekable();
    (is_state(state) && states.peek().is_some()).then(|| states.any(|(_, _, listed)| *listed == state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zip_codes_of_state_capitals_are_of_their_states() {
        for (zip, state) in [
            ("19901", "DE"),
            ("21401", "MD"),
            ("02201", "MA"),
            ("73301", "TX"),
            ("99801", "AK"),
            ("96813", "HI"),
            ("96799", "AS"),
            ("00901", "PR"),
            ("20001", "DC"),
            ("82001", "WY"),
            ("06390", "NY"),
        ] {
            assert_eq!(zip_is_of(zip, state), Some(true), "{zip} {state}");
        }
        assert_eq!(zip_is_of("19901", "PA"), Some(false));
        assert_eq!(zip_is_of("19901", "Delaware"), None);
        assert_eq!(zip_is_of("ABCDE", "DE"), None);
        assert_eq!(zip_is_of("00100", "DE"), None);
    }
}
