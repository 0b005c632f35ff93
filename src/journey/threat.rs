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
