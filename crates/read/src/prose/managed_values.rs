//! Values that people maintain while the system runs: "Admins can add ticket categories", "The list of expense types is
//! configurable". Said of a field whose values are listed, it makes of the list a matter of rows.

use super::noun::singular;
use crate::document::Document;
use crate::notation::Output;
use crate::words::{fold, split_once_any};
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str = "Values that people maintain: \"Admins can add ticket categories\", \"expense types are configurable\".";

/// What somebody may do with values.
const DOING: &[&str] = &[
    " can add ",
    " may add ",
    " can manage ",
    " can maintain ",
    " can edit ",
    " can create ",
    " can define ",
    " can configure ",
    " can extend ",
    " manage ",
    " manages ",
    " maintain ",
    " maintains ",
    " define ",
    " defines ",
    " configure ",
];

/// What is said of the values themselves.
const SAID: &[&str] = &[
    " is configurable",
    " are configurable",
    " can be configured",
    " can be added",
    " can be extended",
    " is extensible",
    " are extensible",
    " is maintained by ",
    " are maintained by ",
    " is managed by ",
    " are managed by ",
    " are user-defined",
    " are user defined",
    " are defined by ",
    " can be defined by ",
    " are customizable",
];

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    super::over_clauses(out, |clauses, out| {
        let known = &*out;
        let found = super::in_each(clauses, |clause| subject(clause.text.trim(), known));
        for (clause, about) in clauses.iter().zip(found) {
            let Some((entity, field)) = about else { continue };
            let text = clause.text.trim().trim_end_matches('.').to_owned();
            let span = document.span(clause.range.clone());
            out.state(
                document,
                span,
                Fact::Rule { entity: Some(entity), field: Some(field), text },
            );
        }
    });
}

/// The entity and the field whose listed values a sentence hands over to people.
fn subject(text: &str, out: &Output) -> Option<(String, String)> {
    let lower = text.trim_end_matches('.').to_lowercase();
    let denied = ["cannot", " not ", "n't ", "never", "?"].iter().any(|word| lower.contains(word));
    if denied || lower.split(' ').count() > 20 {
        return None;
    }
    let object = match split_once_any(&lower, SAID) {
        Some((subject, _)) => subject,
        None => split_once_any(&lower, DOING)?.1,
    };
    listed(object, out)
}

/// The field of listed values that a phrase names: "new ticket categories", "the list of expense types", "categories".
fn listed(phrase: &str, out: &Output) -> Option<(String, String)> {
    const BEFORE: &[&str] = &[
        "the list of ",
        "a list of ",
        "the set of ",
        "the values of ",
        "and edit ",
        "and remove ",
        "and delete ",
        "edit ",
        "or ",
        "the ",
        "their own ",
        "their ",
        "own ",
        "new ",
        "further ",
        "more ",
        "additional ",
        "custom ",
        "available ",
        "possible ",
        "all ",
    ];
    let mut phrase = phrase.trim();
    while let Some(rest) = BEFORE.iter().find_map(|word| phrase.strip_prefix(word)) {
        phrase = rest.trim();
    }
    let words: Vec<&str> = phrase.split(' ').collect();
    // The name ends where the sentence goes on.
    let end = words
        .iter()
        .position(|word| {
            ["in", "for", "at", "to", "and", "by", "without", "of", "when"].contains(word)
        })
        .unwrap_or(words.len());
    let (last, front) = words[..end].split_last()?;
    if front.len() > 2 {
        return None;
    }
    let name = singular(last.trim_end_matches([',', ';']));
    let owner = match front {
        [] => only_listed(&name, out)?,
        _ => super::resolve(&front.join(" "), out)?,
    };
    is_listed(&owner, &name, out).then_some((owner, name))
}

/// The one entity that has a field of this name with listed values.
fn only_listed(name: &str, out: &Output) -> Option<String> {
    out.only_entity_with(name, |owner| is_listed(owner, name, out)).map(str::to_owned)
}

fn is_listed(entity: &str, name: &str, out: &Output) -> bool {
    let (entity, name) = (fold(entity), fold(name));
    let has_list = |field: &FieldFact| {
        let typed = field.type_text.as_deref().unwrap_or_default().to_lowercase();
        !field.enum_values.is_empty() || typed.starts_with("enum")
    };
    out.stated().any(|statement| {
        matches!(&statement.fact, Fact::Field { entity: owner, field }
            if fold(owner) == entity && fold(&field.name) == name && has_list(field))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::notation::check;

    #[test]
    fn only_listed_values_that_somebody_may_add() {
        check(
            &[include_str!("../../notations/prose-managed-values.md"), "\nThe list of ticket categories is configurable by the team. Ticket subjects are configurable. Are ticket categories configurable?\n"].concat(),
            &expect![[r#"
                3 bullet-fields  entity Ticket
                5 bullet-fields  field Ticket.subject text required
                6 bullet-fields  field Ticket.category enum required [hardware | software | network]
                8 prose-rule-sentence  rule *: Agents cannot add ticket categories [inferred: its words bind, and it is a rule where fields give it a meaning]
                8 prose-managed-values  rule Ticket.category: Admins can add ticket categories
                10 prose-managed-values  rule Ticket.category: The list of ticket categories is configurable by the team
            "#]],
        );
    }
}
