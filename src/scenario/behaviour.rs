//! `[journey]`: how customers behave when their sign-in changes.

use crate::values::{Amount, Delay, Positive, Share, Whole};

section! {
    /// Human behaviour, the same under every strategy.
    pub struct Behaviour {
    } sections {
        /// Sign-ins.
        sign_in: SignIn;
        /// Campaign mail: delivery, opening, clicking.
        mail: Mail;
        /// Attended recovery: the customer asks for a link or code and waits for it.
        recovery: Recovery;
        /// Step-up on a second channel.
        step_up: StepUp;
        /// Second factors, passkeys and claims.
        factors: Factors;
        /// What customers do after a failure.
        choice: Choice;
        /// Frustration and leaving.
        frustration: Frustration;
    }
}

section! {
    /// Sign-ins.
    pub struct SignIn {
        /// Share of sign-ins in which the password is forgotten, of customers who type it every day. Forgetting grows with the
        /// time since it was last typed, up to `forgotten_most_share`.
        forgotten_least_share: Share = Share::new(0.01), Assumption, "forgetting falls with use (Gao et al., SOUPS 2018); no table is published";
        /// Share of sign-ins in which the password is forgotten, of customers who have not typed it for ages.
        forgotten_most_share: Share = Share::new(0.35), Assumption, "no table is published; about 10 % of active users meet a reset in a month (Corbado 2023)";
        /// Time scale of forgetting: a password that was typed so long ago is forgotten 63 % of the way from least to most.
        forgetting_days: Positive = Positive::new(180.0), Assumption, "half a year; no table is published";
        /// Share of first sign-ins after a forced new password in which that one is forgotten.
        fresh_forgotten_share: Share = Share::new(0.12), Assumption, "password tickets three months after a change of provider were three times as many (one firm, 2017)";
        /// Share of customers with a password manager. They forget nothing, but a manager does not fill in a page it does not
        /// know.
        manager_share: Share = Share::new(0.33), Vendor, "32-34 % use one (Pew; Security.org)";
        /// Of customers with a password manager who meet a new sign-in page, share that does not find the password.
        unfilled_share: Share = Share::new(0.10), Assumption, "not published";
        /// A session lasts this long after the last sign-in.
        session_days: Positive = Positive::new(30.0), Assumption, "a common remember-me lifetime";
    } sections {}
}

section! {
    /// Campaign mail, sent by the organisation to customers who did not ask for it.
    pub struct Mail {
        /// Share of delivered mail that reaches the inbox rather than a spam folder.
        inbox_share: Share = Share::new(0.83), Vendor, "17 % of commercial mail misses the inbox (Validity 2023)";
        /// Share of mails to a living mailbox that are lost on the way (mailbox full, greylisted).
        soft_bounce_share: Share = Share::new(0.005), Vendor, "total bounces 0.7 % on maintained lists (Campaign Monitor 2020)";
        /// Chance that a customer who responds to campaigns acts on any one mail.
        acts_share: Share = Share::new(0.60), Assumption, "reminders exist because one mail is not enough";
        /// Share of the other inbox mails that are opened and left at that.
        opens_only_share: Share = Share::new(0.35), Vendor, "30-40 % of transactional mails are opened (Mailjet)";
        /// Time from sending to the click, of those who click.
        click: Delay = Delay::new(2.8, 2.45), Measured,
            "lognormal fit to GetResponse 2019-20 (5.5 bn mails): 33.6 % of clicks in 1 h, 51.4 % in 3 h, 81 % in 24 h";
        /// An announced campaign multiplies the share that responds by this.
        announced_factor: Positive = Positive::new(1.1), Measured, "odds ratio 1.1 of pre-announcement in 103 randomised trials (unbiased ones)";
        /// Share of customers who take a genuine campaign mail for phishing and do not act on it.
        suspected_share: Share = Share::new(0.118), Measured, "11.8 % of genuine mails were judged phishing (experiment)";
        /// An announced campaign multiplies that share by this.
        announced_suspicion_factor: Share = Share::new(0.5), Assumption, "not published";
        /// Of customers who take a campaign mail for phishing, share that contacts the desk about it.
        suspicion_contacts_share: Share = Share::new(0.03), Assumption, "not published";
        /// Share of mailboxes behind a scanner that opens the links in a mail before its reader does.
        scanned_share: Share = Share::new(0.05), Measured, "up to 8 % of consumers' addresses, 20-50 % of businesses'";
    } sections {}
}

section! {
    /// Attended recovery.
    pub struct Recovery {
        /// Time from asking for a link or code to using it.
        delay: Delay = Delay::new(0.063, 1.0), Vendor, "3 min 46 s per reset (ExpressVPN survey, repeated by techycomp)";
        /// Share of attended links that are used, when the mailbox is alive and the customer's own.
        used_share: Share = Share::new(0.82), Vendor, "18 % of magic links were never clicked (one app, 2020, snaphabit.app)";
        /// Share of opened reset pages on which the customer gets stuck (password rules, wrong device, second factor lost).
        stuck_share: Share = Share::new(0.06), Assumption,
            "3 of 16 testers gave up at a forgotten password (Baymard); most of them before the page";
        /// Of customers who failed and have somebody at home or at work who can vouch for them, share that asks them, where the
        /// strategy allows it.
        delegate_share: Share = Share::new(0.5), Assumption, "not published";
        /// Time until they have vouched.
        delegate_delay: Delay = Delay::new(5.0, 1.2), Assumption, "the same evening; not published";
        /// Of those who vouch, share that lets the wrong person in.
        delegate_errs_share: Share = Share::new(0.01), Assumption, "7.4 % of patient-portal messages were written by somebody else in the patient's account (doi 10.1089/tmj.2019.0208), mostly with consent";
        /// Of customers who click a campaign link too late, share that asks for a new one at once.
        asks_again_share: Share = Share::new(0.80), Assumption, "97 % of challenged users get in within a short time (WWW 2019), but those wanted to sign in";
    } sections {}
}

section! {
    /// Step-up: proof of a second channel.
    pub struct StepUp {
        /// Share of customers with a living phone who pass a code sent to it.
        phone_passes_share: Share = Share::new(0.72), Vendor, "72.3 % of text codes are completed (phone-verif 2026); over 80 % of recoveries by text succeed (Google, WWW 2015)";
        /// Share of genuine customers who pass a document check that they try.
        document_passes_share: Share = Share::new(0.78), Vendor,
            "15-30 % of customers fail identity proofing (Gartner, quoted by Pindrop)";
        /// Of customers without a phone on record, or whose code failed, share that tries a document check.
        document_tried_share: Share = Share::new(0.60), Assumption, "not published";
        /// Where an account of another person has the address in the target: share of step-ups in which that is seen, because
        /// what is proved does not fit that account.
        wrong_match_caught_share: Share = Share::new(0.90), Assumption, "phones and documents differ between two people; not published";
        /// Time a step-up takes.
        delay: Delay = Delay::new(0.04, 0.8), Assumption, "a few minutes";
    } sections {}
}

section! {
    /// A second factor that has to be enrolled anew, and passkeys.
    pub struct Factors {
        /// Of customers whose second factor cannot be carried over, share that fails to enrol it anew and contacts the desk.
        enrol_fails_share: Share = Share::new(0.08), Assumption, "0.045 of second-factor attempts fail and 0.4 phones are lost in a year (BYU, UCI, two universities); contacts are not published";
        /// Share of customers who make a passkey when they are first offered one.
        passkey_share: Share = Share::new(0.30), Vendor, "20 % is a usual target, 75 % strong; 10-50 % by device (Corbado 2025-26)";
        /// Of the sign-ins at which a password would have been forgotten, share at which a passkey is not at hand: a new device,
        /// or a lost one. The customer then asks for a link, and goes back to a password.
        passkey_missing_share: Share = Share::new(0.25), Assumption, "0.4 phones are lost in a year (two universities), and most passkeys are synchronised; not published";
        /// Share of customers asked for missing claims who leave the page at that.
        claims_dropout_share: Share = Share::new(0.04), Assumption, "13-20 % of sign-ins are not completed (Corbado 2026); by added field not published";
    } sections {}
}

section! {
    /// What a customer does after a failure; weights, of which only the possible ones count.
    pub struct Choice {
        /// Weight of trying again at the next own sign-in. Of the four weights only the possible choices and their
        /// ratios count; at least one must be above 0.
        later_weight: Amount = Amount::new(0.45), Assumption, "not published";
        /// Weight of contacting the help desk.
        desk_weight: Amount = Amount::new(0.25), Assumption,
            "30 % of help-desk tickets are password resets (HDI 2012), but the share of failures that become tickets is not published";
        /// Weight of signing up again as a new customer.
        sign_up_weight: Amount = Amount::new(0.15), Assumption,
            "45 % of one retailer's customers had several registrations (Spool 2009)";
        /// Weight of not trying any more.
        give_up_weight: Amount = Amount::new(0.15), Assumption, "not published";
        /// How long somebody who has stopped trying leaves it at that. Then their own sign-ins begin again, the desk included.
        absence: Delay = Delay::new(504.0, 1.2), Assumption, "three weeks, nine in ten within three days and five months: of eBay's active buyers .33 were back one week after a forced reset and .85 after eight (2014); by itself not published";
        /// Share of contacts made by phone. If the phone is never open, they are written.
        by_phone_share: Share = Share::new(0.70), Assumption, "differs by country and company";
        /// Share of contacts made by chat; the rest write. With `journey.choice.by_phone_share` at most 1. If nobody
        /// ever takes chats, they are written.
        by_chat_share: Share = Share::new(0.0), Setting, "no chat unless the scenario offers one";
        /// Time from the failure to the contact.
        contact_delay: Delay = Delay::new(0.15, 1.2), Assumption, "most people call at once, some the next day";
        /// Mean time after opening at which customers call who found the desk closed (exponential).
        opening_spread_h: Positive = Positive::new(2.0), Assumption, "not published";
        /// Of customers who found the desk closed, share that does not call when it opens.
        opening_dropout_share: Share = Share::new(0.2), Assumption, "not published";
        /// Of customers who have signed up again, share that misses the old account: orders, points, a contract.
        history_missed_share: Share = Share::new(0.5), Assumption, "not published";
        /// Time from the new sign-up until the old account is missed.
        history_missed_delay: Delay = Delay::new(120.0, 1.5), Assumption, "five days; not published";
        /// Of customers who meet an empty account where theirs should be, share that contacts the desk; the others leave over
        /// it or start anew.
        empty_contacts_share: Share = Share::new(0.5), Assumption, "not published";
        /// Share of callers who hung up and call again.
        redial_share: Share = Share::new(0.55), Assumption, "not published";
        /// Time from abandoning to calling again.
        redial_delay: Delay = Delay::new(0.7, 1.0), Assumption, "not published";
        /// Further calls after having hung up, at most. A call that is answered starts the count anew.
        redial_limit: Whole<0, 50> = Whole::new(3), Assumption, "not published";
        /// Of social-only customers who are asked for a password they never had, share that presses the social button
        /// and so starts a new account.
        social_sign_up_share: Share = Share::new(0.35), Assumption, "not published";
        /// Share of links to a shared mailbox that another member takes for their own.
        shared_mistake_share: Share = Share::new(0.04), Assumption,
            "7.4 % of patient-portal messages were written by somebody else in the patient's account (doi 10.1089/tmj.2019.0208)";
    } sections {}
}

section! {
    /// Frustration is counted in points; each point adds to the hazard of leaving.
    pub struct Frustration {
        /// For a failed or refused sign-in.
        failure_points: Amount = Amount::new(1.0), Setting, "the unit of frustration";
        /// For a link found expired.
        expired_points: Amount = Amount::new(1.0), Assumption, "like a failed sign-in";
        /// For a minute on hold, up to `hold_most_min` of each contact.
        hold_minute_points: Amount = Amount::new(0.15), Assumption, "seven minutes on hold weigh as much as a failed sign-in";
        /// Minutes of a wait that count as being on hold, at most, for each contact.
        hold_most_min: Amount = Amount::new(60.0), Assumption, "days in an inbox do not burn like minutes on the line; not published";
        /// For being turned away by the desk or the review team.
        refused_points: Amount = Amount::new(3.0), Assumption, "told to write a letter";
        /// For learning that somebody else has used the account.
        takeover_points: Amount = Amount::new(15.0), Measured,
            "3 points more leave within 6 months although refunded (Telang and Somanchi), 21 % never return (Twitter 2013, CCS 2014): with the hazard per point 7 %";
        /// For learning that another person has seen the account, or for having seen theirs.
        wrong_link_points: Amount = Amount::new(15.0), Assumption, "like a takeover";
        /// For finding an empty account.
        empty_points: Amount = Amount::new(3.0), Assumption, "like being turned away";
        /// Hazard of leaving per point at an attachment of 1: after one point the chance to leave is 1 - exp(-this).
        leaving_per_point: Amount = Amount::new(0.005), Measured,
            "1.6 % of those locked out left (TSB 2018), at about three failures each; activity fell by at most 3 % after eBay's reset (2014); stated intentions are ten times as high";
        /// Hazard of leaving without any migration.
        attrition_per_year: Amount = Amount::new(0.10), Assumption, "set this to your own";
    } sections {}
}
