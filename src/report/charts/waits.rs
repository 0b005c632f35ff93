//! Waits of calls: the median and the bad cases, day by day.

use std::ops::Range;

use super::axis::{Panel, day_step};
use super::{Chart, Findings, MARGIN, SMALL, WIDER, WIDTH, legend, legend_dashes, sheet};
use crate::numbers::{seconds, within};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted, text_width};
use crate::terms::Channel;

const BLOCK: f64 = 204.0;
const HEIGHT: f64 = 130.0;
/// The shortest wait on the scale, in seconds; shorter ones stand on the floor.
const SHORTEST: f64 = 1.0;
/// Days up to which hours are shown instead of days.
const BY_HOUR: usize = 14;
/// Ticks, in seconds.
const TICKS: [(f64, &str); 9] = [
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3_600.0, "1 h"),
    (14_400.0, "4 h"),
    (86_400.0, "1 d"),
    (604_800.0, "7 d"),
    (2_592_000.0, "30 d"),
];

/// Waits of one stretch of time: from and to in days, and the 50th, 90th and 99th percentile in seconds.
type Stretch = (f64, f64, [f64; 3]);

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let scenario = findings.scenario;
    let days = scenario.horizon_days.get() as usize;
    let step = if days <= BY_HOUR { 1 } else { 24 };
    let waits = |arm: usize| -> Vec<Stretch> {
        let calls = &findings.series[arm].channels[Channel::Phone as usize];
        let stretch = |start: usize| {
            let hours: Range<usize> = start..(start + step).min(scenario.hours());
            let waits = [0.5, 0.9, 0.99].map(|share| calls.wait_quantile_s(hours.clone(), share).unwrap_or(0.0));
            let any = hours.clone().any(|hour| calls.answered[hour] + calls.abandoned[hour] > 0.0);
            any.then(|| (hours.start as f64 / 24.0, hours.end as f64 / 24.0, waits))
        };
        (0..scenario.hours()).step_by(step).filter_map(stretch).collect()
    };
    let arms: Vec<Vec<Stretch>> = (0..findings.series.len()).map(waits).collect();
    let longest = arms.iter().flatten().map(|(.., waits)| waits[2]).fold(0.0, f64::max);
    if longest <= 0.0 {
        return None;
    }
    let in_time = scenario.desk.service_level_s.get();
    let most = TICKS.iter().map(|(s, _)| *s).find(|s| *s >= longest.max(in_time)).unwrap_or(longest);
    let per = if step == 1 { "hour" } else { "day" };
    let title = "How long callers wait";
    let below = format!(
        "Calls by {per} of arrival, answered or not, all replications together; logarithmic scale, under 1 s on the floor."
    );
    let columns = arms.len().min(2);
    let (rows, width) = (arms.len().div_ceil(columns), WIDTH / columns as f64);
    let mut drawing = sheet(96.0 + BLOCK * rows as f64, title, &below);
    let entries = [
        (Ink::Tint(None, 1.0), "half of the callers"),
        (Ink::Tint(None, 0.6), "90 %"),
        (Ink::Tint(None, 0.28), "99 %"),
    ];
    let x = legend(&mut drawing, MARGIN, 72.0, &entries);
    legend_dashes(&mut drawing, x, 72.0, (Ink::Label, 1.5), &format!("{}: in time", within(in_time)));
    for (arm, stretches) in arms.iter().enumerate() {
        let panel = Panel {
            x: 64.0 + (arm % columns) as f64 * width,
            y: 124.0 + (arm / columns) as f64 * BLOCK,
            w: width - 84.0,
            h: HEIGHT,
            across: (0.0, days as f64),
            up: (SHORTEST.log10(), most.log10()),
        };
        let worst = stretches.iter().map(|(.., waits)| waits[1]).fold(0.0, f64::max);
        let worst = format!("worst {per}: one in ten waits over {}", seconds(worst));
        let room = panel.w / WIDER - text_width(&worst, 12.0) - 10.0;
        let name = fitted(&findings.series[arm].strategy, SMALL, room);
        drawing.bold(panel.x, panel.y - 18.0, name, SMALL, findings.ink(arm), Anchor::Start);
        drawing.text(panel.x + panel.w, panel.y - 18.0, worst, 12.0, Ink::Label, Anchor::End);
        bands(&mut drawing, findings, arm, &panel, stretches);
        let y = panel.at_y(in_time.max(SHORTEST).log10());
        drawing.dashes((panel.x, y), (panel.x + panel.w, y), Ink::Label, 1.0);
    }
    Some(Chart {
        id: "waits".to_owned(),
        title: title.to_owned(),
        shows: format!("How long callers wait in each {per} under each strategy: the usual wait, and the bad cases."),
        read: "Full colour reaches up to the wait that half of the callers exceed; none is seen where most are answered \
               at once. The middle tone reaches to what one in ten exceeds, the pale one to that of one in a hundred. The \
               scale is logarithmic: each line is several times the one below. Callers who gave up count with the time \
               they held out, so in a collapse the full waits would be longer."
            .to_owned(),
        act: "Middle tone above the dashed line means that more than one caller in ten is not answered in time. If only \
              the pale tone is above it, the desk is busy but sound; if full colour is, most callers wait: call in more \
              agents."
            .to_owned(),
        drawing,
    })
}

fn bands(drawing: &mut Drawing, findings: &Findings<'_>, arm: usize, panel: &Panel, stretches: &[Stretch]) {
    let place = |wait: f64| panel.at_y(wait.max(SHORTEST).log10());
    for (percentile, strength) in [(2, 0.28), (1, 0.6), (0, 1.0)] {
        let step = |(from, to, waits): &Stretch| (*from, *to, waits[percentile].max(SHORTEST).log10());
        let steps: Vec<_> = stretches.iter().map(step).collect();
        panel.steps(drawing, &steps, findings.tint(arm, strength));
    }
    for (wait, label) in TICKS.into_iter().filter(|(wait, _)| wait.log10() <= panel.up.1 + 1e-9) {
        let y = place(wait);
        drawing.line([(panel.x, y), (panel.x + panel.w, y)], Ink::Grid, 1.0);
        drawing.text(panel.x - 6.0, y, label, 12.0, Ink::Label, Anchor::End);
    }
    panel.floor(drawing);
    let days = panel.across.1 as usize;
    panel.days(drawing, day_step(days), |day| format!("day {day}"));
}
