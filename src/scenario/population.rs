//! `[population]`: who the customers are and what the organisation has on record about them.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use crate::values::{Amount, Finite, Positive, Power, Share, Weekly, Whole};

section! {
    /// The customers: how many, how they are mixed, and the edge cases among them.
    pub struct Population {
        /// Number of legacy accounts, exactly. With a directory export it is the number of rows read, whatever is
        /// written here.
        accounts: Whole<0, 1_000_000_000> = Whole::new(100_000), Setting, "";
        /// Age of the oldest possible account.
        oldest_years: Positive = Positive::new(12.0), Assumption,
            "a directory that has grown for about a decade";
        /// Mean account age before it is cut off at `oldest_years` (exponential: young accounts are more common).
        mean_age_years: Positive = Positive::new(5.0), Assumption, "steady growth over the life of the directory";
        /// Share of customers who act on campaign mail, sooner or later. The others never do: they move at their own next
        /// sign-in, or not at all. It is not the share that moves.
        responds_share: Share = Share::new(0.20), Measured,
            "what mail adds to own sign-ins where 46 % had a new password in all, after 26.3 days on average (LinkedIn 2016, n=249, CHI 2017, doi 10.1145/3025453.3025788) and 13 % in three months where nobody was locked out (n=63, arXiv 2010.09853): docs/validation.md";
        /// Divides the hazard of leaving: a customer attached twice as strongly leaves half as easily.
        attachment: Positive = Positive::new(1.0), Assumption, "1 is the customer for whom the hazards are stated";
        /// What keeping this customer for a year is worth. A customer who leaves costs this much. Accounts that share a contact
        /// point are one customer: a household, a company, one person twice.
        worth_cents: Whole<0, 100_000_000> = Whole::new(5_000), Assumption, "set this to your own margin per customer";
        /// How fast mailboxes go stale with account age: as 1 - exp(-this x years). It moves dead and recycled
        /// mailboxes towards old accounts and does not change how many there are. 0: age does not matter.
        mail_decay_per_year: Amount = Amount::new(0.23), Vendor,
            "23 % of addresses decayed in 2025, 28 % in 2024 (ZeroBounce, 11 bn addresses, of lists that were sent in for cleaning)";
        /// How fast phone numbers change hands since they were last verified: as 1 - exp(-this x years). It moves recycled
        /// phones towards numbers that nobody has verified for long and does not change how many there are.
        phone_decay_per_year: Amount = Amount::new(0.057), Measured, "35 M of 616 M US numbers are reassigned in a year (FCC, computed)";
        /// Of the sign-ins of a person with two accounts, share that goes to the first; the second has the rest.
        main_account_share: Share = Share::new(0.85), Assumption, "one of the two is used for almost everything; not published";
        /// Segments of customers, at most 32; one segment named `all` if left out.
        segments: Vec<Segment> = Vec::new(), Setting, "";
        /// Time zones of the customers, at most 200; all in the desk's own zone if left out.
        time_zones: Vec<TimeZone> = Vec::new(), Setting, "";
        /// When in the week people sign in, in the customer's local time: a relative weight per hour. At least one hour
        /// needs a weight above 0.
        sign_in_hours: Weekly<Amount> = Weekly::Always(Amount::new(1.0)), Assumption,
            "flat unless the scenario knows better";
        /// Read the accounts from a real directory export instead of generating them.
        directory: Option<Directory> = None, Setting, "";
    } sections {
        /// How often customers sign in.
        sign_ins: SignIns;
        /// Edge cases, as shares of all accounts unless stated otherwise.
        shares: Shares;
        /// Social sign-in providers.
        providers: Providers;
        /// How many accounts share a contact point.
        unit_sizes: UnitSizes;
        /// What grows with account age, and how fast.
        ageing: Ageing;
        /// How sure a match with an account in the target is.
        matching: Matching;
        /// What is wrong behind an account and stands on no record.
        trouble: Trouble;
    }
}

section! {
    /// Sign-in habit: each account has its own Poisson rate per day, drawn from a gamma distribution, so that a share
    /// `1 - (rate_days / (rate_days + t))^shape` has signed in at least once by day `t`.
    pub struct SignIns {
        /// Shape r of the gamma distribution. Small: a few regulars and a long tail. With `rate_days` and
        /// `horizon_days` it may make at most 2,000,000 sign-ins of the busiest customers.
        shape: Positive = Positive::new(0.176), Assumption,
            "fitted to 25 % of accounts seen in 30 days and 50 % in a year; 58 % of loyalty memberships are inactive (COLLOQUY 2015)";
        /// Rate b of the gamma distribution. The mean frequency is r / b sign-ins a day.
        rate_days: Positive = Positive::new(7.27), Assumption,
            "fitted with the shape to 25 % seen in 30 days and 50 % in a year";
    } sections {}
}

impl SignIns {
    /// Mean sign-ins a day.
    pub fn mean_per_day(&self) -> f64 {
        self.shape.get() / self.rate_days.get()
    }

    /// Sign-ins a day of the busiest of a billion customers, about.
    pub fn most_per_day(&self) -> f64 {
        let shape = self.shape.get();
        (shape + 6.0 * shape.sqrt() + 25.0) / self.rate_days.get()
    }
}

section! {
    /// Edge cases. Every share is met exactly, to the nearest account, in the whole and in each segment; but for
    /// `stays_signed_in` and `alias_of_duplicates`, which are met on average.
    pub struct Shares {
        /// Accounts in households whose members share one mailbox.
        household: Share = Share::new(0.06), Assumption,
            "27 % of US couples share an e-mail account (Pew 2014); the share of accounts is not published";
        /// Accounts behind a shared role mailbox of a business (info@, orders@).
        business_mailbox: Share = Share::new(0.01), Assumption, "not published";
        /// Accounts in households that share one phone but not the mailbox.
        shared_phone: Share = Share::new(0.02), Assumption, "not published";
        /// Accounts that belong to a person with two legacy accounts on one e-mail.
        duplicate: Share = Share::new(0.05), Measured,
            "duplicates 5 % (700,000 records of one group), 8 % (ECRI), 10 % (AHIMA) in health care; 4-11 % of users (Facebook 10-K)";
        /// Accounts that sign in through a social provider and have no password.
        social_only: Share = Share::new(0.12), Assumption, "share of social sign-ins is not published";
        /// Accounts with a social identity and a password.
        social_and_password: Share = Share::new(0.06), Assumption, "share of social sign-ins is not published";
        /// Accounts that sign in through their organisation (a business domain with an identity provider of its own) and
        /// have no password.
        organisation_only: Share = Share::new(0.0), Setting, "consumers have none; set it where business customers bring their own sign-in";
        /// Accounts without an e-mail address on record.
        no_email: Share = Share::new(0.02), Assumption,
            "depends on the directory; in one hospital 96 % had none (JMIR 2021;23:e13992)";
        /// Accounts whose mailbox no longer exists: mail bounces.
        dead_mailbox: Share = Share::new(0.08), Assumption,
            "hard bounces are 0.2-0.9 % on maintained lists (Mailchimp); 19-24 % of addresses sent in for cleaning are invalid (ZeroBounce 2025, Prospeo 2026)";
        /// Accounts whose mailbox is somebody else's by now.
        recycled_mailbox: Share = Share::new(0.005), Assumption,
            "Yahoo has recycled addresses since 2013; the rate is not published";
        /// Accounts whose e-mail address was never verified. Only accounts with an address can be among them.
        unverified_email: Share = Share::new(0.15), Assumption, "3.8 % (FreshPorts), 17 % (one service), 30 % (Firefox Accounts) were never verified: depends on the directory";
        /// Accounts without a phone number on record.
        no_phone: Share = Share::new(0.45), Assumption, "depends on the directory; 8 % where it was asked for (WhatClinic 2009)";
        /// Accounts whose phone number is out of service: codes do not arrive.
        dead_phone: Share = Share::new(0.05), Assumption, "not published";
        /// Accounts whose phone number is somebody else's by now: codes do not reach the customer.
        recycled_phone: Share = Share::new(0.02), Measured,
            "66 % of 259 recycled US numbers on offer were still tied to accounts (Princeton 2021); the share of accounts is our estimate";
        /// Accounts of which neither mailbox nor phone reaches the customer. They are counted in the mailbox and phone
        /// shares as well, not added to them.
        no_living_channel: Share = Share::new(0.06), Assumption, "dead mailboxes and missing phones overlap in old accounts";
        /// Accounts with an incomplete record (name or date of birth missing).
        incomplete: Share = Share::new(0.10), Assumption, "depends on the directory";
        /// Accounts whose e-mail already exists in the target directory. Only accounts with an e-mail address that no
        /// other account shares can be among them.
        in_target: Share = Share::new(0.02), Assumption, "an earlier acquisition or pilot";
        /// Of the accounts already in the target, share that is the same person there.
        in_target_same_person: Share = Share::new(0.90), Assumption, "the rest are recycled or shared addresses";
        /// Of the people with two accounts, share whose addresses are spellings of one mailbox (a plus sign, dots).
        alias_of_duplicates: Share = Share::new(0.05), Assumption, "0.03 % of 153 M addresses have a plus sign (Adobe leak); among duplicates not published";
        /// Customers whose app keeps them signed in, and who type their password only when it does not.
        stays_signed_in: Share = Share::new(0.30), Assumption, "refresh tokens live 30 days (Cognito) to a year (Auth0); the share of customers in apps is yours";
        /// Accounts with a second factor enrolled.
        mfa: Share = Share::new(0.025), Measured, "2.3 % of active accounts where it is voluntary (Twitter 2020)";
        /// Accounts locked by the organisation; recovery unlocks them.
        locked: Share = Share::new(0.01), Assumption, "depends on the directory";
        /// Accounts disabled by the organisation; only a person can enable them.
        disabled: Share = Share::new(0.005), Assumption, "depends on the directory";
        /// Accounts whose present password is in a leak. Only accounts with a password can be among them.
        leaked: Share = Share::new(0.015), Measured,
            "1.5 % of web sign-ins use breached credentials (Thomas et al., USENIX 2019, 21 M sign-ins)";
        /// Of the leaked passwords, share the organisation knows of from a breach corpus.
        leak_known: Share = Share::new(0.60), Assumption, "breach corpora are incomplete";
        /// Accounts with a password whose hash the target cannot import. Only accounts with a password can be among
        /// them.
        nonportable_hash: Share = Share::new(0.30), Assumption, "old accounts carry old hashes";
    } sections {}
}

section! {
    /// Social providers: their split among social identities, and whether the provider's subject id can be carried
    /// over to the new platform.
    pub struct Providers {
        /// Weight of Google among social identities. Only the ratios of the four weights count; at least one must be
        /// above 0.
        google_weight: Amount = Amount::new(0.60), Vendor, "about 75 % of social sign-ins (Clerk 2025-26, apps of small developers); 38.9 % (LoginRadius 2022, North America)";
        /// Weight of Apple.
        apple_weight: Amount = Amount::new(0.15), Assumption, "not published";
        /// Weight of Facebook.
        facebook_weight: Amount = Amount::new(0.18), Assumption, "what Google leaves; 38.7 % (LoginRadius 2022, North America)";
        /// Weight of Microsoft.
        microsoft_weight: Amount = Amount::new(0.07), Assumption, "not published";
        /// Share of Google identities whose subject id is on record and portable.
        google_portable: Share = Share::new(0.95), Assumption, "the subject id is the same for every client";
        /// Share of Apple identities with a portable subject id.
        apple_portable: Share = Share::new(0.50), Assumption, "subject ids belong to the developer team";
        /// Share of Facebook identities with a portable subject id.
        facebook_portable: Share = Share::new(0.50), Assumption, "ids are scoped to the app";
        /// Share of Microsoft identities with a portable subject id.
        microsoft_portable: Share = Share::new(0.30), Assumption, "subject ids are pairwise by client";
        /// Share of Apple identities without a portable subject id that stand behind a private relay address, which
        /// matches no other e-mail.
        apple_relay_share: Share = Share::new(0.40), Assumption, "not published";
        /// Share of other social identities without a portable subject id whose e-mail differs from the one on record.
        email_differs_share: Share = Share::new(0.10), Assumption, "not published";
    } sections {}
}

section! {
    /// How many accounts share a contact point: shares of the accounts in households or business mailboxes. Accounts that
    /// share only a phone, and those of one person, come in pairs.
    pub struct UnitSizes {
        /// Of the accounts in households that share a mailbox, share in households of four.
        household_fours_share: Share = Share::new(0.20), Assumption, "not published; most shared mailboxes are a couple's";
        /// Of the accounts in households that share a mailbox, share in households of three; the rest are pairs.
        household_threes_share: Share = Share::new(0.25), Assumption, "not published; most shared mailboxes are a couple's";
        /// Of the accounts behind business mailboxes, share behind mailboxes of twelve.
        business_twelves_share: Share = Share::new(0.30), Assumption, "not published";
        /// Of the accounts behind business mailboxes, share behind mailboxes of six; the rest are threes.
        business_sixes_share: Share = Share::new(0.40), Assumption, "not published";
    } sections {}
}

section! {
    /// What grows with account age, and how fast. It says which accounts have an attribute and does not change how many.
    pub struct Ageing {
        /// Bad phones, leaked passwords, incomplete records and unverified addresses grow as account age plus this: the
        /// larger it is, the less age matters.
        young_years: Positive = Positive::new(0.5), Assumption, "nearly in proportion to age, and not nothing at the start";
        /// Hashes that cannot be imported grow as account age to `hash_power` plus this.
        hash_young: Positive = Positive::new(0.1), Assumption, "nearly all new hashes can be imported";
        /// The power of account age with which hashes that cannot be imported grow.
        hash_power: Power = Power::new(2.0), Assumption, "hash methods are replaced once in several years: old accounts carry old ones";
        /// How long before the last sign-in a verified address was verified: a part of the time since creation, which is a
        /// uniform number to this power. 0: at creation; the larger, the later.
        verified_power: Power = Power::new(2.0), Assumption, "addresses are verified anew when something is changed; not published";
    } sections {}
}

section! {
    /// How sure it is that an account and the one with its e-mail in the target directory are one person. Match confidence is
    /// calibrated: of the pairs with confidence c, a share c is one person, but for look-alikes and incomplete records.
    pub struct Matching {
        /// Of accounts in the target that are another person's, share that agrees as well as if it were the same: relatives of
        /// one name, a son at his father's address. The larger, the less match confidence is worth; 1: it tells nothing.
        lookalike_share: Share = Share::new(0.0045), Measured,
            "4-5 wrong links in 10,000 of a good matcher (Grannis et al. 2022), at the share of other people among matches here";
        /// Match confidence of an incomplete record is multiplied by this.
        incomplete_factor: Share = Share::new(0.8), Assumption, "without name or birth date there is less to agree in";
    } sections {}
}

/// A segment of customers. What it leaves out is taken from the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    /// Name, used in results and in policy rules.
    pub name: String,
    /// Share of all accounts. The shares of all segments sum to 1.
    pub share: Share,
    /// Sign-in habit of this segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_ins: Option<SignIns>,
    /// Mean account age in this segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_age_years: Option<Positive>,
    /// Share of this segment that acts on campaign mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responds_share: Option<Share>,
    /// Divides the hazard of leaving in this segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Positive>,
    /// Worth of a kept customer of this segment for a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth_cents: Option<Whole<0, 100_000_000>>,
    /// Edge-case shares of this segment; those left out are the population's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<Shares>,
}

/// Customers in one time zone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeZone {
    /// Hours ahead of the desk's own zone, -24 to 24; negative: behind.
    pub offset_h: Finite,
    /// Share of accounts. The shares of all time zones sum to 1.
    pub share: Share,
}

/// A directory export to read the accounts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Directory {
    /// The CSV file, relative to the scenario file.
    pub file: PathBuf,
    /// Which column holds what.
    pub columns: Columns,
    /// Hash of the CSV file. `cutover validate --json` prints it. Where it is given, a file with another hash is
    /// refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// An e-mail address or phone number on more accounts than this is a placeholder (0000000, none@none.example) and
    /// is not believed.
    #[serde(default = "placeholder_default")]
    pub placeholder_above: Whole<2, 12>,
    /// When the export was made: ages are counted up to here. The start of the scenario if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exported: Option<crate::values::Start>,
}

const fn placeholder_default() -> Whole<2, 12> {
    Whole::new(12)
}

/// Column names of a CSV export. What has no column is imputed from the shares of the population, and said so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Columns {
    /// E-mail address. This column must be given: accounts are grouped by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the e-mail is verified (true/false, 1/0, yes/no).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Date of creation (ISO 8601, or epoch seconds or milliseconds).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Date of the last sign-in (ISO 8601, or epoch seconds or milliseconds).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sign_in: Option<String>,
    /// Social provider (google, apple, facebook, microsoft; empty for none).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Kind of password hash (bcrypt, pbkdf2, ...; empty for no password).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Whether a second factor is enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<String>,
    /// Status (active, locked, disabled).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Segment name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Family name: two accounts on one e-mail with the same names are one person twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
}
