//! `[grades]`, `[uncertain]` and `[[correlated]]`: how far the values of a scenario may be off, and which go together.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::{Correlation, Finite, Fold};

section! {
    /// How far the values of each grade may be off: nine times in ten the truth lies between a value divided by this factor
    /// and the value times it. Of shares it is the odds that are divided and multiplied. 1: values of the grade are taken as
    /// exact.
    pub struct Grades {
        /// For published measurements: another organisation measures something else.
        measured_factor: Fold = Fold::new(1.25), Assumption, "published figures of one thing differ by about this between organisations; not published as such";
        /// For figures of vendors.
        vendor_factor: Fold = Fold::new(1.5), Assumption, "told by somebody who sells something; not published";
        /// For what is often repeated.
        folklore_factor: Fold = Fold::new(2.0), Assumption, "no primary source was found; not published";
        /// For assumptions of ours.
        assumption_factor: Fold = Fold::new(2.5), Assumption, "nobody has measured it: a guess of 15 % may be 7 % or 31 %; not published";
        /// For values that the scenario sets to something else than the default.
        yours_factor: Fold = Fold::new(1.0), Assumption, "what you state is taken as known; where it is not, say so in `[uncertain]`";
    } sections {}
}

/// Ranges by key, as in `"journey.choice.desk_weight" = { low = 0.1, high = 0.5 }`.
pub type Ranges = BTreeMap<String, Range>;

/// Where a value lies nine times in ten: once in twenty below, once in twenty above. A share is logit-normal, anything else
/// lognormal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// It lies below this once in twenty.
    pub low: Finite,
    /// It lies above this once in twenty.
    pub high: Finite,
}

/// Values that are high or low together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Correlated {
    /// What they have in common.
    pub name: String,
    /// Their keys, two or more; a key stands in one such list only.
    pub keys: Vec<String>,
    /// The correlation of each two of them, on the scale of logarithms or log odds.
    pub correlation: Correlation,
}

impl Correlated {
    /// What cannot be in lists, whatever their keys are: the place of the list, which key of it is wrong, and why.
    pub fn mistakes(lists: &[Self]) -> Vec<(usize, &'static str, String)> {
        let mut mistakes = Vec::new();
        let mut taken: Vec<&str> = Vec::new();
        for (place, list) in lists.iter().enumerate() {
            for key in &list.keys {
                if taken.contains(&key.as_str()) {
                    let message = format!("{key} stands in two lists or twice in one: expected one");
                    mistakes.push((place, "keys", message));
                }
                taken.push(key);
            }
            let (keys, correlation) = (list.keys.len(), list.correlation.get());
            if keys < 2 {
                mistakes.push((place, "keys", "expected two keys or more".to_owned()));
                continue;
            }
            let least = -1.0 / (keys - 1) as f64;
            if correlation <= least {
                let message = format!(
                    "{keys} keys cannot all have a correlation of {correlation} with each other: expected more than {least:.3}"
                );
                mistakes.push((place, "correlation", message));
            }
        }
        mistakes
    }
}
