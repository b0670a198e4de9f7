//! Indexes for rows that are found by what is said of another table: "bookings of the studios in a city" are found from the
//! studios, and then by their reference to them.

use underpin_logical::{LogicalDesign, Relation};
use underpin_model::{AccessKind, EntityId, FieldKind, FilterOperator, Pattern};
use underpin_pg::{Ident, Method};

use super::candidate::{Candidate, CandidateColumn};
use super::small;
use crate::{PhysicalDesign, TableDesign};

/// The indexes that a read of joined tables asks for besides that of its main table, where nothing but a value of a joined
/// table leads to its rows.
pub(super) fn of_pattern(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    pattern: &Pattern,
    owner: impl Fn(underpin_model::FieldId) -> EntityId,
) -> Vec<Candidate> {
    let is_equal = |operator: &FilterOperator| *operator == FilterOperator::Equals;
    let equal: Vec<_> = pattern.conditions().filter(|it| is_equal(&it.operator)).collect();
    let leads = pattern.kind == AccessKind::Read && pattern.sql.is_none();
    if !leads || equal.iter().any(|it| owner(it.field) == pattern.entity) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for &joined in &pattern.joins {
        let (Some(main), Some(id)) =
            (logical.relation_of(pattern.entity), logical.relation_of(joined))
        else {
            continue;
        };
        let (relation, table) = (logical.relation(id), &design.tables[id.index()]);
        let asked = equal.iter().filter(|it| owner(it.field) == joined);
        let columns: Vec<Ident> = asked
            .filter_map(|it| relation.attribute_of(it.field))
            .filter(|&at| tells_apart(&relation.attribute(at).kind))
            .map(|at| table.column(at).clone())
            .collect();
        if columns.is_empty() || small::never_many(logical, design, joined).is_some() {
            continue;
        }
        found.push(plain(pattern, table, columns));
        if small::never_many(logical, design, pattern.entity).is_none() {
            let (relation, table) = (logical.relation(main), &design.tables[main.index()]);
            found.extend(reference(relation, table, pattern, |target| target == id));
        }
    }
    found
}

/// The index of the main table where rows are found from a joined one: by their reference alone. No order and no range of
/// their own is read from an index then, since a nested loop gives the rows of one joined row after those of another.
///
/// # Errors
/// Where rows are found from both sides: which of the two is the shorter way depends on the values of the call.
pub(super) fn instead(
    own: Candidate,
    pattern: &Pattern,
    joined: &[Candidate],
) -> Result<Candidate, Option<&'static str>> {
    let is_of_letters =
        own.columns.iter().any(|it| it.operator_class.is_some() || it.expression.is_some());
    let has_other_way =
        own.equal > 0 || own.method != Method::Btree || pattern.pick.is_some() || is_of_letters;
    let reference = joined.iter().find(|it| it.table == own.table).filter(|_| !has_other_way);
    let has_range = own.filtered.len() > own.compared.len();
    match reference {
        Some(_) if has_range => Err(Some(
            "it finds rows by what they refer to and within a range of their own, and which is the shorter way depends on \
             the values that are given",
        )),
        Some(reference) => Ok(reference.clone()),
        None => Ok(own),
    }
}

/// The index of the one reference that leads from the main table to the joined one.
fn reference(
    relation: &Relation,
    table: &TableDesign,
    pattern: &Pattern,
    is_joined: impl Fn(underpin_logical::RelationId) -> bool,
) -> Option<Candidate> {
    let mut references = relation.references.iter().filter(|it| is_joined(it.target));
    let (Some(reference), None) = (references.next(), references.next()) else { return None };
    let column = table.column(*reference.attributes.last()?).clone();
    Some(plain(pattern, table, vec![column]))
}

/// Whether few rows share a value of the kind.
const fn tells_apart(kind: &FieldKind) -> bool {
    !matches!(kind, FieldKind::Boolean | FieldKind::Enumeration(_))
}

/// A b-tree on columns that are compared for equality.
fn plain(pattern: &Pattern, table: &TableDesign, columns: Vec<Ident>) -> Candidate {
    let key = |name: &Ident| CandidateColumn {
        name: name.clone(),
        expression: None,
        operator_class: None,
        descending: false,
    };
    Candidate {
        table: table.table.clone(),
        method: Method::Btree,
        columns: columns.iter().map(key).collect(),
        include: Vec::new(),
        equal: columns.len(),
        sorted: 0,
        needed: columns.len(),
        compared: columns.clone(),
        filtered: columns,
        is_few: false,
        constant: Vec::new(),
        alive: None,
        rate: pattern.per_second.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    /// The indexes of bookings of studios, of which there are so many.
    fn indexes(studios: &str, query: &str) -> Vec<String> {
        let document = format!(
            "## Studio\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | city | string(60) | | yes |\n| open | boolean | | yes |\n| code | string(9) | unique | yes |\n\n\
             ## Booking\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | studio_id | uuid | FK → Studio | yes |\n| price | integer | | yes |\n\n\
             ## Access patterns\n\n| Query | Kind | Entity | Filter | Joins | Sort |\n|---|---|---|---|---|---|\n{query}\n\n\
             ## Volumes\n\n- Studio: {studios} rows\n- Booking: 1,000,000 rows\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        design.schema.indexes.keys().map(|name| name.name.as_str().to_owned()).collect()
    }

    #[test]
    fn both_sides_of_a_join_are_found_by_an_index() {
        assert_eq!(
            indexes("20,000", "| bookings in a city | read | Booking | Studio.city | Studio | |"),
            ["bookings_studio_id_idx", "studios_city_idx"]
        );
    }

    #[test]
    fn an_order_is_not_read_from_an_index_behind_a_join() {
        let sorted = "| bookings in a city, cheapest first, 20 per page | read | Booking | Studio.city | Studio | price |";
        assert_eq!(indexes("20,000", sorted), ["bookings_studio_id_idx", "studios_city_idx"]);
        // Of all bookings it is.
        let of_all = "| bookings, cheapest first, 20 per page | read | Booking | | | price |";
        assert_eq!(indexes("20,000", of_all), ["bookings_price_idx"]);
    }

    #[test]
    fn a_key_a_small_table_and_a_yes_or_no_ask_for_none_of_the_joined_table() {
        for (studios, filter) in
            [("20,000", "Studio.code"), ("400", "Studio.city"), ("20,000", "Studio.open")]
        {
            let query = format!("| bookings by this | read | Booking | {filter} | Studio | |");
            let found = indexes(studios, &query);
            assert!(!found.iter().any(|it| it.starts_with("studios")), "{filter}: {found:?}");
        }
    }
}
