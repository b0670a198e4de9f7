//! L031: rows that several people edit at once carry a version, and a writer that read an old one is
//! refused. Only where a document asks for it: each writer has to give the version that it read.

use underpin_model::{DefaultValue, FieldKind, Literal, Model, counts_changes};

use super::shapes::plain;
use crate::{Attribute, AttributeId, Decision, LogicalDesign, Relation};

const RULE: &str = "L031";

/// What documents say of it.
const SAYS: [&str; 5] =
    ["optimistic", "concurrency", "concurrent edit", "lost update", "row version"];
/// Names that say it by themselves.
const NAMES: [&str; 4] = ["lock_version", "row_version", "rowversion", "opt_lock"];

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let relation = &design.relations[index];
        let Some((id, said)) = version(model, relation) else { continue };
        let decision = decision(relation, id, &said);
        design.decisions.push(decision);
        let relation = &mut design.relations[index];
        relation.version = Some(id);
        let attribute = &mut relation.attributes[id.index()];
        attribute.required = true;
        attribute.default.get_or_insert(DefaultValue::Literal(Literal::Integer(1)));
    }
}

/// The attribute that counts changes, and what says so. A `version` of which nothing is said may as well
/// be the edition of a document.
fn version(model: &Model, relation: &Relation) -> Option<(AttributeId, String)> {
    let counts =
        |attribute: &Attribute| matches!(attribute.kind, FieldKind::Integer { counted: false, .. });
    let says = |text: &str| {
        let text = text.to_lowercase();
        SAYS.iter().any(|word| text.contains(word))
    };
    relation.attributes().filter(|(_, it)| counts(it)).find_map(|(id, attribute)| {
        let name = plain(&attribute.name);
        let own = attribute.description.as_deref().unwrap_or_default();
        if NAMES.contains(&&*name) {
            return Some((id, "its name says that it counts the changes of the row".to_owned()));
        }
        let is_told = |rule: &&underpin_model::Rule| {
            rule.field.is_some() && rule.field == attribute.field && counts_changes(&rule.text)
        };
        if let Some(rule) = model.rules.iter().find(is_told) {
            return Some((id, format!("a document says: {}", rule.text.trim())));
        }
        if name != "version" {
            return None;
        }
        if says(own) {
            return Some((id, format!("a document says: {}", own.trim())));
        }
        let mut rules = model.rules.iter().filter(|rule| Some(rule.entity) == relation.entity);
        let rule = rules.find(|rule| says(&rule.text))?;
        Some((id, format!("a document says: {}", rule.text.trim())))
    })
}

fn decision(relation: &Relation, id: AttributeId, said: &str) -> Decision {
    let (name, attribute) = (&relation.name, relation.attribute(id));
    let version = &attribute.name;
    let mut decision = Decision::new(
        RULE,
        format!("{name}.{version}"),
        format!(
            "each change of a {name} raises {version} by one, and the database refuses any that does not"
        ),
        said.to_owned(),
    )
    .instead_of(
        "a trigger that counts by itself: a writer that says nothing of the version then overwrites what it \
         never read",
    )
    .instead_of("SELECT FOR UPDATE, which holds the row for as long as a person looks at it")
    .instead_of("comparing the time of the last change, which two changes of one transaction share")
    .changes_when("nobody edits these rows from a form any more: then drop it")
    .so_that(format!(
        "a writer says SET {version} = the version that it read + 1 ... WHERE {version} = the version that it \
         read, and reads the row again where no row was changed"
    ))
    .so_that("whoever changes rows by hand raises the version too: SET version = version + 1")
    .so_that("a refused writer sees SQLSTATE 40001, on which drivers repeat a transaction from its reading on");
    decision.inputs.extend(attribute.source);
    decision
}
