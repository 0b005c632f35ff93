//! Hints: how well each scorecard finds what is wrong behind accounts. A policy sees the score and not the trouble; whether
//! it sorts at all depends on how far the one tells of the other.

use serde::Serialize;

use crate::listed::listed;
use crate::population::{Account, Population};
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::strategy::policy::Scorecard;
use crate::terms::record::{Behind, ContactPoint, Foothold};

listed! {
    /// A kind of trouble that a score is held against.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Trouble {
        /// In other hands on the first day.
        Intruder,
        /// The address was never the owner's, or somebody planted a contact point.
        PlantedOrMistyped,
        /// Nobody behind it.
        Nobody,
        /// The account in the target is another person's.
        WrongMatch,
        /// Mailbox or phone is somebody else's by now.
        RecycledContact,
        /// Mailbox or phone is dead.
        DeadContact,
        /// Any of these, but for what is only dead.
        Any,
    }
}

impl Trouble {
    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Intruder => "in other hands",
            Self::PlantedOrMistyped => "planted or mistyped",
            Self::Nobody => "nobody behind it",
            Self::WrongMatch => "wrong match",
            Self::RecycledContact => "recycled mailbox or phone",
            Self::DeadContact => "dead mailbox or phone",
            Self::Any => "any but dead contacts",
        }
    }

    fn is_in(self, account: &Account) -> bool {
        let (record, truth) = (&account.record, &account.truth);
        let either = |point: ContactPoint| truth.mailbox == point || truth.phone == point;
        match self {
            Self::Intruder => truth.foothold.has(Foothold::PASSWORD.or(Foothold::SESSION)),
            Self::PlantedOrMistyped => {
                truth.mailbox == ContactPoint::Mistyped || truth.foothold.has(Foothold::MAIL.or(Foothold::PHONE))
            }
            Self::Nobody => matches!(truth.behind, Behind::Nobody | Behind::Program),
            Self::WrongMatch => record.in_target && !truth.same_in_target,
            Self::RecycledContact => either(ContactPoint::Recycled),
            Self::DeadContact => either(ContactPoint::Dead),
            Self::Any => {
                let kinds = [
                    Self::Intruder,
                    Self::PlantedOrMistyped,
                    Self::Nobody,
                    Self::WrongMatch,
                    Self::RecycledContact,
                ];
                kinds.into_iter().any(|kind| kind.is_in(account))
            }
        }
    }
}

/// How well a scorecard finds trouble.
#[derive(Clone, Debug, Serialize)]
pub struct Scored {
    /// Name of the strategy whose scorecard it is; `None` for the built-in one.
    pub strategy: Option<String>,
    /// Accounts that were looked at: all, or a sample of them.
    pub accounts: u64,
    /// By kind of trouble.
    pub findings: Vec<Finding>,
}

/// How well a scorecard finds one kind of trouble.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The kind.
    pub trouble: Trouble,
    /// Accounts with it, among those that were looked at.
    pub accounts: u64,
    /// Area under the curve; `None` if all accounts have it or none.
    pub auc: Option<Area>,
    /// How much of it there is on either side of each score that a rule of the policy asks for, in ascending order.
    pub at: Vec<Sides>,
}

/// Area under the receiver operating characteristic: the chance that an account with the trouble scores higher than one
/// without, where a tie counts half. 0.5 finds nothing, 1 everything.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    /// The area, exact for the accounts that were looked at.
    pub area: f64,
    /// Its standard error as of a sample (DeLong, DeLong and Clarke-Pearson 1988); `None` for a single account on a side.
    pub standard_error: Option<f64>,
}

/// Trouble on the two sides of a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sides {
    /// The score, in points.
    pub score: f64,
    /// Whether an account with just this score is among those below.
    pub below_includes: bool,
    /// Accounts below.
    pub below: u64,
    /// Of them, share with the trouble; 0 if there are none.
    pub share_below: f64,
    /// Accounts above.
    pub above: u64,
    /// Of them, share with the trouble; 0 if there are none.
    pub share_above: f64,
}

/// Accounts that are looked at, at most. A numerical device.
const MOST: u64 = 200_000;

/// How well the built-in scorecard finds trouble, and that of each strategy whose policy looks at risk.
pub fn hints(scenario: &Scenario, population: &Population, seed: Seed) -> Vec<Scored> {
    let cards = cards(scenario);
    let looked_at: Vec<(u32, Vec<f64>)> = population.of_sample(seed, MOST, |_, account| {
        let kinds = Trouble::ALL.iter().fold(0, |set, &kind| set | u32::from(kind.is_in(account)) << kind as u32);
        (kinds, cards.iter().map(|card| card.scorecard.score(account)).collect())
    });
    let score_each = |(place, card): (usize, &Card)| {
        let mut scores: Vec<(f64, u32)> = looked_at.iter().map(|(kinds, scores)| (scores[place], *kinds)).collect();
        scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let finding = |&trouble: &Trouble| {
            let has = |kinds: u32| kinds >> trouble as u32 & 1 == 1;
            Finding {
                trouble,
                accounts: scores.iter().filter(|(_, kinds)| has(*kinds)).count() as u64,
                auc: area(&scores, has),
                at: card.bounds.iter().map(|bound| sides(&scores, *bound, has)).collect(),
            }
        };
        Scored {
            strategy: card.strategy.clone(),
            accounts: scores.len() as u64,
            findings: Trouble::ALL.iter().map(finding).collect(),
        }
    };
    cards.iter().enumerate().map(score_each).collect()
}

/// A scorecard, whose it is, and the scores that its rules ask for: each with whether it belongs to those below.
struct Card {
    strategy: Option<String>,
    scorecard: Scorecard,
    bounds: Vec<(f64, bool)>,
}

fn cards(scenario: &Scenario) -> Vec<Card> {
    let mut cards = vec![Card {
        strategy: None,
        scorecard: Scorecard::default(),
        bounds: Vec::new(),
    }];
    for strategy in &scenario.strategies {
        let mut bounds = Vec::new();
        for range in strategy.policy.iter().filter_map(|rule| rule.when.risk) {
            bounds.extend(range.max.map(|max| (max.get(), true)));
            bounds.extend(range.min.map(|min| (min.get(), false)));
        }
        if bounds.is_empty() {
            continue;
        }
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        bounds.dedup();
        cards.push(Card {
            strategy: Some(strategy.name.clone()),
            scorecard: strategy.risk.clone(),
            bounds,
        });
    }
    cards
}

/// The area under the curve of scores in ascending order.
fn area(scores: &[(f64, u32)], has: impl Fn(u32) -> bool) -> Option<Area> {
    let with = scores.iter().filter(|(_, kinds)| has(*kinds)).count() as f64;
    let without = scores.len() as f64 - with;
    if with == 0.0 || without == 0.0 {
        return None;
    }
    // Mean and variance of the placement of each account among those on the other side.
    let (mut of_with, mut of_without) = (Moments::default(), Moments::default());
    let (mut with_below, mut without_below) = (0.0, 0.0);
    for tied in scores.chunk_by(|a, b| a.0 == b.0) {
        let with_here = tied.iter().filter(|(_, kinds)| has(*kinds)).count() as f64;
        let without_here = tied.len() as f64 - with_here;
        of_with.add((without_below + without_here / 2.0) / without, with_here);
        of_without.add(1.0 - (with_below + with_here / 2.0) / with, without_here);
        with_below += with_here;
        without_below += without_here;
    }
    let variance = of_with.variance_of_mean().zip(of_without.variance_of_mean()).map(|(with, without)| with + without);
    Some(Area {
        area: of_with.sum / with,
        standard_error: variance.map(f64::sqrt),
    })
}

#[derive(Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64, times: f64) {
        self.count += times;
        self.sum += times * value;
        self.squares += times * value * value;
    }

    fn variance_of_mean(&self) -> Option<f64> {
        let variance = (self.squares - self.sum * self.sum / self.count) / (self.count - 1.0);
        (self.count > 1.0).then(|| variance.max(0.0) / self.count)
    }
}

/// Trouble on both sides of a score, of scores in ascending order.
fn sides(scores: &[(f64, u32)], (score, below_includes): (f64, bool), has: impl Fn(u32) -> bool) -> Sides {
    let end = scores.partition_point(|(of, _)| if below_includes { *of <= score } else { *of < score });
    let (below, above) = scores.split_at(end);
    let share =
        |part: &[(f64, u32)]| part.iter().filter(|(_, kinds)| has(*kinds)).count() as f64 / part.len().max(1) as f64;
    Sides {
        score,
        below_includes,
        below: below.len() as u64,
        share_below: share(below),
        above: above.len() as u64,
        share_above: share(above),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By counting pairs, and by DeLong's formula as it is written.
    fn counted(scores: &[(f64, u32)]) -> (f64, f64) {
        let side = |with: u32| scores.iter().filter(move |(_, kinds)| *kinds == with).map(|(score, _)| *score);
        let wins = |a: f64, b: f64| {
            if a > b {
                1.0
            } else if a == b {
                0.5
            } else {
                0.0
            }
        };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let of_with: Vec<f64> = side(1).map(|a| mean(&side(0).map(|b| wins(a, b)).collect::<Vec<_>>())).collect();
        let of_without: Vec<f64> = side(0).map(|b| mean(&side(1).map(|a| wins(a, b)).collect::<Vec<_>>())).collect();
        let spread = |values: &[f64]| {
            let squares: f64 = values.iter().map(|value| (value - mean(values)).powi(2)).sum();
            squares / (values.len() as f64 - 1.0) / values.len() as f64
        };
        (mean(&of_with), (spread(&of_with) + spread(&of_without)).sqrt())
    }

    proptest! {
        #[test]
        fn the_area_is_the_share_of_pairs(scores in prop::collection::vec((0u8..12, 0u32..2), 2..60)) {
            let mut scores: Vec<(f64, u32)> = scores.into_iter().map(|(score, has)| (f64::from(score), has)).collect();
            scores.sort_by(|a, b| a.0.total_cmp(&b.0));
            let with = scores.iter().filter(|(_, has)| *has == 1).count();
            let got = area(&scores, |kinds| kinds == 1);
            if with == 0 || with == scores.len() {
                prop_assert_eq!(got, None);
            } else {
                let got = got.expect("two sides");
                let (expected, error) = counted(&scores);
                prop_assert!((got.area - expected).abs() < 1e-12, "{} for {}", got.area, expected);
                match got.standard_error {
                    Some(found) => prop_assert!((found - error).abs() < 1e-6, "{} for {}", found, error),
                    None => prop_assert!(with == 1 || with + 1 == scores.len()),
                }
            }
        }
    }

    #[test]
    fn a_score_that_says_nothing_is_a_half() {
        let scores: Vec<(f64, u32)> = (0..100).map(|place| (7.0, place % 3 / 2)).collect();
        let got = area(&scores, |kinds| kinds == 1).expect("two sides");
        assert_eq!((got.area, got.standard_error), (0.5, Some(0.0)));
    }

    #[test]
    fn a_score_belongs_to_the_side_that_its_rule_says() {
        let scores = [(1.0, 0), (2.0, 1), (2.0, 0), (3.0, 1)];
        let at = |includes| sides(&scores, (2.0, includes), |kinds| kinds == 1);
        assert_eq!((at(true).below, at(true).above, at(true).share_above), (3, 1, 1.0));
        assert_eq!((at(false).below, at(false).above, at(false).share_below), (1, 3, 0.0));
        let none = sides(&scores, (9.0, true), |kinds| kinds == 1);
        assert_eq!((none.above, none.share_above, none.share_below), (0, 0.0, 0.5));
    }
}
