//! Cases: desks in steady state for which theory has an exact answer, and a few for which it has an approximate one.
//!
//! The first six have their answers written down, from 40-digit arithmetic by two independent routes (birth-death
//! equations and the formulas); the answers of the others come from [`erlang`], which is tested against the same figures.

use super::law::Law;
use super::verdict::Statistic;
use crate::desk::erlang::{self, Stationary, Within};

/// A desk with constant arrivals and a constant number of agents.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name in tables.
    pub id: &'static str,
    /// The queue in Kendall's notation.
    pub model: &'static str,
    /// Agents.
    pub agents: u32,
    /// Chats that an agent holds at once; 1 for calls.
    pub chats: u32,
    /// Arrivals per hour.
    pub per_hour: f64,
    /// Handle time.
    pub handle: Law,
    /// Patience.
    pub patience: Law,
    /// What theory says.
    pub known: Vec<(Statistic, f64)>,
    /// Whether theory is exact here.
    pub exact: bool,
    /// Contacts in the window of one replication, about.
    pub contacts: f64,
}

/// Contacts in the window of one replication, unless a case needs more.
const CONTACTS: f64 = 150_000.0;

impl Case {
    fn calls(id: &'static str, model: &'static str, agents: u32, per_hour: f64, handle: Law, patience: Law) -> Self {
        Self {
            id,
            model,
            agents,
            chats: 1,
            per_hour,
            handle,
            patience,
            known: Vec::new(),
            exact: true,
            contacts: CONTACTS,
        }
    }

    /// Places in which contacts are served.
    pub fn servers(&self) -> u32 {
        self.agents * self.chats
    }

    fn per_s(&self) -> f64 {
        self.per_hour / 3600.0
    }

    /// Offered load over what the agents can do.
    pub fn load(&self) -> f64 {
        self.per_s() * self.handle.mean_s() / f64::from(self.servers())
    }

    /// About how long the desk remembers its past, in seconds: the relaxation time of M/M/n, h / (n (1 - √ρ)²), but at
    /// least the handle time; with impatience the longer of handle time and patience. More varied handle times stretch
    /// it. (J. W. Cohen, "The single server queue", 1982, for one agent; E. A. van Doorn, Advances in Applied
    /// Probability 17, 1985, for many.)
    pub fn relaxation_s(&self) -> f64 {
        let handle_s = self.handle.mean_s();
        let stretched = (0.5 * (1.0 + self.handle.cv2())).max(1.0);
        match self.patience {
            Law::Endless => {
                let free = (1.0 - self.load().sqrt()).powi(2);
                handle_s.max(handle_s / (f64::from(self.servers()) * free)) * stretched
            }
            patience => handle_s.max(patience.mean_s()) * stretched,
        }
    }

    fn lasting(self, times: f64) -> Self {
        Self { contacts: self.contacts * times, ..self }
    }

    /// Shares within a thousandth of nothing or all are left out: what is rare is not normally distributed, and a
    /// t-test of it says little.
    fn knows(mut self, measure: Statistic, value: f64) -> Self {
        if measure == Statistic::MeanWait || (0.001..=0.999).contains(&value) {
            self.known.push((measure, value));
        }
        self
    }

    /// All five measures.
    fn theory(self, stationary: Stationary, within: Within) -> Self {
        let gives_up = self.patience != Law::Endless;
        let case = self.knows(Statistic::Waits, stationary.waits);
        let case = if gives_up {
            case.knows(Statistic::Abandons, stationary.abandons)
        } else {
            case
        };
        case.knows(Statistic::MeanWait, stationary.mean_wait_s)
            .knows(Statistic::Within, within.answered)
            .knows(Statistic::Occupancy, stationary.occupancy)
    }

    /// What Erlang-C, Erlang-A or M/M/n+G says.
    fn by_theory(self) -> Option<Self> {
        let (n, per_s, handle_s, patience) = (self.servers(), self.per_s(), self.handle.mean_s(), self.patience);
        let (stationary, within) = match patience {
            Law::Endless => (erlang::erlang_c(n, per_s, handle_s)?, erlang::erlang_c_within(n, per_s, handle_s, 20.0)?),
            Law::Exponential(mean) => {
                (erlang::erlang_a(n, per_s, handle_s, mean), erlang::erlang_a_within(n, per_s, handle_s, mean, 20.0))
            }
            _ => (
                erlang::general_patience(n, per_s, handle_s, |x| patience.survival(x))?,
                erlang::general_patience_within(n, per_s, handle_s, |x| patience.survival(x), 20.0)?,
            ),
        };
        Some(self.theory(stationary, within))
    }

    /// Points of the tail of the wait.
    fn with_tail(mut self, after_s: &[u32]) -> Option<Self> {
        for &after in after_s {
            let still_waits = self.still_waits(f64::from(after))?;
            self = self.knows(Statistic::StillWaits(after), still_waits);
        }
        Some(self)
    }

    /// Share that still waits after so many seconds, by Erlang-C or Erlang-A.
    pub fn still_waits(&self, after_s: f64) -> Option<f64> {
        let (n, per_s, handle_s) = (self.servers(), self.per_s(), self.handle.mean_s());
        match self.patience {
            Law::Exponential(mean) => Some(erlang::erlang_a_within(n, per_s, handle_s, mean, after_s).still_waits),
            _ => erlang::erlang_c_within(n, per_s, handle_s, after_s).map(|within| within.still_waits),
        }
    }

    /// The approximation for general handle times.
    fn approximately(self) -> Option<Self> {
        let (n, per_s, handle_s, cv2) = (self.servers(), self.per_s(), self.handle.mean_s(), self.handle.cv2());
        let stationary = match self.patience {
            Law::Endless => erlang::general_handling(n, per_s, handle_s, cv2)?,
            patience => erlang::general_handling_and_patience(n, per_s, handle_s, cv2, |x| patience.survival(x))?,
        };
        let case = Self { exact: false, ..self }
            .knows(Statistic::Waits, stationary.waits)
            .knows(Statistic::MeanWait, stationary.mean_wait_s);
        Some(match case.patience {
            Law::Endless => case,
            _ => case.knows(Statistic::Abandons, stationary.abandons),
        })
    }
}

/// A case with written answers: P(wait > 0), P(abandon), mean wait in minutes, answered within 20 s, occupancy.
fn written(case: Case, answers: [f64; 5]) -> Case {
    let [waits, abandons, wait_min, within, occupancy] = answers;
    let stationary = Stationary {
        waits,
        abandons,
        mean_wait_s: wait_min * 60.0,
        mean_wait_answered_s: 0.0,
        occupancy,
    };
    case.theory(stationary, Within { answered: within, of_answered: 0.0, still_waits: 0.0 })
}

/// The cases with written answers.
fn with_written_answers() -> Option<Vec<Case>> {
    use Law::{Endless, Exponential};
    let c = |id, n, per_hour, handle| Case::calls(id, "M/M/n", n, per_hour, Exponential(handle), Endless);
    let a = |id, n, per_hour, handle, patience| {
        Case::calls(id, "M/M/n+M", n, per_hour, Exponential(handle), Exponential(patience))
    };
    Some(vec![
        written(
            c("C1", 14, 200.0, 180.0),
            [
                0.174_131_933_595_049_83,
                0.0,
                0.130_598_950_196_287_37,
                0.888_350_019_179_466_9,
                0.714_285_714_285_714_3,
            ],
        ),
        written(
            c("C2", 50, 2880.0, 60.0).lasting(5.0),
            [
                0.694_455_611_196_834_3,
                0.0,
                0.347_227_805_598_417_15,
                0.643_454_600_803_303_5,
                0.96,
            ],
        ),
        written(
            c("C6", 27, 120.0, 720.0),
            [
                0.449_763_297_677_895_36,
                0.0,
                1.799_053_190_711_581_4,
                0.586_197_790_066_186_7,
                0.888_888_888_888_888_8,
            ],
        )
        .with_tail(&[60, 120, 240, 360, 480, 720, 960, 1200])?,
        written(
            a("A1", 14, 200.0, 180.0, 300.0),
            [
                0.145_260_114_296_361_2,
                0.013_983_744_122_408_938,
                0.069_918_720_612_044_68,
                0.916_792_091_863_546_8,
                0.704_297_325_626_850_8,
            ],
        ),
        written(
            a("A2", 50, 2880.0, 60.0, 120.0),
            [
                0.467_774_068_553_790_4,
                0.030_912_249_162_193_216,
                0.061_824_498_324_386_43,
                0.943_018_954_746_981,
                0.930_324_240_804_294_5,
            ],
        ),
        written(
            a("A6", 100, 600.0, 720.0, 600.0),
            [
                0.959_071_203_839_929_3,
                0.168_174_173_351_962_28,
                1.681_741_733_519_622_8,
                0.076_641_741_221_213_02,
                0.998_190_991_977_645_3,
            ],
        )
        .with_tail(&[20, 60, 90, 120, 150, 180, 210, 240])?,
    ])
}

/// All cases for which theory is exact.
pub fn exact() -> Option<Vec<Case>> {
    use Law::{Constant, Endless, Exponential, Lognormal, Weibull};
    let mut cases = with_written_answers()?;
    let calls = Case::calls;
    let one = |handle: Law| calls("", "", 1, 48.0, handle, Endless);
    let chats = calls("chat 3 at once", "M/M/(nk)+M", 5, 84.0, Exponential(600.0), Exponential(180.0));
    cases.extend([
        calls("one agent", "M/M/1", 1, 48.0, Exponential(60.0), Endless).by_theory()?,
        calls("200 agents", "M/M/n", 200, 2280.0, Exponential(300.0), Endless).lasting(2.0).by_theory()?,
        calls("200 impatient", "M/M/n+M", 200, 2460.0, Exponential(300.0), Exponential(180.0)).by_theory()?,
        calls("twofold overload", "M/M/n+M", 30, 720.0, Exponential(300.0), Exponential(120.0)).by_theory()?,
        calls("Weibull patience", "M/M/n+G", 20, 380.0, Exponential(200.0), Weibull(120.0, 0.6)).by_theory()?,
        calls("lognormal patience", "M/M/n+G", 20, 400.0, Exponential(200.0), Lognormal(300.0, 2.0)).by_theory()?,
        calls("constant patience", "M/M/n+D", 20, 360.0, Exponential(200.0), Constant(30.0)).by_theory()?,
        Case { chats: 3, ..chats }.by_theory()?,
    ]);
    // One agent: Pollaczek and Khinchine's formula is exact for any handle time.
    for (id, model, handle) in [
        ("lognormal handling", "M/G/1", Lognormal(60.0, 1.5)),
        ("constant handling", "M/D/1", Constant(60.0)),
    ] {
        let case = Case { id, model, ..one(handle) };
        let (load, stretch) = (case.load(), 0.5 * (1.0 + handle.cv2()));
        cases.push(
            case.knows(Statistic::Waits, load)
                .knows(Statistic::MeanWait, load / (1.0 - load) * 60.0 * stretch)
                .knows(Statistic::Occupancy, load),
        );
    }
    // Nobody bears to wait (a thousandth of a second): Erlang-B, whatever the handle time.
    let loss = calls("nobody waits", "M/G/n/n", 20, 360.0, Lognormal(180.0, 1.5), Constant(0.001));
    let lost = erlang::erlang_b(20, 18.0);
    cases.push(loss.knows(Statistic::Abandons, lost).knows(Statistic::Occupancy, 0.9 * (1.0 - lost)));
    Some(cases)
}

/// Abandonment and service level for different numbers of agents: 48 calls a minute of one minute, patience two minutes.
pub fn by_agents() -> Option<Vec<Case>> {
    let sizes = [
        (40, "40 agents"),
        (42, "42 agents"),
        (44, "44 agents"),
        (46, "46 agents"),
        (48, "48 agents"),
        (50, "50 agents"),
        (52, "52 agents"),
        (54, "54 agents"),
        (56, "56 agents"),
        (58, "58 agents"),
    ];
    let case = |(agents, id)| {
        let handle = Law::Exponential(60.0);
        let case = Case::calls(id, "M/M/n+M", agents, 2880.0, handle, Law::Exponential(120.0)).lasting(0.4);
        let mut case = case.by_theory()?;
        case.known.retain(|(measure, _)| matches!(measure, Statistic::Abandons | Statistic::Within));
        Some(case)
    };
    sizes.into_iter().map(case).collect()
}

/// Handle times for which theory is an approximation.
pub fn approximate() -> Option<Vec<Case>> {
    use Law::{Constant, Endless, Exponential, Lognormal};
    let calls = Case::calls;
    vec![
        calls("10 agents, lognormal", "M/G/n", 10, 162.0, Lognormal(200.0, 1.08), Endless),
        calls("10 agents, long tail", "M/G/n", 10, 162.0, Lognormal(200.0, 2.0), Endless),
        calls("10 agents, constant", "M/D/n", 10, 162.0, Constant(200.0), Endless),
        calls("50 agents, lognormal", "M/G/n", 50, 837.0, Lognormal(200.0, 1.08), Endless),
        calls("50 agents, constant", "M/D/n", 50, 837.0, Constant(200.0), Endless),
        calls("50 impatient, lognormal", "M/G/n+M", 50, 900.0, Lognormal(200.0, 1.08), Exponential(120.0)),
        calls("50 impatient, constant", "M/D/n+M", 50, 900.0, Constant(200.0), Exponential(120.0)),
    ]
    .into_iter()
    .map(Case::approximately)
    .collect()
}
