//! What the documents tell rows apart by: unique values, pairs that are joined, fields beside which a schema
//! has made an identifier.

use super::Object;
use crate::foreign::arena::Arena;
use crate::foreign::ground::{columns, keys_of};
use crate::foreign::mapping::Place;
use crate::rule::Term;

/// A key that the documents state, over columns of our own design's table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) columns: Vec<usize>,
    pub(super) condition: Option<Term>,
    /// The documents leave open whether the other rows may share values.
    pub(super) is_chosen: bool,
    pub(super) reason: String,
}

/// The keys of a mapped table.
pub(super) fn stated(arena: &Arena<'_>, object: &Object<'_>) -> Vec<Key> {
    let Some(design) = arena.sides.physical.tables.of(&object.ours) else {
        return Vec::new();
    };
    let relation = arena.sides.logical.relation(design.relation);
    let column = |id: &underpin_logical::AttributeId| {
        design.columns.get(id.index()).and_then(|name| object.shape.column(name))
    };
    relation
        .uniques
        .iter()
        .filter(|key| {
            key.source.is_some()
                && key.attributes.iter().all(|&id| {
                    let attribute = relation.attribute(id);
                    // A reference that only a relationship states is as good as one with a name.
                    let refers = relation.references.iter().any(|it| it.attributes.contains(&id));
                    attribute.origin == underpin_model::Origin::Stated || refers
                })
        })
        .filter_map(|key| {
            let columns = key.attributes.iter().map(column).collect::<Option<Vec<_>>>()?;
            let condition = match &key.condition {
                Some(condition) => Some(condition.try_map(&mut |id| column(id))?),
                None => None,
            };
            Some(Key { columns, condition, is_chosen: key.is_chosen, reason: key.reason.clone() })
        })
        .chain(own_key(arena, object, relation))
        .collect()
}

/// The key by which the documents tell rows apart, where it is no identifier: the pair that a row of a
/// many-to-many relationship joins, or a field of the documents' own beside which the schema has made an
/// identifier.
fn own_key(
    arena: &Arena<'_>,
    object: &Object<'_>,
    relation: &underpin_logical::Relation,
) -> Option<Key> {
    let key = object.shape.primary_key();
    let columns: Vec<usize> = key
        .iter()
        .map(|&at| match object.place(at)? {
            Place::Column(column) => Some(column),
            Place::Lower(_) | Place::Upper(_) => None,
        })
        .collect::<Option<_>>()?;
    let mut theirs = crate::foreign::ground::primary_key(object.table);
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    theirs.sort_unstable();
    let is_said = match relation.entity {
        Some(entity) => {
            arena.sides.model.entity(entity).primary_key.len() == key.len()
                && key.iter().all(|&at| object.refers(at) || object.field(arena, at).is_some())
        }
        None => key.iter().all(|&at| object.refers(at)),
    };
    let is_known = relation.uniques.iter().any(|unique| unique.attributes == relation.key);
    // Of one column, it is what the table tells its rows apart by, whatever it is called; beside it may stand whose row it
    // is, which references carry, such as the tenant.
    let is_carried = |at: usize| keys_of(object.table, at).next().is_some();
    theirs.retain(|&at| columns.contains(&at) || !is_carried(at));
    let is_theirs = columns.len() == 1 && sorted == theirs;
    let is_open = columns.is_empty() || is_theirs || is_known || !is_said;
    (!is_open).then(|| Key {
        columns: key.clone(),
        condition: None,
        is_chosen: false,
        reason: "by it the documents tell rows apart".to_owned(),
    })
}

/// The columns that hold a key, and those that its references carry beside it, such as the tenant's: only with them do two
/// rows refer to the same.
pub(super) fn with_carried(arena: &Arena<'_>, object: &Object<'_>, key: &Key) -> Vec<usize> {
    let mut all = places(object, key).unwrap_or_default();
    for &own in &key.columns {
        let links = object.shape.links.iter().filter(|link| link.columns.last() == Some(&own));
        let Some(Place::Column(column)) = object.place(own) else { continue };
        for home in links.filter_map(|link| arena.mapping.home(&link.key.references)) {
            let keys = keys_of(object.table, column).filter(|key| key.references == home.table);
            for at in keys.flat_map(|key| columns(object.table, &key.columns)) {
                if !all.contains(&at) {
                    all.push(at);
                }
            }
        }
    }
    all
}

/// The columns of the schema's table that hold a key.
pub(super) fn places(object: &Object<'_>, key: &Key) -> Option<Vec<usize>> {
    key.columns
        .iter()
        .map(|&at| match object.place(at)? {
            Place::Column(column) => Some(column),
            Place::Lower(_) | Place::Upper(_) => None,
        })
        .collect()
}
