//! Policy: an ordered list of rules over the record; the first that matches decides. Policies never see the truth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::treatment::Treatment;
use crate::terms::record::{Method, OnRecord, Provider, Record, Status};
use crate::values::{Amount, Between, Finite};

/// One rule of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// What the rule is about, in a few words; shown in reports and stories.
    pub name: String,
    /// Conditions on the record; all must hold. The last rule has none, so that every account is given something.
    #[serde(default)]
    pub when: When,
    /// What a matching account is given.
    pub treat: Treatment,
}

/// Conditions on the record of an account; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct When {
    /// The account is in one of these segments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segment: Vec<String>,
    /// How the customer signs in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub method: Vec<Method>,
    /// The social provider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider: Vec<Provider>,
    /// Status of the legacy account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Status>,
    /// The provider's subject id is on record and portable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_portable: Option<bool>,
    /// There is a password whose hash the target can import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash_portable: Option<bool>,
    /// There is an e-mail address on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<bool>,
    /// The e-mail address was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Another account has the same e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_shared: Option<bool>,
    /// There is a phone number on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<bool>,
    /// Another account has the same phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_shared: Option<bool>,
    /// A second factor is enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa: Option<bool>,
    /// Name and date of birth are on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,
    /// The e-mail address already exists in the target directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_target: Option<bool>,
    /// The password is known to be in a leak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leak_known: Option<bool>,
    /// Days since the last sign-in (since creation if there was none).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_days: Option<Between>,
    /// Days since the e-mail address was last verified; if it never was, since the account was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_days: Option<Between>,
    /// Account age in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<Between>,
    /// Risk score, from the scorecard of the strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<Between>,
    /// Confidence that the account and the one in the target directory are one person; 0 if there is none there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_confidence: Option<Between>,
}

/// Points of the risk score: additive over record fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Scorecard {
    /// There is an e-mail address and it was never verified.
    pub unverified: Amount,
    /// The e-mail address or the phone number is shared with another account.
    pub shared_contact: Amount,
    /// The password is known to be in a leak.
    pub leak_known: Amount,
    /// No phone number on record.
    pub no_phone: Amount,
    /// The record is incomplete.
    pub incomplete: Amount,
    /// Per year since the e-mail address was last verified.
    pub verified_per_year: Amount,
    /// Per year since the last sign-in.
    pub unseen_per_year: Amount,
    /// A second factor is enrolled; usually negative.
    pub mfa: Finite,
    /// Times (1 - match confidence), if the e-mail already exists in the target directory.
    pub weak_match: Amount,
}

impl Default for Scorecard {
    fn default() -> Self {
        Self {
            unverified: Amount::new(20.0),
            shared_contact: Amount::new(25.0),
            leak_known: Amount::new(35.0),
            no_phone: Amount::new(5.0),
            incomplete: Amount::new(5.0),
            verified_per_year: Amount::new(4.0),
            unseen_per_year: Amount::new(6.0),
            mfa: Finite::new(-20.0),
            weak_match: Amount::new(50.0),
        }
    }
}

impl Scorecard {
    /// The risk score of an account by what is on record, in points, not below 0.
    pub fn score(&self, account: &impl OnRecord) -> f64 {
        let (record, history) = (account.record(), account.history());
        let flag = |on: bool, points: f64| if on { points } else { 0.0 };
        let score = flag(record.email && !record.email_verified, self.unverified.get())
            + flag(record.email_shared || record.phone_shared, self.shared_contact.get())
            + flag(record.leak_known, self.leak_known.get())
            + flag(!record.phone, self.no_phone.get())
            + flag(!record.complete, self.incomplete.get())
            + f64::from(history.verified_days) / 365.25 * self.verified_per_year.get()
            + f64::from(history.last_seen_days) / 365.25 * self.unseen_per_year.get()
            + flag(record.mfa, self.mfa.get())
            + flag(record.in_target, (1.0 - f64::from(record.match_confidence)) * self.weak_match.get());
        score.max(0.0)
    }
}

/// A rule made ready for a run: yes/no conditions as bits, lists as sets, and only the ranges that are stated.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    care: u32,
    want: u32,
    segments: u64,
    methods: u8,
    providers: u8,
    statuses: u8,
    ranges: Vec<(Field, Between)>,
    pub treat: Treatment,
}

/// A numeric record field that a rule can range over.
#[derive(Clone, Copy, Debug)]
enum Field {
    LastSeen,
    Verified,
    Age,
    Risk,
    Confidence,
}

impl Compiled {
    /// Compiles a rule; `segments` are the names of the population's segments in order.
    pub fn new(rule: &Rule, segments: &[String]) -> Self {
        let when = &rule.when;
        let (mut care, mut want) = (0, 0);
        let flags = [
            (when.subject_portable, Record::SUBJECT_PORTABLE),
            (when.hash_portable, Record::HASH_PORTABLE),
            (when.email, Record::EMAIL),
            (when.email_verified, Record::EMAIL_VERIFIED),
            (when.email_shared, Record::EMAIL_SHARED),
            (when.phone, Record::PHONE),
            (when.phone_shared, Record::PHONE_SHARED),
            (when.mfa, Record::MFA),
            (when.complete, Record::COMPLETE),
            (when.in_target, Record::IN_TARGET),
            (when.leak_known, Record::LEAK_KNOWN),
        ];
        for (condition, bit) in flags {
            if let Some(wanted) = condition {
                care |= bit;
                want |= if wanted { bit } else { 0 };
            }
        }
        let ranges = [
            (when.last_seen_days, Field::LastSeen),
            (when.verified_days, Field::Verified),
            (when.age_days, Field::Age),
            (when.risk, Field::Risk),
            (when.match_confidence, Field::Confidence),
        ];
        Self {
            care,
            want,
            segments: set(when.segment.iter().filter_map(|name| segments.iter().position(|s| s == name))),
            methods: set(when.method.iter().map(|&method| method as usize)) as u8,
            providers: set(when.provider.iter().map(|&provider| provider as usize)) as u8,
            statuses: set(when.status.iter().map(|&status| status as usize)) as u8,
            ranges: ranges.into_iter().filter_map(|(range, field)| range.map(|range| (field, range))).collect(),
            treat: rule.treat,
        }
    }

    /// Whether the rule matches the record of an account with this risk score.
    #[inline]
    pub fn matches(&self, account: &impl OnRecord, bits: u32, risk: f64) -> bool {
        let record = account.record();
        bits & self.care == self.want
            && (self.segments == 0 || self.segments >> record.segment & 1 == 1)
            && (self.methods == 0 || self.methods >> record.method as u8 & 1 == 1)
            && (self.providers == 0 || self.providers >> record.provider as u8 & 1 == 1)
            && (self.statuses == 0 || self.statuses >> record.status as u8 & 1 == 1)
            && self.ranges.iter().all(|(field, range)| {
                range.holds(match field {
                    Field::LastSeen => f64::from(account.history().last_seen_days),
                    Field::Verified => f64::from(account.history().verified_days),
                    Field::Age => f64::from(account.history().age_days),
                    Field::Risk => risk,
                    Field::Confidence => f64::from(record.match_confidence),
                })
            })
    }
}

/// A set of small numbers as bits; the empty set means that the condition was left out.
fn set(members: impl Iterator<Item = usize>) -> u64 {
    members.fold(0, |set, member| set | 1 << member)
}
