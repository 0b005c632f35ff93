//! A population read from a directory export.
use crate::population::unit::Unit;
use crate::random::Seed;
/// Imported.
#[derive(Clone, Debug)]
pub struct Imported;
impl Imported {
    pub fn with_seed(&self, _seed: Seed) -> Self {
        Imported
    }
    pub fn accounts(&self) -> u64 {
        0
    }
    pub fn units(&self) -> u64 {
        0
    }
    pub fn unit_of(&self, _: u64) -> u64 {
        0
    }
    pub fn first_account(&self, _: u64) -> u64 {
        0
    }
    pub fn unit(&self, _: u64, _: &mut Unit) {}
}
