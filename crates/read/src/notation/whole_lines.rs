//! Lines that go on until their bracket is closed.

use std::ops::Range;

/// The lines of a block, where one whose bracket is left open goes on to the line that closes it: a type with a value on
/// each line.
pub(super) fn closed<'d>(
    lines: &[Range<usize>],
    text: impl Fn(&Range<usize>) -> &'d str,
) -> Vec<Range<usize>> {
    const LONGEST: usize = 30;
    let open = |range: &Range<usize>| {
        let text = text(range);
        text.trim_end().ends_with('(') && text.matches('(').count() > text.matches(')').count()
    };
    let mut whole = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let mut range = lines[at].clone();
        let rest = lines[at..].iter().take(LONGEST);
        let end = open(&range)
            .then(|| rest.clone().position(|it| text(it).trim_start().starts_with(')')))
            .flatten();
        if let Some(count) = end {
            range.end = lines[at + count].end;
            at += count;
        }
        whole.push(range);
        at += 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_set_as_code() {
        let outlined = |name: &str| {
            let text = format!(
                "# Fleet\n\n{name}\n  device_id, kind (warm|wet), amount, ts\n  ~2000 inserts per second, kept for 90 days\n"
            );
            crate::notation::rendered("fleet.md", &text)
                .contains("outline-fields  field readings.ts")
        };
        assert!(outlined("`readings`"));
        // Lines below a word that is no name are said of something else.
        assert!(!outlined("See `readings` below"));
    }

    #[test]
    fn tabs_and_types_over_several_lines() {
        check(
            "# Yard\n\nboats\n\tid\tuuid pk\n\tname\ttext not null\n\tstate\tenum (\n\t\tmoored,\n\t\taway\n\t)\nvisits\n\tid\tuuid pk\n\tboat_id\tuuid -> boats\nqueries\n\tvisits of a boat\n",
            &expect![[r#"
                3 outline-fields  entity boats
                4 outline-fields  field boats.id uuid primary key
                5 outline-fields  field boats.name text required
                6 outline-fields  field boats.state enum [moored | away]
                10 outline-fields  entity visits
                11 outline-fields  field visits.id uuid primary key
                12 outline-fields  field visits.boat_id uuid -> boats
            "#]],
        );
    }
}
