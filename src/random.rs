//! Keyed randomness: every draw is a pure function of its key.
//!
//! A draw is named by (seed, replication, subject, purpose, occurrence) and by nothing else, so no result depends on the
//! order in which accounts are simulated, on threads, on chunks or on a resume; and an account has the same luck under
//! every strategy (common random numbers).
//!
//! The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11),
//! checked below against the authors' published test vectors. The key holds seed and replication; the 128-bit counter
//! holds subject (48 bits), purpose (16), occurrence (32) and the running block (32).

use std::convert::Infallible;

use rand::TryRng;

/// What a draw is for. Each purpose is a stream of its own; adding one never disturbs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Purpose {
    /// Keys of the permutations that lay out exact shares.
    Layout = 1,
    /// Continuous traits of an account (age within its stratum, habit, last sign-in).
    Traits,
    /// Traits that only threats look at.
    Exposure,
    /// Gaps between remembered sign-ins.
    SignIns,
    /// Gaps between sign-ins with a forgotten password.
    Forgotten,
    /// The one exponential draw against which the leaving hazard is held.
    Leaving,
    /// Position in the send queue or wave of a rollout.
    Rollout,
    /// Delivery of the n-th campaign mail and what its reader does.
    Mail,
    /// The n-th attended recovery (link or code asked for by the customer).
    Recovery,
    /// The n-th step-up on a second channel.
    StepUp,
    /// What a customer does after the n-th failure.
    Choice,
    /// Traits of the n-th contact: handle time, patience, result of the identity check.
    Contact,
    /// Redial after the n-th abandoned call.
    Redial,
    /// The n-th sign-up as a new customer.
    SignUp,
    /// Relinking of a social identity.
    Social,
    /// Credential stuffing attempts.
    Stuffing,
    /// Phishing that rides on a campaign.
    Phishing,
    /// Exploits of a session that someone else holds.
    Session,
    /// Social engineering of the desk.
    SocialEngineering,
    /// Whoever holds a recycled or shared contact point.
    Stranger,
    /// Detection of a takeover by fraud monitoring.
    Detection,
    /// Baseline arrivals of the desk in one hour; the subject is the hour.
    Baseline,
    /// Traits of one baseline contact; the subject is the hour, the occurrence its number.
    BaselineContact,
    /// What is missing in an imported record and must be imputed.
    Imputation,
    /// Choice of sample accounts for display.
    Sample,
    /// How good or bad a day of baseline traffic is; the subject is the day.
    BaselineDay,
    /// What a caller makes of an announced wait.
    Announcement,
    /// Contacts that are taken over into a further replication when the desk is sized.
    Resample,
    /// What is wrong behind an account: who is behind it, who else is in it, what became of its contact points.
    Trouble,
    /// How long an intruder stays unnoticed, and who notices.
    Intruder,
    /// False alarms of fraud monitoring.
    Alarm,
    /// A sign-in with a password that has to be typed again, on a page that may be new.
    Typed,
    /// Whose password is cracked when the legacy store leaks, and when it is tried.
    StoreLeak,
    /// Whose data is seen through a wrong link, and when.
    WrongLink,
    /// Rows that are drawn anew for the interval of a statistic.
    Bootstrap,
    /// In which order parts of one strategy are taken over into another.
    Orders,
}

/// The seed of one replication: the key under which all its draws are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    key: [u32; 2],
}

impl Seed {
    /// The seed of replication `replication` of a run seeded with `seed`.
    pub fn new(seed: u64, replication: u32) -> Self {
        let mixed = splitmix64(seed ^ splitmix64(u64::from(replication)));
        Self { key: [mixed as u32, (mixed >> 32) as u32] }
    }

    /// The stream of draws for `occurrence` of `purpose` in the life of `subject` (an account, a unit or an hour,
    /// below 2^48).
    #[inline]
    pub fn draw(self, subject: u64, purpose: Purpose, occurrence: u32) -> Draw {
        Draw {
            key: self.key,
            counter: [
                subject as u32,
                ((subject >> 32) as u32 & 0xffff) | ((purpose as u32) << 16),
                occurrence,
                0,
            ],
            words: [0; 4],
            used: 4,
        }
    }

    /// Several streams of one subject, of whose words the first block is sure to be needed: for each its purpose, and at
    /// which block it begins. They are made side by side, so that none waits for the multiplications of another.
    #[inline]
    pub fn draws<const N: usize>(self, subject: u64, of: [(Purpose, u32); N]) -> [Draw; N] {
        let mut draws = of.map(|(purpose, block)| self.draw(subject, purpose, 0).from_block(block));
        let mut blocks: [[u32; 4]; N] = std::array::from_fn(|n| draws[n].counter);
        let mut key = self.key;
        for _ in 0..10 {
            blocks = blocks.map(|block| philox_round(block, key));
            key = next_key(key);
        }
        for (draw, block) in draws.iter_mut().zip(blocks) {
            draw.words = block;
            draw.counter[3] = draw.counter[3].wrapping_add(1);
            draw.used = 0;
        }
        draws
    }
}

/// A stream of random words for one key; a random generator for `rand_distr`.
#[derive(Clone, Debug)]
pub struct Draw {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4],
    used: u8,
}

impl Draw {
    /// The same draw without its first `blocks` times four words, if nothing has been taken of it yet.
    #[inline]
    pub fn from_block(mut self, blocks: u32) -> Self {
        self.counter[3] = blocks;
        self
    }

    /// The next 32 random bits.
    #[inline]
    pub fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.refill();
        }
        let word = self.words[usize::from(self.used & 3)];
        self.used += 1;
        word
    }

    /// Apart from [`word`](Self::word), so that a word that is there already costs next to nothing.
    #[inline(never)]
    fn refill(&mut self) {
        self.words = philox4x32(self.counter, self.key);
        self.counter[3] = self.counter[3].wrapping_add(1);
        self.used = 0;
    }

    /// True with probability `share` (0 never, 1 always).
    #[inline]
    pub fn chance(&mut self, share: f64) -> bool {
        f64::from(self.word()) < share * 4_294_967_296.0
    }

    /// True with probability exp(-`hazard`): nothing happens that happens so often on average. The exponential is taken
    /// only where (1 - x/2)² < exp(-x) < 1 / (1 + x/2)² does not decide, with room for what rounding does.
    #[inline]
    pub fn spared(&mut self, hazard: f64) -> bool {
        let (word, half) = (f64::from(self.word()), hazard / 2.0);
        let (less, more) = ((1.0 - half).max(0.0), 1.0 / (1.0 + half));
        if word + 1.0 < less * less * 4_294_967_296.0 {
            return true;
        }
        word - 1.0 < more * more * 4_294_967_296.0 && word < (-hazard).exp() * 4_294_967_296.0
    }

    /// Uniform in the open interval (0, 1), on a grid of 2^-32.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 0.5) / 4_294_967_296.0
    }

    /// Exponential with mean 1, by inversion: a smaller rate moves every draw, never reorders them.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }
}

/// An exponential draw with mean 1, of which the logarithm is taken only where it decides something.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exponential {
    luck: f64,
}

impl Exponential {
    /// The same as [`Draw::exponential`].
    #[inline]
    pub fn draw(draw: &mut Draw) -> Self {
        Self { luck: draw.uniform() }
    }

    /// The draw itself.
    #[inline]
    pub fn value(self) -> f64 {
        -self.luck.ln()
    }

    /// Less than the draw: 1 - u < -ln u. The gap is far wider than what rounding can do to either side.
    #[inline]
    pub fn above(self) -> f64 {
        1.0 - self.luck
    }

    /// More than the draw: -ln u < (1 - u) / u.
    #[inline]
    pub fn below(self) -> f64 {
        (1.0 - self.luck) / self.luck
    }
}

impl TryRng for Draw {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.word());
        Ok(low | (u64::from(self.word()) << 32))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// The same words as the [`Draw`] it is made from, four blocks at a time: faster where a stream is long.
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4 * BLOCKS],
    used: u8,
}

/// Blocks that a [`Stream`] makes at once; their rounds do not wait for each other.
const BLOCKS: usize = 4;

impl From<Draw> for Stream {
    /// A stream from the beginning of a draw of which nothing has been taken.
    fn from(draw: Draw) -> Self {
        Self {
            key: draw.key,
            counter: draw.counter,
            words: [0; 4 * BLOCKS],
            used: 4 * BLOCKS as u8,
        }
    }
}

impl Stream {
    /// The next 32 random bits.
    #[inline]
    pub fn word(&mut self) -> u32 {
        if usize::from(self.used) == self.words.len() {
            self.refill();
        }
        let word = self.words[usize::from(self.used) % (4 * BLOCKS)];
        self.used += 1;
        word
    }

    fn refill(&mut self) {
        let mut counters: [[u32; 4]; BLOCKS] = [self.counter; BLOCKS];
        for (ahead, counter) in (0..).zip(&mut counters) {
            counter[3] = counter[3].wrapping_add(ahead);
        }
        let mut key = self.key;
        for _ in 0..10 {
            counters = counters.map(|counter| philox_round(counter, key));
            key = next_key(key);
        }
        for (block, words) in counters.iter().zip(self.words.chunks_exact_mut(4)) {
            words.copy_from_slice(block);
        }
        self.counter[3] = self.counter[3].wrapping_add(BLOCKS as u32);
        self.used = 0;
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let at = usize::from(self.used);
        if let Some(&[low, high]) = self.words.get(at..at + 2) {
            self.used += 2;
            return Ok(u64::from(low) | (u64::from(high) << 32));
        }
        let low = u64::from(self.word());
        Ok(low | (u64::from(self.word()) << 32))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Ten rounds of Philox on four 32-bit words.
#[inline]
fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        counter = philox_round(counter, key);
        key = next_key(key);
    }
    counter
}

#[inline]
fn philox_round(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let first = u64::from(counter[0]) * 0xd251_1f53;
    let second = u64::from(counter[2]) * 0xcd9e_8d57;
    [
        (second >> 32) as u32 ^ counter[1] ^ key[0],
        second as u32,
        (first >> 32) as u32 ^ counter[3] ^ key[1],
        first as u32,
    ]
}

#[inline]
fn next_key(key: [u32; 2]) -> [u32; 2] {
    [key[0].wrapping_add(0x9e37_79b9), key[1].wrapping_add(0xbb67_ae85)]
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): spreads small seeds over 64 bits.
fn splitmix64(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Keyed bijections of `[0, size)` for any size: where an index goes in a pseudo-random permutation, found without
/// storing one.
///
/// Invertible multiply and xor-shift steps on the enclosing power of two; a result outside `[0, size)` is mapped again
/// until it falls inside (cycle walking), which keeps the map one-to-one. On average it takes fewer than two walks.
#[derive(Clone, Copy, Debug)]
pub struct Permutation {
    keys: [u64; 3],
}

impl Permutation {
    /// The permutations that `seed` gives to (`subject`, `occurrence`).
    pub fn new(seed: Seed, subject: u64, occurrence: u32) -> Self {
        let mut draw = seed.draw(subject, Purpose::Layout, occurrence);
        let mut key = || u64::from(draw.word()) | (u64::from(draw.word()) << 32);
        Self { keys: [key(), key(), key()] }
    }

    /// Where `index` (below `size`) is sent among `size`.
    #[inline]
    pub fn at(&self, index: u64, size: u64) -> u64 {
        let [place] = Self::at_each([self], index, size);
        place
    }

    /// Where each of these permutations sends `index` among `size`. They walk side by side, so that none waits for the
    /// multiplications of another; and as nobody can guess which of them must walk twice, all do if one must.
    #[inline(always)]
    pub fn at_each<const N: usize>(permutations: [&Self; N], index: u64, size: u64) -> [u64; N] {
        debug_assert!(index < size);
        let bits = 64 - (size - 1).leading_zeros();
        let (mask, shift) = ((1_u64 << (bits & 63)).wrapping_sub(1), (bits / 2).max(1));
        let mut places = [index; N];
        for (place, permutation) in places.iter_mut().zip(permutations) {
            *place = permutation.walk(*place, mask, shift);
        }
        if places.iter().any(|&place| place >= size) {
            for (place, permutation) in places.iter_mut().zip(permutations) {
                let further = permutation.walk(*place, mask, shift);
                *place = if *place < size { *place } else { further };
            }
            for (place, permutation) in places.iter_mut().zip(permutations) {
                while *place >= size {
                    *place = permutation.walk(*place, mask, shift);
                }
            }
        }
        places
    }

    /// One walk on the enclosing power of two.
    #[inline(always)]
    fn walk(&self, mut value: u64, mask: u64, shift: u32) -> u64 {
        for key in self.keys {
            value = value.wrapping_add(key) & mask;
            value ^= value >> shift;
            value = value.wrapping_mul(key | 1) & mask;
            value ^= value >> shift;
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The authors' known answers (Random123, `kat_vectors`, philox4x32 with 10 rounds).
    #[test]
    fn philox_gives_the_published_answers() {
        let ones = u32::MAX;
        let cases = [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([ones, ones, ones, ones], [ones, ones], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in cases {
            assert_eq!(philox4x32(counter, key), expected);
        }
    }

    #[test]
    fn draws_made_side_by_side_are_those_made_alone() {
        let seed = Seed::new(5, 2);
        let of = [(Purpose::Rollout, 0), (Purpose::Rollout, 1), (Purpose::Traits, 3)];
        for (mut draw, (purpose, block)) in seed.draws(1 << 40, of).into_iter().zip(of) {
            let mut alone = seed.draw(1 << 40, purpose, 0).from_block(block);
            (0..9).for_each(|_| assert_eq!(draw.word(), alone.word()));
        }
    }

    #[test]
    fn a_stream_has_the_words_of_its_draw() {
        let mut draw = Seed::new(5, 2).draw(9, Purpose::Baseline, 1);
        let mut stream = Stream::from(draw.clone());
        assert!((0..1000).all(|_| draw.word() == stream.word()));
    }

    #[test]
    fn keys_differ_in_every_part() {
        let first = |seed: Seed, subject, purpose, occurrence| seed.draw(subject, purpose, occurrence).word();
        let base = first(Seed::new(1, 0), 7, Purpose::Mail, 0);
        assert_ne!(base, first(Seed::new(2, 0), 7, Purpose::Mail, 0));
        assert_ne!(base, first(Seed::new(1, 1), 7, Purpose::Mail, 0));
        assert_ne!(base, first(Seed::new(1, 0), 8, Purpose::Mail, 0));
        assert_ne!(base, first(Seed::new(1, 0), 7 + (1 << 32), Purpose::Mail, 0));
        assert_ne!(base, first(Seed::new(1, 0), 7, Purpose::Traits, 0));
        assert_ne!(base, first(Seed::new(1, 0), 7, Purpose::Mail, 1));
    }

    #[test]
    fn a_draw_can_begin_at_a_later_block() {
        let draw = Seed::new(5, 2).draw(9, Purpose::Traits, 0);
        let (mut whole, mut rest) = (draw.clone(), draw.from_block(2));
        (0..8).for_each(|_| _ = whole.word());
        assert!((0..100).all(|_| whole.word() == rest.word()));
    }

    /// What is seen from a bound is what the logarithm would have said, at the ends of the grid too.
    #[test]
    fn the_bounds_of_an_exponential_draw_hold() {
        let mut draw = Seed::new(4, 0).draw(1, Purpose::Leaving, 0);
        let ends = [0, 1, 2, u32::MAX - 2, u32::MAX - 1, u32::MAX];
        for word in ends.into_iter().chain((0..100_000).map(|_| draw.word())) {
            let exponential = Exponential { luck: (f64::from(word) + 0.5) / 4_294_967_296.0 };
            let value = exponential.value();
            assert!(exponential.above() < value && value < exponential.below(), "{word}");
        }
    }

    #[test]
    fn being_spared_is_a_chance_like_any_other() {
        let mut seen = [0; 2];
        for subject in 0..200_000 {
            let mut draw = Seed::new(6, 0).draw(subject, Purpose::Exposure, 0);
            let hazard = draw.exponential().powi(3);
            let spared = draw.clone().spared(hazard);
            assert_eq!(spared, draw.chance((-hazard).exp()), "{hazard}");
            seen[usize::from(spared)] += 1;
        }
        assert!(seen.iter().all(|&times| times > 10_000), "{seen:?}");
    }

    #[test]
    fn chances_at_the_ends_are_certain() {
        let mut draw = Seed::new(3, 0).draw(0, Purpose::Mail, 0);
        for _ in 0..1000 {
            assert!(draw.chance(1.0));
            assert!(!draw.chance(0.0));
        }
    }

    proptest! {
        #[test]
        fn permutations_are_one_to_one(seed: u64, subject in 0u64..1000, size in 1u64..3000) {
            let permutation = Permutation::new(Seed::new(seed, 0), subject, 1);
            let mut seen: Vec<u64> = (0..size).map(|index| permutation.at(index, size)).collect();
            seen.sort_unstable();
            prop_assert!(seen.into_iter().eq(0..size));
        }
    }

    /// Side by side, each goes where it goes alone: on the power of two until it falls inside.
    #[test]
    fn permutations_side_by_side_are_those_alone() {
        let alone = |permutation: &Permutation, index: u64, size: u64| {
            let bits = 64 - (size - 1).leading_zeros();
            let mut place = index;
            loop {
                place = permutation.walk(place, (1 << bits) - 1, (bits / 2).max(1));
                if place < size {
                    return place;
                }
            }
        };
        let permutations: [Permutation; 5] = std::array::from_fn(|n| Permutation::new(Seed::new(9, 0), n as u64, 1));
        for size in [1, 2, 3, 5, 100, 1025, 1500, 2047, 2048] {
            for index in 0..size {
                let places = Permutation::at_each(permutations.each_ref(), index, size);
                assert_eq!(places, permutations.each_ref().map(|permutation| alone(permutation, index, size)));
            }
        }
    }

    /// Two permutations of one range must not line up: the classes they make would be correlated.
    #[test]
    fn permutations_are_independent_of_each_other() {
        let size = 10_000;
        let permutations: Vec<_> = (0..24).map(|occurrence| Permutation::new(Seed::new(9, 0), 5, occurrence)).collect();
        for (i, a) in permutations.iter().enumerate() {
            for b in &permutations[..i] {
                let first_half = |p: &Permutation, x| p.at(x, size) < size / 2;
                let both = (0..size).filter(|&x| first_half(a, x) && first_half(b, x)).count();
                // Hypergeometric: mean 2500, standard deviation 25; six of them over 276 pairs.
                assert!((both as i64 - 2500).abs() < 150, "{both} of 2500 expected in both halves");
            }
        }
    }
}
