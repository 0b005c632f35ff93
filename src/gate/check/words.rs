//! Words: a check cut into words and signs, each with its place.

use std::ops::Range;

use super::Wrong;
use crate::text::visible_line;

/// A word, or a run of signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word: a path, a number, a unit; quotes are part of it.
    Word(String),
    /// One or more of `<`, `>`, `=` and `!`.
    Sign(String),
}

impl Token {
    pub(super) fn shown(&self) -> String {
        let (Self::Word(text) | Self::Sign(text)) = self;
        visible_line(text).into_owned()
    }
}

/// The words of a check that are still to be read.
#[derive(Clone, Debug)]
pub(super) struct Words {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    length: usize,
}

impl Words {
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '!');
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            if first.is_whitespace() {
                at += first.len_utf8();
                continue;
            }
            let rest = &text[at..];
            let length = if is_sign(first) {
                rest.find(|c| !is_sign(c)).unwrap_or(rest.len())
            } else {
                word(rest).ok_or_else(|| Wrong {
                    message: "a quote opens here and is not closed".to_owned(),
                    bytes: at..text.len(),
                })?
            };
            let piece = rest[..length].to_owned();
            let token = if is_sign(first) {
                Token::Sign(piece)
            } else {
                Token::Word(piece)
            };
            tokens.push((token, at..at + length));
            at += length;
        }
        Ok(Self { tokens, next: 0, length: text.len() })
    }

    pub(super) fn next(&mut self) -> Option<(Token, Range<usize>)> {
        let found = self.tokens.get(self.next).cloned();
        self.next += usize::from(found.is_some());
        found
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Takes these words, if they are what follows.
    pub(super) fn takes(&mut self, wanted: &[&str]) -> bool {
        let follows = |(place, word): (usize, &&str)| matches!(self.tokens.get(self.next + place), Some((Token::Word(found), _)) if found == word);
        let all = wanted.iter().enumerate().all(follows);
        // A figure may be called as a word of ours: `number == 4`.
        let next = self.tokens.get(self.next + wanted.len());
        let all = all && !(wanted.len() == 1 && self.next == 0 && matches!(next, Some((Token::Sign(_), _))));
        self.next += if all { wanted.len() } else { 0 };
        all
    }

    /// Where the rest stands; the last byte, if there is none.
    pub(super) fn rest(&self) -> Range<usize> {
        match self.tokens.get(self.next) {
            Some((_, bytes)) => bytes.start..self.length,
            None => self.length.saturating_sub(1)..self.length,
        }
    }
}

/// Bytes of the word that begins here; `None` if a quote in it is not closed.
fn word(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    for (place, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            c if c.is_whitespace() || matches!(c, '<' | '>' | '=' | '!') => return Some(place),
            _ => {}
        }
    }
    (!is_quoted).then_some(text.len())
}
