//! Load: the operations of a simulated migration, played against a real store as fast as asked, with proof that nothing
//! is lost.
//!
//! ```text
//! engine::operations ─► window ─► sequence ─► preload ─► player ─► log of acknowledgements ─┬─► tally ─► report
//!  (one strategy,   (which     (requests    (the store    (open or    (what the client      └─► proof (nothing lost,
//!   simulated)       hour)      in time      as it was     closed      was told, and when)             nothing twice)
//!                               order)       before)       loop)
//! ```
//!
//! A request is what one customer, agent or job asks of the store at one moment: one transaction. The player sends
//! requests when they are due, whatever the store does; a request's latency counts from when it was due.
//!
//! A test takes two processes. The [`child`] holds the store and plays on it; the one that was started from the command
//! line makes the [`trial`]: it starts the child, reads its log as it grows, kills it if a crash is asked for, and then
//! holds log and store against each other. The [`test_bench`] puts all this together, once for each backend; [`limit`] does so
//! for one rate after the other.

pub mod kind;

pub mod rush;

pub mod window;

pub mod request;

pub mod sequence;

pub mod preload;

pub mod pace;

pub mod ack;

pub mod quantity;

pub mod durability;

pub mod player;

pub mod tally;

pub mod report;

pub mod fail_if;

pub mod stores;

pub mod lock;

pub mod guard;

pub mod inventory;

pub mod child;

pub mod trial;

pub mod proof;

pub mod test_bench;

pub mod limit;

pub mod hdr_files;

pub mod words;

pub mod output;

#[cfg(feature = "charts")]
pub mod charts;

#[cfg(feature = "charts")]
pub mod page;

#[cfg(feature = "charts")]
pub mod files;
