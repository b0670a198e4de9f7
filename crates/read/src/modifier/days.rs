//! Days of the week between a first and a last one: `MON` … `FRI`.

use underpin_base::Phrases;

use crate::words::unquote;

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What stands between the first and the last of a row.
const BETWEEN: &[&str] = &["…", "...", "..", "–", "—", "-", " to ", " through "];

/// The days that a range names, spelled as its ends are. Both are set as code or quoted: "Monday to Friday" in
/// a sentence says when something happens.
pub(super) fn day_range(text: &str) -> Vec<String> {
    let Some((from, to)) = text.cut_at_any(BETWEEN) else { return Vec::new() };
    let (Some(from), Some(to)) = (Day::read(from), Day::read(to)) else { return Vec::new() };
    if from.length != to.length || from.case != to.case || from.place >= to.place {
        return Vec::new();
    }
    DAYS[from.place..=to.place].iter().map(|day| from.spelled(day)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    Capital,
}

/// One end of a range.
struct Day {
    place: usize,
    /// How many letters of its name are written; none where all are.
    length: Option<usize>,
    case: Case,
}

impl Day {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let name = unquote(text);
        if name == text || !name.is_ascii() {
            return None;
        }
        let lower = name.to_lowercase();
        let place = DAYS.iter().position(|day| name.len() >= 3 && day.starts_with(&lower))?;
        let length = (name.len() < DAYS[place].len()).then_some(name.len());
        let case = match (name == lower, name == name.to_uppercase()) {
            (true, _) => Case::Lower,
            (false, true) => Case::Upper,
            (false, false) => Case::Capital,
        };
        (length.is_none() || length == Some(3)).then_some(Self { place, length, case })
    }

    fn spelled(&self, day: &str) -> String {
        let day = self.length.map_or(day, |length| &day[..length]);
        match self.case {
            Case::Lower => day.to_owned(),
            Case::Upper => day.to_uppercase(),
            Case::Capital => day[..1].to_uppercase() + &day[1..],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::day_range;

    #[test]
    fn a_range_is_spelled_as_its_ends() {
        for (text, expected) in [
            ("`MON` … `WED`", "MON TUE WED"),
            ("`Friday` to `Sunday`", "Friday Saturday Sunday"),
            ("'tue'–'thu'", "tue wed thu"),
            // What a sentence says of the week is no list of values.
            ("Monday to Friday", ""),
            ("`FRI` … `MON`", ""),
            ("`MON` … `Friday`", ""),
            ("`a` … `z`", ""),
            ("`MONDAY`", ""),
        ] {
            assert_eq!(day_range(text).join(" "), expected, "{text}");
        }
    }
}
