//! What a scenario asks for: the share of each edge case, to be held against what is found.

use super::unit::EdgeCase;
use crate::scenario::population::Shares;
use crate::scenario::{Scenario, Segment};

/// The share of all accounts that a scenario asks of an edge case; `None` where it follows from other things, as trouble
/// does from the records, or where the accounts are read from a directory export.
pub fn asked(scenario: &Scenario, case: EdgeCase) -> Option<f64> {
    let given = scenario.population.directory.is_some();
    let of_segment = |segment: &Segment| Some(segment.share * of(scenario, &segment.shares, case)?);
    let shares = scenario.segments().iter().map(of_segment);
    shares.sum::<Option<f64>>().filter(|_| !given)
}

fn of(scenario: &Scenario, shares: &Shares, case: EdgeCase) -> Option<f64> {
    let s = shares;
    let providers = &scenario.population.providers;
    let split = [
        (providers.google_weight.get(), providers.google_portable.get()),
        (providers.apple_weight.get(), providers.apple_portable.get()),
        (providers.facebook_weight.get(), providers.facebook_portable.get()),
        (providers.microsoft_weight.get(), providers.microsoft_portable.get()),
    ];
    let weights: f64 = split.iter().map(|(weight, _)| weight).sum();
    let only = |provider: usize| s.social_only.get() * split[provider].0 / weights;
    let other_person = 1.0 - s.in_target_same_person.get();
    Some(match case {
        EdgeCase::Household => s.household.get(),
        EdgeCase::BusinessMailbox => s.business_mailbox.get(),
        EdgeCase::SharedPhone => s.shared_phone.get(),
        EdgeCase::Duplicate => s.duplicate.get(),
        EdgeCase::SocialOnlyGoogle => only(0),
        EdgeCase::SocialOnlyApple => only(1),
        EdgeCase::SocialOnlyFacebook => only(2),
        EdgeCase::SocialOnlyMicrosoft => only(3),
        EdgeCase::SocialAndPassword => s.social_and_password.get(),
        EdgeCase::SubjectNotPortable => {
            let lost: f64 = split.iter().map(|(weight, portable)| weight * (1.0 - portable)).sum();
            (s.social_only.get() + s.social_and_password.get()) * lost / weights
        }
        EdgeCase::NoEmail => s.no_email.get(),
        EdgeCase::DeadMailbox => s.dead_mailbox.get(),
        EdgeCase::RecycledMailbox => s.recycled_mailbox.get(),
        EdgeCase::UnverifiedEmail => s.unverified_email.get(),
        EdgeCase::NoPhone => s.no_phone.get(),
        EdgeCase::DeadPhone => s.dead_phone.get(),
        EdgeCase::RecycledPhone => s.recycled_phone.get(),
        EdgeCase::Incomplete => s.incomplete.get(),
        EdgeCase::InTarget => s.in_target.get(),
        EdgeCase::Mfa => s.mfa.get(),
        EdgeCase::Locked => s.locked.get(),
        EdgeCase::Disabled => s.disabled.get(),
        EdgeCase::Leaked => s.leaked.get(),
        EdgeCase::NonportableHash => s.nonportable_hash.get(),
        EdgeCase::WrongMatch => s.in_target.get() * other_person,
        EdgeCase::Organisation => s.organisation_only.get(),
        EdgeCase::StaysSignedIn => s.stays_signed_in.get(),
        // One of the two accounts is spelt otherwise.
        EdgeCase::Alias => s.duplicate.get() * s.alias_of_duplicates.get() / 2.0,
        EdgeCase::DisabledForGood => {
            s.disabled.get() * (1.0 - scenario.population.trouble.disabled_genuine_share.get())
        }
        // Mistyped addresses and planted phones come on top of the share of those without a living channel.
        EdgeCase::Inactive | EdgeCase::NoLivingChannel => return None,
        EdgeCase::Intruder | EdgeCase::MistypedAddress | EdgeCase::Planted | EdgeCase::Nobody => return None,
    })
}
