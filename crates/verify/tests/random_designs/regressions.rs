//! Models that random search found faults by, each cut down to what it takes.

use crate::{faults, server};

fn survives(document: &str) {
    let faults = faults(&server(), document);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A state that asks for a reference to another row of the table: that row is made first.
#[test]
fn a_state_that_requires_a_reference() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| parent_id | uuid | no | FK → Branch |\n\
         | status | enum | yes | one of `draft`, `open`; default `draft` |\n\n\
         Rules:\n\n- `parent_id` is required when `status` is `open`.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `draft` |\n\
         | `draft` | `open` |\n",
    );
}

/// What is never deleted once it is open is not marked as deleted either; what is a draft is.
#[test]
fn a_mark_of_deletion_that_a_state_refuses() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| deleted_at | timestamp | no | soft delete |\n\
         | status | enum | yes | one of `draft`, `open` |\n\nRules:\n\n\
         - An open branch cannot be deleted.\n- A branch cannot be changed once it is open.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `draft` | `open` |\n",
    );
}

/// A row of which the server makes the key cannot be the one that it refers to.
#[test]
fn a_required_reference_to_the_own_table() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| parent_id | uuid | yes | FK → Branch |\n",
    );
}

/// The tenant itself refers to one of its rows: the tenant of that row is open while it is made.
#[test]
fn a_tenant_in_a_circle_of_references() {
    survives(
        "The tenant is the `Branch`. Every other entity belongs to exactly one branch and carries \
         `branch_id`.\n\n## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| booking_id | uuid | yes | FK → Booking |\n\n\
         ## Room\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\n\
         ## Booking\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\
         | room_id | uuid | yes | FK → Room |\n",
    );
}

/// What a rule computes for a column has to fit there.
#[test]
fn a_rule_between_numbers_of_different_room() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| weight_grams | bigint | no | unique |\n\
         | tax_rate | decimal(5,4) | yes | |\n| price_amount | decimal(10,2) | yes | |\n\n\
         Rules:\n\n- CHECK (tax_rate * 2 >= weight_grams - 1).\n\
         - `price_amount` must not exceed `tax_rate`.\n",
    );
}

/// An owner whose rows are counted is one beside which they may be added; and rows that may go in some states only go in
/// the others.
#[test]
fn a_limit_beside_an_owner_that_must_be_so() {
    survives(
        "## Room\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| is_closed | boolean | yes | |\n| places | integer | yes | |\n\n\
         ## Booking\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| room_id | uuid | yes | FK → Room |\n\
         | status | enum | yes | one of `draft`, `open`; default `draft` |\n\n\
         Rules:\n\n- A room has at most 12 bookings.\n\
         - The number of open bookings of a room must not exceed its places.\n\
         - Bookings are only added while the room is not closed.\n\
         - Only draft bookings can be deleted.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `draft` |\n\
         | `draft` | `open` |\n",
    );
}

/// The two sides of a join may refer to each other as well.
#[test]
fn a_join_of_rows_that_refer_to_each_other() {
    survives(
        "## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| order_id | uuid | no | FK → Order |\n\n\
         ## Order\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| user_id | uuid | yes | FK → User |\n\
         | status | enum | yes | one of `draft`, `open`; default `draft` |\n\n\
         Rules:\n\n- Only one draft order per user.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `draft` |\n\
         | `draft` | `open` |\n\n## Relationships\n\n- User N:M Order\n",
    );
}

/// A value that a key is tried with stays, whatever rule would rather have none.
#[test]
fn a_key_that_a_rule_would_empty() {
    survives(
        "## Room\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| currency | char(3) | no | unique |\n\
         | settings | jsonb | no | |\n\nRules:\n\n- `settings` is required when `currency` is set.\n",
    );
}

/// What a deletion would clear and a rule asks for keeps the row referred to.
#[test]
fn a_reference_that_some_rows_require() {
    survives(
        "## Room\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n\n\
         ## Booking\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| room_id | uuid | no | FK → Room |\n\
         | is_fixed | boolean | yes | default false |\n\n\
         Rules:\n\n- `room_id` is required when `is_fixed` is true.\n",
    );
}

/// A key over all rows leaves nothing to one over some of them.
#[test]
fn a_key_among_some_rows_beside_one_among_all() {
    survives(
        "## Room\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n\n\
         ## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| room_id | uuid | no | FK → Room; unique |\n\
         | starts_at | timestamp | yes | |\n| ends_at | timestamp | yes | |\n\
         | status | enum | yes | one of `draft`, `open`; default `draft` |\n\n\
         Rules:\n\n- Only one draft user per room.\n- No overlapping users for one room.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `draft` |\n\
         | `draft` | `open` |\n",
    );
}

/// The tenant of a row in another context is an id, asked for though no foreign key leads there.
#[test]
fn a_tenant_in_another_context() {
    survives(
        "The tenant is the `Branch`. Every other entity belongs to exactly one branch and carries \
         `branch_id`.\n\n## Bounded Contexts\n\n### Nearby\n\nOwns: Branch\n\n### Faraway\n\n\
         Owns: User\n\n## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n\n## User\n\n\
         | Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\
         | parent_id | uuid | yes | FK → User |\n",
    );
}

/// What a deletion elsewhere clears in a row that another reference takes along.
#[test]
fn a_reference_that_is_cleared_beside_one_that_takes_along() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n\n\
         ## Order\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\n\
         Rules:\n\n- Deleting a branch deletes its orders.\n\n\
         ## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| order_id | uuid | yes | FK → Order |\n\
         | branch_id | uuid | no | FK → Branch |\n\n\
         Rules:\n\n- Deleting a order deletes its users.\n",
    );
}

/// Two writers of one version, in a table whose rows are also written as they are.
#[test]
fn a_version_beside_a_limit() {
    survives(
        "## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| is_active | boolean | yes | |\n\
         | version | integer | yes | optimistic concurrency |\n\n\
         ## Order\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| user_id | uuid | yes | FK → User |\n\n\
         Rules:\n\n- A user has at most 2 orders.\n",
    );
}

/// Where only what the server counts up would be kept, nothing need be.
#[test]
fn a_frozen_state_of_a_row_that_has_nothing_else() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| status | enum | yes | one of `draft`, `open` |\n\n\
         Rules:\n\n- A branch cannot be changed once it is open.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `draft` | `open` |\n",
    );
}

/// The key of a special row is that of its base, whose tenant is then its own.
#[test]
fn a_special_row_of_a_tenant_to_which_a_join_refers() {
    survives(
        "The tenant is the `Branch`. Every other entity belongs to exactly one branch and carries \
         `branch_id`.\n\n## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n\n\
         ## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\n\
         ## Order\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| branch_id | uuid | yes | FK → Branch |\n\
         | created_at | timestamp | yes | never changes |\n\n\
         Rules:\n\n- Order is a kind of User.\n\n## Relationships\n\n- Branch N:M Order\n",
    );
}

/// A row that another reference led to may be in any state of a circle, and is taken on from where it is.
#[test]
fn an_owner_in_a_circle_of_states() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| user_id | uuid | yes | FK → User |\n\
         | booking_id | uuid | no | FK → Booking |\n\
         | status | enum | yes | one of `draft`, `open` |\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `draft` | `open` |\n\n\
         ## User\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | bigint | yes | primary key |\n\
         | status | enum | yes | one of `draft`, `open`, `paid` |\n\
         | open_at | timestamp | no | |\n\nRules:\n\n\
         - `open_at` is required when `status` is `open`.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `draft` | `open` |\n\
         | `open` | `draft` |\n| `open` | `paid` |\n| `paid` | `draft` |\n\n\
         ## Booking\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| user_id | uuid | no | FK → User |\n\n\
         Rules:\n\n- bookings can only be added to open users.\n",
    );
}

/// A row that has taken a step has another version than at its birth: who calls the next one gives that.
#[test]
fn a_versioned_row_that_changes_its_state_twice() {
    survives(
        "## Branch\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | integer | yes | primary key |\n| version | integer | yes | optimistic concurrency |\n\
         | status | enum | yes | one of `draft`, `open`, `paid` |\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| `draft` | `open` |\n\
         | `open` | `paid` |\n\n## Access patterns\n\n\
         | Query | Kind | Entity | Filter | Sort | Limit | Frequency |\n|---|---|---|---|---|---|---|\n\
         | Change branch status | write | Branch | id | | 1 | 1/s |\n",
    );
}

/// What is only added to takes the step of its life with the moment that the state asks for.
#[test]
fn a_state_that_asks_for_a_moment_of_what_is_only_added_to() {
    survives(
        "## Ticket\n\n| Field | Type | Required | Description |\n|---|---|---|---|\n\
         | id | uuid | yes | primary key |\n| code | text | yes | unique |\n\
         | status | enum | yes | one of `open`, `void`; default `open` |\n| void_at | timestamp | no | |\n\n\
         Rules:\n\n- Tickets are append-only.\n- A void ticket has a `void_at`; other tickets have none.\n\n\
         Life cycle of `status`:\n\n| From | To |\n|---|---|\n| (new) | `open` |\n| `open` | `void` |\n",
    );
}
