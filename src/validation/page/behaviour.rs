//! The part about how people behave.

use super::table;
use crate::numbers::grouped;
use crate::validation::curves::cases::{Known, Of, Published};
use crate::validation::curves::{Curve, within};

/// A figure as it is written: a share as a percentage, days with one decimal.
fn figure(of: Of, value: f64) -> String {
    match of {
        Of::DelayDays => format!("{value:.1}"),
        Of::TakenOver(_) => format!("{:.2} %", 100.0 * value),
        _ => format!("{:.1} %", 100.0 * value),
    }
}

fn range(published: &Published) -> String {
    let (low, high) = published.range();
    format!("{} to {}", figure(published.of, low), figure(published.of, high))
}

fn known(known: Known) -> String {
    match known {
        Known::Of(n) => format!("95 %, n = {}", grouped(f64::from(n))),
        Known::Mean(n) => format!("95 %, n = {n}, if as spread as exponential delays"),
        Known::Within(..) => "as published".to_owned(),
    }
}

/// In a sentence, how much of what was published the model meets.
pub(super) fn sentence(curves: &[Curve]) -> String {
    let all = curves.iter().flat_map(Curve::figures);
    let (met, count) =
        all.fold((0, 0), |(met, count), (published, model)| (met + usize::from(within(published, model)), count + 1));
    let missed: Vec<&str> = curves.iter().filter(|curve| !curve.holds()).map(|curve| curve.case.id).collect();
    let rest = if missed.is_empty() {
        "None is missed.".to_owned()
    } else {
        format!("Missed in part: {}.", missed.join(", "))
    };
    format!("{met} of {count} published figures are met by one set of defaults. {rest}")
}

/// The section about how people behave.
pub fn curves(curves: &[Curve]) -> String {
    let mut rows = Vec::new();
    for curve in curves {
        for (published, model) in curve.figures() {
            rows.push(vec![
                curve.case.id.to_owned(),
                published.what.to_owned(),
                figure(published.of, published.value),
                format!("{} ({})", range(published), known(published.known)),
                figure(published.of, model),
                if within(published, model) { "yes" } else { "**no**" }.to_owned(),
            ]);
        }
    }
    let head = ["case", "figure", "published", "may be", "model", "within"];
    let cases: String = curves
        .iter()
        .map(|curve| {
            let case = &curve.case;
            format!(
                "- [`{}`](../scenarios/calibration/{}.toml), {} simulated accounts. Source: {}. Only here: {}.\n",
                case.id,
                case.id,
                grouped(curve.accounts as f64),
                case.source,
                case.states
            )
        })
        .collect();
    let missed: String = curves
        .iter()
        .filter(|curve| !curve.holds())
        .map(|curve| format!("- *{}.* {}\n", curve.case.title, curve.case.misses))
        .collect();
    let missed = if missed.is_empty() {
        "Nothing.\n".to_owned()
    } else {
        missed
    };
    format!(
        "## How people behave\n\n\
         What was published about people who lost their password, or were asked for a new one, and about accounts that \
         were broken into. Each case is a scenario with the defaults for behaviour and threats; what only its people are \
         (who they were, how often they came, who answered the telephone) it states itself. One set of defaults has to do \
         for all five. {}\n\n{}\n{cases}\n\
         ![Share with a new password by day](validation/new-passwords.svg)\n\n\
         *What it shows:* the share with a new password since the day of the mail. *How to read it:* grey points are \
         published, with the interval in which they may lie; a line that passes beside a grey bar is a miss. The bends \
         after 30 days are people whose app had kept them signed in: their sessions end a lifetime after the rollout at the \
         latest.\n\n\
         ![Share at the desk, and share taken over](validation/desk-and-takeovers.svg)\n\n\
         *What it shows:* on the left, who has needed the desk after a change that nobody had announced; on the right, \
         accounts broken into while nothing is migrated.\n\n\
         ### What is missed, and why\n\n{missed}\n\
         ### What the curves decided\n\n{DECIDED}",
        sentence(curves),
        table(&head, 2, &rows),
    )
}

/// What was concluded from the curves.
const DECIDED: &str = "\
- **Mail alone moves fewer than it seems.** The 46 % of LinkedIn count *all* new passwords: those after the mail and those \
after an own sign-in that failed. The share that would act on mail alone (`population.responds_share`) is therefore not 0.46 \
but what mail adds to own sign-ins. With 0.20 all six figures of the \
locked out and of the asked are met; with 0.46 half of them are missed, which a test holds.\n\
- **They pull apart.** The total alone would want more, its delay and those who were only asked would want less. The \
published samples are small enough for one value between: few in the end, early on too many.\n\
- **The delay is the habit.** Who clicks does so within hours. The mean of 26 days is that of people who find out at their \
next sign-in; it needs no slow mail.\n\
- **Asked is not forced.** The same share that acts on a mail, with no lock behind it, gives what was seen when nobody was \
locked out. The rest of the third who ever had a new password had forgotten the old one.\n\
- **How long people stay away who have given up** (`journey.choice.absence`) was set with the two points of eBay in view.\n\
- **Nothing else was changed.** The chance to act on one mail, the choices after a failure, and the rates of attackers are \
what they were before the curves were drawn.\n\n";
