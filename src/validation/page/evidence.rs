//! The part about where the defaults come from.

/// Where the published numbers are wired, and which were left out.
pub(super) const DEFAULTS: &str = "TODO\n";
