//! Forty runs over one key, in process: how long should a reset link live?
//!
//! `cargo run --example sweep`

use cutover::prelude::*;

fn main() -> Result<(), Error> {
    let mut scenario = Scenario::builder("sweep")
        .accounts(5_000)
        .replications(2)
        .desk(Desk::new().for_accounts(200_000))
        .strategy(Strategy::preset("reset-only")?)
        .build()?;
    println!("link lives   customers lost           cost");
    for step in 1..=40 {
        let hours = 4 * step;
        scenario.set("strategies.reset-only.controls.link_lifetime_h", hours)?;
        let run = Run::new(&scenario).execute()?;
        let arm = run.arm("reset-only")?;
        let (lost, cost) = (arm.outcome(Outcome::Churned).mean, arm.metric(Metric::Cost).mean);
        println!("{hours:>8} h {lost:>16.0} {:>14}  {}", Metric::Cost.show(cost), "▪".repeat((lost / 5.0) as usize));
    }
    // A value that is not allowed is refused, and the scenario stays what it was.
    if let Err(refused) = scenario.set("strategies.reset-only.controls.link_lifetime_h", -3) {
        println!("\n{refused}");
    }
    Ok(())
}
