//! A worker: takes requests from the queue and does each as one transaction.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

use super::board::lock;
use super::{Job, Player};
use crate::error::Result;
use crate::identity::rules;
use crate::identity::table::{Legacy, View};
use crate::identity::trees::{Encoded, Scratch};
use crate::load::ack::{Answered, LogEntry, StoreAnswer};
use crate::load::durability::Durability;
use crate::load::guard::guarded;

/// Longest wait for a request: then it looks whether the test has ended.
const LONGEST: Duration = Duration::from_millis(50);

/// Works until the test has ended.
pub(super) fn work(player: &Player, queue: &Sender<Job>, jobs: &Receiver<Job>) {
    let mut scratch = Scratch::default();
    while !player.board.ended() {
        let job = match player.plan.pace {
            Some(_) => jobs.recv_timeout(LONGEST).ok(),
            None => jobs.try_recv().ok().or_else(|| player.next_of_closed_loop()),
        };
        let Some(job) = job else { continue };
        if let Some(next) = player.serve(job, &mut scratch) {
            // It fails when nobody is left to work.
            let _ = queue.send(next);
        }
    }
}

impl Player {
    /// In a closed loop a worker sends a request when it has nothing else to do.
    fn next_of_closed_loop(&self) -> Option<Job> {
        if self.clock.now_us() >= self.plan.duration_us {
            std::thread::sleep(Duration::from_millis(1));
            return None;
        }
        let Some(place) = self.board.draw() else {
            std::thread::sleep(Duration::from_millis(1));
            return None;
        };
        self.board.send(place).then(|| self.job(place))
    }

    /// Does a request; the account's next one, if it has been waiting for this.
    fn serve(&self, job: Job, scratch: &mut Scratch) -> Option<Job> {
        self.flusher.admit(self);
        let begun_us = self.clock.now_us().saturating_sub(job.due_us);
        let done = guarded("a transaction", || self.transact(job.place, scratch));
        let answer = done.unwrap_or_else(|error| {
            let mut failures = lock(&self.failures);
            failures.count += 1;
            failures.first.get_or_insert_with(|| error.to_string());
            StoreAnswer::Failed
        });
        let now_us = self.clock.now_us();
        let answered = Answered {
            place: job.place,
            due_us: job.due_us,
            late_us: job.late_us,
            begun_us,
            done_us: now_us.saturating_sub(job.due_us),
            answer,
        };
        if answer != StoreAnswer::Failed && self.plan.durability != Durability::Each {
            self.flusher.committed(now_us);
            if self.plan.durability != Durability::None {
                self.flusher.acknowledge_later(answered, &self.plan);
                if self.plan.pace.is_none() {
                    self.flusher.wait_for(job.place, &self.board);
                }
                return None;
            }
        }
        if answer != StoreAnswer::Failed && self.plan.durability == Durability::Each {
            let lag_us = answered.done_us - begun_us;
            self.note(LogEntry::Flush { time_us: now_us, lag_us, transactions: 1, took_us: 0 });
        }
        self.note(LogEntry::Answered(answered));
        self.answered(job.place)
    }

    fn transact(&self, place: u64, scratch: &mut Scratch) -> Result<StoreAnswer> {
        let turn = self.sequence.turn(place);
        let (mut first_audit, mut refused, mut as_predicted) = (0, 0, true);
        let durable = self.plan.durability == Durability::Each;
        self.store.transact(durable, &mut |transaction| {
            let mut view = Encoded::new(transaction, scratch, self.plan.record_bytes);
            (refused, as_predicted) = (0, true);
            first_audit = view.get::<Legacy>(turn.account)?.map_or(0, |legacy| legacy.audits);
            for (number, deed) in turn.deeds().enumerate() {
                let answer = rules::apply(&mut view, turn.account, turn.request.at, deed.actor, deed.operation)?;
                refused |= u32::from(answer.is_err()) << number.min(31);
                as_predicted &= answer.err() == deed.refused;
            }
            Ok(())
        })?;
        self.logical_bytes.fetch_add(scratch.written, Ordering::Relaxed);
        self.transactions.fetch_add(1, Ordering::Relaxed);
        Ok(StoreAnswer::Acknowledged { first_audit, refused, as_predicted })
    }
}
