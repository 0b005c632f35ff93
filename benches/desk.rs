//! The desk, per customer, beside a bare loop of the same rules: a heap of busy agents, and a queue whose deadlines are
//! looked at when an agent is free.
//!
//! M/M/50+M has 48 arrivals a minute, one minute to handle and two minutes of patience; M/M/1 nine arrivals in ten
//! minutes and endless patience. `agents/n` is M/M/n+M at the same load per agent: its cost per customer should grow no
//! faster than log n.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use cutover::desk::staffing::Staffing;
use cutover::desk::{Floor, NoCallers};
use cutover::measure::desk::DeskMeasure;
use cutover::random::{Purpose, Seed};
use cutover::scenario::Scenario;
use cutover::watch::Unwatched;
use rand_distr::{Distribution, Exp1};
use xxhash_rust::xxh3::xxh3_64;

/// A queue with Poisson arrivals, exponential handle times and, if any, exponential patience.
#[derive(Clone, Copy)]
struct Desk {
    agents: usize,
    per_hour: f64,
    handle_s: f64,
    patience_s: Option<f64>,
    days: u32,
}

const MM50M: Desk = Desk {
    agents: 50,
    per_hour: 2880.0,
    handle_s: 60.0,
    patience_s: Some(120.0),
    days: 7,
};

const MM1: Desk = Desk {
    agents: 1,
    per_hour: 5400.0,
    handle_s: 0.6,
    patience_s: None,
    days: 4,
};

impl Desk {
    /// M/M/n+M with 96 % of its agents' time asked for, and about half a million customers.
    fn of(agents: usize) -> Self {
        let per_hour = 57.6 * agents as f64;
        let days = (500_000.0 / per_hour / 24.0).ceil().max(1.0) as u32;
        Self { agents, per_hour, days, ..MM50M }
    }

    fn scenario(self) -> Scenario {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/desk-only.toml");
        let patience = match self.patience_s {
            Some(mean_s) => format!("desk.phone.patience.exponential.mean_s={mean_s}"),
            None => "desk.phone.patience=\"endless\"".to_owned(),
        };
        let sets = [
            format!("horizon_days={}", self.days),
            format!("desk.tier1.agents={}", self.agents),
            format!("desk.baseline.phone_per_hour={}", self.per_hour),
            format!("desk.baseline.phone_handle_time.exponential.mean_s={}", self.handle_s),
            patience,
        ];
        Scenario::load(path.as_ref(), &[], &sets).expect("a valid scenario").scenario
    }

    /// The same rules, nothing recorded but who was served and how long all of them waited.
    fn bare_loop(self) -> (u64, u64) {
        let horizon_ms = f64::from(self.days) * 86_400_000.0;
        let mut draw = Seed::new(1, 0).draw(0, Purpose::Baseline, 0);
        let mut exponential = |mean_ms: f64| {
            let unit: f64 = Exp1.sample(&mut draw);
            unit * mean_ms
        };
        let (gap_ms, handle_ms) = (3_600_000.0 / self.per_hour, self.handle_s * 1000.0);
        let mut busy: BinaryHeap<Reverse<i64>> = BinaryHeap::with_capacity(self.agents);
        let mut queue: VecDeque<(i64, i64, i64)> = VecDeque::new();
        let (mut arrival, mut arrivals, mut served, mut waited) = (exponential(gap_ms), 0, 0_u64, 0_i64);
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
            let handle = exponential(handle_ms) as i64;
            let deadline = self.patience_s.map_or(i64::MAX, |mean_s| now + exponential(mean_s * 1000.0) as i64);
            if busy.len() < self.agents {
                busy.push(Reverse(now + handle));
                served += 1;
            } else {
                queue.push_back((now, deadline, handle));
            }
            arrivals += 1;
            arrival += exponential(gap_ms);
        }
        (arrivals, xxh3_64(format!("{served} {waited}").as_bytes()))
    }
}

/// Customers, and a hash of what became of them.
fn with_the_desk(scenario: &Scenario) -> (u64, u64) {
    let staffing = Staffing::new(scenario);
    let measure = DeskMeasure::new(scenario, &staffing);
    let floor = Floor::new(scenario, &staffing, Seed::new(1, 0), measure);
    let measure = floor.run(scenario.hours(), &mut NoCallers, &Unwatched).expect("nobody stops it").finish();
    let phone = &measure.channels[0];
    (phone.hours.iter().map(|hour| hour.offered).sum(), xxh3_64(format!("{:?}", phone.hours).as_bytes()))
}

fn desk(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("desk");
    group.sample_size(10);
    for (name, desk) in [("M/M/50+M", MM50M), ("M/M/1", MM1)] {
        let scenario = desk.scenario();
        let ((customers, hash), (bare_customers, bare_hash)) = (with_the_desk(&scenario), desk.bare_loop());
        println!("{name}: {customers} customers {hash:016x}, bare loop {bare_customers} customers {bare_hash:016x}");
        group.throughput(Throughput::Elements(customers));
        group.bench_function(name, |bencher| bencher.iter(|| with_the_desk(&scenario)));
        group.throughput(Throughput::Elements(bare_customers));
        group.bench_function(format!("bare: {name} by a hand-written loop"), |bencher| {
            bencher.iter(|| desk.bare_loop());
        });
    }
    group.finish();
}

fn agents(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agents");
    group.sample_size(10);
    for agents in [10, 100, 1_000, 10_000] {
        let scenario = Desk::of(agents).scenario();
        group.throughput(Throughput::Elements(with_the_desk(&scenario).0));
        group.bench_with_input(BenchmarkId::from_parameter(agents), &scenario, |bencher, scenario| {
            bencher.iter(|| with_the_desk(scenario));
        });
    }
    group.finish();
}

criterion_group!(benches, desk, agents);
criterion_main!(benches);
