//! Exact decimal numbers, for reasoning about `numeric` columns as the server does.

use std::cmp::Ordering;
use std::fmt;

/// `units / 10^scale`, without trailing zeros after the point, so that equal numbers are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

/// Beyond so many digits after the point our own numbers never go.
const DEEPEST: u32 = 18;

impl Decimal {
    /// `units / 10^scale`.
    pub fn new(mut units: i128, mut scale: u32) -> Self {
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Self { units, scale }
    }

    /// The number that digits spell, with or without sign and point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let scale = u32::try_from(part.len()).ok().filter(|scale| *scale <= DEEPEST)?;
        Some(Self::new(format!("{whole}{part}").parse().ok()?, scale))
    }

    /// `units` and `scale`.
    pub const fn parts(self) -> (i128, u32) {
        (self.units, self.scale)
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        self.units.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        Some((self.at_scale(scale)?, other.at_scale(scale)?, scale))
    }

    /// The sum; `None` where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Self::new(left.checked_add(right)?, scale))
    }

    /// The difference; `None` where it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { units: -other.units, scale: other.scale })
    }

    /// The product; `None` where it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.units.checked_mul(other.units)?, self.scale + other.scale))
    }

    /// The quotient where it can be written with few digits.
    pub fn over(self, other: Self) -> Option<Self> {
        let (left, right, _) = self.aligned(other)?;
        if right == 0 {
            return None;
        }
        (0..=6).find_map(|scale| {
            let left = left.checked_mul(10_i128.pow(scale))?;
            (left % right == 0).then(|| Self::new(left / right, scale))
        })
    }

    /// The number with at most so many digits after the point, cut towards minus infinity.
    #[must_use]
    pub fn cut(self, scale: u32) -> Self {
        if self.scale <= scale {
            return self;
        }
        Self::new(self.units.div_euclid(10_i128.pow(self.scale - scale)), scale)
    }

    /// The whole number, if it is one.
    pub fn whole(self) -> Option<i64> {
        (self.scale == 0).then(|| i64::try_from(self.units).ok()).flatten()
    }

    /// The whole part, as far as it fits.
    pub fn floor(self) -> i64 {
        self.cut(0).whole().unwrap_or(if self.units < 0 { i64::MIN } else { i64::MAX })
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::new(i128::from(value), 0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((left, right, _)) => left.cmp(&right),
            // One of them is too great to be written at the other's scale.
            None => self.cut(0).units.cmp(&other.cut(0).units),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10_u128.pow(self.scale);
        let units = self.units.unsigned_abs();
        let sign = if self.units < 0 { "-" } else { "" };
        write!(f, "{sign}{}", units / power)?;
        if self.scale > 0 {
            write!(f, ".{:0width$}", units % power, width = self.scale as usize)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn calculates_exactly() {
        assert_eq!(number("0.10").plus(number("0.20")), Some(number("0.3")));
        assert_eq!(number("3").times(number("19.99")), Some(number("59.97")));
        assert_eq!(number("59.97").over(number("3")), Some(number("19.99")));
        assert_eq!(number("1").over(number("3")), None);
        assert_eq!(number("-0.05").to_string(), "-0.05");
        assert_eq!(number("19.999").cut(2), number("19.99"));
        assert!(number("-1.5") < number("-1.25"));
    }
}
