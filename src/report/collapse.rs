//! Collapse: when the desk no longer serves those who contact it, channel by channel.
//!
//! Working hours of a channel are those in which somebody comes who can be answered in time: a live channel is open; for
//! written work, see [`opening::answerable`]: it comes in at night as well, so they are not the hours in which anybody works.
//! Sentences therefore tell the contacts of so many hours. The hours are joined, in order, into stretches: as few of them as
//! hold 20 contacts in all replications together, so that few contacts do not make a verdict.
//!
//! A stretch fails if fewer than half of its contacts are answered in time. Of calls and chats, which are to be answered
//! within seconds, more is asked: more than a fifth are given up, or more wait at its end than an hour of it brings (the
//! patient do not give up: their queue grows). Hours at its ends of which at least half is answered in time are cut off.
//! Failing stretches with at most two working hours between them are one collapse. It lasts for at least two working hours
//! of calls or chats, and eight of written work.
//!
//! Other hours neither count nor end a collapse: a queue that is as long the next morning is the same collapse.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::calendar::{HOUR_MS, SimTime};
use crate::desk::baseline::patience;
use crate::desk::opening;
use crate::desk::staffing::Staffing;
use crate::engine::ArmResult;
use crate::measure::desk::Hour;
use crate::numbers::{grouped, percent, seconds, tidy, within};
use crate::scenario::Scenario;
use crate::terms::Channel;

/// Contacts that a stretch holds at least, in all replications together.
const CONTACTS: u64 = 20;
/// Working hours of a good time that do not end a collapse.
const PAUSE: usize = 2;
/// Working hours that a collapse of calls or chats lasts at least.
const SHORTEST: usize = 2;
/// Working hours that a collapse of written work lasts at least.
const SHORTEST_WRITTEN: usize = 8;

/// A time in which the desk had collapsed for those of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Collapse {
    /// The channel.
    pub channel: Channel,
    /// Hours since the start, from the first that failed to the last, closed ones among them.
    pub span: Range<usize>,
    /// Working hours in it.
    pub hours: usize,
    /// Contacts offered in them, mean over replications.
    pub offered: f64,
    /// Of which were answered in time.
    pub within: f64,
    /// Of which were given up.
    pub abandoned: f64,
    /// Of which wait at the horizon.
    pub left: f64,
    /// Most that waited at the end of one of these hours, mean over replications.
    pub waiting: f64,
    /// Longest wait of one of them in any replication, in seconds; of those who wait at the horizon, until then.
    pub longest_wait_s: f64,
}

/// A collapse in `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollapseSummary {
    /// Its channel.
    pub channel: Channel,
    /// When it begins.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// Working hours that it lasts.
    pub hours: u64,
    /// Contacts offered in it.
    pub offered: f64,
    /// Of which were answered in time.
    pub answered_in_time: f64,
    /// Of which were given up.
    pub abandoned: f64,
    /// Of which wait at the horizon.
    pub left_waiting: f64,
    /// Most that waited at the end of an hour.
    pub backlog_max: f64,
    /// Longest wait of one of them in any replication, in seconds; of those who wait at the horizon, until then.
    pub longest_wait_s: f64,
}

impl Collapse {
    /// As it is written.
    pub fn summary(&self, scenario: &Scenario) -> CollapseSummary {
        let iso = |hour: usize| scenario.calendar().iso(SimTime::from_hours(hour as f64));
        CollapseSummary {
            channel: self.channel,
            start: iso(self.span.start),
            end: iso(self.span.end),
            hours: self.hours as u64,
            offered: tidy(self.offered),
            answered_in_time: tidy(self.within),
            abandoned: tidy(self.abandoned),
            left_waiting: tidy(self.left),
            backlog_max: tidy(self.waiting),
            longest_wait_s: tidy(self.longest_wait_s),
        }
    }
}

/// The collapses of one arm, channel by channel.
pub fn collapses(scenario: &Scenario, arms: &[&ArmResult]) -> Vec<Collapse> {
    let staffing = Staffing::new(scenario);
    let of = |channel: Channel| {
        let measured = Measured {
            channel,
            replications: arms.iter().map(|arm| arm.desk.channels[channel as usize].hours.as_slice()).collect(),
        };
        measured.collapses(&opening::answerable(scenario, &staffing, channel))
    };
    Channel::ALL.into_iter().flat_map(of).collect()
}

/// The hours of a channel in each replication.
struct Measured<'a> {
    channel: Channel,
    replications: Vec<&'a [Hour]>,
}

impl Measured<'_> {
    /// The collapses, if contacts of these hours can be answered in time.
    fn collapses(&self, answerable: &[bool]) -> Vec<Collapse> {
        let working: Vec<usize> =
            (0..answerable.len()).filter(|&hour| answerable[hour] && self.offered(&[hour]) > 0).collect();
        let live = self.channel.is_live();
        let late = |hours: &[usize]| 2 * self.sum(hours, |hour| hour.within) < self.offered(hours);
        let given_up = |hours: &[usize]| 5 * self.sum(hours, |hour| hour.abandoned) > self.offered(hours);
        let grows = |hours: &[usize]| self.waiting(hours[hours.len() - 1]) * hours.len() as u64 > self.offered(hours);
        let failed = |hours: &[usize]| late(hours) && (!live || given_up(hours) || grows(hours));
        // Places in `working`.
        let mut spans = Vec::new();
        let (mut from, mut contacts) = (0, 0);
        for place in 0..working.len() {
            contacts += self.offered(&working[place..=place]);
            if contacts < CONTACTS {
                continue;
            }
            let bad = |place: &usize| late(&working[*place..=*place]);
            let mut stretch = from..place + 1;
            if failed(&working[stretch.clone()])
                && let (Some(first), Some(last)) = (stretch.clone().find(bad), stretch.rfind(bad))
            {
                join(&mut spans, first..last + 1);
            }
            (from, contacts) = (place + 1, 0);
        }
        let shortest = if live { SHORTEST } else { SHORTEST_WRITTEN };
        spans.retain(|span| span.len() >= shortest);
        spans.into_iter().map(|span| self.describe(&working[span])).collect()
    }

    fn describe(&self, working: &[usize]) -> Collapse {
        let n = self.replications.len().max(1) as f64;
        let left = |hour: &Hour| hour.offered.saturating_sub(hour.answered + hour.abandoned);
        let horizon = self.replications.first().map_or(0, |hours| hours.len());
        let longest_ms = |&hour: &usize| {
            let of = |hours: &&[Hour]| match left(&hours[hour]) {
                0 => hours[hour].longest_ms,
                _ => hours[hour].longest_ms.max((horizon - hour - 1) as u64 * HOUR_MS.unsigned_abs()),
            };
            self.replications.iter().map(of).max().unwrap_or(0)
        };
        let waiting = working.iter().map(|&hour| self.waiting(hour)).max();
        Collapse {
            channel: self.channel,
            span: working[0]..working[working.len() - 1] + 1,
            hours: working.len(),
            offered: self.offered(working) as f64 / n,
            within: self.sum(working, |hour| hour.within) as f64 / n,
            abandoned: self.sum(working, |hour| hour.abandoned) as f64 / n,
            left: self.sum(working, left) as f64 / n,
            waiting: waiting.unwrap_or(0) as f64 / n,
            longest_wait_s: working.iter().map(longest_ms).max().unwrap_or(0) as f64 / 1000.0,
        }
    }

    fn offered(&self, hours: &[usize]) -> u64 {
        self.sum(hours, |hour| hour.offered)
    }

    fn waiting(&self, hour: usize) -> u64 {
        self.sum(&[hour], |hour| hour.backlog)
    }

    /// Over these hours of all replications.
    fn sum(&self, hours: &[usize], of: fn(&Hour) -> u64) -> u64 {
        hours.iter().flat_map(|&hour| self.replications.iter().map(move |hours| of(&hours[hour]))).sum()
    }
}

/// Adds a span of working hours; one soon after the last belongs to it.
fn join(spans: &mut Vec<Range<usize>>, span: Range<usize>) {
    match spans.last_mut() {
        Some(before) if span.start - before.end <= PAUSE => before.end = span.end,
        _ => spans.push(span),
    }
}

/// The collapses under a strategy in one line: the channels, and what is worst; `None` if there are none.
pub fn line(scenario: &Scenario, strategy: &str, collapses: &[Collapse]) -> Option<String> {
    let first = collapses.iter().min_by_key(|collapse| collapse.span.start)?;
    let of = |channel: Channel| {
        let hours: usize = collapses.iter().filter(|of| of.channel == channel).map(|of| of.hours).sum();
        (hours > 0).then(|| format!("the {} of {} hours", channel.plural(), grouped(hours as f64)))
    };
    let channels: Vec<String> = Channel::ALL.into_iter().filter_map(of).collect();
    let from = scenario.calendar().reads(SimTime::from_hours(first.span.start as f64));
    Some(format!("Under {strategy} the desk collapses, first on {from}: for {}.", channels.join(", ")))
}

/// What is to be said about the collapses under a strategy, a sentence for each channel; nothing if there are none.
pub fn sentences(scenario: &Scenario, strategy: &str, collapses: &[Collapse]) -> Vec<String> {
    let of = |channel: Channel| {
        let of_channel: Vec<&Collapse> = collapses.iter().filter(|collapse| collapse.channel == channel).collect();
        sentence(scenario, strategy, channel, &of_channel)
    };
    Channel::ALL.into_iter().filter_map(of).collect()
}

fn sentence(scenario: &Scenario, strategy: &str, channel: Channel, collapses: &[&Collapse]) -> Option<String> {
    let (first, last) = (collapses.first()?, collapses.last()?);
    let reads = |hour: usize| scenario.calendar().reads(SimTime::from_hours(hour as f64));
    let sum = |of: fn(&Collapse) -> f64| collapses.iter().map(|collapse| of(collapse)).sum::<f64>();
    let (offered, in_time_count, abandoned) = (sum(|c| c.offered), sum(|c| c.within), sum(|c| c.abandoned));
    let longest = collapses.iter().map(|c| c.longest_wait_s).fold(0.0, f64::max);
    let hours = grouped(sum(|c| c.hours as f64));
    let (from, to) = (reads(first.span.start), reads(last.span.end));
    let in_time = within(scenario.desk.in_time(channel).0 as f64 / 1000.0);
    let contacts = channel.plural();
    let whom = match channel {
        Channel::Phone => String::new(),
        _ => format!(" for {contacts}"),
    };
    let collapses_when = match collapses.len() {
        1 => format!("collapses{whom} from {from} to {to}"),
        times => format!("collapses {times} times{whom} between {from} and {to}"),
    };
    let left = sum(|c| c.left);
    let of_all = |count: f64| format!("{} ({})", grouped(count), percent(count / offered.max(1.0)));
    let answered = format!("{} are answered within {in_time}", percent(in_time_count / offered.max(1.0)));
    // Who cannot give up is answered or left waiting.
    let endless = patience(scenario, channel).duration().is_none() && abandoned == 0.0;
    let mut fates = if !endless {
        vec![format!("{} are given up", of_all(abandoned)), answered]
    } else if left < 1.0 {
        vec!["none still waits at the end".to_owned(), answered]
    } else {
        vec![format!("{} still wait at the end", of_all(left)), answered]
    };
    if !endless && left >= 1.0 {
        fates.push(format!("{} still wait at the end", grouped(left)));
    }
    if !channel.is_live() {
        let waiting = collapses.iter().map(|c| c.waiting).fold(0.0, f64::max);
        fates.push(format!("up to {} wait at once", grouped(waiting)));
    }
    Some(format!(
        "Under {strategy} the desk {collapses_when}. Of {} {contacts} that came in {hours} hours of that {}, and the longest wait \
         is {}{}.",
        grouped(offered),
        fates.join(", "),
        if left >= 1.0 { "at least " } else { "" },
        seconds(longest)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour in which `within` of `offered` calls are answered in time and `abandoned` given up.
    fn hour(offered: u64, within: u64, abandoned: u64) -> Hour {
        Hour {
            offered,
            within,
            abandoned,
            answered: offered - abandoned,
            longest_ms: 1_000 * abandoned,
            ..Hour::default()
        }
    }

    fn find(channel: Channel, open: &[bool], replications: &[&[Hour]]) -> Vec<Collapse> {
        Measured { channel, replications: replications.to_vec() }.collapses(open)
    }

    const GOOD: (u64, u64, u64) = (30, 28, 1);
    const BAD: (u64, u64, u64) = (30, 3, 15);

    fn hours(parts: &[((u64, u64, u64), usize)]) -> Vec<Hour> {
        parts.iter().flat_map(|&((a, b, c), times)| std::iter::repeat_n(hour(a, b, c), times)).collect()
    }

    #[test]
    fn a_collapse_has_its_beginning_its_length_and_its_losses() {
        let hours = hours(&[(GOOD, 5), (BAD, 6), (GOOD, 5)]);
        let found = find(Channel::Chat, &[true; 16], &[&hours, &hours]);
        let expected = Collapse {
            channel: Channel::Chat,
            span: 5..11,
            hours: 6,
            offered: 180.0,
            within: 18.0,
            abandoned: 90.0,
            left: 0.0,
            waiting: 0.0,
            longest_wait_s: 15.0,
        };
        assert_eq!(found, [expected]);
        assert_eq!(find(Channel::Chat, &[true; 5], &[&hours[..5], &hours[11..]]), []);
    }

    #[test]
    fn a_line_counts_the_hours_in_which_contacts_came_and_not_those_in_which_anybody_works() {
        let of = |channel: Channel, span: Range<usize>, hours: usize| {
            let hours_of_it = vec![hour(30, 3, 15); span.end];
            let found = find(channel, &vec![true; span.end], &[&hours_of_it]);
            Collapse { channel, span, hours, ..found[0].clone() }
        };
        let all = [
            of(Channel::Phone, 9..20, 11),
            of(Channel::Phone, 30..40, 8),
            of(Channel::Review, 33..90, 1_057),
        ];
        assert_eq!(
            line(&Scenario::default(), "lazy", &all).as_deref(),
            Some(
                "Under lazy the desk collapses, first on Mon 2026-03-02 09:00: for the calls of 19 hours, the review cases of 1,057 hours."
            )
        );
    }

    #[test]
    fn one_bad_hour_is_none_and_a_short_relief_does_not_end_it() {
        let collapses = |parts: &[_]| find(Channel::Phone, &[true; 40], &[&hours(parts)]);
        assert_eq!(collapses(&[(GOOD, 5), (BAD, 1), (GOOD, 34)]), []);
        let relieved = collapses(&[(GOOD, 5), (BAD, 4), (GOOD, 2), (BAD, 4), (GOOD, 25)]);
        assert_eq!(relieved.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(5, 15)]);
        assert_eq!(collapses(&[(GOOD, 5), (BAD, 4), (GOOD, 3), (BAD, 4), (GOOD, 24)]).len(), 2);
    }

    #[test]
    fn the_night_is_no_part_of_it_and_does_not_end_it() {
        let open: Vec<bool> = (0..48).map(|hour| (8..18).contains(&(hour % 24))).collect();
        let closed = (0, 0, 0);
        let hours = hours(&[
            (closed, 8),
            (GOOD, 4),
            (BAD, 6),
            (closed, 14),
            (BAD, 3),
            (GOOD, 7),
            (closed, 6),
        ]);
        let found = find(Channel::Phone, &open, &[&hours]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span.clone(), found[0].hours), (12..35, 9));
    }

    #[test]
    fn a_collapse_begins_when_it_goes_wrong_and_not_in_the_quiet_hours_before() {
        let quiet = (1, 1, 0);
        for night in [(0, 0, 0), quiet] {
            let found = find(Channel::Phone, &[true; 36], &[&hours(&[(GOOD, 10), (night, 14), (BAD, 10), (night, 2)])]);
            assert_eq!(found.iter().map(|c| (c.span.clone(), c.hours)).collect::<Vec<_>>(), [(24..34, 10)]);
        }
        // Bad before the quiet night and after it: two collapses; nobody at all by night: one.
        let twice = |night| hours(&[(BAD, 10), (night, 14), (BAD, 10)]);
        assert_eq!(find(Channel::Phone, &[true; 34], &[&twice(quiet)]).len(), 2);
        let one = find(Channel::Phone, &[true; 34], &[&twice((0, 0, 0))]);
        assert_eq!(one.iter().map(|c| (c.span.clone(), c.hours)).collect::<Vec<_>>(), [(0..34, 20)]);
    }

    #[test]
    fn few_calls_are_judged_together() {
        // Three calls an hour, all of them given up: seven hours make a stretch.
        let hours = hours(&[((3, 0, 3), 14), ((3, 3, 0), 14)]);
        let found = find(Channel::Phone, &[true; 28], &[&hours]);
        assert_eq!(found.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(0, 14)]);
        assert_eq!(find(Channel::Phone, &[true; 6], &[&hours[..6]]), [], "18 calls say nothing");
        assert_eq!(find(Channel::Phone, &[], &[&[]]), []);
    }

    #[test]
    fn a_queue_of_the_patient_collapses_without_anybody_giving_up() {
        let growing: Vec<Hour> = (0..10).map(|n| Hour { backlog: 15 * (n + 1), ..hour(30, 2, 0) }).collect();
        let found = find(Channel::Phone, &[true; 10], &[&growing]);
        assert_eq!(found.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(2, 10)]);
        let steady: Vec<Hour> = (0..10).map(|_| Hour { backlog: 15, ..hour(30, 2, 0) }).collect();
        assert_eq!(find(Channel::Phone, &[true; 10], &[&steady]), [], "slow, but it keeps up");
    }

    #[test]
    fn mails_collapse_when_they_are_not_answered_in_time() {
        let late = Hour {
            offered: 10,
            answered: 10,
            longest_ms: 90_000_000,
            backlog: 300,
            ..Hour::default()
        };
        let (in_time, lost) = (Hour { within: 10, ..late }, Hour { answered: 4, ..late });
        let find = |answerable: &[bool], hours: &[Hour]| {
            Measured { channel: Channel::Email, replications: vec![hours] }.collapses(answerable)
        };
        let hours: Vec<Hour> = (0..40)
            .map(|hour| match hour {
                10..20 => late,
                20..24 => lost,
                _ => in_time,
            })
            .collect();
        let found = find(&[true; 40], &hours);
        assert_eq!(found.iter().map(|c| (c.span.clone(), c.hours)).collect::<Vec<_>>(), [(10..24, 14)]);
        // Those who still wait have waited for at least the time from the end of their hour to the horizon.
        assert_eq!((found[0].left, found[0].waiting, found[0].longest_wait_s), (24.0, 300.0, 90_000.0));
        let unanswered = vec![Hour { answered: 0, longest_ms: 0, ..late }; 40];
        assert_eq!(find(&[true; 40], &unanswered)[0].longest_wait_s, 39.0 * 3600.0);
        // What comes when nobody can answer it in time is no collapse, and neither is a short time of lateness.
        let day_off: Vec<bool> = (0..40).map(|hour| !(10..20).contains(&hour)).collect();
        assert_eq!(find(&day_off, &hours), []);
        assert_eq!(find(&[true; 17], &hours[..17]), [], "seven hours");
    }
}
