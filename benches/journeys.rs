//! Journeys in memory, per account-strategy, beside what no simulation of single accounts can do without: drawing each
//! account.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cutover::engine;
use cutover::population::{Population, Unit};
use cutover::random::Seed;
use cutover::report::summary::Summary;
use cutover::scenario::Scenario;
use cutover::watch::Unwatched;
use xxhash_rust::xxh3::xxh3_64;

fn retail(accounts: u32) -> Scenario {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/retail.toml");
    let sets = [format!("population.accounts={accounts}"), "replications=1".to_owned()];
    let loaded = Scenario::load(path.as_ref(), &[], &sets).expect("a valid scenario");
    loaded.scenario
}

fn simulate(scenario: &Scenario) -> u64 {
    let replications = engine::run(scenario, None, None, &Unwatched).expect("a run");
    xxh3_64(&Summary::new(scenario, &replications).json().expect("a summary can be written"))
}

fn population(scenario: &Scenario) -> Population {
    Population::new(scenario, Seed::new(u64::from(scenario.seed), 0), None)
}

fn draw_accounts(scenario: &Scenario) -> u64 {
    let population = population(scenario);
    let mut unit = Unit::default();
    let mut in_target = 0;
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        in_target += unit.accounts.iter().filter(|account| account.record.in_target).count() as u64;
    }
    in_target
}

/// As above, and everything about each account is looked at.
fn draw_everything(scenario: &Scenario) -> f64 {
    let population = population(scenario);
    let mut unit = Unit::default();
    let mut days = 0.0;
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        days += unit.accounts.iter().map(|account| f64::from(account.history().verified_days)).sum::<f64>();
    }
    days
}

/// Prints how many bare draws of an account its walk under one strategy takes, by the quickest of ten rounds of each.
#[allow(clippy::disallowed_methods, reason = "a bench is about real time")]
fn print_ratio(scenario: &Scenario) {
    let quickest = |work: &dyn Fn()| {
        let time = |_| {
            let began = Instant::now();
            work();
            began.elapsed()
        };
        (0..10).map(time).min().unwrap_or_default().as_secs_f64()
    };
    let walks = quickest(&|| {
        black_box(simulate(scenario));
    }) / (1 + scenario.strategies.len()) as f64;
    let draw = quickest(&|| {
        black_box(draw_accounts(scenario));
    });
    println!("an account under one strategy takes {:.1} times as long as drawing it, one thread", walks / draw);
}

fn journeys(criterion: &mut Criterion) {
    let scenario = retail(50_000);
    println!("summary {:016x}, accounts {:016x}", simulate(&scenario), draw_accounts(&scenario));
    let mut group = criterion.benchmark_group("journeys");
    group.sample_size(10);
    group.throughput(Throughput::Elements(50_000 * scenario.strategies.len() as u64));
    group.bench_function("three strategies, all cores", |bencher| bencher.iter(|| simulate(&scenario)));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    group.bench_function("three strategies, one thread", |bencher| {
        bencher.iter(|| one.install(|| simulate(&scenario)));
    });
    group.throughput(Throughput::Elements(50_000));
    group.bench_function("bare: accounts drawn once, one thread", |bencher| {
        bencher.iter(|| one.install(|| draw_accounts(&scenario)));
    });
    group.bench_function("bare: accounts drawn once and looked at, one thread", |bencher| {
        bencher.iter(|| one.install(|| draw_everything(&scenario)));
    });
    group.finish();
    one.install(|| print_ratio(&scenario));
}

criterion_group!(benches, journeys);
criterion_main!(benches);
