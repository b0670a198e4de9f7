//! Remarks beside fields that stand among rules and state none: "user-facing", "UUID on disk".

use underpin_read::binds;

use crate::Rule;

/// Words that say something of the values or the rows, with or without a verb.
const SAID_OF_VALUES: &[&str] = &[
    "immutable",
    "positive",
    "negative",
    "encrypted",
    "hashed",
    "valid",
    "lowercase",
    "uppercase",
    "sorted",
    "ordered",
    "fixed",
    "constant",
    "exclusive",
    "inclusive",
    "between",
    "within",
    "before",
    "after",
    "equal",
    "equals",
    "greater",
    "less",
    "more",
    "than",
    "from",
    "when",
    "if",
    "unless",
    "while",
    "once",
    "not",
    "no",
    "non",
    "readonly",
    "write",
    "append",
    "match",
    "matches",
    "same",
    "each",
    "every",
    "all",
    "any",
    "one",
];

/// Whether a text beside a field, which nobody took for a rule, has no word or sign of one.
pub fn is_remark(rule: &Rule) -> bool {
    let text = rule.text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_short = words.clone().count() <= 4;
    let has_sign = text.contains(|c: char| c.is_ascii_digit() || "<>=≤≥".contains(c));
    let is_kept = rule.became.is_some() || rule.expression.is_some() || rule.sql.is_some();
    rule.field.is_some()
        && !is_kept
        && is_short
        && !has_sign
        && !binds(&format!(" {text} "))
        && !words.any(|word| SAID_OF_VALUES.contains(&word))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    use super::*;

    fn remarks(marks: &str) -> Vec<bool> {
        let mut sources = Sources::default();
        let table = "| Field | Type | Constraints |\n|-|-|-|\n| id | int | auto-increment |\n";
        let text =
            format!("# Film\n\n{table}| name | text | {marks} |\n| seen | timestamp | UTC |\n");
        sources.add("model.md", text);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        model.rules.iter().map(is_remark).collect()
    }

    #[test]
    fn what_says_nothing_of_values_is_a_remark() {
        assert_eq!(remarks("user-facing, UUID on disk"), [true, true]);
    }

    #[test]
    fn what_says_how_values_must_be_is_none() {
        assert_eq!(remarks("immutable, lowercase only, never empty twice"), [false, false, false]);
    }
}
