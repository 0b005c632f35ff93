//! Verify by trees: the invariants of a load test's store.
//!
//! All that belongs to one account lies together in every tree, so the trees are read side by side and only one account
//! is in memory at a time. Identifiers and identities are in no such order: each is looked up from the other side.

use super::cursor::Cursor;
use super::{Encoded, Scratch, Stop, TreeStore};
use crate::error::Result;
use crate::identity::table::{Audit, Identifiers, Legacy, Sessions, Table, Target, Tickets, Tokens};
use crate::identity::verify::account::{self, AccountRows};
use crate::identity::verify::directory::{self, Balance};
use crate::identity::verify::{Invariant, ScanResult};
use crate::strategy::Strategy;
use crate::terms::operation::{AccountId, IdentityId};

/// Records looked up in one transaction.
const LOOKUPS: usize = 256;

/// Checks every invariant but that of outcomes, which such a store does not hold. Nobody should write meanwhile.
///
/// # Errors
///
/// If the store fails or a record cannot be read. What is broken is no error, but found.
pub fn verify_trees(store: &dyn TreeStore, strategy: &Strategy) -> Result<ScanResult> {
    let mut found = ScanResult::default();
    accounts(store, strategy, &mut found)?;
    crossed::<Identifiers>(store, &mut found, |view, identifier, identity| {
        Ok((identity, directory::leads_back(view, identifier, identity)?))
    })?;
    crossed::<Target>(store, &mut found, |view, identity, target| {
        Ok((identity, directory::is_found(view, identity, target.identifier)?))
    })?;
    Ok(found)
}

fn accounts(store: &dyn TreeStore, strategy: &Strategy, found: &mut ScanResult) -> Result<()> {
    let mut join = Join::new(store);
    let mut targets = Cursor::<Target>::new(store);
    let mut balance = Balance::default();
    let mut rows = AccountRows::default();
    while let Some(account) = join.next(&mut rows)? {
        account::check(account, &rows, Some(strategy), found);
        if let Some(identity) = rows.legacy.and_then(|legacy| legacy.linked) {
            balance.linked(identity);
        }
        // At once, because most accounts are linked to their own identity: so what is out of balance stays small.
        while let Some((identity, target)) = targets.next_if(|identity| identity.account() <= account)? {
            balance.said(identity, target.accounts);
        }
    }
    while let Some((identity, target)) = targets.next_if(|_| true)? {
        balance.said(identity, target.accounts);
    }
    balance.close(found);
    Ok(())
}

/// Looks every record of a tree up from the other side: `sound` says for which identity, and whether it leads back.
fn crossed<T: Table>(
    store: &dyn TreeStore,
    found: &mut ScanResult,
    sound: impl Fn(&Encoded<'_>, T::Key, T::Record) -> Result<(IdentityId, bool), Stop>,
) -> Result<()> {
    let mut cursor = Cursor::<T>::new(store);
    let mut scratch = Scratch::default();
    loop {
        let mut rows = Vec::with_capacity(LOOKUPS);
        while let Some(row) = cursor.next_if(|_| rows.len() < LOOKUPS)? {
            rows.push(row);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let mut broken = Vec::new();
        store.transact(false, &mut |transaction| {
            broken.clear();
            let view = Encoded::new(transaction, &mut scratch, 0);
            for (key, record) in &rows {
                let (identity, sound) = sound(&view, *key, *record)?;
                if !sound {
                    broken.push(identity.account());
                }
            }
            Ok(())
        })?;
        broken.iter().for_each(|account| found.break_one(Invariant::Identifier, account.0));
    }
}

/// The trees that are ordered by account, side by side.
struct Join<'a> {
    legacy: Cursor<'a, Legacy>,
    sessions: Cursor<'a, Sessions>,
    tokens: Cursor<'a, Tokens>,
    tickets: Cursor<'a, Tickets>,
    trails: Cursor<'a, Audit>,
}

impl<'a> Join<'a> {
    fn new(store: &'a dyn TreeStore) -> Self {
        Self {
            legacy: Cursor::new(store),
            sessions: Cursor::new(store),
            tokens: Cursor::new(store),
            tickets: Cursor::new(store),
            trails: Cursor::new(store),
        }
    }

    /// The next account of which there is anything.
    fn next(&mut self, rows: &mut AccountRows) -> Result<Option<AccountId>> {
        rows.clear();
        let owners = [
            self.legacy.peek()?,
            self.sessions.peek()?,
            self.tokens.peek()?.map(|token| token.account),
            self.tickets.peek()?.map(|ticket| ticket.account),
            self.trails.peek()?.map(|(account, _)| account),
        ];
        let Some(next) = owners.into_iter().flatten().min() else {
            return Ok(None);
        };
        rows.legacy = self.legacy.next_if(|account| account == next)?.map(|(_, legacy)| legacy);
        rows.session = self.sessions.next_if(|account| account == next)?.map(|(_, session)| session);
        while let Some((token, record)) = self.tokens.next_if(|token| token.account == next)? {
            rows.tokens.push((token.number, record));
        }
        while self.tickets.next_if(|ticket| ticket.account == next)?.is_some() {}
        while let Some(((_, number), entry)) = self.trails.next_if(|(account, _)| account == next)? {
            rows.trail.push((number, entry));
        }
        Ok(Some(next))
    }
}
