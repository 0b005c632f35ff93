//! The view of the rules onto a transaction: records instead of bytes.

use super::{Stop, Transaction, codec};
use crate::identity::table::{Table, View};
use codec::TreeKey;

/// Memory that is used again from transaction to transaction, and what the last one wrote.
#[derive(Debug, Default)]
pub struct Scratch {
    value: std::cell::RefCell<Vec<u8>>,
    /// Bytes of keys and values written.
    pub written: u64,
}

/// A transaction, seen as tables.
pub struct Encoded<'a> {
    transaction: &'a mut dyn Transaction,
    scratch: &'a mut Scratch,
    record_bytes: usize,
}

impl<'a> Encoded<'a> {
    /// A view in which accounts and identities are at least so many bytes long.
    pub fn new(transaction: &'a mut dyn Transaction, scratch: &'a mut Scratch, record_bytes: usize) -> Self {
        scratch.written = 0;
        Self { transaction, scratch, record_bytes }
    }
}

impl View for Encoded<'_> {
    type Error = Stop;

    fn get<T: Table>(&self, key: T::Key) -> Result<Option<T::Record>, Stop> {
        let mut value = self.scratch.value.borrow_mut();
        if self.transaction.get(T::TREE, &key.encode(), &mut value)? {
            Ok(Some(codec::read(T::TREE, &value)?))
        } else {
            Ok(None)
        }
    }

    fn insert<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Stop> {
        self.put::<T>(key, record)
    }

    fn put<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Stop> {
        let key = key.encode();
        let value = self.scratch.value.get_mut();
        codec::write(T::TREE, &key, &record, self.record_bytes, value)?;
        self.scratch.written += (key.len() + value.len()) as u64;
        self.transaction.put(T::TREE, &key, value)
    }
}
