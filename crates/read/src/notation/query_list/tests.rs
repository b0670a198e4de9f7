//! Tests of lists of queries.

use crate::notation::check;
use expect_test::expect;

#[test]
fn what_an_application_asks() {
    check(
        "## Dog\n\n- id: uuid, PK\n- name: text\n- customer_id: uuid, FK Customer\n\n## Customer\n\n- id: uuid, PK\n- phone: text\n\n## Visit\n\n- id: uuid, PK\n- dog_id: uuid, FK Dog\n- starts_at: timestamptz\n- price_cents: integer\n\n## What the app asks all day\n\n- today's visits of a dog, in order of start (about 5 per second)\n- visits of a dog in order of price\n- a customer's dogs\n- find a customer by phone\n- upcoming visits of a dog\n- number of visits per dog\n- something to think about\n\n## Frequently asked questions\n\n- visits of a dog\n",
        &expect![[r#"
            1 bullet-fields  entity Dog
            3 bullet-fields  field Dog.id uuid primary key
            4 bullet-fields  field Dog.name text
            5 bullet-fields  field Dog.customer_id uuid -> Customer
            7 bullet-fields  entity Customer
            9 bullet-fields  field Customer.id uuid primary key
            10 bullet-fields  field Customer.phone text
            12 bullet-fields  entity Visit
            14 bullet-fields  field Visit.id uuid primary key
            15 bullet-fields  field Visit.dog_id uuid -> Dog
            16 bullet-fields  field Visit.starts_at timestamptz
            17 bullet-fields  field Visit.price_cents integer
            21 query-list  read "today's visits of a dog, in order of start" of Visit by dog = ?, date in this day sorted start at 5 per second (5/s) [inferred: a list of queries names it]
            22 query-list  read "visits of a dog in order of price" of Visit by dog = ? sorted price [inferred: a list of queries names it]
            23 query-list  read "a customer's dogs" of Dog by customer = ? [inferred: a list of queries names it]
            24 query-list  read "find a customer by phone" of Customer by phone = ? [inferred: a list of queries names it]
            25 query-list  read "upcoming visits of a dog" of Visit by dog = ?, upcoming = upcoming [inferred: a list of queries names it]
            26 query-list  read "number of visits per dog" of Visit computes count per dog [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn a_write_may_do_more_than_one_thing() {
    check(
        "## Bid\n\n- id: uuid, PK\n- status: one of open, matched\n\n## Trade\n\n- id: uuid, PK\n- bid_id: uuid, FK Bid\n\n## Queries\n\n- Match a bid: set its status to matched and record the trade, 60/s\n- Create and update trades\n- Trades of a bid and the bid\n",
        &expect![[r#"
            1 bullet-fields  entity Bid
            3 bullet-fields  field Bid.id uuid primary key
            4 bullet-fields  field Bid.status enum [open | matched]
            6 bullet-fields  entity Trade
            8 bullet-fields  field Trade.id uuid primary key
            9 bullet-fields  field Trade.bid_id uuid -> Bid
            13 query-list  write "Match a bid" of Bid by id = ? at 60/s (60/s) [inferred: a list of queries names it]
            13 query-list  write "record the trade" of Trade at 60/s (60/s) [inferred: a list of queries names it]
            14 query-list  write "Create and update trades" of Trade [inferred: a list of queries names it]
            15 query-list  read "Trades of a bid and the bid" of Trade by bid = ? [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn what_rows_are_looked_for_by() {
    check(
        "## Guest\n\n- id: uuid\n- email: text\n- hall_id: uuid\n\nQueries:\n\n- By email (login)\n- By hall_id, sorted by email\n- By and large, few\n",
        &expect![[r#"
            1 bullet-fields  entity Guest
            3 bullet-fields  field Guest.id uuid
            4 bullet-fields  field Guest.email text
            5 bullet-fields  field Guest.hall_id uuid
            9 query-list  read "List Guest by email" of Guest by email = ? [inferred: a list of queries names it]
            10 query-list  read "List Guest by hall_id, sorted by email" of Guest by hall_id = ? sorted email [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn queries_and_operations() {
    check(
        "# User\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n# Access Patterns\n1. Find user by email (1000/day)\n2. List a customer's pending orders, newest first — p95 < 50 ms\n3. Orders by status and date range, top 20\n4. Nothing is cached\n5. Order with its lines\n# Functions\n- Create order\n- Get order\n- List user orders\n- Update order (status, note)\n# Notes\nQueries: list a user's orders; orders by status\n# Risks\n- Query latency may grow\n- List views are slow\n",
        &expect![[r#"
            1 field-table  entity User
            4 field-table  field User.id int
            5 field-table  field User.email text
            6 field-table  entity Order
            9 field-table  field Order.id int
            10 field-table  field Order.status text
            12 query-list  read "Find user by email" of User by email = ? at 1000/day (0.011574074074074073/s) [inferred: a list of queries names it]
            13 query-list  read "List a customer's pending orders, newest first" of Order by customer = ?, pending = pending sorted time desc within 50 ms [inferred: a list of queries names it]
            14 query-list  read "Orders by status and date range, top 20" of Order by status = ?, date range range limit 20 [inferred: a list of queries names it]
            16 query-list  read "Order with its lines" of Order [inferred: a list of queries names it]
            18 query-list  write "Create order" of Order [inferred: a list of queries names it]
            19 query-list  read "Get order" of Order by id = ? [inferred: a list of queries names it]
            20 query-list  read "List user orders" of Order by user = ? [inferred: a list of queries names it]
            21 query-list  write "Update order" of Order by id = ? [inferred: a list of queries names it]
            23 query-list  read "list a user's orders" of Order by user = ? [inferred: a list of queries names it]
            23 query-list  read "orders by status" of Order by status = ? [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn words_and_a_condition_set_as_code() {
    check(
        "# Login try\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| last_at | timestamp |\n| used | bool |\n\n# Shelf\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Upkeep of login tries\n\n- Reset old ones: `WHERE last_at < NOW() - 24h AND used = true`\n- Find unused: `where used = false`\n- Delete all: `WHERE weight > 3`\n- Where it is: `shelf`\n",
        &expect![[r#"
            1 field-table  entity Login try
            5 field-table  field Login try.id uuid
            6 field-table  field Login try.last_at timestamp
            7 field-table  field Login try.used bool
            9 field-table  entity Shelf
            13 field-table  field Shelf.id uuid
            17 query-list  write "Reset old ones" of Login try by last_at < ?, used = true
            18 query-list  read "Find unused" of Login try by used = false
            19 R015 `Delete all: `WHERE weight > 3`` seems to state something and was not understood
        "#]],
    );
}

#[test]
fn what_dashboards_and_reports_show() {
    check(
        "# Task\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | open, done |\n| region | text |\n| made_at | timestamp |\n\n## Dashboard\n\n- Open tasks\n- Recent tasks\n- Task details\n- Blue tasks\n- Task settings by region (open: yes)\n\n## Reports\n\n- Tasks by region\n- Tasks\n\n## Screens\n\n- Board: tasks of a region, newest first\n- Details of a task\n- Login: name and password\n",
        &expect![[r#"
            1 field-table  entity Task
            5 field-table  field Task.id uuid
            6 field-table  field Task.status enum [open | done]
            7 field-table  field Task.region text
            8 field-table  field Task.made_at timestamp
            12 query-list  read "Open tasks" of Task by open = open [inferred: a list of queries names it]
            13 query-list  read "Recent tasks" of Task sorted time desc [inferred: a list of queries names it]
            20 query-list  read "Tasks by region" of Task by region = ? [inferred: a list of queries names it]
            25 query-list  read "tasks of a region, newest first" of Task by region = ? sorted time desc [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn rates_make_queries_of_lists_and_tables() {
    check(
        "# Task\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | open, done |\n| due_at | timestamp |\n| made_at | timestamp |\n\n## How it is used\n\n- open tasks, newest first, at most 20, 40 per second, within 20 ms\n- expire open tasks whose due at has passed, once per minute\n- tasks made today that are still open, 5/s\n- import tasks in bulk, 100,000 rows a day\n\n## Load\n\n| # | What | How often |\n|-|-|-|\n| 1 | Open tasks | 12/s |\n| 2 | The weather | 1/h |\n\n## Growth\n\n| What | How many |\n|-|-|\n| Tasks | 40 per day |\n\n## Ideas\n\n- open tasks\n",
        &expect![[r#"
            1 field-table  entity Task
            5 field-table  field Task.id uuid
            6 field-table  field Task.status enum [open | done]
            7 field-table  field Task.due_at timestamp
            8 field-table  field Task.made_at timestamp
            12 query-list  read "open tasks, newest first, at most 20" of Task by open = open sorted time desc limit 20 at 40 per second (40/s) within 20 ms [inferred: a list of queries names it]
            13 query-list  write "expire open tasks whose due at has passed" of Task by open = open, due_at < ? at once per minute (0.016666666666666666/s) [inferred: a list of queries names it]
            14 query-list  read "tasks made today that are still open" of Task by open = open, made_at in this day at 5/s (5/s) [inferred: a list of queries names it]
            15 query-list  add many "import tasks in bulk" of Task [inferred: a list of queries names it]
            21 query-list  read "Open tasks" of Task by open = open at 12/s (12/s) [inferred: a table of queries names it]
            22 R011 `The weather` stands among queries and was not understood as one; nothing is built for it
            26 R001 the table `What | How many` was not understood, so nothing in it reached the model
        "#]],
    );
}

#[test]
fn a_rate_is_no_limit() {
    check(
        "# Task\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| made_at | timestamp |\n\n## Queries\n\n- List tasks, newest first, 100/s, < 20 ms\n- List tasks, newest 20, 5 rps\n- List tasks, newest first, 20 per page\n",
        &expect![[r#"
            1 field-table  entity Task
            5 field-table  field Task.id uuid
            6 field-table  field Task.made_at timestamp
            10 query-list  read "List tasks, newest first" of Task sorted time desc at 100/s (100/s) within 20 ms [inferred: a list of queries names it]
            11 query-list  read "List tasks, newest 20" of Task sorted time desc limit 20 at 5 rps (5/s) [inferred: a list of queries names it]
            12 query-list  read "List tasks, newest first, 20 per page" of Task sorted time desc limit 20 [inferred: a list of queries names it]
        "#]],
    );
}

#[test]
fn details_of_one_and_all_of_what_has_no_plural() {
    check(
        "# Yard\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Boat\n\n- id: uuid\n- name: text\n\n## Equipment\n\n- id: uuid\n- name: text\n\n## Visitors\n\nVisitors shall be able to:\n\n- View boat lists\n- Read boat details\n- Open boat detail page\n- View equipment\n",
        &expect_test::expect![[r#"
            1 field-table  entity Yard
            5 field-table  field Yard.id uuid
            7 bullet-fields  entity Boat
            9 bullet-fields  field Boat.id uuid
            10 bullet-fields  field Boat.name text
            12 bullet-fields  entity Equipment
            14 bullet-fields  field Equipment.id uuid
            15 bullet-fields  field Equipment.name text
            21 query-list  read "View boat lists" of Boat [inferred: a list of queries names it]
            22 query-list  read "Read boat details" of Boat by id = ? [inferred: a list of queries names it]
            24 query-list  read "View equipment" of Equipment [inferred: a list of queries names it]
        "#]],
    );
}
