//! A strategy made ready for a run: who is reached when, and with what.

use super::controls::Controls;
use super::policy::{Compiled, Scorecard};
use super::rollout::{Order, Rollout};
use super::treatment::Treatment;
use super::{STAY, Strategy};
use crate::calendar::{SimTime, Span};
use crate::population::{Account, Population};
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;

/// What an account is given, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The rule that matched: its place in the policy.
    pub rule: usize,
    /// The treatment.
    pub treatment: Treatment,
    /// When the rollout reaches the account.
    pub begin: SimTime,
    /// How long after that its first mail leaves the send queue.
    pub queue: Span,
}

/// An account's luck in the order of rollouts, the same under every strategy; each uniform in (0, 1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RolloutLuck {
    place: f64,
    canary: f64,
    queue: f64,
}

impl RolloutLuck {
    /// Takes the luck from an account's draw.
    pub fn draw(draw: &mut Draw) -> Self {
        Self {
            place: draw.uniform(),
            canary: draw.uniform(),
            queue: draw.uniform(),
        }
    }
}

/// A strategy made ready for a run over one population.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the strategy.
    pub name: String,
    /// Safeguards.
    pub controls: Controls,
    /// End of the dual run, and what is left over is given then.
    pub cut_off: Option<(SimTime, Treatment)>,
    seed: Seed,
    schedule: Schedule,
    rules: Vec<Compiled>,
    scorecard: Scorecard,
    /// Whether any rule looks at the risk score.
    weighs_risk: bool,
    /// Worth by segment, for waves that begin with low value.
    worth: Vec<f64>,
}

#[derive(Clone, Debug)]
enum Schedule {
    Never,
    Once {
        begin: SimTime,
        send_over: Span,
    },
    Waves {
        first: SimTime,
        gap: Span,
        order: Order,
        canary_share: f64,
        send_over: Span,
        /// Upper bounds of all waves but the last, on the scale of the order.
        bounds: Vec<f64>,
    },
}

/// Accounts looked at to find where one wave ends and the next begins.
const ORDER_SAMPLE: u64 = 20_000;

impl Plan {
    /// The control arm: nothing is migrated.
    pub fn stay(seed: Seed) -> Self {
        Self {
            name: STAY.to_owned(),
            controls: Controls::default(),
            cut_off: None,
            seed,
            schedule: Schedule::Never,
            rules: Vec::new(),
            scorecard: Scorecard::default(),
            weighs_risk: false,
            worth: Vec::new(),
        }
    }

    /// Makes `strategy` ready for one replication over `population`.
    pub fn new(strategy: &Strategy, scenario: &Scenario, population: &Population, seed: Seed) -> Self {
        let mut plan = Self {
            name: strategy.name.clone(),
            controls: strategy.controls.clone(),
            cut_off: strategy.cut_off.map(|cut_off| (SimTime::from_days(cut_off.day.get()), cut_off.tail)),
            seed,
            schedule: Schedule::Never,
            rules: strategy.policy.iter().map(|rule| Compiled::new(rule, population.segments())).collect(),
            scorecard: strategy.risk.clone(),
            weighs_risk: strategy.policy.iter().any(|rule| rule.when.risk.is_some()),
            worth: scenario.segments().iter().map(|segment| segment.worth_cents as f64).collect(),
        };
        plan.schedule = plan.schedule(&strategy.rollout, population);
        plan
    }

    fn schedule(&self, rollout: &Rollout, population: &Population) -> Schedule {
        match rollout {
            Rollout::BigBang(bang) => Schedule::Once {
                begin: SimTime::from_days(bang.day.get()),
                send_over: Span::from_hours(bang.send_over_h.get()),
            },
            Rollout::OnSignIn(open) => Schedule::Once {
                begin: SimTime::from_days(open.day.get()),
                send_over: Span::from_hours(24.0),
            },
            Rollout::Waves(waves) => {
                let mut scale = population.of_sample(self.seed, ORDER_SAMPLE, |number, account| {
                    let luck = RolloutLuck::draw(&mut self.seed.draw(number, Purpose::Rollout, 0));
                    self.place(waves.order, account, &luck)
                });
                scale.sort_by(f64::total_cmp);
                let count = waves.count.get() as usize;
                let bound = |wave: usize| scale.get(wave * scale.len() / count).copied().unwrap_or(0.0);
                Schedule::Waves {
                    first: SimTime::from_days(waves.day.get()),
                    gap: Span::from_hours(waves.gap_days.get() * 24.0),
                    order: waves.order,
                    canary_share: waves.canary_share.get(),
                    send_over: Span::from_hours(waves.send_over_h.get()),
                    bounds: (1..count).map(bound).collect(),
                }
            }
        }
    }

    /// Where an account stands in the order of waves.
    fn place(&self, order: Order, account: &Account, luck: &RolloutLuck) -> f64 {
        match order {
            Order::Random => luck.place,
            Order::ActiveFirst => f64::from(account.history().last_seen_days) + luck.place * 1e-3,
            Order::LowValueFirst => self.worth[usize::from(account.record.segment)] + luck.place,
        }
    }

    /// What an account is given, and when; nothing in the control arm. `bits` are its record's yes/no fields.
    #[inline]
    pub(crate) fn assign(&self, account: &Account, bits: u32, luck: &RolloutLuck) -> Option<Assignment> {
        let (begin, send_over) = match &self.schedule {
            Schedule::Never => return None,
            Schedule::Once { begin, send_over } => (*begin, *send_over),
            Schedule::Waves { first, gap, order, canary_share, send_over, bounds } => {
                let place = self.place(*order, account, luck);
                let wave = match luck.canary < *canary_share {
                    true => -1,
                    false => bounds.partition_point(|bound| *bound <= place) as i64,
                };
                (*first + Span(gap.0 * wave), *send_over)
            }
        };
        let risk = if self.weighs_risk {
            self.scorecard.score(account)
        } else {
            0.0
        };
        let rule = self.rules.iter().position(|rule| rule.matches(account, bits, risk))?;
        Some(Assignment {
            rule,
            treatment: self.rules[rule].treat,
            begin,
            queue: Span((luck.queue * send_over.0 as f64) as i64),
        })
    }

    /// The risk score of an account under this strategy's scorecard, in points.
    pub fn risk(&self, account: &Account) -> f64 {
        self.scorecard.score(account)
    }
}
