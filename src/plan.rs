//! A strategy made ready for a run: who is reached when, and with what.

mod decision;

mod mailing;

pub use decision::{Cause, Decision, Deed};
use mailing::{List, Mailing, line_up};

use crate::calendar::{SimTime, Span};
use crate::population::{Account, Population, Sample};
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::target::Gateway;
use crate::strategy::controls::Controls;
use crate::strategy::policy::{Compiled, Scorecard};
use crate::strategy::rollout::{Adaptive, Order, Rollout, Waves};
use crate::strategy::treatment::Treatment;
use crate::strategy::{STAY, Strategy};
use crate::terms::record::ContactPoint;

/// What an account is given, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assignment {
    /// The rule that matched: its place in the policy.
    pub rule: usize,
    /// The treatment.
    pub treatment: Treatment,
    /// When the rollout reaches the account.
    pub begin: SimTime,
    /// How long after that its first mail leaves the send queue.
    pub queue: Span,
    /// Of the mails to it that would reach an inbox, the part that still does.
    pub inbox_factor: f64,
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
    /// Gates, if the rollout reacts; it then begins no wave by itself.
    gates: Option<Adaptive>,
    /// When the migration is undone.
    rolled_back: SimTime,
    /// From when on mails leave the send queue how slowly, in thousandths of the time planned.
    sending: Vec<(SimTime, u32)>,
    /// The mailing of each wave, the canary first; empty where nothing is mailed.
    mailings: Vec<Mailing>,
    /// The gateway has a limit that mailings share.
    lines_up: bool,
}

#[derive(Clone, Debug)]
enum Schedule {
    Never,
    Once {
        begin: SimTime,
        send_over: Span,
    },
    Waves {
        /// When each wave begins, the canary first.
        begins: Vec<SimTime>,
        order: Order,
        canary_share: f64,
        send_over: Span,
        /// Upper bounds of all waves but the last, on the scale of the order.
        bounds: Vec<f64>,
    },
}

/// Accounts looked at to find where one wave ends and the next begins. A numerical device: more of them make waves more
/// nearly equal and take longer.
const ORDER_SAMPLE: u64 = 20_000;

/// Thousandths of the planned time that mails take which are not slowed.
const AS_PLANNED: u32 = 1000;

/// When each wave begins as planned, the canary first.
pub(crate) fn planned(waves: &Waves) -> Vec<SimTime> {
    let (first, gap) = (SimTime::from_days(waves.day.get()), Span::from_hours(waves.gap_days.get() * 24.0));
    (-1..waves.count.get() as i64).map(|wave| first + Span(gap.0 * wave)).collect()
}

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
            gates: None,
            rolled_back: SimTime::NEVER,
            sending: Vec::new(),
            mailings: Vec::new(),
            lines_up: false,
        }
    }

    /// The accounts that plans look at.
    pub fn sample(population: &Population, seed: Seed) -> Sample<'_> {
        Sample::new(population, seed, ORDER_SAMPLE)
    }

    /// Makes `strategy` ready for one replication over the population of which this is the sample.
    pub fn new(strategy: &Strategy, scenario: &Scenario, sample: &Sample<'_>) -> Self {
        let (population, seed) = (sample.population, sample.seed);
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
            gates: None,
            rolled_back: SimTime::NEVER,
            sending: Vec::new(),
            mailings: Vec::new(),
            lines_up: false,
        };
        plan.schedule = plan.schedule(&strategy.rollout, sample);
        if let Rollout::Adaptive(adaptive) = &strategy.rollout {
            plan.gates = Some(adaptive.clone());
        }
        plan.plan_mailings(strategy, &scenario.target.gateway, sample);
        plan
    }

    /// Works the mailing of each wave out from a sample of the population.
    fn plan_mailings(&mut self, strategy: &Strategy, gateway: &Gateway, sample: &Sample<'_>) {
        let mailed = |treatment: Treatment| treatment.traits().mailed;
        let by_tail = self.cut_off.is_some_and(|(_, tail)| mailed(tail));
        if !(by_tail || strategy.policy.iter().any(|rule| mailed(rule.treat))) {
            return;
        }
        let (waves, send_over) = match &self.schedule {
            Schedule::Never => return,
            Schedule::Once { send_over, .. } => (1, *send_over),
            Schedule::Waves { begins, send_over, .. } => (begins.len(), *send_over),
        };
        let plan = &*self;
        let in_mailing = |(number, account): &(u64, Account)| {
            let luck = RolloutLuck::draw(&mut plan.seed.draw(*number, Purpose::Rollout, 0));
            let rule = plan.rule_for(account, account.record.bits());
            let is_mailed = account.record.email && rule.is_some_and(|rule| mailed(plan.rules[rule].treat));
            is_mailed.then(|| (plan.wave(account, &luck), account.truth.mailbox == ContactPoint::Dead))
        };
        let looked_at = sample.accounts();
        let scale = sample.population.accounts() as f64 / looked_at.len().max(1) as f64;
        let mut lists = vec![List::default(); waves];
        for (wave, dead) in looked_at.iter().filter_map(in_mailing) {
            lists[wave].mailed += 1;
            lists[wave].dead += u64::from(dead);
        }
        self.mailings = lists.into_iter().map(|list| Mailing::new(gateway, send_over, list, scale)).collect();
        self.lines_up = gateway.mails_per_hour.get() > 0 || gateway.mails_per_day.get() > 0;
        self.line_up();
    }

    /// Mailings that share a limited gateway leave one after the other.
    fn line_up(&mut self) {
        if let (true, Schedule::Waves { begins, .. }) = (self.lines_up, &self.schedule) {
            line_up(&mut self.mailings, begins.iter().copied());
        }
    }

    /// The rule that matches an account.
    #[inline]
    fn rule_for(&self, account: &Account, bits: u32) -> Option<usize> {
        let risk = if self.weighs_risk {
            self.scorecard.score(account)
        } else {
            0.0
        };
        self.rules.iter().position(|rule| rule.matches(account, bits, risk))
    }

    fn schedule(&self, rollout: &Rollout, sample: &Sample<'_>) -> Schedule {
        match rollout {
            Rollout::BigBang(bang) => Schedule::Once {
                begin: SimTime::from_days(bang.day.get()),
                send_over: Span::from_hours(bang.send_over_h.get()),
            },
            Rollout::OnSignIn(open) => Schedule::Once {
                begin: SimTime::from_days(open.day.get()),
                send_over: Span::from_hours(open.send_over_h.get()),
            },
            Rollout::Waves(waves) => self.waves(waves, sample),
            Rollout::Adaptive(adaptive) => {
                let mut schedule = self.waves(&adaptive.waves, sample);
                if let Schedule::Waves { begins, .. } = &mut schedule {
                    begins.fill(SimTime::NEVER);
                }
                schedule
            }
        }
    }

    fn waves(&self, waves: &Waves, sample: &Sample<'_>) -> Schedule {
        let luck = |account| RolloutLuck::draw(&mut self.seed.draw(account, Purpose::Rollout, 0));
        // Where luck alone decides, no account need be drawn for it.
        let mut scale: Vec<f64> = match waves.order {
            Order::Random => sample.numbers().into_iter().map(|number| luck(number).place).collect(),
            order => {
                let place = |(number, account): &(u64, Account)| self.place(order, account, &luck(*number));
                sample.accounts().iter().map(place).collect()
            }
        };
        scale.sort_by(f64::total_cmp);
        let count = waves.count.get() as usize;
        let bound = |wave: usize| scale.get(wave * scale.len() / count).copied().unwrap_or(0.0);
        Schedule::Waves {
            begins: planned(waves),
            order: waves.order,
            canary_share: waves.canary_share.get(),
            send_over: Span::from_hours(waves.send_over_h.get()),
            bounds: (1..count).map(bound).collect(),
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
        let (begin, wave) = match &self.schedule {
            Schedule::Never => return None,
            Schedule::Once { begin, .. } => (*begin, 0),
            Schedule::Waves { begins, .. } => {
                let wave = self.wave(account, luck);
                (begins[wave], wave)
            }
        };
        let rule = self.rule_for(account, bits)?;
        let mailing = self.mailings.get(wave);
        let planned = mailing.map_or(Span::ZERO, |mailing| mailing.queue(luck.queue));
        Some(Assignment {
            rule,
            treatment: self.rules[rule].treat,
            begin,
            queue: self.queue(begin, planned),
            inbox_factor: mailing.map_or(1.0, |mailing| mailing.inbox_factor),
        })
    }

    /// The wave of an account: 0 is the canary. Meaningless unless the rollout goes in waves.
    #[inline]
    pub(crate) fn wave(&self, account: &Account, luck: &RolloutLuck) -> usize {
        match &self.schedule {
            Schedule::Waves { order, canary_share, bounds, .. } if luck.canary >= *canary_share => {
                let place = self.place(*order, account, luck);
                1 + bounds.partition_point(|bound| *bound <= place)
            }
            _ => 0,
        }
    }

    /// Whether a wave has begun, or its time is known.
    pub(crate) fn has_begun(&self, wave: usize) -> bool {
        match &self.schedule {
            Schedule::Waves { begins, .. } => begins.get(wave).is_some_and(|begin| *begin < SimTime::NEVER),
            Schedule::Once { .. } => true,
            Schedule::Never => false,
        }
    }

    /// How long a mail waits in the send queue that would wait `planned` if it were not slowed.
    #[inline]
    fn queue(&self, begin: SimTime, planned: Span) -> Span {
        if self.sending.is_empty() || begin == SimTime::NEVER {
            return planned;
        }
        let (mut now, mut left_ms, mut thousandths) = (begin, planned.0, AS_PLANNED);
        for &(from, slower) in &self.sending {
            if from > now {
                let takes_ms = left_ms * i64::from(thousandths) / i64::from(AS_PLANNED);
                if now + Span(takes_ms) <= from {
                    break;
                }
                left_ms -= (from - now).0 * i64::from(AS_PLANNED) / i64::from(thousandths);
                now = from;
            }
            thousandths = slower;
        }
        now + Span(left_ms * i64::from(thousandths) / i64::from(AS_PLANNED)) - begin
    }

    /// Whether the rollout reacts to what happens.
    pub fn reacts(&self) -> bool {
        self.gates.is_some()
    }

    /// The gates, if the rollout reacts.
    pub(crate) fn gates(&self) -> Option<&Adaptive> {
        self.gates.as_ref()
    }

    /// When the last mail of a wave leaves that begins at this time.
    pub(crate) fn sends_until(&self, begin: SimTime) -> SimTime {
        match &self.schedule {
            Schedule::Never => begin,
            Schedule::Once { send_over, .. } | Schedule::Waves { send_over, .. } => {
                let latest = self.mailings.iter().map(|mailing| mailing.queue(1.0)).max();
                begin + self.queue(begin, latest.unwrap_or(*send_over))
            }
        }
    }

    /// When the migration is undone; `NEVER` if it is not.
    #[inline]
    pub(crate) fn rolled_back(&self) -> SimTime {
        self.rolled_back
    }

    /// Takes a decision of its rollout into account.
    pub fn decide(&mut self, decision: &Decision) {
        match decision.deed {
            Deed::Release(wave) => {
                if let Schedule::Waves { begins, .. } = &mut self.schedule
                    && let Some(begin) = begins.get_mut(usize::from(wave))
                {
                    *begin = decision.at;
                }
                self.line_up();
            }
            Deed::Slow(thousandths) => self.sending.push((decision.at, thousandths)),
            Deed::Hasten => self.sending.push((decision.at, AS_PLANNED)),
            Deed::RollBack => self.rolled_back = decision.at,
            Deed::Hold | Deed::GoOn | Deed::Stop => {}
        }
    }

    /// The plan under all decisions of its rollout.
    pub fn under(mut self, decisions: &[Decision]) -> Self {
        decisions.iter().for_each(|decision| self.decide(decision));
        self
    }

    /// The risk score of an account under this strategy's scorecard, in points.
    pub fn risk(&self, account: &Account) -> f64 {
        self.scorecard.score(account)
    }
}
