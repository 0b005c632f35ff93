//! Judged: the hours that have contacts enough to be held against the target on their own.
//!
//! A share of three calls is no share. An hour with fewer than [`FEWEST_CONTACTS`] contacts expected, or with so few in
//! all samples that even perfect service would not show the target, is left to theory; such hours are judged together.
//! Hours in which the team does not work are not judged at all.

use super::demand::Demand;
use super::target::ServiceTarget;
use crate::terms::{CHANNELS, Channel};

/// Fewest contacts expected on a channel in an hour that is judged on its own.
pub const FEWEST_CONTACTS: f64 = 3.0;
/// So many times the contacts that would show the target must be expected in all samples, because chance may bring fewer.
const ROOM: f64 = 1.5;

/// How the hours of one channel are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The team that is sized for it does not work, or there is none.
    Away,
    /// Too few contacts: judged together with other such hours.
    Together,
    /// Judged on its own.
    Alone,
}

/// How each hour of each live channel is looked at; nothing for written ones.
#[derive(Clone, Debug)]
pub struct HourLooks {
    looks: [Vec<Look>; CHANNELS],
}

impl HourLooks {
    /// By the contacts that are expected, with so many samples.
    pub fn new(target: &ServiceTarget, demand: &[Demand; CHANNELS], samples: u32) -> Self {
        let looks = |channel: Channel| -> Vec<Look> {
            let owner = target.owner[channel as usize].filter(|_| channel.is_live());
            let Some(owner) = owner else { return Vec::new() };
            let may_miss = (1.0 - target.share[channel as usize]).min(target.abandoned_share);
            let shown = if target.beyond_reach(channel) {
                0.0
            } else {
                ROOM * target.contacts_to_show(may_miss) / f64::from(samples.max(1))
            };
            let least = FEWEST_CONTACTS.max(shown);
            let open = target.open[owner as usize].iter();
            let hours = open.zip(&demand[channel as usize].per_hour);
            hours
                .map(|(open, &expected)| {
                    if !open {
                        Look::Away
                    } else if expected < least {
                        Look::Together
                    } else {
                        Look::Alone
                    }
                })
                .collect()
        };
        Self { looks: Channel::ALL.map(looks) }
    }

    /// How an hour is looked at.
    pub fn look(&self, channel: Channel, hour: usize) -> Look {
        self.looks[channel as usize].get(hour).copied().unwrap_or(Look::Away)
    }
}
