//! Strategy = rollout × policy × controls: when an account is moved, what it is given, and under which safeguards.
//!
//! A strategy is data. The built-in ones are the files under `scenarios/strategies/`, which the binary carries; a
//! scenario names one, changes some of its keys, or writes its own. A plan is a strategy made ready for a run.

pub mod gate;

pub mod rollout;

pub mod policy;

pub mod treatment;

pub mod controls;

mod setters;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use controls::Controls;
use policy::{Rule, Scorecard};
use rollout::Rollout;
use treatment::Treatment;

/// A migration strategy as a scenario states it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Strategy {
    /// Name in reports and in `--set` and `--strategy`, unique and not `stay`; that of the preset if left out.
    pub name: String,
    /// What it does, in a sentence for the report.
    #[serde(default)]
    pub summary: String,
    /// When accounts are moved.
    pub rollout: Rollout,
    /// When the legacy platform stops answering, and what happens to accounts that have not moved by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// Who gets what: an ordered list of rules, at least one, of which the first that matches decides. It comes with a
    /// preset.
    pub policy: Vec<Rule>,
    /// Safeguards: a table, or the name of a set, as in `"strict"`.
    #[serde(default)]
    pub controls: Controls,
    /// Points of the risk score over record fields.
    #[serde(default)]
    pub risk: Scorecard,
    /// Values that were set in code and are not allowed, by key: a scenario with this strategy is refused.
    #[serde(skip)]
    #[schemars(skip)]
    pub(crate) refused: Vec<(&'static str, toml::Value)>,
}

impl Strategy {
    /// Day on which the rollout reaches its first account.
    pub fn first_day(&self) -> f64 {
        match &self.rollout {
            Rollout::BigBang(bang) => bang.day.get(),
            Rollout::OnSignIn(open) => open.day.get(),
            Rollout::Waves(waves) => waves.first_day(),
            Rollout::Adaptive(adaptive) => adaptive.waves.first_day(),
        }
    }
}

/// The end of the legacy platform. Accounts whose treatment leans on it then get the tail treatment; others keep theirs.
/// The cost of the legacy platform ends here. Without this table it runs to the horizon, and costs for
/// `prices.legacy_days_after` more. It cannot go with the
/// treatment `federate`, for which the legacy platform goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CutOff {
    /// Days from the start to the end of the legacy platform. It must lie behind the last wave and may lie beyond the
    /// horizon.
    pub day: crate::values::Amount,
    /// Treatment of the accounts that still depend on the legacy platform then; not one that needs it, as `lazy_verify`,
    /// `ask_reset`, `passkey`, `federate` and `defer` do.
    pub tail: Treatment,
}

/// The built-in strategies: name and file.
pub const PRESETS: [(&str, &str); 14] = [
    ("reset-only", include_str!("../scenarios/strategies/reset-only.toml")),
    ("waved-reset", include_str!("../scenarios/strategies/waved-reset.toml")),
    ("guided-reset", include_str!("../scenarios/strategies/guided-reset.toml")),
    ("ask-first", include_str!("../scenarios/strategies/ask-first.toml")),
    ("hash-import", include_str!("../scenarios/strategies/hash-import.toml")),
    ("import-and-lazy", include_str!("../scenarios/strategies/import-and-lazy.toml")),
    ("lazy", include_str!("../scenarios/strategies/lazy.toml")),
    ("lazy-magic-tail", include_str!("../scenarios/strategies/lazy-magic-tail.toml")),
    ("magic-link", include_str!("../scenarios/strategies/magic-link.toml")),
    ("passkey-first", include_str!("../scenarios/strategies/passkey-first.toml")),
    ("social-relink", include_str!("../scenarios/strategies/social-relink.toml")),
    ("risk-based", include_str!("../scenarios/strategies/risk-based.toml")),
    ("prune-dormant", include_str!("../scenarios/strategies/prune-dormant.toml")),
    ("federate", include_str!("../scenarios/strategies/federate.toml")),
];

/// The name of the control arm in which nothing is migrated.
pub const STAY: &str = "stay";
