//! A desk alone: no accounts, no migration, only calls. How many agents does it take?
//!
//! `cargo run --example desk`

use cutover::prelude::*;

fn main() -> Result<(), Error> {
    println!("agents   answered in time   given up   99 of 100 wait at most   agents busy");
    for agents in (12..=24).step_by(2) {
        let desk = Desk::new()
            .tier1(Weekly::office_hours(agents))
            .calls_per_hour(Weekly::office_hours(150))
            .emails_per_hour(Weekly::never());
        let scenario = Scenario::builder("desk").accounts(0).horizon_days(28).replications(5).desk(desk).build()?;
        let run = Run::new(&scenario).execute()?;
        let arm = run.arm("stay")?;
        let calls = arm.desk(Channel::Phone);
        let percent = |share: Option<Estimate>| share.map_or(0.0, |share| 100.0 * share.mean);
        println!(
            "{agents:>6} {:>16.1} % {:>8.1} % {:>24} {:>11.0} %",
            percent(calls.service_level()),
            percent(calls.abandoned_share()),
            calls.wait().p99().to_string(),
            100.0 * arm.occupancy(Skill::Tier1).mean
        );
    }
    Ok(())
}
