//! Relationships in the words that define an entity, where nothing else says what it is related to: "**Claim**: The request
//! submitted against a Policy", "Line: A service provided during the Claim".

use std::collections::BTreeSet;

use underpin_base::Span;

use crate::document::Document;
use crate::notation::Output;
use crate::notation::mermaid_er::relationship;
use crate::notation::relationship_lines::worded_line;
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::prose::done_to;
use crate::words::fold;
use crate::{Fact, RelationshipFact};

pub(super) const DOC: &str = "The definition of an entity of which nothing else tells a relationship: \"The request submitted against a Policy\".";

const REASON: &str = "its definition says what it is made for";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let related = related(out);
    let mut found: Vec<(Span, RelationshipFact)> = Vec::new();
    for statement in out.stated() {
        let Fact::Entity(entity) = &statement.fact else { continue };
        let Some(description) = entity.description.as_deref() else { continue };
        if statement.span.document != document.id || related.contains(&fold(&entity.name)) {
            continue;
        }
        for sentence in description.split(". ").take(SENTENCES) {
            let fact = worded_line(sentence, out).or_else(|| {
                let other = done_to(sentence).into_iter().find_map(|noun| owner(&noun, out))?;
                let is_other = fold(&other) != fold(&entity.name);
                is_other.then(|| relationship(other, ONE, entity.name.clone(), MANY, None))
            });
            found.extend(fact.map(|fact| (statement.span, fact)));
        }
    }
    for (span, fact) in found {
        out.infer_beside(span, Fact::Relationship(fact), REASON);
    }
}

/// A definition says the most in its first sentences.
const SENTENCES: usize = 3;

/// The entity that a noun names, or that its first word does: "Claim" of "Claim visit".
fn owner(noun: &str, out: &Output) -> Option<String> {
    let first = noun.split_once(' ').map(|(first, _)| first);
    let first = first.filter(|first| first.starts_with(char::is_uppercase));
    let known = out.known.get(noun).or_else(|| out.known.get(first?));
    known.map(str::to_owned)
}

/// The folded names of entities of which a reference or a relationship is known.
fn related(out: &Output) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in out.stated() {
        match &statement.fact {
            Fact::Field { entity, field } => {
                let is_key =
                    field.name.to_lowercase().ends_with("_id") || field.name.ends_with("Id");
                if field.references.is_some() || is_key {
                    names.insert(fold(entity));
                }
            }
            Fact::Relationship(fact) => {
                names.insert(fold(&fact.from));
                names.insert(fold(&fact.to));
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn definitions_that_relate() {
        check(
            "# Domain model\n\n## Entities\n\n1. **Guest**: Who stays.\n2. **Policy**: The contract bound to a Guest. Has `limit` and `price`.\n3. **Rule**: What the contract pays for. There is a `1:N` relationship between a Policy and Rules.\n4. **Claim**: The request submitted against a Policy.\n5. **Line**: The services provided during the Claim visit.\n",
            &expect![[r#"
                5 entity-list  entity Guest -- Who stays.
                6 entity-list  entity Policy -- The contract bound to a Guest. Has `limit` and `price`.
                6 field-phrases  field Policy.limit
                6 field-phrases  field Policy.price
                6 definition-relationships  relationship Guest 1:N Policy [inferred: its definition says what it is made for]
                7 entity-list  entity Rule -- What the contract pays for. There is a `1:N` relationship between a Policy and Rules.
                7 definition-relationships  relationship Policy 1:N Rule [inferred: its definition says what it is made for]
                8 entity-list  entity Claim -- The request submitted against a Policy.
                8 definition-relationships  relationship Policy 1:N Claim [inferred: its definition says what it is made for]
                9 entity-list  entity Line -- The services provided during the Claim visit.
                9 definition-relationships  relationship Claim 1:N Line [inferred: its definition says what it is made for]
            "#]],
        );
    }

    #[test]
    fn definitions_that_relate_nothing() {
        check(
            "# Domain model\n\n## Entities\n\n1. **Guest**: Who stays, bound to nothing.\n2. **Policy**: The contract that a guest signs.\n3. **Note**: Words written by hand.\n\n## Relationships\n\n- Guest 1:N Policy\n",
            &expect![[r#"
                5 entity-list  entity Guest -- Who stays, bound to nothing.
                6 entity-list  entity Policy -- The contract that a guest signs.
                7 entity-list  entity Note -- Words written by hand.
                11 relationship-lines  relationship Guest 1:N Policy
            "#]],
        );
    }
}
