//! Wrong links: an account that is bound to another person. From the first sign-in on one of them sees the other's data.

use super::campaign::AFTERWARDS;
use super::listener::{Fact, Listener};
use super::member::{Clock, Control, News, next};
use super::walk::{Holder, Walk};
use crate::calendar::SimTime;
use crate::random::Purpose;
use crate::terms::Reason;

impl<L: Listener> Walk<'_, L> {
    /// The account is bound to somebody else, by mistake. `there` says that the other person is in at this moment, and sees
    /// it. Otherwise it shows when either of the two signs in.
    pub(crate) fn misbind(&mut self, m: usize, there: bool) {
        let member = self.member(m);
        member.control = Control::Other;
        member.false_link = true;
        member.told = false;
        member.wrong_link_seen = false;
        self.tell(m, Fact::Misbound);
        if there {
            self.note_wrong_link(m);
            return;
        }
        // The other person signs in as often as a customer like this one.
        let gap_ms =
            self.luck(m, Purpose::WrongLink, 0).exponential() * 86_400_000.0 / self.unit.accounts[m].rate_per_day();
        self.set(m, Clock::Told, SimTime(self.now.0.saturating_add(gap_ms as i64)));
    }

    /// One person sees another's data: an incident, once for each wrong link. The other one hears of it.
    fn note_wrong_link(&mut self, m: usize) {
        if std::mem::replace(&mut self.member(m).wrong_link_seen, true) {
            return;
        }
        next(&mut self.member(m).used.wrong_links);
        self.tell(m, Fact::WrongLinkSeen);
        if let Holder::Member(other) | Holder::SignUp(other) = self.holder(m)
            && usize::from(other) != m
        {
            self.member(usize::from(other)).news = News::WrongLink;
        }
    }

    /// The owner signs in and sees somebody else's data, or is told by the target that the account is another's.
    pub(super) fn meet_wrong_link(&mut self, m: usize) {
        self.note_wrong_link(m);
        let points = self.world.behaviour.frustration.wrong_link_points.get();
        if !std::mem::replace(&mut self.member(m).told, true) && self.frustrate(m, points) {
            return;
        }
        self.call_about_intruder(m);
    }

    /// The other person has seen whose account it is, and reports it: the two are told apart, and the owner is told.
    pub(crate) fn wrong_link_is_reported(&mut self, m: usize) {
        self.note_wrong_link(m);
        if !self.state(m).told {
            self.member(m).news = News::WrongLink;
        }
        self.tell_apart(m);
    }

    /// The account is its owner's again.
    pub(crate) fn tell_apart(&mut self, m: usize) {
        let member = self.member(m);
        member.control = Control::Owner;
        member.told = false;
        self.stop_search(m);
        self.tell(m, Fact::Restored);
    }

    /// The owner contacts the desk about whoever is in the account; who is done with the desk looks for another way.
    pub(super) fn call_about_intruder(&mut self, m: usize) {
        if self.state(m).desk_exhausted {
            self.choose(m);
            return;
        }
        let luck = self.luck(m, Purpose::Redial, AFTERWARDS | self.state(m).used.contacts);
        self.call_soon(m, Reason::Takeover, luck);
    }
}
