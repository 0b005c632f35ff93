//! Treatments: what a policy can give to an account. How each of them goes for a customer is told in `journey`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::listed::listed;

listed! {
    /// What an account is given when the rollout reaches it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Treatment {
        /// The password hash is carried over when the rollout reaches the account; the customer notices nothing. If it
        /// cannot be imported, or the account is locked or disabled, the customer finds the password refused at the next
        /// sign-in and asks for a link.
        HashImport,
        /// The next sign-in is verified at the legacy platform and the password is rehashed in passing. A forgotten
        /// password needs a link. An account without a password is treated as under `social_relink`.
        LazyVerify,
        /// The next social sign-in links the account by the provider's subject id. If that is not portable: by e-mail if
        /// the control `social_by_email` allows it and the addresses agree, else by the password if there is one, else the
        /// visitor becomes a new customer. An account without a social identity is treated as under `lazy_verify`.
        SocialRelink,
        /// The password is refused from now on, and a link is mailed, with reminders. The only treatment that sends
        /// campaign mail.
        ResetLink,
        /// A link is mailed, with reminders, that asks for a new password. Nothing is refused: who signs in first is moved as
        /// under `lazy_verify`.
        AskReset,
        /// The next sign-in is confirmed by a link or code sent to the e-mail address; without an address it is refused.
        MagicLink,
        /// The next sign-in is verified as under `lazy_verify`, and the customer is offered a passkey there: who makes one has
        /// no password any more.
        Passkey,
        /// The legacy platform goes on verifying passwords on behalf of the target. The next sign-in links the account;
        /// the password stays where it is, and so does the legacy platform.
        Federate,
        /// The next sign-in is confirmed by a code to the phone on record, else by a document check.
        StepUp,
        /// The next sign-in opens a case that a reviewer decides.
        ManualReview,
        /// The next sign-in is refused and the customer is shown the number of the desk.
        DeskFallback,
        /// The account stays on the legacy platform for now.
        #[default]
        Defer,
        /// The account is archived and its sessions end. A customer who comes back must claim it through the desk.
        Retire,
    }
}

/// What sets a treatment apart, wherever the program must know. How it goes for a customer is told in `journey`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreatmentTraits {
    /// The campaign mails a link, and reminders after it. What is mailed can be seen by attackers too.
    pub mailed: bool,
    /// What the old password is good for while the treatment is open.
    pub old_password: OldPassword,
    /// A link or code moves the account by itself: who relays it has the account.
    pub link_suffices: bool,
    /// A reviewer decides, also about an account that the organisation has disabled.
    pub reviewed: bool,
    /// Only the desk can help: trying again later is no use.
    pub only_desk_helps: bool,
    /// The next sign-in is sent a code to the phone on record.
    pub sends_code: bool,
    /// Who arrives at the target is offered a passkey.
    pub offers_passkey: bool,
    /// The account stays at the legacy platform, and waits there for the cut-off.
    pub stays: bool,
    /// The legacy platform goes on verifying the password after the link: the credential is not retired.
    pub keeps_credential: bool,
    /// It may be given at the cut-off: it does not ask the legacy platform anything.
    pub may_be_tail: bool,
}

/// What the old password is good for while a treatment is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldPassword {
    /// It opens the account, and nothing else is asked.
    Opens,
    /// It is not refused, but it does not open the account by itself.
    NotAlone,
    /// It is refused from the beginning, so that the account no longer leans on the legacy platform.
    Refused,
}

impl TreatmentTraits {
    /// Whether the account still leans on the legacy platform, and is lost with it.
    #[inline]
    pub const fn leans_on_legacy(&self) -> bool {
        !matches!(self.old_password, OldPassword::Refused)
    }
}

impl Treatment {
    /// What sets it apart.
    #[inline]
    pub const fn traits(self) -> TreatmentTraits {
        const PLAIN: TreatmentTraits = TreatmentTraits {
            mailed: false,
            old_password: OldPassword::NotAlone,
            link_suffices: false,
            reviewed: false,
            only_desk_helps: false,
            sends_code: false,
            offers_passkey: false,
            stays: false,
            keeps_credential: false,
            may_be_tail: true,
        };
        match self {
            Self::HashImport => PLAIN,
            Self::LazyVerify => TreatmentTraits {
                old_password: OldPassword::Opens,
                may_be_tail: false,
                ..PLAIN
            },
            Self::SocialRelink => TreatmentTraits { old_password: OldPassword::Opens, ..PLAIN },
            Self::ResetLink => TreatmentTraits {
                mailed: true,
                old_password: OldPassword::Refused,
                link_suffices: true,
                ..PLAIN
            },
            Self::AskReset => TreatmentTraits {
                mailed: true,
                old_password: OldPassword::Opens,
                link_suffices: true,
                may_be_tail: false,
                ..PLAIN
            },
            Self::MagicLink => TreatmentTraits {
                old_password: OldPassword::Refused,
                link_suffices: true,
                ..PLAIN
            },
            Self::Passkey => TreatmentTraits {
                old_password: OldPassword::Opens,
                offers_passkey: true,
                may_be_tail: false,
                ..PLAIN
            },
            Self::Federate => TreatmentTraits {
                old_password: OldPassword::Opens,
                keeps_credential: true,
                may_be_tail: false,
                ..PLAIN
            },
            Self::StepUp => TreatmentTraits { sends_code: true, ..PLAIN },
            Self::ManualReview => TreatmentTraits { old_password: OldPassword::Refused, reviewed: true, ..PLAIN },
            Self::DeskFallback => TreatmentTraits {
                old_password: OldPassword::Refused,
                only_desk_helps: true,
                ..PLAIN
            },
            Self::Defer => TreatmentTraits { stays: true, may_be_tail: false, ..PLAIN },
            Self::Retire => PLAIN,
        }
    }

    /// Name in scenario files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HashImport => "hash_import",
            Self::LazyVerify => "lazy_verify",
            Self::SocialRelink => "social_relink",
            Self::ResetLink => "reset_link",
            Self::AskReset => "ask_reset",
            Self::MagicLink => "magic_link",
            Self::Passkey => "passkey",
            Self::Federate => "federate",
            Self::StepUp => "step_up",
            Self::ManualReview => "manual_review",
            Self::DeskFallback => "desk_fallback",
            Self::Defer => "defer",
            Self::Retire => "retire",
        }
    }

    /// What happens to the account, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::HashImport => "the password is carried over silently",
            Self::LazyVerify => "the next sign-in is verified at the legacy platform and moves the account",
            Self::SocialRelink => "the next social sign-in links the account again",
            Self::ResetLink => "the password is refused from now on and a reset link is mailed",
            Self::AskReset => "a mail asks for a new password, and nothing is refused",
            Self::MagicLink => "the next sign-in is confirmed by e-mail",
            Self::Passkey => "the next sign-in moves the account and offers a passkey",
            Self::Federate => "the next sign-in links the account, and the legacy platform goes on verifying it",
            Self::StepUp => "the next sign-in needs proof on a second channel",
            Self::ManualReview => "a reviewer decides at the next sign-in",
            Self::DeskFallback => "the customer must contact the desk",
            Self::Defer => "the account stays where it is for now",
            Self::Retire => "the account is archived",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_scenario_files() {
        for treatment in Treatment::ALL {
            let written = serde_json::to_value(treatment).expect("a word");
            assert_eq!(written.as_str(), Some(treatment.key()));
        }
    }

    #[test]
    fn what_the_traits_say_goes_together() {
        for treatment in Treatment::ALL {
            let traits = treatment.traits();
            assert!(!traits.mailed || traits.link_suffices, "{treatment:?}: what is mailed is a link");
            assert!(!traits.stays || !traits.may_be_tail, "{treatment:?}: nothing stays where the platform stops");
        }
    }
}
