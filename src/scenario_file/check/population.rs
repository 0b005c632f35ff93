//! Customers: segments, time zones, and shares that must hold together.

use std::collections::BTreeSet;

use super::Checks;
use crate::numbers::grouped;
use crate::scenario::population::Shares;
use crate::scenario::{Scenario, Segment};
use crate::scenario_file::path::Path;

/// Most sign-ins of a customer: each is drawn and kept while the customer is simulated.
const MOST_SIGN_INS: f64 = 2e6;

impl Checks<'_> {
    pub(super) fn population(&mut self, scenario: &Scenario) {
        let population = &scenario.population;
        let root = Path::keys("population");
        let segments = root.key("segments");
        if !population.segments.is_empty() {
            let total: f64 = population.segments.iter().map(|segment| segment.share.get()).sum();
            if (total - 1.0).abs() > 1e-6 {
                self.say(&segments, format!("the shares of the segments sum to {total:.6}, not to 1"));
            }
            if population.segments.len() > 32 {
                self.say(&segments, format!("{} segments: at most 32 are allowed", population.segments.len()));
            }
        }
        let mut names = BTreeSet::new();
        for (place, segment) in scenario.segments().iter().enumerate() {
            let path = if population.segments.is_empty() {
                root.clone()
            } else {
                segments.index(place)
            };
            if !names.insert(segment.name.clone()) {
                self.say(&path.key("name"), format!("there are two segments named \"{}\"", segment.name));
            }
            self.shares(&path.key("shares"), segment);
            let own = population.segments.get(place).is_some_and(|stated| stated.sign_ins.is_some());
            let most = segment.sign_ins.most_per_day() * scenario.horizon_days.get() as f64;
            if most > MOST_SIGN_INS {
                let message = format!(
                    "the busiest customers would sign in about {} times until the horizon: expected at most {}; that takes \
                     a smaller shape, a larger rate_days or fewer horizon_days",
                    grouped(most),
                    grouped(MOST_SIGN_INS)
                );
                self.say(&if own { &path } else { &root }.key("sign_ins"), message);
            }
        }
        if !population.time_zones.is_empty() {
            let total: f64 = population.time_zones.iter().map(|zone| zone.share.get()).sum();
            if (total - 1.0).abs() > 1e-6 {
                let path = root.key("time_zones");
                self.say(&path, format!("the shares of the time zones sum to {total:.6}, not to 1"));
            }
            if population.time_zones.len() > 200 {
                let message = format!("{} time zones: at most 200 are allowed", population.time_zones.len());
                self.say(&root.key("time_zones"), message);
            }
            for (place, zone) in population.time_zones.iter().enumerate() {
                if zone.offset_h.get().abs() > 24.0 {
                    let path = root.key("time_zones").index(place).key("offset_h");
                    self.say(&path, format!("{} hours is not a time zone: expected -24 to 24", zone.offset_h.get()));
                }
            }
        }
        let sizes = &population.unit_sizes;
        for (what, sum) in [
            (
                "household_fours_share + household_threes_share",
                sizes.household_fours_share.get() + sizes.household_threes_share.get(),
            ),
            (
                "business_twelves_share + business_sixes_share",
                sizes.business_twelves_share.get() + sizes.business_sixes_share.get(),
            ),
        ] {
            if sum > 1.0 + 1e-9 {
                self.say(&root.key("unit_sizes"), format!("{what} is {sum:.4}: at most 1 is possible"));
            }
        }
        self.trouble(scenario);
        let hours = root.key("sign_in_hours");
        self.weekly(&hours, &population.sign_in_hours);
        if population.sign_in_hours.hours().iter().sum::<f64>() <= 0.0 {
            self.say(&hours, "nobody ever signs in: at least one hour needs a weight above 0");
        }
        if let Some(directory) = &population.directory
            && directory.columns.email.is_none()
        {
            let path = root.key("directory").key("columns");
            self.say(&path, "`email` must name a column: accounts are grouped by it");
        }
        let providers = &population.providers;
        let weights = [
            providers.google_weight,
            providers.apple_weight,
            providers.facebook_weight,
            providers.microsoft_weight,
        ];
        if weights.iter().all(|weight| weight.get() == 0.0) {
            self.say(&root.key("providers"), "all weights are 0: at least one provider needs a weight above 0");
        }
    }

    /// What intruders know.
    fn trouble(&mut self, scenario: &Scenario) {
        let trouble = &scenario.population.trouble;
        let path = |key: &str| Path::keys(&format!("population.trouble.{key}"));
        let intruder = &trouble.intruder;
        let known = intruder.password_only_share.get() + intruder.session_only_share.get();
        if known > 1.0 + 1e-9 {
            let message = format!("password_only_share + session_only_share is {known:.4}: at most 1 is possible");
            self.say(&path("intruder"), message);
        }
    }

    /// Shares of one segment that cannot hold together.
    fn shares(&mut self, path: &Path, segment: &Segment) {
        const SHARED: &str = "household + business_mailbox + duplicate + shared_phone";
        let Shares { household, business_mailbox, shared_phone, duplicate, .. } = &segment.shares;
        let s = &segment.shares;
        let shared_mailbox = household.get() + business_mailbox.get() + duplicate.get();
        let own_mailbox = 1.0 - shared_mailbox;
        let own_phone = 1.0 - shared_phone.get();
        let bad_mailbox = s.no_email.get() + s.dead_mailbox.get() + s.recycled_mailbox.get();
        let bad_phone = s.no_phone.get() + s.dead_phone.get() + s.recycled_phone.get();
        let password = 1.0 - s.social_only.get() - s.organisation_only.get();
        // The largest part of the overlap that accounts with a mailbox and phone of their own can hold.
        let own_both = (own_mailbox - shared_phone.get()).max(0.0);
        let sums: [(&str, f64, f64); 8] = [
            (SHARED, shared_mailbox + shared_phone.get(), 1.0),
            (
                "social_only + social_and_password + organisation_only",
                s.social_only.get() + s.social_and_password.get() + s.organisation_only.get(),
                1.0,
            ),
            ("no_email + dead_mailbox + recycled_mailbox (a shared mailbox is alive)", bad_mailbox, own_mailbox),
            ("no_phone + dead_phone + recycled_phone (a shared phone is alive)", bad_phone, own_phone),
            (
                "in_target (of accounts with an e-mail of their own)",
                s.in_target.get(),
                (own_mailbox - s.no_email.get()).max(0.0),
            ),
            ("locked + disabled", s.locked.get() + s.disabled.get(), 1.0),
            ("leaked (of accounts with a password)", s.leaked.get(), password),
            ("nonportable_hash (of accounts with a password)", s.nonportable_hash.get(), password),
        ];
        let has_room = bad_mailbox <= own_mailbox + 1e-9 && bad_phone <= own_phone + 1e-9;
        for (what, sum, most) in sums {
            if sum > most + 1e-9 {
                let message =
                    format!("segment \"{}\": {what} is {sum:.4}: at most {most:.4} is possible", segment.name);
                self.say(path, message);
                // Without room for the accounts that share something, nothing can be said of the others.
                if what == SHARED {
                    return;
                }
            }
        }
        if s.unverified_email.get() > 1.0 - s.no_email.get() + 1e-9 {
            let most = 1.0 - s.no_email.get();
            let what = s.unverified_email.get();
            self.say(
                path,
                format!("segment \"{}\": unverified_email is {what}: only {most:.4} have an e-mail", segment.name),
            );
        }
        // Without room for bad mailboxes or phones no overlap of the two is possible, and that has been said.
        if !has_room {
            return;
        }
        let overlap = s.no_living_channel.get();
        let (least, most) = ((bad_mailbox + bad_phone - 1.0).max(0.0), bad_mailbox.min(bad_phone).min(own_both));
        if overlap > most + 1e-9 || overlap < least - 1e-9 {
            self.say(
                &path.key("no_living_channel"),
                format!(
                    "segment \"{}\": no_living_channel is {overlap:.4}: with {bad_mailbox:.4} of mailboxes and \
                     {bad_phone:.4} of phones not the customer's, it must lie from {least:.4} to {most:.4}",
                    segment.name
                ),
            );
        }
    }
}
