//! Sample: replications of what reaches the desk, as many as the answer needs.
//!
//! Baseline traffic is drawn anew for each. Contacts of journeys come from the replications that the engine has
//! simulated: each of their contacts is taken over with the chance of one in the number of those replications. For a
//! Poisson process that is exact thinning; bursts of the campaign keep their times.

use std::sync::Arc;

use crate::calendar::SimTime;
use crate::desk::baseline::{self, Arrivals};
use crate::desk::opening::OpenHours;
use crate::desk::staffing::Staffing;
use crate::desk::{Callers, Ended, NOBODY, Request};
use crate::random::{Purpose, Seed};
use crate::scenario::Scenario;

/// Contacts in the order of time, handed to a desk.
#[derive(Clone, Debug)]
pub struct Feed {
    contacts: Arc<[Request]>,
    next: usize,
}

impl Feed {
    /// The contacts of one replication: a sample of what `simulated` replications asked of the desk.
    pub fn sampled(simulated: &[Vec<Request>], seed: Seed) -> Self {
        let chance = 1.0 / simulated.len().max(1) as f64;
        let mut contacts: Vec<Request> = Vec::new();
        for (replication, requests) in simulated.iter().enumerate() {
            let mut luck = seed.draw(replication as u64, Purpose::Resample, 0);
            contacts.extend(requests.iter().filter(|_| chance >= 1.0 || luck.chance(chance)));
        }
        contacts.sort_by_key(|request| request.at);
        Self { contacts: contacts.into(), next: 0 }
    }

    /// The contacts.
    pub fn contacts(&self) -> &[Request] {
        &self.contacts
    }
}

impl Callers for Feed {
    #[inline]
    fn next(&self) -> SimTime {
        self.contacts.get(self.next).map_or(SimTime::NEVER, |request| request.at)
    }

    #[inline]
    fn act(&mut self, _: SimTime, requests: &mut Vec<(u64, Request)>) {
        requests.extend(self.contacts.get(self.next).map(|request| (NOBODY, *request)));
        self.next += 1;
    }

    fn hear(&mut self, _: Ended, _: &mut Vec<(u64, Request)>) {}
}

/// The contacts of a sample together with the baseline traffic of its seed, in the order of time. What comes again of
/// the baseline because it gave up or was not settled depends on the desk and is not among them.
pub fn with_baseline(scenario: &Scenario, seed: Seed, journeys: &Feed) -> Vec<Request> {
    let staffing = Staffing::new(scenario);
    let mut contacts = journeys.contacts().to_vec();
    for channel in baseline::CHANNELS {
        let open = OpenHours::new(scenario, &staffing, channel);
        let mut arrivals = Arrivals::new(scenario, seed, channel, open);
        while arrivals.next != SimTime::NEVER {
            let turned_away = arrivals.is_turned_away();
            let request = arrivals.request();
            arrivals.advance();
            contacts.extend((!turned_away).then_some(request));
        }
    }
    contacts.sort_by_key(|request| request.at);
    contacts
}
