//! Goal: the service target in words, for the channels that have contacts.

use super::wording::listed;
use crate::numbers::stated_percent;
use crate::size::plan::StaffingPlan;
use crate::terms::Channel;

/// The whole target: `80 % of calls answered within 20 s, at most 5 % given up, in every hour`.
pub fn whole(plan: &StaffingPlan) -> String {
    let channels = &plan.target.channels;
    let live = live(plan, channels).map(|goal| format!("{goal}, in every hour"));
    let written = written(plan, channels).map(|goal| format!("{goal}, on every day"));
    let parts: Vec<String> = live.into_iter().chain(written).collect();
    if parts.is_empty() {
        "none, because nothing reaches the desk".to_owned()
    } else {
        parts.join("; ")
    }
}

/// The targets of calls and chats among these channels.
pub(super) fn live(plan: &StaffingPlan, channels: &[Channel]) -> Option<String> {
    let target = &plan.target;
    let mut parts = Vec::new();
    if channels.contains(&Channel::Phone) || channels.contains(&Channel::Proofing) {
        parts.push(format!("{} of calls answered within {} s", stated_percent(target.answered_share), target.within_s));
    }
    if channels.contains(&Channel::Chat) {
        let [share, within_s] = target.chat;
        parts.push(format!("{} of chats answered within {within_s} s", stated_percent(share)));
    }
    let each = if parts.len() > 1 { " of either" } else { "" };
    let given_up = stated_percent(target.abandoned_share);
    (!parts.is_empty()).then(|| format!("{}, at most {given_up}{each} given up", listed(&parts)))
}

/// The targets of e-mails and cases among these channels.
pub(super) fn written(plan: &StaffingPlan, channels: &[Channel]) -> Option<String> {
    let target = &plan.target;
    let goals = [
        (Channel::Email, "e-mails answered", target.email),
        (Channel::Review, "cases decided", target.review),
    ];
    let has = goals.into_iter().filter(|(channel, ..)| channels.contains(channel));
    let parts: Vec<String> = has
        .map(|(_, what, [share, within_h])| format!("{} of {what} within {within_h} h", stated_percent(share)))
        .collect();
    (!parts.is_empty()).then(|| listed(&parts))
}

/// The written ones among these channels: `e-mails and cases`.
pub(super) fn written_words(channels: &[Channel]) -> String {
    let words = [(Channel::Email, "e-mails"), (Channel::Review, "cases")];
    let has = words.into_iter().filter(|(channel, _)| channels.contains(channel));
    listed(&has.map(|(_, word)| word.to_owned()).collect::<Vec<_>>())
}
