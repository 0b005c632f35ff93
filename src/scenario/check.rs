//! What must agree with each other in a scenario, beyond the limits of single values.

use std::collections::BTreeSet;

use super::population::Shares;
use super::source::{Path, Problem, Source, one_of};
use super::values::{Between, Weekly};
use super::{Scenario, Segment};
use crate::desk::staffing::Staffing;
use crate::desk::{Channel, Skill, baseline, opening};
use crate::strategy::controls::Sessions;
use crate::strategy::policy::{Rule, When};
use crate::strategy::rollout::Rollout;
use crate::strategy::treatment::Treatment;
use crate::strategy::{STAY, Strategy};

/// All disagreements. A complaint that rests on a key which was taken out as wrong is not made.
pub fn check(scenario: &Scenario, source: &Source, removed: &[Path]) -> Vec<Problem> {
    let mut checks = Checks { source, removed, problems: Vec::new() };
    checks.name(scenario);
    checks.population(scenario);
    checks.choice(scenario);
    checks.desk(scenario);
    checks.strategies(scenario);
    checks.problems
}

struct Checks<'a> {
    source: &'a Source,
    removed: &'a [Path],
    problems: Vec<Problem>,
}

impl Checks<'_> {
    fn say(&mut self, path: &Path, message: impl Into<String>) {
        if !self.removed.iter().any(|gone| gone.is_within(path) || path.is_within(gone)) {
            self.problems.push(self.source.problem(path, message));
        }
    }

    /// The name of a scenario is the name of a folder.
    fn name(&mut self, scenario: &Scenario) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        let name = &scenario.name;
        if !name.chars().all(plain) || name.starts_with('.') || name.len() > 100 {
            let path = Path::keys("name");
            let whose = match self.source.yours(&path) {
                Some(_) => "",
                None => "the scenario is named after its file, and ",
            };
            let message = format!(
                "{whose}\"{name}\" cannot name a folder: expected up to 100 letters, digits, -, _, . or spaces"
            );
            self.say(&path, message);
        }
    }

    fn population(&mut self, scenario: &Scenario) {
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
            let path = match population.segments.is_empty() {
                true => root.clone(),
                false => segments.index(place),
            };
            if segment.name.trim().is_empty() {
                self.say(&path.key("name"), "a segment needs a name");
            } else if !names.insert(segment.name.clone()) {
                self.say(&path.key("name"), format!("there are two segments named \"{}\"", segment.name));
            }
            self.shares(&path.key("shares"), segment);
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
        let password = 1.0 - s.social_only.get();
        // The largest part of the overlap that accounts with a mailbox and phone of their own can hold.
        let own_both = (own_mailbox - shared_phone.get()).max(0.0);
        let sums: [(&str, f64, f64); 8] = [
            (SHARED, shared_mailbox + shared_phone.get(), 1.0),
            ("social_only + social_and_password", s.social_only.get() + s.social_and_password.get(), 1.0),
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

    /// Something must be left to do after a failure.
    fn choice(&mut self, scenario: &Scenario) {
        let choice = &scenario.journey.choice;
        let weights = [
            choice.later_weight,
            choice.desk_weight,
            choice.sign_up_weight,
            choice.give_up_weight,
        ];
        if weights.iter().all(|weight| weight.get() == 0.0) {
            let message = "all weights are 0: at least one of later_weight, desk_weight, sign_up_weight and \
                           give_up_weight must be above 0";
            self.say(&Path::keys("journey.choice"), message);
        }
    }

    fn weekly(&mut self, path: &Path, weekly: &Weekly) {
        if let Some(hour) = weekly.overlap() {
            let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][hour / 24];
            let message = format!("two windows claim {day} {:02}:00: windows must not overlap", hour % 24);
            self.say(path, message);
        }
    }

    fn desk(&mut self, scenario: &Scenario) {
        let desk = &scenario.desk;
        let at = |key: &str| Path::keys(&format!("desk.{key}"));
        let years = scenario.horizon_days.get() as f64 / 365.25;
        for (key, weekly) in [
            ("tier1.agents", &desk.tier1.agents),
            ("tier2.agents", &desk.tier2.agents),
            ("review.agents", &desk.review.agents),
            ("partner.agents", &desk.partner.agents),
            ("baseline.phone_per_hour", &desk.baseline.phone_per_hour),
            ("baseline.chat_per_hour", &desk.baseline.chat_per_hour),
            ("baseline.email_per_hour", &desk.baseline.email_per_hour),
        ] {
            self.weekly(&at(key), weekly);
            let most = weekly.hours().iter().copied().fold(0.0, f64::max) * scenario.desk_scale();
            if key.ends_with("agents") && most > 100_000.0 {
                self.say(&at(key), format!("{most} agents at once: at most 100,000 are allowed"));
            }
            if key.ends_with("per_hour") && most > 1e8 {
                self.say(&at(key), format!("{most} contacts per hour: at most 1e8 are allowed"));
            } else if key.ends_with("per_hour") {
                let last = most * (1.0 + desk.baseline.growth_share_per_year.get()).powf(years);
                if last > 1e8 {
                    let message = format!("{last:.3e} contacts per hour at the end ({key}): at most 1e8 are allowed");
                    self.say(&at("baseline.growth_share_per_year"), message);
                }
            }
        }
        for (key, exceptions) in [
            ("tier1.exceptions", &desk.tier1.exceptions),
            ("tier2.exceptions", &desk.tier2.exceptions),
            ("review.exceptions", &desk.review.exceptions),
            ("partner.exceptions", &desk.partner.exceptions),
        ] {
            for (place, exception) in exceptions.iter().enumerate() {
                if exception.last() < exception.from {
                    let message = format!("it ends on {}, before it begins on {}", exception.last(), exception.from);
                    self.say(&at(key).index(place), message);
                }
                if exception.value.get() * scenario.desk_scale() > 100_000.0 {
                    let message = format!("{} agents at once: at most 100,000 are allowed", exception.value.get());
                    self.say(&at(key).index(place), message);
                }
            }
        }
        for (key, shrinkage) in [
            ("tier1.shrinkage_share", desk.tier1.shrinkage_share),
            ("tier2.shrinkage_share", desk.tier2.shrinkage_share),
            ("review.shrinkage_share", desk.review.shrinkage_share),
        ] {
            if shrinkage.get() > 0.9 {
                let message = format!("{} of the rostered time would be lost: at most 0.9 is allowed", shrinkage.get());
                self.say(&at(key), message);
            }
        }
        if let Some(week) = desk.open.week()
            && !week.contains(&true)
        {
            self.say(&at("open"), "the desk would never be open: expected at least one window, or \"staffed\"");
        }
        self.routing(scenario);
        self.shifts(scenario);
        let choice = &scenario.journey.choice;
        let shares = choice.by_phone_share.get() + choice.by_chat_share.get();
        if shares > 1.0 + 1e-9 {
            let message = format!("by_phone_share + by_chat_share is {shares:.4}: at most 1 is possible");
            self.say(&Path::keys("journey.choice.by_chat_share"), message);
        }
    }

    /// Every channel that contacts come in on must be somebody's, and that somebody must be on duty at some time.
    fn routing(&mut self, scenario: &Scenario) {
        let takes = opening::takes(scenario);
        for (skill, channels) in Skill::ALL.iter().zip(&takes) {
            let path = Path::keys(&format!("desk.{}.takes", skill.key()));
            if (1..channels.len()).any(|place| channels[..place].contains(&channels[place])) {
                self.say(&path, "a channel is named twice");
            }
            if *skill == Skill::Partner && channels.contains(&Channel::Review) {
                self.say(&path, "cases of the review team cannot be given to a partner");
            }
        }
        // A list or a roster that was taken out as wrong says nothing about who serves what.
        let is_wrong = |skill: &Skill, key: &str| {
            let path = Path::keys(&format!("desk.{}.{key}", skill.key()));
            self.removed.iter().any(|gone| gone.is_within(&path))
        };
        if ["takes", "agents", "exceptions"]
            .iter()
            .any(|key| Skill::ALL.iter().any(|skill| is_wrong(skill, key)))
        {
            return;
        }
        let staffing = Staffing::new(scenario);
        let mut unstaffed = BTreeSet::new();
        for channel in Channel::ALL {
            let own = Skill::ALL.iter().filter(|&&skill| takes[skill as usize].contains(&channel));
            let takers: Vec<Skill> = own.copied().collect();
            let baseline: f64 = baseline::expected(scenario, channel).iter().sum();
            let key = format!("desk.baseline.{}_per_hour", channel.key());
            if baseline > 0.0 && takers.is_empty() {
                let message = format!(
                    "nobody serves this channel: name \"{}\" in the `takes` of desk.tier1, desk.tier2, desk.review or \
                     desk.partner, or set the rate to 0",
                    channel.key()
                );
                self.say(&Path::keys(&key), message);
                continue;
            }
            let staffed = takers.iter().any(|&skill| staffing.of(skill).hours().iter().any(|&agents| agents > 0));
            // A team without agents is one mistake, however many channels it takes.
            if baseline > 0.0 && !staffed && unstaffed.insert(takers.first().copied()) {
                let teams: Vec<_> = takers.iter().map(|skill| format!("desk.{}.agents", skill.key())).collect();
                let message = format!(
                    "{} contacts arrive, but {} rosters nobody at any hour: none would ever be answered",
                    channel.key(),
                    teams.join(" or ")
                );
                let first = takers.first().map_or(String::new(), |skill| format!("desk.{}.agents", skill.key()));
                self.say(&Path::keys(&first), message);
            }
        }
    }

    fn shifts(&mut self, scenario: &Scenario) {
        let root = Path::keys("desk.shifts.patterns");
        let patterns = &scenario.desk.shifts.patterns;
        if patterns.is_empty() {
            self.say(&root, "at least one shift pattern is needed");
        }
        if patterns.len() > 20 {
            self.say(&root, format!("{} shift patterns: at most 20 are allowed", patterns.len()));
        }
        for (place, pattern) in patterns.iter().enumerate() {
            let length = pattern.length_h.get();
            if let Some(late) = pattern.breaks_after_h.iter().find(|after| after.get() + 1 >= length) {
                let message = format!(
                    "a break {} hours after the beginning does not lie within a shift of {length} hours",
                    late.get()
                );
                self.say(&root.index(place).key("breaks_after_h"), message);
            }
        }
    }

    fn strategies(&mut self, scenario: &Scenario) {
        let root = Path::keys("strategies");
        let mut names = BTreeSet::new();
        for (place, strategy) in scenario.strategies.iter().enumerate() {
            let path = root.index(place);
            let name = strategy.name.trim();
            if name.is_empty() {
                self.say(&path.key("name"), "a strategy needs a name");
            } else if name == STAY {
                self.say(
                    &path.key("name"),
                    format!("\"{STAY}\" is the control arm that every run has: choose another name"),
                );
            } else if !names.insert(name) {
                let message = format!("there are two strategies named \"{name}\": give one of them another `name`");
                // A strategy that has its name from its preset is pointed at as a whole.
                let own = self.source.yours(&path.key("name")).is_some();
                self.say(&if own { path.key("name") } else { path.clone() }, message);
            }
            self.strategy(scenario, &path, strategy);
        }
        if scenario.strategies.len() > 15 {
            let message = format!("{} strategies: at most 15 can be compared in one run", scenario.strategies.len());
            self.say(&root, message);
        }
    }

    fn strategy(&mut self, scenario: &Scenario, path: &Path, strategy: &Strategy) {
        let horizon = scenario.horizon_days.get() as f64;
        let rollout = path.key("rollout");
        let (at, last_day) = match &strategy.rollout {
            Rollout::BigBang(plan) => (rollout.key("big_bang").key("day"), plan.day.get()),
            Rollout::OnSignIn(plan) => (rollout.key("on_sign_in").key("day"), plan.day.get()),
            Rollout::Waves(plan) => {
                let last = plan.day.get() + (plan.count.get() - 1) as f64 * plan.gap_days.get();
                let at = rollout.key("waves");
                if plan.canary_share.get() > 0.0 && plan.day.get() < plan.gap_days.get() {
                    let message = "a canary goes one gap ahead of the first wave, which would be before the start: \
                                   let `day` be at least `gap_days`";
                    self.say(&at, message);
                }
                (at, last)
            }
        };
        if last_day >= horizon {
            let message = format!("the rollout reaches day {last_day}, but the horizon is {horizon} days");
            self.say(&at, message);
        }
        if let Some(cut_off) = &strategy.cut_off {
            let at = path.key("cut_off").key("day");
            let day = cut_off.day.get();
            if day <= last_day {
                let message =
                    format!("the legacy platform would stop on day {day}, before the rollout is done (day {last_day})");
                self.say(&at, message);
            }
            if matches!(cut_off.tail, Treatment::LazyVerify | Treatment::Defer) {
                let message = "after the cut-off the legacy platform no longer answers: expected a treatment that does \
                               not need it (reset_link, magic_link, step_up, manual_review, desk_fallback, retire, \
                               hash_import or social_relink)";
                self.say(&path.key("cut_off").key("tail"), message);
            }
        }
        if strategy.controls.retire_credential && strategy.controls.sessions == Sessions::Leave {
            let message = "a legacy credential is retired only after link and revocation: with sessions = \"leave\" nothing \
                           is ever revoked; set it to \"revoke_on_link\", or retire_credential to false";
            self.say(&path.key("controls").key("retire_credential"), message);
        }
        if !strategy.controls.reminders_days.is_sorted_by(|a, b| a < b) {
            let message = "each reminder must come later than the one before: write the days in ascending order";
            self.say(&path.key("controls").key("reminders_days"), message);
        }
        self.policy(scenario, &path.key("policy"), &strategy.policy);
    }

    fn policy(&mut self, scenario: &Scenario, path: &Path, policy: &[Rule]) {
        let Some(last) = policy.last() else {
            self.say(path, "a policy needs at least one rule");
            return;
        };
        if last.when != When::default() {
            let at = path.index(policy.len() - 1);
            self.say(&at, "the last rule must have no `when`, so that every account is given something");
        }
        for (place, rule) in policy.iter().enumerate() {
            let at = path.index(place);
            if place + 1 < policy.len() && rule.when == When::default() {
                self.say(&at, "a rule without `when` matches everything: no rule after it can ever match");
            }
            for name in &rule.when.segment {
                if !scenario.segments().iter().any(|segment| segment.name == *name) {
                    let known = scenario.segments().iter().map(|segment| segment.name.clone());
                    let message = format!("there is no segment \"{name}\": {}", one_of(known));
                    self.say(&at.key("when").key("segment"), message);
                }
            }
            for (key, range) in ranges(&rule.when) {
                if range.is_empty() {
                    self.say(&at.key("when").key(key), "`min` lies above `max`: no account can match");
                }
            }
        }
    }
}

fn ranges(when: &When) -> impl Iterator<Item = (&'static str, Between)> {
    [
        ("last_seen_days", when.last_seen_days),
        ("verified_days", when.verified_days),
        ("age_days", when.age_days),
        ("risk", when.risk),
        ("match_confidence", when.match_confidence),
    ]
    .into_iter()
    .filter_map(|(key, range)| range.map(|range| (key, range)))
}
