//! Identity: records, operations, the one set of rules they obey, and the stores that hold them.

pub mod record;

pub mod table;

pub mod rules;

pub mod dossier;

pub mod pages;

pub mod filing;

#[cfg(feature = "store")]
pub mod sled_folder;

#[cfg(feature = "store")]
pub mod store;

pub mod verify;

pub mod trees;
