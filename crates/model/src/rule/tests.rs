//! What sentences become, seen through the model's text.

use expect_test::{Expect, expect};
use underpin_read::Fact;

use crate::model_text;
use crate::test_support::Facts;

fn shop() -> Facts {
    Facts::default()
        .entity("User")
        .field("User", "id: uuid*")
        .field("User", "email: text!")
        .entity("Merchant")
        .field("Merchant", "id: uuid*")
        .entity("Product")
        .field("Product", "id: uuid*")
        .field("Product", "merchant_id: uuid!")
        .field("Product", "sku: varchar(40)!")
        .field("Product", "name: text!")
        .field("Product", "price: decimal(12,2)!")
        .field("Product", "currency: char(3)!")
        .field("Product", "details: jsonb!")
        .entity("Review")
        .field("Review", "id: uuid*")
        .field("Review", "product_id: uuid!")
        .field("Review", "user_id: uuid!")
        .field("Review", "rating: int!")
        .field("Review", "is_pinned: boolean!")
        .entity("Person")
        .field("Person", "id: uuid*")
        .field("Person", "guardian_id: uuid -> Person")
        .entity("Cart")
        .field("Cart", "id: uuid*")
        .field("Cart", "user_id: uuid!")
        .field("Cart", "status: enum(active, abandoned, ordered)!")
        .entity("Order")
        .field("Order", "id: uuid*")
        .field("Order", "status: enum(draft, paid, shipped)!")
        .field("Order", "subtotal: decimal(12,2)!")
        .field("Order", "tax: decimal(12,2)!")
        .field("Order", "total: decimal(12,2)!")
        .field("Order", "quantity: int!")
        .field("Order", "starts_at: timestamp?")
        .field("Order", "ends_at: timestamp?")
        .field("Order", "paid_at: timestamp?")
        .field("Order", "note: text?")
}

pub(crate) fn check(rules: &[(&str, &str)], expect: &Expect) {
    check_of(shop(), rules, expect);
}

/// Entities whose rows belong together.
fn together() -> Facts {
    Facts::default()
        .entity("Person")
        .field("Person", "id: uuid*")
        .entity("Workshop")
        .field("Workshop", "id: uuid*")
        .field("Workshop", "seats: int!")
        .entity("Registration")
        .field("Registration", "id: uuid*")
        .field("Registration", "workshop_id: uuid! -> Workshop")
        .field("Registration", "person_id: uuid! -> Person")
        .field("Registration", "status: enum(pending, confirmed, cancelled)!")
        .entity("Payment")
        .field("Payment", "id: uuid*")
        .field("Payment", "amount: decimal(12,2)!")
        .entity("Refund")
        .field("Refund", "id: uuid*")
        .field("Refund", "payment_id: uuid! -> Payment")
        .field("Refund", "amount: decimal(12,2)!")
        .field("Refund", "status: enum(requested, completed)!")
        .entity("Invoice")
        .field("Invoice", "id: uuid*")
        .field("Invoice", "total: decimal(12,2)!")
        .entity("Line")
        .field("Line", "id: uuid*")
        .field("Line", "invoice_id: uuid! -> Invoice")
        .field("Line", "quantity: int!")
        .field("Line", "unit_price: decimal(12,2)!")
        .field("Line", "total: decimal(12,2)!")
        .field("Line", "share: int!")
}

/// [`check`], of rules about rows that belong together.
pub(super) fn check_among(rules: &[(&str, &str)], expect: &Expect) {
    check_of(together(), rules, expect);
}

pub(super) fn check_of(facts: Facts, rules: &[(&str, &str)], expect: &Expect) {
    let facts = rules.iter().fold(facts, |facts, (entity, text)| {
        let (entity, field) = match entity.split_once('.') {
            Some((entity, field)) => (entity, Some(field.to_owned())),
            None => (*entity, None),
        };
        facts.add(Fact::Rule { entity: Some(entity.to_owned()), field, text: (*text).to_owned() })
    });
    let (model, sources) = facts.build();
    let text = model_text(&model, &sources);
    let lines = text
        .lines()
        .filter(|line| line.trim().starts_with("rule ") || line.trim().starts_with("unique "));
    let mut found = String::new();
    for line in lines {
        found.push_str(line.split("  # ").next().unwrap_or_default().trim());
        found.push('\n');
    }
    expect.assert_eq(&found);
}

#[test]
fn numbers() {
    check(
        &[
            ("Order.quantity", "must be 0 to 99"),
            ("Order", "Quantity must be between 1 and 1,000"),
            ("Order", "BR-001: total must be greater than 0."),
            ("Order", "`tax` must be non-negative"),
            ("Order", "The order's total must not exceed 10000.50"),
            ("Order.quantity", "> 0"),
            ("Order.quantity", "from 1"),
            ("Order.quantity", "from 1 to 9"),
            ("Order.quantity", "from the catalogue"),
            ("Order", "subtotal cannot be negative"),
            ("Order.tax", "never negative"),
            ("Review", "rating 1-5"),
            ("Review.rating", "1-5"),
            ("Order", "total ≥ subtotal"),
            ("Order", "tax must not exceed subtotal"),
            ("Order", "subtotal and tax must be at least 0"),
        ],
        &expect![[r#"
            rule "rating 1-5": rating >= 1 and rating <= 5
            rule "1-5": rating >= 1 and rating <= 5
            rule "must be 0 to 99": quantity >= 0 and quantity <= 99
            rule "Quantity must be between 1 and 1,000": quantity >= 1 and quantity <= 1000
            rule "BR-001: total must be greater than 0.": total > 0
            rule "`tax` must be non-negative": tax >= 0
            rule "The order's total must not exceed 10000.50": total <= 10000.50
            rule "> 0": quantity > 0
            rule "from 1": quantity >= 1
            rule "from 1 to 9": quantity >= 1 and quantity <= 9
            rule "from the catalogue" as text only
            rule "subtotal cannot be negative": subtotal >= 0
            rule "never negative": tax >= 0
            rule "total ≥ subtotal": total >= subtotal
            rule "tax must not exceed subtotal": tax <= subtotal
            rule "subtotal and tax must be at least 0": subtotal >= 0 and tax >= 0
        "#]],
    );
}

#[test]
fn texts() {
    check(
        &[
            ("Product.name", "1-80 characters"),
            ("Order.note", "max 2,000 characters"),
            ("Product", "sku max length 40"),
            ("Product.currency", "three-letter ISO 4217 code"),
            ("User", "Email must be lowercase"),
            ("User", "email must be a valid email address"),
            ("Product", "Name must not be empty"),
            ("Product", "sku must match ^[A-Z0-9-]+$"),
            ("Product.name", "at least 3 characters"),
        ],
        &expect![[r#"
            rule "Email must be lowercase": email matches /^[^[:upper:]]*$/
            rule "email must be a valid email address": email matches /^[^@[:space:]]+@[^@[:space:]]+$/
            rule "1-80 characters": length(name) >= 1 and length(name) <= 80
            rule "sku max length 40" became the type says so already
            rule "three-letter ISO 4217 code": currency matches /^[A-Z]{3}$/
            rule "Name must not be empty": length(name) > 0
            rule "sku must match ^[A-Z0-9-]+$": sku matches /^[A-Z0-9-]+$/
            rule "at least 3 characters": length(name) >= 3
            rule "max 2,000 characters" became at most 2000 characters
        "#]],
    );
}

#[test]
fn conditions_orders_and_formulas() {
    check(
        &[
            ("Order", "paid_at is required when status is paid"),
            ("Order", "paid_at must be set in states paid, shipped"),
            ("Order", "If status is draft, paid_at must be null"),
            ("Order", "ends_at must be after starts_at"),
            ("Order", "end > start"),
            ("Order", "total = subtotal + tax"),
            ("Order", "CHECK (status IN ('draft', 'PAID') OR paid_at IS NOT NULL)"),
            ("Order", "CHECK (jsonb_typeof(note) = 'object')"),
            ("Order", "status must be one of draft, paid or shipped"),
            ("Order", "status in ('draft', 'paid')"),
        ],
        &expect![[r#"
            rule "paid_at is required when status is paid": if status = 'paid' then paid_at is present
            rule "paid_at must be set in states paid, shipped": if status in ('paid', 'shipped') then paid_at is present
            rule "If status is draft, paid_at must be null": if status = 'draft' then not (paid_at is present)
            rule "ends_at must be after starts_at": ends_at > starts_at
            rule "end > start": ends_at > starts_at
            rule "total = subtotal + tax": total = (subtotal + tax)
            rule "CHECK (status IN ('draft', 'PAID') OR paid_at IS NOT NULL)": status in ('draft', 'paid') or paid_at is present
            rule "CHECK (jsonb_typeof(note) = 'object')" as text only
            rule "status must be one of draft, paid or shipped" became the values of the field
            rule "status in ('draft', 'paid')": status in ('draft', 'paid')
        "#]],
    );
}

/// Two rules of one subject, asides, bounds in brackets, and what a row's one span says.
#[test]
fn several_things_said_at_once() {
    check(
        &[
            ("Order", "paid_at must be after starts_at and may only be set when status is paid"),
            ("Review", "rating is between 1 and 5 and looks nice"),
            ("Order", "ends_at, when present, must be after starts_at"),
            ("Order", "An order ends after it starts"),
            ("Order", "An order cannot end before it starts"),
            ("Order", "A cart ends after it starts"),
            ("Order", "paid_at is set when status changes to paid"),
            ("Review.rating", "CHECK (0–6)"),
        ],
        &expect![[r#"
            rule "rating is between 1 and 5 and looks nice" as text only
            rule "CHECK (0–6)": rating >= 0 and rating <= 6
            rule "paid_at must be after starts_at and may only be set when status is paid": paid_at > starts_at and (if paid_at is present then status = 'paid')
            rule "ends_at, when present, must be after starts_at": ends_at > starts_at
            rule "An order ends after it starts": ends_at > starts_at
            rule "An order cannot end before it starts": ends_at >= starts_at
            rule "A cart ends after it starts" as text only
            rule "paid_at is set when status changes to paid": if status = 'paid' then paid_at is present
        "#]],
    );
}

#[test]
fn uniqueness() {
    check(
        &[
            ("Product", "sku must be unique per merchant"),
            ("Review", "one review per product and user"),
            ("Cart", "Only one active cart per user"),
            ("User", "A user can have only one active cart"),
            ("User", "Email must be unique across all users"),
            ("Product", "The combination of merchant and name must be unique"),
            ("Cart", "one shiny cart per user"),
        ],
        &expect![[r#"
            rule "A user can have only one active cart" became unique (user_id) where status = 'active'
            rule "Email must be unique across all users" became unique (email)
            unique merchant_id, sku
            unique merchant_id, name
            rule "sku must be unique per merchant" became unique (merchant_id, sku)
            rule "The combination of merchant and name must be unique" became unique (merchant_id, name)
            unique product_id, user_id
            rule "one review per product and user" became unique (product_id, user_id)
            unique user_id where status = 'active'
            rule "Only one active cart per user" became unique (user_id) where status = 'active'
            rule "one shiny cart per user" as text only
        "#]],
    );
}

/// What is vague, negated or about more than one row stays text.
#[test]
fn not_understood_on_purpose() {
    check(
        &[
            ("Order", "total must be positive unless it is a refund"),
            ("Order", "quantity should usually be below 100"),
            ("Order", "total must not be recalculated after payment"),
            ("Order", "note must be greater than 5"),
            ("Order", "quantity must be one of the good ones"),
            ("Order", "starts_at must be in the future"),
            ("Order", "paid_at is required only when status is paid"),
            ("Order", "status must be one of open, closed"),
            ("Review", "rating must be at least 1 for verified buyers"),
        ],
        &expect![[r#"
            rule "rating must be at least 1 for verified buyers" as text only
            rule "total must be positive unless it is a refund" as text only
            rule "quantity should usually be below 100" as text only
            rule "total must not be recalculated after payment" as text only
            rule "note must be greater than 5" as text only
            rule "quantity must be one of the good ones" as text only
            rule "starts_at must be in the future" as text only
            rule "paid_at is required only when status is paid" as text only
            rule "status must be one of open, closed" as text only
        "#]],
    );
}

/// Bounds, orders and conditions in the words of many writers.
#[test]
fn many_words() {
    check(
        &[
            ("Order", "quantity must be 0 to 99,999,999"),
            ("Order", "quantity ranges from 0 to 1 000 000"),
            ("Order", "0 <= quantity <= 99,999,999"),
            ("Order", "quantity: 0–99,999,999"),
            ("Order", "quantity must be in the range 0..100_000"),
            ("Order", "quantity must be > 0 and <= 20"),
            ("Order", "quantity must be greater than zero and at most 20"),
            ("Order", "end > start"),
            ("Order", "end must be later than start"),
            ("Order", "The end must come after the start"),
            ("Order", "note required when status is paid"),
            ("Order", "note is mandatory for paid status"),
            ("Order", "Paid orders require a note"),
            ("Order", "note must be given for shipped orders"),
            ("Order", "paid_at must be set if and only if status is paid"),
            ("Order", "quantity must be at most 1 00 000"),
            ("Order", "Big orders require a note"),
            ("Order", "total <= quantity <= note"),
        ],
        &expect![[r#"
            rule "quantity must be 0 to 99,999,999": quantity >= 0 and quantity <= 99999999
            rule "quantity ranges from 0 to 1 000 000": quantity >= 0 and quantity <= 1000000
            rule "0 <= quantity <= 99,999,999": 0 <= quantity and quantity <= 99999999
            rule "quantity: 0–99,999,999": quantity >= 0 and quantity <= 99999999
            rule "quantity must be in the range 0..100_000": quantity >= 0 and quantity <= 100000
            rule "quantity must be > 0 and <= 20": quantity > 0 and quantity <= 20
            rule "quantity must be greater than zero and at most 20": quantity > 0 and quantity <= 20
            rule "end > start": ends_at > starts_at
            rule "end must be later than start": ends_at > starts_at
            rule "The end must come after the start": ends_at > starts_at
            rule "note required when status is paid": if status = 'paid' then note is present
            rule "note is mandatory for paid status": if status = 'paid' then note is present
            rule "Paid orders require a note": if status = 'paid' then note is present
            rule "note must be given for shipped orders": if status = 'shipped' then note is present
            rule "paid_at must be set if and only if status is paid": (if status = 'paid' then paid_at is present) and (if paid_at is present then status = 'paid')
            rule "quantity must be at most 1 00 000" as text only
            rule "Big orders require a note" as text only
            rule "total <= quantity <= note" as text only
        "#]],
    );
}

/// States as adjectives and participles, absence, and both directions.
#[test]
fn rows_in_a_state() {
    check(
        &[
            ("Order", "A paid order has a payment time"),
            ("Order", "A paid order must have a note"),
            ("Order", "When an order is paid, paid_at must be set"),
            ("Order", "paid_at is set exactly when the order is paid"),
            ("Order", "A note is required if the order is paid or shipped"),
            ("Order", "Orders that are not paid have no paid_at"),
            ("Order", "Only paid orders have a note"),
            ("Order", "A note is only allowed for shipped orders"),
            ("Order", "Draft orders have a quantity of 0"),
            ("Order", "The start date must not be before the end date"),
            ("Order", "quantity is 3 or more"),
            ("Order", "Quantities may not be negative"),
            ("Order", "Old orders have a note"),
            ("Order", "When an invoice is paid, paid_at must be set"),
            ("Order", "Only happy customers have a note"),
            ("Order", "Draft orders have a quantity of many"),
        ],
        &expect![[r#"
            rule "A paid order has a payment time": if status = 'paid' then paid_at is present
            rule "A paid order must have a note": if status = 'paid' then note is present
            rule "When an order is paid, paid_at must be set": if status = 'paid' then paid_at is present
            rule "paid_at is set exactly when the order is paid": (if status = 'paid' then paid_at is present) and (if paid_at is present then status = 'paid')
            rule "A note is required if the order is paid or shipped": if status in ('paid', 'shipped') then note is present
            rule "Orders that are not paid have no paid_at": if not (status = 'paid') then not (paid_at is present)
            rule "Only paid orders have a note": if note is present then status = 'paid'
            rule "A note is only allowed for shipped orders": if note is present then status = 'shipped'
            rule "Draft orders have a quantity of 0": if status = 'draft' then quantity = 0
            rule "The start date must not be before the end date": starts_at >= ends_at
            rule "quantity is 3 or more": quantity >= 3
            rule "Quantities may not be negative": quantity >= 0
            rule "Old orders have a note" as text only
            rule "When an invoice is paid, paid_at must be set" as text only
            rule "Only happy customers have a note" as text only
            rule "Draft orders have a quantity of many" as text only
        "#]],
    );
}

/// Keys that sentences give to the rows of something.
#[test]
fn one_for_each() {
    check(
        &[
            ("Product", "Each product has a unique sku"),
            ("Product", "Every product must have a unique sku per merchant"),
            ("Product", "Two products cannot have the same name"),
            ("Review", "A user reviews a product at most once"),
            ("Review", "Each user can review each product only once"),
            ("Review", "A user cannot review the same product twice"),
            ("Review", "One review of a product per user"),
            ("Product", "Each product has a unique smell"),
            ("Review", "A user reviews a product twice"),
            ("Review", "A user reviews a merchant at most once"),
        ],
        &expect![[r#"
            unique merchant_id, sku
            rule "Each product has a unique sku" became unique (sku)
            rule "Every product must have a unique sku per merchant" became unique (merchant_id, sku)
            rule "Two products cannot have the same name" became unique (name)
            rule "Each product has a unique smell" as text only
            unique user_id, product_id
            rule "A user reviews a product at most once" became unique (user_id, product_id)
            rule "Each user can review each product only once" became unique (user_id, product_id)
            rule "A user cannot review the same product twice" became unique (user_id, product_id)
            rule "One review of a product per user" became unique (product_id, user_id)
            rule "A user reviews a product twice" as text only
            rule "A user reviews a merchant at most once" as text only
        "#]],
    );
}

/// Two things said of one field are both kept.
#[test]
fn more_than_one_sentence() {
    check(
        &[
            ("Order", "The note has at least 5 characters. It may not be longer than the order"),
            (
                "Order",
                "paid_at is required when the status is paid, and must not be before starts_at",
            ),
        ],
        &expect![[r#"
            rule "The note has at least 5 characters": length(note) >= 5
            rule "It may not be longer than the order" as text only
            rule "paid_at is required when the status is paid, and must not be before starts_at": (if status = 'paid' then paid_at is present) and paid_at >= starts_at
        "#]],
    );
}
