//! Days, times and moments as text and back, in UTC, without a clock.

use underpin_model::TimeUnit;

const DAY: i64 = 86_400;

/// `YYYY-MM-DD` of a day counted from 1970-01-01.
pub(super) fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `HH:MM:SS` of a second counted from midnight.
pub(super) fn time(seconds: i64) -> String {
    let seconds = seconds.rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `YYYY-MM-DD HH:MM:SS+00` of a second counted from 1970-01-01 00:00 UTC.
pub(super) fn timestamp(seconds: i64) -> String {
    format!("{} {}+00", date(seconds.div_euclid(DAY)), time(seconds))
}

/// The day that a text names, if it has the form `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| days(year, month, day))
}

/// The moment that a text names, if it has the form `YYYY-MM-DD` with or without `HH:MM[:SS]`.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    let (day, clock) = text.split_at_checked(10)?;
    let midnight = parse_date(day)? * DAY;
    let clock = clock.trim_start_matches([' ', 'T']).trim_end_matches('Z');
    let mut seconds = 0;
    for (part, weight) in clock.splitn(3, ':').zip([3600, 60, 1]) {
        if !part.is_empty() {
            seconds += part.get(..2)?.parse::<i64>().ok()? * weight;
        }
    }
    Some(midnight + seconds)
}

/// Day number of a date of the proleptic Gregorian calendar. Years begin in March here, so that the
/// leap day is the last of its year; 719,468 days lie between 0000-03-01 and 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// When the stretch of the calendar begins that is so many after the one in which a moment lies, in UTC.
pub fn begin(unit: TimeUnit, moment: i64, later: i64) -> i64 {
    let day = moment.div_euclid(DAY);
    let (year, month, _) = civil(day);
    let of_months = |first: i64, several: i64| {
        let months = year * 12 + first - 1 + later * several;
        days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY
    };
    let even = |length: i64| (moment.div_euclid(length) + later) * length;
    match unit {
        TimeUnit::Minute => even(60),
        TimeUnit::Hour => even(3_600),
        TimeUnit::Day => even(DAY),
        // The first of January 1970 was a Thursday.
        TimeUnit::Week => ((day + 3).div_euclid(7) + later) * 7 * DAY - 3 * DAY,
        TimeUnit::Month => of_months(month, 1),
        TimeUnit::Quarter => of_months((month - 1) / 3 * 3 + 1, 3),
        TimeUnit::Year => of_months(1, 12),
    }
}

fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-800_000..800_000).step_by(97) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
        }
        assert_eq!(parse_date("2024-02-29").map(date).as_deref(), Some("2024-02-29"));
        assert_eq!(
            parse_timestamp("2024-02-29T12:30:05Z").map(timestamp).as_deref(),
            Some("2024-02-29 12:30:05+00")
        );
        assert_eq!(parse_timestamp("soon"), None);
    }

    #[test]
    fn stretches_of_the_calendar_begin_where_people_say() {
        // A Thursday.
        let moment = parse_timestamp("2024-02-29 12:30:05").unwrap();
        for (unit, later, expected) in [
            (TimeUnit::Hour, 0, "2024-02-29 12:00:00+00"),
            (TimeUnit::Day, 1, "2024-03-01 00:00:00+00"),
            (TimeUnit::Week, 0, "2024-02-26 00:00:00+00"),
            (TimeUnit::Week, -1, "2024-02-19 00:00:00+00"),
            (TimeUnit::Month, 11, "2025-01-01 00:00:00+00"),
            (TimeUnit::Quarter, 0, "2024-01-01 00:00:00+00"),
            (TimeUnit::Quarter, -1, "2023-10-01 00:00:00+00"),
            (TimeUnit::Year, 1, "2025-01-01 00:00:00+00"),
        ] {
            assert_eq!(timestamp(begin(unit, moment, later)), expected);
        }
    }
}
