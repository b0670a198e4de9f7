//! The function that keeps partitions, and what is read of a table that is split, on names that need to be quoted.

use underpin_operate::{apply, canonical};
use underpin_pg::{
    Column, Ident, Identity, Key, Partition, PartitionBound, PartitionInterval, PartitionMethod,
    PartitionUpkeep, Partitioning, QualifiedName, Schema, Script, Table, Type, diff, plan,
};
use underpin_server::{Session, catalog};

use crate::harness::scratch;

fn id(name: &str) -> Ident {
    Ident::new(name).expect("a short name")
}

fn odd(name: &str) -> QualifiedName {
    QualifiedName::new(id("the \"space\" 100% it's"), id(name))
}

fn column(name: &str, data_type: Type) -> Column {
    Column {
        name: id(name),
        data_type,
        not_null: true,
        default: None,
        identity: None,
        generated: None,
        comment: None,
    }
}

/// A table that is split by a column of a type, and what keeps its partitions.
fn split(
    moment: Type,
    interval: PartitionInterval,
    kept: Option<&str>,
) -> (Schema, PartitionUpkeep) {
    let table = odd("it's 100% \"so\"");
    let is_day = moment == Type::Date;
    let columns = vec![
        Column { identity: Some(Identity::Always), ..column("id", Type::BigInt) },
        column("Read at %I", moment),
    ];
    let upkeep = PartitionUpkeep {
        function: odd("maintain it"),
        table: table.clone(),
        column: columns[1].name.clone(),
        is_day,
        default: odd("the rest"),
        copied: columns.iter().map(|it| it.name.clone()).collect(),
        interval,
        ahead: 2,
        kept: kept.map(str::to_owned),
    };
    let mut split = Table::new(table);
    split.primary_key = Some(Key {
        name: id("its_pkey"),
        columns: columns.iter().map(|it| it.name.clone()).collect(),
        deferrable: false,
        comment: None,
    });
    split.columns = columns;
    split.partitioning = Some(Partitioning {
        method: PartitionMethod::Range,
        columns: vec![upkeep.column.clone()],
        partitions: vec![Partition {
            name: upkeep.default.clone(),
            bound: PartitionBound::Default,
            comment: None,
        }],
        upkeep: Some(upkeep.function.clone()),
    });
    let mut schema = Schema::default();
    schema.namespaces.insert(upkeep.table.namespace.clone());
    schema.add_function(upkeep.function());
    schema.add_table(split);
    (schema, upkeep)
}

fn answers(session: &mut Session, sql: &str) -> Vec<String> {
    session
        .text(sql)
        .expect("the test server answers")
        .rows
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

#[test]
fn partitions_of_each_interval_are_made_and_seen_as_no_difference() {
    for (moment, interval, made) in [
        (Type::TimestampTz, PartitionInterval::Month, 2 + 1 + 2),
        (Type::Date, PartitionInterval::Day, 60 + 1 + 2),
        (Type::TimestampTz, PartitionInterval::Week, 9 + 1 + 2),
        (Type::Date, PartitionInterval::Quarter, 1 + 1 + 2),
        (Type::TimestampTz, PartitionInterval::Year, 1 + 2),
    ] {
        let mut scratch = scratch();
        let session = &mut scratch.session;
        // Whatever clock the session goes by, partitions begin at midnight UTC.
        session.batch("SET TimeZone = 'Pacific/Auckland'").unwrap();
        let (schema, upkeep) = split(moment, interval, Some("60 days"));
        apply(session, &Script::create(&schema)).unwrap();
        let parts = session.text(&upkeep.parts()).unwrap().rows;
        // The first day of 60 days ago lies in one period or the next.
        let about = made - 1..=made + 1;
        assert!(about.contains(&parts.len()), "{interval:?}: {parts:?}");
        let wanted = canonical(session, &schema).unwrap();
        let found = catalog::read(session).unwrap();
        assert_eq!(diff(&wanted, &found), [], "{interval:?}");
        assert_eq!(plan(&found, &wanted).script, Script::default(), "{interval:?}");
        assert_eq!(answers(session, &upkeep.call()), ["0"], "{interval:?}");
        let midnight = "SELECT count(*) FROM pg_class WHERE relispartition AND pg_get_expr(relpartbound, oid) !~ \
                        'DEFAULT|00:00:00\\+00|^FOR VALUES FROM \\(''[0-9-]{10}''\\)'";
        session.batch("SET TimeZone = 'UTC'").unwrap();
        assert_eq!(answers(session, midnight), ["0"], "{interval:?}");
        apply(session, &Script::drop(&schema)).unwrap();
        assert_eq!(catalog::read(session).unwrap(), Schema::default());
    }
}

#[test]
fn a_partition_that_is_missing_is_a_difference_and_is_made() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let (schema, upkeep) = split(Type::TimestampTz, PartitionInterval::Month, None);
    apply(session, &Script::create(&schema)).unwrap();
    session.batch(&underpin_pg::Ddl::DropTable(upkeep.default).to_string()).unwrap();
    let wanted = canonical(session, &schema).unwrap();
    let found = catalog::read(session).unwrap();
    let differences: Vec<String> = diff(&wanted, &found).iter().map(ToString::to_string).collect();
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert!(differences[0].starts_with("partition ") && differences[0].ends_with("is missing"));
    let plan = plan(&found, &wanted);
    assert_eq!((plan.script.statements.len(), plan.remaining.len()), (1, 0));
    apply(session, &plan.script).unwrap();
    assert_eq!(diff(&wanted, &catalog::read(session).unwrap()), []);
}

#[test]
fn a_history_is_given_partitions_and_rows_move_into_them() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let (schema, upkeep) = split(Type::TimestampTz, PartitionInterval::Month, None);
    apply(session, &Script::create(&schema)).unwrap();
    let insert = format!(
        "INSERT INTO {} ({}) VALUES ('2019-12-31 23:59:59+00'), ('2020-01-01 00:00:00+00'), ('2020-03-31 23:59:59+00')",
        upkeep.table, upkeep.column
    );
    session.batch(&insert).unwrap();
    assert_eq!(answers(session, &upkeep.watch())[0], "3");
    session.batch(&upkeep.covering("2020-01-15", "2020-03-02")).unwrap();
    // One is older than all partitions.
    assert_eq!(answers(session, &upkeep.watch())[0], "1");
    assert_eq!(answers(session, &format!("SELECT count(*) FROM {}", upkeep.table)), ["3"]);
    // What is kept for ever stays.
    assert_eq!(answers(session, &upkeep.call()), ["0"]);
}

#[test]
fn a_table_with_rows_is_attached_without_a_lock_on_those_who_read_and_write() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let (schema, upkeep) = split(Type::TimestampTz, PartitionInterval::Month, None);
    apply(session, &Script::create(&schema)).unwrap();
    let before = odd("before");
    session.batch(&format!("CREATE TABLE {before} (LIKE {})", upkeep.table)).unwrap();
    let statements = upkeep.attach(&before, "2020-01-01 00:00:00+00", "2020-02-01 00:00:00+00");
    let [add, validate, attach, drop] = statements.as_slice() else { panic!("{statements:?}") };
    for sql in [add, validate] {
        session.batch(sql).unwrap();
    }
    session.batch("BEGIN").unwrap();
    session.batch(attach).unwrap();
    let locks = answers(session, &upkeep.locks());
    assert!(
        !locks.iter().any(|lock| lock.contains("Exclusive") && lock != "ShareUpdateExclusiveLock"),
        "{locks:?}"
    );
    session.batch("COMMIT").unwrap();
    session.batch(drop).unwrap();
    // Concurrently it is not detached while there is a default partition, as the documents say.
    let detach = format!("ALTER TABLE {} DETACH PARTITION {before} CONCURRENTLY", upkeep.table);
    let refused = session.batch(&detach).unwrap_err();
    assert_eq!(refused.sqlstate(), Some("55000"), "{refused}");
}
