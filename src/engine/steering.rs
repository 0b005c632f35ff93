//! Steering: how a rollout that reacts decides, look by look, on what an operator could see at that moment.
//!
//! A wave begins at its planned time unless it is held; a hold moves all waves that follow. A gate fires when its signal
//! rises above its limit and fires on until the signal has fallen below the lower one, so that a signal that trembles
//! around the limit does not make the rollout tremble. Where there is too little to judge by, a gate stays as it is.

use super::observed::{Observed, Trace};
use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::measure::desk::{BANDS, DeskMeasure, Hour, wait_quantile};
use crate::plan::{Cause, Decision, Deed, planned};
use crate::strategy::gate::{Afterwards, Gate, Response};
use crate::strategy::rollout::Adaptive;
use crate::terms::{Channel, Signal};

/// A rollout that reacts, on its way.
#[derive(Clone, Debug)]
pub struct Steering {
    gates: Adaptive,
    /// When the waves that have not begun are due, the next one last; with their numbers.
    due: Vec<(SimTime, u16)>,
    next_look: SimTime,
    /// No look from here on.
    looks_until: SimTime,
    /// For each gate: since when it fires.
    firing: Vec<Option<SimTime>>,
    /// For each gate: its longest hold is over.
    let_go: Vec<bool>,
    /// The gate that holds, and the one that slows.
    held: Option<usize>,
    slowed: Option<usize>,
    ended: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The gates are looked at.
    Look(SimTime),
    /// A wave is due.
    Wave(SimTime),
    /// Nothing more.
    Nothing,
}

impl Steering {
    /// A rollout before its first wave.
    pub fn new(gates: &Adaptive, horizon: SimTime) -> Self {
        let waves = &gates.waves;
        let mut due: Vec<(SimTime, u16)> = planned(waves).into_iter().zip(0..).collect();
        if waves.canary_share.get() <= 0.0 {
            due.remove(0);
        }
        let first = due.first().map_or(horizon, |(at, _)| *at);
        due.reverse();
        let hour_at_or_after = (first.0 + HOUR_MS - 1).div_euclid(HOUR_MS);
        Self {
            due,
            next_look: SimTime(hour_at_or_after * HOUR_MS),
            looks_until: horizon,
            firing: vec![None; gates.gates.len()],
            let_go: vec![false; gates.gates.len()],
            gates: gates.clone(),
            held: None,
            slowed: None,
            ended: false,
        }
    }

    /// What comes next. At the same moment, gates are looked at before a wave begins.
    pub fn next(&self) -> Next {
        if self.ended {
            return Next::Nothing;
        }
        let look = if self.next_look < self.looks_until {
            self.next_look
        } else {
            SimTime::NEVER
        };
        match self.due.last() {
            Some(&(due, _)) if self.held.is_none() && due < look && due < self.looks_until => Next::Wave(due),
            _ if look < SimTime::NEVER => Next::Look(look),
            _ => Next::Nothing,
        }
    }

    /// The wave that is due begins.
    pub fn release(&mut self, now: SimTime) -> Option<Decision> {
        let (due, wave) = self.due.pop()?;
        // Whatever follows is as late as this one.
        let late = now - due;
        self.due.iter_mut().for_each(|(at, _)| *at = *at + late);
        Some(Decision { at: now, deed: Deed::Release(wave), cause: None })
    }

    /// The gates are looked at: what follows, in order. Waves that were held back and may go on begin with it.
    pub fn look(&mut self, now: SimTime, observed: &Observed, desk: &DeskMeasure) -> Vec<Decision> {
        self.next_look = now + Span(self.gates.look_every_h.get() as i64 * HOUR_MS);
        let window = LookWindow {
            from: now.hour().saturating_sub(self.gates.window_h.get() as usize),
            to: now.hour(),
            observed,
            desk,
        };
        // By gate, what is seen, if there is enough to judge by.
        let causes: Vec<Cause> = self
            .gates
            .gates
            .iter()
            .enumerate()
            .map(|(place, gate)| {
                let (value, events) = window.value(gate.signal);
                let seen = value.filter(|_| events >= least(gate));
                Cause { gate: place, signal: gate.signal, seen }
            })
            .collect();
        for (gate, cause) in self.gates.gates.iter().zip(&causes) {
            let Some(value) = cause.seen else { continue };
            if value > gate.above.get() {
                self.firing[cause.gate].get_or_insert(now);
            } else if value < gate.calm_below() {
                self.firing[cause.gate] = None;
                self.let_go[cause.gate] = false;
            }
        }
        let decision = |deed: Deed, gate: usize| Decision { at: now, deed, cause: Some(causes[gate]) };
        if let Some((response, gate)) = self.strongest(now) {
            let deed = if response == Response::RollBack {
                Deed::RollBack
            } else {
                Deed::Stop
            };
            self.ended = true;
            return vec![decision(deed, gate)];
        }
        let fires = |response: Response| {
            let gates = self.gates.gates.iter().zip(&self.firing).zip(&self.let_go);
            let mut firing = gates
                .enumerate()
                .filter(|(_, ((gate, since), let_go))| gate.response == response && since.is_some() && !**let_go);
            firing.next().map(|(place, ((gate, _), _))| (place, gate.slower_factor.get()))
        };
        let mut decisions = Vec::new();
        let holds = fires(Response::Hold).filter(|_| !self.due.is_empty());
        let slows = fires(Response::Slow);
        // The end of it is told of the gate that began it, though others of its kind may have fired since.
        match (slows, self.slowed) {
            (Some((gate, factor)), None) => {
                self.slowed = Some(gate);
                decisions.push(decision(Deed::Slow((1000.0 * factor) as u32), gate));
            }
            (None, Some(gate)) => {
                self.slowed = None;
                decisions.push(decision(Deed::Hasten, gate));
            }
            _ => {}
        }
        match (holds, self.held) {
            (Some((gate, _)), None) => {
                self.held = Some(gate);
                decisions.push(decision(Deed::Hold, gate));
            }
            (None, Some(gate)) => {
                self.held = None;
                decisions.push(decision(Deed::GoOn, gate));
            }
            _ => {}
        }
        if self.held.is_none() && self.due.last().is_some_and(|&(due, _)| due <= now) {
            decisions.extend(self.release(now));
        }
        decisions
    }

    /// The strongest response that ends the rollout, and the gate that asks for it.
    fn strongest(&mut self, now: SimTime) -> Option<(Response, usize)> {
        let mut found = None;
        for (place, gate) in self.gates.gates.iter().enumerate() {
            let Some(since) = self.firing[place] else { continue };
            let longest = Span::from_hours(24.0 * gate.longest_hold_days.get());
            let over = gate.response == Response::Hold && self.held.is_some() && now - since >= longest;
            let response = match (gate.response, gate.afterwards) {
                (Response::Hold, Afterwards::GoOn) if over => {
                    self.let_go[place] = true;
                    continue;
                }
                (Response::Hold, Afterwards::Stop) if over => Response::Stop,
                (Response::Hold, Afterwards::RollBack) if over => Response::RollBack,
                (response @ (Response::Stop | Response::RollBack), _) => response,
                (Response::Hold | Response::Slow, _) => continue,
            };
            // Where nothing is left to begin there is nothing to stop.
            if response == Response::Stop && self.due.is_empty() {
                continue;
            }
            if found.is_none_or(|(stronger, _)| response > stronger) {
                found = Some((response, place));
            }
        }
        found
    }
}

/// Events without which a gate does not judge: counts of what happened need none.
fn least(gate: &Gate) -> u64 {
    match gate.signal {
        Signal::BounceShare
        | Signal::FailedResetShare
        | Signal::PhoneWaitP50S
        | Signal::PhoneWaitP95S
        | Signal::PhoneAbandonedShare => gate.at_least.get(),
        Signal::DuplicateSignUps | Signal::TakeoverAlarms | Signal::DeskBacklog => 0,
    }
}

/// The hours that count for a look, and what was seen in them.
struct LookWindow<'a> {
    from: usize,
    to: usize,
    observed: &'a Observed,
    desk: &'a DeskMeasure,
}

impl LookWindow<'_> {
    /// The value of a signal, and the events it is made of.
    fn value(&self, signal: Signal) -> (Option<f64>, u64) {
        let count = |trace: Trace| self.observed.count(trace, self.from, self.to);
        let share = |part: u64, whole: u64| ((whole > 0).then(|| part as f64 / whole as f64), whole);
        match signal {
            Signal::BounceShare => share(count(Trace::Bounce), count(Trace::Mail)),
            Signal::FailedResetShare => share(count(Trace::LinkFailed), count(Trace::LinkTried)),
            Signal::DuplicateSignUps => (Some(count(Trace::DuplicateSignUp) as f64), 0),
            Signal::TakeoverAlarms => (Some(count(Trace::TakeoverNoticed) as f64), 0),
            Signal::PhoneWaitP50S => self.wait_s(0.5),
            Signal::PhoneWaitP95S => self.wait_s(0.95),
            Signal::PhoneAbandonedShare => {
                let calls = self.calls();
                share(calls.abandoned, calls.abandoned + calls.answered)
            }
            Signal::DeskBacklog => {
                let channels = self.desk.channels.iter();
                let last = self.to.checked_sub(1);
                let waiting = |hours: &[Hour]| last.and_then(|hour| hours.get(hour)).map_or(0, |hour| hour.backlog);
                (Some(channels.map(|channel| waiting(&channel.hours)).sum::<u64>() as f64), 0)
            }
        }
    }

    /// Calls that arrived in the window, as far as they have ended.
    fn calls(&self) -> Hour {
        let mut calls = Hour::default();
        let hours = &self.desk.channels[Channel::Phone as usize].hours;
        hours[self.from.min(hours.len())..self.to.min(hours.len())]
            .iter()
            .for_each(|hour| calls.merge(hour));
        calls
    }

    fn wait_s(&self, share: f64) -> (Option<f64>, u64) {
        let calls = self.calls();
        let bands: [u64; BANDS] = calls.bands.map(u64::from);
        (wait_quantile(&bands, calls.longest_ms, share).map(|wait_ms| wait_ms / 1000.0), bands.iter().sum())
    }
}
