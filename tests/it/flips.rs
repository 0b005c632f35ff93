//! What is said about prices must be true: each limit is found again by making out the bills anew, price by price.

use cutover::engine::Replication;
use cutover::report::flips::{self, Price};
use cutover::report::series;
use cutover::report::summary::Summary;
use cutover::report::verdict::Verdict;
use cutover::results::costs::{Line, bill};
use cutover::scenario_file::Loaded;
use proptest::prelude::*;

use super::support::{cases, load, replications};

/// Every line of the bill has something on it: texts, documents, both lines, reviewers, a partner.
const TEXT: &str = r#"
    horizon_days = 75
    replications = 2
    strategies = [
      { preset = "reset-only", controls = { fallback = "tier2" }, cut_off = { day = 50 } },
      { preset = "risk-based", controls = { fallback = "tier2" }, cut_off = { day = 55 } },
    ]
    [population]
    accounts = 3_000
    segments = [
      { name = "often", share = 0.4, sign_ins = { shape = 1.0, rate_days = 8 } },
      { name = "seldom", share = 0.6 },
    ]
    [desk]
    for_accounts = 30_000
    tier2.agents = 10
    partner.agents = 20
    partner.after_s = 0
    tier1.agents = 20
"#;

/// Every key of `[prices]` with its default, read off the schema of the scenario file.
fn keys() -> Vec<(String, u64)> {
    let schema = cutover::scenario_file::schema::json_schema();
    let referred = |node: &serde_json::Value| {
        let to = node["$ref"].as_str().or_else(|| node["allOf"][0]["$ref"].as_str());
        to.and_then(|to| schema.pointer(to.trim_start_matches('#'))).unwrap_or(node).clone()
    };
    let mut keys = Vec::new();
    let mut nodes = vec![(String::new(), referred(&schema["properties"]["prices"]))];
    while let Some((path, node)) = nodes.pop() {
        for (key, inner) in node["properties"].as_object().expect("a section") {
            let (key, whole) = (format!("{path}{key}"), referred(inner));
            match inner["default"].as_u64() {
                Some(number) if !whole["properties"].is_object() => keys.push((key, number)),
                _ => nodes.push((format!("{key}."), whole)),
            }
        }
    }
    keys.sort();
    keys
}

/// Prices as they could be stated: each key, and the worth of customers in each of the two segments.
#[derive(Clone, Debug)]
struct Stated {
    prices: Vec<(String, u64)>,
    worths: [u64; 2],
}

impl Stated {
    /// The defaults, but for these.
    fn new(changed: &[(&str, u64)], worths: [u64; 2]) -> Self {
        let mut prices = keys();
        for (key, number) in changed {
            prices.iter_mut().find(|(known, _)| known == key).expect("a key").1 = *number;
        }
        Self { prices, worths }
    }

    /// Nothing has a price, but these.
    fn only(changed: &[(&str, u64)], worths: [u64; 2]) -> Self {
        let of = |key: &str| changed.iter().find(|(known, _)| *known == key).map_or(0, |(_, number)| *number);
        Self {
            prices: keys().into_iter().map(|(key, _)| (key.clone(), of(&key))).collect(),
            worths,
        }
    }

    fn load(&self) -> Loaded {
        let mut sets: Vec<String> = self.prices.iter().map(|(key, c)| format!("prices.{key}={c}")).collect();
        sets.extend((0..2).map(|n| format!("population.segments.{n}.worth_cents={}", self.worths[n])));
        load(TEXT, &sets.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// By how many cents strategy `b` is dearer than `a`, each line a mean to the nearest cent.
    fn lead(&self, replications: &[Replication], a: usize, b: usize) -> i64 {
        let scenario = self.load().scenario;
        let total = |place: usize| -> i64 {
            let bills =
                replications.iter().map(|r| bill(&scenario, Some(&scenario.strategies[place]), &r.arms[place + 1]));
            let bills: Vec<_> = bills.collect();
            let n = bills.len() as u64;
            (0..Line::ALL.len())
                .map(|line| ((bills.iter().map(|b| b[line]).sum::<u64>() + n / 2) / n) as i64)
                .sum()
        };
        total(b) - total(a)
    }

    fn with(&self, price: &Price, value: u64) -> Self {
        let mut changed = self.clone();
        match price {
            Price::Key(key) => changed.prices.iter_mut().find(|(known, _)| known == key).expect("a key").1 = value,
            Price::LostCustomer => changed.worths = [value; 2],
            Price::LostCustomers => changed.worths = self.worths.map(|worth| (worth * value + 500) / 1000),
        }
        changed
    }

    /// Every price that is above 0, with its value.
    fn prices(&self) -> Vec<(Price, u64)> {
        let keys = self.prices.iter().map(|(key, cents)| (Price::Key(key.clone()), *cents));
        let worth = if self.worths[0] == self.worths[1] {
            (Price::LostCustomer, self.worths[0])
        } else {
            (Price::LostCustomers, 1000)
        };
        keys.chain([worth]).filter(|(_, now)| *now > 0).collect()
    }
}

fn stated() -> impl Strategy<Value = Stated> {
    let cents = || prop_oneof![1 => Just(0_u64), 4 => 1_u64..300, 2 => 1_u64..100_000];
    let worths = prop_oneof![cents().prop_map(|worth| [worth; 2]), [cents(), cents()]];
    let keys = keys();
    (prop::collection::vec(cents(), keys.len()), worths).prop_map(move |(cents, worths)| {
        let price = |((key, _), cents): (&(String, u64), u64)| {
            // Days are few.
            (key.clone(), if key.contains("cents") { cents } else { cents.min(3_000) })
        };
        Stated { prices: keys.iter().zip(cents).map(price).collect(), worths }
    })
}

/// Holds everything that is told of these prices against bills made out anew; says how many flips there were, and how
/// many prices without one.
fn check(stated: &Stated, replications: &[Replication]) -> (usize, usize) {
    let loaded = stated.load();
    let order = if stated.lead(replications, 0, 1) >= 0 {
        (0, 1)
    } else {
        (1, 0)
    };
    let lead = |price: &Price, value| stated.with(price, value).lead(replications, order.0, order.1);
    let (found, tried) = flips::flips(&loaded.scenario, replications, order.0, order.1);
    let prices = stated.prices();
    assert_eq!(tried, prices.len(), "every price above 0 is tried");
    for (price, now) in prices {
        let price = &price;
        let most = match price {
            Price::Key(key) if !key.contains("cents") => (100 * now).min(3_650),
            _ => 100 * now,
        };
        match found.iter().find(|flip| flip.price == *price) {
            Some(flip) => {
                assert_eq!(flip.now, now);
                let beyond = if flip.above { flip.limit + 1 } else { flip.limit - 1 };
                assert!(lead(price, flip.limit) >= 0, "{flip:?}: it flips before its limit");
                assert!(lead(price, beyond) < 0, "{flip:?}: it does not flip beyond its limit");
                // Far beyond it stays flipped, and on this side it stays as it is.
                let far = if flip.above { most } else { 0 };
                assert!(lead(price, far) < 0, "{flip:?}: not the cheaper one at {far}");
                assert!(lead(price, flip.limit.midpoint(now)) >= -8, "{flip:?}: rounding apart, the order is kept");
                assert!(if flip.above {
                    flip.limit >= now
                } else {
                    flip.limit <= now
                });
            }
            None => {
                for value in [0, now / 2, 2 * now, 10 * now, most].into_iter().filter(|value| *value <= most) {
                    assert!(
                        lead(price, value) >= 0,
                        "{price:?}: at {value} the other one is cheaper, and nobody says so"
                    );
                }
            }
        }
    }
    (found.len(), tried - found.len())
}

/// A price that is added and not tried, or tried without words for it, would make the sentence untrue.
#[test]
fn every_key_of_the_schema_is_tried_and_has_words() {
    let of_the_schema: Vec<String> = keys().into_iter().map(|(key, _)| key).collect();
    assert!(of_the_schema.len() >= 29, "{of_the_schema:?}");
    let scenario = load(TEXT, &[]).scenario;
    let mut tried: Vec<String> = flips::keys(&scenario.prices).into_iter().map(|(key, _)| key).collect();
    tried.sort();
    assert_eq!(tried, of_the_schema);
    let without: Vec<_> = tried.iter().filter(|key| key.contains("cents") && flips::bought(key).is_none()).collect();
    assert!(without.is_empty(), "no words for {without:?}");
}

#[test]
fn every_price_flips_where_it_is_said_to_and_nowhere_else() {
    let base = Stated::new(&[("takeover_cents", 15_000)], [5_000, 500]);
    let replications = replications(&base.load());
    let scenario = base.load().scenario;
    let has = |line: Line| {
        let bill = |r: &Replication, a: usize| bill(&scenario, Some(&scenario.strategies[a]), &r.arms[a + 1]);
        replications.iter().any(|r| (0..2).any(|a| bill(r, a)[line as usize] > 0))
    };
    let empty: Vec<_> = Line::ALL.into_iter().filter(|&line| !has(line)).collect();
    assert!(empty.is_empty(), "nothing on these lines of the bill: {empty:?}");

    check(&base, &replications);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        cases(12),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = std::cell::Cell::new((0, 0));
    runner
        .run(&stated(), |stated| {
            let (some, others) = check(&stated, &replications);
            counts.set((counts.get().0 + some, counts.get().1 + others));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (flips, none) = counts.get();
    assert!(flips > 20 && none > 20, "{flips} flips and {none} prices without one prove nothing");
}

#[test]
fn the_sentences_name_the_price_and_its_limit_or_how_many_were_tried() {
    let base = Stated::new(&[], [5_000, 5_000]);
    let replications = replications(&base.load());
    let told = |stated: &Stated| {
        let scenario = stated.load().scenario;
        let summary = Summary::new(&scenario, &replications);
        let verdict = Verdict::new(&scenario, &summary, &series::hourly(&scenario, &replications), &replications);
        (verdict.flips, verdict.pair.expect("a pair"))
    };
    // Only customers cost anything: whoever loses fewer is cheaper at any worth.
    let only = Stated::only(&[], [5_000, 5_000]);
    let (flips, (_, other)) = told(&only);
    let expected = format!(
        "The only price that is above 0, changed alone, down to nothing or up to a hundredfold, would not make {other} \
         the cheaper one."
    );
    assert_eq!(flips, [expected]);
    // The legacy platform costs the one more, the second line the other: at some price of its minutes the order changes,
    // and it is named as what it is, not as the first line.
    let legacy = "legacy_cents_per_1000_accounts_per_day";
    let two = |cents| Stated::only(&[("tier2_cents_per_min", 20), (legacy, cents)], [0, 0]);
    let (stated, flips, other) = (1..200)
        .find_map(|n| {
            let (flips, (_, other)) = told(&two(100 * n));
            flips[0].contains("second-line").then(|| (two(100 * n), flips, other))
        })
        .expect("a price of the legacy platform at which the second line decides");
    let places = if other == "risk-based" { (0, 1) } else { (1, 0) };
    let (found, _) = flips::flips(&stated.load().scenario, &replications, places.0, places.1);
    let limit = found
        .iter()
        .find(|flip| flip.price == Price::Key("tier2_cents_per_min".to_owned()))
        .expect("a flip")
        .limit;
    assert!(
        flips[0].starts_with(&format!("{other} would be the cheaper one if a minute of a second-line agent cost ")),
        "{flips:?}"
    );
    assert!(flips[0].ends_with(" (now 0.20)."), "{flips:?}");
    assert!(flips[0].contains(&format!(" than {}.{:02} ", limit / 100, limit % 100)), "{flips:?}");
}
