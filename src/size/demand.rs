//! Demand: how many contacts arrive by the hour and what work they bring.

use crate::calendar::HOUR_MS;
use crate::desk::{Request, baseline};
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel};

/// What reaches one channel; means over replications.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Arrivals by hour since the start.
    pub per_hour: Vec<f64>,
    /// Mean time an agent is busy with one, in seconds.
    pub handle_s: f64,
    /// Squared coefficient of variation of that time.
    pub handle_cv2: f64,
}

/// The demand of every channel: baseline traffic as expected, and what `simulated` replications of the journeys asked.
pub fn demand(scenario: &Scenario, simulated: &[Vec<Request>]) -> [Demand; CHANNELS] {
    Channel::ALL.map(|channel| {
        let mut per_hour = baseline::expected(scenario, channel);
        let handle = baseline::handle_time(scenario, channel);
        let after_s = baseline::after_work(scenario, channel).map_or(0.0, |_| match channel {
            Channel::Chat => scenario.desk.chat.after_work_s.get(),
            _ => scenario.desk.phone.after_work_s.get(),
        });
        let mean_s = handle.mean_s() + after_s;
        let variance = (handle.mean_s() * handle.cv()).powi(2) + after_s.powi(2);
        let expected: f64 = per_hour.iter().sum();
        let (mut count, mut sum, mut squares) = (expected, expected * mean_s, expected * (variance + mean_s * mean_s));
        let part = 1.0 / simulated.len().max(1) as f64;
        for request in simulated.iter().flatten().filter(|request| request.channel == channel) {
            let busy_s = (request.handle.0 + request.after.0) as f64 / 1000.0;
            if let Some(hour) = per_hour.get_mut((request.at.0 / HOUR_MS) as usize) {
                *hour += part;
            }
            (count, sum, squares) = (count + part, sum + part * busy_s, squares + part * busy_s * busy_s);
        }
        let handle_s = if count > 0.0 { sum / count } else { mean_s };
        let variance = if count > 0.0 {
            (squares / count - handle_s * handle_s).max(0.0)
        } else {
            variance
        };
        Demand {
            per_hour,
            handle_s,
            handle_cv2: if handle_s > 0.0 {
                variance / (handle_s * handle_s)
            } else {
                0.0
            },
        }
    })
}
