//! Mailing: how fast a gateway lets the mails of each wave leave, and what a bad address list does to them.
//!
//! Both follow from a sample of the population and not from what happens on the way, so that no account depends on another:
//! that many mails, and that many of them to dead mailboxes, is what will be sent.

use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::scenario::target::Gateway;

/// The campaign mails of one wave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mailing {
    /// How long its first mails take to leave.
    pub over: Span,
    /// How long they wait until those of earlier waves have left.
    pub wait: Span,
    /// Of the mails that would reach an inbox, the part that still does.
    pub inbox_factor: f64,
    /// After this part of the mailing the sender is stopped for so long.
    pub pause: Option<(f64, Span)>,
}

/// What the sample says of one wave.
#[derive(Clone, Copy, Debug, Default)]
pub struct List {
    /// Accounts that will be mailed.
    pub mailed: u64,
    /// Of these, those whose mailbox is dead.
    pub dead: u64,
}

impl Mailing {
    /// The mailing to a list of which `list` is a sample, at `scale` accounts for each of the sample.
    pub fn new(gateway: &Gateway, send_over: Span, list: List, scale: f64) -> Self {
        let mails = list.mailed as f64 * scale;
        let takes_h = |limit: u64, hours: f64| if limit == 0 { 0.0 } else { mails / limit as f64 * hours };
        let least_h = takes_h(gateway.mails_per_hour.get(), 1.0).max(takes_h(gateway.mails_per_day.get(), 24.0));
        let bounces = list.dead as f64 / list.mailed.max(1) as f64;
        let above = (bounces - gateway.bounce_review_share.get()).max(0.0);
        let pause = Span(gateway.pause_h.get() as i64 * HOUR_MS);
        Self {
            over: send_over.max(Span::from_hours(least_h)),
            wait: Span::ZERO,
            inbox_factor: (1.0 - above * gateway.filtered_per_bounce_share.get()).max(0.0),
            pause: (bounces > gateway.bounce_pause_share.get()).then_some((gateway.bounce_noticed_share.get(), pause)),
        }
    }

    /// How long a mail waits in the send queue that has this place in it, from 0 to 1.
    #[inline]
    pub fn queue(&self, place: f64) -> Span {
        let paused = match self.pause {
            Some((after, pause)) if place > after => pause.0,
            _ => 0,
        };
        Span(self.wait.0 + (place * self.over.0 as f64) as i64 + paused)
    }

    /// When the last of its mails has left.
    fn ends(&self, begin: SimTime) -> SimTime {
        begin + self.queue(1.0)
    }
}

/// Lets the waves leave one after the other: a gateway that is at its limit sends one mailing at a time.
pub fn line_up(mailings: &mut [Mailing], begins: impl Iterator<Item = SimTime>) {
    let mut free = SimTime::START;
    for (mailing, begin) in mailings.iter_mut().zip(begins) {
        if begin < SimTime::NEVER {
            mailing.wait = Span((free.0 - begin.0).max(0));
            free = mailing.ends(begin);
        }
    }
}
