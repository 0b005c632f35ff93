//! `--precision`: replications until measures are known as closely as is asked.

use clap::Args;

use crate::error::{Error, Result};
use crate::results::figure::Wanted;
use crate::results::precision::{MOST, Precision};

/// How closely measures are to be known.
#[derive(Debug, Args)]
pub(super) struct PrecisionArguments {
    /// Add replications until the 95 % interval of this measure is that narrow to either side, under every strategy: as in
    /// churned=0.1pp (of all accounts), cost=2% (of the mean), peak_calls=50; may be repeated
    #[arg(long, value_name = "MEASURE=HALF_WIDTH", value_delimiter = ',')]
    precision: Vec<String>,
    /// Most replications that --precision may take [default: 200]
    #[arg(long, value_name = "N")]
    max_replications: Option<u32>,
}

impl PrecisionArguments {
    /// What is asked for, if anything is.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not allowed.
    pub(super) fn asked(&self) -> Result<Option<Precision>> {
        if self.precision.is_empty() {
            return match self.max_replications {
                None => Ok(None),
                Some(_) => Err(Error::Input(
                    "--max-replications bounds --precision, which is not given: --replications states a number"
                        .to_owned(),
                )),
            };
        }
        let wanted = self.precision.iter().map(|text| Wanted::parse(text)).collect::<Result<Vec<_>>>()?;
        Precision::new(wanted, self.max_replications.unwrap_or(MOST)).map(Some)
    }

    /// Whether any of it is given.
    pub(super) fn is_given(&self) -> bool {
        !self.precision.is_empty() || self.max_replications.is_some()
    }
}
