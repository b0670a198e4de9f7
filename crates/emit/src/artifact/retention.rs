//! The `ops/retention.md` artifact: the statements that delete what documents say is kept for a time.

use underpin_model::Retention;
use underpin_pg::{
    BinaryOperator, Command, Delete, Expr, ForeignKey, Ident, Index, IndexColumn, IndexKey, Method,
    OrderBy, Output, QualifiedName, ReferentialAction, Schema, Select, Statement, TableRef, Type,
    naming,
};
pub(crate) use underpin_physical::period;
use underpin_physical::{arrival, keeps_the_row, moments, states};

use super::ArtifactKind;
use crate::context::{Context, TableView};
use crate::markdown::{Document, Table, code, codes, raw, text};
use crate::{Artifact, words};

const PATH: &str = "ops/retention.md";

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: PATH, measured: false, write };

/// Rows deleted in one transaction: few enough that locks are short, many enough to get ahead.
const BATCH: i64 = 5_000;

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mut out = Document::default();
    out.title(1, "Retention");
    let retentions = &context.input.model.retentions;
    if retentions.is_empty() {
        out.say("No document limits how long anything is kept, so nothing is deleted.");
        return vec![Artifact::text(PATH, out.finish())];
    }
    out.say(&format!(
        "Run each statement again and again, in a transaction of its own, until it deletes fewer than {} rows. The \
         order is such that rows go before those that they refer to.",
        words::count(5_000.0)
    ));
    let mut table = Table::new(&["Entity", "As stated", "Period", "Source"]);
    for it in retentions {
        table.row([
            code(&context.input.model.entity(it.entity).name),
            text(&it.text),
            match it.days {
                Some(days) => text(&period(&it.text, days)),
                None if it.is_without_limit() => raw("no limit"),
                None => raw("not understood"),
            },
            text(&context.place(it.source)),
        ]);
    }
    out.table(&table);
    if retentions.iter().any(|it| it.days.is_none() && !it.is_without_limit()) {
        out.say(
            "**Where no period was understood, no statement is given, and nothing is deleted.**",
        );
    }
    let mut order: Vec<QualifiedName> =
        context.input.physical.schema.creation_order().iter().map(|it| it.name.clone()).collect();
    order.reverse();
    for name in order {
        let Some(view) = context.table(&name) else { continue };
        let entity = view.origin.and_then(|(_, relation)| relation.entity);
        for it in retentions.iter().filter(|it| Some(it.entity) == entity) {
            one(context, &mut out, &view, it);
        }
    }
    vec![Artifact::text(PATH, out.finish())]
}

fn one(context: &Context<'_>, out: &mut Document, view: &TableView<'_>, retention: &Retention) {
    // The table above says which period was not understood.
    let Some(days) = retention.days else { return };
    let name = &view.table.name;
    out.heading(2, &code(name.name.as_str()));
    out.paragraph(&raw("Stated: ").then(&text(&words::sentence(&retention.text))));
    if keeps_the_row(&retention.text) {
        out.say(
            "The row stays, so nothing is deleted here. What is to be removed from it is for the application to do: the \
             documents say it in words only.",
        );
        return;
    }
    let mut named = named_columns(view, &retention.text);
    // Rows that are kept for a time are kept from when they came. Where something else happened first, "after 30 days the
    // account goes, and its addresses", nothing is deleted on a guess.
    if let Some(came) = arrived(view).filter(|_| named.is_empty() && is_kept(&retention.text)) {
        out.paragraph(
            &raw("The statement names no moment; assumed is that the period counts from ")
                .then(&code(came.as_str()))
                .then(&raw(", when a row came.")),
        );
        named.push(came);
    }
    let [column] = named.as_slice() else {
        out.paragraph(&if named.is_empty() {
            raw("The statement names no moment of this table from which the period counts, so no statement is given.")
        } else {
            raw("The statement names several moments, ")
                .then(&codes(named.iter().map(|it| it.as_str())))
                .then(&raw(", so no statement is given."))
        });
        return;
    };
    let split = view.origin.and_then(|(design, _)| design.partitions.as_ref());
    if let Some(upkeep) = split.and_then(|it| it.upkeep()).filter(|it| it.kept.is_some()) {
        let interval = upkeep.interval.as_str();
        out.paragraph(
            &raw("No row is deleted by itself: ")
                .then(&code(&format!("{}()", upkeep.function.name.as_str())))
                .then(&raw(format!(
                    " drops each partition whose rows are all older than that, so that a row stays at most a {interval} \
                     longer. See [`ops/partitions.md`](partitions.md)."
                ))),
        );
        return;
    }
    let schema = &context.input.physical.schema;
    let state = view.origin.and_then(|(design, relation)| {
        let (id, said) = states(context.input.model, relation, &retention.text)?;
        Some((design.column(id), said))
    });
    if let Some((column, said)) = &state {
        out.paragraph(
            &raw("What is said to have happened is a state of the row, so that no row goes whose ")
                .then(&code(column.as_str()))
                .then(&raw(" is not "))
                .then(&codes(said.iter().map(String::as_str)))
                .then(&raw(", however old.")),
        );
    }
    let limit = Limit { column, period: &period(&retention.text, days), state };
    out.fence("sql", &format!("{};", Statement::Delete(batch(schema, name, limit))));
    let mut holders: Vec<&str> =
        restricting(schema, name).map(|(other, _)| other.name.as_str()).collect();
    holders.dedup();
    if !holders.is_empty() {
        out.paragraph(
            &raw("A row stays, however old, while one of ")
                .then(&codes(holders))
                .then(&raw(" refers to it: its deletion would be refused.")),
        );
    }
    let helped = schema.indexes_of(name).any(|index| {
        index.predicate.is_none()
            && matches!(&index.columns.first().map(|it| &it.key), Some(IndexKey::Column(first)) if first == *column)
    });
    if !helped {
        out.paragraph(&raw("No index begins with ").then(&code(column.as_str())).then(&raw(
            ", since no query needs one: each batch reads the whole table. Run it at a quiet hour; or build one, for which \
             each write then pays:",
        )));
        let wanted = naming::object_name(&name.name, &[column], "idx");
        let key = IndexKey::Column((*column).clone());
        let index = Index {
            name: QualifiedName::new(name.namespace.clone(), wanted),
            table: name.clone(),
            columns: vec![IndexColumn { key, descending: false, operator_class: None }],
            include: Vec::new(),
            unique: false,
            method: Method::Btree,
            predicate: None,
            comment: None,
        };
        out.fence("sql", &format!("{};", Command::CreateIndexConcurrently(index)));
    }
}

/// The columns of moments or days of which the text speaks.
fn named_columns<'a>(view: &TableView<'a>, words: &str) -> Vec<&'a Ident> {
    let Some((design, relation)) = view.origin else { return Vec::new() };
    moments(relation, words).into_iter().map(|id| design.column(id)).collect()
}

/// Whether words say for how long rows are kept, and not only when they go.
fn is_kept(said: &str) -> bool {
    let said = said.to_lowercase();
    ["kept for", "keep ", "retained for", "retain ", "stored for", "store ", "older than"]
        .iter()
        .any(|it| said.contains(it))
}

/// The column of the moment at which a row came.
fn arrived<'a>(view: &TableView<'a>) -> Option<&'a Ident> {
    let (design, relation) = view.origin?;
    arrival(relation).map(|id| design.column(id))
}

/// Which rows go.
struct Limit<'a> {
    /// The moment or day from which the period counts.
    column: &'a Ident,
    period: &'a str,
    /// The states in which they must be, where the words name some.
    state: Option<(&'a Ident, Vec<String>)>,
}

/// `DELETE` of the oldest rows by their place in the table, which needs no key and no sort beyond the
/// batch. Rows that another table still refers to and must not lose are left: they would make the
/// whole batch fail, today and every day after.
fn batch(schema: &Schema, table: &QualifiedName, rows: Limit<'_>) -> Delete {
    let Limit { column, period, state } = rows;
    let name = |name: &str| Ident::new(name).expect("a fixed name");
    let (place, old) = (name("ctid"), name("old"));
    let of = |alias: &Ident, column: &Ident| Expr::Qualified(alias.clone(), column.clone());
    let now = Expr::Call("now", Vec::new());
    let period = Expr::Cast(Box::new(Expr::text(period)), Type::Interval);
    let limit = Expr::binary(now, BinaryOperator::Subtract, period);
    let mut conditions = vec![Expr::binary(of(&old, column), BinaryOperator::Less, limit)];
    if let Some((column, said)) = state {
        let list: Vec<Expr> = said.into_iter().map(Expr::text).collect();
        conditions.push(match <[Expr; 1]>::try_from(list) {
            Ok([only]) => Expr::equals(of(&old, column), only),
            Err(list) => Expr::In(Box::new(of(&old, column)), list),
        });
    }
    for (other, key) in restricting(schema, table) {
        let held = name("held");
        let pairs = key.columns.iter().zip(&key.referenced_columns);
        let mut holder = Select::new(
            vec![Output { value: Expr::integer(1), name: None }],
            Some(TableRef { table: other.clone(), alias: Some(held.clone()) }),
        );
        let equal = pairs.map(|(here, there)| Expr::equals(of(&held, here), of(&old, there)));
        holder.filter = Some(Expr::And(equal.collect()));
        conditions.push(Expr::Not(Box::new(Expr::Exists(Box::new(holder)))));
    }
    let mut oldest = Select::new(
        vec![Output { value: of(&old, &place), name: None }],
        Some(TableRef { table: table.clone(), alias: Some(old.clone()) }),
    );
    oldest.filter = Some(Expr::And(conditions));
    oldest.order_by = vec![OrderBy { value: of(&old, column), descending: false }];
    oldest.limit = Some(Expr::integer(BATCH));
    let places = Expr::Call("ARRAY", vec![Expr::Scalar(Box::new(oldest))]);
    Delete {
        table: table.clone(),
        filter: Some(Expr::EqualsAny(Box::new(Expr::column(&place)), Box::new(places))),
    }
}

/// The foreign keys that refuse a deletion here, with their tables.
fn restricting<'a>(
    schema: &'a Schema,
    table: &'a QualifiedName,
) -> impl Iterator<Item = (&'a QualifiedName, &'a ForeignKey)> {
    let refuses = |key: &&ForeignKey| {
        matches!(key.on_delete, ReferentialAction::Restrict | ReferentialAction::NoAction)
    };
    schema.tables.values().flat_map(move |other| {
        let keys = other.foreign_keys.iter().filter(move |key| key.references == *table);
        keys.filter(refuses).map(move |key| (&other.name, key))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::sample;

    #[test]
    fn the_small_design() {
        expect_file!["../../goldens/retention.md"].assert_eq(&sample::Sample::new().text(PATH));
    }

    #[test]
    fn only_rows_that_are_kept_for_a_time_count_from_when_they_came() {
        assert!(is_kept("Payments are kept for 10 years, then deleted."));
        assert!(is_kept("Delete events older than 90 days"));
        assert!(!is_kept(
            "After 30 days the account is anonymised, and the addresses are deleted."
        ));
    }

    #[test]
    fn a_row_that_is_still_referred_to_is_left() {
        let schema = sample::Sample::new().physical.schema;
        let customers = schema.creation_order()[0].name.clone();
        let email = Ident::new("email").unwrap();
        let limit = |state| Limit { column: &email, period: "1 day", state };
        let sql = batch(&schema, &customers, limit(None)).to_string();
        let held =
            "NOT EXISTS (SELECT 1\nFROM public.orders AS held\nWHERE held.customer_id = old.id)";
        assert!(sql.contains(held), "{sql}");
        let name = Ident::new("full_name").unwrap();
        let sql =
            batch(&schema, &customers, limit(Some((&name, vec!["gone".to_owned()])))).to_string();
        assert!(sql.contains("old.full_name = 'gone'"), "{sql}");
    }
}
