//! Load: the operations of a simulated migration, played against a real store as fast as asked, with proof that nothing
//! is lost.
//!
//! ```text
//! engine::script ─► window ─► sequence ─► preload ─► player ─► log of acknowledgements ─┬─► tally ─► report
//!  (one strategy,   (which     (requests    (the store    (open or    (what the client      └─► proof (nothing lost,
//!   simulated)       hour)      in time      as it was     closed      was told, and when)             nothing twice)
//!                               order)       before)       loop)
//! ```
//!
//! A request is what one customer, agent or job asks of the store at one moment: one transaction. The player sends
//! requests when they are due, whatever the store does; a request's latency counts from when it was due.

pub mod kind;

pub mod window;

pub mod request;

pub mod sequence;

pub mod preload;

pub mod pace;

pub mod ack;

pub mod quantity;

pub mod durability;

pub mod player;

pub mod process;

pub mod tally;

pub mod report;

pub mod fail_if;

pub mod stores;

pub mod child;

pub mod trial;

pub mod proof;

pub mod rig;

pub mod limit;

pub mod hdr_files;

pub mod words;

pub mod charts;

pub mod page;

pub mod output;
