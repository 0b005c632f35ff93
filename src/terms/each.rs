//! A value for each word of a kind: for each outcome, each channel, each line of a bill.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Channel, Outcome, Reason, Skill, Vector};

/// A kind of words of which all are known.
pub trait Word: Copy + PartialEq + 'static {
    /// All of them.
    const WORDS: &'static [Self];
    /// Name in result files.
    fn name(self) -> &'static str;

    /// Place in [`Word::WORDS`].
    fn place(self) -> usize {
        Self::WORDS.iter().position(|word| *word == self).unwrap_or(0)
    }
}

/// Makes a kind of words known that has `ALL` and `key`.
macro_rules! words {
    ($($kind:ty),*) => {
        $(impl $crate::terms::Word for $kind {
            const WORDS: &'static [Self] = &<$kind>::ALL;

            fn name(self) -> &'static str {
                self.key()
            }
        })*
    };
}

pub(crate) use words;

words!(Channel, Outcome, Reason, Skill, Vector);

/// A value for each word of a kind, none left out. In result files it is a table by the words' names.
#[derive(Clone, PartialEq)]
pub struct Each<K, V> {
    values: Vec<V>,
    kind: PhantomData<K>,
}

impl<K: Word, V> Each<K, V> {
    /// Works the values out.
    pub fn new(of: impl FnMut(K) -> V) -> Self {
        Self {
            values: K::WORDS.iter().copied().map(of).collect(),
            kind: PhantomData,
        }
    }

    /// Words and values, in the order of reports.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        K::WORDS.iter().copied().zip(&self.values)
    }

    /// The values, in the order of reports.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter()
    }

    /// The value of the word of this name.
    pub fn by_name(&self, name: &str) -> Option<&V> {
        self.iter().find(|(word, _)| word.name() == name).map(|(_, value)| value)
    }

    /// Names and values in the order of result files.
    pub(crate) fn named(&self) -> BTreeMap<&'static str, &V> {
        self.iter().map(|(word, value)| (word.name(), value)).collect()
    }
}

impl<K: Word> Each<K, f64> {
    /// The sum, added up in the order of names: sums of fractions depend on the order in their last digit.
    pub fn sum(&self) -> f64 {
        self.named().into_values().sum()
    }
}

impl<K: Word, V> Index<K> for Each<K, V> {
    type Output = V;
    fn index(&self, word: K) -> &V {
        &self.values[word.place()]
    }
}

impl<K: Word, V> IndexMut<K> for Each<K, V> {
    fn index_mut(&mut self, word: K) -> &mut V {
        &mut self.values[word.place()]
    }
}

impl<K: Word, V: Default> Default for Each<K, V> {
    fn default() -> Self {
        Self::new(|_| V::default())
    }
}

impl<K: Word, V: fmt::Debug> fmt::Debug for Each<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(word, value)| (word.name(), value))).finish()
    }
}

impl<K: Word, V: Serialize> Serialize for Each<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named = self.named();
        let mut map = serializer.serialize_map(Some(named.len()))?;
        for (name, value) in named {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// What a file does not name has no value; what it names and we do not know is passed over.
impl<'de, K: Word, V: Default + Deserialize<'de>> Deserialize<'de> for Each<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut named = BTreeMap::<String, V>::deserialize(deserializer)?;
        Ok(Self::new(|word| named.remove(word.name()).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_files_they_stand_by_name_and_none_is_lost() {
        let each: Each<Vector, usize> = Each::new(|vector| vector as usize);
        let text = serde_json::to_string(&each).expect("json");
        assert!(text.starts_with(r#"{"desk_impostor":4,"mistyped_address":6,"phishing":1,"#), "{text}");
        assert_eq!(text.matches(':').count(), Vector::ALL.len());
        assert_eq!(serde_json::from_str::<Each<Vector, usize>>(&text).expect("read"), each);
        assert_eq!(each[Vector::Session], 5);
        let some: Each<Vector, usize> = serde_json::from_str(r#"{"session": 7, "tomorrow": 1}"#).expect("read");
        assert_eq!((some[Vector::Session], some[Vector::Stuffing]), (7, 0));
        for (place, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!((outcome.place(), outcome.index()), (place, place));
        }
    }
}
