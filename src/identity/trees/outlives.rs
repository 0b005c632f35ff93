//! What a flush outlives: the loss of power, or only the death of the process.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is still there of what was flushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outlives {
    /// All, also after the loss of power: it is on disk.
    #[default]
    Power,
    /// All, if nothing but the process dies: it is with the operating system.
    Process,
}

impl Outlives {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Power, Self::Process];

    /// Name on the command line and in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Power => "power",
            Self::Process => "process",
        }
    }

    /// Reads `power` or `process`.
    ///
    /// # Errors
    ///
    /// What is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|outlives| outlives.key() == text);
        named.ok_or_else(|| format!("'{text}': expected power (it is on disk) or process (the system has it)"))
    }
}

impl fmt::Display for Outlives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Power => "the loss of power",
            Self::Process => "the death of the process, not the loss of power",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for outlives in Outlives::ALL {
            assert_eq!(Outlives::parse(outlives.key()), Ok(outlives));
            assert_eq!(serde_json::to_value(outlives).expect("JSON"), outlives.key());
        }
        let said = Outlives::parse("anything").expect_err("no such thing");
        assert!(said.contains("power") && said.contains("process"), "{said}");
    }
}
