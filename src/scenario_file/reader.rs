//! Reader: hands the values of a scenario to the types that read them, and keeps what they complain of as it is.
//!
//! The TOML library's own reader would do the same, but it turns each complaint into a sentence at once; what was found,
//! what was expected and which key is missing could then only be had by taking that sentence apart.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Value;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It is of another type, or lies out of bounds.
    NotExpected {
        /// What it is, for people.
        found: String,
        /// What the type that reads it says that it expects.
        expected: String,
    },
    /// It is no kind of what is expected, or not in the form that its kind asks for.
    NoSuchForm,
    /// There is no kind of that name.
    UnknownKind(String),
    /// A table that names a kind has no key, or several.
    NotOneKind,
    /// A key is missing.
    Missing(&'static str),
    /// What the type itself says about it.
    Said(String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotExpected { found, expected } => write!(f, "{found} is not allowed here: expected {expected}"),
            Self::NoSuchForm => f.write_str("it is not allowed here"),
            Self::UnknownKind(kind) => write!(f, "`{kind}` is not allowed here"),
            Self::NotOneKind => f.write_str("exactly one key is needed"),
            Self::Missing(key) => write!(f, "the key `{key}` is missing"),
            Self::Said(said) => f.write_str(said),
        }
    }
}

impl std::error::Error for Mistake {}

impl Error for Mistake {
    fn custom<T: fmt::Display>(said: T) -> Self {
        Self::Said(said.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::not_expected(found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::not_expected(found, expected)
    }

    fn unknown_variant(kind: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownKind(kind.to_owned())
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(key)
    }
}

impl Mistake {
    fn not_expected(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::UnitVariant
            | Unexpected::NewtypeVariant
            | Unexpected::TupleVariant
            | Unexpected::StructVariant => return Self::NoSuchForm,
            Unexpected::Map => "a table".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            other => other.to_string(),
        };
        Self::NotExpected { found, expected: expected.to_string() }
    }
}

/// A value, to be read.
#[derive(Clone, Debug)]
pub struct Given(pub Value);

impl IntoDeserializer<'_, Mistake> for Given {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Boolean(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Float(value) => visitor.visit_f64(value),
            Value::String(value) => visitor.visit_string(value),
            Value::Datetime(value) => visitor.visit_string(value.to_string()),
            Value::Array(values) => {
                let mut values = SeqDeserializer::new(values.into_iter().map(Self));
                let read = visitor.visit_seq(&mut values)?;
                values.end().map(|()| read)
            }
            Value::Table(table) => {
                let mut entries = MapDeserializer::new(table.into_iter().map(|(key, value)| (key, Self(value))));
                let read = visitor.visit_map(&mut entries)?;
                entries.end().map(|()| read)
            }
        }
    }

    /// A choice: a word, or a table with one key.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            Value::Table(table) => {
                let mut entries = table.into_iter();
                match (entries.next(), entries.next()) {
                    (Some((kind, value)), None) => visitor.visit_enum(KindTable { kind, value: Self(value) }),
                    _ => Err(Mistake::NotOneKind),
                }
            }
            _ => Err(Mistake::NoSuchForm),
        }
    }

    /// What is there is there: a key that is left out is never asked for.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A table with one key: a kind, and what belongs to it.
struct KindTable {
    kind: String,
    value: Given,
}

impl<'de> EnumAccess<'de> for KindTable {
    type Error = Mistake;
    type Variant = Given;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Given), Mistake> {
        let kind: StringDeserializer<Mistake> = self.kind.into_deserializer();
        Ok((seed.deserialize(kind)?, self.value))
    }
}

impl<'de> VariantAccess<'de> for Given {
    type Error = Mistake;

    fn unit_variant(self) -> Result<(), Mistake> {
        match self.0 {
            Value::Table(table) if table.is_empty() => Ok(()),
            Value::Array(values) if values.is_empty() => Ok(()),
            _ => Err(Mistake::Said("nothing is allowed here: the word alone is enough".to_owned())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mistake> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::strategy::rollout::Rollout;
    use crate::strategy::treatment::Treatment;

    fn mistake<T: for<'de> Deserialize<'de>>(toml: &str) -> Mistake {
        let mut table: toml::Table = toml.parse().expect("TOML");
        let value = table.remove("value").expect("a value");
        T::deserialize(Given(value)).err().expect("a mistake")
    }

    fn not_expected(found: &str, expected: &str) -> Mistake {
        Mistake::NotExpected { found: found.to_owned(), expected: expected.to_owned() }
    }

    #[test]
    fn complaints_are_kept_as_they_are() {
        assert_eq!(mistake::<Rollout>("value.big_bang = {}"), Mistake::Missing("day"));
        assert_eq!(mistake::<Rollout>("value.at_once = {}"), Mistake::UnknownKind("at_once".to_owned()));
        assert_eq!(mistake::<Rollout>("value = {}"), Mistake::NotOneKind);
        assert_eq!(mistake::<Rollout>("value = { big_bang = {}, waves = {} }"), Mistake::NotOneKind);
        assert_eq!(mistake::<Rollout>("value = \"big_bang\""), Mistake::NoSuchForm);
        assert_eq!(mistake::<Rollout>("value = 4"), Mistake::NoSuchForm);
        assert_eq!(mistake::<u32>("value = [1]"), not_expected("a list", "u32"));
        assert_eq!(mistake::<u32>("value = {}"), not_expected("a table", "u32"));
        assert_eq!(mistake::<u32>("value = -1"), not_expected("integer `-1`", "u32"));
        assert_eq!(mistake::<bool>("value = \"no\""), not_expected("string \"no\"", "a boolean"));
        assert!(matches!(mistake::<Treatment>("value.defer = 1"), Mistake::Said(_)));
        assert!(matches!(mistake::<(u32, u32)>("value = [1, 2, 3]"), Mistake::Said(_)));
    }

    #[test]
    fn what_is_right_is_read() {
        let mut table: toml::Table =
            "value = [{ word = \"defer\" }, { word = { retire = {} } }]".parse().expect("TOML");
        #[derive(Deserialize)]
        struct Entry {
            word: Treatment,
            other: Option<u32>,
        }
        let read = Vec::<Entry>::deserialize(Given(table.remove("value").expect("there"))).expect("right");
        assert!(read.iter().map(|entry| entry.word).eq([Treatment::Defer, Treatment::Retire]));
        assert!(read.iter().all(|entry| entry.other.is_none()));
    }
}
