//! The check against theory must pass, and must be able to fail; and the document must be what the command writes.

mod curves;

#[cfg(feature = "cli")]
mod written;

use cutover::validation::steady::{Effort, SteadyResult};
use cutover::validation::verdict::{Statement, Statistic, TheoryVerdict};
use cutover::validation::{self, bank, cases, page};
use cutover::watch::Unwatched;

use super::support::{read, root};

/// Shorter runs than those of the document.
const SHORT: Effort = Effort { replications: 12, length: 0.1 };

fn statements(outcomes: &[SteadyResult]) -> Vec<Statement> {
    outcomes.iter().flat_map(|outcome| outcome.statements.clone()).collect()
}

#[test]
fn the_desk_agrees_with_theory_and_a_theory_that_is_off_by_three_percent_is_found_out() {
    let outcomes = validation::exactly(SHORT, &Unwatched).expect("runs");
    for outcome in &outcomes {
        assert!(outcome.kept.holds(), "{}: {:?}", outcome.case.id, outcome.kept);
    }
    let statements = statements(&outcomes);
    assert!(statements.len() > 80, "{} statements", statements.len());
    let verdict = TheoryVerdict::new(&statements);
    let wrong: Vec<_> = verdict.rejected.iter().map(|&index| &statements[index]).collect();
    assert!(verdict.agrees(), "{} {wrong:#?}", verdict.sentence());

    // One exact value off by 3 %, in either direction, among all the right ones.
    for (case, measure) in [
        ("A6", Statistic::Occupancy),
        ("twofold overload", Statistic::MeanWait),
        ("twofold overload", Statistic::Abandons),
        ("200 agents", Statistic::Occupancy),
    ] {
        for factor in [0.97, 1.03] {
            let mut wrong = statements.clone();
            let place = wrong.iter().position(|s| s.case == case && s.measure == measure).expect("a statement");
            wrong[place] = wrong[place].against(wrong[place].exact * factor);
            let verdict = TheoryVerdict::new(&wrong);
            assert_eq!(verdict.rejected, [place], "{case}, {measure:?} times {factor}: {:?}", wrong[place]);
        }
    }
}

#[test]
fn the_recorded_day_lies_within_the_simulated_days() {
    let day = bank::run(&root().join("scenarios/call-centre"), &Unwatched).expect("runs");
    assert!(day.days >= 200);
    for (((name, _), range), recorded) in bank::FIGURES.iter().zip(&day.figures).zip(bank::RECORDED) {
        assert!(range.holds(recorded), "{name}: {recorded} is not within {range:?}");
    }
    let document = read("docs/validation.md");
    assert!(document.contains(&page::bank(&day)), "docs/validation.md is stale: run `cutover validation`");
}

/// The whole takes too long for a test; what does not depend on the length of the runs is compared.
#[test]
fn the_document_states_the_values_in_force() {
    let document = read("docs/validation.md");
    let cases = [cases::exact(), cases::by_agents()].into_iter().flatten().flatten();
    for row in cases.flat_map(|case| page::exact_values(&case)) {
        assert!(document.contains(&row), "docs/validation.md does not say \"{row}\": run `cutover validation`");
    }
    assert!(document.contains("agree at a family-wise level of 1 %") && !document.contains("do NOT agree"));
}
