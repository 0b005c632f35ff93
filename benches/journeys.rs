//! Journeys in memory, per account-strategy, beside what no simulation of single accounts can do without: drawing each
//! account.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cutover::engine;
use cutover::population::unit::Unit;
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

fn draw_accounts(scenario: &Scenario) -> u64 {
    let population = engine::stage(scenario, None, 0).population;
    let mut unit = Unit::default();
    let mut in_target = 0;
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        in_target += unit.accounts.iter().filter(|account| account.record.in_target).count() as u64;
    }
    in_target
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
    group.bench_function("bare: accounts drawn once, one thread", |bencher| bencher.iter(|| draw_accounts(&scenario)));
    group.finish();
}

criterion_group!(benches, journeys);
criterion_main!(benches);
