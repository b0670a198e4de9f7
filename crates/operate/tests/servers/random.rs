//! Random schemas with nasty names, made on a server and read back.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use underpin_operate::canonical;
use underpin_pg::{
    BinaryOperator, CheckConstraint, Column, Expr, Ident, Identity, IndexColumn, IndexKey, Key,
    ReferentialAction, Schema, Script, Table, Type,
};
use underpin_server::{Session, catalog};

use crate::everything::{column, index, public, reference};
use crate::harness::scratch;

/// Characters and words that have ended a quotation, a statement or an argument before.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z_$]{1,3}",
        "[\"'\\\\;%$. ()\t\n\r-]{1,4}",
        "[אب🦀üИ\u{200f}\u{301}]{1,3}",
        prop::sample::select(vec![
            "select",
            "user",
            "table",
            "old",
            "new",
            "ON",
            "WHEN (",
            "x.y",
            "--",
            "/*",
            "$$",
            "null",
            "1",
            "E'",
            "tableoid_",
            "%I",
            "between",
        ])
        .prop_map(str::to_owned),
        "[a-z]{63}",
    ]
}

#[derive(Debug, Clone)]
struct Sketch {
    tables: Vec<(String, Vec<(String, u8)>)>,
    references: Vec<(usize, usize, u8)>,
    text: String,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let columns = prop::collection::btree_map(name(), 0..8_u8, 1..5);
    let tables = prop::collection::btree_map(name(), columns, 1..4);
    let references = prop::collection::vec((0..4_usize, 0..4_usize, 0..6_u8), 0..4);
    (tables, references, "[a-z'\\\\$%\"\n🦀-]{0,6}").prop_map(|(tables, references, text)| Sketch {
        tables: tables
            .into_iter()
            .map(|(name, columns)| (name, columns.into_iter().collect()))
            .collect(),
        references,
        text,
    })
}

fn id(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

fn designed(sketch: &Sketch) -> Schema {
    let mut tables = Vec::new();
    let mut schema = Schema::default();
    for (at, (name, columns)) in sketch.tables.iter().enumerate() {
        let mut table = Table::new(public(name));
        table.comment = (!sketch.text.is_empty()).then(|| sketch.text.clone());
        let key = id("the key");
        table.columns.push(Column {
            not_null: true,
            identity: Some(Identity::ByDefault),
            ..column(key.as_str(), Type::BigInt)
        });
        table.primary_key = Some(Key {
            name: id(&format!("{at} pkey")),
            columns: vec![key],
            deferrable: false,
            comment: None,
        });
        for (number, (name, kind)) in columns.iter().enumerate() {
            let data_type = match kind % 4 {
                0 => Type::Text,
                1 => Type::Numeric(Some((9, 2))),
                2 => Type::Array(Box::new(Type::TimestampTz)),
                _ => Type::Boolean,
            };
            let text = data_type == Type::Text;
            table.columns.push(Column {
                not_null: *kind > 3,
                default: text.then(|| Expr::text(sketch.text.clone())),
                ..column(name, data_type)
            });
            if text {
                table.checks.push(CheckConstraint {
                    name: id(&format!("{number} check")),
                    expression: Expr::binary(
                        Expr::Column(id(name)),
                        BinaryOperator::NotEqual,
                        Expr::text(sketch.text.clone()),
                    ),
                    comment: Some(name.clone()),
                });
            }
            let mut made =
                index(public(&format!("{at} {number} idx")), table.name.clone(), &[name]);
            if *kind == 4 {
                made.columns = vec![IndexColumn {
                    key: IndexKey::Expression(Expr::Call("upper", vec![Expr::Column(id(name))])),
                    descending: true,
                    operator_class: None,
                }];
                made.predicate = Some(Expr::IsNotNull(Box::new(Expr::Column(id(name)))));
                made.unique = true;
            }
            schema.add_index(made);
        }
        tables.push(table);
    }
    for (number, (from, to, action)) in sketch.references.iter().enumerate() {
        let target = tables[to % tables.len()].name.clone();
        let at = from % tables.len();
        let from = &mut tables[at];
        let name = format!("ref {number}");
        from.columns.push(column(&name, Type::BigInt));
        let mut key = reference(&name, &[&name], target, &["the key"]);
        key.deferred = action % 2 == 0;
        key.on_delete = [
            ReferentialAction::Cascade,
            ReferentialAction::SetNull,
            ReferentialAction::Restrict,
            ReferentialAction::SetDefault,
            ReferentialAction::NoAction,
            ReferentialAction::NoAction,
        ][usize::from(*action)];
        if key.on_delete == ReferentialAction::SetNull {
            key.set_columns = vec![id(&name)];
        }
        key.comment = Some(format!("{number}'"));
        from.foreign_keys.push(key);
    }
    for table in tables {
        schema.add_table(table);
    }
    schema
}

fn made_and_read(session: &mut Session, designed: &Schema) -> Result<(), TestCaseError> {
    let wanted = canonical(session, designed).map_err(|e| TestCaseError::fail(e.to_string()))?;
    session.batch("BEGIN").unwrap();
    let made = session.batch(&Script::create(designed).to_string());
    let found = made.and_then(|()| catalog::read_within(session));
    let dropped = session.batch(&Script::drop(designed).to_string());
    let rest = dropped.and_then(|()| catalog::read_within(session));
    session.batch("ROLLBACK").unwrap();
    let found =
        found.map_err(|e| TestCaseError::fail(format!("{e}\n{}", Script::create(designed))))?;
    prop_assert_eq!(underpin_pg::diff(&wanted, &found), Vec::new());
    prop_assert_eq!(wanted, found);
    prop_assert_eq!(rest.map_err(|e| TestCaseError::fail(e.to_string()))?, Schema::default());
    Ok(())
}

#[test]
fn random_schemas_are_read_back_as_designed() {
    let scratch = RefCell::new(scratch());
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&sketch(), |sketch| {
            made_and_read(&mut scratch.borrow_mut().session, &designed(&sketch))
        })
        .unwrap();
}
