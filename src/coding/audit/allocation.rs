//! How many records of each stratum a sample takes.

/// How a sample is spread over its strata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// This many records in all, shared out in proportion to the strata, one at least of each.
    Proportional(u64),
    /// This many records of each stratum.
    Each(u64),
}

impl Allocation {
    /// Records to take of each stratum of `sizes`: never more than it has, and one at least of each that has any.
    pub fn quotas(self, sizes: &[u64]) -> Vec<u64> {
        match self {
            Allocation::Proportional(records) => proportional(sizes, records),
            Allocation::Each(records) => sizes.iter().map(|size| records.max(1).min(*size)).collect(),
        }
    }

    /// The most records that one stratum can come to.
    pub fn most_of_one(self) -> usize {
        let (Allocation::Proportional(records) | Allocation::Each(records)) = self;
        usize::try_from(records.max(1)).unwrap_or(usize::MAX)
    }
}

/// Shares `records` out in proportion to `sizes` by largest remainders (Hamilton), the earlier stratum first where remainders are equal.
///
/// A stratum whose share is less than one record is given one; the others share what is left. So the sum is `records`, save where there are more strata than
/// records (then it is the number of strata) or fewer records than asked for (then all are taken).
fn proportional(sizes: &[u64], records: u64) -> Vec<u64> {
    let total: u64 = sizes.iter().sum();
    if records >= total {
        return sizes.to_vec();
    }
    let mut quotas = vec![0; sizes.len()];
    let mut open: Vec<usize> = (0..sizes.len()).filter(|at| sizes[*at] > 0).collect();
    let (mut left, mut size_left) = (records, total);
    loop {
        let small = |at: &usize| u128::from(left) * u128::from(sizes[*at]) < u128::from(size_left);
        let (given, rest): (Vec<usize>, Vec<usize>) = open.iter().copied().partition(small);
        open = rest;
        if given.is_empty() {
            break;
        }
        for at in given {
            quotas[at] = 1;
            left = left.saturating_sub(1);
            size_left -= sizes[at];
        }
    }
    let share = |at: usize| u128::from(left) * u128::from(sizes[at]);
    let mut remainders: Vec<(u128, usize)> = Vec::new();
    let mut unshared = left;
    for at in open {
        let whole = share(at) / u128::from(size_left);
        quotas[at] = u64::try_from(whole).unwrap_or(u64::MAX);
        unshared -= quotas[at];
        remainders.push((share(at) % u128::from(size_left), at));
    }
    remainders.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    for (_, at) in remainders.into_iter().take(usize::try_from(unshared).unwrap_or(usize::MAX)) {
        quotas[at] += 1;
    }
    quotas
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_go_by_largest_remainders() {
        // 10 seats by 47, 16, 16, 12, 6, 3 of 100: shares 4.7 1.6 1.6 1.2 0.6 0.3. The last two are given one each; 8 of 91 are left: 4.13 1.41 1.41 1.05.
        assert_eq!(Allocation::Proportional(10).quotas(&[47, 16, 16, 12, 6, 3]), [4, 2, 1, 1, 1, 1]);
        // Without small strata: 4.5, 3.0, 2.5 of 10; the earlier of equal remainders first.
        assert_eq!(Allocation::Proportional(10).quotas(&[45, 30, 25]), [5, 3, 2]);
        assert_eq!(Allocation::Each(5).quotas(&[9, 3, 5]), [5, 3, 5]);
        assert_eq!(Allocation::Proportional(2).quotas(&[50, 40, 10]), [1, 1, 1]);
        assert_eq!(Allocation::Proportional(20).quotas(&[2, 3]), [2, 3]);
    }

    proptest! {
        #[test]
        fn every_stratum_is_represented_and_none_is_overdrawn(
            sizes in prop::collection::vec(1u64..2_000, 1..30),
            records in 0u64..3_000,
        ) {
            let quotas = Allocation::Proportional(records).quotas(&sizes);
            let total: u64 = sizes.iter().sum();
            for (quota, size) in quotas.iter().zip(&sizes) {
                prop_assert!(*quota >= 1 && quota <= size);
            }
            let least = records.max(sizes.len() as u64);
            prop_assert_eq!(quotas.iter().sum::<u64>(), least.min(total));
        }

        #[test]
        fn a_larger_stratum_never_gets_fewer(sizes in prop::collection::vec(1u64..500, 2..20), records in 1u64..600) {
            let quotas = Allocation::Proportional(records).quotas(&sizes);
            for left in 0..sizes.len() {
                for right in 0..sizes.len() {
                    prop_assert!(sizes[left] <= sizes[right] || quotas[left] >= quotas[right]);
                }
            }
        }
    }
}
