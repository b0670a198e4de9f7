//! A schema that uses everything that a schema can hold.

use std::collections::BTreeSet;

use underpin_pg::plpgsql::{TransitionGuard, touch_timestamp};
use underpin_pg::{
    BinaryOperator, CheckConstraint, Column, Exclusion, ExclusionElement, ExclusionOperator, Expr,
    ForeignKey, Ident, Identity, Index, IndexColumn, IndexKey, Key, Method, Partition,
    PartitionBound, PartitionMethod, PartitionValue, Partitioning, QualifiedName,
    ReferentialAction, Schema, Table, Trigger, TriggerEvent, TriggerTiming, Type,
};

pub(crate) fn id(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

pub(crate) fn ids(names: &[&str]) -> Vec<Ident> {
    names.iter().map(|name| id(name)).collect()
}

pub(crate) fn public(name: &str) -> QualifiedName {
    QualifiedName::new(id("public"), id(name))
}

/// In the namespace that needs quoting.
pub(crate) fn odd(name: &str) -> QualifiedName {
    QualifiedName::new(id("Select \"x\"; --"), id(name))
}

pub(crate) fn column(name: &str, data_type: Type) -> Column {
    Column {
        name: id(name),
        data_type,
        not_null: false,
        default: None,
        identity: None,
        generated: None,
        comment: None,
    }
}

pub(crate) fn key(name: &str, columns: &[&str]) -> Key {
    Key {
        name: id(name),
        columns: ids(columns),
        deferrable: false,
        comment: Some(format!("the key's \"{name}\"")),
    }
}

pub(crate) fn check(name: &str, expression: Expr) -> CheckConstraint {
    CheckConstraint { name: id(name), expression, comment: Some("it's \\ checked\n".to_owned()) }
}

pub(crate) fn reference(name: &str, from: &[&str], to: QualifiedName, at: &[&str]) -> ForeignKey {
    ForeignKey {
        name: id(name),
        columns: ids(from),
        references: to,
        referenced_columns: ids(at),
        on_delete: ReferentialAction::NoAction,
        set_columns: Vec::new(),
        on_update: ReferentialAction::NoAction,
        deferred: false,
        comment: None,
    }
}

fn at(name: &str) -> IndexColumn {
    IndexColumn { key: IndexKey::Column(id(name)), descending: false, operator_class: None }
}

pub(crate) fn index(name: QualifiedName, table: QualifiedName, columns: &[&str]) -> Index {
    Index {
        name,
        table,
        columns: columns.iter().map(|name| at(name)).collect(),
        include: Vec::new(),
        unique: false,
        method: Method::Btree,
        predicate: None,
        comment: None,
    }
}

fn column_of(name: &str) -> Expr {
    Expr::Column(id(name))
}

fn orders() -> Table {
    let mut orders = Table::new(public("order"));
    orders.comment = Some("Orders; 'quoted', \"double\", \\ and 🛒".to_owned());
    orders.columns = vec![
        Column { identity: Some(Identity::Always), not_null: true, ..column("id", Type::BigInt) },
        Column { not_null: true, ..column("Tenant", Type::Uuid) },
        Column {
            not_null: true,
            default: Some(Expr::text("draft")),
            comment: Some("the state".to_owned()),
            ..column("st'ate %", Type::Text)
        },
        Column {
            not_null: true,
            default: Some(Expr::integer(-1)),
            ..column("total", Type::Numeric(Some((12, 2))))
        },
        Column {
            default: Some(Expr::Cast(
                Box::new(Expr::text("{}")),
                Type::Array(Box::new(Type::Text)),
            )),
            ..column("tags", Type::Array(Box::new(Type::Text)))
        },
        Column {
            not_null: true,
            default: Some(Expr::Call("now", vec![])),
            ..column("created", Type::TimestampTz)
        },
        column("updated", Type::TimestampTz),
        Column { default: Some(Expr::Verbatim("'{}'".to_owned())), ..column("data", Type::Jsonb) },
        Column {
            generated: Some(Expr::binary(
                column_of("total"),
                BinaryOperator::Multiply,
                Expr::integer(2),
            )),
            ..column("double", Type::Numeric(None))
        },
        column("parent", Type::BigInt),
        column("newest_line", Type::BigInt),
        column("עברית", Type::Other("character varying(40)".to_owned())),
        column("🦀", Type::SmallInt),
        Column {
            default: Some(Expr::Literal(underpin_pg::Literal::Null)),
            ..column("a\tb", Type::Bytea)
        },
    ];
    orders.primary_key = Some(key("order_pkey", &["id"]));
    orders.uniques = vec![
        key("z first", &["Tenant", "id"]),
        Key { deferrable: true, ..key("a second", &["🦀", "Tenant"]) },
    ];
    let state_is = |value: &str| Expr::equals(column_of("st'ate %"), Expr::text(value));
    orders.checks = vec![
        check(
            "order state",
            Expr::In(
                Box::new(column_of("st'ate %")),
                vec![Expr::text("draft"), Expr::text("it's paid"), Expr::text("50%")],
            ),
        ),
        check(
            "a precedence",
            Expr::Or(vec![
                Expr::And(vec![
                    Expr::Not(Box::new(Expr::IsNull(Box::new(column_of("total"))))),
                    Expr::binary(
                        Expr::binary(
                            column_of("total"),
                            BinaryOperator::Add,
                            Expr::binary(
                                Expr::integer(-3),
                                BinaryOperator::Subtract,
                                Expr::integer(-4),
                            ),
                        ),
                        BinaryOperator::GreaterOrEqual,
                        Expr::Cast(Box::new(Expr::integer(-5)), Type::Numeric(None)),
                    ),
                ]),
                Expr::Not(Box::new(Expr::Or(vec![state_is("draft"), state_is("50%")]))),
                Expr::binary(
                    Expr::Call("lower", vec![column_of("st'ate %")]),
                    BinaryOperator::Matches,
                    Expr::text("^[a-z']+\\d$"),
                ),
                Expr::binary(
                    Expr::IsNotNull(Box::new(column_of("parent"))),
                    BinaryOperator::Equal,
                    Expr::IsNull(Box::new(column_of("parent"))),
                ),
                Expr::EqualsAny(Box::new(column_of("st'ate %")), Box::new(column_of("tags"))),
            ]),
        ),
        check("verbatim", Expr::Verbatim("total > 0 OR id > 0 -- why not".to_owned())),
        check("calls", Expr::Verbatim("data IS NULL OR jsonb_typeof(data) = 'object'".to_owned())),
    ];
    orders.foreign_keys = vec![
        ForeignKey {
            on_delete: ReferentialAction::SetNull,
            comment: Some("a tree".to_owned()),
            ..reference("order_parent_fkey", &["parent"], public("order"), &["id"])
        },
        ForeignKey {
            on_delete: ReferentialAction::SetNull,
            set_columns: ids(&["newest_line"]),
            on_update: ReferentialAction::Cascade,
            deferred: true,
            comment: Some("a circle".to_owned()),
            ..reference(
                "circle",
                &["Tenant", "newest_line"],
                odd("Line Items"),
                &["Tenant", "number"],
            )
        },
    ];
    orders
}

fn lines() -> Table {
    let mut lines = Table::new(odd("Line Items"));
    lines.columns = vec![
        Column { not_null: true, ..column("Tenant", Type::Uuid) },
        Column {
            not_null: true,
            identity: Some(Identity::ByDefault),
            ..column("number", Type::BigInt)
        },
        column("order", Type::BigInt),
        column("text", Type::Text),
        column("search", Type::TsVector),
        column("from", Type::Inet),
        column("day", Type::Date),
        column("at", Type::Time),
        column("span", Type::Interval),
        column("ratio", Type::DoublePrecision),
        column("yes", Type::Boolean),
    ];
    lines.primary_key = Some(key("Line Items_pkey", &["Tenant", "number"]));
    lines.foreign_keys = vec![ForeignKey {
        on_delete: ReferentialAction::Cascade,
        on_update: ReferentialAction::Restrict,
        ..reference("to order", &["Tenant", "order"], public("order"), &["Tenant", "id"])
    }];
    let range = Expr::Call("daterange", vec![column_of("day"), column_of("day"), Expr::text("[]")]);
    let comparison = |key, operator| ExclusionElement { key, operator };
    lines.exclusions = vec![
        Exclusion {
            name: id("no \"two\" days"),
            method: Method::Gist,
            elements: vec![
                comparison(IndexKey::Column(id("number")), ExclusionOperator::NotEqual),
                comparison(IndexKey::Column(id("Tenant")), ExclusionOperator::Equal),
                comparison(IndexKey::Expression(range), ExclusionOperator::Overlaps),
            ],
            predicate: Some(Expr::Not(Box::new(Expr::IsNull(Box::new(column_of("yes")))))),
            comment: Some("a day 'each'".to_owned()),
        },
        Exclusion {
            name: id("Line Items_text_excl"),
            method: Method::Btree,
            elements: vec![comparison(IndexKey::Column(id("text")), ExclusionOperator::Equal)],
            predicate: None,
            comment: None,
        },
    ];
    lines
}

fn indexes() -> Vec<Index> {
    let state_is_draft = Expr::equals(column_of("st'ate %"), Expr::text("draft"));
    vec![
        Index {
            unique: true,
            predicate: Some(Expr::And(vec![
                state_is_draft,
                Expr::IsNotNull(Box::new(column_of("parent"))),
            ])),
            comment: Some("one 'draft' each".to_owned()),
            ..index(public("One Draft"), public("order"), &["Tenant"])
        },
        Index {
            columns: vec![
                at("Tenant"),
                IndexColumn { descending: true, ..at("created") },
                IndexColumn {
                    key: IndexKey::Expression(Expr::binary(
                        column_of("total"),
                        BinaryOperator::Add,
                        Expr::integer(1),
                    )),
                    descending: true,
                    operator_class: None,
                },
                IndexColumn {
                    key: IndexKey::Expression(Expr::Call("lower", vec![column_of("st'ate %")])),
                    descending: false,
                    operator_class: Some(id("text_pattern_ops")),
                },
            ],
            include: ids(&["total", "🦀"]),
            ..index(public("order_mixed_idx"), public("order"), &[])
        },
        Index {
            columns: vec![IndexColumn { operator_class: Some(id("jsonb_path_ops")), ..at("data") }],
            method: Method::Gin,
            ..index(public("order_data_idx"), public("order"), &[])
        },
        Index { method: Method::Gin, ..index(odd("search idx"), odd("Line Items"), &["search"]) },
        Index { method: Method::Brin, ..index(odd("day"), odd("Line Items"), &["day", "at"]) },
        Index {
            method: Method::Hash,
            comment: Some(String::new()),
            ..index(odd("hash"), odd("Line Items"), &["text"])
        },
        Index {
            method: Method::Gist,
            columns: vec![IndexColumn { operator_class: Some(id("inet_ops")), ..at("from") }],
            ..index(odd("gist"), odd("Line Items"), &[])
        },
        Index {
            unique: true,
            columns: vec![IndexColumn {
                key: IndexKey::Expression(Expr::Call("lower", vec![column_of("text")])),
                descending: false,
                operator_class: None,
            }],
            predicate: Some(Expr::Column(id("yes"))),
            ..index(odd("lower text"), odd("Line Items"), &[])
        },
    ]
}

/// A table that is split, with the columns of its key.
fn split(
    name: &QualifiedName,
    method: PartitionMethod,
    key: Column,
    partitions: Vec<(&str, PartitionBound)>,
) -> Table {
    let partition = |(part, bound): (&str, PartitionBound)| Partition {
        name: QualifiedName::new(name.namespace.clone(), id(part)),
        bound,
        comment: Some(format!("part {part}")),
    };
    let mut partitions: Vec<Partition> = partitions.into_iter().map(partition).collect();
    partitions.sort_by(|a, b| a.name.cmp(&b.name));
    let mut table = Table::new(name.clone());
    table.partitioning =
        Some(Partitioning { method, columns: vec![key.name.clone()], partitions, upkeep: None });
    table.columns = vec![Column { not_null: true, ..column("id", Type::BigInt) }, key];
    table
}

/// One table for each way to split.
fn split_tables() -> Vec<Table> {
    let value = |text: &str| PartitionValue::Value(text.to_owned());
    let hash = |remainder| PartitionBound::Hash { modulus: 2, remainder };
    let by_hash = split(
        &odd("by hash"),
        PartitionMethod::Hash,
        column("Ten%ant", Type::Uuid),
        vec![("by hash 0", hash(0)), ("by hash 1", hash(1))],
    );
    let by_list = split(
        &odd("by list"),
        PartitionMethod::List,
        column("class's", Type::Text),
        vec![
            ("large", PartitionBound::List(vec![value("it's, (large)"), PartitionValue::Null])),
            ("others", PartitionBound::Default),
        ],
    );
    let mut by_day = split(
        &odd("by day"),
        PartitionMethod::Range,
        Column { not_null: true, ..column("the day", Type::Date) },
        vec![
            (
                "first",
                PartitionBound::Range {
                    from: vec![PartitionValue::Least],
                    to: vec![value("2026-01-01")],
                },
            ),
            ("rest", PartitionBound::Default),
        ],
    );
    by_day.primary_key = Some(key("by day_pkey", &["id", "the day"]));
    vec![by_hash, by_list, by_day]
}

fn trigger(name: &str, function: QualifiedName) -> Trigger {
    Trigger {
        name: id(name),
        table: public("order"),
        timing: TriggerTiming::Before,
        events: BTreeSet::from([TriggerEvent::Update]),
        update_columns: Vec::new(),
        condition: None,
        function,
        comment: Some("fires 'early'".to_owned()),
    }
}

/// Mixed case, reserved words, quotes, emoji and right-to-left names; a circle of references, a
/// reference to itself, composite references; every method, action, type and expression.
pub(crate) fn everything() -> Schema {
    let mut schema = Schema::default();
    schema.namespaces.insert(id("Select \"x\"; --"));
    schema.extensions.insert(id("pgcrypto"));
    schema.extensions.insert(id("btree_gist"));
    schema.add_table(orders());
    schema.add_table(lines());
    for table in split_tables() {
        schema.add_table(table);
    }
    for index in indexes() {
        schema.add_index(index);
    }
    let table = public("order");
    let column = id("st'ate %");
    let mut guard = TransitionGuard {
        function: odd("guard $function$ 'x'"),
        table: &table,
        column: &column,
        initial: Some("draft"),
        transitions: vec![("draft", vec!["it's paid", "50%"]), ("it's paid", vec!["$function$"])],
        initial_rule: id("born 'so'"),
        transition_rule: id("goes so"),
    }
    .function();
    guard.comment = Some("guards $$".to_owned());
    let touch = touch_timestamp(public("touch"), &id("updated"));
    let old_new = |side: &str| Expr::Qualified(id(side), id("total"));
    schema.add_trigger(Trigger {
        events: BTreeSet::from([TriggerEvent::Insert, TriggerEvent::Update]),
        update_columns: ids(&["total", "st'ate %"]),
        ..trigger("Guard \"it\"", guard.name.clone())
    });
    schema.add_trigger(Trigger {
        condition: Some(Expr::binary(
            old_new("old"),
            BinaryOperator::IsDistinctFrom,
            old_new("new"),
        )),
        ..trigger("touch", touch.name.clone())
    });
    schema.add_trigger(Trigger {
        timing: TriggerTiming::After,
        events: BTreeSet::from([TriggerEvent::Delete]),
        condition: Some(Expr::Verbatim(
            "old.\"st'ate %\" = ') EXECUTE FUNCTION touch() FOR EACH ROW WHEN ('".to_owned(),
        )),
        comment: None,
        ..trigger("z after", touch.name.clone())
    });
    schema.add_trigger(Trigger {
        events: BTreeSet::from([TriggerEvent::Truncate]),
        ..trigger("z not emptied", touch.name.clone())
    });
    schema.add_function(guard);
    schema.add_function(touch);
    schema
}
