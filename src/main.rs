use cutover::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let loaded = scenario::Scenario::load(std::path::Path::new(&args[1]), &[], &args[2..]);
    let loaded = match loaded {
        Ok(l) => l,
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(2)
        }
    };
    let start = std::time::Instant::now();
    let result = engine::run(&loaded.scenario, None, None, &engine::watch::Unwatched).unwrap();
    let took = start.elapsed();
    for (arm, name) in std::iter::once("stay")
        .chain(loaded.scenario.strategies.iter().map(|s| s.name.as_str()))
        .enumerate()
    {
        let a = &result[0].arms[arm];
        println!("{name}");
        for o in journey::Outcome::ALL {
            print!("  {}={}", o.key(), a.counts.outcome(o));
        }
        println!(
            "\n  funnel {:?} attempts {:?} taken {:?} false {} emails {} texts {} docs {}",
            a.counts.funnel,
            a.counts.attempts,
            a.counts.taken_over,
            a.counts.false_links,
            a.counts.emails,
            a.counts.texts,
            a.counts.documents
        );
        for c in &a.desk.channels {
            let t = c.total();
            println!(
                "  ch {:?} redial {} left {} p50 {} max {}",
                t,
                c.redialed,
                c.left_waiting,
                c.waits.value_at_quantile(0.5),
                c.waits.max()
            );
        }
        println!("  reasons {:?} occ {} {}", a.desk.reasons, a.desk.teams[0].occupancy(), a.desk.teams[1].occupancy());
    }
    println!("{took:?}");
}
