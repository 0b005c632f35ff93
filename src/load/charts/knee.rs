//! The knee: at which rate latencies begin to rise, from trials or from a test with a changing rate.

use super::{LoadFindings, scale};
use crate::load::pace::Pace;
use crate::load::report::{LimitReport, TrialReport, TrialVerdict};
use crate::load::tally::Slice;
use crate::numbers::{grouped, micros, stated_percent};
use crate::report::charts::axis::{Panel, top};
use crate::report::charts::{Chart, MARGIN, WIDTH, legend, legend_dashes, legend_line, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};

/// Half the size of a mark.
const MARK: f64 = 5.0;
const DOT: f64 = 2.0;
/// How far beyond the target the scale reaches at least.
const HEADROOM: f64 = 1.5;

/// Draws the chart.
pub(super) fn draw(findings: &LoadFindings<'_>) -> Option<Chart> {
    match (&findings.report.limit, findings.pace) {
        (Some(limit), _) if !limit.trials.is_empty() => Some(of_trials(findings, limit)),
        (_, Some(Pace::Ramp { .. } | Pace::Steps(_))) => of_slices(findings),
        _ => None,
    }
}

fn panel(rates: impl Iterator<Item = f64>, latencies_us: impl IntoIterator<Item = f64>) -> Panel {
    Panel {
        x: 64.0,
        y: 112.0,
        w: WIDTH - 92.0,
        h: 258.0,
        across: (0.0, top(rates.fold(0.0, f64::max))),
        up: scale::powers(latencies_us),
    }
}

/// The percentile of a trial that stands for a share.
fn judged(quantile: f64, trial: &TrialReport) -> (&'static str, u64) {
    match quantile {
        x if x <= 0.5 => ("median", trial.p50_us),
        x if x <= 0.99 => ("99th percentile", trial.p99_us),
        _ => ("99.9th percentile", trial.p999_us),
    }
}

fn ink(verdict: TrialVerdict) -> Ink {
    match verdict {
        TrialVerdict::Held => Ink::Series(2),
        TrialVerdict::Broke => Ink::Alarm(1.0),
        TrialVerdict::Undecided => Ink::Series(4),
        TrialVerdict::Generator => Ink::Stay,
    }
}

fn of_trials(findings: &LoadFindings<'_>, limit: &LimitReport) -> Chart {
    let name = &findings.report.run.backend;
    let mut trials: Vec<&TrialReport> = limit.trials.iter().collect();
    trials.sort_by(|a, b| a.rate_per_s.total_cmp(&b.rate_per_s));
    let shown = judged(limit.quantile, trials[0]).0;
    let title = format!("The rate that {name} holds");
    let share = stated_percent(limit.quantile);
    let below = format!(
        "A mark is a trial at one rate. Target: {share} of requests within {}.",
        micros(limit.target_us as f64)
    );
    let mut drawing = sheet(440.0, &title, &below);
    let verdicts = [
        TrialVerdict::Held,
        TrialVerdict::Broke,
        TrialVerdict::Undecided,
        TrialVerdict::Generator,
    ];
    let there = verdicts.into_iter().filter(|verdict| trials.iter().any(|trial| trial.verdict == *verdict));
    let entries: Vec<(Ink, &str)> = there.map(|verdict| (ink(verdict), verdict.word())).collect();
    let x = legend(&mut drawing, MARGIN, 72.0, &entries);
    let x = legend_line(&mut drawing, x, 72.0, (Ink::Text, 1.5), shown);
    let x = match shown {
        "median" => x,
        _ => legend_line(&mut drawing, x, 72.0, (Ink::Stay, 1.5), "median"),
    };
    legend_dashes(&mut drawing, x, 72.0, (Ink::Alarm(1.0), 1.5), "target");
    let panel = panel(
        trials.iter().map(|trial| trial.rate_per_s),
        trials
            .iter()
            .flat_map(|trial| [trial.p50_us as f64, judged(limit.quantile, trial).1 as f64])
            .chain([HEADROOM * limit.target_us as f64]),
    );
    between(&mut drawing, &panel, limit);
    scale::latency_grid(&mut drawing, &panel);
    scale::across(&mut drawing, &panel, 8, "Requests asked for each second");
    let at = |rate: f64, us: u64| (panel.at_x(rate), panel.at_y((us as f64).max(1.0).log10()));
    let line = |of: &dyn Fn(&TrialReport) -> u64| trials.iter().map(|t| at(t.rate_per_s, of(t))).collect::<Vec<_>>();
    if shown != "median" {
        drawing.line(line(&|trial| trial.p50_us), Ink::Stay, 1.5);
    }
    drawing.line(line(&|trial| judged(limit.quantile, trial).1), Ink::Text, 1.5);
    let target = panel.at_y((limit.target_us as f64).log10());
    drawing.dashes((panel.x, target), (panel.x + panel.w, target), Ink::Alarm(1.0), 1.5);
    for trial in &trials {
        let (x, y) = at(trial.rate_per_s, judged(limit.quantile, trial).1);
        drawing.rect(x - MARK, y - MARK, 2.0 * MARK, 2.0 * MARK, ink(trial.verdict));
    }
    Chart {
        id: "knee".to_owned(),
        shows: format!(
            "How the latency of {name} grows with the rate, and between which rates it ceases to keep the target."
        ),
        read: format!(
            "Left of the shaded stretch a trial surely kept the target, right of it one surely missed it; the limit lies in \
             between. The scale is logarithmic: past the knee a little more rate costs many times the wait, because \
             requests queue until the trial ends.{}",
            if [0.5, 0.99, 0.999].contains(&limit.quantile) {
                String::new()
            } else {
                format!(" The line is the {shown}, and the target is of {share}: a trial may keep it above the line.")
            }
        ),
        act: format!(
            "Plan for the left edge of the shaded stretch{}, less what your own machines, network and neighbours cost. Rates \
             in the steep part hold for seconds, not for an hour.",
            limit.held_per_s.map_or(String::new(), |held| format!(" ({} requests/s)", grouped(held)))
        ),
        title,
        drawing,
    }
}

/// Shades what lies between the highest rate that held and the lowest that did not.
fn between(drawing: &mut Drawing, panel: &Panel, limit: &LimitReport) {
    let (held, broke) = (limit.held_per_s, limit.broke_per_s);
    let (left, right) = (panel.at_x(held.unwrap_or(panel.across.0)), panel.at_x(broke.unwrap_or(panel.across.1)));
    if left < right {
        drawing.rect(left, panel.y, right - left, panel.h, Ink::Tint(None, 0.18));
    }
    let y = panel.y - 11.0;
    let fits = |text: &str, x: f64| x - 1.08 * text_width(text, 12.0) > 0.0;
    if let Some(held) = held {
        let text = format!("held {}/s", grouped(held));
        if fits(&text, left) {
            drawing.text(left, y, text, 12.0, Ink::Text, Anchor::End);
        } else {
            drawing.text(MARGIN, y, text, 12.0, Ink::Text, Anchor::Start);
        }
    }
    if let Some(broke) = broke {
        let text = format!("missed at {}/s", grouped(broke));
        let gap = if held.is_some() { 12.0 } else { 0.0 };
        let anchor = if right + gap + 1.08 * text_width(&text, 12.0) < WIDTH {
            Anchor::Start
        } else {
            Anchor::End
        };
        drawing.text(
            if anchor == Anchor::Start {
                right + gap
            } else {
                WIDTH - 4.0
            },
            y,
            text,
            12.0,
            Ink::Text,
            anchor,
        );
    }
}

fn of_slices(findings: &LoadFindings<'_>) -> Option<Chart> {
    // Rate, median and 99th percentile in microseconds, of each slice after the warm-up.
    let points: Vec<Vec<[f64; 3]>> = findings
        .runs()
        .map(|(_, tally)| {
            let point = |(_, slice): (u64, &Slice)| {
                let [p50, p99] = [0.5, 0.99].map(|share| slice.quantile_us(share).map(|us| us as f64));
                Some([slice.due as f64 * 1e6 / tally.slice_us as f64, p50?, p99?])
            };
            tally.measured_slices().filter_map(point).collect()
        })
        .collect();
    if points.iter().flatten().count() < 2 {
        return None;
    }
    let title = "The rate at which latencies begin to rise";
    let below =
        format!("A mark is a {} of the test: the rate that was due in it, and its latencies.", findings.interval());
    let mut drawing = sheet(440.0, title, &below);
    let x = legend(&mut drawing, MARGIN, 72.0, &findings.names());
    drawing.rect(x, 72.0 - MARK / 2.0, MARK, MARK, Ink::Label);
    let behind = "99th percentile";
    drawing.text(x + 12.0, 72.0, behind, 13.0, Ink::Text, Anchor::Start);
    let x = x + 32.0 + 1.08 * text_width(behind, 13.0);
    drawing.rect(x, 72.0 - MARK / 2.0, MARK, MARK, Ink::Tint(None, 0.4));
    drawing.text(x + 12.0, 72.0, "median (paler)", 13.0, Ink::Text, Anchor::Start);
    let all = || points.iter().flatten();
    let panel = panel(all().map(|point| point[0]), all().flat_map(|point| [point[1], point[2]]));
    scale::latency_grid(&mut drawing, &panel);
    scale::across(&mut drawing, &panel, 8, "Requests due each second");
    for (of, size) in [(1, DOT), (2, DOT + 0.5)] {
        for (n, points) in points.iter().enumerate() {
            let ink = if of == 1 {
                Ink::Tint(Some(n), 0.4)
            } else {
                Ink::Series(n)
            };
            for point in points {
                let (x, y) = (panel.at_x(point[0]), panel.at_y(point[of].max(1.0).log10()));
                drawing.rect(x - size, y - size, 2.0 * size, 2.0 * size, ink);
            }
        }
    }
    Some(Chart {
        id: "knee".to_owned(),
        title: title.to_owned(),
        shows: "How latencies depend on the rate, while the rate changes.".to_owned(),
        read: "Marks stay level as long as the store keeps up, and rise where it no longer does: the knee. Once requests have \
               piled up, later marks stay high even at a rate that alone would be held, so marks at one rate may stand at \
               two heights: the lower ones came before."
            .to_owned(),
        act: "Take the knee as a first guess and test rates just below it for minutes, or let --find-limit search for the one \
              that is held."
            .to_owned(),
        drawing,
    })
}
