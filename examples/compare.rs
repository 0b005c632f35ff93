//! Two strategies against each other, in process: does a link that lives longer pay?
//!
//! `cargo run --example compare`

use cutover::prelude::*;

fn main() -> Result<(), Error> {
    let scenario = Scenario::builder("compare")
        .accounts(20_000)
        .desk(Desk::new().for_accounts(200_000))
        .strategy(Strategy::preset("reset-only")?)
        .strategy(Strategy::preset("reset-only")?.named("patient").link_lifetime_h(72.0))
        .build()?;
    let run = Run::new(&scenario).replications(3).execute()?;
    for arm in run.arms() {
        let (lost, waits) = (arm.outcome(Outcome::Churned), arm.desk(Channel::Phone).wait());
        println!("{}: {lost} customers lost, 99 of 100 callers wait at most {}", arm.name(), waits.p99());
    }
    println!("patient - reset-only: {}", run.compare("patient", "reset-only")?.metric(Metric::Cost));

    println!("\n{}", run.verdict().headline);
    for doubt in run.doubts() {
        println!("Before you believe it: {doubt}");
    }
    Ok(())
}
