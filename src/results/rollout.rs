//! What a rollout that reacts came to in one replication.

use crate::calendar::{SimTime, Span};
use crate::plan::{Decision, Deed};

/// The course of a rollout that reacts in one replication, from its decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// Waves that began, the canary counted.
    pub waves_begun: u64,
    /// Days for which waves were held back.
    pub days_held: f64,
    /// What it did at most.
    pub reaction: Reaction,
}

/// What a rollout did at most, from the mildest to the strongest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reaction {
    /// No gate fired.
    #[default]
    Nothing,
    /// Mails left more slowly for a time.
    Slowed,
    /// Waves were held back for a time.
    Held,
    /// It stopped for good.
    Stopped,
    /// The migration was undone.
    RolledBack,
}

impl Reaction {
    /// All, from the mildest to the strongest.
    pub const ALL: [Self; 5] = [Self::Nothing, Self::Slowed, Self::Held, Self::Stopped, Self::RolledBack];

    /// What a deed says of it.
    pub fn of(deed: Deed) -> Self {
        match deed {
            Deed::Release(_) => Self::Nothing,
            Deed::Slow(_) | Deed::Hasten => Self::Slowed,
            Deed::Hold | Deed::GoOn => Self::Held,
            Deed::Stop => Self::Stopped,
            Deed::RollBack => Self::RolledBack,
        }
    }
}

impl Course {
    /// The course that these decisions make, in time order.
    pub fn new(decisions: &[Decision], horizon: SimTime) -> Self {
        let mut course = Self::default();
        let (mut held, mut held_since) = (Span::ZERO, None);
        for decision in decisions {
            course.reaction = course.reaction.max(Reaction::of(decision.deed));
            match decision.deed {
                Deed::Release(_) => course.waves_begun += 1,
                Deed::Hold => held_since = Some(decision.at),
                // Whatever ends the rollout ends its hold.
                Deed::GoOn | Deed::Stop | Deed::RollBack => {
                    held.0 += held_since.take().map_or(0, |since| (decision.at - since).0);
                }
                Deed::Slow(_) | Deed::Hasten => {}
            }
        }
        held.0 += held_since.map_or(0, |since| (horizon - since).0);
        course.days_held = held.seconds() / 86_400.0;
        course
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(at_h: f64, deed: Deed) -> Decision {
        Decision { at: SimTime::from_hours(at_h), deed, cause: None }
    }

    #[test]
    fn a_hold_lasts_until_it_ends_or_the_rollout_does_or_the_time_is_up() {
        let horizon = SimTime::from_days(30.0);
        let held = |decisions: &[Decision]| {
            let course = Course::new(decisions, horizon);
            (course.waves_begun, course.days_held, course.reaction)
        };
        assert_eq!(held(&[]), (0, 0.0, Reaction::Nothing));
        let mut decisions = vec![decided(24.0, Deed::Release(0)), decided(48.0, Deed::Hold)];
        assert_eq!(held(&decisions), (1, 28.0, Reaction::Held));
        decisions.push(decided(84.0, Deed::GoOn));
        decisions.push(decided(84.0, Deed::Release(1)));
        assert_eq!(held(&decisions), (2, 1.5, Reaction::Held));
        decisions.push(decided(96.0, Deed::Hold));
        decisions.push(decided(108.0, Deed::Stop));
        assert_eq!(held(&decisions), (2, 2.0, Reaction::Stopped));
    }
}
