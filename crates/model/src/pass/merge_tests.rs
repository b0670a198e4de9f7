//! Tests of merging: documents that disagree, and documents in another order.

use expect_test::expect;
use proptest::prelude::*;
use underpin_base::{Sources, Span};
use underpin_read::{Fact, FieldFact, Reading, ReferenceFact, Statement};

use crate::test_support::{Facts, relationship};
use crate::{Model, build, explain, model_text};

fn field(name: &str) -> FieldFact {
    FieldFact { name: name.to_owned(), ..FieldFact::default() }
}

fn of_order(field: FieldFact) -> Fact {
    Fact::Field { entity: "Order".to_owned(), field }
}

fn user_to_order(cardinality: &'static str) -> Fact {
    relationship("User", "Order", cardinality)
}

#[test]
fn the_more_exact_notation_counts_and_both_places_are_shown() {
    let to_user = |on_delete: &str| {
        let references = Some(ReferenceFact {
            entity: "User".to_owned(),
            field: None,
            on_delete: Some(on_delete.to_owned()),
        });
        of_order(FieldFact { references, ..field("user_id") })
    };
    let values = |list: &[&str]| {
        let enum_values = list.iter().map(|&value| value.to_owned()).collect();
        of_order(FieldFact { enum_values, ..field("status") })
    };
    let facts = || {
        Facts::default()
            .field("User", "id: uuid*")
            .field("Order", "total: boolean? = true")
            .by("prose-field-list")
            .field("Order", "total: integer! = 5")
            .by("sql-ddl")
            .add(to_user("cascade"))
            .add(to_user("restrict"))
            .by("bullet-fields")
            .add(values(&["draft", "paid"]))
            .by("bullet-fields")
            .add(values(&["draft", "sent"]))
            .by("prisma")
            .add(user_to_order("1:1"))
            .by("relationship-lines")
            .add(user_to_order("1:N"))
            .by("mermaid-er")
    };
    expect![[r#"
        warning M003 :2 `Order.total` is `integer` at one place and `boolean` at another; `integer` counts, since it is written in the more exact notation
        warning M003 :2 `Order.total` is required at one place and optional at another; required counts, since it is written in the more exact notation
        warning M003 :2 `Order.total` is `5` by default at one place and `true` by default at another; `5` by default counts, since it is written in the more exact notation
        warning M003 :6 `Order.status` is one of draft | sent at one place and one of draft | paid at another; one of draft | sent counts, since it is written in the more exact notation
        warning M003 :5 `Order.user_id` is `on delete cascade` at one place and `on delete restrict` at another; `on delete cascade` counts, since it is written in the more exact notation
        warning M003 :8 `User → Order` is `User 1:N Order` at one place and `User 1:1 Order` at another; `User 1:N Order` counts, since it is written in the more exact notation
    "#]].assert_eq(&facts().diagnostics());
    let (model, _) = facts().build();
    for diagnostic in
        model.diagnostics.iter().filter(|it| it.code == crate::codes::CONFLICTING_STATEMENTS)
    {
        assert_eq!(diagnostic.labels.len(), 2, "{}", diagnostic.message);
    }
}

#[test]
fn explain_tells_what_was_merged_and_why_one_place_was_followed() {
    let facts = Facts::default()
        .field("User", "id: uuid*")
        .field("Order", "total: boolean? = true")
        .by("prose-field-list")
        .field("Order", "total: integer! = 5")
        .by("sql-ddl")
        .field("Order", "code: text")
        .by("bullet-fields")
        .field("Order", "code: varchar(20)!")
        .by("bullet-fields");
    let (reading, sources) = facts.reading();
    let model = build(&reading, &sources);
    let told = |name: &str| explain(&model, &reading, &sources, name).unwrap();
    expect![[r#"
        Order.total: a whole number of 32 bits, required, default 5  # model.md:2
          stated at model.md:2:1 by prose-field-list: field Order.total boolean optional default true
              "line 002"
          stated at model.md:3:1 by sql-ddl: field Order.total integer required default 5
              "line 003"
          type: `integer` from model.md:3:1, followed among 2 places, since it is written in the more exact notation
          required: `required` from model.md:3:1, followed among 2 places, since it is written in the more exact notation
          default: `5` from model.md:3:1, followed among 2 places, since it is written in the more exact notation
          M003: `Order.total` is `integer` at one place and `boolean` at another; `integer` counts, since it is written in the more exact notation  # model.md:2
          M003: `Order.total` is required at one place and optional at another; required counts, since it is written in the more exact notation  # model.md:2
          M003: `Order.total` is `5` by default at one place and `true` by default at another; `5` by default counts, since it is written in the more exact notation  # model.md:2
    "#]].assert_eq(&told("Order.total"));
    expect![[r#"
        Order.code: text of at most 20 characters, required  # model.md:4
          stated at model.md:4:1 by bullet-fields: field Order.code text
              "line 004"
          stated at model.md:5:1 by bullet-fields: field Order.code varchar(20) required
              "line 005"
          type: `varchar(20)` from model.md:5:1, the most precise type of 2 places
          required: `required` from model.md:5:1, the only place that says so
    "#]]
    .assert_eq(&told("Order.code"));
}

#[test]
fn what_says_more_or_is_only_derived_contradicts_nothing() {
    let facts = Facts::default()
        .field("Order", "code: text!")
        .by("sql-ddl")
        .field("Order", "code: varchar(20)!")
        .by("bullet-fields")
        .field("Order", "total: integer")
        .by("mermaid-er")
        .field("Order", "total: bigint!")
        .by("field-table");
    expect![[r#""#]].assert_eq(&facts.diagnostics());
}

#[test]
fn columns_in_a_check_are_no_values() {
    let list = ["team_a", "team_b"].map(str::to_owned).to_vec();
    let said = |name: &str, text: &str| {
        of_order(FieldFact {
            enum_values: list.clone(),
            description: Some(text.to_owned()),
            ..field(name)
        })
    };
    let facts = Facts::default()
        .field("Order", "team_a: text!")
        .field("Order", "team_b: text!")
        .add(said("winner", "CHECK (winner IN (team_a, team_b))"))
        .add(said("contact", "by 'team_a' or 'team_b'"));
    let (model, sources) = facts.build();
    let text = model_text(&model, &sources);
    let found: Vec<&str> = text
        .lines()
        .filter(|it| it.contains("winner:") || it.contains("contact:"))
        .map(|it| it.split("  # ").next().unwrap().trim())
        .collect();
    assert_eq!(found, ["winner: of unknown type", "contact: one of team_a | team_b"]);
}

#[test]
fn a_key_takes_no_field_of_another_entity() {
    let key = |fields: &[&str]| Fact::PrimaryKey {
        entity: "Line".to_owned(),
        fields: fields.iter().map(|&name| name.to_owned()).collect(),
    };
    let facts = Facts::default()
        .field("Order", "status: text!")
        .field("Line", "number: integer!")
        .add(key(&["Order.status"]));
    expect![[r#"
        warning M004 :3 the primary key names `Order.status`, which is not a field of `Line`; it was left out there
    "#]].assert_eq(&facts.diagnostics());
}

/// The model's lines, each behind the entity that it stands under, without places and in one order.
fn sorted(model: &Model, sources: &Sources) -> Vec<String> {
    let text = model_text(model, sources);
    let mut above = "";
    let mut lines: Vec<String> = Vec::new();
    // Questions list fields in the order of the documents.
    let lists = |line: &&str| !line.starts_with("question") && !line.starts_with("assumption");
    for line in text.lines().filter(lists) {
        let line = line.split("  # ").next().unwrap_or_default().trim_end();
        if !line.starts_with(' ') {
            above = line;
        }
        lines.push(format!("{above}: {line}"));
    }
    lines.sort();
    lines
}

/// What one document says of fields of Order.
fn said() -> impl Strategy<Value = Vec<Fact>> {
    let kind = || prop::sample::select(vec!["integer", "uuid", "date", "varchar(20)", "boolean"]);
    let one = (
        prop::sample::select(vec!["total", "code", "user_id"]),
        prop::option::of(kind()),
        prop::option::of(any::<bool>()),
        prop::option::of(prop::sample::select(vec!["1", "2", "true"])),
        prop::option::of(prop::sample::select(vec!["cascade", "restrict", "set null"])),
    );
    let one = one.prop_map(|(name, kind, required, default, on_delete)| {
        let references = on_delete.filter(|_| name == "user_id").map(|action| ReferenceFact {
            entity: "User".to_owned(),
            field: None,
            on_delete: Some(action.to_owned()),
        });
        of_order(FieldFact {
            type_text: kind.map(str::to_owned),
            required,
            default: default.map(str::to_owned),
            references,
            ..field(name)
        })
    });
    let related = prop::sample::select(vec!["1:1", "1:N", "N:M"]).prop_map(user_to_order);
    prop::collection::vec(prop_oneof![5 => one, 1 => related, 4 => of_values()], 1..6)
}

const VALUES: [&str; 4] = ["draft", "paid", "sent", "void"];

/// What one document says of the values of Order's status, and of what follows what.
fn of_values() -> impl Strategy<Value = Fact> {
    let some = |least: usize| {
        prop::sample::subsequence(VALUES.to_vec(), least..=3)
            .prop_shuffle()
            .prop_map(|values| values.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let one = || prop::sample::select(VALUES.to_vec()).prop_map(str::to_owned);
    let status = || Some("status".to_owned());
    prop_oneof![
        some(2).prop_map(|enum_values| of_order(FieldFact { enum_values, ..field("status") })),
        some(2).prop_map(|values| Fact::Enumeration { name: "OrderStatus".to_owned(), values }),
        Just(of_order(FieldFact { type_text: Some("OrderStatus".to_owned()), ..field("status") })),
        (some(0), prop::option::of(one())).prop_map(move |(states, initial)| Fact::Lifecycle {
            entity: "Order".to_owned(),
            field: status(),
            states,
            initial,
        }),
        (one(), one(), prop::option::of(Just("pay".to_owned()))).prop_map(move |(from, to, on)| {
            Fact::Transition { entity: "Order".to_owned(), field: status(), from, to, on }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Each document has a notation of another exactness, so that no tie is left to the place.
    #[test]
    fn documents_in_any_order_give_one_model(
        documents in prop::collection::vec(said(), 4),
        order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        const NOTATIONS: [&str; 4] = ["sql-ddl", "field-table", "bullet-fields", "prose-field-list"];
        let read = |order: &[usize]| {
            let mut sources = Sources::default();
            let mut statements = Vec::new();
            for &at in order {
                let document = sources.add(format!("{at}.md"), "x\n".repeat(8));
                let mut line = 0;
                let known = ["User", "Order"].map(|entity| Fact::Field {
                    entity: entity.to_owned(),
                    field: FieldFact { primary_key: Some(true), ..field("id") },
                });
                // Said once more, the same is no other voice: one place a property in a document.
                let mut facts: Vec<&Fact> = known.iter().collect();
                for fact in &documents[at] {
                    let again = |other: &&Fact| match (*other, fact) {
                        (Fact::Field { field: one, .. }, Fact::Field { field: two, .. }) => {
                            one.name == two.name
                        }
                        (Fact::Relationship(_), Fact::Relationship(_))
                        | (Fact::Enumeration { .. }, Fact::Enumeration { .. })
                        | (Fact::Lifecycle { .. }, Fact::Lifecycle { .. }) => true,
                        (
                            Fact::Transition { from, to, .. },
                            Fact::Transition { from: from_two, to: to_two, .. },
                        ) => from == from_two && to == to_two,
                        _ => false,
                    };
                    if !facts.iter().any(again) {
                        facts.push(fact);
                    }
                }
                for fact in facts {
                    statements.push(Statement {
                        fact: fact.clone(),
                        span: Span::new(document, line * 2..line * 2 + 1),
                        notation: NOTATIONS[at],
                        inferred: None,
                        assumed: None,
                        drafted: None,
                    });
                    line += 1;
                }
            }
            let reading = Reading { statements, ..Reading::default() };
            sorted(&build(&reading, &sources), &sources)
        };
        prop_assert_eq!(read(&[0, 1, 2, 3]), read(&order));
    }
}
