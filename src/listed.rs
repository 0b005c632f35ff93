//! Listed: choices that know all their variants. The list is made from the variants, so none can be missing from it, and
//! none can stand at another place than its number says.

/// An enum of words, and `ALL`: its variants in the order in which they are written. `variant as usize` is the place in
/// `ALL`.
macro_rules! listed {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $( $(#[$of_variant:meta])* $variant:ident, )+
        }
    ) => {
        $(#[$attribute])*
        pub enum $name {
            $( $(#[$of_variant])* $variant, )+
        }

        impl $name {
            /// All of them, in order; `variant as usize` is the place here.
            pub const ALL: [Self; [$( stringify!($variant) ),+].len()] = [$( Self::$variant ),+];
        }
    };
}

pub(crate) use listed;

#[cfg(test)]
mod tests {
    listed! {
        /// Three words.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Word {
            /// The first.
            First,
            /// The second.
            Second,
            /// The third.
            Third,
        }
    }

    #[test]
    fn the_list_holds_all_variants_at_the_places_of_their_numbers() {
        assert_eq!(Word::ALL, [Word::First, Word::Second, Word::Third]);
        assert!(Word::ALL.iter().enumerate().all(|(place, &word)| word as usize == place));
    }
}
