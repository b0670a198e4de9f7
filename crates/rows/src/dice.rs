//! Choices that are the same in each run: a generator seeded with the run's seed and a name.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng as _;

/// A stream of choices.
#[derive(Debug, Clone)]
pub struct Dice(Pcg32);

impl Dice {
    /// The stream of this seed for this purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a, 64 bits: spreads purposes over streams.
        let stream = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(Pcg32::new(seed, stream))
    }

    /// A number from 0 below `bound`; 0 where there is none.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.next_u64() % bound }
    }

    /// An index below `length`.
    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).expect("a length has at most 64 bits");
        usize::try_from(self.below(length)).expect("below a usize")
    }

    /// A number from `low` up to and including `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.below(span))
    }

    /// Whether an event of so many per cent happens.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// A version 4 UUID (RFC 9562, section 5.4).
    pub fn uuid(&mut self) -> String {
        let high = self.0.next_u64();
        let low = self.0.next_u64();
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0x0fff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_choices() {
        let draw = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose);
            (dice.uuid(), dice.between(-5, 5), dice.index(3))
        };
        assert_eq!(draw(1, "orders"), draw(1, "orders"));
        assert_ne!(draw(1, "orders").0, draw(1, "users").0);
        assert_ne!(draw(1, "orders").0, draw(2, "orders").0);
    }
}
