//! States of a thing behind its name and a colon, parted by slashes: "Track loans: Out / Returned / Lost".

use super::evidence::core;
use super::noun::{is_attribute, is_generic, phrases};
use super::state_words::sounds_like_state;
use super::tag::Token;
use super::values::{Listed, is_enumerable, values};
use crate::words::lower_words;

/// The states of the thing that a short sentence ends with before its colon.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Listed> {
    let colon = tokens.iter().position(|it| it.is(":")).filter(|&at| (1..=6).contains(&at))?;
    let rest = text.get(tokens[colon].range.end..)?;
    let is_slashed = rest.matches(" / ").count() >= 2 && !rest.contains(',');
    let values = if is_slashed { values(rest) } else { Vec::new() };
    let is_state = |value: &String| {
        let words = lower_words(value);
        words.iter().any(|word| sounds_like_state(word) || ABSENCES.contains(&word.as_str()))
            && !is_attribute(value)
    };
    let states = values.iter().filter(|it| is_state(it)).count();
    let are_names = values.iter().all(|it| it.starts_with(char::is_uppercase));
    let owner = phrases(&tokens[..colon]).pop().filter(|it| it.end == colon)?.noun;
    // "Priority: Low / High" names the property itself.
    let last = owner.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let is_thing = !is_generic(&owner) && !is_attribute(&last) && !is_enumerable(&last);
    (values.len() >= 3 && states * 2 >= values.len() && are_names && is_thing).then(|| Listed {
        owner: core(&owner).to_owned(),
        property: "status".to_owned(),
        values,
    })
}

/// Words for who was there and who was not.
const ABSENCES: &[&str] = &["present", "absent", "late", "exempt", "away"];

#[cfg(test)]
mod tests {
    use super::find;
    use crate::prose::tag::tag;

    #[test]
    fn states_of_a_thing() {
        let found = |text: &str| {
            find(text, &tag(text))
                .map_or_else(String::new, |it| format!("{}: {}", it.owner, it.values.join("|")))
        };
        assert_eq!(
            found("Track loans: Returned / Overdue / Lost."),
            "loans: Returned|Overdue|Lost"
        );
        assert_eq!(found("Priority: Planned / Closed / Lost"), "");
        assert_eq!(found("Show pages: Home / About / Contact"), "");
        assert_eq!(found("Manage loans: create / edit / delete"), "");
    }
}
