//! The desk on M/M/50+M (48 arrivals a minute, one minute to handle, two minutes of patience), per customer, beside a
//! bare loop of the same rules: a heap of busy agents, and a queue whose deadlines are looked at when an agent is free.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cutover::desk::staffing::Staffing;
use cutover::desk::{Floor, NoCallers};
use cutover::measure::desk::DeskMeasure;
use cutover::random::{Purpose, Seed};
use cutover::scenario::Scenario;
use rand_distr::{Distribution, Exp1};
use xxhash_rust::xxh3::xxh3_64;

const DAYS: u32 = 7;

fn scenario() -> Scenario {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/desk-only.toml");
    let loaded = Scenario::load(path.as_ref(), &[], &[format!("horizon_days={DAYS}")]).expect("a valid scenario");
    loaded.scenario
}

/// Customers, and a hash of what became of them.
fn with_the_desk(scenario: &Scenario) -> (u64, u64) {
    let staffing = Staffing::new(scenario);
    let measure = DeskMeasure::new(scenario, &staffing);
    let floor = Floor::new(scenario, &staffing, Seed::new(1, 0), measure);
    let measure = floor.run(scenario.hours(), &mut NoCallers).finish();
    let phone = &measure.channels[0];
    (phone.hours.iter().map(|hour| hour.offered).sum(), xxh3_64(format!("{:?}", phone.hours).as_bytes()))
}

/// The same rules, nothing recorded but who was served and how long all of them waited.
fn bare_loop() -> (u64, u64) {
    const AGENTS: usize = 50;
    let horizon_ms = f64::from(DAYS) * 86_400_000.0;
    let mut draw = Seed::new(1, 0).draw(0, Purpose::Baseline, 0);
    let mut exponential = |mean_ms: f64| {
        let unit: f64 = Exp1.sample(&mut draw);
        unit * mean_ms
    };
    let mut busy: BinaryHeap<Reverse<i64>> = BinaryHeap::with_capacity(AGENTS);
    let mut queue: VecDeque<(i64, i64, i64)> = VecDeque::new();
    let (mut arrival, mut arrivals, mut served, mut waited) = (exponential(1250.0), 0, 0_u64, 0_i64);
    while arrival < horizon_ms {
        let now = arrival as i64;
        while let Some(&Reverse(end)) = busy.peek().filter(|Reverse(end)| *end <= now) {
            busy.pop();
            while let Some((arrived, deadline, handle)) = queue.pop_front() {
                if deadline > end {
                    busy.push(Reverse(end + handle));
                    served += 1;
                    waited += end - arrived;
                    break;
                }
            }
        }
        let (handle, patience) = (exponential(60_000.0) as i64, exponential(120_000.0) as i64);
        if busy.len() < AGENTS {
            busy.push(Reverse(now + handle));
            served += 1;
        } else {
            queue.push_back((now, now + patience, handle));
        }
        arrivals += 1;
        arrival += exponential(1250.0);
    }
    (arrivals, xxh3_64(format!("{served} {waited}").as_bytes()))
}

fn desk(criterion: &mut Criterion) {
    let scenario = scenario();
    let ((customers, hash), (bare_customers, bare_hash)) = (with_the_desk(&scenario), bare_loop());
    println!("desk {customers} customers {hash:016x}, bare loop {bare_customers} customers {bare_hash:016x}");
    let mut group = criterion.benchmark_group("desk");
    group.sample_size(10);
    group.throughput(Throughput::Elements(customers));
    group.bench_function("M/M/50+M", |bencher| bencher.iter(|| with_the_desk(&scenario)));
    group.throughput(Throughput::Elements(bare_customers));
    group.bench_function("bare: M/M/50+M by a hand-written loop", |bencher| bencher.iter(bare_loop));
    group.finish();
}

criterion_group!(benches, desk);
criterion_main!(benches);
