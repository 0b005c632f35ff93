//! Threat: attackers as competing hazards on the customers' own timeline.
//!
//! Each family of vectors is one file. An attempt happens at its own time whatever the strategy; whether it works
//! depends on the account's state and the strategy's controls at that moment.

mod desk_impostor;

mod detection;

mod password;

mod phishing;

mod session;

mod stranger;

use super::fate::Fate;
use super::member::Clock;
use crate::calendar::SimTime;
use crate::terms::Vector;

/// When the first attempt by this vector comes, whatever the strategy, and the clock that it runs on. `None` where the
/// attempt waits for a mail: for its copy (`Walk::bait`), or for the link in it (`Walk::offer`).
#[inline]
pub(super) fn first_attempt(vector: Vector, fate: &Fate) -> Option<(Clock, SimTime)> {
    match vector {
        Vector::Stuffing => Some((Clock::Stuffing, fate.stuffing)),
        Vector::DeskImpostor => Some((Clock::Impostor, fate.impostor)),
        Vector::Session => Some((Clock::Session, fate.session_used)),
        Vector::Phishing | Vector::RecycledMailbox | Vector::SharedMailbox => None,
    }
}
