//! One week of a shift plan: agents at work against agents required, and below it every shift as a bar.

use std::collections::BTreeSet;

use crate::calendar::WEEK_H;
use crate::numbers::grouped;
use crate::report::charts::axis::{Panel, plain, top};
use crate::report::charts::{MARGIN, SMALL, WIDTH, legend, legend_line, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};
use crate::size::shifts::{Pattern, Shift, ShiftPlan};

/// Height of the panel above, of a row of bars and of a bar.
const PANEL: f64 = 150.0;
const ROW: f64 = 19.0;
const BAR: f64 = 15.0;
/// Where text stands in a row.
const MIDDLE: f64 = ROW / 2.0;
/// Room for the hours and the day below a panel.
const AXIS: f64 = 38.0;
/// Size of labels, and of the numbers on bars.
const LABEL: f64 = 12.0;
const NUMBER: f64 = 11.0;
/// Ink of hours that are paid while nobody is required.
const IDLE: Ink = Ink::Tint(None, 0.6);
/// The widest label of a row.
const WIDEST: f64 = 190.0;

/// Draws a week, from Monday to Sunday, of a plan made for `required` from `patterns`.
///
/// `week` counts from the first week of the plan; a week that the plan does not have gives a sheet that says so.
/// `day_label` names a day of the plan, counted from the day of its first hour. A row is a pattern with its start;
/// a number on a bar is the agents on that shift, a gap their break. Shifts of the Sunday before are drawn as far as they
/// reach into the week, those of its own Sunday as far as midnight.
pub fn draw(
    plan: &ShiftPlan,
    week: usize,
    required: &[u32],
    patterns: &[Pattern],
    title: &str,
    day_label: impl Fn(usize) -> String,
) -> Drawing {
    let Some(figures) = plan.weeks.get(week) else {
        return sheet(80.0, title, "The plan does not reach this week.");
    };
    let chart = Gantt::new(plan, week, required, patterns);
    let idle = match chart.idle_h() {
        0 => String::new(),
        hours => format!(", {} of them while nobody is required", grouped(hours as f64)),
    };
    let below = format!(
        "{} people, {} paid hours{idle}. A number is the agents on that shift; a gap in a bar is their break.",
        grouped(f64::from(figures.heads)),
        grouped(figures.paid_h as f64)
    );
    let mut drawing = sheet(chart.foot(), title, &below);
    chart.days(&mut drawing, day_label);
    chart.coverage(&mut drawing);
    chart.bars(&mut drawing);
    drawing
}

struct Gantt<'a> {
    plan: &'a ShiftPlan,
    required: &'a [u32],
    patterns: &'a [Pattern],
    /// Index of the required hour at Monday 00:00; negative if the plan starts later.
    monday: i64,
    /// Shifts that are worked in this week.
    shifts: Vec<Shift>,
    /// Start and pattern of each row.
    rows: Vec<(u32, usize)>,
    /// The panel above; its scale across is the hour of the week.
    panel: Panel,
}

impl<'a> Gantt<'a> {
    fn new(plan: &'a ShiftPlan, week: usize, required: &'a [u32], patterns: &'a [Pattern]) -> Self {
        let monday = (week * WEEK_H) as i64 - plan.first_hour_of_week as i64;
        let here = |shift: &&Shift| {
            let hours = patterns.get(shift.pattern).map_or(0, |pattern| i64::from(pattern.hours));
            let from = plan.starts_at(shift) - monday;
            from < WEEK_H as i64 && from + hours > 0
        };
        // Only the Sunday before reaches into a week.
        let shifts: Vec<Shift> = plan.weeks[week.saturating_sub(1)..=week]
            .iter()
            .flat_map(|w| &w.shifts)
            .filter(here)
            .copied()
            .collect();
        let rows: BTreeSet<(u32, usize)> = shifts.iter().map(|shift| (shift.start_h, shift.pattern)).collect();
        let rows: Vec<_> = rows.into_iter().collect();
        let labels = rows.iter().map(|row| text_width(&row_label(patterns, *row), LABEL));
        let x = MARGIN + labels.fold(36.0, f64::max) + 8.0;
        let hours = (0..WEEK_H).filter_map(|hour| usize::try_from(monday + hour as i64).ok());
        let most = hours.map(|hour| value(plan.covered(), hour).max(value(required, hour))).fold(0.0, f64::max);
        let across = (0.0, WEEK_H as f64);
        let panel = Panel {
            x,
            y: 96.0,
            w: WIDTH - x - MARGIN,
            h: PANEL,
            across,
            up: (0.0, top(most)),
        };
        Self { plan, required, patterns, monday, shifts, rows, panel }
    }

    fn first_row(&self) -> f64 {
        self.panel.y + PANEL + AXIS + 6.0
    }

    fn last_row(&self) -> f64 {
        self.first_row() + ROW * self.rows.len().max(1) as f64
    }

    fn foot(&self) -> f64 {
        self.last_row() + 26.0
    }

    /// A value at an hour of the week.
    fn at(&self, values: &[u32], hour: usize) -> f64 {
        usize::try_from(self.monday + hour as i64).map_or(0.0, |hour| value(values, hour))
    }

    /// Agents at work in an hour of the week in which nobody is required.
    fn idle(&self, hour: usize) -> f64 {
        if self.at(self.required, hour) > 0.0 {
            0.0
        } else {
            self.at(self.plan.covered(), hour)
        }
    }

    /// Agent-hours at which nobody is required.
    fn idle_h(&self) -> u64 {
        (0..WEEK_H).map(|hour| self.idle(hour) as u64).sum()
    }

    /// Days and hours, as lines through both parts.
    fn days(&self, drawing: &mut Drawing, label: impl Fn(usize) -> String) {
        let (upper, lower) = (self.panel.y + PANEL, self.last_row());
        for hour in (0..=WEEK_H).step_by(6) {
            let x = self.panel.at_x(hour as f64);
            let midnight = hour % 24 == 0;
            if midnight {
                drawing.line([(x, self.panel.y - 4.0), (x, lower)], Ink::Stay, 1.0);
            } else {
                drawing.line([(x, self.panel.y), (x, upper)], Ink::Grid, 1.0);
                drawing.line([(x, self.first_row() - 2.0), (x, lower)], Ink::Grid, 1.0);
                for y in [upper + 9.0, lower + 11.0] {
                    drawing.text(x, y, format!("{}h", hour % 24), 11.0, Ink::Label, Anchor::Middle);
                }
            }
        }
        let monday = (self.monday + self.plan.first_hour_of_week as i64 % 24) / 24;
        for column in 0..7 {
            let Ok(day) = usize::try_from(monday + column) else {
                continue;
            };
            let x = self.panel.at_x(column as f64 * 24.0 + 12.0);
            drawing.bold(x, upper + 26.0, label(day), SMALL, Ink::Text, Anchor::Middle);
        }
    }

    /// Required against covered.
    fn coverage(&self, drawing: &mut Drawing) {
        let panel = &self.panel;
        panel.grid_y(drawing, 4, plain);
        let steps = |values: &[u32]| -> Vec<(f64, f64)> {
            (0..WEEK_H)
                .flat_map(|hour| {
                    let y = panel.at_y(self.at(values, hour));
                    [(panel.at_x(hour as f64), y), (panel.at_x(hour as f64 + 1.0), y)]
                })
                .collect()
        };
        let mut area = steps(self.plan.covered());
        area.insert(0, (panel.x, panel.y + panel.h));
        area.push((panel.x + panel.w, panel.y + panel.h));
        drawing.area(area, Ink::Pale(0));
        let idle: Vec<_> = (0..WEEK_H).map(|hour| (hour as f64, hour as f64 + 1.0, self.idle(hour))).collect();
        panel.steps(drawing, &idle, IDLE);
        let mut entries = vec![(Ink::Pale(0), "agents at work")];
        if self.idle_h() > 0 {
            entries.push((IDLE, "paid while nobody is required"));
        }
        let mut short = false;
        for hour in 0..WEEK_H {
            let (needed, there) = (self.at(self.required, hour), self.at(self.plan.covered(), hour));
            if needed > there {
                let (from, to) = (panel.at_y(needed), panel.at_y(there));
                drawing.rect(panel.at_x(hour as f64), from, panel.w / WEEK_H as f64, to - from, Ink::Alarm(1.0));
                short = true;
            }
        }
        if short {
            entries.push((Ink::Alarm(1.0), "agents missing"));
        }
        drawing.line(steps(self.required), Ink::Text, 1.5);
        panel.floor(drawing);
        let x = legend_line(drawing, panel.x, 72.0, (Ink::Text, 1.5), "agents required");
        legend(drawing, x, 72.0, &entries);
    }

    /// One bar for each shift, on the row of its start and pattern.
    fn bars(&self, drawing: &mut Drawing) {
        if self.rows.is_empty() {
            let x = self.panel.x + self.panel.w / 2.0;
            drawing.text(x, self.first_row() + ROW / 2.0, "no shifts", LABEL, Ink::Label, Anchor::Middle);
        }
        for (row, starts) in self.rows.iter().enumerate() {
            let y = self.first_row() + ROW * row as f64;
            let label = row_label(self.patterns, *starts);
            drawing.text(self.panel.x - 8.0, y + MIDDLE, label, LABEL, Ink::Text, Anchor::End);
            for shift in self.shifts.iter().filter(|shift| (shift.start_h, shift.pattern) == *starts) {
                self.bar(drawing, shift, y);
            }
        }
    }

    fn bar(&self, drawing: &mut Drawing, shift: &Shift, y: f64) {
        let parts = self.parts(shift);
        let left = |hour: i64| self.panel.at_x(hour as f64);
        for (from, to) in &parts {
            let (x, w) = (left(*from) + 0.5, left(*to) - left(*from) - 1.0);
            drawing.rect(x, y + (ROW - BAR) / 2.0, w, BAR, Ink::Series(shift.pattern));
        }
        let (Some((begin, _)), Some((_, end))) = (parts.first(), parts.last()) else {
            return;
        };
        // A thin line holds the parts of one shift together.
        let middle = y + ROW / 2.0;
        drawing.line([(left(*begin) + 0.5, middle), (left(*end) - 0.5, middle)], Ink::Series(shift.pattern), 1.5);
        // The number stands on the first of the longest parts, or beside the bar where none is long enough.
        let longest = parts.iter().rev().max_by_key(|(from, to)| to - from);
        let (from, to) = *longest.unwrap_or(&(*begin, *end));
        let number = shift.agents.to_string();
        let (width, y) = (text_width(&number, NUMBER), y + MIDDLE);
        if left(to) - left(from) >= width + 3.0 {
            drawing.bold((left(from) + left(to)) / 2.0, y, number, NUMBER, Ink::Paper, Anchor::Middle);
        } else if left(*end) + width + 4.0 <= self.panel.x + self.panel.w {
            drawing.bold(left(*end) + 3.0, y, number, NUMBER, Ink::Text, Anchor::Start);
        } else {
            drawing.bold(left(*begin) - 3.0, y, number, NUMBER, Ink::Text, Anchor::End);
        }
    }

    /// The parts of a shift between its breaks, as hours of this week.
    fn parts(&self, shift: &Shift) -> Vec<(i64, i64)> {
        let Some(pattern) = self.patterns.get(shift.pattern) else {
            return Vec::new();
        };
        let start = self.plan.starts_at(shift) - self.monday;
        let mut parts: Vec<(i64, i64)> = Vec::new();
        for offset in (0..pattern.hours).filter(|offset| pattern.works(*offset)) {
            let hour = start + i64::from(offset);
            match parts.last_mut() {
                _ if !(0..WEEK_H as i64).contains(&hour) => {}
                Some((_, to)) if *to == hour => *to += 1,
                _ => parts.push((hour, hour + 1)),
            }
        }
        parts
    }
}

fn value(values: &[u32], hour: usize) -> f64 {
    values.get(hour).copied().map_or(0.0, f64::from)
}

/// `early 07:00–15:00`; a name that is too long is cut.
fn row_label(patterns: &[Pattern], (start_h, pattern): (u32, usize)) -> String {
    let Some(pattern) = patterns.get(pattern) else {
        return format!("{start_h:02}:00");
    };
    let times = format!("{start_h:02}:00–{:02}:00", (start_h + pattern.hours) % 24);
    let mut name = pattern.name.clone();
    while text_width(&format!("{name}… {times}"), LABEL) > WIDEST && name.pop().is_some() {}
    if name == pattern.name {
        format!("{name} {times}")
    } else {
        format!("{}… {times}", name.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::drawing::Theme;
    use crate::size::shifts::{Rules, plan};

    fn pattern(name: &str, hours: u32, breaks: Vec<u32>, starts: (u32, u32)) -> Pattern {
        Pattern {
            name: name.to_owned(),
            hours,
            breaks,
            earliest_start_h: starts.0,
            latest_start_h: starts.1,
            days: [true; 7],
            cents_per_hour: 2_500,
        }
    }

    fn svg(plan: &ShiftPlan, week: usize, required: &[u32], patterns: &[Pattern]) -> String {
        let drawing = draw(plan, week, required, patterns, "Shifts", |day| format!("day {day}"));
        drawing.svg(Theme::Light).expect("svg")
    }

    #[test]
    fn a_week_shows_days_rows_and_agents() {
        let mut required = vec![0; 2 * WEEK_H];
        required[8..17].fill(37);
        required[WEEK_H - 1..WEEK_H + 7].fill(104);
        let patterns = [
            pattern("office", 9, vec![4], (7, 8)),
            pattern("night", 8, vec![], (23, 23)),
        ];
        let plan = plan(&patterns, &Rules::default(), &required, 0).expect("a plan");
        let first = svg(&plan, 0, &required, &patterns);
        let texts = [
            "office 07:00–16:00",
            "office 08:00–17:00",
            "night 23:00–07:00",
            "day 0",
            "day 6",
            "37",
            "104",
            "agents required",
        ];
        for text in texts {
            assert!(first.contains(text), "{text} is missing from {first}");
        }
        let second = svg(&plan, 1, &required, &patterns);
        for text in ["night 23:00–07:00", "104", "day 7", "day 13"] {
            assert!(second.contains(text), "{text} is missing: Sunday night reaches into this week");
        }
        assert!(!second.contains("office") && !second.contains("agents missing"));
    }

    #[test]
    fn missing_agents_short_weeks_and_weeks_beyond_the_plan_are_drawn() {
        let patterns = [pattern(
            "a name that would not leave any room for bars",
            4,
            vec![],
            (9, 9),
        )];
        let plan = plan(&patterns, &Rules::default(), &[1, 1], 3 * 24 + 10).expect("a plan");
        let week = svg(&plan, 0, &[1, 3], &patterns);
        assert!(week.contains("agents missing") && week.contains("day 0") && week.contains("day 3"));
        assert!(!week.contains("day 4") && week.contains("… 09:00–13:00"));
        assert!(svg(&plan, 1, &[], &patterns).contains("does not reach this week"));
        let idle = crate::size::shifts::plan(&[], &Rules::default(), &[0; 24], 0).expect("an idle plan");
        assert!(svg(&idle, 0, &[0; 24], &[]).contains("no shifts"));
    }
}
