//! Names that mean something to PostgreSQL, and what trigger functions do.

use std::collections::BTreeSet;

use underpin_operate::{apply, canonical};
use underpin_pg::plpgsql::{TransitionGuard, touch_timestamp};
use underpin_pg::{
    CheckConstraint, Column, Expr, Schema, Script, Table, Trigger, TriggerEvent, TriggerTiming,
    Type,
};
use underpin_server::{Session, catalog};

use crate::everything::{column, everything, id, index, key, public};
use crate::harness::scratch;

/// The server's words, not ours: a keyword that a newer server has must be met here.
#[test]
fn every_keyword_can_name_anything() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let words: Vec<String> = session
        .text("SELECT word FROM pg_get_keywords() ORDER BY word")
        .unwrap()
        .rows
        .into_iter()
        .filter_map(|mut row| row.remove(0))
        .collect();
    assert!(words.len() > 400);
    let mut schema = Schema::default();
    let mut all = Table::new(public("all"));
    for word in &words {
        all.columns.push(Column {
            default: Some(Expr::IsNull(Box::new(Expr::integer(1)))),
            ..column(word, Type::Boolean)
        });
        all.checks.push(CheckConstraint {
            name: id(word),
            expression: Expr::Column(id(word)),
            comment: None,
        });
    }
    schema.add_table(all);
    for word in words.iter().step_by(7) {
        let mut table = Table::new(public(&format!("{word}_")));
        table.columns = vec![Column { not_null: true, ..column(word, Type::Text) }];
        table.primary_key = Some(key(&format!("{word}!"), &[word]));
        schema.add_index(index(public(&format!("{word} ")), table.name.clone(), &[word]));
        schema.add_table(table);
    }
    apply(session, &Script::create(&schema)).unwrap();
    let found = catalog::read(session).unwrap();
    assert!(canonical(session, &schema).unwrap() == found);
}

/// Words that PL/pgSQL reserves and SQL does not.
#[test]
fn trigger_functions_know_columns_by_any_name() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let words = [
        "begin", "by", "declare", "execute", "foreach", "if", "loop", "strict", "while", "new",
        "old", "tg_op",
    ];
    let mut schema = Schema::default();
    let mut table = Table::new(public("t"));
    table.columns = vec![column("number", Type::Integer)];
    for word in words {
        table.columns.push(column(word, Type::TimestampTz));
        let state = format!("{word} state");
        table.columns.push(column(&state, Type::Text));
        let touch = touch_timestamp(public(word), &id(word));
        let guard = TransitionGuard {
            function: public(&state),
            table: &table.name,
            column: &id(&state),
            initial: None,
            transitions: vec![("done", vec![])],
            initial_rule: id("initial"),
            transition_rule: id("transition"),
        }
        .function();
        for function in [touch, guard] {
            schema.add_trigger(Trigger {
                name: function.name.name.clone(),
                table: table.name.clone(),
                timing: TriggerTiming::Before,
                events: BTreeSet::from([TriggerEvent::Update]),
                update_columns: Vec::new(),
                condition: None,
                function: function.name.clone(),
                comment: None,
            });
            schema.add_function(function);
        }
    }
    schema.add_table(table);
    apply(session, &Script::create(&schema)).unwrap();
    session
        .batch("INSERT INTO public.t (number) VALUES (1); UPDATE public.t SET number = 2")
        .unwrap();
    let row = session.text("SELECT * FROM public.t").unwrap();
    for word in words {
        let at = row.columns.iter().position(|column| column == word).unwrap();
        assert!(row.rows[0][at].is_some(), "{word} was not touched");
    }
    refused(session, "UPDATE public.t SET \"if state\" = 'done'", "transition", "if state");
}

fn refused(session: &mut Session, sql: &str, constraint: &str, message: &str) {
    let error = session.batch(sql).unwrap_err();
    let error = error.server().unwrap();
    assert_eq!(error.sqlstate, "23514", "{error}");
    assert_eq!(error.constraint.as_deref(), Some(constraint), "{error}");
    assert!(error.message.contains(message), "{error}");
}

#[test]
fn a_life_cycle_is_guarded() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    apply(session, &Script::create(&everything())).unwrap();
    refused(
        session,
        r#"INSERT INTO public."order" ("Tenant", "st'ate %") VALUES (gen_random_uuid(), '50%')"#,
        "born 'so'",
        "begins with st'ate % = 'draft', not '50%'",
    );
    session.batch(r#"INSERT INTO public."order" ("Tenant") VALUES (gen_random_uuid())"#).unwrap();
    let paid = r#"UPDATE public."order" SET "st'ate %" = '50%'"#;
    session.batch(paid).unwrap();
    // A state may be written again.
    session.batch(paid).unwrap();
    refused(
        session,
        r#"UPDATE public."order" SET "st'ate %" = 'draft'"#,
        "goes so",
        "st'ate % cannot go from '50%' to 'draft'",
    );
}
