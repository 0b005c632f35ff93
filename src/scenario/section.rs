//! How a scenario section is declared: each default stands beside its source and its grade.

use serde::Serialize;

/// How well a default is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Published measurement, or computed from one.
    Measured,
    /// A vendor's figure: read, but made by somebody who sells something.
    Vendor,
    /// Often repeated; no primary source was found.
    Folklore,
    /// Our assumption; nothing published was found.
    Assumption,
    /// A choice of the scenario, not a claim about the world.
    Setting,
    /// Set by the scenario file or the command line.
    Yours,
}

impl Grade {
    /// The grade in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Vendor => "vendor",
            Self::Folklore => "folklore",
            Self::Assumption => "assumption",
            Self::Setting => "setting",
            Self::Yours => "yours",
        }
    }
}

/// Where the default of one key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Dotted key in the scenario file.
    pub key: String,
    /// How well the default is known.
    pub grade: Grade,
    /// The source, or the reason for an assumption.
    pub source: &'static str,
}

/// A table of the scenario file that knows where its defaults come from.
pub trait Section {
    /// Appends the evidence of every key below `prefix`.
    fn evidence(prefix: &str, out: &mut Vec<Evidence>);
}

/// The unit of a key, read from its name and the table it stands in; the name is the promise, this only spells it out.
pub fn unit_of(key: &str) -> &'static str {
    let (around, name) = key.rsplit_once('.').unwrap_or(("", key));
    match around.rsplit('.').next() {
        Some("shares") => return "share",
        Some("providers") if name.ends_with("_portable") => return "share",
        Some("risk") if name.ends_with("_per_year") => return "points per year",
        Some("risk") => return "points",
        _ => {}
    }
    const ENDINGS: [(&str, &str); 25] = [
        ("_cents_per_min", "cents per minute"),
        ("_cents_per_hour", "cents per hour"),
        ("_cents_per_contact", "cents per contact"),
        ("_cents_per_1000", "cents per 1,000"),
        ("_cents_per_day", "cents per day"),
        ("_power", "power"),
        ("_cents_per_1000_accounts_per_day", "cents per 1,000 accounts and day"),
        ("_per_100k_accounts_per_month", "per 100,000 accounts and 30 days"),
        ("_per_hour", "per hour"),
        ("_per_year", "per year"),
        ("_share_per_year", "share per year"),
        ("_per_point", "per point"),
        ("_cents", "cents"),
        ("share", "share"),
        ("_points", "points"),
        ("_weight", "weight"),
        ("_years", "years"),
        ("_days", "days"),
        ("day", "day"),
        ("_min", "minutes"),
        ("_h", "hours"),
        ("_s", "seconds"),
        ("_factor", "factor"),
        ("agents", "agents"),
        ("accounts", "accounts"),
    ];
    ENDINGS
        .iter()
        .filter(|(ending, _)| name.ends_with(ending))
        .max_by_key(|(ending, _)| ending.len())
        .map_or("", |(_, unit)| unit)
}

/// Declares a section: fields as `name: Type = default, grade, "source";`, then nested sections as `name: Type;`.
macro_rules! section {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty = $default:expr, $grade:ident, $source:expr; )*
        } sections {
            $( $(#[$nested_meta:meta])* $nested:ident: $nested_type:ty; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            $( $(#[$nested_meta])* pub $nested: $nested_type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    $( $field: $default, )*
                    $( $nested: Default::default(), )*
                }
            }
        }

        impl $crate::scenario::section::Section for $name {
            #[allow(unused_variables, reason = "a section may have no field or no nested section")]
            fn evidence(prefix: &str, out: &mut Vec<$crate::scenario::section::Evidence>) {
                $( out.push($crate::scenario::section::Evidence {
                    key: $crate::scenario::section::join(prefix, stringify!($field)),
                    grade: $crate::scenario::section::Grade::$grade,
                    source: $source,
                }); )*
                $( <$nested_type as $crate::scenario::section::Section>::evidence(
                    &$crate::scenario::section::join(prefix, stringify!($nested)), out); )*
            }
        }
    };
}

/// `prefix.key`, or `key` at the top.
pub(crate) fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}
