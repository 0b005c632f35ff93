//! The part about theory.

use super::{chance, digits, table};
use crate::numbers::grouped;
use crate::validation::ValidationFindings;
use crate::validation::cases::Case;
use crate::validation::steady::SteadyResult;
use crate::validation::verdict::{LEVEL, Statement};

pub(super) fn method(findings: &ValidationFindings) -> String {
    let verdict = &findings.verdict;
    let effort = findings.effort;
    let holm = if verdict.agrees() {
        format!(
            "{} The smallest p-value times the number of statements is {}.",
            verdict.sentence(),
            chance(verdict.smallest)
        )
    } else {
        verdict.sentence()
    };
    format!(
        "## How it is measured\n\n\
         Each case is a desk with Poisson arrivals, simulated in {} independent replications. A contact counts if it \
         *arrives* within the window; the run goes on behind the window until all of those have been answered or have \
         given up. Waits are counted contact by contact, to the millisecond, not by the hour.\n\n\
         **Warm-up.** A desk begins empty. What is left of that after t is about e^(-t/τ), with τ the relaxation time. \
         For patient callers that is h / (n (1 - √ρ)²), but at least the handle time h. For impatient ones it is the \
         longer of handle time and patience. Both are multiplied by (1 + cv²) / 2 if handle times vary more than \
         exponential ones. 20 τ are cut off, rounded up to whole hours: e^-20 is 2 in a billion. The rule was set \
         before any run, and for each case alike.\n\n\
         **Intervals.** 95 % intervals are Student's over replications ({} degrees of freedom). *t* is the number of \
         standard errors between simulation and theory, *p* the chance of at least so many by luck alone.\n\n\
         **One level for all.** With {} statements some p-values are small by luck. Holm's procedure keeps the chance \
         of any false alarm in all of them together at {} %, whatever they have to do with each other. (Mean wait and \
         abandonment of one case are nearly the same statement.) **{holm}** {} of {} intervals do not hold the exact \
         value; about one in twenty is expected.\n\n\
         Sources: Erlang-C and Erlang-B, A. K. Erlang (1917); Erlang-A, C. Palm (1957); general patience, Baccelli and \
         Hebuterne (1981), Zeltyn and Mandelbaum (2005); M/G/1, Pollaczek (1930) and Khinchine (1932); the formulas \
         stand in `src/desk/erlang/`.\n\n",
        effort.replications,
        effort.replications - 1,
        verdict.statements,
        100.0 * LEVEL,
        verdict.outside,
        verdict.statements,
    )
}

/// The part of a row that does not depend on luck.
fn known(id: &str, measure: &str, exact: f64) -> Vec<String> {
    vec![id.to_owned(), measure.to_owned(), digits(exact)]
}

/// The beginnings of the rows of the table of exact cases, as they stand in the document.
pub fn exact_values(case: &Case) -> Vec<String> {
    let row = |(measure, exact): &(crate::validation::verdict::Statistic, f64)| {
        format!("| {} |", known(case.id, &measure.name(), *exact).join(" | "))
    };
    case.known.iter().map(row).collect()
}

fn row(s: &Statement) -> Vec<String> {
    let mut row = known(&s.case, &s.measure.name(), s.exact);
    row.extend([
        digits(s.mean),
        format!("± {}", digits(s.half)),
        format!("{:+.2} %", 100.0 * (s.mean / s.exact - 1.0)),
        format!("{:+.2}", s.t),
        chance(s.p),
    ]);
    row
}

const HEAD: [&str; 8] = ["case", "measure", "exact", "simulated", "95 %", "off by", "t", "p"];

fn settings(outcomes: &[SteadyResult]) -> String {
    let rows: Vec<Vec<String>> = outcomes
        .iter()
        .map(|outcome| {
            vec![
                outcome.case.id.to_owned(),
                outcome.case.model.to_owned(),
                outcome.words(),
                format!("{:.2}", outcome.case.load()),
                outcome.warm_up_h.to_string(),
                outcome.window_h.to_string(),
                grouped(outcome.contacts as f64),
            ]
        })
        .collect();
    let head = ["case", "queue", "setting", "ρ", "warm-up, h", "window, h", "contacts"];
    table(&head, 3, &rows)
}

pub(super) fn steady(findings: &ValidationFindings) -> String {
    let statements: Vec<&Statement> = findings.exact.iter().flat_map(|outcome| &outcome.statements).collect();
    let rows: Vec<Vec<String>> = statements.iter().map(|s| row(s)).collect();
    let widest = statements.iter().max_by(|a, b| (a.half / a.exact).total_cmp(&(b.half / b.exact)));
    let widest = widest.map_or(String::new(), |s| {
        format!(
            "The widest interval, ± {:.1} %, is that of {} in case {}.",
            100.0 * s.half / s.exact,
            s.measure.name(),
            s.case
        )
    });
    let fine = statements.iter().filter(|s| s.half <= 0.01 * s.exact).count();
    format!(
        "## Steady state, where theory is exact\n\n\
         ρ is the offered load over what the agents can do. C1 to A6 have their exact values from 40-digit arithmetic \
         by two routes that agree (birth-death equations and formulas), the others from the closed forms. In *nobody \
         waits* callers bear a wait of a thousandth of a second: Erlang-B, which holds for any handle time. An agent \
         of *chat* holds three chats, so the queue is that of 15 agents. Shares below 0.001 or above 0.999 are left \
         out: what is so rare is not normally distributed, and the test would say little.\n\n\
         {}\n{fine} of {} intervals are within ± 1 %. {widest} Near saturation a queue remembers its past for long, \
         and more contacts help only with the square root.\n\n{}\n\
         ![Share of contacts that still wait after t seconds](validation/wait-tail.svg)\n\n\
         *What it shows:* the tail of the wait, of patient callers and of impatient ones in overload. *How to read \
         it:* the points lie on the line; a straight line is an exponential tail.\n\n",
        settings(&findings.exact),
        statements.len(),
        table(&HEAD, 2, &rows),
    )
}

pub(super) fn by_agents(findings: &ValidationFindings) -> String {
    let rows: Vec<Vec<String>> =
        findings.by_agents.iter().flat_map(|outcome| outcome.statements.iter().map(row)).collect();
    format!(
        "## More agents, fewer agents\n\n\
         One desk (48 calls a minute of one minute, patience two minutes) with 40 to 58 agents.\n\n\
         ![Abandonment and service level against agents](validation/agents.svg)\n\n\
         *What it shows:* the share that gives up and the share answered within 20 s. *How to read it:* points on the \
         line agree with Erlang-A.\n\n{}\n",
        table(&HEAD, 2, &rows),
    )
}

pub(super) fn approximate(findings: &ValidationFindings) -> String {
    let rows: Vec<Vec<String>> = findings
        .approximate
        .iter()
        .flat_map(|outcome| &outcome.statements)
        .map(|s| row(s).into_iter().take(6).collect())
        .collect();
    let mut head = HEAD;
    head[2] = "approximate";
    format!(
        "## Where theory is an approximation\n\n\
         With many agents and handle times that are not exponential nothing exact is known. The usual approximation \
         (Allen and Cunneen) takes the wait of M/M/n times (1 + cv²) / 2 and P(wait > 0) of M/M/n; with impatience the \
         density of the offered wait is stretched likewise. The gap is shown and not tested: it is the error of the \
         approximation, which `cutover size` starts from and then corrects by simulation.\n\n{}\n{}\n",
        settings(&findings.approximate),
        table(&head[..6], 2, &rows),
    )
}

pub(super) fn conservation(findings: &ValidationFindings) -> String {
    let kept = &findings.kept;
    let verdict = if kept.holds() {
        "Both hold exactly in every run."
    } else {
        "They do NOT hold."
    };
    format!(
        "## Little's law and conservation\n\n\
         In every run above and below, the number of those who wait is kept from comings and goings alone. At the end \
         of every hour it must be the number in the desk's queues, and each contact must come and go once. The \
         integral of that number over time must be the sum of all waits, to the millisecond. {verdict} Contacts: {}. \
         Not accounted for: {}. Hours with another count: {}. Integral less sum of waits: {} ms.\n\n",
        grouped(kept.came as f64),
        kept.unaccounted,
        kept.wrong_hours,
        kept.difference_ms,
    )
}

pub(super) fn days(findings: &ValidationFindings) -> String {
    let rows: Vec<Vec<String>> = findings
        .days
        .iter()
        .map(|day| {
            let off = |s: &&Statement| (s.mean / s.exact - 1.0).abs();
            let worst = day.statements.iter().map(|s| off(&s)).fold(0.0, f64::max);
            let widest = day.statements.iter().map(|s| s.half / s.exact).fold(0.0, f64::max);
            let most = day.statements.iter().max_by(|a, b| a.exact.total_cmp(&b.exact));
            let least_p = day.statements.iter().map(|s| s.p).fold(1.0, f64::min);
            vec![
                day.handle.words(),
                most.map_or(String::new(), |s| digits(s.exact)),
                most.map_or(String::new(), |s| digits(s.mean)),
                format!("{:.2} %", 100.0 * worst),
                format!("± {:.2} %", 100.0 * widest),
                chance(least_p),
            ]
        })
        .collect();
    let head = [
        "handle time",
        "busiest hour, exact",
        "simulated",
        "most off by, 24 hours",
        "widest 95 %",
        "smallest p of 24",
    ];
    format!(
        "## Arrivals that rise and fall\n\n\
         Arrivals follow a sine over the day, as a step for each hour as in a scenario (24 to 216 an hour). There are \
         more agents than anybody needs, so the mean number of busy agents is the modified offered load of Eick, \
         Massey and Whitt (Operations Research 41, 1993), exactly, for any handle time.\n\n\
         ![Busy agents by hour of the day](validation/offered-load.svg)\n\n\
         *What it shows:* busy agents by hour of the day. *How to read it:* the peak comes later than that of the grey \
         line, which is arrivals times handle time; the points lie on the theory.\n\n{}\n\
         The 72 hours are among the statements of the verdict.\n\n",
        table(&head, 1, &rows),
    )
}
