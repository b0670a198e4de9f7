//! Values of `COPY … (FORMAT binary)`: each with its length before it, as the receive function of its type reads
//! them (manual, COPY, "Binary Format"; `src/backend/utils/adt`).

use crate::Type;

/// Days and seconds are counted from 2000-01-01 there.
const EPOCH_DAYS: i64 = 10_957;
const MICROSECONDS: i64 = 1_000_000;

/// Whether values of a type are written here.
pub fn is_written(data_type: &Type) -> bool {
    match data_type {
        Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Numeric(_)
        | Type::DoublePrecision
        | Type::Text
        | Type::Boolean
        | Type::Date
        | Type::Time
        | Type::TimestampTz
        | Type::Interval
        | Type::Uuid
        | Type::Jsonb
        | Type::Bytea => true,
        Type::Other(name) => name.starts_with("character") || name == "json",
        Type::Inet | Type::TsVector | Type::Array(_) | Type::Named(_) | Type::Trigger => false,
    }
}

/// Begins a row of so many values.
pub fn row(columns: usize, data: &mut Vec<u8>) {
    let count = i16::try_from(columns).expect("invariant: a table has at most 1,600 columns");
    data.extend_from_slice(&count.to_be_bytes());
}

/// NULL.
pub fn null(data: &mut Vec<u8>) {
    data.extend_from_slice(&(-1_i32).to_be_bytes());
}

fn value(bytes: &[u8], data: &mut Vec<u8>) {
    let length = i32::try_from(bytes.len()).expect("invariant: our own values are short");
    data.extend_from_slice(&length.to_be_bytes());
    data.extend_from_slice(bytes);
}

/// A number of any type of numbers: `units / 10^scale`.
pub fn number(data_type: &Type, units: i128, scale: u32, data: &mut Vec<u8>) {
    let whole = || units / 10_i128.pow(scale);
    match data_type {
        Type::SmallInt => value(&i16::try_from(whole()).unwrap_or(i16::MAX).to_be_bytes(), data),
        Type::Integer => value(&i32::try_from(whole()).unwrap_or(i32::MAX).to_be_bytes(), data),
        Type::BigInt => value(&i64::try_from(whole()).unwrap_or(i64::MAX).to_be_bytes(), data),
        Type::DoublePrecision => {
            #[expect(clippy::cast_precision_loss, reason = "the type has no more digits")]
            let number = units as f64 / 10_f64.powi(i32::try_from(scale).unwrap_or(0));
            value(&number.to_be_bytes(), data);
        }
        _ => numeric(units, scale, data),
    }
}

/// Groups of four decimal digits, the weight of the first, the sign, and the digits after the point.
fn numeric(units: i128, scale: u32, data: &mut Vec<u8>) {
    // The point lies between two groups.
    let fill = (4 - scale % 4) % 4;
    let mut rest = units.unsigned_abs() * 10_u128.pow(fill);
    let mut groups: Vec<i16> = Vec::new();
    while rest > 0 {
        groups.push(i16::try_from(rest % 10_000).expect("invariant: below 10,000"));
        rest /= 10_000;
    }
    groups.reverse();
    let after = i16::try_from((scale + fill) / 4).unwrap_or(0);
    let count = i16::try_from(groups.len()).expect("invariant: an i128 has at most 39 digits");
    let weight = count - after - 1;
    let length = 8 + 2 * i32::from(count);
    data.extend_from_slice(&length.to_be_bytes());
    data.extend_from_slice(&count.to_be_bytes());
    data.extend_from_slice(&weight.to_be_bytes());
    data.extend_from_slice(&(if units < 0 { 0x4000_i16 } else { 0 }).to_be_bytes());
    data.extend_from_slice(&i16::try_from(scale).unwrap_or(0).to_be_bytes());
    for group in groups {
        data.extend_from_slice(&group.to_be_bytes());
    }
}

/// Characters.
pub fn text(text: &str, data: &mut Vec<u8>) {
    value(text.as_bytes(), data);
}

/// Bytes.
pub fn bytes(bytes: &[u8], data: &mut Vec<u8>) {
    value(bytes, data);
}

/// `jsonb`, of the only version there is.
pub fn jsonb(json: &str, data: &mut Vec<u8>) {
    let length = i32::try_from(json.len() + 1).expect("invariant: our own values are short");
    data.extend_from_slice(&length.to_be_bytes());
    data.push(1);
    data.extend_from_slice(json.as_bytes());
}

/// True or false.
pub fn boolean(is: bool, data: &mut Vec<u8>) {
    value(&[u8::from(is)], data);
}

/// A UUID.
pub fn uuid(uuid: u128, data: &mut Vec<u8>) {
    value(&uuid.to_be_bytes(), data);
}

/// A day, counted from 1970-01-01.
pub fn date(days: i64, data: &mut Vec<u8>) {
    let days = i32::try_from(days - EPOCH_DAYS).unwrap_or(i32::MAX - 1);
    value(&days.to_be_bytes(), data);
}

/// A time of day, in seconds.
pub fn time(seconds: i64, data: &mut Vec<u8>) {
    value(&(seconds.rem_euclid(86_400) * MICROSECONDS).to_be_bytes(), data);
}

/// A moment, in seconds from 1970-01-01 00:00 UTC.
pub fn timestamp(seconds: i64, data: &mut Vec<u8>) {
    let since = (seconds - EPOCH_DAYS * 86_400).saturating_mul(MICROSECONDS);
    value(&since.to_be_bytes(), data);
}

/// So many seconds.
pub fn interval(seconds: i64, data: &mut Vec<u8>) {
    data.extend_from_slice(&16_i32.to_be_bytes());
    data.extend_from_slice(&(seconds * MICROSECONDS).to_be_bytes());
    data.extend_from_slice(&0_i64.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_groups_of_four_digits() {
        let written = |units, scale| {
            let mut data = Vec::new();
            number(&Type::Numeric(None), units, scale, &mut data);
            data.chunks(2)
                .skip(2)
                .map(|two| i16::from_be_bytes([two[0], two[1]]))
                .collect::<Vec<_>>()
        };
        // Count, weight, sign, digits after the point, groups.
        assert_eq!(written(1_234_567, 2), [3, 1, 0, 2, 1, 2_345, 6_700]);
        assert_eq!(written(-5, 2), [1, -1, 0x4000, 2, 500]);
        assert_eq!(written(0, 2), [0, -2, 0, 2]);
        assert_eq!(written(10_000, 0), [2, 1, 0, 0, 1, 0]);
    }

    #[test]
    fn moments_are_counted_from_2000() {
        let mut data = Vec::new();
        timestamp(946_684_801, &mut data);
        assert_eq!(data, [0, 0, 0, 8, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40]);
        data.clear();
        date(10_958, &mut data);
        assert_eq!(data, [0, 0, 0, 4, 0, 0, 0, 1]);
    }
}
