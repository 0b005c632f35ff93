//! `[target]`: what the new platform is like, whichever strategy moves customers to it.

use crate::values::{Factor, Share, Whole};

section! {
    /// The new platform.
    pub struct Target {
        /// Whether customers sign in on a page of another look or domain than before: password managers do not fill it in, and
        /// some take it for a forgery.
        new_page: bool = true, Assumption, "most migrations change page, domain or both";
        /// Whether spellings of one mailbox (a plus sign, dots) are one identifier: then two accounts of one mailbox collide
        /// even where they are spelt differently.
        aliases_collide: bool = true, Assumption, "platforms differ: Okta folds case and accents, few fold dots and plus signs";
        /// Share of enrolled second factors that can be carried over. The others are enrolled anew at the first sign-in.
        mfa_carried_share: Share = Share::new(0.5), Assumption, "Auth0 imports e-mail, phone and one-time codes; Firebase exports none; no rate is published";
        /// Whether what is missing in an incomplete record is asked for at the first sign-in.
        asks_claims: bool = true, Assumption, "platforms have required claims; which is your choice";
    } sections {
        /// What can be sent.
        gateway: Gateway;
    }
}

section! {
    /// What mail and text gateways of the new platform can send.
    pub struct Gateway {
        /// Mails that it sends in an hour. 0: no limit.
        mails_per_hour: Whole<0, 1_000_000_000> = Whole::new(0), Setting, "Cognito sends 30 a second, Auth0 25-100 a second, by plan";
        /// Mails that it sends in a day. 0: no limit.
        mails_per_day: Whole<0, 1_000_000_000> = Whole::new(0), Setting, "Firebase sends 10,000 reset mails a day";
        /// Share of bounces in a mailing above which mailbox providers begin to filter its sender.
        bounce_review_share: Share = Share::new(0.05), Measured, "Amazon SES reviews senders at 5 %";
        /// Part of the mails to inboxes that is filtered for each part of a mailing that bounces above that share: with 5, one
        /// more in a hundred that bounces costs five in a hundred that would have arrived.
        filtered_per_bounce_share: Factor = Factor::new(5.0), Assumption, "providers do not publish how they filter";
        /// Part of a mailing after which its bounces are acted upon.
        bounce_noticed_share: Share = Share::new(0.1), Assumption, "a representative volume, says Amazon SES";
        /// Share of bounces above which the sender is stopped: what is left of the mailing leaves so much later.
        bounce_pause_share: Share = Share::new(0.10), Measured, "Amazon SES pauses senders at 10 %";
        /// How long a stopped sender is stopped, in hours.
        pause_h: Whole<0, 8_760> = Whole::new(48), Assumption, "a review by people; its length is not published";
    } sections {}
}
