//! Types, keys, references and names.

use expect_test::expect;

use crate::{check, designed};

const CLUB: &str = "\
# Club

## Branch

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| name | varchar(80) | yes |

## Member

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | primary key |
| branch_id | uuid | yes | FK → Branch |
| email | string(255) | yes | unique per branch |
| referred_by_id | uuid | no | FK → Member |
| status | enum | yes | One of `active`, `left`; default `active` |
| joined_on | date | yes | |
| left_on | date | no | |
| fee_amount | decimal(10,2) | yes | default 0 |
| updated_at | timestamp | yes | |

Rules:

- `left_on` must be after `joined_on`.
- `left_on` is required when `status` is `left`.
- `fee_amount` must be between 0 and 500.
";

#[test]
fn rules_become_checks_with_names_of_their_own() {
    let expected = expect![[r#"
        CONSTRAINT branches_name_length_check CHECK (char_length(name) <= 80)
        CONSTRAINT members_email_length_check CHECK (char_length(email) <= 255),
        CONSTRAINT members_status_check CHECK (status IN ('active', 'left')),
        CONSTRAINT members_left_on_joined_on_check CHECK (left_on > joined_on),
        CONSTRAINT members_status_left_on_check CHECK (status <> 'left' OR left_on IS NOT NULL),
        CONSTRAINT members_fee_amount_check CHECK (fee_amount >= 0 AND fee_amount <= 500),
        CONSTRAINT members_referred_by_id_id_check CHECK (referred_by_id <> id),
    "#]];
    check(CLUB, &["CHECK"], &expected);
}

#[test]
fn keys_and_references_carry_their_reasons() {
    let expected = expect![[r#"
          CONSTRAINT branches_pkey PRIMARY KEY (id),
          CONSTRAINT members_pkey PRIMARY KEY (id),
          CONSTRAINT members_branch_id_email_key UNIQUE (branch_id, email),
          CONSTRAINT members_branch_id_fkey FOREIGN KEY (branch_id) REFERENCES public.branches (id) ON DELETE RESTRICT,
          CONSTRAINT members_referred_by_id_fkey FOREIGN KEY (referred_by_id) REFERENCES public.members (id) ON DELETE SET NULL
    "#]];
    check(CLUB, &["UNIQUE", "FOREIGN KEY", "PRIMARY KEY"], &expected);
    let (_, physical) = designed(CLUB);
    let member = physical
        .schema
        .tables
        .values()
        .find(|table| table.name.name.as_str() == "members")
        .expect("there are members");
    assert!(member.foreign_keys.iter().all(|key| key.comment.is_some()));
}

#[test]
fn times_of_change_are_kept_by_a_trigger() {
    let expected = expect![[r#"
        CREATE FUNCTION public.touch_updated_at() RETURNS trigger
        NEW.updated_at := now();
        updated_at     timestamptz NOT NULL DEFAULT now(),
        CREATE TRIGGER members_updated_at_touch
        EXECUTE FUNCTION public.touch_updated_at();
    "#]];
    check(CLUB, &["TRIGGER", "EXECUTE", "updated_at"], &expected);
}

#[test]
fn a_pair_of_many_gets_a_table_with_both_as_its_key() {
    let document = "\
## Book

- **id**: integer, primary key
- **title**: string, required

## Author

- **id**: uuid, primary key
- **name**: string, required

Relationships:

- Book N:M Author
";
    let expected = expect![[r#"
        CONSTRAINT authors_pkey PRIMARY KEY (id)
        CONSTRAINT books_pkey PRIMARY KEY (id)
        book_id   bigint NOT NULL,
        author_id uuid NOT NULL,
        CONSTRAINT book_authors_pkey PRIMARY KEY (book_id, author_id),
        CONSTRAINT book_authors_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books (id) ON DELETE CASCADE,
        CONSTRAINT book_authors_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.authors (id) ON DELETE CASCADE
    "#]];
    check(document, &["KEY", "_id "], &expected);
}

#[test]
fn references_between_rows_of_tenants_carry_the_tenant() {
    let document = "\
The tenant is the `Shop`. Every other entity belongs to exactly one shop and carries `shop_id`.

## Shop

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |

## Customer

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| shop_id | uuid | yes | FK → Shop |
| referred_by_id | uuid | no | FK → Customer |
";
    let expected = expect![[r#"
          CONSTRAINT customers_shop_id_id_key UNIQUE (shop_id, id),
          CONSTRAINT customers_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES public.shops (id) ON DELETE RESTRICT,
          CONSTRAINT customers_referred_by_id_fkey FOREIGN KEY (shop_id, referred_by_id) REFERENCES public.customers (shop_id, id) ON DELETE SET NULL (referred_by_id)
    "#]];
    check(document, &["UNIQUE", "FOREIGN KEY"], &expected);
}

#[test]
fn a_circle_of_required_references_is_checked_at_commit() {
    let document = "\
## Team

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| captain_id | uuid | yes | FK → Player |

## Player

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| team_id | uuid | yes | FK → Team |
";
    let expected = expect![[r#"
        CONSTRAINT teams_captain_id_fkey FOREIGN KEY (captain_id) REFERENCES public.players (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
        ALTER TABLE public.players
        ADD CONSTRAINT players_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;
    "#]];
    check(document, &["FOREIGN KEY", "ALTER"], &expected);
}

#[test]
fn one_index_serves_what_another_would_only_repeat() {
    let document = "\
## Reader

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |

## Loan

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| reader_id | uuid | yes | FK → Reader |
| state | enum | yes | One of `open`, `closed`; default `open` |
| due_on | date | yes | |

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |
|---|---|---|---|---|---|---|---|
| Get loan | read | Loan | id | | 1 | 9/s | < 5 ms |
| List loans of a reader | read | Loan | reader_id | | 20 | 9/s | < 5 ms |
| List loans of a reader by date | read | Loan | reader_id | due_on desc | 20 | 9/s | < 5 ms |
| List overdue loans | read | Loan | state = 'open', due_on < ? | due_on | 20 | 9/s | < 5 ms |
";
    let expected = expect![[r#"
        CREATE INDEX loans_due_on_idx ON public.loans (due_on)
        WHERE state = 'open';
        CREATE INDEX loans_reader_id_due_on_idx ON public.loans (reader_id, due_on);
    "#]];
    check(document, &["INDEX", "WHERE"], &expected);
    let (_, physical) = designed(document);
    let promised: Vec<String> = physical
        .queries
        .iter()
        .map(|query| {
            let index = query.promised_index.as_ref().map_or("-", |name| name.name.as_str());
            format!("{}: {index}\n", query.name)
        })
        .collect();
    expect![[r#"
        get_loan: loans_pkey
        list_loans_of_a_reader: loans_reader_id_due_on_idx
        list_loans_of_a_reader_by_date: loans_reader_id_due_on_idx
        list_loans_of_a_reader_by_date_next: -
        list_overdue_loans: loans_due_on_idx
        list_overdue_loans_next: -
    "#]]
    .assert_eq(&promised.concat());
}

#[test]
fn what_cannot_be_enforced_is_said_and_not_written() {
    let document = "\
## Visit

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| name | string | yes | default 7.5.1 |
| ctid | integer | no | |
| starts_at | timestamp | yes | |

Rules:

- `name` must be greater than 5.
- `starts_at` must be in the past.
";
    let (logical, physical) = designed(document);
    let codes: Vec<&str> = physical.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert!(codes.contains(&"P005"), "a system column: {codes:?}");
    let visits = physical.schema.tables.values().next().expect("one table");
    assert!(visits.checks.is_empty(), "{:?}", visits.checks);
    assert!(logical.relations[0].invariants.len() <= 1);
}

#[test]
fn every_object_has_a_claim_and_every_claim_its_own_name() {
    let (_, physical) = designed(CLUB);
    let has = |id: &str| physical.claims.iter().any(|claim| claim.id.as_str() == id);
    for table in physical.schema.tables.values() {
        let name = table.name.name.as_str();
        for check in &table.checks {
            assert!(has(&format!("check/{name}/{}", check.name.as_str())));
        }
        for key in &table.foreign_keys {
            assert!(has(&format!("foreign_key/{name}/{}", key.name.as_str())));
            assert!(has(&format!("on_delete/{name}/{}", key.name.as_str())));
        }
        for key in table.keys() {
            assert!(has(&format!("unique/{name}/{}", key.name.as_str())));
        }
    }
}

#[test]
fn a_check_that_refuses_nothing_new_is_not_written() {
    let document = "\
## Shop

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| name | varchar(80) | yes |
| motto | varchar(200) | yes |
| currency | varchar(3) | yes |
| open | boolean | yes |

Rules:

- `motto` must be 3 to 200 characters
- `currency` is a three-letter ISO 4217 code.
- CHECK (open IN (true, false))
";
    let expected = expect![[r#"
        CONSTRAINT shops_name_length_check CHECK (char_length(name) <= 80),
        CONSTRAINT shops_motto_check CHECK (char_length(motto) >= 3 AND char_length(motto) <= 200),
        CONSTRAINT shops_currency_check CHECK (currency ~ '^[A-Z]{3}$')
    "#]];
    check(document, &["CHECK"], &expected);
}

#[test]
fn a_comment_says_what_the_constraint_does_not() {
    let (_, physical) = designed(CLUB);
    let members = physical
        .schema
        .tables
        .values()
        .find(|table| table.name.name.as_str() == "members")
        .expect("a table for Member");
    let comments: Vec<(&str, Option<&str>)> = members
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.comment.as_deref()))
        .filter(|(_, comment)| comment.is_some())
        .collect();
    assert_eq!(
        comments,
        [
            ("email", Some("Unique per branch.")),
            ("status", Some("One of `active`, `left`; default `active`.")),
            ("fee_amount", Some("Default 0.")),
        ]
    );
}

#[test]
fn the_reason_of_an_index_names_its_columns() {
    let document = "\
## Task

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| list_id | uuid | yes |
| due_at | timestamp | yes |
| state | text | yes |

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit |
|---|---|---|---|---|---|
| Tasks of a list | read | Task | list_id | due_at desc | 20 |
| Tasks that are due | read | Task | state = 'open' | due_at | 50 |
";
    let (_, physical) = designed(document);
    let reasons: Vec<&str> = physical.indexes.iter().map(|index| index.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "Finds rows by list_id, in the order of due_at.",
            "Finds rows in the order of due_at. Covers only the rows that these queries ask for.",
        ]
    );
}

#[test]
fn what_a_plan_says_of_many_rows_is_readable_and_what_a_deleted_row_keeps_is_said() {
    let document = "\
## Account

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| email | text | yes | unique |
| deleted_at | timestamp | no | soft delete |

The email of a deleted account stays reserved.

## Volumes

| Entity | Rows | Growth per month |
|---|---|---|
| Account | 60,000,000 | 1,000,000 |
";
    let (_, physical) = designed(document);
    let [(_, _, why)] = physical.plans.partitioning.as_slice() else { panic!("one table") };
    assert!(
        why.starts_with("96,000,000 rows in 36 months, above 50,000,000; but no moment"),
        "{why}"
    );
    let [(_, how)] = physical.plans.soft_delete.as_slice() else { panic!("one table") };
    assert!(how.contains("`accounts_email_key` counts deleted rows as well"), "{how}");
}

#[test]
fn what_goes_with_its_parent_does_not_grow_for_ever_and_has_its_currency() {
    let document = "\
The tenant is the `Shop`. Every other entity belongs to exactly one shop and carries `shop_id`.

## Shop

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| default_currency | varchar(3) | yes |

## Basket

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| shop_id | uuid | yes | FK → Shop |
| currency | varchar(3) | yes | |
| expires_at | timestamp | yes | |

## Line

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| shop_id | uuid | yes | FK → Shop |
| basket_id | uuid | yes | FK → Basket, on delete cascade |
| price_amount | decimal(12,2) | yes | |

## Volumes

| Entity | Rows | Growth per month |
|---|---|---|
| Line | 2,000,000 | 1,500,000 |

## Retention

| Entity | Kept for | Counted from | Then |
|---|---|---|---|
| Basket | 90 days | `expires_at` | Deleted |
";
    let (_, physical) = designed(document);
    let line = &physical.schema.tables.values().find(|t| t.name.name.as_str() == "lines").unwrap();
    assert_eq!(
        line.foreign_keys.iter().filter(|key| key.on_delete.as_str() == "CASCADE").count(),
        1
    );
    assert!(physical.plans.partitioning.is_empty(), "{:?}", physical.plans.partitioning);
    let currency =
        physical.decisions.iter().find(|it| it.id() == "P011/Line").expect("amounts of Line");
    assert!(currency.choice.contains("`Basket.currency`"), "{}", currency.choice);
}

#[test]
fn partial_keys_over_the_same_column_are_told_apart_by_their_names() {
    let document = "\
## Address

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| user_id | uuid | yes |
| is_shipping | boolean | yes |
| is_billing | boolean | yes |

Rules:

- At most one address per user has `is_shipping` true.
- At most one address per user has `is_billing` true.
";
    let expected = expect![[r#"
        CREATE UNIQUE INDEX addresses_user_id_is_billing_key ON public.addresses (user_id)
        CREATE UNIQUE INDEX addresses_user_id_is_shipping_key ON public.addresses (user_id)
    "#]];
    check(document, &["UNIQUE INDEX"], &expected);
}

#[test]
fn all_rows_in_an_order_ask_for_no_index() {
    let document = "\
## Colour

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| position | integer | yes |

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit |
|---|---|---|---|---|---|
| List colours | read | Colour | | position | |
";
    let (_, physical) = designed(document);
    assert_eq!(physical.queries.len(), 1);
    assert!(physical.indexes.is_empty(), "{:?}", physical.indexes);
}

#[test]
fn a_default_that_a_rule_refuses_is_said_and_left_out() {
    let document = "\
## Tag

| Field | Type | Required | Description |
|---|---|---|---|
| id | uuid | yes | |
| code | string | yes | default `gray` |
| kind | string | yes | default `AB` |
| weight | integer | yes | default 0 |
| rank | integer | yes | default 3 |

Rules:

- `code` must match ^#[0-9a-f]{6}$.
- `kind` must match ^[A-Z]{2}$.
- `weight` must be at least 1.
- `rank` must be between 1 and 5.
";
    let (_, physical) = designed(document);
    let said: Vec<&str> = physical
        .diagnostics
        .iter()
        .filter(|it| it.code.as_str() == "P003")
        .map(|it| &*it.message)
        .collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("`Tag.code` gets no default: 'gray' is refused by"), "{said:?}");
    assert!(said[1].starts_with("`Tag.weight` gets no default: 0 is refused by"), "{said:?}");
    let tags = physical.schema.tables.values().next().expect("one table");
    let given: Vec<&str> = tags
        .columns
        .iter()
        .filter(|column| column.default.is_some())
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(given, ["id", "kind", "rank"]);
}

#[test]
fn filters_that_a_call_may_leave_out_have_a_statement_of_their_own() {
    let document = "\
## Reading

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| meter | text | yes |
| taken_at | timestamp | yes |
| value | integer | yes |

## API

- `GET /readings?meter=`
- `GET /meters/{meter}/readings?from=&to=&value=`
";
    let (_, physical) = designed(document);
    let shown: Vec<String> = physical
        .queries
        .iter()
        .map(|query| {
            let statement = query.statement.as_ref().expect("a statement").to_string();
            let index = query.promised_index.as_ref().map_or("no index", |it| it.name.as_str());
            let filter = statement.split_once("WHERE ").map_or("all rows", |(_, filter)| filter);
            format!("{}: {filter} [{index}]\n", query.name)
        })
        .collect();
    let expected = expect![[r#"
        list_reading: all rows [no index]
        list_reading_by_meter: meter = $1 [readings_meter_idx]
        list_reading_2: all rows [no index]
        list_reading_2_filtered: ($1::timestamptz IS NULL OR taken_at >= $1) AND ($2::timestamptz IS NULL OR taken_at < $2) AND ($3::integer IS NULL OR value = $3) [no index]
    "#]];
    expected.assert_eq(&shown.concat());
    let said = physical.decisions.iter().filter(|decision| decision.rule == "P042").count();
    assert_eq!(said, 2, "one reason for a single filter, one for several");
}

#[test]
fn filters_that_every_call_has_are_in_one_statement() {
    let document = "\
## Reading

| Field | Type | Required |
|---|---|---|
| id | uuid | yes |
| meter | text | yes |

## API

- `GET /meters/{meter}/readings`
";
    let (_, physical) = designed(document);
    assert_eq!(physical.queries.len(), 1);
    assert!(physical.decisions.iter().all(|decision| decision.rule != "P042"));
}
