//! Forecast: what a command will take, told before it begins.
//!
//! Memory is added up from what grows: accounts, replications times hours, contacts that wait, sign-ins. It is meant to be
//! right within a factor of two; what would not fit even at half of it is refused before anything is allocated. Time is
//! a rule of thumb, from two cores of a virtual machine.

use super::callers::MOST_WAITING;
use crate::desk::queue::Contact;
use crate::desk::staffing::Staffing;
use crate::desk::{Request, baseline, opening};
use crate::measure::counts::Series;
use crate::measure::desk::Hour;
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel, SKILLS, Skill};

/// What a command will take.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Memory, by what it is for.
    pub memory: Vec<Part>,
    /// Seconds.
    pub seconds: f64,
}

/// Memory for one purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What for, in words.
    pub what: String,
    /// Bytes.
    pub bytes: f64,
}

/// Program, threads, charts and page: what the smallest run takes.
const FIXED_BYTES: f64 = 60e6;
/// Bytes for each account under each arm: its outcome, and for one in ten or so a place before the desk and answers.
const ACCOUNT_BYTES: f64 = 2.2;
/// A queue that grows holds its contacts twice while it moves.
const GROWTH: f64 = 2.0;
/// Part of the accounts that contact the desk, or rather contacts for each account, under an arm.
const CONTACTS_PER_ACCOUNT: f64 = 0.1;
/// Units that are kept where they stand while they wait for the desk.
const KEPT_UNITS: f64 = MOST_WAITING as f64;
/// Seconds that a thread takes to walk an account under an arm.
const WALK_S: f64 = 1.3e-6;
/// Seconds that a contact takes at the desk.
const CONTACT_S: f64 = 0.4e-6;
/// Seconds that it takes to draw a sign-in.
const SIGN_IN_S: f64 = 30e-9;
/// Numbers of agents that sizing tries in an hour, all rounds and trials included.
const TRIES: f64 = 40.0;

impl Forecast {
    /// Of `cutover run`, on so many threads.
    pub fn run(scenario: &Scenario, threads: usize) -> Self {
        let scale = Scale::of(scenario);
        let mut forecast = Self { memory: Vec::new(), seconds: 0.0 };
        forecast.journeys(&scale, scale.replications);
        forecast.results(&scale);
        forecast.queues(scenario, scale.arms.min(threads as f64));
        let contacts = scale.baseline + CONTACTS_PER_ACCOUNT * scale.accounts;
        forecast.seconds += scale.replications * scale.arms * contacts * CONTACT_S;
        forecast.on(threads)
    }

    /// Of `cutover size`, on so many threads.
    pub fn size(scenario: &Scenario, threads: usize) -> Self {
        let scale = Scale::of(scenario);
        let mut forecast = Self { memory: Vec::new(), seconds: 0.0 };
        forecast.journeys(&scale, scale.replications);
        forecast.results(&scale);
        // The journeys of all replications stand before the desk, and what they asked of it is kept, twice for one arm.
        let asked = CONTACTS_PER_ACCOUNT * scale.accounts * (scale.arms + 1.0);
        forecast.add(
            scale.replications * asked * size_of::<Request>() as f64,
            format!("what the journeys of {} ask of the desk", plural(scale.replications, "replication")),
        );
        let each = scale.baseline + CONTACTS_PER_ACCOUNT * scale.accounts;
        let wanted = scenario.desk.target.sample_contacts.get() as f64;
        let samples = (wanted / each.max(1.0)).clamp(20.0, 400.0);
        let of_hours = 3.0 * scale.hours * (size_of::<f64>() + CHANNELS * 12) as f64;
        forecast.add(
            (3.0 * samples).min(400.0)
                * (of_hours + CONTACTS_PER_ACCOUNT * scale.accounts * size_of::<Request>() as f64),
            format!("{} of the desk", plural((3.0 * samples).min(400.0), "sample")),
        );
        forecast.queues(scenario, (3.0 * samples).min(400.0));
        forecast.seconds += scale.arms * TRIES * samples * (each * CONTACT_S + scale.hours * 2e-6);
        forecast.on(threads)
    }

    /// Bytes in all.
    pub fn bytes(&self) -> f64 {
        FIXED_BYTES + self.memory.iter().map(|part| part.bytes).sum::<f64>()
    }

    /// The part that takes most.
    pub fn most(&self) -> Option<&Part> {
        self.memory.iter().max_by(|a, b| a.bytes.total_cmp(&b.bytes))
    }

    fn add(&mut self, bytes: f64, what: String) {
        self.memory.push(Part { what, bytes });
    }

    fn journeys(&mut self, scale: &Scale, replications: f64) {
        let walks = scale.accounts * scale.arms;
        let accounts = plural(scale.accounts, "account");
        self.add(walks * ACCOUNT_BYTES, format!("{accounts} under {}", plural(scale.arms, "strategy")));
        let kept = KEPT_UNITS.min(CONTACTS_PER_ACCOUNT * scale.accounts).ceil();
        self.add(
            kept * scale.sign_ins * size_of::<i64>() as f64,
            format!("customers who wait, with {} each", plural(scale.sign_ins, "sign-in")),
        );
        self.seconds += replications * walks * (WALK_S + scale.sign_ins * SIGN_IN_S);
    }

    fn results(&mut self, scale: &Scale) {
        let hours = scale.replications * scale.arms * scale.hours;
        self.add(
            hours * HOUR_BYTES as f64,
            format!(
                "{} of {} hours under {}",
                plural(scale.replications, "replication"),
                number(scale.hours),
                plural(scale.arms, "strategy")
            ),
        );
        self.seconds += hours * 1e-6;
    }

    /// Those who wait at so many desks at once.
    fn queues(&mut self, scenario: &Scenario, desks: f64) {
        let waiting = waiting(scenario);
        self.add(
            desks * waiting * GROWTH * size_of::<(Contact, bool)>() as f64,
            format!("{} that wait at the desk at once", plural(waiting, "contact")),
        );
    }

    fn on(self, threads: usize) -> Self {
        Self { seconds: self.seconds / threads.max(1) as f64, ..self }
    }
}

/// What one hour of one arm takes in the results of a replication.
const HOUR_BYTES: usize = CHANNELS * size_of::<Hour>() + SKILLS * (4 + 8) + 4 * Series::ALL.len();

/// What a scenario is made of.
struct Scale {
    accounts: f64,
    arms: f64,
    replications: f64,
    hours: f64,
    /// Contacts of the baseline over the horizon.
    baseline: f64,
    /// Sign-ins of a customer over the horizon, on average, in the segment that has most.
    sign_ins: f64,
}

impl Scale {
    fn of(scenario: &Scenario) -> Self {
        let expected = |channel: Channel| baseline::expected(scenario, channel).iter().sum::<f64>();
        let habits = scenario.segments().iter().map(|segment| segment.sign_ins.mean_per_day());
        Self {
            accounts: scenario.population.accounts.get() as f64,
            arms: scenario.strategies.len() as f64 + 1.0,
            replications: scenario.replications.get() as f64,
            hours: scenario.hours() as f64,
            baseline: baseline::CHANNELS.map(expected).iter().sum(),
            sign_ins: habits.fold(0.0, f64::max) * scenario.horizon_days.get() as f64,
        }
    }
}

/// Most contacts of the baseline that wait at once: what arrives, less what agents can take if they had nothing else to
/// do, less those who lose patience. Who has lost it keeps a place until the hour ends.
fn waiting(scenario: &Scenario) -> f64 {
    let (staffing, takes) = (Staffing::new(scenario), opening::takes(scenario));
    let of_channel = |channel: Channel| {
        let takers: Vec<Skill> =
            Skill::ALL.into_iter().filter(|&skill| takes[skill as usize].contains(&channel)).collect();
        let handle_s = baseline::handle_time(scenario, channel).mean_s().max(1e-3);
        let chats = if channel == Channel::Chat {
            scenario.desk.chat.concurrency.get() as f64
        } else {
            1.0
        };
        let stays = baseline::patience(scenario, channel)
            .duration()
            .map_or(1.0, |patience| (-3600.0 / patience.mean_s().max(1e-3)).exp());
        let (mut waiting, mut most) = (0.0_f64, 0.0_f64);
        for (hour, arrive) in baseline::expected(scenario, channel).into_iter().enumerate() {
            let agents: u32 = takers.iter().map(|&skill| staffing.of(skill).in_hour(hour)).sum();
            let can_take = f64::from(agents) * chats * 3600.0 / handle_s;
            let left = (waiting + arrive - can_take).max(0.0);
            most = most.max(left);
            waiting = left * stays;
        }
        most
    };
    baseline::CHANNELS.map(of_channel).iter().sum()
}

/// A number as people write it, without digits that mean nothing.
fn number(value: f64) -> String {
    crate::numbers::grouped(value.round())
}

fn plural(count: f64, what: &str) -> String {
    match (count.round() == 1.0, what.strip_suffix('y')) {
        (true, _) => format!("1 {what}"),
        (false, Some(stem)) => format!("{} {stem}ies", number(count)),
        (false, None) => format!("{} {what}s", number(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::Loaded;

    fn forecast(sets: &[&str]) -> Forecast {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        let text = "strategies = [\"reset-only\"]\nreplications = 2\nhorizon_days = 30\npopulation.accounts = 1000\n";
        let loaded = Loaded::parse("test", text, &[], &sets).expect("a scenario");
        Forecast::run(&loaded.scenario, 2)
    }

    #[test]
    fn what_grows_is_what_is_named() {
        let small = forecast(&[]);
        assert!(small.bytes() < 100e6 && small.seconds < 1.0, "{small:?}");
        let most = |sets: &[&str]| {
            let forecast = forecast(sets);
            (forecast.most().map(|part| part.what.clone()).unwrap_or_default(), forecast.bytes())
        };
        let (what, bytes) = most(&["population.accounts=1_000_000_000"]);
        assert!(what.starts_with("1,000,000,000 accounts") && bytes > 2e9, "{what}: {bytes}");
        let (what, bytes) = most(&["replications=1000", "horizon_days=36_500"]);
        assert!(what.starts_with("1,000 replications of 876,000 hours under 2 strategies") && bytes > 1e12, "{what}");
        let (what, bytes) = most(&["desk.baseline.phone_per_hour=1e8", "desk.phone.patience=\"endless\""]);
        assert!(what.contains("wait at the desk") && bytes > 1e12, "{what}: {bytes}");
    }

    /// Agents enough, and nobody waits; patience, and nobody waits for long.
    #[test]
    fn a_desk_that_keeps_up_needs_no_memory() {
        let waiting = |sets: &[&str]| forecast(sets).memory.last().map_or(0.0, |part| part.bytes);
        let busy = [
            "desk.baseline.phone_per_hour=100_000",
            "desk.tier1.agents=1",
            "desk.phone.patience=\"endless\"",
        ];
        let endless = waiting(&busy);
        assert!(endless > 0.99 * 30.0 * 24.0 * 100_000.0 * 64.0, "{endless}");
        let patient = waiting(&[&busy[..2], &["desk.phone.patience={exponential={mean_s=60}}"]].concat());
        assert!((100_000.0 * 64.0..1e9).contains(&patient), "one hour: {patient}");
        let staffed = waiting(&["desk.baseline.phone_per_hour=100_000", "desk.tier1.agents=100_000"]);
        assert!(staffed < 1e6, "{staffed}");
    }
}
