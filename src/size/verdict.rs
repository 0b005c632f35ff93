//! Verdict: whether contacts met the target, and how surely that is known.

use serde::{Deserialize, Serialize};

use super::service_level::ServiceShares;
use super::target::ServiceTarget;
use super::trial::Share;
use crate::terms::Channel;

/// From worst to best. A bound is the one-sided one of the target's confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetVerdict {
    /// Misses the target even at the bound in its favour.
    SurelyMisses,
    /// Misses it on average, within the luck of the draw.
    MissesOnAverage,
    /// Meets it on average, within the luck of the draw.
    Undecided,
    /// Meets it even at the bound against it.
    SurelyMeets,
}

impl TargetVerdict {
    /// The verdict about an hour: that of the measure which fares worst. Without contacts nothing is missed.
    pub fn of(target: &ServiceTarget, met: &[(Channel, ServiceShares)]) -> Self {
        let each = met.iter().flat_map(|(channel, met)| {
            let kept = Self::of_share(&met.answered, target.share[*channel as usize]);
            [kept, Self::of_rest(&met.abandoned, target.abandoned_share)]
        });
        each.min().unwrap_or(Self::SurelyMeets)
    }

    /// The verdict about a share that must be at least `wanted`.
    pub fn of_share(share: &Share, wanted: f64) -> Self {
        Self::ranked(share.at_least() >= wanted, share.mean >= wanted, share.at_most() >= wanted)
    }

    /// The verdict about a share that may be at most `allowed`.
    fn of_rest(share: &Share, allowed: f64) -> Self {
        Self::ranked(share.at_most() <= allowed, share.mean <= allowed, share.at_least() <= allowed)
    }

    /// By what holds at the bound against it, on average, and at the bound in its favour.
    fn ranked(surely: bool, on_average: bool, perhaps: bool) -> Self {
        match (surely, on_average, perhaps) {
            (true, ..) => Self::SurelyMeets,
            (_, true, _) => Self::Undecided,
            (.., true) => Self::MissesOnAverage,
            _ => Self::SurelyMisses,
        }
    }

    /// Whether the target is met on average.
    pub fn meets(self) -> bool {
        self >= Self::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty samples of 25 contacts, of which so many hundredths are answered on average, some more, some fewer.
    fn share(hundredths: u32) -> Share {
        let parts = (0..40).map(move |sample: u32| (hundredths / 4 + sample % 2 * 2 - 1, 25));
        Share::of(parts, 0.95)
    }

    #[test]
    fn a_verdict_is_sure_only_beyond_the_luck_of_the_draw() {
        let (low, high) = (share(80).at_least(), share(80).at_most());
        assert!(low < 0.8 && high > 0.8);
        assert_eq!(TargetVerdict::of_share(&share(80), low - 0.001), TargetVerdict::SurelyMeets);
        assert_eq!(TargetVerdict::of_share(&share(80), low + 0.001), TargetVerdict::Undecided);
        assert_eq!(TargetVerdict::of_share(&share(80), high - 0.001), TargetVerdict::MissesOnAverage);
        assert_eq!(TargetVerdict::of_share(&share(80), high + 0.001), TargetVerdict::SurelyMisses);
        assert_eq!(TargetVerdict::of_rest(&share(80), high + 0.001), TargetVerdict::SurelyMeets);
        assert_eq!(TargetVerdict::of_rest(&share(80), low - 0.001), TargetVerdict::SurelyMisses);
    }

    #[test]
    fn contacts_that_all_met_it_do_not_prove_that_all_will() {
        let all = Share::of((0..30).map(|_| (2, 2)), 0.95);
        assert!(all.mean == 1.0 && all.at_least() < 1.0, "{all:?}");
        // Of 60 contacts none missed it: at 95 % that bounds the misses at one in twenty.
        assert!((all.at_least() - 0.951).abs() < 0.001, "{all:?}");
        assert_eq!(TargetVerdict::of_share(&all, 1.0), TargetVerdict::Undecided);
    }
}
