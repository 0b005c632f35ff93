//! JUnit: a verdict as CI systems read test results. A rule is a test case; undecided is skipped, or an error if it counts
//! as failed.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::verdict::Outcome;
use super::words::{heading, told};
use super::{Gate, Judged};
use crate::error::{Error, Result};
use crate::text::drawable;

/// The verdict as XML. It holds no time and no host: the same verdict has the same bytes.
///
/// # Errors
///
/// If it cannot be written, which does not happen in memory.
pub fn render(gate: &Gate) -> Result<String> {
    let mut report = Report::new("cutover gate");
    let mut suite = TestSuite::new("gate");
    suite.add_test_cases(gate.rules.iter().map(case));
    report.add_test_suite(suite);
    report.to_string().map_err(|error| Error::Store(format!("JUnit XML cannot be written: {error}")))
}

fn case(rule: &Judged) -> TestCase {
    let lines = told(rule).join("\n");
    let text = lines.lines().map(drawable).collect::<Vec<_>>().join("\n");
    let mut status = match rule.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Undecided if !rule.undecided_fails => TestCaseStatus::skipped(),
        Outcome::Undecided => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if rule.outcome != Outcome::Passed {
        status
            .set_message(drawable(&heading(rule)))
            .set_type(rule.outcome.word())
            .set_description(text.clone());
    }
    let mut case = TestCase::new(drawable(&rule.name), status);
    case.set_classname(drawable(rule.file.as_deref().unwrap_or("gate")))
        .set_assertions(rule.figures.len());
    if rule.outcome == Outcome::Passed {
        case.set_system_out(text);
    }
    case
}
