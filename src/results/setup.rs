//! Setup: what it takes to build and run a strategy, by what it uses.

use crate::scenario::prices::Setup;
use crate::strategy::Strategy;
use crate::strategy::controls::{Fallback, OnConflict};
use crate::strategy::treatment::Treatment;

/// What building and running a strategy costs, in cents: each part that it uses, once.
pub fn cents(prices: &Setup, strategy: &Strategy) -> u64 {
    let tail = strategy.cut_off.map(|cut_off| cut_off.tail);
    let treats = |some: &[Treatment]| {
        strategy.policy.iter().map(|rule| rule.treat).chain(tail).any(|treatment| some.contains(&treatment))
    };
    let rules =
        |looks: fn(&crate::strategy::policy::When) -> bool| strategy.policy.iter().any(|rule| looks(&rule.when));
    let controls = &strategy.controls;
    let reviews = treats(&[Treatment::ManualReview])
        || controls.on_conflict == OnConflict::Review
        || controls.fallback == Fallback::Review;
    let parts = [
        (true, prices.base_cents),
        (treats(&[Treatment::ResetLink, Treatment::AskReset]), prices.campaign_cents),
        (treats(&[Treatment::HashImport]), prices.hash_import_cents),
        (treats(&[Treatment::LazyVerify, Treatment::Passkey, Treatment::AskReset]), prices.lazy_verify_cents),
        (treats(&[Treatment::SocialRelink]), prices.social_relink_cents),
        (treats(&[Treatment::MagicLink]), prices.magic_link_cents),
        (treats(&[Treatment::StepUp]), prices.step_up_cents),
        (treats(&[Treatment::Passkey]), prices.passkey_cents),
        (treats(&[Treatment::Federate]), prices.federate_cents),
        (reviews, prices.review_cents),
        (rules(|when| when.match_confidence.is_some()), prices.matching_cents),
        (rules(|when| when.risk.is_some()), prices.scoring_cents),
    ];
    parts.iter().filter(|(used, _)| *used).fold(0, |sum, (_, cents)| sum + cents.get())
}
