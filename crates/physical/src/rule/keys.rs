//! P020: primary keys, UNIQUE constraints, and partial unique indexes.

use underpin_logical::{AttributeId, LogicalDesign, Relation};
use underpin_model::Model;
use underpin_pg::{Ident, Index, IndexColumn, IndexKey, Key, Method, QualifiedName, naming};

use crate::condition::{columns_of, condition};
use crate::{IndexDesign, PhysicalDesign};

/// Whether the documents say no more than the constraint does: that the field is unique.
fn says_it_itself(model: &Model, relation: &Relation, attributes: &[AttributeId]) -> bool {
    match attributes {
        [one] => relation.attribute(*one).field.is_some_and(|field| model.field(field).unique),
        _ => false,
    }
}

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        let name = design.tables[at].table.clone();
        let mut table = design.schema.tables.remove(&name).expect("made by rule P010");
        let columns = |list: &[AttributeId]| -> Vec<Ident> {
            list.iter().map(|&id| design.tables[at].column(id).clone()).collect()
        };
        table.primary_key = Some(Key {
            name: naming::object_name(&name.name, &[], "pkey"),
            columns: columns(&relation.key),
            comment: None,
        });
        let mut partial = Vec::new();
        for unique in &relation.uniques {
            let columns = columns(&unique.attributes);
            let refs: Vec<&Ident> = columns.iter().collect();
            match &unique.condition {
                None => {
                    let wanted = naming::object_name(&name.name, &refs, "key");
                    if table.uniques.iter().any(|key| key.name == wanted) {
                        continue;
                    }
                    table.uniques.push(Key {
                        name: wanted,
                        columns,
                        comment: (!says_it_itself(model, relation, &unique.attributes))
                            .then(|| capital(&unique.reason)),
                    });
                }
                Some(expression) => {
                    let Ok(predicate) = condition(expression, &table.columns) else { continue };
                    // The condition's columns too: two keys may differ in nothing else.
                    let among = columns_of(expression, &table.columns);
                    let named: Vec<&Ident> = refs
                        .iter()
                        .copied()
                        .chain(among.iter().filter(|c| !columns.contains(c)))
                        .collect();
                    let wanted = naming::object_name(&name.name, &named, "key");
                    partial.push((wanted, columns, predicate, unique.reason.clone()));
                }
            }
        }
        for (wanted, columns, predicate, reason) in partial {
            let mut index_name = QualifiedName::new(name.namespace.clone(), wanted.clone());
            let mut number = 0;
            while design.schema.indexes.contains_key(&index_name)
                || table.uniques.iter().any(|key| key.name == index_name.name)
            {
                number += 1;
                index_name.name = naming::fit(&format!("{}{number}", wanted.as_str()), "");
            }
            design.indexes.push(IndexDesign {
                index: index_name.clone(),
                serves: Vec::new(),
                supports: Vec::new(),
                reason: capital(&reason),
            });
            design.schema.add_index(Index {
                name: index_name,
                table: name.clone(),
                columns: columns
                    .into_iter()
                    .map(|column| IndexColumn {
                        key: IndexKey::Column(column),
                        descending: false,
                        operator_class: None,
                    })
                    .collect(),
                include: Vec::new(),
                unique: true,
                method: Method::Btree,
                predicate: Some(predicate),
                comment: Some(capital(&reason)),
            });
        }
        design.schema.add_table(table);
    }
}

/// A reason as a sentence of its own.
pub(crate) fn capital(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
    // The name of a column keeps its spelling.
    let first = text.split(' ').next().unwrap_or_default();
    let is_word = first.chars().all(|c| c.is_alphabetic() || "'-,.:".contains(c));
    let mut characters = text.chars();
    let mut out: String = if is_word {
        characters.by_ref().take(1).flat_map(char::to_uppercase).collect()
    } else {
        String::new()
    };
    out.push_str(characters.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', ':']) {
        out.push('.');
    }
    out
}
