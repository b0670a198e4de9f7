//! Writes, each in the form that its pattern has: an INSERT, an UPDATE, a DELETE, or one of those of [`forms`].

use underpin_logical::{AttributeId, deletion_mark};
use underpin_model::{Expression, Filter, FilterOperator, Pattern, WriteForm, is_participle_of};
use underpin_pg::{BinaryOperator, Column, Delete, Expr, Insert, Statement, Type, Update};

use super::build::{Builder, is_given};
use super::{forms, state_change};
use crate::ParameterRole;

pub(super) fn statement(builder: &mut Builder<'_>, pattern: &Pattern) -> Option<Statement> {
    let main = builder.main;
    let table = builder.design.tables[main.index()].table.clone();
    let form = pattern.form.unwrap_or(WriteForm::Change);
    if pattern.filter.is_empty() && !form.adds() {
        let done = if form == WriteForm::Delete { "deleted" } else { "changed" };
        builder.remarks.push(format!("it does not say which rows are {done}"));
        return None;
    }
    if form.adds() {
        let logical = builder.logical;
        let relation = logical.relation(main);
        let mut columns = Vec::new();
        let mut row = Vec::new();
        for (id, attribute) in relation.attributes() {
            let column = &builder.columns(main)[id.index()];
            let is_left_out = (column.default.is_some() && !is_weighed(builder, id))
                || (!column.not_null && is_of_later_life(builder, id));
            if !is_given(&attribute.kind) || is_left_out {
                continue;
            }
            columns.push(column.name.clone());
            let parameter = builder.parameter(main, column, ParameterRole::Value);
            row.push(Some(parameter));
        }
        let insert = Insert {
            table,
            columns,
            rows: vec![row],
            overriding: false,
            returning: relation
                .key
                .iter()
                .map(|&id| builder.design.tables[main.index()].column(id).clone())
                .collect(),
        };
        let adding = match form {
            WriteForm::AddOrChange => forms::upsert(builder, &insert),
            WriteForm::AddMany => forms::bulk(builder, &insert, false),
            WriteForm::AddOrChangeMany => forms::bulk(builder, &insert, true),
            WriteForm::Add | WriteForm::Change | WriteForm::Delete | WriteForm::Take => None,
        };
        return Some(adding.unwrap_or(Statement::Insert(insert)));
    }
    if form == WriteForm::Take {
        if let Some(statement) = forms::queue(builder, pattern) {
            return Some(statement);
        }
        builder.parameters.clear();
        if !is_of_one(builder, pattern) {
            // An UPDATE of all that wait would take each of them from everybody.
            builder.remarks.push("no state says which rows wait to be taken".to_owned());
            return None;
        }
    }
    // Values before conditions: a reader meets $1 first in SET.
    if form == WriteForm::Delete {
        let filter = conditions(builder, pattern)?;
        return Some(Statement::Delete(Delete { table, filter: Some(filter) }));
    }
    let changed = changed(builder, pattern);
    if changed.is_empty() {
        builder.remarks.push("no field of it can be changed".to_owned());
        return None;
    }
    let mut set = Vec::new();
    for &id in &changed {
        let column = &builder.columns(main)[id.index()];
        let parameter = builder.parameter(main, column, ParameterRole::Value);
        set.push((column.name.clone(), parameter));
    }
    set.extend(state_change::besides(builder, pattern, &changed));
    let mut filter = conditions(builder, pattern)?;
    // What was done once is not done again: the moment would be another.
    if let Some(stamped) = changed.first().copied().filter(|&id| is_stamped(builder, pattern, id)) {
        let column = &builder.columns(main)[stamped.index()];
        if !column.not_null {
            let open = Expr::IsNull(Box::new(Expr::column(&column.name)));
            filter = match filter {
                Expr::And(parts) => Expr::And(parts.into_iter().chain([open]).collect()),
                one => Expr::And(vec![one, open]),
            };
        }
    }
    if let Some(version) = builder.logical.relation(main).version {
        let column = &builder.columns(main)[version.index()];
        let read = builder.parameter(main, column, ParameterRole::Equals);
        let next = Expr::binary(read.clone(), BinaryOperator::Add, Expr::integer(1));
        set.push((column.name.clone(), next));
        let is_read = Expr::equals(Expr::column(&column.name), read);
        filter = match filter {
            Expr::And(mut parts) => {
                parts.push(is_read);
                Expr::And(parts)
            }
            one => Expr::And(vec![one, is_read]),
        };
        builder
            .remarks
            .push("where it changes no row, somebody else changed it since it was read".to_owned());
    }
    Some(Statement::Update(Update { table, set, filter: Some(filter), returning: Vec::new() }))
}

/// Whether the attribute gets its value after the row's birth: the time of a state that no row begins in, or of its deletion.
fn is_of_later_life(builder: &Builder<'_>, id: AttributeId) -> bool {
    let relation = builder.logical.relation(builder.main);
    let name = builder.columns(builder.main)[id.index()].name.as_str();
    let later = |state: &String| {
        let moment = state.to_lowercase().replace([' ', '-'], "_");
        ["_at", "_on"].iter().any(|end| name.strip_suffix(end) == Some(moment.as_str()))
    };
    let is_later_state = relation.machines.iter().any(|machine| {
        machine.states.iter().any(|state| machine.initial.as_ref() != Some(state) && later(state))
    });
    is_later_state || deletion_mark(relation) == Some(id)
}

/// Whether a rule compares the attribute with others: an order's discount is given with its total,
/// since the default of one need not fit the other.
fn is_weighed(builder: &Builder<'_>, id: AttributeId) -> bool {
    builder.design.tables[builder.main.index()].checks.iter().any(|check| {
        check.attributes.len() > 1
            && check.attributes.contains(&id)
            && matches!(check.expression, Some(Expression::Compare(..)))
    })
}

fn conditions(builder: &mut Builder<'_>, pattern: &Pattern) -> Option<Expr> {
    let main = builder.main;
    let mut parts = Vec::new();
    for filter in &pattern.filter {
        parts.extend(builder.condition(filter, &[main]));
    }
    match parts.len() {
        // A write without a condition would hit every row.
        0 => None,
        1 => parts.into_iter().next(),
        _ => Some(Expr::And(parts)),
    }
}

/// Whether it changes or deletes rows by what they are, and not by what the call gives.
pub(super) fn changes_many(pattern: &Pattern) -> bool {
    let is_given = |filter: &Filter| filter.operator == FilterOperator::Equals;
    pattern.form.is_none_or(|form| !form.adds()) && !pattern.filter.iter().all(is_given)
}

/// Whether it is about the one row whose key is given.
fn is_of_one(builder: &Builder<'_>, pattern: &Pattern) -> bool {
    let relation = builder.logical.relation(builder.main);
    relation.key.iter().all(|&id| {
        relation
            .attribute(id)
            .field
            .is_some_and(|field| pattern.filter.iter().any(|filter| filter.field == field))
    })
}

/// The state to which the words of a name bring rows: "expire pending orders" makes them `expired`, "mark an order as paid"
/// makes it `paid`.
fn brought_to(builder: &Builder<'_>, pattern: &Pattern) -> Option<(AttributeId, String)> {
    let words: Vec<&str> = pattern.name.split('_').collect();
    let is_told = |state: &String| {
        let leads = |pair: &[&str]| matches!(pair[0], "as" | "to") && pair[1] == state;
        words.windows(2).any(leads)
            || words.first().is_some_and(|verb| verb == state || is_participle_of(verb, state))
    };
    let is_told = |state: &&String| is_told(&state.to_lowercase());
    let relation = builder.logical.relation(builder.main);
    let may_change = |id: AttributeId| {
        !relation.key.contains(&id)
            && !relation.permanences.iter().any(|it| it.attributes.contains(&id))
    };
    let state_of = |id: AttributeId| {
        let machine = relation.machines.iter().find(|machine| machine.attribute == id);
        if let Some(machine) = machine {
            return machine.states.iter().find(is_told).cloned();
        }
        let field = builder.model.field(relation.attribute(id).field?);
        builder.model.values_of(field)?.iter().find(is_told).cloned()
    };
    let mut told = relation
        .attributes()
        .filter(|&(id, _)| may_change(id))
        .filter_map(|(id, _)| Some((id, state_of(id)?)));
    // Where two columns have the value, nobody says which is meant.
    match (told.next(), told.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Whether an attribute holds when was done to a row what the pattern's verb says.
fn is_stamped(builder: &Builder<'_>, pattern: &Pattern, id: AttributeId) -> bool {
    let name = builder.columns(builder.main)[id.index()].name.as_str();
    let verb = pattern.name.split('_').next().unwrap_or_default();
    let done = ["_at", "_on"].iter().find_map(|end| name.strip_suffix(end));
    done.is_some_and(|done| is_participle_of(verb, done))
}

/// Whether a column tells of a row that is in a state since when, or until when it is: `held_until`, `cancelled_at`.
fn is_of_state(column: &Column, state: &str) -> bool {
    let state = state.to_lowercase();
    let ends = ["_at", "_on", "_until"];
    let named = ends.iter().find_map(|end| column.name.as_str().strip_suffix(end));
    named == Some(state.as_str()) && matches!(column.data_type, Type::TimestampTz | Type::Date)
}

/// The attributes whose columns the words name.
fn named_of(among: &[AttributeId], columns: &[Column], words: &[&str]) -> Vec<AttributeId> {
    let is_named = |id: &&AttributeId| {
        columns[id.index()].name.as_str().split('_').all(|part| words.contains(&part))
    };
    among.iter().filter(is_named).copied().collect()
}

/// The attributes that the pattern's name speaks of; all that may change where it names none.
fn changed(builder: &mut Builder<'_>, pattern: &Pattern) -> Vec<AttributeId> {
    let relation = builder.logical.relation(builder.main);
    let columns = builder.columns(builder.main);
    // What stands behind says which rows, and no field that they lose.
    let is_condition =
        |word: &&str| matches!(*word, "whose" | "where" | "which" | "that" | "older");
    let words: Vec<&str> = pattern.name.split('_').take_while(|it| !is_condition(it)).collect();
    let filtered = |id: AttributeId| {
        relation
            .attribute(id)
            .field
            .is_some_and(|field| pattern.filter.iter().any(|filter| filter.field == field))
    };
    let mutable: Vec<AttributeId> = relation
        .attributes()
        .filter(|&(id, attribute)| {
            is_given(&attribute.kind)
                && !attribute.touched
                && relation.version != Some(id)
                && !filtered(id)
                && !relation.key.contains(&id)
                && !relation.links().any(|r| r.attributes.contains(&id))
                && !relation.uniques.iter().any(|key| key.attributes.contains(&id))
                && !relation.permanences.iter().any(|it| it.attributes.contains(&id))
        })
        .map(|(id, _)| id)
        .collect();
    // "Cancel a booking" brings it to `cancelled`.
    if let Some((attribute, state)) = brought_to(builder, pattern) {
        builder.remarks.push(format!("its first parameter is `{state}`"));
        let mut others = named_of(&mutable, columns, &words);
        others.extend(
            mutable.iter().copied().filter(|&id| is_of_state(&columns[id.index()], &state)),
        );
        let mut changed = vec![attribute];
        for id in others {
            if !changed.contains(&id) {
                changed.push(id);
            }
        }
        return changed;
    }
    // "Discharge a stay" says when it was `discharged_at`.
    let stamped = mutable.iter().copied().find(|&id| is_stamped(builder, pattern, id));
    let named = named_of(&mutable, columns, &words);
    if let Some(stamped) = stamped {
        let others = named.into_iter().filter(|id| *id != stamped);
        return std::iter::once(stamped).chain(others).collect();
    }
    if !named.is_empty() {
        return named;
    }
    if changes_many(pattern) {
        builder.remarks.push("its name says of no field that it changes".to_owned());
        return Vec::new();
    }
    let fallback: Vec<AttributeId> = mutable
        .into_iter()
        .filter(|&id| columns[id.index()].data_type != Type::TimestampTz)
        .collect();
    builder.remarks.push(
        "its name says of no field that it changes: all that are neither keys, references nor \
         times are set"
            .to_owned(),
    );
    fallback
}

#[cfg(test)]
mod tests {
    /// The design of a list of queries, the first of which is given.
    fn design(query: &str) -> crate::PhysicalDesign {
        let document = format!(
            "## Bid\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | price | integer | | yes |\n| status | one of: open, paid, cancelled, expired | | yes |\n\
             | side | one of: buy, sell | | yes |\n| ends_at | timestamp | | yes |\n| placed_at | timestamp | | yes |\n\
             | sealed_at | timestamp | | no |\n| paid_at | timestamp | | no |\n| paid_until | date | | no |\n\n\
             ## Queries\n\n- {query}\n- list bids by price\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        crate::design(&model, &underpin_logical::design(&model))
    }

    /// What it writes or reads; "-" where it gets no statement.
    fn statement(query: &str) -> String {
        let design = design(query);
        let statement = design.queries[0].statement.as_ref();
        statement.map_or("-".to_owned(), |it| it.to_string().replace("\n ", "").replace('\n', " "))
    }

    #[test]
    fn a_verb_brings_rows_to_its_state() {
        for (query, expected) in [
            ("cancel a bid", "UPDATE public.bids SET status = $1 WHERE id = $2"),
            // Of two who would have it, one finds it taken.
            (
                "cancel a bid if it is still open",
                "UPDATE public.bids SET status = $1 WHERE id = $2 AND status = 'open'",
            ),
            (
                "seal a bid",
                "UPDATE public.bids SET sealed_at = $1 WHERE id = $2 AND sealed_at IS NULL",
            ),
            // When it was, and until when.
            (
                "mark a bid as paid",
                "UPDATE public.bids SET status = $1, paid_at = $2, paid_until = $3 WHERE id = $4",
            ),
            ("expire open bids whose end has passed", "-"),
            ("delete open bids whose end has passed", "-"),
            (
                "expire open bids whose ends_at has passed",
                "UPDATE public.bids SET status = $1 WHERE status = 'open' AND ends_at < $2",
            ),
            (
                "expire open bids older than 15 minutes",
                "UPDATE public.bids SET status = $1 WHERE status = 'open' AND placed_at < now() - '15 minutes'::interval",
            ),
            // No value says that a bid is approved.
            ("approve open bids older than 15 minutes", "-"),
            ("update the price of a bid", "UPDATE public.bids SET price = $1 WHERE id = $2"),
        ] {
            assert_eq!(statement(query), expected, "{query}");
        }
    }

    #[test]
    fn what_is_understood_in_part_is_a_draft_without_an_index() {
        for (query, expected) in [
            (
                "open bids by price that shine",
                "SELECT id, price, status, side, ends_at, placed_at, sealed_at, paid_at, paid_until",
            ),
            ("cancel open bids whose lustre is dull", "UPDATE public.bids SET status = $1"),
        ] {
            let design = design(query);
            let [first, ..] = &design.queries[..] else { panic!("{query}") };
            assert_eq!(first.statement, None, "{query}");
            let draft =
                first.draft.as_ref().map_or("-".to_owned(), |it| it.to_string().replace('\n', " "));
            assert!(draft.starts_with(expected), "{query}: {draft}");
            assert!(!design.indexes.iter().any(|it| it.serves.contains(&first.name)), "{query}");
            assert!(
                !design.claims.iter().any(|it| it.subject.object.as_ref() == Some(&first.name)),
                "{query}"
            );
        }
        let whole = design("open bids by price");
        assert_eq!((whole.queries[0].statement.is_some(), &whole.queries[0].draft), (true, &None));
    }

    #[test]
    fn what_waits_is_taken_by_its_value_and_never_all_of_it() {
        let taken = statement("take the next open bid, highest price first and then oldest");
        assert!(taken.contains("WHERE status = 'open' ORDER BY price DESC, placed_at"), "{taken}");
        assert!(taken.contains("LIMIT 1 FOR UPDATE SKIP LOCKED"), "{taken}");
        assert_eq!(statement("take the next bid, oldest first"), "-");
    }

    #[test]
    fn what_was_not_done_since_a_moment_may_never_have_been_done() {
        for (query, expected) in [
            ("bids not sealed in the last 3 days", "WHERE sealed_at IS NULL OR sealed_at < $1"),
            // Each was placed at some time.
            ("bids not placed in the last 3 days", "WHERE placed_at < $1"),
            ("bids not yet sealed", "WHERE sealed_at IS NULL"),
        ] {
            let statement = statement(query);
            assert!(statement.ends_with(expected), "{query}: {statement}");
        }
    }
}
