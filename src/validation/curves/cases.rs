//! Cases: what was published about how people behave when their password does, and the scenario that goes with it.

use crate::measure::statistics::wilson;

/// A group of people of whom something was published.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Name; the scenario is `scenarios/calibration/<name>.toml`.
    pub id: &'static str,
    /// Who they were, for headings.
    pub title: &'static str,
    /// Where the figures come from.
    pub source: &'static str,
    /// What only this population states.
    pub states: &'static str,
    /// Text of the scenario.
    pub text: &'static str,
    /// Whether only accounts count whose owner shows up before the horizon.
    pub active_only: bool,
    /// What was published.
    pub published: &'static [Published],
    /// Why the model misses what it misses; empty if it misses nothing.
    pub misses: &'static str,
}

/// One published figure.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    /// What it is.
    pub what: &'static str,
    /// What of the model it is held against.
    pub of: Of,
    /// Its value.
    pub value: f64,
    /// How well it is known.
    pub known: Known,
}

/// What of the model a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Of {
    /// Share with a new password so many days after the rollout.
    NewPassword(f64),
    /// Mean days until the new password, of those who have one at the horizon.
    DelayDays,
    /// Share who have contacted the desk within so many days.
    Contact(f64),
    /// Contacts for each account in this hour of simulated time.
    ContactsInHour(usize),
    /// Share who have left by the horizon, beyond those who leave anyway.
    LeftBeyond,
    /// Share of accounts that somebody has broken into within so many days.
    TakenOver(f64),
}

/// How well a figure is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// A share of so many people, drawn by chance: Wilson's interval.
    Of(u32),
    /// A mean over so many people, of delays that vary as much as exponential ones.
    Mean(u32),
    /// The range in which it was published, or may lie.
    Within(f64, f64),
}

/// z of a 95 % interval.
const Z: f64 = 1.959_964;

impl Published {
    /// The 95 % sampling interval, or the stated range.
    pub fn range(&self) -> (f64, f64) {
        match self.known {
            Known::Within(low, high) => (low, high),
            Known::Mean(n) => {
                let half = Z * self.value / f64::from(n).sqrt();
                (self.value - half, self.value + half)
            }
            Known::Of(n) => wilson(self.value, f64::from(n)).into(),
        }
    }
}

/// Days of a month.
const MONTH: f64 = 365.0 / 12.0;

const fn of(what: &'static str, of: Of, value: f64, known: Known) -> Published {
    Published { what, of, value, known }
}

/// The cases.
pub const CASES: [Case; 5] = [
    Case {
        id: "linkedin-2016",
        title: "Locked out and mailed (LinkedIn 2016)",
        source: "Huh et al., CHI 2017, doi 10.1145/3025453.3025788: 249 people who had received the mail",
        states: "everybody received the mail; nothing but the password changes; horizon four months",
        text: include_str!("../../../scenarios/calibration/linkedin-2016.toml"),
        active_only: false,
        published: &[
            of("new password in the end", Of::NewPassword(120.0), 0.46, Known::Of(249)),
            of("mean delay, days", Of::DelayDays, 26.3, Known::Mean(115)),
        ],
        misses: "",
    },
    Case {
        id: "cmu-2020",
        title: "Asked and not locked out (nine breached services)",
        source: "Bhagavatula et al. 2020, arXiv 2010.09853: 63 people whose password was seen in use; the first two counts \
                 repeated by others",
        states: "everybody received the notice, and only who shows up counts; nothing but the password changes; horizon a \
                 year, about half of the time of watching",
        text: include_str!("../../../scenarios/calibration/cmu-2020.toml"),
        active_only: true,
        published: &[
            of("new password within a month", Of::NewPassword(MONTH), 2.0 / 63.0, Known::Of(63)),
            of("within two months", Of::NewPassword(2.0 * MONTH), 5.0 / 63.0, Known::Of(63)),
            of("within three months", Of::NewPassword(3.0 * MONTH), 8.0 / 63.0, Known::Of(63)),
            of("ever, while watched", Of::NewPassword(365.0), 21.0 / 63.0, Known::Of(63)),
        ],
        misses: "",
    },
    Case {
        id: "ebay-2014",
        title: "Active, forced at the next sign-in and mailed (eBay 2014)",
        source: "eBay's announcements and call on its second quarter, July 2014: 145 million accounts, rounded figures; 80 to \
                 85 % after eight weeks as others heard it",
        states: "the habit of people who have bought, bid or listed within the year; it is not published, and fitted to the two points",
        text: include_str!("../../../scenarios/calibration/ebay-2014.toml"),
        active_only: false,
        published: &[
            of("new password after a week", Of::NewPassword(7.0), 0.33, Known::Within(0.30, 0.36)),
            of("after eight weeks", Of::NewPassword(56.0), 0.85, Known::Within(0.80, 0.87)),
            of("lasting loss of activity", Of::LeftBeyond, 0.03, Known::Within(0.0, 0.03)),
        ],
        misses: "",
    },
    Case {
        id: "idaho-2023",
        title: "Changed unannounced at a university (Idaho State 2023)",
        source: "isu.edu, news of 10 April 2023: 11,122 people; 131 calls in the first hour, 1,272 people helped by Wednesday",
        states: "use on every working day; the desk; nobody can sign up anew or do without",
        text: include_str!("../../../scenarios/calibration/idaho-2023.toml"),
        active_only: false,
        published: &[
            of("at the desk within 4.5 days", Of::Contact(4.5), 1272.0 / 11_122.0, Known::Of(11_122)),
            of("calls in the first full hour, by user", Of::ContactsInHour(1), 131.0 / 11_122.0, Known::Of(11_122)),
        ],
        misses: "The first hour has a quarter of the calls. Customers of the model find out at their next own sign-in. At the \
                 university every telephone and mail program that was signed in said so at once, and 112 of the 131 calls \
                 met an answering machine, so that some of them are second tries. No default can mend that without people \
                 at the desk who were not there by Wednesday: the peak of the first hour after an unannounced change is \
                 understated, the load of the days is not.",
    },
    Case {
        id: "stay-year",
        title: "A year in which nothing is migrated",
        source: "Bursztein et al., IMC 2014 (Google, 0.33 % a year); Roku 2024 (0.74 %); 23andMe 2023 (0.1 %)",
        states: "nothing",
        text: include_str!("../../../scenarios/calibration/stay-year.toml"),
        active_only: false,
        published: &[of(
            "taken over within a year",
            Of::TakenOver(365.0),
            0.0033,
            Known::Within(0.001, 0.0075),
        )],
        misses: "",
    },
];
