//! Tables of the identity store, and the small key-value view through which the rules see them.
//!
//! Each table is one tree of a transactional store and one column of a [`Dossier`].

use std::convert::Infallible;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::dossier::Dossier;
use super::record::{AuditRecord, LegacyRecord, SessionRecord, TargetRecord, TicketRecord, TokenRecord};
use super::trees::Tree;
use super::trees::codec::TreeKey;
use crate::terms::operation::{AccountId, Identifier, IdentityId, TicketId, TokenId};

/// A table: its key, its record, and where a dossier keeps it.
pub trait Table {
    /// The key.
    type Key: Copy + Eq + Serialize + TreeKey;
    /// The record.
    type Record: Copy + Serialize + DeserializeOwned;
    /// The tree of it.
    const TREE: Tree;
    /// The column of a dossier.
    fn column(dossier: &Dossier) -> &Vec<(Self::Key, Self::Record)>;
    /// The column of a dossier, to change it.
    fn column_mut(dossier: &mut Dossier) -> &mut Vec<(Self::Key, Self::Record)>;
}

/// What the rules need of a store: read and write single records.
pub trait View {
    /// What can go wrong with the store itself.
    type Error;
    /// The record under `key`.
    fn get<T: Table>(&self, key: T::Key) -> Result<Option<T::Record>, Self::Error>;
    /// Writes a record under a key that is new.
    fn insert<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Self::Error>;
    /// Writes the record under `key`, new or not.
    fn put<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Self::Error>;
}

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $key:ty => $record:ty, $column:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Table for $name {
            type Key = $key;
            type Record = $record;
            const TREE: Tree = Tree::$name;
            fn column(dossier: &Dossier) -> &Vec<($key, $record)> {
                &dossier.$column
            }
            fn column_mut(dossier: &mut Dossier) -> &mut Vec<($key, $record)> {
                &mut dossier.$column
            }
        }
    };
}

table!(
    /// Accounts of the legacy directory.
    Legacy, AccountId => LegacyRecord, legacy
);
table!(
    /// Identities of the target directory.
    Target, IdentityId => TargetRecord, target
);
table!(
    /// Which identity an identifier leads to.
    Identifiers, Identifier => IdentityId, identifiers
);
table!(
    /// Links and codes.
    Tokens, TokenId => TokenRecord, tokens
);
table!(
    /// Legacy sessions, by account.
    Sessions, AccountId => SessionRecord, sessions
);
table!(
    /// Cases.
    Tickets, TicketId => TicketRecord, tickets
);
table!(
    /// Audit trails: entries of an account are numbered from 0 without a gap.
    Audit, (AccountId, u32) => AuditRecord, audit
);

impl View for Dossier {
    type Error = Infallible;

    #[inline]
    fn get<T: Table>(&self, key: T::Key) -> Result<Option<T::Record>, Infallible> {
        // Columns are short and the newest record is the likeliest to be asked for.
        Ok(T::column(self).iter().rev().find(|(known, _)| *known == key).map(|(_, record)| *record))
    }

    #[inline]
    fn insert<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Infallible> {
        T::column_mut(self).push((key, record));
        Ok(())
    }

    #[inline]
    fn put<T: Table>(&mut self, key: T::Key, record: T::Record) -> Result<(), Infallible> {
        let column = T::column_mut(self);
        match column.iter_mut().rev().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = record,
            None => column.push((key, record)),
        }
        Ok(())
    }
}
