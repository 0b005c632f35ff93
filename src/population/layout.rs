//! Where accounts and units are numbered: segments in a row, in each segment the kinds of unit, in each kind the sizes.

use super::quota::{allocate, of};
use super::unit::{Unit, UnitKind};
use crate::scenario::population::{Shares, UnitSizes};

/// Units of one kind and size, in one segment, numbered in a row.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub segment: u8,
    pub kind: UnitKind,
    pub size: u64,
    pub first_unit: u64,
    pub first_account: u64,
}

/// Which contact points an account has to itself. Shared contact points are taken to be alive: several people use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Group {
    /// Its own mailbox and phone.
    Own,
    /// A shared mailbox, its own phone.
    SharedMailbox,
    /// Its own mailbox, a shared phone.
    SharedPhone,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::Own, Self::SharedMailbox, Self::SharedPhone];

    pub fn of(kind: UnitKind) -> Self {
        match kind {
            UnitKind::Single => Self::Own,
            UnitKind::Household | UnitKind::BusinessMailbox | UnitKind::Duplicate => Self::SharedMailbox,
            UnitKind::SharedPhone => Self::SharedPhone,
        }
    }
}

/// Numbering of units and accounts.
#[derive(Clone, Debug)]
pub struct Layout {
    runs: Vec<Stretch>,
    units: u64,
    accounts: u64,
    /// Accounts of each segment.
    pub segments: Vec<u64>,
    /// First account and number of accounts of each group of each segment.
    pub groups: Vec<[(u64, u64); 3]>,
}

impl Layout {
    /// Lays out `accounts` accounts; `shares` holds each segment's share of accounts and its edge cases, `mix` the sizes of
    /// units.
    pub fn new(accounts: u64, shares: &[(f64, &Shares)], mix: &UnitSizes) -> Self {
        let weights: Vec<f64> = shares.iter().map(|(share, _)| *share).collect();
        let segments = allocate(accounts, &weights, &vec![accounts; shares.len()]);
        type ShareOf = fn(&Shares) -> f64;
        let kinds: [(UnitKind, ShareOf); 4] = [
            (UnitKind::Household, |s| s.household.get()),
            (UnitKind::BusinessMailbox, |s| s.business_mailbox.get()),
            (UnitKind::Duplicate, |s| s.duplicate.get()),
            (UnitKind::SharedPhone, |s| s.shared_phone.get()),
        ];
        let counts = kinds.map(|(_, share)| {
            let wanted: Vec<f64> =
                shares.iter().zip(&segments).map(|((_, shares), &n)| share(shares) * n as f64).collect();
            allocate(of(1.0, wanted.iter().sum::<f64>().round() as u64), &wanted, &segments)
        });

        let mut layout = Self {
            runs: Vec::new(),
            units: 0,
            accounts: 0,
            segments: segments.clone(),
            groups: Vec::new(),
        };
        for (segment, &n) in segments.iter().enumerate() {
            let sizes: Vec<_> = kinds
                .iter()
                .zip(&counts)
                .map(|(&(kind, _), counts)| (kind, unit_sizes(kind, counts[segment], mix)))
                .collect();
            let in_units: u64 = sizes.iter().flat_map(|(_, sizes)| sizes).map(|(size, units)| size * units).sum();
            let mut groups = [(0, 0); 3];
            layout.push(segment, UnitKind::Single, 1, n - in_units, &mut groups);
            for (kind, sizes) in sizes {
                for (size, units) in sizes {
                    layout.push(segment, kind, size, units, &mut groups);
                }
            }
            layout.groups.push(groups);
        }
        debug_assert_eq!(layout.accounts, accounts);
        layout
    }

    fn push(&mut self, segment: usize, kind: UnitKind, size: u64, units: u64, groups: &mut [(u64, u64); 3]) {
        if units == 0 {
            return;
        }
        self.runs.push(Stretch {
            segment: segment as u8,
            kind,
            size,
            first_unit: self.units,
            first_account: self.accounts,
        });
        let group = &mut groups[Group::of(kind) as usize];
        if group.1 == 0 {
            group.0 = self.accounts;
        }
        group.1 += size * units;
        self.units += units;
        self.accounts += size * units;
    }

    pub fn units(&self) -> u64 {
        self.units
    }

    pub fn accounts(&self) -> u64 {
        self.accounts
    }

    /// The run that holds a unit, and the unit's first account.
    #[inline]
    pub fn run(&self, unit: u64) -> (&Stretch, u64) {
        let run = &self.runs[self.runs.partition_point(|run| run.first_unit <= unit) - 1];
        (run, run.first_account + (unit - run.first_unit) * run.size)
    }

    pub fn unit_of(&self, account: u64) -> u64 {
        let run = &self.runs[self.runs.partition_point(|run| run.first_account <= account) - 1];
        run.first_unit + (account - run.first_account) / run.size
    }
}

/// Sizes of the units into which `accounts` accounts of a kind are cut: (size, number of units). They are those of the
/// mix, with an odd size or two so that every account finds a place where that is possible.
fn unit_sizes(kind: UnitKind, accounts: u64, mix: &UnitSizes) -> Vec<(u64, u64)> {
    // Of the accounts: shares of the larger sizes; the rest in the smallest, one unit of which takes the odd ones.
    let (smallest, larger): (u64, &[(u64, f64)]) = match kind {
        UnitKind::Single => (1, &[]),
        UnitKind::Household => (
            2,
            &[
                (4, mix.household_fours_share.get()),
                (3, mix.household_threes_share.get()),
            ],
        ),
        UnitKind::BusinessMailbox => {
            let twelves = (Unit::LARGEST as u64, mix.business_twelves_share.get());
            (3, &[twelves, (6, mix.business_sixes_share.get())])
        }
        UnitKind::SharedPhone | UnitKind::Duplicate => (2, &[]),
    };
    if accounts < smallest {
        return Vec::new();
    }
    let mut left = accounts;
    let mut sizes = Vec::new();
    for &(size, share) in larger {
        let units = ((share * accounts as f64 / size as f64) as u64).min(left / size);
        sizes.push((size, units));
        left -= size * units;
    }
    let odd = left % smallest;
    if odd > 0 && left > smallest && kind != UnitKind::Duplicate {
        sizes.push((smallest + odd, 1));
        left -= smallest + odd;
    }
    sizes.push((smallest, left / smallest));
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Share;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_account_has_its_place(
            accounts in 0u64..4000,
            household in 0.0f64..0.4,
            business in 0.0f64..0.2,
            duplicate in 0.0f64..0.2,
            phone in 0.0f64..0.2,
            (larger, of_them) in (0.0f64..=1.0, 0.0f64..=1.0),
        ) {
            let mix = UnitSizes {
                household_fours_share: Share::new(larger * of_them),
                household_threes_share: Share::new(larger * (1.0 - of_them)),
                business_twelves_share: Share::new(larger * of_them),
                business_sixes_share: Share::new(larger * (1.0 - of_them)),
            };
            let shares = |factor: f64| Shares {
                household: Share::new(household * factor),
                business_mailbox: Share::new(business * factor),
                duplicate: Share::new(duplicate * factor),
                shared_phone: Share::new(phone * factor),
                ..Shares::default()
            };
            let (a, b) = (shares(1.0), shares(0.3));
            let layout = Layout::new(accounts, &[(0.7, &a), (0.3, &b)], &mix);
            prop_assert_eq!(layout.accounts(), accounts);
            let mut next = 0;
            for unit in 0..layout.units() {
                let (run, first) = layout.run(unit);
                prop_assert_eq!(first, next);
                prop_assert!(run.size as usize <= Unit::LARGEST);
                for account in first..first + run.size {
                    prop_assert_eq!(layout.unit_of(account), unit);
                }
                next += run.size;
            }
            prop_assert_eq!(next, accounts);
        }
    }
}
