//! The story of one account, as a support lead would tell it.

use crate::calendar::{Calendar, SimTime};
use crate::journey::Closing;
use crate::journey::listener::{Fact, Heard, Line};
use crate::numbers::seconds;
use crate::plan::{Decision, Deed};
use crate::population::Population;
use crate::population::unit::{Unit, UnitKind};
use crate::scenario::Scenario;
use crate::strategy::{STAY, Strategy};
use crate::terms::Outcome;
use crate::terms::Reason;
use crate::terms::operation::{Actor, Evidence, Factor, Operation, Refusal, Resolution};
use crate::terms::record::{Behind, ContactPoint, Foothold, Record, Status, Truth};

/// What is wrong behind an account and stands on no record, in words.
fn hidden(truth: &Truth) -> impl Iterator<Item = &'static str> {
    let has = |foothold| truth.foothold.has(foothold);
    let inside = match (has(Foothold::PASSWORD), has(Foothold::SESSION)) {
        (true, true) => Some("somebody else knows the password and holds a session since before the first day"),
        (true, false) => Some("somebody else knows the password since before the first day"),
        (false, true) => Some("somebody else holds a session since before the first day"),
        (false, false) => None,
    };
    let planted = match (has(Foothold::MAIL), has(Foothold::PHONE)) {
        (true, true) => {
            Some("whoever registered the address before them gets its mails too, and holds the phone on record")
        }
        (true, false) => Some("whoever registered the address before them gets its mails too"),
        (false, _) => None,
    };
    let behind = match truth.behind {
        Behind::Customer => None,
        Behind::Nobody => Some("nobody is behind it"),
        Behind::Program => Some("nobody is behind it but a program"),
        Behind::Gone => Some("it was disabled for good: nobody waits behind it"),
    };
    let stays = truth.stays_signed_in && matches!(truth.behind, Behind::Customer);
    [
        behind,
        inside,
        planted,
        truth.alias.then_some("its address is another spelling of the one mailbox"),
        stays.then_some("an app keeps them signed in"),
    ]
    .into_iter()
    .flatten()
}

/// Who the customer is: what the record says, and what is so.
pub fn portrait(scenario: &Scenario, population: &Population, unit: &Unit, m: usize) -> String {
    let account = &unit.accounts[m];
    let (record, truth, history) = (&account.record, &account.truth, account.history());
    let mut says = vec![format!(
        "segment {}",
        population.segments()[usize::from(record.segment)]
    )];
    says.push(match (record.has_password(), record.provider.word()) {
        (true, "none") => "signs in with a password".to_owned(),
        (true, provider) => format!("signs in with a password or {provider}"),
        (false, provider) => format!("signs in with {provider} only"),
    });
    says.push(format!("created {} ago", days(history.age_days)));
    says.push(format!("last seen {} ago", days(history.last_seen_days)));
    says.push(match (record.email, record.email_verified, record.email_shared) {
        (false, ..) => "no e-mail address".to_owned(),
        (true, verified, shared) => format!(
            "e-mail {}{}",
            if verified {
                format!("verified {} ago", days(history.verified_days))
            } else {
                "never verified".to_owned()
            },
            if shared { ", shared with another account" } else { "" }
        ),
    });
    says.push(match (record.phone, record.phone_shared) {
        (false, _) => "no phone".to_owned(),
        (true, false) => "a phone".to_owned(),
        (true, true) => "a phone shared with another account".to_owned(),
    });
    for (on, what) in [
        (record.mfa, "second factor enrolled"),
        (record.leak_known, "password known to be in a leak"),
        (!record.complete, "record incomplete"),
        (record.status == Status::Locked, "locked"),
        (record.status == Status::Disabled, "disabled"),
    ] {
        if on {
            says.push(what.to_owned());
        }
    }
    if record.in_target {
        says.push(format!("e-mail already in the target directory, match confidence {:.2}", record.match_confidence));
    }
    let mut so = vec![
        match truth.mailbox {
            ContactPoint::None => "there is no mailbox",
            ContactPoint::Alive => "the mailbox is alive and theirs",
            ContactPoint::Dead => "the mailbox is dead",
            ContactPoint::Recycled => "the mailbox belongs to somebody else now",
            ContactPoint::Mistyped => "the address was mistyped, and its mailbox is a stranger's",
        }
        .to_owned(),
    ];
    match truth.phone {
        ContactPoint::None => {}
        ContactPoint::Alive => so.push("the phone is theirs".to_owned()),
        ContactPoint::Dead => so.push("the phone is out of service".to_owned()),
        ContactPoint::Recycled => so.push("the phone belongs to somebody else now".to_owned()),
        ContactPoint::Mistyped => so.push("the phone was never theirs".to_owned()),
    }
    so.extend(hidden(truth).map(str::to_owned));
    if truth.leaked {
        so.push("the password has leaked".to_owned());
    }
    if record.in_target && !truth.same_in_target {
        so.push("the account in the target directory is another person's".to_owned());
    }
    so.push(match account.rate_per_day() * 30.0 {
        0.0 => "nobody ever signs in".to_owned(),
        often if often >= 1.0 => format!("signs in about {often:.0} times a month"),
        seldom if seldom * 12.0 >= 1.0 => format!("signs in about {:.0} times a year", seldom * 12.0),
        _ => "hardly ever signs in".to_owned(),
    });
    let number = unit.first_account + m as u64;
    let company = match (unit.kind, unit.accounts.len()) {
        (UnitKind::Single, _) => String::new(),
        (kind, n) => format!(
            "It belongs to a unit of {n} accounts ({}: {} to {}).\n",
            kind.word(),
            unit.first_account,
            unit.first_account + n as u64 - 1
        ),
    };
    format!(
        "Account {number} of {}\n\nThe record says: {}.\nThe truth is: {}.\n{company}",
        scenario.name,
        says.join(", "),
        so.join(", ")
    )
}

fn days(days: f32) -> String {
    match days {
        d if d < 1.0 => "less than a day".to_owned(),
        d if d < 60.0 => format!("{d:.0} days"),
        d if d < 730.0 => format!("{:.0} months", d / 30.44),
        d => format!("{:.0} years", d / 365.25),
    }
}

/// What a rollout that reacts decided, as far as it concerns an account of wave `own`: when, and in a sentence. `decisions`
/// are all of them, in time order.
pub fn decided(decisions: &[Decision], own: Option<u16>) -> Vec<(SimTime, String)> {
    let mut last_begun = None;
    let mut told = Vec::new();
    for decision in decisions {
        let deed = match (decision.deed, last_begun) {
            (Deed::Hold, Some(wave)) => format!("wave {} was held back", wave + 1),
            (Deed::Hold, None) => "the first wave was held back".to_owned(),
            (deed, _) => deed.words(),
        };
        if let Deed::Release(wave) = decision.deed {
            last_begun = Some(wave);
            if own != Some(wave) {
                continue;
            }
        }
        let why = decision.cause.map_or(String::new(), |cause| format!(": {}", cause.words()));
        told.push((decision.at, sentence(&format!("{deed}{why}"))));
    }
    told
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map_or(String::new(), |first| first.to_uppercase().to_string());
    format!("{first}{}.", rest.as_str())
}

/// What happened to the account under one strategy (`None` for the control arm). `decisions` are those of a rollout that
/// reacts, as [`decided`] tells them.
pub fn tell<'a>(
    scenario: &Scenario,
    strategy: Option<&Strategy>,
    record: &Record,
    decisions: &[(SimTime, String)],
    lines: impl Iterator<Item = &'a Line>,
    closing: &Closing,
    operations: bool,
) -> String {
    let calendar = scenario.calendar();
    let mut text = format!("\n{}\n", strategy.map_or(STAY, |strategy| strategy.name.as_str()));
    let mut quiet = true;
    let mut decisions = decisions.iter().peekable();
    let mut say_decisions = |text: &mut String, until: SimTime| {
        while let Some((at, said)) = decisions.next_if(|(at, _)| *at <= until) {
            *text += &format!("  {}  {said}\n", calendar.reads(*at));
        }
    };
    for line in lines {
        say_decisions(&mut text, line.at);
        let said = match line.heard {
            Heard::Fact(fact) => say_fact(fact, strategy, record),
            Heard::Operation(actor, operation, refused) if operations => {
                Some(say_operation(&calendar, actor, operation, refused))
            }
            Heard::Operation(..) => None,
        };
        if let Some(said) = said {
            text += &format!("  {}  {said}\n", calendar.reads(line.at));
            quiet = false;
        }
    }
    say_decisions(&mut text, SimTime::NEVER);
    if quiet {
        text += "  Nothing happens that anybody would notice.\n";
    }
    text + &format!("  {}  {}\n", calendar.reads(scenario.horizon()), say_outcome(closing.outcome))
}

fn say_fact(fact: Fact, strategy: Option<&Strategy>, record: &Record) -> Option<String> {
    Some(match fact {
        Fact::Reached(rule) => {
            let rule = strategy.and_then(|strategy| strategy.policy.get(rule))?;
            format!("The rollout reaches the account. Rule \"{}\": {}.", rule.name, rule.treat.words())
        }
        Fact::CutOff => {
            let tail = strategy.and_then(|strategy| strategy.cut_off)?.tail;
            format!("The legacy platform stops answering. What has not moved: {}.", tail.words())
        }
        Fact::Announced => "A mail announces the move.".to_owned(),
        Fact::MailSent(1) => "A mail with a reset link leaves.".to_owned(),
        Fact::MailSent(n) => format!("Reminder {} leaves, with a fresh link.", n - 1),
        Fact::Bounced => "The mail bounces: the mailbox is dead. No reminders will follow.".to_owned(),
        Fact::MailUnseen => "It is lost or lands in a spam folder; nobody sees it.".to_owned(),
        Fact::MailUnopened => "It arrives and is not opened.".to_owned(),
        Fact::MailRead => "The customer reads it and leaves it at that.".to_owned(),
        Fact::Clicked => "The customer clicks the link in the mail.".to_owned(),
        Fact::ClickedByOther => "Somebody else with access to the mailbox clicks the link.".to_owned(),
        Fact::LinkSpent => "The link has been used before.".to_owned(),
        Fact::LinkExpired => "The link has expired.".to_owned(),
        Fact::Stuck => "The customer gets stuck on the page behind the link.".to_owned(),
        Fact::SignedIn => "The customer signs in as always.".to_owned(),
        Fact::Forgot => "The customer wants to sign in and has forgotten the password.".to_owned(),
        Fact::Refused => "The customer wants to sign in and is refused.".to_owned(),
        Fact::LinkAsked if record.email => "They ask for a link by e-mail.".to_owned(),
        Fact::LinkAsked => "They ask for a link, but there is no e-mail address to send it to.".to_owned(),
        Fact::Recovered => "They can sign in again.".to_owned(),
        Fact::LinkMissed => "No usable link reaches them.".to_owned(),
        Fact::StepUpAsked => "The customer wants to sign in and is asked for proof on a second channel.".to_owned(),
        Fact::Conflict => "The e-mail address already belongs to another identity in the target.".to_owned(),
        Fact::Linked => "The account now has its identity in the target.".to_owned(),
        Fact::TriesLater => "They will try again another time.".to_owned(),
        Fact::GivesUp => "They stop trying for now.".to_owned(),
        Fact::TriesAgain => "They are willing to try again.".to_owned(),
        Fact::Contacts(Reason::Review) => "A case is opened for the review team.".to_owned(),
        Fact::Contacts(Reason::Takeover) => "They contact the help desk: somebody else is in the account.".to_owned(),
        Fact::Contacts(_) => "They contact the help desk.".to_owned(),
        Fact::DeskClosed => "They want to call, but the desk is closed. They will call when it opens.".to_owned(),
        Fact::HangsUp(waited) => format!("They give up after waiting {}.", seconds(waited.0 as f64 / 1000.0)),
        Fact::Answered(waited) if waited.0 < 1000 => "They are helped at once.".to_owned(),
        Fact::Answered(waited) => {
            format!("They have been answered, after waiting {}.", seconds(waited.0 as f64 / 1000.0))
        }
        Fact::Closed(Resolution::Solved) => "They can show who they are, and the matter is settled.".to_owned(),
        Fact::Closed(Resolution::Unsolved) => "They can show who they are, but the agent cannot solve it.".to_owned(),
        Fact::Closed(Resolution::Refused) => "They cannot show who they are and are turned down.".to_owned(),
        Fact::Closed(Resolution::Escalated) => {
            "They cannot show who they are; the case goes to the review team.".to_owned()
        }
        Fact::Closed(Resolution::Abandoned) => return None,
        Fact::SignsUp(true) => {
            "They sign up again; the target recognises them and leads them back to the old account.".to_owned()
        }
        Fact::SignsUp(false) => "They sign up again as a new customer. The old account is nobody's now.".to_owned(),
        Fact::Leaves => "The customer leaves for good.".to_owned(),
        Fact::Attack(vector, true) => format!("An attacker takes the account over: {}.", vector.word()),
        Fact::Attack(vector, false) => format!("An attacker tries and fails: {}.", vector.word()),
        Fact::Misbound => "The account is bound to another person, by mistake.".to_owned(),
        Fact::Restored => "The intruder is put out.".to_owned(),
        Fact::IntruderOut => "An intruder finds the door closed. Nobody knows that there was one.".to_owned(),
        Fact::LearnsOfIntruder(true) => "The customer notices that somebody else is in the account.".to_owned(),
        Fact::LearnsOfIntruder(false) => "The customer is told that somebody else is in the account.".to_owned(),
        Fact::HearsOfIncident(true) => "The customer hears that somebody else was in the account.".to_owned(),
        Fact::HearsOfIncident(false) => "The customer hears that another person has seen the account.".to_owned(),
        Fact::Reassured => "The desk says that the mail is genuine.".to_owned(),
        Fact::ReviewedBefore => {
            "A reviewer has let the customer in before: the next sign-in moves the account.".to_owned()
        }
        Fact::WrongLinkSeen => "Through the wrong link one person sees another's data.".to_owned(),
        Fact::FalseAlarm(true) => {
            "Fraud monitoring takes the customer for an intruder. They can show that they are not.".to_owned()
        }
        Fact::FalseAlarm(false) => {
            "Fraud monitoring takes the customer for an intruder and locks the account.".to_owned()
        }
        Fact::Suspects => "The customer takes the mail for phishing.".to_owned(),
        Fact::LinkScanned => "A scanner at the mailbox opens the link and uses it up.".to_owned(),
        Fact::EnrolsAnew(true) => "The second factor is enrolled anew.".to_owned(),
        Fact::EnrolsAnew(false) => "The second factor has to be enrolled anew, and the customer fails.".to_owned(),
        Fact::ClaimsAsked(true) => "The customer is asked for what is missing on record, and gives it.".to_owned(),
        Fact::ClaimsAsked(false) => {
            "The customer is asked for what is missing on record, and leaves the page.".to_owned()
        }
        Fact::VouchedFor(true) => "Somebody who belongs together with them vouches for them.".to_owned(),
        Fact::VouchedFor(false) => "Somebody vouches for the wrong person.".to_owned(),
        Fact::PasskeyMissing => "Their passkey is not on this device.".to_owned(),
        Fact::PasskeyMade => "The customer makes a passkey.".to_owned(),
        Fact::EmptyAccount => "The customer finds an empty account where theirs should be.".to_owned(),
        Fact::MissesHistory => "With the new account they miss what was in the old one.".to_owned(),
        Fact::RolledBack(false) => {
            "The migration is rolled back: the account is at the legacy platform again.".to_owned()
        }
        Fact::RolledBack(true) => {
            "The migration is rolled back: the account is at the legacy platform again, which does \
                                   not know the customer's new password."
                .to_owned()
        }
        Fact::ComesBack => "The customer comes back and finds the account archived.".to_owned(),
    })
}

fn say_outcome(outcome: Outcome) -> String {
    let meaning = match outcome {
        Outcome::Migrated => "the account has moved",
        Outcome::LinkedUnseen => "the account was moved silently, and nobody has come to it since",
        Outcome::MigratedByDesk => "the account has moved with the help of the desk",
        Outcome::Pending => "the customer is around but has not moved",
        Outcome::Dormant => "the customer has not shown up",
        Outcome::Retired => "the account is archived",
        Outcome::Blocked => "the customer has tried and stopped trying, or was turned down",
        Outcome::Duplicate => "the customer uses a new account instead",
        Outcome::Churned => "the customer is lost",
        Outcome::Misbound => "the account is bound to another person",
        Outcome::TakenOver => "an attacker holds the account",
    };
    format!("Outcome: {} ({meaning}).", outcome.word())
}

fn say_operation(calendar: &Calendar, actor: Actor, operation: Operation, refused: Option<Refusal>) -> String {
    let who = match actor {
        Actor::Owner => "owner",
        Actor::Other => "other person",
        Actor::Stranger => "stranger",
        Actor::Attacker => "attacker",
        Actor::Agent => "agent",
        Actor::System => "system",
    };
    let what = match operation {
        Operation::SignIn(platform) => format!("sign-in at {platform:?}").to_lowercase(),
        Operation::IssueToken { token, expires } => {
            format!("issue token {token}, good until {}", calendar.reads(expires))
        }
        Operation::Redeem { token } => format!("redeem token {token}"),
        Operation::StepUp { factor, passed } => {
            let channel = match factor {
                Factor::Phone => "phone",
                Factor::Document => "document",
            };
            format!("step-up by {channel}: {}", if passed { "passed" } else { "failed" })
        }
        Operation::Link { evidence, identifier } => format!("link on {} as {identifier:?}", say_evidence(evidence)),
        Operation::Merge { evidence, into } => format!("merge on {} into identity {}", say_evidence(evidence), into.0),
        Operation::Register { identifier } => format!("register as {identifier:?}"),
        Operation::RevokeSessions => "revoke legacy sessions".to_owned(),
        Operation::SuspendCredential => "suspend legacy password".to_owned(),
        Operation::RetireCredential => "retire legacy password".to_owned(),
        Operation::Archive => "archive".to_owned(),
        Operation::RollBack => {
            "roll back: links and codes are void, a suspended legacy password works again".to_owned()
        }
        Operation::RestoreCredential => "choose a new legacy password".to_owned(),
        Operation::OpenTicket { ticket, reason } => format!("open ticket {ticket} ({})", reason.key()),
        Operation::CloseTicket { ticket, resolution } => {
            format!("close ticket {ticket} ({resolution:?})").to_lowercase()
        }
    };
    let answer = refused.map_or(String::new(), |refusal| format!(": refused, {refusal}"));
    format!("    [{who}] {what}{answer}")
}

fn say_evidence(evidence: Evidence) -> String {
    match evidence {
        Evidence::HashImport => "a hash import".to_owned(),
        Evidence::LegacyPassword => "the legacy password".to_owned(),
        Evidence::Token(number) => format!("token {number}"),
        Evidence::Subject => "the provider's subject".to_owned(),
        Evidence::SocialEmail => "the provider's e-mail".to_owned(),
        Evidence::StepUp(factor) => format!("a step-up ({factor:?})").to_lowercase(),
        Evidence::Review => "a review".to_owned(),
        Evidence::Desk => "the desk's check".to_owned(),
        Evidence::Delegated(by) => format!("the word of account {}", by.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Cause;
    use crate::terms::Signal;

    /// What is told to an account of wave 1 of these deeds, each an hour after the one before.
    fn told(deeds: &[Deed]) -> Vec<String> {
        let cause = Some(Cause { gate: 0, signal: Signal::BounceShare, seen: Some(0.07) });
        let decision = |(hour, &deed): (usize, &Deed)| Decision {
            at: SimTime::from_hours(hour as f64),
            deed,
            cause: cause.filter(|_| !matches!(deed, Deed::Release(_))),
        };
        let decisions: Vec<Decision> = deeds.iter().enumerate().map(decision).collect();
        decided(&decisions, Some(1)).into_iter().map(|(_, said)| said).collect()
    }

    #[test]
    fn decisions_are_sentences_and_name_the_wave_that_was_held_back() {
        let deeds = [
            Deed::Release(0),
            Deed::Release(1),
            Deed::Release(2),
            Deed::Hold,
            Deed::GoOn,
            Deed::Stop,
        ];
        assert_eq!(
            told(&deeds),
            [
                "Wave 1 began.",
                "Wave 3 was held back: 7.0 % of mails bounced.",
                "The hold ended: 7.0 % of mails bounced.",
                "The rollout stopped for good: 7.0 % of mails bounced.",
            ]
        );
        assert_eq!(told(&[Deed::Hold]), ["The first wave was held back: 7.0 % of mails bounced."]);
    }
}
