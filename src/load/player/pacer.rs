//! The pacer: sends each request when it is due, whatever has become of those before.

use std::time::Duration;

use crossbeam_channel::Sender;

use super::board::lock;
use super::{Job, LEAD_US, Player};

/// Longest sleep: then it looks whether the test has ended.
const LONGEST: Duration = Duration::from_millis(50);

/// Sends what was on its way when the process was killed, and then the rest of the schedule.
pub(super) fn run(player: &Player, queue: &Sender<Job>, retries: Vec<u64>, first: u64) {
    std::thread::sleep(Duration::from_micros(LEAD_US));
    for place in retries {
        send(player, queue, player.job(place));
    }
    match player.plan.pace {
        Some(_) => open_loop(player, queue, first),
        None => closed_loop(player),
    }
}

fn open_loop(player: &Player, queue: &Sender<Job>, first: u64) {
    for place in first..player.board.places() {
        let due_us = player.plan.due_us(&player.sequence, place);
        if due_us >= player.plan.duration_us {
            break;
        }
        loop {
            if player.board.ended() {
                return;
            }
            let now_us = player.clock.now_us();
            if now_us >= due_us {
                send(player, queue, Job { place, due_us, late_us: now_us - due_us });
                break;
            }
            std::thread::sleep(Duration::from_micros(due_us - now_us).min(LONGEST));
        }
    }
}

/// The workers of a closed loop send for themselves, until the time is up or nothing is left.
fn closed_loop(player: &Player) {
    let is_over = || player.clock.now_us() >= player.plan.duration_us || player.board.is_exhausted();
    while !player.board.ended() && !is_over() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn send(player: &Player, queue: &Sender<Job>, job: Job) {
    let follows = player.sequence.turn(job.place).request.follows;
    if follows {
        lock(&player.late).insert(job.place, job.late_us);
    }
    if player.board.send(job.place) {
        if follows {
            lock(&player.late).remove(&job.place);
        }
        // The workers hold the other end until the board has ended.
        let _ = queue.send(job);
    }
}
