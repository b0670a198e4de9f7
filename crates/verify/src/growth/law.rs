//! The law by which a time grows with the number of rows, fitted to a few sizes by least squares, and what it says
//! of sizes that were not measured. Three points say little: how well they fit is said beside it.

use std::fmt;

/// Times that differ by less are taken for the same.
const SAME: f64 = 1.3;

/// How a time grows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Law {
    /// Not at all.
    Constant { time: f64 },
    /// With the logarithm: `base + slope · ln n`.
    Logarithm { base: f64, slope: f64 },
    /// With a power: `factor · n^exponent`.
    Power { factor: f64, exponent: f64 },
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant { .. } => f.write_str("constant"),
            Self::Logarithm { .. } => f.write_str("log n"),
            Self::Power { exponent, .. } => write!(f, "n^{exponent:.2}"),
        }
    }
}

impl Law {
    /// The time at so many rows.
    pub(crate) fn at(&self, rows: f64) -> f64 {
        match self {
            Self::Constant { time } => *time,
            Self::Logarithm { base, slope } => (base + slope * rows.ln()).max(0.0),
            Self::Power { factor, exponent } => factor * rows.powf(*exponent),
        }
    }
}

/// A law, and how much of what the times differ by it explains: 1 for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    pub(crate) law: Law,
    pub(crate) explained: f64,
}

/// The law that fits best to pairs of rows and times; nothing where there are fewer than two sizes.
pub(crate) fn fit(points: &[(f64, f64)]) -> Option<Fit> {
    let points: Vec<(f64, f64)> =
        points.iter().copied().filter(|(rows, time)| *rows >= 1.0 && *time > 0.0).collect();
    if points.len() < 2 {
        return None;
    }
    let (least, most) = points
        .iter()
        .fold((f64::MAX, 0.0_f64), |(least, most), (_, time)| (least.min(*time), most.max(*time)));
    let count = f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX));
    let mean = points.iter().map(|(_, time)| time.ln()).sum::<f64>() / count;
    let constant = Law::Constant { time: mean.exp() };
    let rows_differ = points.windows(2).any(|pair| pair[1].0 > pair[0].0 * 1.5);
    if most / least <= SAME || !rows_differ {
        return Some(Fit { law: constant, explained: 1.0 });
    }
    let line = |of: &dyn Fn(f64) -> f64| {
        let pairs: Vec<(f64, f64)> =
            points.iter().map(|(rows, time)| (rows.ln(), of(*time))).collect();
        least_squares(&pairs)
    };
    let (base, slope) = line(&|time| time);
    let (factor, exponent) = line(&f64::ln);
    let laws = [Law::Logarithm { base, slope }, Law::Power { factor: factor.exp(), exponent }];
    let missed = |law: &Law| -> f64 {
        let off = |(rows, time): &(f64, f64)| (law.at(*rows).max(1e-9).ln() - time.ln()).powi(2);
        points.iter().map(off).sum()
    };
    let all: f64 = missed(&constant);
    let best = laws.into_iter().min_by(|a, b| missed(a).total_cmp(&missed(b)))?;
    // Less time on more rows is noise, and promises nothing.
    let falls = match best {
        Law::Constant { .. } => false,
        Law::Logarithm { slope, .. } => slope < 0.0,
        Law::Power { exponent, .. } => exponent < 0.0,
    };
    if falls {
        return Some(Fit { law: Law::Constant { time: most }, explained: 0.0 });
    }
    Some(Fit { law: best, explained: (1.0 - missed(&best) / all).clamp(0.0, 1.0) })
}

/// Intercept and slope of the line through points.
fn least_squares(points: &[(f64, f64)]) -> (f64, f64) {
    let count = f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX));
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let (mut with, mut own) = (0.0, 0.0);
    for (x, y) in points {
        with += (x - mean_x) * (y - mean_y);
        own += (x - mean_x).powi(2);
    }
    let slope = if own > 0.0 { with / own } else { 0.0 };
    (mean_y - slope * mean_x, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(law: impl Fn(f64) -> f64) -> Fit {
        let points = [1e4, 1e5, 1e6].map(|rows| (rows, law(rows)));
        fit(&points).unwrap()
    }

    #[test]
    fn each_law_is_found_again() {
        let constant = of(|_| 0.2);
        assert_eq!(constant.law.to_string(), "constant");
        let power = of(|rows| 3e-6 * rows);
        assert_eq!(power.law.to_string(), "n^1.00");
        assert!((power.law.at(1e8) - 300.0).abs() < 1.0, "{power:?}");
        let root = of(|rows| 0.01 * rows.sqrt());
        assert_eq!(root.law.to_string(), "n^0.50");
        let logarithm = of(|rows| 0.01 + 0.05 * rows.ln());
        assert_eq!(logarithm.law.to_string(), "log n");
        assert!(logarithm.explained > 0.99);
    }

    #[test]
    fn noise_is_no_law() {
        let falling = of(|rows| 1.0 / rows.ln());
        assert_eq!((falling.law.to_string().as_str(), falling.explained), ("constant", 0.0));
        assert_eq!(fit(&[(10.0, 1.0)]), None);
    }
}
