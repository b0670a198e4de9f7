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
use crate::words::{fold, lower_words};
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
    let mut told = pairs(out);
    for statement in out.stated().filter(|it| it.notation == "prose-entities") {
        let Fact::Entity(entity) = &statement.fact else { continue };
        let Some(description) = entity.description.as_deref() else { continue };
        if statement.span.document != document.id {
            continue;
        }
        let sentence = description.split(". ").next().unwrap_or(description);
        for (one, many) in whole_and_part(sentence, &entity.name, out) {
            if one != many && told.insert(ordered(&one, &many)) {
                found.push((statement.span, relationship(one, ONE, many, MANY, None)));
            }
        }
    }
    for (span, fact) in found {
        out.infer_beside(span, Fact::Relationship(fact), REASON);
    }
}

/// What the words that define an entity make it a part of, and of what they make it up: "A grouping of lessons within a course",
/// "A student's registration in a course", "A collection of sections".
fn whole_and_part(sentence: &str, entity: &str, out: &Output) -> Vec<(String, String)> {
    const LINKS: &[&str] = &["within", "inside", "in", "for", "on", "of", "per", "from"];
    const ANY: &[&str] = &["a", "an", "one", "each", "every", "single"];
    const GROUPS: &[&str] =
        &["collection", "group", "grouping", "set", "list", "series", "sequence"];
    let words: Vec<String> = lower_words(&sentence.replace(['\'', '’'], " '"))
        .into_iter()
        .map(|word| word.to_string())
        .collect();
    let known = |from: usize| {
        // The longest name that stands there.
        (1..=3).rev().find_map(|count| {
            let name = words.get(from..from + count)?.join(" ");
            out.known.get(&name).map(|known| (known.to_owned(), count))
        })
    };
    let mut found = Vec::new();
    for at in 0..words.len() {
        let is_any = words.get(at + 1).is_some_and(|it| ANY.contains(&it.as_str()));
        if LINKS.contains(&words[at].as_str())
            && is_any
            && let Some((whole, _)) = known(at + 2)
        {
            found.push((whole, entity.to_owned()));
        }
        let is_group =
            GROUPS.contains(&words[at].as_str()) && words.get(at + 1).is_some_and(|it| it == "of");
        if is_group
            && let Some((part, count)) = known(at + 2)
            && words.get(at + 1 + count).is_some_and(|last| crate::prose::singular(last) != *last)
        {
            found.push((entity.to_owned(), part));
        }
    }
    // "A student's registration".
    let own = sentence.split_once("'s ").or_else(|| sentence.split_once("’s "));
    if let Some((owner, _)) = own
        && let [article, name @ ..] = owner.split(' ').collect::<Vec<_>>().as_slice()
        && ANY.contains(&&*article.to_lowercase())
        && name.len() <= 3
        && let Some(whole) = out.known.get(&name.join(" "))
    {
        found.push((whole.to_owned(), entity.to_owned()));
    }
    found
}

fn ordered(one: &str, other: &str) -> (String, String) {
    let (one, other) = (fold(one), fold(other));
    if one < other { (one, other) } else { (other, one) }
}

/// The folded pairs of entities that something relates.
fn pairs(out: &Output) -> BTreeSet<(String, String)> {
    let related = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Relationship(fact) => Some(ordered(&fact.from, &fact.to)),
        Fact::Field { entity, field } => {
            field.references.as_ref().map(|to| ordered(entity, &to.entity))
        }
        _ => None,
    });
    related.collect()
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
