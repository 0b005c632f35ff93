//! The log of acknowledgements: what the client was told, and when. It is written in the order in which things happen and
//! is all that is measured from; it survives the death of the process that writes it.
//!
//! It is evidence, and so it must show when it is not as it was written: every entry has a checksum that goes on
//! from the one before, and the last entry says how many there were. What a killed process left half-written at the end is
//! cut off; anything else that is not as it should be is an error.

mod codec;

mod log;

pub use codec::{Decoder, Seal};
pub(in crate::load) use log::of;
pub use log::{AckLog, Held, read};

use serde::{Deserialize, Serialize};

/// Something that happened. Times are microseconds of real time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum LogEntry {
    /// A process begins to send requests, or goes on after one that was killed.
    Start {
        /// Where in the schedule, in microseconds from its beginning.
        from_us: u64,
        /// Memory held by the process when it had the sequence but had not opened the store.
        rss_bytes: u64,
        /// Time that opening the store took.
        opening_us: u64,
        /// Processes of this test that were killed before, the ones among them that had not opened the store yet.
        killed: u32,
    },
    /// A request was answered.
    Answered(Answered),
    /// A flush ended.
    Flush {
        /// Since the schedule's beginning.
        time_us: u64,
        /// Age of the oldest write that was not on disk before: how much a loss of power would have cost.
        lag_us: u64,
        /// Transactions it covered.
        transactions: u64,
        /// Time that it took; 0 where it was part of a transaction.
        took_us: u64,
    },
    /// How things stand, a few times each second.
    Gauge(Gauge),
    /// All is sent and answered or given up, and on disk: nothing comes after this.
    End(LogEnd),
}

/// How a log ends. How things stand then is told by the gauge before it: entries wait in memory for the log, and are to be
/// small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEnd {
    /// Entries before this one. [`AckLog::add`] counts them.
    pub entries: u64,
    /// The store had stopped answering: when it last did, since the schedule's beginning. Nothing more is known to be on
    /// disk then.
    pub silent_from_us: Option<u64>,
}

/// An answer to a request, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its place in the sequence.
    pub place: u64,
    /// When it was due, since the schedule's beginning. A closed loop knows no schedule: there it is due when it is sent.
    pub due_us: u64,
    /// How much later the harness sent it.
    pub late_us: u64,
    /// From due until the store began to work on it.
    pub begun_us: u64,
    /// From due until it was acknowledged; for a request that was given up, until then.
    pub done_us: u64,
    /// What was said.
    pub answer: StoreAnswer,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreAnswer {
    /// It was done, or refused by the rules.
    Acknowledged {
        /// Number of the first entry that it left in the account's audit trail.
        first_audit: u32,
        /// A bit for each operation that the rules refused, the first one lowest.
        refused: u32,
        /// Whether every operation was answered as the simulation had said.
        as_predicted: bool,
    },
    /// The store failed.
    Failed,
    /// There was no answer before the test ended.
    Unanswered,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gauge {
    /// Since the schedule's beginning.
    pub time_us: u64,
    /// Requests sent and not answered.
    pub in_flight: u64,
    /// Age of the oldest write that is not on disk.
    pub flush_lag_us: u64,
    /// Time for which requests were held back, all together, because that had grown too old.
    pub held_back_us: u64,
    /// Most memory held by the process.
    pub peak_rss_bytes: u64,
    /// Bytes that the process has caused to be written to the storage, the log apart.
    pub device_bytes: u64,
    /// Bytes of keys and values written by transactions.
    pub logical_bytes: u64,
    /// Transactions committed.
    pub transactions: u64,
}
