//! Figures: what a point comes to, by name, as the summary of a run names it.

use std::sync::LazyLock;

use crate::calendar::Span;
use crate::engine::{ArmResult, Replication};
use crate::measure::desk::ChannelMeasure;
use crate::numbers::{grouped, money, percent, seconds, signed};
use crate::probe::Probe;
use crate::results::Metric;
use crate::results::costs::{self, Line};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::terms::{Channel, Skill};

/// Something that a point is read for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// What strategies are compared in.
    Metric(Metric),
    /// The bill, with agents and reviewers of one's own paid for all hours on duty, busy or not: the bill of a run charges
    /// the time that they spend on contacts of the migration. In cents.
    StaffedCost,
    /// Share of first-line agents' time on duty in which they were busy.
    Occupancy,
    /// What those met who came on a channel.
    Desk(Channel, DeskFigure),
}

/// What those met who came on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskFigure {
    /// Contacts that came.
    Offered,
    /// Share that gave up, of those answered or given up; 0 if nobody came.
    AbandonedShare,
    /// Mean wait of the same, in seconds; 0 if nobody came.
    MeanWait,
    /// The wait that half of them did not exceed, in seconds.
    WaitP50,
    /// The wait that nine in ten did not exceed, in seconds.
    WaitP90,
    /// The wait that 99 of 100 did not exceed, in seconds.
    WaitP99,
    /// Share of those who came that was answered in time; all of them if nobody came.
    ServiceLevel,
}

impl DeskFigure {
    const ALL: [Self; 7] = [
        Self::Offered,
        Self::AbandonedShare,
        Self::MeanWait,
        Self::WaitP50,
        Self::WaitP90,
        Self::WaitP99,
        Self::ServiceLevel,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::AbandonedShare => "abandoned_share",
            Self::MeanWait => "mean_wait_s",
            Self::WaitP50 => "wait_s.p50",
            Self::WaitP90 => "wait_s.p90",
            Self::WaitP99 => "wait_s.p99",
            Self::ServiceLevel => "service_level",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Offered => "that came",
            Self::AbandonedShare => "given up",
            Self::MeanWait => "mean wait",
            Self::WaitP50 => "wait of half of them at most",
            Self::WaitP90 => "wait of nine in ten at most",
            Self::WaitP99 => "wait of 99 of 100 at most",
            Self::ServiceLevel => "answered in time",
        }
    }
}

/// Channels whose figures are read.
const CHANNELS: [Channel; 5] = [
    Channel::Phone,
    Channel::Chat,
    Channel::Email,
    Channel::Proofing,
    Channel::Review,
];

/// All figures, in the order of files.
static ALL: LazyLock<Vec<Figure>> = LazyLock::new(|| {
    let desk = CHANNELS.iter().flat_map(|&channel| DeskFigure::ALL.map(|figure| Figure::Desk(channel, figure)));
    let metrics = Metric::ALL.into_iter().map(Figure::Metric);
    metrics.chain([Figure::StaffedCost, Figure::Occupancy]).chain(desk).collect()
});

impl Figure {
    /// The bill.
    pub const COST: Self = Self::Metric(Metric::Cost);

    /// All figures, in the order of files.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// Its name in files.
    pub fn key(self) -> String {
        match self {
            Self::Metric(metric) => metric.key().to_owned(),
            Self::StaffedCost => "staffed_cost_cents".to_owned(),
            Self::Occupancy => "desk.occupancy".to_owned(),
            Self::Desk(Channel::Phone, figure) => format!("desk.{}", figure.key()),
            Self::Desk(channel, figure) => format!("desk.{}.{}", channel.key(), figure.key()),
        }
    }

    /// The figure that people call so, and how many of its units one of theirs is: `cost` is told in units of the currency and
    /// kept in cents; `desk.` may be left out.
    ///
    /// # Errors
    ///
    /// If there is none: the nearest ones are named.
    pub fn named(name: &str) -> Result<(Self, f64), String> {
        let name = name.trim();
        match name {
            "cost" => return Ok((Self::COST, 100.0)),
            "staffed_cost" => return Ok((Self::StaffedCost, 100.0)),
            _ => {}
        }
        let is = |figure: &&Self| {
            let key = figure.key();
            key == name || key.strip_prefix("desk.") == Some(name) || format!("{key}.of_offered") == name
        };
        if let Some(figure) = Self::all().iter().find(is) {
            return Ok((*figure, 1.0));
        }
        let mut near: Vec<(f64, String)> = Self::all()
            .iter()
            .map(|figure| (strsim::jaro_winkler(&figure.key(), name), figure.key()))
            .chain(["cost", "staffed_cost"].map(|key| (strsim::jaro_winkler(key, name), key.to_owned())))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near = crate::text::one_of(near.into_iter().take(4).map(|(_, key)| key));
        Err(format!("there is no figure \"{name}\"; {near} are near it, docs/sweep.md lists all"))
    }

    /// Its name for people.
    pub fn word(self) -> String {
        match self {
            Self::Metric(metric) => metric.word().to_owned(),
            Self::StaffedCost => "total cost with everybody on duty".to_owned(),
            Self::Occupancy => "occupancy of the first line".to_owned(),
            Self::Desk(channel, figure) => format!("{}: {}", channel.plural(), figure.word()),
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        match self {
            Self::Metric(metric) => metric.more_is_better(),
            Self::Desk(_, DeskFigure::ServiceLevel) => true,
            Self::StaffedCost | Self::Occupancy | Self::Desk(..) => false,
        }
    }

    /// Whether it is a share, 0 to 1, which people write in percent too.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Occupancy | Self::Desk(_, DeskFigure::AbandonedShare | DeskFigure::ServiceLevel))
    }

    /// A value of it as people read it.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Metric(metric) => metric.show(value),
            Self::StaffedCost => money(value),
            Self::Occupancy | Self::Desk(_, DeskFigure::AbandonedShare | DeskFigure::ServiceLevel) => percent(value),
            Self::Desk(_, DeskFigure::Offered) => grouped(value),
            Self::Desk(..) => seconds(value),
        }
    }

    /// A difference in it as people read it, with its sign.
    pub fn show_difference(self, value: f64) -> String {
        match self {
            Self::Metric(metric) => metric.show_difference(value),
            Self::StaffedCost => Metric::Cost.show_difference(value),
            Self::Desk(_, DeskFigure::Offered) => signed(value),
            Self::Occupancy | Self::Desk(_, DeskFigure::AbandonedShare | DeskFigure::ServiceLevel) => {
                let sign = if value < 0.0 { "−" } else { "+" };
                format!("{sign}{:.2} points", (100.0 * value).abs())
            }
            _ if value < 0.0 => format!("−{}", self.show(-value)),
            _ => format!("+{}", self.show(value)),
        }
    }

    fn place(self) -> usize {
        ALL.iter().position(|figure| *figure == self).unwrap_or(0)
    }
}

/// All figures of one arm in one replication, as those of all accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(Vec<f64>);

impl Row {
    /// The value of a figure.
    pub fn of(&self, figure: Figure) -> f64 {
        self.0[figure.place()]
    }

    /// The rows of the arms of a replication, the control first.
    pub fn read(probe: &Probe, replication: &Replication) -> Vec<Self> {
        let scenario = probe.scenario();
        let arms = scenario.arms().zip(&replication.arms).zip(probe.figures(replication));
        arms.map(|((strategy, arm), figures)| {
            let value = |figure: &Figure| match *figure {
                Figure::Metric(metric) => figures.of(metric),
                Figure::StaffedCost => staffed_cents(scenario, strategy, arm, probe.times()),
                Figure::Occupancy => arm.desk.teams[Skill::Tier1 as usize].occupancy(),
                Figure::Desk(channel, DeskFigure::Offered) => {
                    desk(&arm.desk.channels[channel as usize], DeskFigure::Offered) * probe.times()
                }
                Figure::Desk(channel, of) => desk(&arm.desk.channels[channel as usize], of),
            };
            Self(ALL.iter().map(value).collect())
        })
        .collect()
    }

    /// As values one after the other.
    pub(super) fn flat(rows: &[Self]) -> Vec<f64> {
        rows.iter().flat_map(|row| row.0.iter().copied()).collect()
    }

    /// From values one after the other.
    pub(super) fn shaped(values: &[f64]) -> Vec<Self> {
        values.chunks_exact(ALL.len()).map(|row| Self(row.to_vec())).collect()
    }
}

fn desk(measure: &ChannelMeasure, figure: DeskFigure) -> f64 {
    let total = measure.total();
    let ended = (total.answered + total.abandoned) as f64;
    let share = |part: f64, whole: f64, of_none: f64| if whole > 0.0 { part / whole } else { of_none };
    let quantile = |share: f64| Span(measure.waits.value_at_quantile(share) as i64).0 as f64 / 1000.0;
    match figure {
        DeskFigure::Offered => total.offered as f64,
        DeskFigure::AbandonedShare => share(total.abandoned as f64, ended, 0.0),
        DeskFigure::MeanWait => share(total.wait_ms as f64 / 1000.0, ended, 0.0),
        DeskFigure::WaitP50 => quantile(0.5),
        DeskFigure::WaitP90 => quantile(0.9),
        DeskFigure::WaitP99 => quantile(0.99),
        DeskFigure::ServiceLevel => share(total.within as f64, total.offered as f64, 1.0),
    }
}

/// The bill with everybody on duty paid, as that of all accounts. Building a strategy costs the same for few accounts and
/// for many.
fn staffed_cents(scenario: &Scenario, strategy: Option<&Strategy>, arm: &ArmResult, times: f64) -> f64 {
    let lines = costs::bill(scenario, strategy, arm);
    let billed: f64 = Line::ALL
        .into_iter()
        .filter(|line| !matches!(line, Line::Desk | Line::Review))
        .map(|line| lines[line as usize] as f64 * if line == Line::Setup { 1.0 } else { times })
        .sum();
    let prices = &scenario.prices;
    let teams = [
        (Skill::Tier1, prices.desk_cents_per_min),
        (Skill::Tier2, prices.tier2_cents_per_min),
        (Skill::Review, prices.review_cents_per_min),
    ];
    let on_duty = teams.map(|(skill, per_min)| {
        let hours: u64 = arm.desk.teams[skill as usize].agents.iter().map(|&agents| u64::from(agents)).sum();
        hours as f64 * 60.0 * per_min.get() as f64
    });
    billed + on_duty.iter().sum::<f64>() * times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_found_by_its_name() {
        for figure in Figure::all() {
            assert_eq!(Figure::named(&figure.key()), Ok((*figure, 1.0)));
        }
        assert_eq!(Figure::named("cost"), Ok((Figure::COST, 100.0)));
        let p90 = Figure::Desk(Channel::Phone, DeskFigure::WaitP90);
        assert_eq!(Figure::named("wait_s.p90"), Ok((p90, 1.0)));
        assert_eq!(Figure::named("desk.wait_s.p90"), Ok((p90, 1.0)));
        let said = Figure::named("desk.abandond_share").expect_err("none");
        assert!(said.contains("desk.abandoned_share"), "{said}");
    }
}
