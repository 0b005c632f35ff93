//! Pages: neighbouring dossiers packed into values of a few kilobytes under sequential keys, which is what an embedded
//! store takes best.

use super::dossier::Dossier;
use crate::error::{Error, Result};

/// When a page was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// Dossiers of units that reached the horizon alone.
    Alone,
    /// Dossiers of units that needed the desk.
    Settled,
}

impl PageKind {
    /// First byte of the keys of such pages.
    pub fn prefix(self) -> u8 {
        match self {
            Self::Alone => b'a',
            Self::Settled => b's',
        }
    }
}

/// A page: its key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierPage {
    /// Kind, arm, number of the first unit.
    pub key: [u8; 10],
    /// Compressed dossiers, each after the number of its unit.
    pub value: Vec<u8>,
}

/// Bytes of dossiers in a page, before compression.
const PAGE_BYTES: usize = 16_384;

/// Packs dossiers of one kind and arm into pages.
#[derive(Debug)]
pub struct Pages {
    kind: PageKind,
    arm: u8,
    first_unit: u64,
    bytes: Vec<u8>,
    pages: Vec<DossierPage>,
}

impl Pages {
    /// No pages yet.
    pub fn new(kind: PageKind, arm: usize) -> Self {
        Self {
            kind,
            arm: arm as u8,
            first_unit: 0,
            bytes: Vec::new(),
            pages: Vec::new(),
        }
    }

    /// Adds the dossier of a unit; units come in order.
    pub fn add(&mut self, unit: u64, dossier: &Dossier) -> Result<()> {
        if self.bytes.is_empty() {
            self.first_unit = unit;
        }
        self.bytes = postcard::to_extend(&(unit, dossier), std::mem::take(&mut self.bytes))
            .map_err(|error| Error::Store(format!("a dossier cannot be encoded: {error}")))?;
        if self.bytes.len() >= PAGE_BYTES {
            self.turn();
        }
        Ok(())
    }

    fn turn(&mut self) {
        self.pages.push(DossierPage {
            key: key(self.kind, self.arm, self.first_unit),
            value: lz4_flex::compress_prepend_size(&self.bytes),
        });
        self.bytes.clear();
    }

    /// All pages.
    pub fn finish(mut self) -> Vec<DossierPage> {
        if !self.bytes.is_empty() {
            self.turn();
        }
        self.pages
    }
}

/// The key of the page that begins with `first_unit`.
pub fn key(kind: PageKind, arm: u8, first_unit: u64) -> [u8; 10] {
    let mut key = [0; 10];
    key[0] = kind.prefix();
    key[1] = arm;
    key[2..].copy_from_slice(&first_unit.to_be_bytes());
    key
}

/// Visits the dossiers of a page.
pub fn read(value: &[u8], mut visit: impl FnMut(u64, Dossier) -> Result<()>) -> Result<()> {
    let broken = |error: &dyn std::fmt::Display| Error::Check(format!("a page of the store is damaged: {error}"));
    let bytes = lz4_flex::decompress_size_prepended(value).map_err(|error| broken(&error))?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let ((unit, dossier), after) =
            postcard::take_from_bytes::<(u64, Dossier)>(rest).map_err(|error| broken(&error))?;
        visit(unit, dossier)?;
        rest = after;
    }
    Ok(())
}
