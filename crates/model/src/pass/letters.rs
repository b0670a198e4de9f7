//! Searches for letters: nobody who types the beginning of a name, or a part of it, means the one row that is called so.

use underpin_read::{FilterOperator, PatternFact};

use crate::draft::Draft;
use crate::names::words;
use crate::{FieldKind, Filter};

/// Words for letters at the beginning of a text.
const BEGINNING: &[&str] = &[
    "prefix",
    "prefixes",
    "autocomplete",
    "autocompletion",
    "autocompletes",
    "typeahead",
    "autosuggest",
];
/// Words for letters at the beginning, where "with" follows.
const BEGINS: &[&str] = &["start", "starts", "starting", "begin", "begins", "beginning"];
/// Words for letters anywhere in a text.
const PART: &[&str] =
    &["containing", "contains", "contain", "substring", "substrings", "partial", "partially"];
/// Words for what is typed, which no field is called.
const TYPED: &[&str] = &[
    "text",
    "prefix",
    "string",
    "term",
    "query",
    "letters",
    "characters",
    "input",
    "keyword",
    "word",
    "substring",
    "phrase",
    "search",
    "words",
    "key",
    "value",
];
/// Words for a search for whole words.
const WORDS: &[&str] = &["words", "fulltext"];

/// What the words of a query say of letters that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// Those with which the text begins.
    Beginning,
    /// Those that are anywhere in it.
    Part,
    /// A search, which does not say where.
    Anywhere,
    /// Whole words that are in it.
    Words,
}

/// What a query says of letters; nothing where it looks for whole values.
pub(super) fn asked(fact: &PatternFact) -> Option<Letters> {
    if fact.sql.is_some() {
        return None;
    }
    let said = words(&fact.name);
    let is = |word: &str, list: &[&str]| list.contains(&word);
    let begins = said.iter().any(|word| is(word, BEGINNING))
        || said.windows(2).any(|pair| {
            is(&pair[0], BEGINS) && pair[1] == "with"
                || matches!(
                    (&*pair[0], &*pair[1]),
                    ("type", "ahead") | ("auto", "complete") | ("beginning", "of")
                )
        });
    if begins {
        return Some(Letters::Beginning);
    }
    if said.iter().any(|word| is(word, PART)) {
        return Some(Letters::Part);
    }
    // Where a table has a cell for the conditions, it says how they compare.
    let searches = said.first().is_some_and(|word| matches!(&**word, "search" | "searching"));
    let is_of_words = said.iter().any(|word| is(word, WORDS))
        || said.windows(2).any(|pair| pair[0] == "full" && pair[1] == "text");
    if fact.said.is_none() || !searches && !is_of_words {
        return None;
    }
    Some(if is_of_words { Letters::Words } else { Letters::Anywhere })
}

/// The name of the field in a condition: "name prefix", "part of the title".
pub(super) fn named(condition: &str) -> Option<&str> {
    let ends = [" prefix", " prefixes", " substring", " beginning", " letters"];
    let begins = ["prefix of ", "part of ", "beginning of "];
    let name = ends
        .iter()
        .find_map(|end| condition.strip_suffix(end))
        .or_else(|| begins.iter().find_map(|begin| condition.strip_prefix(begin)))?;
    Some(name.strip_prefix("the ").unwrap_or(name))
}

/// Whether a condition is what somebody types, and no field.
pub(super) fn is_typed(condition: &str) -> bool {
    let plain = ["a ", "the ", "given "]
        .iter()
        .fold(condition, |text, lead| text.strip_prefix(lead).unwrap_or(text));
    TYPED.contains(&plain)
}

/// Makes searches for letters of the conditions on texts.
pub(super) fn look(draft: &Draft<'_>, letters: Letters, filter: &mut [Filter]) {
    let is_only = filter.len() == 1;
    for one in filter {
        let field = draft.model.field(one.field);
        // "Whose labels contain a given key": of a document or a list, its members.
        if letters == Letters::Part && is_of_members(&field.kind) {
            one.operator = FilterOperator::Contains;
            continue;
        }
        let is_text = matches!(field.kind, FieldKind::Text { .. })
            && draft.model.values_of(field).is_none()
            && field.references.is_none();
        let compares = matches!(one.operator, FilterOperator::Equals | FilterOperator::Contains);
        // Who has the whole of a key needs no search.
        let is_loose = matches!(letters, Letters::Anywhere | Letters::Words);
        if !is_text || !compares || is_loose && field.unique {
            continue;
        }
        one.operator = match letters {
            Letters::Beginning => FilterOperator::Begins,
            Letters::Part | Letters::Anywhere => FilterOperator::Part,
            Letters::Words => FilterOperator::Search,
        };
        // A search for nothing is no search.
        one.optional &= !is_only;
    }
}

/// Whether values of the kind have members that are looked for.
const fn is_of_members(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Json | FieldKind::List(_))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// The conditions of each query, and the words that became nothing.
    fn asked(queries: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let document = format!(
            "## Customer\n\n| Field | Type | Key |\n|-|-|-|\n| id | uuid | PK |\n| name | string(80) | |\n| email | string(80) | unique |\n| marks | json | |\n\
             | status | enum(new, old) | |\n\n## Access patterns\n\n{queries}\n"
        );
        sources.add("customers.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let said = model.patterns.iter().map(|pattern| {
            let filter = pattern.filter.iter().map(|it| {
                let operator = format!("{:?}", it.operator).to_lowercase();
                let optional = if it.optional { "?" } else { "" };
                format!("{} {operator}{optional}", model.field(it.field).name)
            });
            let filter: Vec<String> = filter.collect();
            format!("{} / {}", filter.join(", "), pattern.unread.join("; "))
        });
        said.collect()
    }

    #[test]
    fn letters_are_looked_for_where_words_say_so() {
        for (query, said) in [
            ("- search customers by name prefix", "name begins / "),
            ("- customers with names starting with a given text", "name begins / "),
            ("- find customers by the beginning of the name, at most 20", "name begins / "),
            ("- autocomplete customers by name", "name begins / "),
            ("- search customers by name", "name part / "),
            ("- find customers containing text in name", "name part / "),
            ("- find customers by email prefix", "email begins / "),
            ("- search customers by words in the name", "name search / "),
            ("- full-text search of customers by name", "name search / "),
            ("- find customers whose marks contain a given key and value", "marks contains / "),
        ] {
            assert_eq!(asked(query), [said], "{query}");
        }
    }

    #[test]
    fn whole_values_are_compared() {
        for (query, said) in [
            ("- find customers by name", "name equals / "),
            ("- search customers by email", "email equals? / "),
            ("- search customers by status", "status equals? / "),
        ] {
            assert_eq!(asked(query), [said], "{query}");
        }
    }
}
