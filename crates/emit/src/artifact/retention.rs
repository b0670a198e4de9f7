//! The `ops/retention.md` artifact: the statements that delete what documents say is kept for a time.

use underpin_model::Retention;
use underpin_pg::{
    BinaryOperator, Column, Delete, Expr, ForeignKey, Ident, IndexKey, OrderBy, Output,
    QualifiedName, ReferentialAction, Schema, Select, Statement, TableRef, Type,
};
use underpin_physical::keeps_the_row;

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
    let schema = &context.input.physical.schema;
    out.fence(
        "sql",
        &format!(
            "{};",
            Statement::Delete(batch(schema, name, column, &period(&retention.text, days)))
        ),
    );
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
            ", since no query needs one: each batch reads the whole table. Run it at a quiet hour.",
        )));
    }
}

/// The columns of moments or days of which the text speaks: by the attribute's name as a word, or else by what happened
/// then ("a deleted member is purged", "3 years after they end").
fn named_columns<'a>(view: &TableView<'a>, words: &str) -> Vec<&'a Ident> {
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    let is_moment =
        |column: &&'a Column| matches!(column.data_type, Type::TimestampTz | Type::Date);
    let columns = view.table.columns.iter().filter(is_moment).map(|column| &column.name);
    let (named, others): (Vec<&Ident>, Vec<&Ident>) = columns.partition(|name| {
        let attribute = view.attribute(name).map(|it| it.name.as_str());
        words.iter().any(|word| Some(*word) == attribute || *word == name.as_str())
    });
    if named.is_empty() {
        return others.into_iter().filter(|name| tells_of(&words, name.as_str())).collect();
    }
    named
}

/// Whether words tell of what happened at the moment that a column keeps.
fn tells_of(words: &[&str], column: &str) -> bool {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let Some(happened) = column.split('_').next().map(stem) else { return false };
    let after = lower.iter().rposition(|word| matches!(word.as_str(), "after" | "since"));
    let from = after.map_or(lower.len(), |at| at + 1);
    let behind = lower[from..].iter().any(|word| stem(word) == happened);
    // "A deleted member", but not "members are deleted": that is what the statement does.
    let is_said = |word: &str| matches!(word, "is" | "are" | "be" | "get" | "gets" | "will");
    let before = (0..from.min(lower.len())).any(|at| {
        let done = at.checked_sub(1).is_some_and(|at| is_said(&lower[at]));
        let names = lower.get(at + 1).is_some_and(|next| next != "after" && next != "once");
        lower[at].ends_with("ed") && stem(&lower[at]) == happened && !done && names
    });
    behind || before
}

/// What the forms of a verb share: "ends" and "ended", "expires" and "expired".
fn stem(word: &str) -> &str {
    let word = word.strip_suffix("ed").or_else(|| word.strip_suffix('s')).unwrap_or(word);
    word.strip_suffix('e').unwrap_or(word)
}

/// A whole number, in digits or as a word.
fn count(word: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let named = WORDS.iter().position(|it| *it == word.to_lowercase());
    named.map_or_else(|| word.parse().ok(), |at| u32::try_from(at + 1).ok())
}

/// The period in the statement's own unit where that can be told, since ten years are two or three days
/// more than 3,650 days; else in days.
pub(crate) fn period(words: &str, days: u32) -> String {
    let words: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let stated = words.windows(2).find_map(|pair| {
        let number = count(pair[0])?;
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

/// `DELETE` of the oldest rows by their place in the table, which needs no key and no sort beyond the
/// batch. Rows that another table still refers to and must not lose are left: they would make the
/// whole batch fail, today and every day after.
fn batch(schema: &Schema, table: &QualifiedName, column: &Ident, period: &str) -> Delete {
    let name = |name: &str| Ident::new(name).expect("a fixed name");
    let (place, old) = (name("ctid"), name("old"));
    let of = |alias: &Ident, column: &Ident| Expr::Qualified(alias.clone(), column.clone());
    let now = Expr::Call("now", Vec::new());
    let period = Expr::Cast(Box::new(Expr::text(period)), Type::Interval);
    let limit = Expr::binary(now, BinaryOperator::Subtract, period);
    let mut conditions = vec![Expr::binary(of(&old, column), BinaryOperator::Less, limit)];
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
    fn moments_are_told_by_what_happened() {
        let tells =
            |said: &str, column| tells_of(&said.split([' ', '.']).collect::<Vec<_>>(), column);
        assert!(tells("A deleted member is purged after 90 days.", "deleted_at"));
        assert!(tells("Bookings are deleted 3 years after they end.", "ends_at"));
        assert!(tells("removed one year after the card has expired", "expires_on"));
        assert!(!tells("Members are deleted after 90 days.", "deleted_at"));
        assert!(!tells("Bookings are deleted 3 years after they end.", "starts_at"));
    }

    #[test]
    fn a_row_that_is_still_referred_to_is_left() {
        let schema = sample::Sample::new().physical.schema;
        let customers = schema.creation_order()[0].name.clone();
        let sql = batch(&schema, &customers, &Ident::new("email").unwrap(), "1 day").to_string();
        let held =
            "NOT EXISTS (SELECT 1\nFROM public.orders AS held\nWHERE held.customer_id = old.id)";
        assert!(sql.contains(held), "{sql}");
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
