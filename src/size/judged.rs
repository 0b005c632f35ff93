//! Judged: the hours that have contacts enough to be held against the target on their own.
//!
//! A share of three calls is no share. An hour with fewer than [`FEWEST_CONTACTS`] contacts expected, or with so few in
//! all samples that even perfect service would not show the target, is left to theory; such hours are judged together.
//! Hours in which the team does not work are not judged at all.

use super::demand::Demand;
use super::target::Target;
use crate::desk::{CHANNELS, Channel};

/// Fewest contacts expected on a channel in an hour that is judged on its own. With 20 samples, the fewest there are,
/// it takes three to show with 95 % confidence that at most 5 % give up.
pub const FEWEST_CONTACTS: f64 = 3.0;

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
pub struct Judged {
    looks: [Vec<Look>; CHANNELS],
}

impl Judged {
    /// By the contacts that are expected, with so many samples.
    pub fn new(target: &Target, demand: &[Demand; CHANNELS], samples: u32) -> Self {
        let looks = |channel: Channel| -> Vec<Look> {
            let owner = target.owner[channel as usize].filter(|_| channel.is_live());
            let Some(owner) = owner else { return Vec::new() };
            let least = FEWEST_CONTACTS.max(contacts_to_show(target, channel) / f64::from(samples.max(1)));
            let open = target.open[owner as usize].iter();
            let hours = open.zip(&demand[channel as usize].per_hour);
            hours
                .map(|(open, &expected)| match open {
                    false => Look::Away,
                    true if expected < least => Look::Together,
                    true => Look::Alone,
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

/// How many contacts, all of them well served, show the target: (1 - what may be missed) to this power is what
/// confidence leaves to luck. None is enough for a target that allows no miss; see [`Target::beyond_reach`].
fn contacts_to_show(target: &Target, channel: Channel) -> f64 {
    let may_miss = (1.0 - target.share[channel as usize]).min(target.abandoned_share);
    match may_miss > 0.0 {
        true => (1.0 - target.confidence).ln() / (1.0 - may_miss).max(f64::MIN_POSITIVE).ln(),
        false => 0.0,
    }
}
