//! Durability: when a request may be acknowledged.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::quantity;

/// When a request is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// When it is committed; a crash may lose what has not been flushed.
    None,
    /// After the flush that covers it; flushes begin at most so many microseconds apart.
    Group(u64),
    /// After a flush of its own.
    Each,
}

/// Flushes do not begin closer together: that would only keep a core busy.
const SHORTEST_US: u64 = 100;

impl Durability {
    /// Reads `none`, `group:10ms` or `each`.
    ///
    /// # Errors
    ///
    /// What is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("group", every)) => match quantity::duration_us(every)? {
                every_us if every_us < SHORTEST_US => Err(format!("'{text}': expected at least 100us between flushes")),
                every_us => Ok(Self::Group(every_us)),
            },
            None if text == "none" => Ok(Self::None),
            None if text == "each" => Ok(Self::Each),
            _ => Err(format!("'{text}' is not a durability: expected none, group:10ms or each")),
        }
    }

    /// Whether what is acknowledged must survive the death of the process.
    pub fn promises(self) -> bool {
        self != Self::None
    }
}

impl fmt::Display for Durability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Group(us) if us % 1_000 == 0 => write!(f, "group:{}ms", us / 1_000),
            Self::Group(us) => write!(f, "group:{us}us"),
            Self::Each => f.write_str("each"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durabilities_are_read_as_they_are_written() {
        for durability in [
            Durability::None,
            Durability::Group(10_000),
            Durability::Group(1_500),
            Durability::Each,
        ] {
            assert_eq!(Durability::parse(&durability.to_string()), Ok(durability));
        }
        for wrong in ["", "group", "group:", "group:10", "all", "each:1s", "group:50us"] {
            assert!(Durability::parse(wrong).is_err(), "{wrong}");
        }
    }
}
