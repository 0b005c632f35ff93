//! The figures of the README are those of the report that is kept, and its comparison is about the populations that it names:
//! whoever makes the report anew and leaves the README as it was is told here.

use std::collections::BTreeMap;

use cutover::numbers::{grouped, money, percent};
use cutover::report::summary::{StrategySummary, Summary};
use cutover::results::Metric;
use cutover::scenario::Scenario;

use super::support::{read, root, scenario};

/// What the kept report says.
fn kept() -> Summary {
    serde_json::from_str(&read("reports/retail/summary.json")).expect("a summary")
}

/// The block of the README that says what the run of `retail` says.
fn block() -> String {
    let readme = read("README.md");
    let after = readme.split("This is what the first one says:").nth(1).expect("the sentence before the block");
    after
        .split("```")
        .nth(1)
        .and_then(|block| block.strip_prefix("text\n"))
        .expect("a block of text")
        .to_owned()
}

/// The rows of a table in the block, from the line whose cells begin so: by name, the other cells in order.
fn table<'a>(block: &'a str, titles: &[&str]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let cells =
        |line: &'a str| -> Vec<&'a str> { line.trim().split("  ").map(str::trim).filter(|c| !c.is_empty()).collect() };
    let mut lines = block.lines().skip_while(|line| !cells(line).starts_with(titles));
    assert!(lines.next().is_some(), "no table with {titles:?} in:\n{block}");
    let rows = lines.take_while(|line| !line.trim().is_empty()).map(|line| {
        let mut row = cells(line);
        (row.remove(0), row)
    });
    rows.collect()
}

/// The mean of a metric: as far as the README tells it.
fn value(strategy: &StrategySummary, metric: Metric) -> f64 {
    match metric {
        Metric::CustomersLost => strategy.customers_lost,
        Metric::InOtherHands => strategy.totals[cutover::measure::counts::Total::InOtherHands],
        Metric::HeldDays => strategy.totals[cutover::measure::counts::Total::HeldHours] / 24.0,
        Metric::PeakCalls => strategy.desk.calls.peak_hour.busiest_mean,
        other => panic!("{other:?} is not told"),
    }
}

fn can_sign_in(strategy: &StrategySummary) -> String {
    use cutover::measure::counts::Total;
    percent(strategy.totals[Total::CanSignIn] / strategy.totals[Total::Active])
}

/// The bill as the difference to that of the control.
fn bill(strategy: &StrategySummary) -> String {
    match strategy.attributable.cost_cents {
        0 => "–".to_owned(),
        cents => Metric::Cost.show_difference(cents as f64),
    }
}

#[test]
fn the_small_table_of_the_readme_is_that_of_the_kept_report() {
    let (block, kept) = (block(), kept());
    let titles = [
        "can sign in",
        "customers lost",
        "in other hands",
        "agents needed (on duty)",
        "bill against stay",
    ];
    let rows = table(&block, &titles);
    let page = read("reports/retail/index.html");
    assert_eq!(rows.len(), kept.strategies.len(), "{rows:?}");
    for strategy in &kept.strategies {
        let row = rows.get(strategy.name.as_str()).unwrap_or_else(|| panic!("{} is not in {rows:?}", strategy.name));
        let count = |metric: Metric| grouped(value(strategy, metric));
        let [lost, taken] = [Metric::CustomersLost, Metric::InOtherHands].map(count);
        assert_eq!(row[..3], [can_sign_in(strategy), lost, taken], "{}", strategy.name);
        assert_eq!(row[4], bill(strategy), "{}", strategy.name);
        // How many agents are needed is on the page, and in no result file.
        let cells: String = row[..5].iter().map(|cell| format!("<td>{cell}</td>")).collect();
        assert!(page.contains(&cells), "{}: {cells} is not a row of the page", strategy.name);
    }
}

#[test]
fn the_first_sentence_of_the_readme_is_that_of_the_kept_report() {
    let (block, kept) = (block(), kept());
    let headline = block.lines().find(|line| !line.is_empty()).expect("a headline");
    let page = read("reports/retail/index.html");
    assert!(page.contains(headline.trim_end()), "not on the page: {headline}");
    let mut order: Vec<&StrategySummary> = kept.strategies.iter().skip(1).collect();
    order.sort_by_key(|strategy| strategy.cost_cents.total());
    let lead = money((order[1].cost_cents.total() - order[0].cost_cents.total()) as f64);
    let said = format!("{} costs {lead} less than {}", order[0].name, order[1].name);
    assert!(headline.starts_with(&said), "{said}: {headline}");
}

#[test]
fn the_large_table_of_the_readme_is_that_of_the_kept_report() {
    let (block, kept) = (block(), kept());
    let names: Vec<&str> = kept.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
    let rows = table(&block, &names);
    for (metric, is_whole) in [
        (Metric::CustomersLost, true),
        (Metric::InOtherHands, true),
        (Metric::HeldDays, true),
        (Metric::PeakCalls, false),
    ] {
        let row = &rows[metric.word()];
        for (cell, strategy) in row.iter().zip(&kept.strategies) {
            let expected = grouped(value(strategy, metric));
            let told = if is_whole {
                cell
            } else {
                cell.split(' ').next().unwrap_or_default()
            };
            assert_eq!(told, expected, "{}: {}", metric.word(), strategy.name);
        }
    }
    for (cell, strategy) in rows[Metric::Cost.word()].iter().zip(&kept.strategies) {
        assert_eq!(*cell, money(strategy.cost_cents.total() as f64), "{}", strategy.name);
    }
}

/// The columns are about the scenarios of the command that is shown; what both the comparison and the kept report tell of
/// `retail` is the same; and the sentences and the stars name whose bill is the lowest.
#[test]
fn the_comparison_of_the_readme_is_about_its_two_populations() {
    let readme = read("README.md");
    let table = readme.split("<!-- compare -->").nth(1).expect("the table of `compare`");
    let command = table.lines().find(|line| line.starts_with("cutover compare ")).expect("the command");
    let files: Vec<&str> = command.split(' ').filter(|word| word.ends_with(".toml")).collect();
    let names: Vec<String> = files
        .iter()
        .map(|file| Scenario::load(&root().join(file), &[], &[]).expect("a scenario").scenario.name)
        .collect();
    assert_eq!(names, ["retail", "bank"]);
    let cells = |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
    let head = cells(table.lines().find(|line| line.starts_with("| strategy |")).expect("titles"));
    let figures = [
        "bill − stay",
        "can sign in",
        "customers lost",
        "takeover days",
        "peak calls",
    ];
    let expected = names.iter().flat_map(|name| figures.map(|figure| format!("{name}: {figure}")));
    assert_eq!(head[2..head.len() - 1], expected.collect::<Vec<_>>());
    let rows: Vec<Vec<String>> = table.lines().filter(|line| line.starts_with("| `")).map(cells).collect();
    let row = |name: &str| rows.iter().find(|row| row[1] == format!("`{name}`")).unwrap_or_else(|| panic!("{name}"));

    for strategy in &kept().strategies {
        let row = row(&strategy.name);
        let told = row[2].split(" ±").next().unwrap_or_default();
        assert_eq!(told, bill(strategy), "retail: the bill of {}", strategy.name);
        let count = |metric: Metric| grouped(value(strategy, metric));
        let [lost, days, calls] = [Metric::CustomersLost, Metric::HeldDays, Metric::PeakCalls].map(count);
        assert_eq!(row[3..7], [can_sign_in(strategy), lost, days, calls], "retail: {}", strategy.name);
    }

    for (place, name) in names.iter().enumerate() {
        let bill = |row: &[String]| -> Option<f64> {
            let told = row[2 + figures.len() * place].split(" ±").next()?.replace(',', "").replace('−', "-");
            told.trim_start_matches('+').parse().ok()
        };
        let lowest = rows
            .iter()
            .filter(|row| row[1] != "`stay`")
            .min_by(|a, b| bill(a).unwrap_or(f64::INFINITY).total_cmp(&bill(b).unwrap_or(f64::INFINITY)));
        let lowest = lowest.expect("rows");
        let marks = |mark: &str| rows.iter().filter(|row| row[2 + figures.len() * place].ends_with(mark)).count();
        assert!(lowest[2 + figures.len() * place].ends_with(['★', '≈']), "{name}: {lowest:?} has no mark");
        assert!(marks("★") + marks("≈") >= 1 && marks("★") <= 1 && (marks("★") == 0 || marks("≈") == 0), "{name}");
        let accounts =
            Scenario::load(scenario(name).as_ref(), &[], &[]).expect("a scenario").scenario.population.accounts;
        let begin = format!("- {name} ({} accounts, ", grouped(accounts.get() as f64));
        let said = table.lines().find(|line| line.starts_with(&begin)).unwrap_or_else(|| panic!("no line {begin}…"));
        assert!(said.contains(lowest[1].trim_matches('`')), "{said} does not name {}", lowest[1]);
    }
}
