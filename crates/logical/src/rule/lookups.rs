//! L028: listed values that people maintain become rows: a table that holds each value once, and a reference to it. All
//! other lists are part of a release, and a CHECK holds them.

use underpin_model::{FieldKind, Literal, ManagedValues, Model, OnDelete, Origin};

use super::shapes::plain;
use crate::{
    Attribute, AttributeId, Decision, LogicalDesign, Reference, Relation, RelationId, RelationKind,
};

const RULE: &str = "L028";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for managed in &model.managed {
        let field = model.field(managed.field);
        let Some(owner) = design.relation_of(field.entity) else { continue };
        let Some(attribute) = design.relation(owner).attribute_of(managed.field) else { continue };
        let FieldKind::Enumeration(list) = design.relation(owner).attribute(attribute).kind else {
            continue;
        };
        let values = model.enumeration(list).values.clone();
        // A list without a name of its own is called by its field's path.
        let name = model.enumeration(list).name.replace('.', " ");
        let is_taken = |relation: &Relation| plain(&relation.name) == plain(&name);
        let known = design
            .relations()
            .find(|(_, it)| it.kind == RelationKind::Lookup && is_taken(it))
            .map(|(id, _)| id);
        // A table that documents describe themselves is theirs to refer to.
        if known.is_none() && design.relations.iter().any(is_taken) {
            continue;
        }
        let decision = decision(design.relation(owner), attribute, &name, managed);
        design.decisions.push(decision);
        let lookup = known.unwrap_or_else(|| add(design, owner, &name, &values, managed));
        let relation = &mut design.relations[owner.index()];
        let value = &mut relation.attributes[attribute.index()];
        value.kind = FieldKind::Text { max: None };
        let reference = Reference {
            attributes: vec![attribute],
            target: lookup,
            target_attributes: vec![AttributeId::from_index(0)],
            on_delete: OnDelete::Restrict,
            reason: format!("a value that a {} still has is not taken off the list", relation.name),
            source: Some(managed.source),
        };
        relation.references.push(reference);
    }
}

/// The relation of the values, in the context of the rows that have them.
fn add(
    design: &mut LogicalDesign,
    owner: RelationId,
    name: &str,
    values: &[String],
    managed: &ManagedValues,
) -> RelationId {
    let owner = design.relation(owner);
    let mut seeds: Vec<Literal> = Vec::new();
    for value in values.iter().filter(|value| !value.contains('\0')) {
        let value = Literal::Text(value.clone());
        if !seeds.contains(&value) {
            seeds.push(value);
        }
    }
    let relation = Relation {
        name: name.to_owned(),
        table: None,
        kind: RelationKind::Lookup,
        entity: None,
        context: owner.context,
        description: Some(format!("The values that people maintain: {}", managed.text.trim())),
        attributes: vec![Attribute {
            name: "name".to_owned(),
            kind: FieldKind::Text { max: None },
            required: true,
            default: None,
            touched: false,
            field: None,
            ignores_case: false,
            sensitivity: None,
            unit: None,
            description: None,
            origin: Origin::Inferred("the values are rows, and each is named once".to_owned()),
            source: Some(managed.source),
        }],
        key: vec![AttributeId::from_index(0)],
        uniques: Vec::new(),
        references: Vec::new(),
        crossings: Vec::new(),
        invariants: Vec::new(),
        separations: Vec::new(),
        limits: Vec::new(),
        owner_states: Vec::new(),
        owner_bounds: Vec::new(),
        holds: Vec::new(),
        machines: Vec::new(),
        trees: Vec::new(),
        permanences: Vec::new(),
        seeds,
        version: None,
        source: Some(managed.source),
    };
    design.relations.push(relation);
    RelationId::from_index(design.relations.len() - 1)
}

fn decision(
    relation: &Relation,
    attribute: AttributeId,
    name: &str,
    managed: &ManagedValues,
) -> Decision {
    Decision::new(
        RULE,
        format!("{}.{}", relation.name, relation.attribute(attribute).name),
        format!("the values are rows of {name}, to which {} refers", relation.name),
        format!(
            "a document has people maintain them (\"{}\"): a new value is an INSERT, and no migration",
            managed.text.trim()
        ),
    )
    .instead_of("a CHECK, which changes with a release of the application")
    .instead_of("`CREATE TYPE … AS ENUM`: a new value is DDL, and none can be removed")
    .instead_of("a number as the key: one more join wherever a row is shown, so that a value can be renamed in one place")
    .changes_when("nobody but a release adds values, or values get attributes of their own: then describe them as an entity")
    .so_that("the values that documents list are there from the first migration on")
    .so_that("a value that some row has cannot be deleted; nothing in the application may rest on a value that people can take away")
    .from_statement(managed.source)
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// The relations of a document, with the values that are there from the start.
    fn relations(sentence: &str) -> Vec<(String, usize)> {
        let mut sources = Sources::default();
        let fields = "- id: uuid, primary key\n- subject: text, required\n\
                      - category: enum(hardware, software), required\n\
                      - priority: enum(low, high), required\n";
        sources.add("model.md", format!("## Ticket\n\n{fields}\n{sentence}\n"));
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        design.relations.iter().map(|it| (it.name.clone(), it.seeds.len())).collect()
    }

    #[test]
    fn values_that_people_maintain_are_rows() {
        let both = [("Ticket".to_owned(), 0), ("Ticket category".to_owned(), 2)];
        assert_eq!(relations("Admins can add ticket categories."), both);
        assert_eq!(relations("The list of ticket categories is configurable."), both);
    }

    #[test]
    fn values_of_a_release_are_a_list() {
        let one = [("Ticket".to_owned(), 0)];
        assert_eq!(relations("Admins can add tickets."), one);
        assert_eq!(relations("Agents cannot add ticket categories."), one);
    }
}
