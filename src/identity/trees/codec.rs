//! Codec: how keys and records become bytes.
//!
//! Keys are big-endian, so that what belongs to one account lies together, in order. A value is a version, the record
//! (postcard), and for accounts and identities a filler up to the size that such a record has in a real directory.

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Tree;
use crate::error::{Error, Result};
use crate::terms::operation::{AccountId, Identifier, IdentityId, TicketId, TokenId};

/// Version of records written now.
const VERSION: u8 = 1;

/// Bytes of the longest key.
const LONGEST: usize = 12;

/// A key as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyBytes {
    bytes: [u8; LONGEST],
    length: u8,
}

impl KeyBytes {
    /// A key of these parts, one after the other.
    ///
    /// # Panics
    ///
    /// If they are longer than twelve bytes together.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut key = Self { bytes: [0; LONGEST], length: 0 };
        for part in parts {
            let from = usize::from(key.length);
            key.bytes[from..from + part.len()].copy_from_slice(part);
            key.length += part.len() as u8;
        }
        key
    }
}

impl Deref for KeyBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// A key of a tree.
pub trait TreeKey: Sized {
    /// As bytes whose order is that of the keys.
    fn encode(self) -> KeyBytes;
    /// From bytes; `None` if they are no such key.
    fn decode(bytes: &[u8]) -> Option<Self>;
}

impl TreeKey for AccountId {
    fn encode(self) -> KeyBytes {
        KeyBytes::of(&[&self.0.to_be_bytes()])
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(u64::from_be_bytes(bytes)))
    }
}

impl TreeKey for IdentityId {
    fn encode(self) -> KeyBytes {
        KeyBytes::of(&[&self.0.to_be_bytes()])
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(u64::from_be_bytes(bytes)))
    }
}

impl TreeKey for Identifier {
    fn encode(self) -> KeyBytes {
        let (kind, number) = match self {
            Self::Email(number) => (b'e', number),
            Self::Phone(number) => (b'p', number),
            Self::Subject(number) => (b's', number),
            Self::Username(number) => (b'u', number),
            Self::OtherEmail(number) => (b'o', number),
        };
        KeyBytes::of(&[&[kind], &number.to_be_bytes()])
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, number) = bytes.split_first()?;
        let number = u64::from_be_bytes(number.try_into().ok()?);
        Some(match kind {
            b'e' => Self::Email(number),
            b'p' => Self::Phone(number),
            b's' => Self::Subject(number),
            b'u' => Self::Username(number),
            b'o' => Self::OtherEmail(number),
            _ => return None,
        })
    }
}

impl TreeKey for (AccountId, u32) {
    fn encode(self) -> KeyBytes {
        KeyBytes::of(&[&self.0.0.to_be_bytes(), &self.1.to_be_bytes()])
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (account, number) = bytes.split_at_checked(8)?;
        Some((AccountId::decode(account)?, u32::from_be_bytes(number.try_into().ok()?)))
    }
}

impl TreeKey for TokenId {
    fn encode(self) -> KeyBytes {
        (self.account, self.number).encode()
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        TreeKey::decode(bytes).map(|(account, number)| Self { account, number })
    }
}

impl TreeKey for TicketId {
    fn encode(self) -> KeyBytes {
        (self.account, self.number).encode()
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        TreeKey::decode(bytes).map(|(account, number)| Self { account, number })
    }
}

/// Puts a record into `value`, which is emptied first. Accounts and identities are filled up to `record_bytes`.
pub fn write<R: Serialize>(tree: Tree, key: &[u8], record: &R, record_bytes: usize, value: &mut Vec<u8>) -> Result<()> {
    value.clear();
    value.push(VERSION);
    let written = postcard::to_extend(record, std::mem::take(value));
    *value =
        written.map_err(|error| Error::Store(format!("a record of {} cannot be encoded: {error}", tree.name())))?;
    if matches!(tree, Tree::Legacy | Tree::Target) {
        fill(key, record_bytes, value);
    }
    Ok(())
}

/// The filler stands for names, addresses, consents: bytes that differ from record to record, so that no store gains by
/// compressing them.
fn fill(key: &[u8], record_bytes: usize, value: &mut Vec<u8>) {
    let mut state = xxhash_rust::xxh3::xxh3_64(key);
    while value.len() < record_bytes {
        // The step of a Weyl sequence, mixed by a multiplication (splitmix64 without its last rounds).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_le_bytes();
        let wanted = (record_bytes - value.len()).min(word.len());
        value.extend_from_slice(&word[..wanted]);
    }
}

/// The record in a value.
pub fn read<R: DeserializeOwned>(tree: Tree, value: &[u8]) -> Result<R> {
    let damaged = |what: String| Error::Check(format!("a record of {} is damaged: {what}", tree.name()));
    match value.split_first() {
        Some((&VERSION, record)) => postcard::take_from_bytes(record)
            .map(|(record, _)| record)
            .map_err(|error| damaged(error.to_string())),
        Some((version, _)) => Err(damaged(format!("it has version {version}, expected {VERSION}"))),
        None => Err(damaged("it is empty".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identifiers() -> impl Strategy<Value = Identifier> {
        (0..5, any::<u64>()).prop_map(|(kind, number)| match kind {
            0 => Identifier::Email(number),
            1 => Identifier::Phone(number),
            2 => Identifier::Subject(number),
            3 => Identifier::Username(number),
            _ => Identifier::OtherEmail(number),
        })
    }

    proptest! {
        #[test]
        fn keys_come_back_and_keep_their_order(a in any::<(u64, u32)>(), b in any::<(u64, u32)>(), i in identifiers()) {
            let key = |(account, number)| TokenId { account: AccountId(account), number };
            prop_assert_eq!(TokenId::decode(&key(a).encode()), Some(key(a)));
            prop_assert_eq!(a.cmp(&b), key(a).encode().cmp(&key(b).encode()));
            prop_assert_eq!(Identifier::decode(&i.encode()), Some(i));
            prop_assert_eq!(IdentityId::decode(&IdentityId(a.0).encode()), Some(IdentityId(a.0)));
            prop_assert_eq!(TokenId::decode(&i.encode()), None);
        }

        #[test]
        fn records_come_back_from_under_their_filler(id in any::<u64>(), bytes in 0_usize..600) {
            let mut value = Vec::new();
            write(Tree::Target, b"key", &IdentityId(id), bytes, &mut value).expect("written");
            prop_assert!(value.len() >= bytes && (value.len() == bytes || value.len() < 12));
            prop_assert_eq!(read::<IdentityId>(Tree::Target, &value).expect("read"), IdentityId(id));
            value[0] = 9;
            prop_assert!(read::<IdentityId>(Tree::Target, &value).is_err());
        }
    }
}
