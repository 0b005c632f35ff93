//! The store must tell the same story as the counts.

use crate::engine::Replication;
use crate::error::Result;
use crate::identity::store::DossierStore;
use crate::identity::verify;
use crate::scenario::Scenario;
use crate::watch::Watch;

/// Verifies what the store holds of the first replication, arm by arm.
///
/// # Errors
///
/// If an invariant is broken, if store and counts disagree, if the store fails, or if the watch stops it.
pub(super) fn must_tell_the_same(
    store: &DossierStore,
    scenario: &Scenario,
    replications: &[Replication],
    watch: &dyn Watch,
) -> Result<()> {
    let Some(first) = replications.first() else {
        return Ok(());
    };
    for (arm, (result, strategy)) in first.arms.iter().zip(scenario.arms()).enumerate() {
        let found = verify::verify_arm(store, arm as u8, strategy, watch)?;
        found.must_hold()?;
        found.must_equal(&result.counts)?;
    }
    Ok(())
}
