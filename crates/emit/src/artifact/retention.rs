//! The `ops/retention.md` artifact: the statements that delete what documents say is kept for a time.

use underpin_model::Retention;
use underpin_pg::{
    BinaryOperator, Delete, Expr, Ident, IndexKey, OrderBy, Output, QualifiedName, Select,
    Statement, TableRef, Type,
};

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
    let mut table = Table::new(&["Entity", "As stated", "Days", "Source"]);
    for it in retentions {
        table.row([
            code(&context.input.model.entity(it.entity).name),
            text(&it.text),
            it.days
                .map_or_else(|| raw("not understood"), |days| raw(words::count(f64::from(days)))),
            text(&context.place(it.source)),
        ]);
    }
    out.table(&table);
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
    let Some(days) = retention.days else {
        out.say("The period was not understood as a number of days, so no statement is given.");
        return;
    };
    let named = named_columns(view, &retention.text);
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
    out.fence(
        "sql",
        &format!("{};", Statement::Delete(batch(name, column, &period(&retention.text, days)))),
    );
    let helped = context.input.physical.schema.indexes_of(name).any(|index| {
        index.predicate.is_none()
            && matches!(&index.columns.first().map(|it| &it.key), Some(IndexKey::Column(first)) if first == *column)
    });
    if !helped {
        out.paragraph(&raw("No index begins with ").then(&code(column.as_str())).then(&raw(
            ", since no query needs one: each batch reads the whole table. Run it at a quiet hour.",
        )));
    }
}

/// Whether the words say that rows are made anonymous or stay, instead of going.
fn keeps_the_row(words: &str) -> bool {
    let words = words.to_lowercase();
    ["anonymis", "anonymiz", "pseudonym", "row stays", "rows stay", "archive"]
        .iter()
        .any(|it| words.contains(it))
}

/// The columns of moments or days whose attribute's name stands in the text as a word.
fn named_columns<'a>(view: &TableView<'a>, words: &str) -> Vec<&'a Ident> {
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    view.table
        .columns
        .iter()
        .filter(|column| matches!(column.data_type, Type::TimestampTz | Type::Date))
        .map(|column| &column.name)
        .filter(|name| {
            let attribute = view.attribute(name).map(|it| it.name.as_str());
            words.iter().any(|word| Some(*word) == attribute || *word == name.as_str())
        })
        .collect()
}

/// The period in the statement's own unit where that can be told, since ten years are two or three days
/// more than 3,650 days; else in days.
fn period(words: &str, days: u32) -> String {
    let words: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let stated = words.windows(2).find_map(|pair| {
        let number: u32 = pair[0].parse().ok()?;
        let (unit, length) = match pair[1].to_lowercase().trim_end_matches('s') {
            "year" => ("years", 365.25),
            "month" => ("months", 365.25 / 12.0),
            "week" => ("weeks", 7.0),
            _ => return None,
        };
        // The same period only if both readings come to about the same.
        let ratio = f64::from(number) * length / f64::from(days.max(1));
        (0.95..1.05).contains(&ratio).then(|| format!("{number} {unit}"))
    });
    stated.unwrap_or_else(|| format!("{days} days"))
}

/// `DELETE` of the oldest rows by their place in the table, which needs no key and no sort in memory
/// beyond the batch.
fn batch(table: &QualifiedName, column: &Ident, period: &str) -> Delete {
    let place = Ident::new("ctid").expect("a system column's name is a name");
    let now = Expr::Call("now", Vec::new());
    let period = Expr::Cast(Box::new(Expr::text(period)), Type::Interval);
    let limit = Expr::binary(now, BinaryOperator::Subtract, period);
    let mut oldest = Select::new(
        vec![Output { value: Expr::column(&place), name: None }],
        Some(TableRef { table: table.clone(), alias: None }),
    );
    oldest.filter = Some(Expr::binary(Expr::column(column), BinaryOperator::Less, limit));
    oldest.order_by = vec![OrderBy { value: Expr::column(column), descending: false }];
    oldest.limit = Some(Expr::integer(BATCH));
    let places = Expr::Call("ARRAY", vec![Expr::Scalar(Box::new(oldest))]);
    Delete {
        table: table.clone(),
        filter: Some(Expr::EqualsAny(Box::new(Expr::column(&place)), Box::new(places))),
    }
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
    fn a_year_is_a_year() {
        assert_eq!(period("10 years; `placed_at`", 3650), "10 years");
        assert_eq!(period("36 months, a month at a time", 1080), "36 months");
        assert_eq!(period("90 days, seen for 2 years", 90), "90 days");
    }

    #[test]
    fn what_stays_is_not_deleted() {
        assert!(keeps_the_row("30 days, from `deleted_at`: Anonymised; the row stays"));
        assert!(!keeps_the_row("90 days from expires_at: deleted with its items"));
    }
}
