//! What keeps a table whole: keys and references that cannot hold what it is to be split by.

use underpin_logical::{AttributeId, LogicalDesign, Relation, RelationId};
use underpin_model::FieldKind;
use underpin_pg::Ident;

use crate::PhysicalDesign;

/// Why a table stays whole, and what could be done instead.
pub(super) struct Obstacle {
    pub(super) reason: String,
    pub(super) instead: String,
}

impl Obstacle {
    pub(super) fn new(reason: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { reason: reason.into(), instead: instead.into() }
    }
}

/// The columns to be added to the primary key of a table that is split by some attributes, where nothing is in the way.
/// `widens` says that the documents let a key from outside be unique for each of their values only.
pub(super) fn free(
    (logical, design): (&LogicalDesign, &PhysicalDesign),
    id: RelationId,
    by: &[AttributeId],
    widens: bool,
) -> Result<Vec<Ident>, Obstacle> {
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    let names = |list: &[AttributeId]| {
        list.iter().map(|&it| table.column(it).as_str()).collect::<Vec<_>>().join(", ")
    };
    let column = names(by);
    let is_time = by
        .iter()
        .any(|&it| matches!(relation.attribute(it).kind, FieldKind::Timestamp | FieldKind::Date));
    let (different, what) = if is_time {
        ("times", "moment".to_owned())
    } else {
        ("partitions", format!("`{column}`"))
    };
    let holds = |attributes: &[AttributeId]| by.iter().all(|it| attributes.contains(it));
    let other = logical.relations().find(|(_, it)| {
        it.references.iter().any(|reference| {
            // A foreign key refers to a key, which must then hold what the table is split by.
            reference.target == id && !holds(&reference.target_attributes)
        })
    });
    if let Some((other, _)) = other {
        let other = design.tables[other.index()].table.name.as_str();
        return Err(Obstacle::new(
            format!(
                "`{other}` refers to its rows, and a reference to a table that is split must carry `{column}` as well"
            ),
            format!(
                "the same {what} in `{other}`, as part of its reference; both tables can then be split alike"
            ),
        ));
    }
    for unique in &relation.uniques {
        // A key of `lower(...)` holds an expression, and not the column itself.
        let is_folded = by.iter().any(|&it| relation.attribute(it).ignores_case);
        if is_folded || !holds(&unique.attributes) {
            let columns = names(&unique.attributes);
            return Err(Obstacle::new(
                format!(
                    "({columns}) is unique among all rows, and a key of a table that is split must contain `{column}`: two \
                     rows of different {different} could then share it"
                ),
                format!(
                    "a table of its own that holds ({columns}) alone, written in the same transaction; or a key that is \
                     unique for each `{column}` only, where the documents mean that"
                ),
            ));
        }
    }
    if let Some(separation) = relation.separations.first() {
        return Err(Obstacle::new(
            format!(
                "its rows must not overlap (\"{}\"), and PostgreSQL 15 and 16 have no exclusion constraint on a table \
                 that is split",
                separation.text.trim()
            ),
            "PostgreSQL 17, where such a constraint must compare what the table is split by for equality",
        ));
    }
    if holds(&relation.key) {
        return Ok(Vec::new());
    }
    if !widens && !is_counted(relation) {
        let key = names(&relation.key);
        return Err(Obstacle::new(
            format!(
                "its primary key ({key}) does not contain `{column}` and comes from outside: split, the table would take \
                 the same key twice {}",
                if is_time { "at different times" } else { "in different partitions" }
            ),
            format!(
                "a primary key that contains `{column}`, or an id that the server counts up (`bigint`), which nobody can \
                 give twice"
            ),
        ));
    }
    let added = by.iter().filter(|it| !relation.key.contains(it));
    Ok(added.map(|&it| table.column(it).clone()).collect())
}

/// What follows from a column that was added to the primary key.
pub(super) fn widened(relation: &Relation, column: &str) -> String {
    if is_counted(relation) {
        format!(
            "The primary key holds `{column}` as well; the server counts the ids, so that no two rows share one."
        )
    } else {
        format!(
            "The primary key holds `{column}` as well, as was answered: the rest of it is unique for each `{column}` only."
        )
    }
}

/// Whether the server counts the key up, and takes none from outside.
fn is_counted(relation: &Relation) -> bool {
    let is = |kind: &FieldKind| matches!(kind, FieldKind::Integer { counted: true, .. });
    matches!(relation.key.as_slice(), [one] if is(&relation.attribute(*one).kind))
}
