//! Sizes as people write them.

/// Reads `500MB`: decimal units (kB, MB, GB, TB: powers of 1000, as the published comparisons of index advisors count) and
/// binary ones (KiB, MiB, GiB, TiB); a bare number is bytes.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => {
            return Err(format!(
                "`{unit}` is no unit; write B, kB, MB, GB, TB, KiB, MiB, GiB or TiB"
            ));
        }
    };
    let wrong = || format!("`{text}` is no size; write it as in 500MB");
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.len() > 9 || fraction.contains('.') {
        return Err(wrong());
    }
    let whole: u64 = whole.parse().map_err(|_| wrong())?;
    let mut total = u128::from(whole) * u128::from(factor);
    if !fraction.is_empty() {
        let digits: u64 = fraction.parse().map_err(|_| wrong())?;
        let scale = 10_u128.pow(u32::try_from(fraction.len()).unwrap_or(0));
        total += u128::from(digits) * u128::from(factor) / scale;
    }
    u64::try_from(total).map_err(|_| format!("`{text}` is larger than any disk"))
}

/// A size in the unit that suits it.
pub(super) fn shown(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];
    match UNITS.iter().find(|(_, size)| bytes >= *size) {
        Some((unit, size)) => {
            let tenths = bytes / (size / 10);
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("1.5 GiB"), Ok(1_610_612_736));
        assert_eq!(bytes("8192"), Ok(8192));
        assert_eq!(bytes("0"), Ok(0));
        for wrong in ["", "MB", "5 bananas", "-1MB", "1.2.3MB", "99999999999999999999TB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(shown(134_217_728), "134.2 MB");
        assert_eq!(shown(999), "999 B");
    }
}
