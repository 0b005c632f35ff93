//! The desk in figures: what those who contact it meet, channel by channel and strategy by strategy, with intervals.

use super::desk_summary::{ChannelSummary, DeskSummary};
use super::summary::Summary;
use crate::numbers::{grouped, measured, seconds, within};
use crate::terms::Channel;

/// The figures of one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskTable {
    /// Its contacts, as in `calls`.
    pub contacts: &'static str,
    /// Each figure: what it is, and its value under each strategy.
    pub rows: Vec<(String, Vec<String>)>,
}

/// The tables of all channels on which anybody came.
pub fn tables(summary: &Summary) -> Vec<DeskTable> {
    Channel::ALL.into_iter().filter_map(|channel| table(summary, channel)).collect()
}

/// The table of one channel; `None` if nobody came.
pub fn table(summary: &Summary, channel: Channel) -> Option<DeskTable> {
    let desks: Vec<(&DeskSummary, &ChannelSummary)> = summary
        .strategies
        .iter()
        .map(|strategy| (&strategy.desk, &strategy.desk.by_channel[channel]))
        .collect();
    let (_, first) = desks.iter().find(|(_, of)| of.offered > 0.0)?;
    let in_time = format!("answered within {}", within(first.service_level.within_s));
    let each = |tell: &dyn Fn(&DeskSummary, &ChannelSummary) -> String| -> Vec<String> {
        let tell = |(desk, of): &(&DeskSummary, &ChannelSummary)| {
            if of.offered > 0.0 {
                tell(desk, of)
            } else {
                "–".to_owned()
            }
        };
        desks.iter().map(tell).collect()
    };
    let mut rows = vec![
        ("offered".to_owned(), each(&|_, of| grouped(of.offered))),
        (in_time, each(&|_, of| share(of.service_level.of_offered, of.ci95.map(|ci| ci.of_offered)))),
        ("mean wait of all".to_owned(), each(&|_, of| time(of.mean_wait_s, of.ci95.map(|ci| ci.mean_wait_s)))),
        (
            "mean wait of the answered (ASA)".to_owned(),
            each(&|_, of| time(of.asa_s, of.ci95.map(|ci| ci.asa_s))),
        ),
        ("99 of 100 wait at most".to_owned(), each(&|_, of| seconds(of.wait_s.p99))),
    ];
    // What became of those who were not answered in time. Nobody gives up a case of the review team, and hardly anybody
    // written work: it waits.
    let mut fates = Vec::new();
    if channel.is_live() || desks.iter().any(|(_, of)| of.abandoned > 0.0) {
        let given_up = each(&|_, of| share(of.abandoned_share, of.ci95.map(|ci| ci.abandoned_share)));
        fates.push(("given up".to_owned(), given_up));
    }
    if channel == Channel::Review || desks.iter().any(|(_, of)| of.left_waiting > 0.0) {
        fates.push(("still wait at the end".to_owned(), each(&|_, of| grouped(of.left_waiting))));
    }
    if channel.is_live() {
        let waited = each(&|_, of| share(of.waited_share, of.ci95.map(|ci| ci.waited_share)));
        fates.push(("have to wait".to_owned(), waited));
    }
    rows.splice(2..2, fates);
    if channel == Channel::Phone {
        rows.push((
            "occupancy of the first line".to_owned(),
            each(&|desk, _| share(desk.occupancy, desk.occupancy_ci95)),
        ));
    }
    Some(DeskTable { contacts: channel.plural(), rows })
}

/// A share in percent.
fn share(value: f64, ci95: Option<[f64; 2]>) -> String {
    measured(100.0 * value, ci95.map(|ci| ci.map(|end| 100.0 * end))) + " %"
}

/// Seconds in the unit that people would take.
fn time(value_s: f64, ci95: Option<[f64; 2]>) -> String {
    let (unit, per) = match value_s {
        x if x < 120.0 => ("s", 1.0),
        x if x < 7_200.0 => ("min", 60.0),
        x if x < 172_800.0 => ("h", 3_600.0),
        _ => ("d", 86_400.0),
    };
    format!("{} {unit}", measured(value_s / per, ci95.map(|ci| ci.map(|end| end / per))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_times_are_told_with_their_intervals() {
        assert_eq!(share(0.031_14, Some([0.030_63, 0.031_65])), "3.114 ± 0.051 %");
        assert_eq!(time(900.0, Some([840.0, 960.0])), "15.0 ± 1.0 min");
        assert_eq!(time(400_000.0, None), "4.63 d");
    }
}
