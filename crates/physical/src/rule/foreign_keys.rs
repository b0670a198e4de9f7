//! P021: foreign keys. Those in a circle of required references are checked at commit, because no
//! order of inserts could satisfy them before.

use std::collections::BTreeSet;

use underpin_logical::{AttributeId, LogicalDesign, Reference, Relation, RelationId};
use underpin_model::{Model, OnDelete};
use underpin_pg::{ForeignKey, Ident, ReferentialAction, naming};

use super::keys::capital;
use crate::PhysicalDesign;

/// How many attributes at the end of a reference tell which row is meant: each that names a part of the key of
/// the relation referred to. Where the tenant leads, it is the last one alone.
pub(super) fn telling(
    model: &Model,
    logical: &LogicalDesign,
    relation: &Relation,
    reference: &Reference,
) -> usize {
    let target = logical.relation(reference.target).entity;
    let names_target = |id: &&AttributeId| {
        let field = relation.attribute(**id).field.map(|field| model.field(field));
        let to = field.and_then(|field| field.references.as_ref()).map(|it| it.entity);
        to.is_some() && to == target
    };
    reference.attributes.iter().rev().take_while(names_target).count().max(1)
}

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let id = design.tables[at].relation;
        let relation = logical.relation(id);
        let name = design.tables[at].table.clone();
        let mut keys: Vec<ForeignKey> = Vec::new();
        for reference in &relation.references {
            let columns: Vec<Ident> = reference
                .attributes
                .iter()
                .map(|&at_| design.tables[at].column(at_).clone())
                .collect();
            let there = &design.tables[reference.target.index()];
            let referenced_columns: Vec<Ident> =
                reference.target_attributes.iter().map(|&id| there.column(id).clone()).collect();
            // PostgreSQL names a foreign key after all its columns; those that name the row alone say which
            // reference it is, since the tenant leads in all of them.
            let telling = telling(model, logical, relation, reference);
            let named_after: Vec<&Ident> = columns[columns.len() - telling..].iter().collect();
            let mut key_name = naming::object_name(&name.name, &named_after, "fkey");
            let mut number = 0;
            while keys.iter().any(|key| key.name == key_name) {
                number += 1;
                key_name = naming::object_name(&name.name, &named_after, &format!("fkey{number}"));
            }
            let optional = |column: &Ident| {
                relation.attributes().any(|(id, attribute)| {
                    design.tables[at].column(id) == column && !attribute.required
                })
            };
            let set_columns: Vec<Ident> =
                if reference.on_delete == OnDelete::SetNull && columns.len() > 1 {
                    columns.iter().filter(|column| optional(column)).cloned().collect()
                } else {
                    Vec::new()
                };
            keys.push(ForeignKey {
                name: key_name,
                references: there.table.clone(),
                referenced_columns,
                on_delete: match reference.on_delete {
                    OnDelete::Cascade => ReferentialAction::Cascade,
                    OnDelete::Restrict => ReferentialAction::Restrict,
                    OnDelete::SetNull => ReferentialAction::SetNull,
                },
                set_columns,
                on_update: ReferentialAction::NoAction,
                deferred: in_required_circle(logical, id, reference),
                comment: Some(capital(&reference.reason)),
                columns,
            });
        }
        let table = design.schema.tables.get_mut(&name).expect("made by rule P010");
        table.foreign_keys = keys;
    }
}

/// Whether this required reference leads back to its own relation over required references.
fn in_required_circle(logical: &LogicalDesign, from: RelationId, first: &Reference) -> bool {
    let required = |relation: &Relation, reference: &Reference| {
        reference.attributes.iter().all(|&id| relation.attribute(id).required)
    };
    if first.target == from || !required(logical.relation(from), first) {
        return false;
    }
    let mut seen = BTreeSet::new();
    let mut open = vec![first.target];
    while let Some(id) = open.pop() {
        if id == from {
            return true;
        }
        if seen.insert(id) {
            let relation = logical.relation(id);
            open.extend(
                relation.references.iter().filter(|r| required(relation, r)).map(|r| r.target),
            );
        }
    }
    false
}
