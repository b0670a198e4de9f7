//! P020: primary keys, UNIQUE constraints, and unique indexes where a key holds among some rows only, or whatever
//! the case of a text.

use underpin_base::Diagnostic;
use underpin_logical::{AttributeId, LogicalDesign, Relation, UniqueKey};
use underpin_model::{FieldId, Model};
use underpin_pg::{Ident, Index, IndexColumn, IndexKey, Key, Method, QualifiedName, naming};

use super::LONG_KEY;
use super::indexes::long_text::may_be_long;
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
        let mut key = columns(&relation.key);
        // What a table is split by is part of each of its keys (manual, section 5.11.2.3).
        let split = design.tables[at].partitions.iter();
        key.extend(split.flat_map(|it| it.added_to_key.iter().cloned()));
        table.primary_key = Some(Key {
            name: naming::object_name(&name.name, &[], "pkey"),
            columns: key,
            deferrable: false,
            comment: None,
        });
        let mut indexes = Vec::new();
        let mut long = Vec::new();
        for unique in &relation.uniques {
            let columns = columns(&unique.attributes);
            let predicate = match &unique.condition {
                None => None,
                Some(expression) => match condition(expression, &table.columns) {
                    Ok(predicate) => Some((predicate, columns_of(expression, &table.columns))),
                    Err(_) => continue,
                },
            };
            long.extend(unique.attributes.iter().filter_map(|&id| {
                let attribute = relation.attribute(id);
                let column = design.tables[at].column(id);
                let field = attribute.field.filter(|_| may_be_long(column, &attribute.kind))?;
                Some(long_key(model, field))
            }));
            let folded: Vec<bool> =
                unique.attributes.iter().map(|&id| relation.attribute(id).ignores_case).collect();
            // The condition's columns too: two keys may differ in nothing else.
            let among = predicate.iter().flat_map(|(_, among)| among);
            let named: Vec<&Ident> =
                columns.iter().chain(among.filter(|c| !columns.contains(c))).collect();
            let wanted = naming::object_name(&name.name, &named, "key");
            let is_said = says_it_itself(model, relation, &unique.attributes);
            let comment = (!is_said).then(|| capital(&unique.reason));
            let folds = folded.contains(&true);
            // A foreign key refers to a constraint only, and that compares exactly.
            if predicate.is_none() && (!folds || is_referred_to(logical, design, at, unique)) {
                if table.uniques.iter().any(|key| key.name == wanted) {
                    continue;
                }
                let (name, columns) = (wanted.clone(), columns.clone());
                let deferrable = unique.is_reordered
                    && !is_referred_to(logical, design, at, unique)
                    && !is_kept(relation, &unique.attributes);
                table.uniques.push(Key { name, columns, deferrable, comment });
            }
            if predicate.is_none() && !folds {
                continue;
            }
            let key = |(column, &is_folded): (Ident, &bool)| IndexColumn {
                key: if is_folded { IndexKey::lower(column) } else { IndexKey::Column(column) },
                descending: false,
                operator_class: None,
            };
            let columns: Vec<IndexColumn> = columns.into_iter().zip(&folded).map(key).collect();
            indexes.push((wanted, columns, predicate.map(|(it, _)| it), unique.reason.clone()));
        }
        for (wanted, columns, predicate, reason) in indexes {
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
                columns,
                include: Vec::new(),
                unique: true,
                method: Method::Btree,
                predicate,
                comment: Some(capital(&reason)),
            });
        }
        design.schema.add_table(table);
        design.diagnostics.append(&mut long);
    }
}

/// What is said of a key on a text that may be longer than its index takes.
fn long_key(model: &Model, field: FieldId) -> Diagnostic {
    Diagnostic::warning(
        LONG_KEY,
        format!(
            "`{}` is unique and may be longer than an index takes: rows in which it has more than 2,704 bytes will be refused",
            model.field_path(field)
        ),
    )
    .at(model.field(field).source, "no length that fits is stated here")
    .help("say how long it is at most (650 characters fit), or keep a digest of it in a field that is unique")
}

/// Whether a foreign key rests on these attributes.
fn is_referred_to(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    at: usize,
    unique: &UniqueKey,
) -> bool {
    let target = design.tables[at].relation;
    logical.relations.iter().flat_map(|relation| &relation.references).any(|reference| {
        reference.target == target && reference.target_attributes == unique.attributes
    })
}

/// Whether one of the attributes never changes, so that no rows exchange their values.
fn is_kept(relation: &Relation, attributes: &[AttributeId]) -> bool {
    relation
        .permanences
        .iter()
        .any(|it| it.states.is_none() && it.attributes.iter().any(|kept| attributes.contains(kept)))
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
