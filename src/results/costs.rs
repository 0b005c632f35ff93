//! Money: every line in integer cents, computed from whole counts.

use std::ops::Index;

use serde::{Deserialize, Serialize, Serializer};

use super::setup;
use crate::calendar::HOUR_MS;
use crate::engine::ArmResult;
use crate::listed::listed;
use crate::measure::counts::{CUSTOMER, Total};
use crate::measure::desk::ReasonMeasure;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::terms::{Each, Outcome, Reason};

listed! {
    /// A line of the bill.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Line {
        /// E-mails and text messages.
        Messages,
        /// Document checks.
        Documents,
        /// First and second line, for contacts of customers and impostors; baseline traffic is the same under every strategy.
        Desk,
        /// Review team.
        Review,
        /// Contacts that a partner took, baseline traffic included: what overflows differs.
        Partner,
        /// False alarms of fraud monitoring.
        Alarms,
        /// Building and running the strategy.
        Setup,
        /// Running the legacy platform, also after the horizon where its end is not set.
        Legacy,
        /// Running the target for the accounts that are linked there; as long beyond the horizon as the legacy platform runs
        /// on where nobody ends it, so that both are charged for the same time.
        Target,
        /// Customers who left, at a year's worth each.
        LostCustomers,
        /// Customers who wanted to sign in and could not, at their worth by the day.
        Blocked,
        /// What is lost by takeovers: a part at once and one for each day. Who is inside at the horizon goes on costing for so
        /// many days more (`prices.takeover_days_after`).
        Takeovers,
        /// Setting takeovers right: those that were noticed, and those that are still to be at the horizon: not to look is no
        /// saving.
        Incidents,
        /// Wrong links through which somebody saw another person's data.
        WrongLinks,
        /// Two identities of one customer.
        Duplicates,
        /// Active customers who have not moved at the horizon.
        Unfinished,
    }
}

impl Line {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Documents => "documents",
            Self::Desk => "desk",
            Self::Review => "review",
            Self::Partner => "partner",
            Self::Alarms => "false_alarms",
            Self::Setup => "setup",
            Self::Legacy => "legacy",
            Self::Target => "target",
            Self::LostCustomers => "lost_customers",
            Self::Blocked => "blocked",
            Self::Takeovers => "takeovers",
            Self::Incidents => "takeovers_set_right",
            Self::WrongLinks => "wrong_links",
            Self::Duplicates => "duplicates",
            Self::Unfinished => "unfinished",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documents => "document checks",
            Self::Desk => "help desk",
            Self::Review => "review team",
            Self::Alarms => "false alarms",
            Self::Setup => "building and running it",
            Self::Legacy => "legacy platform",
            Self::Target => "new platform",
            Self::LostCustomers => "lost customers",
            Self::Blocked => "locked-out customers",
            Self::Takeovers => "losses by takeovers",
            Self::Incidents => "takeovers set right",
            Self::WrongLinks => "wrong links",
            Self::Unfinished => "not moved yet",
            other => other.key(),
        }
    }
}

crate::terms::words!(Line);

/// A bill of means: every line in cents. In result files their sum stands beside them, as `total`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct BillCents {
    /// By line.
    pub lines: Each<Line, i64>,
}

impl BillCents {
    /// The whole bill.
    pub fn total(&self) -> i64 {
        self.lines.values().sum()
    }
}

impl Index<Line> for BillCents {
    type Output = i64;
    fn index(&self, line: Line) -> &i64 {
        &self.lines[line]
    }
}

impl Serialize for BillCents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let total = self.total();
        let mut named = self.lines.named();
        named.insert("total", &total);
        named.serialize(serializer)
    }
}

/// The bill of one arm in one replication, in cents, in the order of [`Line::ALL`]. `strategy` is `None` for the
/// control arm.
pub fn bill(scenario: &Scenario, strategy: Option<&Strategy>, arm: &ArmResult) -> [u64; Line::ALL.len()] {
    let prices = &scenario.prices;
    let counts = &arm.counts;
    let own_ms = |reason: &ReasonMeasure| reason.handle_ms - reason.partner_ms;
    let handled = |reasons: &[Reason]| -> u64 { reasons.iter().map(|&r| own_ms(&arm.desk.reasons[r as usize])).sum() };
    let by_partner: u64 = arm.desk.reasons.iter().map(|reason| reason.by_partner).sum();
    let minutes = |ms: u64, cents_per_min: u64| rounded(ms, cents_per_min, 60_000);
    let worth = |parts: &[u64], per_worth: u128| -> u64 {
        let cents: u128 = scenario
            .segments()
            .iter()
            .zip(parts)
            .map(|(segment, &parts)| u128::from(parts) * u128::from(segment.worth_cents))
            .sum();
        u64::try_from((cents + per_worth / 2) / per_worth).unwrap_or(u64::MAX)
    };
    let total = |total: Total| counts.total(total);
    let legacy_ms = (legacy_days(scenario, strategy) * 24.0 * HOUR_MS as f64) as u64;
    let accounts = scenario.population.accounts.get();
    let target_h = u128::from(total(Total::TargetHours))
        + u128::from(total(Total::AtTarget)) * u128::from(prices.legacy_days_after.get()) * 24;
    let held_h = u128::from(total(Total::HeldHours))
        + u128::from(total(Total::InOtherHands)) * u128::from(prices.takeover_days_after.get()) * 24;
    Line::ALL.map(|line| match line {
        Line::Messages => rounded(counts.emails, prices.email_cents_per_1000.get(), 1000)
            .saturating_add(counts.texts.saturating_mul(prices.sms_cents.get())),
        Line::Documents => counts.documents.saturating_mul(prices.document_cents.get()),
        Line::Desk => {
            minutes(handled(&[Reason::Access, Reason::Takeover, Reason::Impostor]), prices.desk_cents_per_min.get())
                .saturating_add(minutes(handled(&[Reason::Proofing]), prices.tier2_cents_per_min.get()))
        }
        Line::Review => minutes(handled(&[Reason::Review]), prices.review_cents_per_min.get()),
        Line::Partner => by_partner.saturating_mul(prices.partner_cents_per_contact.get()),
        Line::Alarms => total(Total::Alarms).saturating_mul(prices.alarm_cents.get()),
        Line::Setup => strategy.map_or(0, |strategy| setup::cents(&prices.setup, strategy)),
        Line::Legacy => priced(
            u128::from(legacy_ms) * u128::from(accounts),
            prices.legacy_cents_per_1000_accounts_per_day.get(),
            1000 * 24 * HOUR_MS.unsigned_abs(),
        ),
        Line::Target => priced(target_h, prices.target_cents_per_1000_accounts_per_day.get(), 1000 * 24),
        Line::LostCustomers => worth(&counts.lost, u128::from(CUSTOMER)),
        Line::Blocked => worth(&counts.shut_h, u128::from(CUSTOMER) * YEAR_H),
        Line::Takeovers => counts
            .taken_over
            .iter()
            .sum::<u64>()
            .saturating_mul(prices.takeover_cents.get())
            .saturating_add(priced(held_h, prices.takeover_cents_per_day.get(), 24)),
        Line::Incidents => (total(Total::Solved).saturating_add(total(Total::InOtherHands)))
            .saturating_mul(prices.takeover_solved_cents.get()),
        Line::WrongLinks => total(Total::WrongLinks).saturating_mul(prices.wrong_link_cents.get()),
        Line::Duplicates => {
            (counts.outcome(Outcome::Duplicate) + total(Total::Merged)).saturating_mul(prices.duplicate_cents.get())
        }
        Line::Unfinished if strategy.is_none() => 0,
        Line::Unfinished => counts.outcome(Outcome::Pending).saturating_mul(prices.pending_cents.get()),
    })
}

/// Hours of a year.
const YEAR_H: u128 = 8_766;

/// The mean bill of one arm over its replications, each line to the nearest cent: the bill of a report.
pub fn mean_bill(scenario: &Scenario, strategy: Option<&Strategy>, results: &[&ArmResult]) -> [i64; Line::ALL.len()] {
    let mut sums = [0_u128; Line::ALL.len()];
    for arm in results {
        let bill = bill(scenario, strategy, arm);
        sums.iter_mut().zip(bill).for_each(|(sum, cents)| *sum += u128::from(cents));
    }
    let n = results.len().max(1) as u128;
    // A line is far from this limit unless prices are absurd; a sum of lines must not pass it.
    const MOST: u128 = i64::MAX as u128 / 16;
    sums.map(|sum| ((sum + n / 2) / n).min(MOST) as i64)
}

/// Days for which the legacy platform runs: to the cut-off, or beyond the horizon for as long as nobody has set an end.
pub fn legacy_days(scenario: &Scenario, strategy: Option<&Strategy>) -> f64 {
    let latest = (scenario.horizon_days.get() + scenario.prices.legacy_days_after.get()) as f64;
    strategy
        .and_then(|strategy| strategy.cut_off)
        .map_or(latest, |cut_off| cut_off.day.get().min(latest))
}

/// `count x cents / per`, to the nearest cent.
fn rounded(count: u64, cents: u64, per: u64) -> u64 {
    priced(u128::from(count), cents, per)
}

/// The same for a count that may be larger.
fn priced(count: u128, cents: u64, per: u64) -> u64 {
    let cents = count.saturating_mul(u128::from(cents)).saturating_add(u128::from(per) / 2) / u128::from(per);
    u64::try_from(cents).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::staffing::Staffing;
    use crate::measure::counts::Counts;
    use crate::measure::desk::DeskMeasure;

    /// 10,000 accounts, 100 days, two segments, two strategies: one without an end of the legacy platform, one with.
    fn scenario() -> Scenario {
        let built = Scenario::builder("bill")
            .accounts(10_000)
            .horizon_days(100)
            .strategy(Strategy::preset("reset-only").expect("a preset").named("open"))
            .strategy(Strategy::preset("reset-only").expect("a preset").named("ended"))
            .build();
        let mut scenario = built.expect("a scenario");
        let segment = |name: &str, worth: u64| crate::scenario::Segment {
            name: name.to_owned(),
            worth_cents: worth,
            ..scenario.segments()[0].clone()
        };
        let segments = vec![segment("rich", 10_000), segment("poor", 100)];
        scenario.replace_segments(segments);
        scenario.strategies[0].cut_off = None;
        scenario.strategies[1].cut_off = Some(crate::strategy::CutOff {
            day: crate::values::Amount::new(60.5),
            tail: crate::strategy::treatment::Treatment::ResetLink,
        });
        scenario
    }

    fn empty(scenario: &Scenario) -> ArmResult {
        ArmResult {
            counts: Counts::new(2, scenario.hours()),
            desk: DeskMeasure::new(scenario, &Staffing::new(scenario)),
            decisions: Vec::new(),
        }
    }

    fn line(scenario: &Scenario, strategy: Option<usize>, arm: &ArmResult, line: Line) -> u64 {
        bill(scenario, strategy.map(|place| &scenario.strategies[place]), arm)[line as usize]
    }

    #[test]
    fn the_platforms_are_charged_for_the_same_time_and_the_legacy_one_until_its_end() {
        let scenario = scenario();
        let mut arm = empty(&scenario);
        // 10,000 accounts at 60 cents per 1,000 and day: 600 a day, for 100 + 180 days, or 60.5.
        for (strategy, cents) in [(None, 168_000), (Some(0), 168_000), (Some(1), 36_300)] {
            assert_eq!(line(&scenario, strategy, &arm, Line::Legacy), cents);
        }
        // 24,000 account-hours are 1,000 account-days: 60 cents. 50 accounts for 180 days more: 9,000 days, 540 cents.
        arm.counts.totals[Total::TargetHours as usize] = 24_000;
        arm.counts.totals[Total::AtTarget as usize] = 50;
        assert_eq!(line(&scenario, Some(1), &arm, Line::Target), 600);
        // Rounded once: 7 accounts cost 0.42 cents a day.
        let mut few = scenario;
        few.adopt(7, "");
        assert_eq!(line(&few, None, &arm, Line::Legacy), 118, "117.6 cents");
    }

    #[test]
    fn customers_are_counted_whole_and_locked_out_hours_by_their_worth() {
        let scenario = scenario();
        let mut arm = empty(&scenario);
        // Two and a half customers of 100.00, three of 1.00.
        arm.counts.lost = vec![CUSTOMER * 5 / 2, CUSTOMER * 3];
        assert_eq!(line(&scenario, None, &arm, Line::LostCustomers), 25_300);
        // 87,660 hours of one customer are ten years of 100.00; of half a customer, five.
        arm.counts.shut_h = vec![87_660 * CUSTOMER, 0];
        assert_eq!(line(&scenario, None, &arm, Line::Blocked), 100_000);
        arm.counts.shut_h = vec![87_660 * CUSTOMER / 2, 87_660 * CUSTOMER];
        assert_eq!(line(&scenario, None, &arm, Line::Blocked), 51_000);
    }

    #[test]
    fn takeovers_mistakes_and_what_is_not_done_are_charged() {
        let scenario = scenario();
        let mut arm = empty(&scenario);
        arm.counts.taken_over[0] = 3;
        arm.counts.taken_over[1] = 4;
        arm.counts.totals[Total::HeldHours as usize] = 36;
        arm.counts.totals[Total::Solved as usize] = 2;
        // 7 x 10.00 at once, a day and a half at 0.20 a day; two times 50.00.
        assert_eq!(line(&scenario, None, &arm, Line::Takeovers), 7_030);
        assert_eq!(line(&scenario, None, &arm, Line::Incidents), 10_000);
        // One who is inside at the end: 180 days at 0.20, and 50.00 for setting it right.
        arm.counts.totals[Total::InOtherHands as usize] = 1;
        assert_eq!(line(&scenario, None, &arm, Line::Takeovers), 10_630);
        assert_eq!(line(&scenario, None, &arm, Line::Incidents), 15_000);
        arm.counts.totals[Total::WrongLinks as usize] = 2;
        assert_eq!(line(&scenario, None, &arm, Line::WrongLinks), 24_000);
        arm.counts.totals[Total::Alarms as usize] = 5;
        assert_eq!(line(&scenario, None, &arm, Line::Alarms), 6_500);
        arm.counts.outcomes[1][Outcome::Duplicate.index()] = 4;
        arm.counts.totals[Total::Merged as usize] = 6;
        assert_eq!(line(&scenario, None, &arm, Line::Duplicates), 15_000);
        arm.counts.outcomes[0][Outcome::Pending.index()] = 9;
        assert_eq!(line(&scenario, Some(0), &arm, Line::Unfinished), 2_700);
        assert_eq!(line(&scenario, None, &arm, Line::Unfinished), 0, "the control arm has nothing to finish");
        assert_eq!(line(&scenario, None, &arm, Line::Setup), 0);
        // A reset campaign: 20,000.00 for any migration, 3,000.00 for the mails, and a review team if it has one.
        let setup = line(&scenario, Some(0), &arm, Line::Setup);
        assert!([2_300_000, 3_300_000].contains(&setup), "{setup}");
    }

    #[test]
    fn absurd_counts_and_prices_end_at_the_largest_number_and_not_beyond() {
        let mut scenario = scenario();
        scenario.prices.wrong_link_cents = crate::values::Whole::new(100_000_000_000);
        let mut arm = empty(&scenario);
        arm.counts.totals = [u64::MAX; Total::ALL.len()];
        arm.counts.lost = vec![u64::MAX; 2];
        let all = bill(&scenario, Some(&scenario.strategies[0]), &arm);
        assert_eq!(all[Line::WrongLinks as usize], u64::MAX);
        let mean = mean_bill(&scenario, Some(&scenario.strategies[0]), &[&arm, &arm]);
        assert!(mean.iter().all(|cents| *cents >= 0) && mean.iter().sum::<i64>() > 0, "{mean:?}");
    }

    #[test]
    fn cents_are_rounded_once() {
        assert_eq!(rounded(1_499, 100, 1000), 150);
        assert_eq!(rounded(1_494, 100, 1000), 149);
        assert_eq!(rounded(u64::MAX, 1000, 1000), u64::MAX, "no overflow on the way");
    }
}
