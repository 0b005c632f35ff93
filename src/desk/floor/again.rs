//! Baseline contacts: how they arrive, and how those who gave up or were not settled come again.

use std::cmp::Reverse;

use rand_distr::{Distribution, Exp1};

use super::{BASELINE, Floor, NOBODY, Return};
use crate::calendar::{SimTime, Span};
use crate::desk::queue::Contact;
use crate::desk::{Tally, baseline};
use crate::random::{Draw, Purpose};
use crate::terms::{Answer, Channel};

impl<T: Tally> Floor<T> {
    #[inline(always)]
    pub(super) fn baseline_arrives(&mut self, which: usize) {
        let arrivals = &mut self.arrivals[which];
        let turned_away = arrivals.is_turned_away();
        let request = arrivals.request();
        arrivals.advance();
        if turned_away {
            self.tally.turned_away(request.channel);
            return;
        }
        let listener = if self.layout.rules.returns { BASELINE } else { NOBODY };
        self.admit(&request, listener);
    }

    pub(super) fn luck(&self, at: SimTime, channel: Channel, occurrence: u64) -> Draw {
        self.seed
            .draw(at.0.unsigned_abs(), Purpose::BaselineContact, occurrence as u32 * 8 + channel as u32)
    }

    /// A baseline contact has ended: one that gave up may try again, one that was not settled comes again.
    pub(super) fn may_come_again(&mut self, contact: &Contact, answer: Answer) {
        let rules = &self.layout.rules;
        let tries = contact.listener - BASELINE;
        let mut luck = self.luck(contact.arrived, contact.channel, 2 * tries);
        let (comes, mean_ms, tries) = if answer.served {
            (!luck.chance(rules.resolved_share), rules.repeat_mean_ms, 0)
        } else {
            (tries < rules.redial_limit && luck.chance(rules.redial_share), rules.redial_mean_ms, tries + 1)
        };
        if comes {
            let unit: f64 = Exp1.sample(&mut luck);
            let at = answer.at + Span((unit * mean_ms) as i64 + 1);
            self.returns.push(Reverse(Return { at, channel: contact.channel, tries }));
        }
    }

    pub(super) fn come_again(&mut self) {
        let Some(Reverse(Return { at, channel, tries })) = self.returns.pop() else {
            return;
        };
        let luck = self.luck(at, channel, 2 * tries + 1);
        if let Some(which) = baseline::CHANNELS.iter().position(|&own| own == channel) {
            let arrivals = &self.arrivals[which];
            if arrivals.is_closed(at) {
                self.tally.turned_away(channel);
                return;
            }
            let request = arrivals.again(at, luck, tries > 0);
            self.admit(&request, BASELINE + tries);
        }
    }
}
