//! Offered wait: how long a customer of endless patience would wait among others who give up (M/M/n+G).
//!
//! With n agents, mean handle time h and patience that outlasts x with probability G(x), the offered wait V has the
//! density v(x) ∝ exp φ(x), φ'(x) = (λ h G(x) - n) / h, beside the mass P(V = 0); everything asked of the desk is a
//! mean over V (Baccelli and Hebuterne 1981; Zeltyn and Mandelbaum 2005).
//!
//! 1. Time is counted in h/n, so that φ' = ρ G - 1 with ρ = λ h / n.
//! 2. G falls, so φ is concave: it has one peak, found by bisection, and all is taken relative to it. Nothing can
//!    overflow, however many agents and however deep the overload.
//! 3. From the peak the density is followed to the left and to the right, panel by panel, until what remains cannot
//!    matter. Panels shrink until two halves agree with the whole, and grow again.

use super::quadrature::{POINTS, RULE, integrate_graded};
use super::{Stationary, Within, loss};

/// How long customers bear to wait, in units of h/n.
pub(super) trait Patience {
    /// Share whose patience outlasts `x`; it never grows.
    fn lasts(&self, x: f64) -> f64;
    /// The others.
    fn ended(&self, x: f64) -> f64 {
        1.0 - self.lasts(x)
    }
    /// Length over which patience certainly has no detail.
    fn grain(&self) -> f64;
}

/// A point at which the density was read.
struct Node {
    x: f64,
    /// Share of the waits that this point stands for.
    share: f64,
    lasts: f64,
    ended: f64,
    /// Mean of the shorter of `x` and the patience.
    spent: f64,
}

/// Where the walk along the density stands.
#[derive(Clone, Copy)]
struct Place {
    x: f64,
    /// φ less that of the peak.
    log: f64,
    /// Integral of G from the peak to here.
    spent: f64,
}

/// The distribution of the offered wait.
pub(super) struct OfferedWait {
    /// P(V = 0).
    at_once: f64,
    /// P(V > 0).
    waits: f64,
    /// Distribution of V for those who wait.
    nodes: Vec<Node>,
    /// Length of a unit of time.
    unit_s: f64,
    /// Load per agent.
    rho: f64,
    /// Time of the question asked of `within`.
    until: f64,
    lasts_until: f64,
}

/// More panels than any smooth patience needs.
const MOST_NODES: usize = 400_000;

struct Walk<'a, P> {
    patience: &'a P,
    rho: f64,
    /// (1 + cv²) / 2 of the handle time: 1 is exact, for others the wait is stretched by it.
    variability: f64,
    nodes: Vec<Node>,
}

impl<P: Patience> Walk<'_, P> {
    /// φ' there; without losing digits while hardly anybody, or nearly everybody, has given up.
    fn slope(&self, lasts: f64, ended: f64) -> f64 {
        let slope = if lasts < 0.5 {
            self.rho * lasts - 1.0
        } else {
            (self.rho - 1.0) - self.rho * ended
        };
        slope / self.variability
    }

    /// One panel from `from`, to the left if `step` is negative: its nodes, its part of the density, and its end.
    fn panel(&self, from: Place, step: f64) -> ([Node; POINTS], f64, Place) {
        let read: [(f64, f64, f64); POINTS] = std::array::from_fn(|i| {
            let x = from.x + step * RULE.at[i];
            (x, self.patience.lasts(x), self.patience.ended(x))
        });
        let slopes: [f64; POINTS] = std::array::from_fn(|i| self.slope(read[i].1, read[i].2));
        let sum = |weights: &[f64; POINTS], of: &dyn Fn(usize) -> f64| {
            step * weights.iter().enumerate().map(|(i, w)| w * of(i)).sum::<f64>()
        };
        let nodes: [Node; POINTS] = std::array::from_fn(|i| Node {
            x: read[i].0,
            share: step.abs() * RULE.weight[i] * (from.log + sum(&RULE.up_to[i], &|j| slopes[j])).exp(),
            lasts: read[i].1,
            ended: read[i].2,
            spent: from.spent + sum(&RULE.up_to[i], &|j| read[j].1),
        });
        let end = Place {
            x: from.x + step,
            log: from.log + sum(&RULE.weight, &|i| slopes[i]),
            spent: from.spent + sum(&RULE.weight, &|i| read[i].1),
        };
        let part = nodes.iter().map(|node| node.share).sum();
        (nodes, part, end)
    }

    fn is_smooth(&self, nodes: &[Node; POINTS], from: f64, to: f64) -> bool {
        let read = std::array::from_fn(|i| nodes[i].lasts);
        RULE.meets(&read, [self.patience.lasts(from), self.patience.lasts(to)], 1e-5)
    }

    /// Walks to `to`, or until the density is spent; `None` if the patience is too ragged for `MOST_NODES`.
    fn walk(&mut self, start: Place, to: f64, grain: f64) -> Option<Place> {
        let (mut place, mut step, direction) = (start, grain, (to - start.x).signum());
        let (mut total, mut moment) = (0.0_f64, 0.0_f64);
        let smallest = 1e-3 * grain;
        while place.x != to {
            let left = (to - place.x).abs();
            if direction < 0.0 && to <= 0.0 && left > grain {
                step = step.min(0.5 * left);
            }
            let last = step >= left;
            step = step.min(left);
            let (_, whole, end) = self.panel(place, direction * step);
            let (near, near_part, middle) = self.panel(place, direction * step * 0.5);
            let (far, far_part, mut half_end) = self.panel(middle, direction * step * 0.5);
            let part = near_part + far_part;
            let agree = (whole - part).abs() <= 1e-13 * total.max(part)
                && (end.log - half_end.log).abs() <= 1e-12 * (1.0 + half_end.log.abs())
                && (end.spent - half_end.spent).abs() <= 1e-13 * (step + half_end.spent.abs())
                && self.is_smooth(&near, place.x, middle.x)
                && self.is_smooth(&far, middle.x, half_end.x);
            if !agree && step > smallest.max(1e-14 * place.x) {
                step *= 0.5;
                continue;
            }
            if last {
                half_end.x = to;
            }
            total += part;
            moment += near.iter().chain(&far).map(|node| node.share * node.x).sum::<f64>();
            self.nodes.extend(near);
            self.nodes.extend(far);
            if half_end.x == place.x || !half_end.x.is_finite() || self.nodes.len() > MOST_NODES {
                return None;
            }
            place = half_end;
            // Concave: beyond here the density falls at least as fast as it falls here.
            let fall = -direction * self.slope(self.patience.lasts(place.x), self.patience.ended(place.x));
            let (tail, beyond) = (place.log.exp() / fall, place.x.abs() + 1.0 / fall);
            let spent = fall > 0.0 && tail <= 1e-17 * total && tail * beyond <= 1e-17 * moment;
            if place.log < -745.0 || (spent && !(direction > 0.0 && to.is_finite())) {
                break;
            }
            step *= 2.0;
        }
        Some(place)
    }
}

/// The last place where at least as many come as leave: the peak of φ. `None` if it has no end.
fn peak(patience: &impl Patience, rho: f64) -> Option<f64> {
    let rises = |x: f64| rho * patience.lasts(x) >= 1.0;
    if !rises(0.0) {
        return Some(0.0);
    }
    let mut high = 1e-9;
    while rises(high) {
        high *= 2.0;
        if high > 1e300 {
            return None;
        }
    }
    let mut low = 0.0;
    for _ in 0..2_000 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high || high < 1e-30 {
            break;
        }
        if rises(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

impl OfferedWait {
    /// At least one agent, a positive load per agent `rho`; `until` in units of h/n. `None` if the queue grows without
    /// end, because too many would wait for ever.
    pub(super) fn new<P: Patience>(
        agents: u32,
        rho: f64,
        unit_s: f64,
        patience: &P,
        variability: f64,
        until: f64,
    ) -> Option<Self> {
        let rho = rho.min(1e300);
        let peak = peak(patience, rho)?;
        let grain = patience.grain();
        let start = Place { x: peak, log: 0.0, spent: 0.0 };
        let mut walk = Walk { patience, rho, variability, nodes: Vec::with_capacity(1024) };
        // To the left, with a stop at the time asked about.
        let mut foot = start;
        if peak > 0.0 {
            let grain = grain.min(peak);
            if until > 0.0 && until < peak {
                foot = walk.walk(foot, until, grain)?;
            }
            if foot.x == until || foot.x == peak {
                foot = walk.walk(foot, 0.0, grain)?;
            }
        }
        // To the right likewise.
        let mut head = start;
        if until > peak && until.is_finite() {
            head = walk.walk(head, until, grain)?;
        }
        if head.log > -745.0 {
            walk.walk(head, f64::INFINITY, grain)?;
        }
        let mut nodes = walk.nodes;
        // What the walk to the left did not reach: the time that even the most impatient spend.
        let before = if foot.x > 0.0 {
            integrate_graded(&|x| patience.lasts(x), foot.x, grain.min(foot.x))
        } else {
            0.0
        };
        let log_at_zero = foot.log - (rho * before - foot.x) / variability;
        let busy: f64 = nodes.iter().map(|node| node.share).sum();
        for node in &mut nodes {
            node.share /= busy;
            node.spent = (node.spent - foot.spent + before).max(0.0);
        }
        let at_once = (loss::inverse(agents - 1, rho * f64::from(agents)).ln() + log_at_zero).exp();
        Some(Self {
            at_once: 1.0 / (1.0 + rho * busy / at_once),
            waits: 1.0 / (1.0 + at_once / (rho * busy)),
            nodes,
            unit_s,
            rho,
            until,
            lasts_until: patience.lasts(until),
        })
    }

    /// The same waits for those who wait, but as many who wait as in `other`.
    pub(super) fn with_delays_of(mut self, other: &Self) -> Self {
        (self.at_once, self.waits) = (other.at_once, other.waits);
        self
    }

    /// Mean over all arrivals of something that is 0 for those who do not wait.
    fn mean(&self, of: impl Fn(&Node) -> f64) -> f64 {
        self.waits * self.nodes.iter().map(|node| node.share * of(node)).sum::<f64>()
    }

    fn answered(&self) -> f64 {
        self.at_once + self.mean(|node| node.lasts)
    }

    pub(super) fn stationary(&self) -> Stationary {
        let answered = self.answered();
        Stationary {
            waits: self.waits,
            abandons: self.mean(|node| node.ended).min(1.0),
            mean_wait_s: self.mean(|node| node.spent) * self.unit_s,
            mean_wait_answered_s: if answered > 0.0 {
                self.mean(|node| node.x * node.lasts) / answered * self.unit_s
            } else {
                0.0
            },
            occupancy: (self.rho * answered).min(1.0),
        }
    }

    pub(super) fn within(&self) -> Within {
        let early = |node: &Node| f64::from(u8::from(node.x < self.until));
        let answered = (self.at_once + self.mean(|node| early(node) * node.lasts)).min(1.0);
        let ever = self.answered();
        Within {
            answered,
            of_answered: if ever > 0.0 { (answered / ever).min(1.0) } else { 0.0 },
            still_waits: self.lasts_until * self.mean(|node| 1.0 - early(node)),
        }
    }
}
