//! The field by which all rows refer to whoever owns them: "Every table except `firms` has a required `firm_id` → firms",
//! "Everything below the workspace has a `workspace_id`".

use crate::notation::Output;
use crate::words::{fold, is_identifier, split_once_any};
use crate::{FieldFact, ReferenceFact};

/// Such a field, and who has none.
pub(super) struct OwnerKey {
    pub(super) field: FieldFact,
    /// The entities that are left out: the owner itself, and those that the sentence names.
    pub(super) but: Vec<String>,
}

const HAS: &[&str] = &[" carries ", " carry ", " has ", " have ", " includes ", " include "];
/// What begins a list of those that are left out.
const EXCEPT: &[&str] =
    &[" except for ", " except ", " other than ", " apart from ", " besides ", " but "];
/// What begins the name of the owner of all that is meant.
const BELOW: &[&str] = &[" below ", " under ", " underneath ", " inside ", " within "];
/// Who is meant, besides which no word stands.
const ALL: &[&str] = &[
    "everything",
    "everything else",
    "every table",
    "every other table",
    "every entity",
    "every other entity",
    "every record",
    "every row",
    "all tables",
    "all other tables",
    "all the other tables",
    "all entities",
    "all other entities",
    "all records",
    "all rows",
    "each table",
    "each other table",
    "each entity",
    "each row",
    "each record",
];
/// What leads to the entity that the field refers to.
const TO: &[&str] = &[
    "→",
    "->",
    "FK →",
    "FK ->",
    "FK to",
    "foreign key →",
    "foreign key to",
    "that refers to",
    "which refers to",
    "referring to",
    "that references",
    "which references",
    "referencing",
    "references",
];

/// The field of which a sentence says that all have it, where it leads to an owner that is known.
pub(super) fn of(sentence: &str, out: &Output) -> Option<OwnerKey> {
    let sentence = sentence.trim().trim_end_matches('.');
    let (subject, said) = split_once_any(sentence, HAS)?;
    let mut but = left_out(subject, out)?;
    let (lead, rest) = said.split_once('`')?;
    let (name, behind) = rest.split_once('`')?;
    let required = lead.split_whitespace().try_fold(None, |required, word| match word {
        "a" | "an" | "the" | "its" | "own" => Some(required),
        "required" | "mandatory" | "non-null" => Some(Some(true)),
        "optional" => Some(Some(false)),
        _ => None,
    })?;
    let owner = fold(name).strip_suffix("id").and_then(|stem| known(stem, out))?;
    let behind = behind.trim().trim_start_matches("column").trim_start_matches("field").trim();
    let inner = behind.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(behind);
    let (mut required, mut target) = (required, None);
    for part in inner.split(", ").map(str::trim).filter(|it| !it.is_empty()) {
        match part {
            "required" | "mandatory" | "not null" | "NOT NULL" | "never null" => {
                required = Some(true);
            }
            "optional" => required = Some(false),
            "FK" | "foreign key" => {}
            _ => {
                let to = TO.iter().find_map(|lead| part.strip_prefix(lead))?;
                target = Some(known(to, out).filter(|it| *it == owner)?);
            }
        }
    }
    is_identifier(name).then_some(())?;
    let field = FieldFact {
        name: name.to_owned(),
        required,
        references: target.map(|entity| ReferenceFact { entity, field: None, on_delete: None }),
        ..FieldFact::default()
    };
    but.push(owner);
    Some(OwnerKey { field, but })
}

/// The entities that a subject leaves out; `None` where it does not speak of all others.
fn left_out(subject: &str, out: &Output) -> Option<Vec<String>> {
    let lower = subject.trim().to_lowercase();
    let (all, names) = match EXCEPT.iter().chain(BELOW).find_map(|it| lower.split_once(it)) {
        Some((all, names)) => (all.trim_end_matches(','), Some(names)),
        None => (lower.as_str(), None),
    };
    ALL.contains(&all).then_some(())?;
    let names = names.map(|it| it.replace(" and ", ", ").replace(" or ", ", ")).unwrap_or_default();
    let names = names.split(", ").map(str::trim).filter(|it| !it.is_empty());
    names.map(|name| known(name, out)).collect()
}

/// The entity that a phrase names, as it is spelled elsewhere.
fn known(phrase: &str, out: &Output) -> Option<String> {
    let phrase = phrase.trim().replace('`', "");
    let name = ["the ", "a ", "an ", "its "].iter().find_map(|it| phrase.strip_prefix(it));
    out.known.get(name.unwrap_or(&phrase)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::notation::rendered;

    /// Who has the field, as it reads.
    fn said(sentence: &str) -> Vec<String> {
        let text = format!(
            "{sentence}\n\n## firms\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## plans\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## bills\n| Field | Type |\n|-|-|\n| id | uuid |\n"
        );
        let read = rendered("test.md", &text);
        let fields = read.lines().filter_map(|line| line.split_once("common-fields  field "));
        fields.map(|(_, said)| said.split(" [").next().unwrap_or(said).to_owned()).collect()
    }

    #[test]
    fn all_but_some_refer_to_their_owner() {
        for (sentence, expected) in [
            (
                "Every table except `firms` has a required `firm_id` → firms.",
                vec!["plans.firm_id required -> firms", "bills.firm_id required -> firms"],
            ),
            (
                "Everything below the firm has a `firm_id` (required).",
                vec!["plans.firm_id required", "bills.firm_id required"],
            ),
            (
                "All tables except firms and plans carry a `firm_id` that refers to firms.",
                vec!["bills.firm_id -> firms"],
            ),
            ("Every other table has a `firm_id` column.", vec!["plans.firm_id", "bills.firm_id"]),
        ] {
            assert_eq!(said(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn what_is_said_of_some_or_with_more_words() {
        for sentence in [
            "Every big table has a required `firm_id` → firms.",
            "Every table except `firms` has a `firm_id` on request.",
            "Every table except `robots` has a `firm_id`.",
            "Every table except `firms` has a `firm_id` → plans.",
        ] {
            assert_eq!(said(sentence), Vec::<String>::new(), "{sentence}");
        }
    }
}
