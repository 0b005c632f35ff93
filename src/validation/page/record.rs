//! The part about what was recorded.

use super::{digits, table};
use crate::numbers::grouped;
use crate::validation::bank::{BankDay, DayComparison, FIGURES, RECORDED, Range};
use crate::validation::dispersion::Dispersion;

fn figure(value: f64, share: bool) -> String {
    if share {
        format!("{:.1} %", 100.0 * value)
    } else if value >= 1000.0 {
        grouped(value)
    } else {
        format!("{value:.1}")
    }
}

fn range(range: &Range, share: bool) -> String {
    format!("{} to {}", figure(range.low, share), figure(range.high, share))
}

/// The section about the recorded day.
pub fn bank(bank: &BankDay) -> String {
    let rows: Vec<Vec<String>> = FIGURES
        .iter()
        .zip(&bank.figures)
        .zip(RECORDED)
        .map(|(((name, share), simulated), recorded)| {
            vec![
                (*name).to_owned(),
                figure(recorded, *share),
                figure(simulated.mean, *share),
                range(simulated, *share),
                if simulated.holds(recorded) { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    let head = [
        "figure",
        "recorded",
        "simulated, mean of days",
        "95 % of days",
        "within",
    ];
    let outside: Vec<&DayComparison> = bank
        .hours
        .iter()
        .filter(|hour| hour.recorded.hour > 6 && !hour.left_of_offered.holds(hour.recorded.left_of_offered))
        .collect();
    let list = |hours: Vec<&DayComparison>| {
        hours.iter().map(|hour| format!("{} h", hour.recorded.hour)).collect::<Vec<_>>().join(", ")
    };
    let few = outside.iter().copied().filter(|h| h.recorded.left_of_offered > h.left_of_offered.mean).collect();
    let many = outside.iter().copied().filter(|h| h.recorded.left_of_offered < h.left_of_offered.mean).collect();
    format!(
        "## A day that happened\n\n\
         The call centre of a bank in Israel on Sunday, 1 August 1999 (\"Anonymous Bank\", Guedj and Mandelbaum, \
         Technion): a day with far too few agents. Tables and their origin: \
         [`scenarios/call-centre/`](../scenarios/call-centre/README.md). The scenario takes the calls of each hour, \
         the quantiles of service time and of patience (Kaplan and Meier) as they are; nothing is tuned. {} \
         days.\n\n{}\n\
         36.9 % is 726 of 1,969; with 18 calls that the file calls `PHANTOM` among the queued it is 36.5 %. A short \
         program in plain Python that shares nothing with `cutover` (`scripts/simulate-bank-day.py`) gives 36.5 %, 135 \
         s, 166 s and 81 s for the same tables.\n\n\
         **How much that proves.** There is no roster on record. The agents of an hour are the mean number that was \
         *busy*, rounded: a circle, which nearly fixes how many calls are answered, so that the share lost agrees \
         almost by construction. The waits, and how they split between answered and leavers, are not fixed that way: \
         they test the queue and the patience. With other definitions of who is on duty the Python program gives other \
         answers. They are 35.0 % (busy while somebody waits), 26.9 % (between two calls at most 30 minutes apart) and \
         20.8 % (anyone with a call in the hour).\n\n\
         ![Calls and share that hung up, by hour](validation/bank-arrivals.svg)\n\n\
         *What it shows:* calls and the share that hung up, recorded and simulated. *How to read it:* a grey bar that \
         ends outside the range of an orange point disagrees.\n\n{}\n\
         **Where it does not agree.** More hung up than in 95 % of the simulated days: {}. Fewer: {}. Over the hours \
         from 9 to 18 the correlation of recorded and simulated shares is {:.2}. The reasons, as far as the tables \
         show them:\n\n\
         - *One service time for all hours.* Calls took 258 s on average at 10 h and 124 s at 21 h. With the mean of \
         each hour the Python program has 47 % lost at 10 h (record 42 %) instead of 32 %, and 26 % at 18 h (12 %) \
         instead of 42 %. A scenario has one handle time for a channel, so this cannot be told to the simulator.\n\
         - *Idle agents are not seen.* In the evening somebody waited in 13 to 45 % of the time only; busy agents are \
         then fewer than those on duty, and the simulated evenings are far too bad.\n\
         - *Whole agents.* Two to four agents after rounding can be a fifth more or fewer than the record says.\n\
         - *One day.* A single hour with 50 to 200 calls says little; its range is wide.\n\
         - Not modelled: priorities, skills (some served internet support only), redials.\n\n\
         ![Share that hung up against mean wait](validation/bank-abandonment.svg)\n\n\
         *What it shows:* hours with longer waits lose more, in the record and in the simulation. *How to read it:* a \
         long line is an hour whose staffing or service time is wrong. The simulated hours lie in one narrow band, \
         because all share one patience. The recorded ones scatter around it. Those of the evening and of 7 h lie \
         below it: fewer hung up than their waits explain.\n\n",
        bank.days,
        table(&head, 1, &rows),
        hours(bank),
        list(few),
        list(many),
        bank.correlation,
    )
}

fn hours(bank: &BankDay) -> String {
    let rows: Vec<Vec<String>> = bank
        .hours
        .iter()
        .map(|hour| {
            let recorded = &hour.recorded;
            let wait = |value: Option<f64>| value.map_or("–".to_owned(), |s| format!("{s:.0}"));
            vec![
                format!("{} h", recorded.hour),
                hour.agents.to_string(),
                format!("{:.0}", recorded.offered),
                figure(recorded.left_of_offered, true),
                figure(hour.left_of_offered.mean, true),
                range(&hour.left_of_offered, true),
                wait(recorded.wait_s),
                format!("{:.0}", hour.wait_s),
            ]
        })
        .collect();
    let head = [
        "hour",
        "agents",
        "calls",
        "hung up, recorded",
        "simulated",
        "95 % of days",
        "wait of queued, s, recorded",
        "simulated",
    ];
    table(&head, 1, &rows)
}

/// The section about good and bad days.
pub fn dispersion(centres: &[Dispersion]) -> String {
    let with_half = |(mean, half): (f64, f64)| format!("{mean:.2} ± {half:.2}");
    let rows: Vec<Vec<String>> = centres
        .iter()
        .map(|d| {
            vec![
                d.centre.name.to_owned(),
                digits(d.per_hour),
                format!("{:.1}", d.centre.recorded),
                with_half(d.poisson),
                format!("**{:.3}**", d.day_cv),
                format!("{:.2}", d.implied),
                with_half(d.simulated),
            ]
        })
        .collect();
    let head = [
        "centre",
        "calls an hour",
        "variance / mean, recorded",
        "Poisson, simulated",
        "`day_cv`",
        "implied",
        "simulated",
    ];
    format!(
        "## Good and bad days\n\n\
         Calls of the same hour of the week, counted over the weeks of a year, vary more than Poisson. \
         `desk.baseline.day_cv` gives all rates of a day one factor (gamma, mean 1); the variance of a count is then \
         its mean plus day_cv² mean². Its value for a centre is taken from totals of days.\n\n{}\n\
         Read: plain Poisson (variance / mean 1) understates bad days in all three. 0.17 fits a small centre on \
         ordinary days, 0.057 a large one; 0.26 has holidays in it. What the implied figure lacks of the recorded one \
         is noise within a day, which `day_cv` does not have.\n\n\
         Variance / mean depends on the length of the slot and on the size of the centre; day_cv does not. The 3.1 \
         that is quoted for the bank of 2003 is that of slots of five minutes with all weekdays pooled; weekday by \
         weekday it is 2.0 for five minutes, and 11.4 for an hour. *calls an hour* are those of the hours that weigh \
         in the pooled variance: (variance / mean - 1) / s². Origin: \
         [`scenarios/call-centre/`](../scenarios/call-centre/README.md).\n\n",
        table(&head, 1, &rows),
    )
}
