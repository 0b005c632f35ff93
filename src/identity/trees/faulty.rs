//! A store with planted faults: what it really did can be held against what a load test says of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Body, Stop, Tree, TreeRow, TreeStore, Visit};
use crate::error::{Error, Result};

/// What happens to a transaction or a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails and nothing of it is done.
    Fail,
    /// It stands still for so long, and is done then. Other transactions go on.
    Stall(Duration),
    /// It is said to be done, and nothing of it is: what it would have written is lost.
    Forget,
}

/// When a planted stall really began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled {
    /// Before the sleep.
    pub began: Instant,
    /// After it, before the transaction.
    pub ended: Instant,
}

/// A store that fails or stalls when it has been told to.
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    planted: BTreeMap<u64, Fault>,
    in_flushes: BTreeMap<u64, Fault>,
    calls: AtomicU64,
    flushes: AtomicU64,
    stalls: Mutex<Vec<Stalled>>,
}

impl<S> Faulty<S> {
    /// `store`, without a fault so far.
    pub fn new(store: S) -> Self {
        Self {
            store,
            planted: BTreeMap::new(),
            in_flushes: BTreeMap::new(),
            calls: AtomicU64::new(0),
            flushes: AtomicU64::new(0),
            stalls: Mutex::default(),
        }
    }

    /// Plants a fault in the `call`-th transaction that is asked for, counted from 1.
    #[must_use]
    pub fn with(mut self, call: u64, fault: Fault) -> Self {
        self.planted.insert(call, fault);
        self
    }

    /// Plants a fault in the `flush`-th flush that is asked for, counted from 1.
    #[must_use]
    pub fn with_flush(mut self, flush: u64, fault: Fault) -> Self {
        self.in_flushes.insert(flush, fault);
        self
    }

    /// Transactions asked for.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// The stalls that are over.
    pub fn stalls(&self) -> Vec<Stalled> {
        self.stalls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[allow(clippy::disallowed_methods, reason = "a stall is real time")]
    fn stall(&self, length: Duration) {
        let began = Instant::now();
        std::thread::sleep(length);
        let stalled = Stalled { began, ended: Instant::now() };
        self.stalls.lock().unwrap_or_else(PoisonError::into_inner).push(stalled);
    }
}

impl<S: TreeStore> TreeStore for Faulty<S> {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        match self.planted.get(&call) {
            Some(Fault::Fail) => return Err(Error::Store(format!("transaction {call} fails, as planted"))),
            Some(&Fault::Stall(length)) => self.stall(length),
            Some(Fault::Forget) => {
                // It sees what it asks for, and is taken back when it has.
                let mut failed = None;
                let forgotten = self.store.transact(durable, &mut |transaction| {
                    failed = body(transaction).err();
                    Err(Stop::Failed(Error::Store(format!("transaction {call} is forgotten, as planted"))))
                });
                return match failed {
                    Some(Stop::Failed(error)) => Err(error),
                    _ => forgotten.or(Ok(())),
                };
            }
            None => {}
        }
        self.store.transact(durable, body)
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        self.store.load(rows)
    }

    fn sync(&self) -> Result<()> {
        let flush = self.flushes.fetch_add(1, Ordering::Relaxed) + 1;
        match self.in_flushes.get(&flush) {
            Some(Fault::Fail) => Err(Error::Store(format!("flush {flush} fails, as planted"))),
            Some(Fault::Forget) => Ok(()),
            Some(&Fault::Stall(length)) => {
                self.stall(length);
                self.store.sync()
            }
            None => self.store.sync(),
        }
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        self.store.page(tree, after, limit, visit)
    }
}
