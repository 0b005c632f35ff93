//! Figures: counts and times of requests.

use hdrhistogram::Histogram;

use crate::load::ack::{Answered, StoreAnswer};

/// Counts and times of the requests of a kind, or of all.
#[derive(Clone, Debug)]
pub struct TallyFigures {
    /// Requests sent or given up, in the whole test.
    pub tried: u64,
    /// Those that were answered: done, or refused by the rules.
    pub acknowledged: u64,
    /// Acknowledged ones of which the rules refused an operation.
    pub refused: u64,
    /// Operations that the rules refused.
    pub refused_operations: u64,
    /// Those that the store failed at.
    pub failed: u64,
    /// Those given up because the test ended.
    pub unanswered: u64,
    /// Acknowledged ones with the answer that the simulation had said.
    pub as_predicted: u64,
    /// Acknowledged ones with another answer, of accounts that share no contact point: something is wrong.
    pub unlike_predicted_alone: u64,
    /// Acknowledged ones with another answer, of accounts whose contact point others have too: the order decides.
    pub unlike_predicted_shared: u64,
    /// From due until acknowledged or given up, in microseconds, after the warm-up.
    pub latency: Histogram<u64>,
    /// From when the store began until it acknowledged, in microseconds, after the warm-up.
    pub service: Histogram<u64>,
    /// Requests among the latencies that were given up: their latency is at least what is told.
    pub given_up: u64,
}

impl TallyFigures {
    pub(super) fn new(blank: &Histogram<u64>) -> Self {
        Self {
            tried: 0,
            acknowledged: 0,
            refused: 0,
            refused_operations: 0,
            failed: 0,
            unanswered: 0,
            as_predicted: 0,
            unlike_predicted_alone: 0,
            unlike_predicted_shared: 0,
            latency: blank.clone(),
            service: blank.clone(),
            given_up: 0,
        }
    }

    pub(super) fn add(&mut self, answered: &Answered, alone: bool, is_measured: bool) {
        self.tried += 1;
        match answered.answer {
            StoreAnswer::Acknowledged { refused, as_predicted, .. } => {
                self.acknowledged += 1;
                self.refused += u64::from(refused != 0);
                self.refused_operations += u64::from(refused.count_ones());
                match (as_predicted, alone) {
                    (true, _) => self.as_predicted += 1,
                    (false, true) => self.unlike_predicted_alone += 1,
                    (false, false) => self.unlike_predicted_shared += 1,
                }
                if is_measured {
                    self.latency.saturating_record(answered.done_us);
                    self.service.saturating_record(answered.done_us.saturating_sub(answered.begun_us));
                }
            }
            StoreAnswer::Failed => self.failed += 1,
            StoreAnswer::Unanswered => {
                self.unanswered += 1;
                if is_measured {
                    self.latency.saturating_record(answered.done_us);
                    self.given_up += 1;
                }
            }
        }
    }
}
