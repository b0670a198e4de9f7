//! Numbers from numbers: what a row of a table holds follows from the seed and its number alone, so that any
//! row can be made again without those before it.

/// A hash of a number. A bijection, with the constants of `SplitMix64` (Steele, Lea and Flood, 2014).
pub(super) const fn mix(number: u64) -> u64 {
    let mut hash = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// A hash of a number for a purpose.
pub(super) const fn hash(salt: u64, number: u64) -> u64 {
    mix(salt ^ mix(number))
}

/// A salt of its own for each name.
pub(super) fn salt(seed: u64, name: &str) -> u64 {
    // FNV-1a, 64 bits.
    let named = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(seed ^ mix(named))
}

/// A number below `bound` from a hash; 0 where there is none.
pub(super) fn below(hash: u64, bound: u64) -> u64 {
    let scaled = (u128::from(hash) * u128::from(bound)) >> 64;
    u64::try_from(scaled).expect("invariant: a product with a fraction is below its bound")
}

/// A version 4 UUID (RFC 9562, section 5.4), another for each number: the 62 bits that are left of its second
/// half are a bijection of the number.
pub(super) fn uuid(salt: u64, number: u64) -> u128 {
    const LEFT: u64 = (1 << 62) - 1;
    let mut low = number.wrapping_add(salt) & LEFT;
    for factor in [0xbf58_476d_1ce4_e5b9_u64, 0x94d0_49bb_1331_11eb] {
        low = low.wrapping_mul(factor) & LEFT;
        low ^= low >> 31;
    }
    let high = hash(salt, number) & !0xf000 | 0x4000;
    u128::from(high) << 64 | u128::from(low | 1 << 63)
}

/// How a UUID is written.
pub(super) fn uuid_text(uuid: u128) -> String {
    let digits = format!("{uuid:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn uuids_differ_and_are_of_version_4() {
        let all: BTreeSet<u128> = (0..20_000).map(|number| uuid(7, number)).collect();
        assert_eq!(all.len(), 20_000);
        for uuid in all.into_iter().take(50) {
            let text = uuid_text(uuid);
            assert_eq!(&text[14..15], "4", "{text}");
            assert!("89ab".contains(&text[19..20]), "{text}");
        }
    }

    #[test]
    fn numbers_below_a_bound_reach_all_of_it() {
        let found: BTreeSet<u64> = (0..1_000).map(|number| below(mix(number), 10)).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
        assert_eq!(below(u64::MAX, 0), 0);
    }
}
