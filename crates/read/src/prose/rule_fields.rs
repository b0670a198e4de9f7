//! Fields that rules speak of: "a workflow slug is unique per organization", "every repository has
//! exactly one owner", "an execution references exactly one order and cart".

use super::noun::{entity_name, singular};
use super::{over_clauses, resolve};
use crate::document::Document;
use crate::notation::Output;
use crate::words::{fold, split_once_any};
use crate::{Fact, FieldFact, ReferenceFact};

pub(crate) const DOC: &str =
    "Fields in rules: \"a slug is unique per shop\", \"belongs to exactly one customer\".";

/// What a rule says of one entity, before names are resolved.
#[derive(Debug, PartialEq, Eq)]
enum Rule {
    /// A subject such as "workflow slug", and whether no two rows at all may share it.
    Unique { subject: String, everywhere: bool },
    /// Each row of a thing has one of a property.
    One { thing: String, property: String },
    /// Rows of a thing refer to one row each of others.
    Refers { thing: String, others: Vec<String>, required: bool },
}

fn find(text: &str) -> Option<Rule> {
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    let doubts = [
        " not ", "cannot", " never ", " no ", " if ", " when ", " unless ", " may ", " except ",
        "`",
    ];
    if doubts.iter().any(|word| lower.contains(word)) {
        return None;
    }
    unique(&lower).or_else(|| one(&lower)).or_else(|| refers(&lower))
}

fn unique(lower: &str) -> Option<Rule> {
    let marks = [" must be unique", " should be unique", " is unique", " are unique"];
    let (subject, scope) = split_once_any(lower, &marks)?;
    let scope = scope.trim();
    let everywhere = matches!(scope, "" | "globally" | "across the system" | "system-wide");
    let is_scoped = ["per ", "within ", "for ", "in ", "inside ", "among ", "across ", "by "]
        .iter()
        .any(|word| scope.starts_with(word));
    let subject = without_determiner(subject);
    let is_short = (2..=5).contains(&subject.split(' ').count()) && is_plain(subject);
    (is_short && (everywhere || is_scoped))
        .then(|| Rule::Unique { subject: subject.to_owned(), everywhere })
}

fn one(lower: &str) -> Option<Rule> {
    let rest = ["every ", "each "].iter().find_map(|word| lower.strip_prefix(word))?;
    let marks = [" must have exactly one ", " has exactly one ", " must have one ", " has one "];
    let (thing, property) = split_once_any(rest, &marks)?;
    let words = property.split(' ').count();
    let is_single = words <= 2 && singular(property) == property && is_plain(property);
    (thing.split(' ').count() <= 3 && is_single)
        .then(|| Rule::One { thing: thing.to_owned(), property: property.to_owned() })
}

fn refers(lower: &str) -> Option<Rule> {
    let (subject, objects) = split_once_any(lower, &[" exactly one ", " one "])?;
    let exactly = lower.contains(" exactly one ");
    let is_each = subject.starts_with("every ") || subject.starts_with("each ");
    let mut words: Vec<&str> = without_determiner(subject).split(' ').collect();
    if words.last() == Some(&"must") {
        return None;
    }
    let link = words.pop()?;
    match link {
        "references" | "reference" => {}
        "to" if matches!(words.last(), Some(&("belongs" | "belong"))) => {
            words.pop();
        }
        // "is initiated by one user", "are assigned to one team".
        "by" | "to" if words.len() >= 3 => {
            let verb = words.pop()?;
            let auxiliary = words.pop()?;
            if !(verb.ends_with("ed") || verb.ends_with("en"))
                || !matches!(auxiliary, "is" | "are" | "be")
            {
                return None;
            }
            if auxiliary == "be" && words.pop() != Some("must") {
                return None;
            }
        }
        _ => return None,
    }
    if words.last() == Some(&"must") {
        words.pop();
    }
    let others: Vec<String> = objects
        .split(',')
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("and ").trim_start_matches("one ").to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let is_good = (1..=3).contains(&words.len())
        && (1..=5).contains(&others.len())
        && others.iter().all(|it| it.split(' ').count() <= 3 && is_plain(it));
    is_good.then(|| Rule::Refers { thing: words.join(" "), others, required: exactly || is_each })
}

fn without_determiner(text: &str) -> &str {
    ["every ", "each ", "all ", "an ", "a ", "the "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text)
        .trim()
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
}

/// "workflow slug" as the entity `Workflow` and its "slug": the longest words that name an entity.
fn owned(subject: &str, out: &Output) -> Option<(String, String)> {
    let words: Vec<&str> = subject.split(' ').collect();
    (1..words.len()).rev().find_map(|count| {
        let entity = resolve(&words[..count].join(" "), out)?;
        let rest = &words[count..];
        let (last, front) = rest.split_last()?;
        let mut name = front.to_vec();
        let last = singular(last);
        name.push(&last);
        if rest.len() > 2 {
            return None;
        }
        // A bare number counts the thing itself: "version number".
        let name = if name == ["number"] {
            format!("{} number", singular(words[count - 1]))
        } else {
            name.join(" ")
        };
        Some((entity, name))
    })
}

/// The fields that a sentence gives to entities that are known.
fn fields(text: &str, out: &Output) -> Vec<(String, FieldFact)> {
    match find(text) {
        None => Vec::new(),
        Some(Rule::Unique { subject, everywhere }) => {
            // The subject may be a thing itself, of which no property is named.
            let is_thing = out.known.get(&entity_name(&subject)).is_some();
            let owned = owned(&subject, out).filter(|_| !is_thing);
            let unique = everywhere.then_some(true);
            owned
                .map(|(entity, name)| (entity, FieldFact { name, unique, ..FieldFact::default() }))
                .into_iter()
                .collect()
        }
        Some(Rule::One { thing, property }) => {
            let owner = resolve(&thing, out).filter(|_| resolve(&property, out).is_none());
            let field = FieldFact { name: property, required: Some(true), ..FieldFact::default() };
            owner.map(|owner| (owner, field)).into_iter().collect()
        }
        Some(Rule::Refers { thing, others, required }) => {
            let Some(owner) = resolve(&thing, out) else { return Vec::new() };
            let known: Option<Vec<(String, String)>> = others
                .into_iter()
                .map(|other| resolve(&other, out).map(|entity| (other, entity)))
                .collect();
            let fields = known.unwrap_or_default().into_iter().filter(|(_, it)| *it != owner);
            fields
                .map(|(name, entity)| {
                    let references = ReferenceFact { entity, field: None, on_delete: None };
                    let field = FieldFact {
                        name,
                        required: required.then_some(true),
                        references: Some(references),
                        ..FieldFact::default()
                    };
                    (owner.clone(), field)
                })
                .collect()
        }
    }
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        for clause in clauses {
            for (entity, field) in fields(&clause.text, out) {
                let is_known = out.prose.is_described(&entity)
                    || out.field(&entity, &field.name).is_some()
                    || out.field(&entity, &format!("{} id", field.name)).is_some()
                    || fold(&entity) == fold(&field.name);
                if is_known {
                    continue;
                }
                let span = document.span(clause.range.clone());
                let reason = "a rule about it names the field";
                out.infer_beside(span, Fact::Field { entity, field }, reason);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODELS: &str = "| Entity | Purpose |\n|-|-|\n| Shop | a |\n| ShopVersion | b |\n| Visit | c |\n| User | d |\n\n";

    #[test]
    fn rules_name_fields() {
        check(
            &[MODELS, "## Rules\n\n- shop slug is unique per user.\n- Shop version numbers are unique per shop.\n- Every visit has exactly one host.\n- A visit references exactly one shop and user.\n"].concat(),
            &expect![[r#"
                3 entity-list  entity Shop -- a
                4 entity-list  entity ShopVersion -- b
                5 entity-list  entity Visit -- c
                6 entity-list  entity User -- d
                10 prose-rule-fields  field Shop.slug [inferred: a rule about it names the field]
                10 rule-bullets  rule Shop: shop slug is unique per user
                11 prose-rule-fields  field ShopVersion.version number [inferred: a rule about it names the field]
                11 rule-bullets  rule ShopVersion: Shop version numbers are unique per shop
                12 prose-rule-fields  field Visit.host required [inferred: a rule about it names the field]
                12 rule-bullets  rule Visit: Every visit has exactly one host
                13 prose-rule-fields  field Visit.shop required -> Shop [inferred: a rule about it names the field]
                13 prose-rule-fields  field Visit.user required -> User [inferred: a rule about it names the field]
                13 relationship-lines  relationship Shop 1:N Visit from:required
                13 relationship-lines  relationship User 1:N Visit from:required
            "#]],
        );
    }

    #[test]
    fn rules_that_name_none() {
        check(
            &[MODELS, "## Rules\n\n- Shops must be unique.\n- A visit may belong to one shop.\n- Each shop has one user.\n- The home page is unique.\n- A visit is not assigned to one shop.\n"].concat(),
            &expect![[r#"
                3 entity-list  entity Shop -- a
                4 entity-list  entity ShopVersion -- b
                5 entity-list  entity Visit -- c
                6 entity-list  entity User -- d
                10 rule-bullets  rule Shop: Shops must be unique
                11 relationship-lines  relationship Shop 1:N Visit from:optional
                12 relationship-lines  relationship User 1:N Shop
                13 rule-bullets  rule *: The home page is unique
                14 prose-cardinality  relationship Shop 1:N Visit
                14 prose-rule-sentence  rule Visit: A visit is not assigned to one shop
            "#]],
        );
    }
}
