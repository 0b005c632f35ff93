//! Flips: prices at which another strategy would be the cheaper one, found by making out the bills anew.
//!
//! Every key of `[prices]` is tried alone, the others unchanged: from nothing to a hundredfold. The keys are read off the
//! prices themselves, so none can be missing. What customers did stays as it was. The difference of two bills goes one way
//! only with each price, rounding apart, so their order changes at one place at most; it is found to the cent by halving.

use crate::engine::{ArmResult, Replication};
use crate::numbers::grouped;
use crate::results::costs;
use crate::scenario::Scenario;
use crate::scenario::prices::Prices;

/// How far a price is raised.
const FOLD: u64 = 100;

/// A price that bills are made out with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// A key of `[prices]`, as in `setup.base_cents`.
    Key(String),
    /// What a lost customer costs (`worth_cents`), where all are worth the same.
    LostCustomer,
    /// What each lost customer costs, in thousandths of what it is now, where segments differ in it.
    LostCustomers,
}

/// A price at which the order of two strategies changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The price.
    pub price: Price,
    /// Whether it must rise above the limit; if not, it must fall below it.
    pub above: bool,
    /// The limit, at which the order is still kept: cents, days (of a key that counts them), or thousandths.
    pub limit: u64,
    /// What the price is now, in the same unit.
    pub now: u64,
}

/// What the keys of `[prices]` buy, in words.
const BOUGHT: [(&str, &str); 28] = [
    ("email_cents_per_1000", "a thousand e-mails"),
    ("sms_cents", "a text message"),
    ("document_cents", "a document check"),
    ("desk_cents_per_min", "a minute of a first-line agent"),
    ("review_cents_per_min", "a minute of a reviewer"),
    ("tier2_cents_per_min", "a minute of a second-line agent"),
    ("partner_cents_per_contact", "a contact that a partner takes"),
    ("legacy_cents_per_1000_accounts_per_day", "a day of the legacy platform, for 1,000 accounts,"),
    ("target_cents_per_1000_accounts_per_day", "a day of the new platform, for 1,000 linked accounts,"),
    ("takeover_cents", "an account takeover, at once,"),
    ("takeover_cents_per_day", "each day of a takeover"),
    ("takeover_solved_cents", "setting a takeover right"),
    ("wrong_link_cents", "a wrong link that somebody sees"),
    ("duplicate_cents", "putting two identities together"),
    ("alarm_cents", "a false alarm of fraud monitoring"),
    ("pending_cents", "an active customer who has not moved at the horizon"),
    ("setup.base_cents", "setting up any migration at all"),
    ("setup.campaign_cents", "setting up campaign mails"),
    ("setup.hash_import_cents", "setting up the import of hashes"),
    ("setup.lazy_verify_cents", "setting up verification at the legacy platform"),
    ("setup.social_relink_cents", "setting up social sign-in anew"),
    ("setup.magic_link_cents", "setting up sign-in by mailed link"),
    ("setup.step_up_cents", "setting up the step-up"),
    ("setup.passkey_cents", "setting up passkeys"),
    ("setup.federate_cents", "setting up federation"),
    ("setup.review_cents", "setting up the review team"),
    ("setup.matching_cents", "setting up the matching of directories"),
    ("setup.scoring_cents", "setting up the risk score"),
];

/// What is counted for so many days after the horizon, in words, by key; and what else to say of it.
const CHARGED: [(&str, &str, &str); 2] = [
    (
        "legacy_days_after",
        "platforms were charged",
        ": the new one for those who have moved, the old one where no end is set",
    ),
    ("takeover_days_after", "accounts in other hands were held", ""),
];

/// What a key of `[prices]` buys, in words; a key that counts no money has none.
pub fn bought(key: &str) -> Option<&'static str> {
    BOUGHT.iter().find(|(known, _)| *known == key).map(|(_, bought)| *bought)
}

/// Every key of `[prices]` with its value, in the order of the file: a section within has a dot.
pub fn keys(prices: &Prices) -> Vec<(String, u64)> {
    let value = serde_json::to_value(prices).unwrap_or_default();
    let (mut single, mut within) = (Vec::new(), Vec::new());
    for (key, value) in value.as_object().into_iter().flatten() {
        single.extend(value.as_u64().map(|number| (key.clone(), number)));
        for (inner, value) in value.as_object().into_iter().flatten() {
            within.extend(value.as_u64().map(|number| (format!("{key}.{inner}"), number)));
        }
    }
    single.extend(within);
    let place = |key: &str| BOUGHT.iter().position(|(known, _)| *known == key).unwrap_or(usize::MAX);
    single.sort_by_key(|(key, _)| place(key));
    single
}

/// The highest value of a key up to a hundredfold that is allowed.
fn most(prices: &Prices, key: &str, now: u64) -> u64 {
    let (mut allowed, mut beyond) = (now, FOLD.saturating_mul(now));
    if prices.with(key, beyond).is_some() {
        return beyond;
    }
    while beyond - allowed > 1 {
        let middle = allowed.midpoint(beyond);
        if prices.with(key, middle).is_some() {
            allowed = middle;
        } else {
            beyond = middle;
        }
    }
    allowed
}

impl Flip {
    /// As a sentence about the strategy that would be the cheaper one.
    pub fn sentence(&self, other: &str) -> String {
        let verb = if self.above { "more" } else { "less" };
        let (bought, limit, now) = match &self.price {
            Price::LostCustomers => ("each lost customer", times(self.limit), String::new()),
            Price::LostCustomer => ("a lost customer", cents(self.limit), format!(" (now {})", cents(self.now))),
            Price::Key(key) => {
                if let Some((_, what, note)) = CHARGED.iter().find(|(days, ..)| days == key) {
                    return format!(
                        "{other} would be the cheaper one if {what} for {verb} than {} days after the horizon (now {}){note}.",
                        self.limit, self.now
                    );
                }
                (bought(key).unwrap_or(key), cents(self.limit), format!(" (now {})", cents(self.now)))
            }
        };
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
    let stated = scenario.prices.clone();
    for (key, now) in keys(&stated).into_iter().filter(|(_, now)| *now > 0) {
        tried += 1;
        let set = |scenario: &mut Scenario, number: u64| {
            scenario.prices = stated.with(&key, number).unwrap_or_else(|| stated.clone());
        };
        found.extend(bills.flip(Price::Key(key.clone()), now, most(&stated, &key, now), &set));
        bills.scenario.prices.clone_from(&stated);
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
