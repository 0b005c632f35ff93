//! A team: agents of one skill, how many are on duty, and how many are taken.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calendar::{SimTime, Span};
use crate::terms::{Channel, Skill};

/// Agents of one skill. An agent has one call, e-mail or case at a time, or several chats.
#[derive(Clone, Debug)]
pub struct Team {
    /// The skill.
    pub skill: Skill,
    /// The channels they take, the first of them first.
    pub takes: Arc<[Channel]>,
    /// They take only contacts that have waited this long.
    pub after: Span,
    /// Agents on duty.
    pub agents: u32,
    engaged: u32,
    chats: Chats,
}

/// Agents who hold chats.
#[derive(Clone, Debug)]
struct Chats {
    /// Chats that one agent holds at once.
    most: u8,
    /// Chats held, by agent; an agent's number is free again when it holds none.
    held: Vec<u8>,
    /// Since when without a pause, by agent.
    since: Vec<SimTime>,
    free: Vec<u32>,
    /// Agents who hold some but could hold more, those with the most chats first: the others stay free for calls.
    with_room: BTreeSet<(Reverse<u8>, u32)>,
}

impl Team {
    /// A team without agents.
    pub fn new(skill: Skill, takes: &[Channel], after: Span, concurrency: u8) -> Self {
        let chats = Chats {
            most: concurrency,
            held: Vec::new(),
            since: Vec::new(),
            free: Vec::new(),
            with_room: BTreeSet::new(),
        };
        Self {
            skill,
            takes: takes.into(),
            after,
            agents: 0,
            engaged: 0,
            chats,
        }
    }

    /// Whether an agent on duty has nothing to do.
    #[inline]
    pub fn is_free(&self) -> bool {
        self.engaged < self.agents
    }

    /// Whether an agent on duty holds chats and could hold more.
    pub fn has_room(&self) -> bool {
        self.engaged <= self.agents && !self.chats.with_room.is_empty()
    }

    /// Whether an agent could take a contact of `channel` now.
    #[inline]
    pub fn can_take(&self, channel: Channel) -> bool {
        self.is_free() || (channel == Channel::Chat && self.has_room())
    }

    /// The channels for which no further chat is held while somebody waits on them: those that the team takes first. A
    /// partner who takes only what has waited goes by that alone.
    pub fn before_chats(&self) -> &[Channel] {
        match self.takes.iter().position(|&channel| channel == Channel::Chat) {
            Some(place) if self.chats.most > 1 && self.after == Span::ZERO => &self.takes[..place],
            _ => &[],
        }
    }

    /// An agent takes a contact, as [`can_take`](Self::can_take) allows; the agent's number, for a chat.
    #[inline]
    pub fn take(&mut self, channel: Channel, now: SimTime) -> u32 {
        if channel == Channel::Chat {
            return self.take_chat(now);
        }
        self.engaged += 1;
        0
    }

    /// An agent is free of a contact; since when they have chatted, if that was the last of their chats.
    #[inline]
    pub fn release(&mut self, channel: Channel, agent: u32) -> Option<SimTime> {
        if channel == Channel::Chat {
            return self.release_chat(agent);
        }
        self.engaged -= 1;
        None
    }

    /// Since when each agent who chats now has done so.
    pub fn chatting_since(&self) -> impl Iterator<Item = SimTime> {
        let chats = &self.chats;
        chats.held.iter().zip(&chats.since).filter(|(held, _)| **held > 0).map(|(_, since)| *since)
    }

    fn take_chat(&mut self, now: SimTime) -> u32 {
        let chats = &mut self.chats;
        let (held, agent) = match chats.with_room.pop_first() {
            Some((Reverse(held), agent)) => (held, agent),
            None => {
                self.engaged += 1;
                let agent = chats.free.pop().unwrap_or_else(|| {
                    chats.held.push(0);
                    chats.since.push(now);
                    chats.held.len() as u32 - 1
                });
                chats.since[agent as usize] = now;
                (0, agent)
            }
        };
        chats.hold(agent, held + 1);
        agent
    }

    fn release_chat(&mut self, agent: u32) -> Option<SimTime> {
        let chats = &mut self.chats;
        let held = chats.held[agent as usize];
        chats.with_room.remove(&(Reverse(held), agent));
        chats.hold(agent, held - 1);
        if held > 1 {
            return None;
        }
        self.engaged -= 1;
        Some(chats.since[agent as usize])
    }
}

impl Chats {
    fn hold(&mut self, agent: u32, chats: u8) {
        self.held[agent as usize] = chats;
        match chats {
            0 => self.free.push(agent),
            chats if chats < self.most => {
                self.with_room.insert((Reverse(chats), agent));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_fill_one_agent_before_the_next_and_leave_the_others_free() {
        let mut team = Team::new(Skill::Tier1, &[Channel::Phone, Channel::Chat], Span::ZERO, 2);
        team.agents = 2;
        let at = |minute: i64| SimTime(minute * 60_000);
        let first = team.take(Channel::Chat, at(1));
        assert_eq!(team.take(Channel::Chat, at(2)), first, "the second chat goes to the agent who chats already");
        assert!(team.can_take(Channel::Phone));
        team.take(Channel::Phone, at(3));
        assert!(!team.can_take(Channel::Chat) && !team.can_take(Channel::Phone));
        assert_eq!(team.chatting_since().collect::<Vec<_>>(), [at(1)]);
        assert_eq!(team.release(Channel::Chat, first), None);
        assert!(team.can_take(Channel::Chat) && !team.can_take(Channel::Phone), "an agent who chats takes no call");
        assert_eq!(team.release(Channel::Chat, first), Some(at(1)), "busy from the first chat to the last");
        assert!(team.can_take(Channel::Phone));
        team.agents = 0;
        assert!(!team.can_take(Channel::Chat) && !team.can_take(Channel::Phone), "the shift is over");
    }
}
