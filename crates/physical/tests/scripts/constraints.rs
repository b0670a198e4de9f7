//! Constraints over several rows, indexes that are not built, and what absence does to a CHECK.

use expect_test::expect;
use underpin_logical::{AttributeId, Relation};
use underpin_model::{Comparison, Expression};

use crate::{check, designed};

const HOTEL: &str = "\
# Hotel

## Room

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |

## Booking

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| room_id | uuid | yes | FK → Room |
| starts_at | timestamp | yes | |
| ends_at | timestamp | yes | |
| status | enum | no | One of `held`, `cancelled` |

Rules:

- No overlapping bookings for one room where status is not cancelled.

## Lease

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| room_id | uuid | no | FK → Room |
| valid_from | date | yes | |
| valid_to | date | no | |

Rules:

- `valid_to` must be after `valid_from`.
- Leases of one room must not overlap.

## Shift

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| day | date | yes | |
| start_time | time | yes | |
| end_time | time | yes | |

Rules:

- Shifts must not overlap.
";

#[test]
fn what_must_not_overlap_is_excluded_and_ends_after_it_begins() {
    let expected = expect![[r#"
        CREATE EXTENSION IF NOT EXISTS btree_gist;
        CONSTRAINT shifts_end_time_start_time_check CHECK (end_time > start_time),
        CONSTRAINT shifts_tsrange_excl EXCLUDE USING gist (tsrange(day + start_time, day + end_time, '[)') WITH &&)
        CONSTRAINT bookings_ends_at_starts_at_check CHECK (ends_at > starts_at),
        CONSTRAINT bookings_room_id_tstzrange_excl EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (status IS NULL OR status <> 'cancelled'),
        CONSTRAINT leases_valid_to_valid_from_check CHECK (valid_to > valid_from),
        CONSTRAINT leases_room_id_daterange_excl EXCLUDE USING gist (room_id WITH =, daterange(valid_from, valid_to, '[)') WITH &&),
    "#]];
    check(HOTEL, &["EXTENSION", "EXCLUDE", ") CHECK (", "CHECK (end", "CHECK (valid"], &expected);
    let (logical, physical) = designed(HOTEL);
    let reasons: Vec<&str> = physical
        .decisions
        .iter()
        .filter(|decision| decision.rule == "P023")
        .flat_map(|decision| &decision.consequences)
        .map(String::as_str)
        .collect();
    assert!(reasons.contains(&"a row without `valid_to` lasts for ever"), "{reasons:?}");
    // What a document says already is not said again.
    let added: Vec<&str> = logical
        .decisions
        .iter()
        .filter(|decision| decision.rule == "L022")
        .map(|decision| &*decision.subject)
        .collect();
    assert_eq!(added, ["Booking.ends_at", "Shift.end_time"]);
}

#[test]
fn what_an_index_would_not_serve_gets_none() {
    let document = "\
# Game

## Level

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| position | integer | yes | unique |
| is_active | boolean | yes | |

Rules:

- `position` must be between 1 and 30.

## Round

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| level_id | uuid | yes | FK → Level |
| is_won | boolean | yes | |
| state | enum | yes | One of `open`, `closed` |
| played_at | timestamp | yes | |

## Access Patterns

- **List won rounds**: list Round by is_won
- **List rounds in a state**: list Round by state, newest first by played_at, limit 20
- **Get level by position**: get Level by position
- **List rounds of a level**: list Round by level_id
";
    let (_, physical) = designed(document);
    let refused: Vec<(&str, &str)> = physical
        .decisions
        .iter()
        .filter(|decision| decision.rule == "P053")
        .map(|decision| (&*decision.subject, &*decision.reason))
        .collect();
    let expected = expect![[r#"
        [
            (
                "list_won_rounds",
                "it asks for all rows of a yes or a no, which is too much of the table to be read through an index, row by row",
            ),
            (
                "get_level_by_position",
                "levels can never have more than 30 rows, since no two share the values of a key that has no more: read whole, they cost less than an index and then the rows",
            ),
        ]
    "#]];
    expected.assert_debug_eq(&refused);
    let promised: Vec<(&str, Option<&str>)> = physical
        .queries
        .iter()
        .map(|query| (&*query.name, query.promised_index.as_ref().map(|index| index.name.as_str())))
        .collect();
    let expected = expect![[r#"
        [
            (
                "list_won_rounds",
                None,
            ),
            (
                "list_rounds_in_a_state",
                Some(
                    "rounds_state_played_at_idx",
                ),
            ),
            (
                "list_rounds_in_a_state_next",
                None,
            ),
            (
                "get_level_by_position",
                None,
            ),
            (
                "list_rounds_of_a_level",
                Some(
                    "rounds_level_id_idx",
                ),
            ),
        ]
    "#]];
    expected.assert_debug_eq(&promised);
}

const CARTS: &str = "\
# Shop

## User

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| tenant_id | uuid | yes | |
| email | string | yes | |
| username | string | yes | |
| deleted_at | timestamp | no | |

Rules:

- Email is unique per tenant_id.
- `username` is unique among rows not deleted.

## Cart

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| user_id | uuid | yes | FK → User |
| status | enum | yes | One of `active`, `ordered`, `abandoned` |
| paid_at | timestamp | no | |
| payment_reference | string | no | |
| amount | decimal(10,2) | no | |
| tip | decimal(10,2) | no | |

Rules:

- One active cart per user.
- `paid_at` is required when status is ordered.
- When status is ordered, amount must be greater than 0.
- Either payment_reference or amount must be given.
- CHECK (amount > 0 OR tip > 0)

## Vote

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| cart_id | uuid | yes | FK → Cart |
| user_id | uuid | yes | FK → User |

Rules:

- A user may vote only once per cart.
";

#[test]
fn unique_among_some_and_required_when() {
    let expected = expect![[r#"
        CREATE UNIQUE INDEX users_tenant_id_email_deleted_at_key ON public.users (tenant_id, email)
        WHERE deleted_at IS NULL;
        CREATE UNIQUE INDEX users_username_deleted_at_key ON public.users (username)
        WHERE deleted_at IS NULL;
        CONSTRAINT carts_status_check CHECK (status IN ('active', 'ordered', 'abandoned')),
        CONSTRAINT carts_status_paid_at_check CHECK (status <> 'ordered' OR paid_at IS NOT NULL),
        CONSTRAINT carts_status_amount_check CHECK (status <> 'ordered' OR amount IS NOT NULL AND amount > 0),
        CONSTRAINT carts_payment_reference_amount_check CHECK (payment_reference IS NOT NULL OR amount IS NOT NULL),
        CONSTRAINT carts_amount_tip_check CHECK (amount IS NOT NULL AND amount > 0 OR tip IS NOT NULL AND tip > 0),
        CREATE UNIQUE INDEX carts_user_id_status_key ON public.carts (user_id)
        WHERE status = 'active';
        CONSTRAINT votes_user_id_cart_id_key UNIQUE (user_id, cart_id),
    "#]];
    check(CARTS, &["UNIQUE", "WHERE", "status_", "amount_"], &expected);
}

/// Comparisons that are neither true nor false where an optional value is absent, though the rule asks
/// for them under a condition or as one of several ways.
fn holes(relation: &Relation, rule: &Expression<AttributeId>, asked: bool) -> Vec<String> {
    let absent = |rule: &Expression<AttributeId>, guards: &[Expression<AttributeId>]| {
        rule.fields()
            .into_iter()
            .filter(|&id| !relation.attribute(id).required)
            .filter(|&id| !guards.contains(&Expression::IsPresent(id)))
            .map(|id| format!("{}.{}", relation.name, relation.attribute(id).name))
            .collect::<Vec<_>>()
    };
    match rule {
        Expression::All(list) => list
            .iter()
            .filter(|item| !matches!(item, Expression::IsPresent(_)))
            .flat_map(|item| {
                if asked && !matches!(item, Expression::All(_) | Expression::Any(_)) {
                    absent(item, list)
                } else {
                    holes(relation, item, asked)
                }
            })
            .collect(),
        Expression::Any(list) => list.iter().flat_map(|item| holes(relation, item, true)).collect(),
        Expression::Implies(_, then) => holes(relation, then, true),
        // What is absent differs from every value.
        Expression::Compare(_, Comparison::NotEqual, _)
        | Expression::Not(_)
        | Expression::IsPresent(_) => Vec::new(),
        other if asked => absent(other, &[]),
        _ => Vec::new(),
    }
}

#[test]
fn no_check_passes_because_a_value_is_absent() {
    let mut seen = 0;
    let shop = concat!(
        include_str!("../../../../examples/shop/docs/04-data-model.md"),
        include_str!("../../../../examples/shop/docs/05-data-structure.md"),
        include_str!("../../../../examples/shop/docs/10-object-lifecycle.md"),
    );
    for document in [CARTS, HOTEL, shop] {
        let (logical, physical) = designed(document);
        for table in &physical.tables {
            let relation = logical.relation(table.relation);
            for rule in table.checks.iter().filter_map(|check| check.expression.as_ref()) {
                assert_eq!(holes(relation, rule, false), Vec::<String>::new(), "{}", relation.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 12, "{seen}");
}

/// The codes of what the design of these documents reports, of those asked for.
fn reported(document: &str, code: &str) -> usize {
    let (_, physical) = designed(document);
    physical.diagnostics.iter().filter(|it| it.code.as_str() == code).count()
}

#[test]
fn a_key_on_a_text_longer_than_an_index_takes_is_told() {
    let table = |kind: &str| {
        format!(
            "## Post\n\n| Field | Type | Required | Unique |\n|---|---|---|---|\n| id | uuid | yes | |\n| body | {kind} | yes | yes |\n"
        )
    };
    assert_eq!(reported(&table("text"), "P008"), 1);
    assert_eq!(reported(&table("varchar(4000)"), "P008"), 1);
    assert_eq!(reported(&table("varchar(600)"), "P008"), 0);
}

#[test]
fn an_order_by_what_all_rows_share_gets_no_statement() {
    let query = |order: &str| {
        format!(
            "## Post\n\n| Field | Type | Required |\n|---|---|---|\n| id | uuid | yes |\n| topic_id | uuid | yes |\n| booked_at | timestamp | yes |\n\n## Access patterns\n\n- List posts by topic_id, sorted by {order} desc\n"
        )
    };
    assert_eq!(reported(&query("topic_id"), "P007"), 1);
    assert_eq!(reported(&query("booked_at"), "P007"), 0);
}
