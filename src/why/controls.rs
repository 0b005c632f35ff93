//! Controls in groups: those that are decided together, and are one part of a difference.

use crate::listed::listed;
use crate::strategy::controls::Controls;

listed! {
    /// Controls that are decided together.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Group {
        /// How long links and codes live, how many can be asked for, and what uses them up.
        Links,
        /// Whether the campaign is announced, and when it reminds.
        Mails,
        /// When legacy sessions and passwords end.
        Sessions,
        /// How accounts are linked that are not plainly one person's.
        Linking,
        /// Whether known customers who sign up again are recognised.
        Duplicates,
        /// How much fraud monitoring sees, and how soon.
        Monitoring,
        /// How the desk checks callers, and what becomes of those who fail.
        Desk,
    }
}

impl Group {
    /// Name for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Links => "links and codes",
            Self::Mails => "announcement and reminders",
            Self::Sessions => "sessions and old passwords",
            Self::Linking => "linking of accounts",
            Self::Duplicates => "recognition of known customers",
            Self::Monitoring => "fraud monitoring",
            Self::Desk => "checks at the desk",
        }
    }

    /// The controls `of` with this group taken over `from` others. The named set is no control but a source of values.
    #[must_use]
    pub fn taken(self, of: &Controls, from: &Controls) -> Controls {
        // Every key is named: a new one does not compile until it belongs to a group.
        let Controls {
            set: _,
            link_lifetime_h,
            code_lifetime_min,
            reminders_days,
            resend_limit,
            announced,
            sessions,
            retire_credential,
            on_conflict,
            social_by_email,
            reset_social,
            confirm_page,
            duplicate_detection_share,
            fraud_detection_share,
            fraud_detection_h,
            delegated_recovery,
            desk_check,
            fallback,
        } = from.clone();
        let of = of.clone();
        match self {
            Self::Links => Controls {
                link_lifetime_h,
                code_lifetime_min,
                resend_limit,
                confirm_page,
                ..of
            },
            Self::Mails => Controls { reminders_days, announced, ..of },
            Self::Sessions => Controls { sessions, retire_credential, ..of },
            Self::Linking => Controls { on_conflict, social_by_email, reset_social, ..of },
            Self::Duplicates => Controls { duplicate_detection_share, ..of },
            Self::Monitoring => Controls { fraud_detection_share, fraud_detection_h, ..of },
            Self::Desk => Controls { delegated_recovery, desk_check, fallback, ..of },
        }
    }

    /// Whether two strategies differ in it.
    pub fn differs(self, a: &Controls, b: &Controls) -> bool {
        self.taken(a, b) != *a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_groups_taken_over_make_the_other_controls() {
        let sets = [Controls::minimal(), Controls::standard(), Controls::strict()];
        for a in &sets {
            for b in &sets {
                let all = Group::ALL.into_iter().fold(a.clone(), |controls, group| group.taken(&controls, b));
                assert_eq!(all, Controls { set: a.set, ..b.clone() });
                let none = Group::ALL.into_iter().all(|group| !group.differs(a, b));
                assert_eq!(none, a.set == b.set);
            }
        }
    }
}
