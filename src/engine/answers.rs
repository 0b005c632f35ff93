//! The log of what the desk has answered, sixteen bytes an answer: of what grows with the number of accounts, it is most.

use std::collections::BTreeMap;

use crate::calendar::{SimTime, Span};
use crate::terms::Answer;

/// What the desk has answered to the units of one arm.
#[derive(Debug, Default)]
pub struct AnswerLog {
    /// For each unit, in the order of the parked: its latest answer, plus 1; 0 for none.
    latest: Vec<u32>,
    /// Answers in the order in which they were given, in blocks: a log that grows is never copied.
    blocks: Vec<Vec<PackedAnswer>>,
    /// Those of them that do not fit into an entry, by place.
    large: BTreeMap<u32, (u32, Answer)>,
}

/// Entries in a block.
const BLOCK: usize = 1 << 16;

/// An answer.
#[derive(Clone, Copy, Debug)]
struct PackedAnswer {
    /// The lower half of its time in milliseconds.
    at_low: u32,
    /// The upper part of its time, [`AT_HIGH_BITS`] of it, below the number of the request.
    number_and_at_high: u32,
    /// Wait in milliseconds, above one bit that says whether the contact was served; [`LARGE`] if the whole answer does
    /// not fit.
    waited_and_served: u32,
    /// The answer before it to the same unit, plus 1; 0 for none.
    before: u32,
}

/// So many bits more than 32 hold the time of an answer: 139 years of milliseconds.
const AT_HIGH_BITS: u32 = 10;
/// Says that an answer is among the large ones.
const LARGE: u32 = u32::MAX;

impl PackedAnswer {
    /// Packs an answer; `None` if it does not fit.
    fn pack(number: u32, answer: Answer, before: u32) -> Option<Self> {
        let at = u64::try_from(answer.at.0).ok()?;
        let waited = u32::try_from(answer.waited.0).ok()?;
        let fits = at >> (32 + AT_HIGH_BITS) == 0 && number >> (32 - AT_HIGH_BITS) == 0 && waited < LARGE >> 1;
        fits.then_some(Self {
            at_low: at as u32,
            number_and_at_high: number << AT_HIGH_BITS | (at >> 32) as u32,
            waited_and_served: waited << 1 | u32::from(answer.served),
            before,
        })
    }

    fn unpack(self) -> (u32, Answer) {
        let at_high = u64::from(self.number_and_at_high & ((1 << AT_HIGH_BITS) - 1));
        let answer = Answer {
            at: SimTime((at_high << 32 | u64::from(self.at_low)) as i64),
            waited: Span(i64::from(self.waited_and_served >> 1)),
            served: self.waited_and_served & 1 == 1,
        };
        (self.number_and_at_high >> AT_HIGH_BITS, answer)
    }
}

impl AnswerLog {
    /// No answers yet to so many units.
    pub(super) fn new(units: usize) -> Self {
        Self {
            latest: vec![0; units],
            blocks: Vec::new(),
            large: BTreeMap::new(),
        }
    }

    /// One more unit.
    pub(super) fn grow(&mut self) {
        self.latest.push(0);
    }

    /// Notes the answer to a request of the unit in this place.
    pub(super) fn push(&mut self, slot: usize, number: u32, answer: Answer) {
        let before = self.latest[slot];
        let full = self.blocks.last().map_or(BLOCK, Vec::len);
        if full == BLOCK {
            self.blocks.push(Vec::new());
        }
        let (block, full) = (self.blocks.len() - 1, full % BLOCK);
        let place = (block * BLOCK + full) as u32;
        let entry = PackedAnswer::pack(number, answer, before).unwrap_or_else(|| {
            self.large.insert(place, (number, answer));
            PackedAnswer {
                at_low: 0,
                number_and_at_high: 0,
                waited_and_served: LARGE,
                before,
            }
        });
        self.blocks[block].push(entry);
        self.latest[slot] = place + 1;
    }

    /// The answers to the unit in this place, in the order of its requests.
    pub fn collect(&self, slot: usize, answers: &mut Vec<Option<Answer>>) {
        answers.clear();
        let mut next = self.latest[slot];
        while next != 0 {
            let place = next - 1;
            let entry = self.blocks[place as usize / BLOCK][place as usize % BLOCK];
            let large = (entry.waited_and_served == LARGE).then(|| self.large.get(&place)).flatten();
            let (number, answer) = large.copied().unwrap_or_else(|| entry.unpack());
            let number = number as usize;
            if answers.len() <= number {
                answers.resize(number + 1, None);
            }
            answers[number] = Some(answer);
            next = entry.before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every answer comes back as it was given, whatever its size, to the unit that it was given to.
    #[test]
    fn answers_come_back_as_they_were_given() {
        let (small, week) = (i64::from(u32::MAX / 2), 7 * 86_400_000);
        let times = [
            0,
            1,
            week,
            i64::from(u32::MAX),
            i64::from(u32::MAX) + 1,
            (1 << 42) - 1,
            1 << 42,
            i64::MAX,
        ];
        let waits = [0, 1, small - 1, small, small + 1, i64::from(u32::MAX), 1 << 40];
        let mut given = Vec::new();
        for at in times {
            for waited in waits {
                for served in [true, false] {
                    given.push(Answer { at: SimTime(at), waited: Span(waited), served });
                }
            }
        }
        let mut log = AnswerLog::new(3);
        for (number, &answer) in given.iter().enumerate() {
            log.push(number % 2, (number / 2) as u32, answer);
        }
        log.push(2, (1 << 22) - 1, given[0]);
        log.push(2, 1 << 22, given[1]);
        let mut answers = Vec::new();
        for slot in 0..2 {
            log.collect(slot, &mut answers);
            let wanted: Vec<_> = given.iter().skip(slot).step_by(2).map(|&answer| Some(answer)).collect();
            assert_eq!(answers, wanted, "{slot}");
        }
        log.collect(2, &mut answers);
        assert_eq!((answers[(1 << 22) - 1], answers[1 << 22]), (Some(given[0]), Some(given[1])));
        // Six of the times fit, with three of the waits, served or not; and the first answer of the last unit.
        assert_eq!(log.large.len(), given.len() + 2 - (6 * 3 * 2 + 1));
        assert_eq!(size_of::<PackedAnswer>(), 16);
    }

    #[test]
    fn a_log_of_many_blocks_keeps_its_order() {
        let answer = |number: u32| Answer {
            at: SimTime(i64::from(number)),
            waited: Span(5),
            served: true,
        };
        let mut log = AnswerLog::new(1);
        let count = 2 * BLOCK as u32 + 3;
        (0..count).for_each(|number| log.push(0, number, answer(number)));
        let mut answers = Vec::new();
        log.collect(0, &mut answers);
        assert!((0..count).zip(&answers).all(|(number, got)| *got == Some(answer(number))));
        assert_eq!((answers.len(), log.blocks.len()), (count as usize, 3));
    }
}
