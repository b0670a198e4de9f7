//! What a query computes of its rows, with the fields resolved: "sum of amounts per customer per month".

use smol_str::SmolStr;
use underpin_read::{FilterOperator, PatternFact, Pick};

use super::{pattern_joins, pattern_words};
use crate::draft::Draft;
use crate::names::words;
use crate::{CalendarUnit, EntityId, FieldId, FieldKind, Filter, Function, Group, Measure};

/// What a query computes.
#[derive(Debug, Default)]
pub(super) struct Computed {
    pub(super) measures: Vec<Measure>,
    pub(super) groups: Vec<Group>,
    /// Which rows or groups are given.
    pub(super) pick: Option<Pick>,
    /// Words that name nothing to compute or to gather by.
    pub(super) lost: Vec<String>,
    /// What has to be joined to reach the fields of others.
    pub(super) on_the_way: Vec<EntityId>,
}

/// What a query computes; nothing where it reads rows. What it gathers by and fixes to one value is left to the condition.
pub(super) fn of(
    draft: &Draft<'_>,
    entity: EntityId,
    joins: &[EntityId],
    fact: &PatternFact,
    filter: &[Filter],
) -> Computed {
    let mut computed = Computed::default();
    // SQL says by itself what it computes.
    if fact.sql.is_some() {
        return computed;
    }
    for text in &fact.measures {
        match measure(draft, entity, joins, text) {
            Some(measure) => computed.measures.push(measure),
            None => computed.lost.push(text.clone()),
        }
    }
    // Groups of nothing are no query, unless the first row of each is asked for.
    let picks_rows = fact.pick == Some(Pick::FirstOfEach);
    if computed.measures.is_empty() && !picks_rows {
        computed.pick = picked(draft, entity, fact.pick);
        computed.lost.extend(fact.groups.iter().cloned());
        return computed;
    }
    for text in &fact.groups {
        let Some((group, path)) = group(draft, entity, joins, text, filter) else {
            computed.lost.push(text.clone());
            continue;
        };
        let is_fixed = filter.iter().any(|it| {
            it.field == group.field
                && !it.optional
                && matches!(it.operator, FilterOperator::Equals | FilterOperator::Constant(_))
        });
        if !is_fixed && !computed.groups.contains(&group) {
            computed.groups.push(group);
            computed.on_the_way.extend(path);
        }
    }
    let by_currency = currency(draft, entity, &computed.measures, filter);
    computed.groups.extend(by_currency.filter(|group| !computed.groups.contains(group)));
    computed.pick = picked(draft, entity, fact.pick).filter(|_| !computed.groups.is_empty());
    computed
}

/// What is picked, where the entity allows it: only rows that refer to their own kind have others above and below.
fn picked(draft: &Draft<'_>, entity: EntityId, pick: Option<Pick>) -> Option<Pick> {
    let is_tree = || {
        let fields = draft.model.entity(entity).fields.iter();
        fields
            .filter_map(|&id| draft.model.field(id).references.as_ref())
            .any(|reference| reference.entity == entity)
    };
    pick.filter(|it| !matches!(it, Pick::Below | Pick::Above) || is_tree())
}

/// "count", or "sum of amount".
fn measure(draft: &Draft<'_>, entity: EntityId, joins: &[EntityId], text: &str) -> Option<Measure> {
    let (function, name) = match text.split_once(" of ") {
        Some((function, name)) => (function, Some(name)),
        None => (text, None),
    };
    let function = Function::ALL.into_iter().find(|it| it.as_str() == function)?;
    let Some(name) = name else {
        return (function == Function::Count).then_some(Measure { function, field: None });
    };
    let field = field(draft, entity, joins, name)?;
    is_computable(&draft.model.field(field).kind, function)
        .then_some(Measure { function, field: Some(field) })
}

/// Whether values of the kind have such a function: the sum of two moments is none.
fn is_computable(kind: &FieldKind, function: Function) -> bool {
    let is_number = matches!(
        kind,
        FieldKind::Integer { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money { .. }
            | FieldKind::Float
            | FieldKind::Duration
    );
    let is_ordered =
        is_number || matches!(kind, FieldKind::Timestamp | FieldKind::Date | FieldKind::Time);
    match function {
        Function::Count => true,
        Function::Sum | Function::Average => is_number,
        Function::Minimum | Function::Maximum => is_ordered,
    }
}

/// What rows are gathered by, and what has to be joined for it.
fn group(
    draft: &Draft<'_>,
    entity: EntityId,
    joins: &[EntityId],
    text: &str,
    filter: &[Filter],
) -> Option<(Group, Vec<EntityId>)> {
    let (unit, name) = match text.split_once(" of ") {
        Some((unit, name)) if unit_of(unit).is_some() => (unit_of(unit), Some(name)),
        Some(_) | None => (unit_of(text), None),
    };
    let is_time =
        |id: FieldId| matches!(draft.model.field(id).kind, FieldKind::Timestamp | FieldKind::Date);
    if let Some(unit) = unit {
        // Of the moment that the rows are asked for by, or else of the one at which they begin.
        let field = match name {
            Some(name) => field(draft, entity, joins, name),
            None => filter
                .iter()
                .map(|it| it.field)
                .find(|&id| is_time(id))
                .or_else(|| pattern_words::beginning(draft, entity))
                .or_else(|| draft.field(entity, "created at")),
        };
        let field = field.filter(|&id| is_time(id))?;
        return Some((Group { field, unit: Some(unit) }, Vec::new()));
    }
    let (field, path) = match field(draft, entity, joins, text) {
        Some(field) => (field, Vec::new()),
        None => pattern_joins::field(draft, entity, text)?,
    };
    // Each moment differs from the others: it is the days that are meant.
    let unit = (draft.model.field(field).kind == FieldKind::Timestamp).then_some(CalendarUnit::Day);
    Some((Group { field, unit }, path))
}

fn unit_of(text: &str) -> Option<CalendarUnit> {
    let word = text.to_lowercase();
    let word = if word == "date" { "day" } else { word.trim_end_matches('s') };
    CalendarUnit::ALL.into_iter().find(|unit| unit.as_str() == word)
}

fn field(draft: &Draft<'_>, entity: EntityId, joins: &[EntityId], text: &str) -> Option<FieldId> {
    draft
        .field_in_phrase(entity, text)
        .or_else(|| pattern_words::field(draft, entity, text))
        .or_else(|| joins.iter().find_map(|&owner| draft.field_in_phrase(owner, text)))
        .or_else(|| counted(draft, entity, text))
}

/// The one field of a name with its unit behind it: `volume_mw` for "volume".
fn counted(draft: &Draft<'_>, entity: EntityId, text: &str) -> Option<FieldId> {
    let said = words(text);
    let is_named = |all: &[SmolStr]| all.split_last().is_some_and(|(_, front)| *front == *said);
    let mut named = draft.counted_fields(entity).iter().filter(|(_, all)| is_named(all));
    named.next().filter(|_| named.next().is_none()).map(|(id, _)| *id)
}

fn says_money(name: &str) -> bool {
    const MONEY: &[&str] = &[
        "amount", "price", "total", "subtotal", "cost", "fee", "balance", "revenue", "cents",
        "minor",
    ];
    words(name).iter().any(|word| MONEY.contains(&word.as_str()))
}

/// Amounts of several currencies have no sum: they are gathered by their currency as well.
fn currency(
    draft: &Draft<'_>,
    entity: EntityId,
    measures: &[Measure],
    filter: &[Filter],
) -> Option<Group> {
    let is_amount = |measure: &Measure| {
        let kind = measure.field.map(|id| &draft.model.field(id).kind);
        matches!(kind, Some(FieldKind::Money { .. } | FieldKind::Decimal { .. }))
            || measure.field.is_some_and(|id| says_money(&draft.model.field(id).name))
    };
    let mut fields = draft.model.entity(entity).fields.iter().copied();
    let field = fields
        .find(|&id| words(&draft.model.field(id).name).last().is_some_and(|it| it == "currency"))?;
    let is_fixed = filter.iter().any(|it| it.field == field);
    (measures.iter().any(is_amount) && !is_fixed).then_some(Group { field, unit: None })
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// What each query of a list computes and gathers by, and the words of it that became nothing.
    fn computed(queries: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let document = format!(
            "## Order\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | enum(draft, placed, paid) |\n| total | int |\n\
             | note | text |\n| placed_at | timestamp |\n\n## Access patterns\n\n{queries}\n"
        );
        sources.add("orders.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let said = model.patterns.iter().map(|pattern| {
            let measures: Vec<String> =
                pattern.measures.iter().map(|it| model.measure_text(it)).collect();
            let groups: Vec<String> =
                pattern.groups.iter().map(|it| model.group_text(it)).collect();
            format!(
                "{} / {} / {}",
                measures.join(", "),
                groups.join(", "),
                pattern.unread.join("; ")
            )
        });
        said.collect()
    }

    #[test]
    fn what_is_computed_leaves_no_word() {
        for (query, said) in [
            ("- count orders per status", "count / Order.status / "),
            ("- monthly number of paid orders", "count / month of Order.placed_at / "),
            (
                "- average total of orders by status and day",
                "average of total / Order.status, day of Order.placed_at / ",
            ),
        ] {
            assert_eq!(computed(query), [said], "{query}");
        }
    }

    #[test]
    fn what_cannot_be_computed_is_told() {
        for (query, said) in [
            // Texts have no sum.
            ("- sum of notes of orders per status", " /  / sum of note; status; per"),
            ("- count orders per region", "count /  / region"),
        ] {
            assert_eq!(computed(query), [said], "{query}");
        }
    }
}
