//! Limits on a field's values that schemas and code write as numbers and patterns, in the words of rules: as a
//! condition where SQL has one, and else as a sentence that a person is asked about.

use crate::FieldFact;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// A number is at least this.
    Least,
    /// A number is more than this.
    Above,
    /// A number is at most this.
    Most,
    /// A number is less than this.
    Below,
    /// A number is a multiple of this.
    Multiple,
    /// A text has at least so many characters.
    Shortest,
    /// A text has exactly so many characters.
    Length,
    /// A list has at least so many values.
    FewestItems,
    /// A list has at most so many values.
    MostItems,
}

/// Adds a limit, where its number is one.
pub(super) fn add(field: &mut FieldFact, limit: Limit, number: &str) {
    let number = number.trim().trim_end_matches(['n', 'L']).replace('_', "");
    if !number.parse::<f64>().is_ok_and(f64::is_finite) || number.starts_with('+') {
        return;
    }
    let name = column(field);
    let is_json = field.type_text.as_deref() == Some("json");
    let items = if is_json { "jsonb_array_length" } else { "cardinality" };
    let text = match limit {
        Limit::Least => format!(">= {number}"),
        Limit::Above => format!("> {number}"),
        Limit::Most => format!("<= {number}"),
        Limit::Below => format!("< {number}"),
        Limit::Multiple => format!("CHECK ({name} % {number} = 0)"),
        Limit::Shortest if number == "0" => return,
        Limit::Shortest => format!("at least {number} characters"),
        Limit::Length => format!("CHECK (char_length({name}) = {number})"),
        Limit::FewestItems if number == "0" => return,
        Limit::FewestItems => format!("CHECK ({items}({name}) >= {number})"),
        Limit::MostItems => format!("CHECK ({items}({name}) <= {number})"),
    };
    push(field, text);
}

/// Adds that the values of a text match a pattern. Those that only other engines know are asked about.
pub(super) fn matches(field: &mut FieldFact, pattern: &str) {
    let is_foreign = ["(?<", "(?P", "\\p{", "\\P{", "\\u", "(?i", "(?s", "\\z", "\\Z"]
        .iter()
        .any(|mark| pattern.contains(mark));
    if pattern.is_empty() {
        return;
    }
    if is_foreign {
        push(field, format!("must match the pattern {pattern}"));
    } else {
        let name = column(field);
        push(field, format!("CHECK ({name} ~ '{}')", pattern.replace('\'', "''")));
    }
}

/// Adds that the values are some numbers, and no others.
pub(super) fn among(field: &mut FieldFact, numbers: &[String]) {
    let name = column(field);
    push(field, format!("CHECK ({name} IN ({}))", numbers.join(", ")));
}

/// Adds a condition that the document gives in SQL.
pub(super) fn condition(field: &mut FieldFact, sql: &str) {
    push(field, format!("CHECK ({})", sql.trim()));
}

fn push(field: &mut FieldFact, text: String) {
    if !field.constraints.contains(&text) {
        field.constraints.push(text);
    }
}

/// The field's name as a column of SQL.
fn column(field: &FieldFact) -> String {
    let is_plain =
        field.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain { field.name.clone() } else { format!("\"{}\"", field.name.replace('"', "")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_conditions_or_words() {
        let mut field = FieldFact { name: "plateNo".to_owned(), ..FieldFact::default() };
        add(&mut field, Limit::Least, "1_000");
        add(&mut field, Limit::Least, "many");
        add(&mut field, Limit::Multiple, "0.5");
        add(&mut field, Limit::MostItems, "3");
        matches(&mut field, "^[A-Z]'$");
        matches(&mut field, "^(?<year>\\d+)$");
        assert_eq!(
            field.constraints,
            [
                ">= 1000",
                "CHECK (\"plateNo\" % 0.5 = 0)",
                "CHECK (cardinality(\"plateNo\") <= 3)",
                "CHECK (\"plateNo\" ~ '^[A-Z]''$')",
                "must match the pattern ^(?<year>\\d+)$",
            ]
        );
    }
}
