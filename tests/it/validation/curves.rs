//! How people behave must stay what was published about people, or miss it as the document says.

use cutover::validation::curves::cases::{CASES, Of};
use cutover::validation::curves::{self, Curve, Size};
use cutover::watch::Unwatched;

#[test]
fn probe() {
    let size = Size {
        accounts: std::env::var("N").ok().map(|n| n.parse().unwrap()),
        replications: 1,
    };
    for curve in curves::run(size, &Unwatched).expect("runs") {
        for (published, model) in curve.figures() {
            println!(
                "{:14} {:40} {:.4} {:?} model {model:.4}",
                curve.case.id,
                published.what,
                published.value,
                published.range()
            );
        }
    }
}
