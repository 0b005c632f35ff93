//! Every dossier of one arm of a run's store.

use super::{ScanResult, verify_dossier};
use crate::error::Result;
use crate::identity::pages::{self, PageKind};
use crate::identity::store::DossierStore;
use crate::strategy::Strategy;
use crate::watch::Watch;

/// Pages that are read while as many are checked.
const READ_AHEAD: usize = 128;

/// Scans the dossiers of one arm; `strategy` is `None` for the control arm.
///
/// # Errors
///
/// If the store cannot be read, or if `watch` stops it.
pub fn verify_arm(store: &DossierStore, arm: u8, strategy: Option<&Strategy>, watch: &dyn Watch) -> Result<ScanResult> {
    use rayon::prelude::*;
    let mut found = ScanResult::default();
    for kind in [PageKind::Alone, PageKind::Settled] {
        let mut scan = store.pages(kind, arm);
        let mut read = || scan.by_ref().take(READ_AHEAD).collect::<Result<Vec<_>>>();
        let mut some = read()?;
        while !some.is_empty() {
            watch.look()?;
            // The next pages are read while these are checked: reading is the work of one thread.
            let (next, parts) = rayon::join(&mut read, || {
                some.par_iter().map(|page| verify_page(page, strategy)).collect::<Result<Vec<ScanResult>>>()
            });
            parts?.iter().for_each(|part| found.merge(part));
            some = next?;
        }
    }
    Ok(found)
}

fn verify_page(page: &[u8], strategy: Option<&Strategy>) -> Result<ScanResult> {
    let mut found = ScanResult::default();
    pages::read(page, |_, dossier| {
        verify_dossier(&dossier, strategy, &mut found);
        Ok(())
    })?;
    Ok(found)
}
