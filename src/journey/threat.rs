//! Threat: attackers as competing hazards on the customers' own timeline.
//!
//! Each family of vectors is one file. An attempt happens at its own time whatever the strategy; whether it works
//! depends on the account's state and the strategy's controls at that moment.

mod desk_impostor;

mod detection;

mod foothold;

mod password;

mod phishing;

mod planted;

mod session;

mod store_leak;

mod stranger;

use super::member::Clock;
use crate::calendar::SimTime;
use crate::terms::Vector;

/// When attackers first try an account, whatever the strategy; `NEVER` if not before the horizon.
#[derive(Clone, Copy, Debug)]
pub struct FirstAttempts {
    /// Somebody uses a session that is not theirs.
    pub session: SimTime,
    /// An impostor calls the desk, if impostors are as busy as during a campaign.
    pub impostor: SimTime,
    /// The leaked password is tried.
    pub stuffing: SimTime,
    /// The owner falls for phishing that no campaign is behind.
    pub phishing: SimTime,
    /// Whoever planted a contact point comes back.
    pub planted: SimTime,
    /// The legacy store leaks, and the password is cracked.
    pub store_leak: SimTime,
}

impl FirstAttempts {
    /// When the first attempt by this vector comes, and the clock that it runs on. `None` where it waits for the link in a
    /// mail (`Walk::offer`).
    #[inline]
    pub(super) fn by(&self, vector: Vector) -> Option<(Clock, SimTime)> {
        match vector {
            Vector::Stuffing => Some((Clock::Stuffing, self.stuffing)),
            Vector::DeskImpostor => Some((Clock::Impostor, self.impostor)),
            Vector::Session => Some((Clock::Session, self.session)),
            Vector::StoreLeak => Some((Clock::StoreLeak, self.store_leak)),
            Vector::Planted => Some((Clock::Planted, self.planted)),
            // The copy of a campaign's mail has a clock of its own.
            Vector::Phishing => Some((Clock::Duped, self.phishing)),
            Vector::RecycledMailbox
            | Vector::SharedMailbox
            | Vector::MistypedAddress
            | Vector::RecycledPhone
            | Vector::Resident => None,
        }
    }
}
