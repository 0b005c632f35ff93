//! Flips: prices at which another strategy would be the cheaper one, found by making out the bills anew.
//!
//! Every price of the scenario is tried alone, the others unchanged: from nothing to a hundredfold. What customers did
//! stays as it was. The bill is linear in each price, rounding apart, so the order of two strategies changes at one
//! place at most; it is found to the cent by halving.

use crate::engine::{ArmResult, Replication};
use crate::numbers::grouped;
use crate::results::costs;
use crate::scenario::Scenario;
use crate::scenario::prices::{Cents, Prices};

/// How far a price is raised.
const FOLD: u64 = 100;

/// A price that bills are made out with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// A key of `[prices]`.
    Key(&'static str),
    /// What a lost customer costs (`worth_cents`), where all are worth the same.
    LostCustomer,
    /// What each lost customer costs, in thousandths of what it is now, where segments differ in it.
    LostCustomers,
}

/// A price at which the order of two strategies changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The price.
    pub price: Price,
    /// Whether it must rise above the limit; if not, it must fall below it.
    pub above: bool,
    /// The limit, at which the order is still kept: cents, or thousandths.
    pub limit: u64,
    /// What the price is now, in the same unit.
    pub now: u64,
}

/// The keys of `[prices]` in the order of the bill, what each one buys, and where it stands.
type Entry = (&'static str, &'static str, fn(&mut Prices) -> &mut Cents);

const PRICES: [Entry; 9] = [
    ("email_cents_per_1000", "a thousand e-mails", |prices| &mut prices.email_cents_per_1000),
    ("sms_cents", "a text message", |prices| &mut prices.sms_cents),
    ("document_cents", "a document check", |prices| &mut prices.document_cents),
    ("desk_cents_per_min", "a minute of a first-line agent", |prices| &mut prices.desk_cents_per_min),
    ("tier2_cents_per_min", "a minute of a second-line agent", |prices| &mut prices.tier2_cents_per_min),
    ("review_cents_per_min", "a minute of a reviewer", |prices| &mut prices.review_cents_per_min),
    ("partner_cents_per_contact", "a contact that a partner takes", |prices| {
        &mut prices.partner_cents_per_contact
    }),
    (
        "legacy_cents_per_1000_accounts_per_day",
        "a day of the legacy platform, for 1,000 accounts,",
        |prices| &mut prices.legacy_cents_per_1000_accounts_per_day,
    ),
    ("takeover_cents", "an account takeover", |prices| &mut prices.takeover_cents),
];

impl Flip {
    /// As a sentence about the strategy that would be the cheaper one.
    pub fn sentence(&self, other: &str) -> String {
        let (bought, limit, now) = match self.price {
            Price::LostCustomers => ("each lost customer", times(self.limit), String::new()),
            Price::LostCustomer => ("a lost customer", cents(self.limit), cents(self.now)),
            Price::Key(key) => {
                let bought = PRICES.iter().find(|(known, ..)| *known == key).map_or(key, |(_, bought, _)| bought);
                (bought, cents(self.limit), cents(self.now))
            }
        };
        let verb = if self.above { "more" } else { "less" };
        let now = if now.is_empty() { now } else { format!(" (now {now})") };
        format!("{other} would be the cheaper one if {bought} cost {verb} than {limit}{now}.")
    }
}

/// Money to the cent.
fn cents(cents: u64) -> String {
    let (units, rest) = (grouped((cents / 100) as f64), cents % 100);
    if rest == 0 && cents >= 10_000 {
        units
    } else {
        format!("{units}.{rest:02}")
    }
}

/// Thousandths of what something costs now.
fn times(thousandths: u64) -> String {
    let text = format!("{}.{:03}", grouped((thousandths / 1000) as f64), thousandths % 1000);
    format!("{} times what it costs now", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What is to be said of the prices that would make `other` the cheaper one, the first strategy having the smaller bill.
/// Nothing if nothing has a price.
pub fn sentences(scenario: &Scenario, replications: &[Replication], better: &str, other: &str) -> Vec<String> {
    let place = |name: &str| scenario.strategies.iter().position(|strategy| strategy.name == name);
    let (Some(a), Some(b)) = (place(better), place(other)) else {
        return Vec::new();
    };
    match flips(scenario, replications, a, b) {
        (_, 0) => Vec::new(),
        (found, tried) if found.is_empty() => {
            let which = match tried {
                1 => "The only price that is above 0".to_owned(),
                n => format!("None of the {n} prices that are above 0"),
            };
            let would = if tried == 1 { "would not" } else { "would" };
            vec![format!(
                "{which}, changed alone, down to nothing or up to a hundredfold, {would} make {other} the cheaper one."
            )]
        }
        (found, _) => found.iter().map(|flip| flip.sentence(other)).collect(),
    }
}

/// The bills of two strategies, the cheaper one and another, under changing prices.
struct Bills<'a> {
    scenario: Scenario,
    arms: [(usize, Vec<&'a ArmResult>); 2],
}

impl Bills<'_> {
    /// By how many cents the other strategy is dearer, as the report has it: rounded means of each line.
    fn lead(&self) -> i64 {
        let [better, other] = [&self.arms[0], &self.arms[1]].map(|(place, results)| {
            costs::mean_bill(&self.scenario, self.scenario.strategies.get(*place), results).iter().sum::<i64>()
        });
        other.saturating_sub(better)
    }

    /// The price at which the order changes between `now` and `most`, or between nothing and `now`.
    fn flip(&mut self, price: Price, now: u64, most: u64, set: &dyn Fn(&mut Scenario, u64)) -> Option<Flip> {
        let mut other_is_cheaper = |value: u64| {
            set(&mut self.scenario, value);
            self.lead() < 0
        };
        // `kept` is a price at which the order is kept, `turned` one at which it is not.
        let (mut kept, mut turned) = (now, [most, 0].into_iter().find(|&end| other_is_cheaper(end))?);
        while kept.abs_diff(turned) > 1 {
            let middle = kept.midpoint(turned);
            if other_is_cheaper(middle) {
                turned = middle;
            } else {
                kept = middle;
            }
        }
        Some(Flip { price, above: turned > kept, limit: kept, now })
    }
}

/// Which prices, changed alone, would make `other` the cheaper one of two strategies, and how many prices were tried:
/// all that are above 0. Strategies are named by their place in the scenario; the first has the smaller bill.
pub fn flips(scenario: &Scenario, replications: &[Replication], better: usize, other: usize) -> (Vec<Flip>, usize) {
    let arm = |place: usize| {
        (place, replications.iter().filter_map(move |replication| replication.arms.get(place + 1)).collect())
    };
    let mut bills = Bills { scenario: scenario.clone(), arms: [arm(better), arm(other)] };
    let (mut found, mut tried) = (Vec::new(), 0);
    for (key, _, slot) in PRICES {
        let now = *slot(&mut bills.scenario.prices);
        if now.get() > 0 {
            tried += 1;
            let most = (FOLD * now.get()).min(Cents::MOST);
            let set = |scenario: &mut Scenario, cents: u64| {
                *slot(&mut scenario.prices) = i64::try_from(cents).ok().and_then(|c| c.try_into().ok()).unwrap_or(now);
            };
            found.extend(bills.flip(Price::Key(key), now.get(), most, &set));
            *slot(&mut bills.scenario.prices) = now;
        }
    }
    let worths: Vec<u64> = scenario.segments().iter().map(|segment| segment.worth_cents).collect();
    if worths.iter().any(|&worth| worth > 0) {
        tried += 1;
        let now = worths[0];
        found.extend(if worths.iter().all(|worth| *worth == now) {
            bills.flip(Price::LostCustomer, now, FOLD * now, &|scenario, cents| {
                scenario.set_worths(|_| cents);
            })
        } else {
            bills.flip(Price::LostCustomers, 1000, FOLD * 1000, &|scenario, thousandths| {
                scenario.set_worths(|place| (worths[place] * thousandths + 500) / 1000);
            })
        });
    }
    (found, tried)
}
