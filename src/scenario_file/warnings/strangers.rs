//! Channels that customers are led to but nobody serves.

use super::Doubts;
use crate::scenario_file::path::Path;
use crate::terms::Channel;

impl Doubts<'_> {
    pub(super) fn strangers(&mut self) {
        if self.scenario.population.accounts.get() == 0 {
            return;
        }
        for (channel, key, then) in [
            (Channel::Phone, "journey.choice.by_phone_share", "they write instead"),
            (Channel::Chat, "journey.choice.by_chat_share", "they write instead"),
            (Channel::Email, "desk.tier1.takes", "no mail is ever answered"),
        ] {
            if self.customers_use(channel) && !self.is_served(channel) {
                let message = format!("nobody ever serves {} contacts of customers: {then}", channel.key());
                self.say(&Path::keys(key), message);
            }
        }
        let (first, last) = self.scenario.dates();
        for channel in [Channel::Review, Channel::Proofing] {
            if let Some(place) = self.passes_on_to(channel)
                && !self.is_served(channel)
            {
                let message = format!(
                    "it sends customers to a team that rosters nobody at any hour from {first} to {last}: they would \
                     never be answered"
                );
                self.say(&Path::keys("strategies").index(place).key("controls").key("fallback"), message);
            }
        }
    }
}
