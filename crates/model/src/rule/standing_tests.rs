//! Sentences of requirements and of lists of rules, as they come: wrapped in what a system shall do, leaning on the one
//! before, with the rows that do not count behind them.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use crate::test_support::Facts;

fn box_office() -> Facts {
    let facts = Facts::default()
        .entity("Organizer")
        .field("Organizer", "id: uuid*")
        .entity("Venue")
        .field("Venue", "id: uuid*")
        .entity("Seat")
        .field("Seat", "id: uuid*")
        .field("Seat", "venue_id: uuid! -> Venue")
        .field("Seat", "section: text!")
        .field("Seat", "row_label: text!")
        .field("Seat", "number: int!")
        .entity("Show")
        .field("Show", "id: uuid*")
        .field("Show", "venue_id: uuid! -> Venue")
        .field("Show", "doors_at: timestamptz!")
        .field("Show", "starts_at: timestamptz!")
        .field("Show", "ends_at: timestamptz!")
        .field("Show", "places: int!")
        .field("Show", "called_off_reason: text?")
        .field("Show", "status: enum(planned, on_sale, played, called_off)!")
        .entity("Customer")
        .field("Customer", "id: uuid*")
        .field("Customer", "email: text!")
        .field("Customer", "is_blocked: boolean!")
        .field("Customer", "deleted_at: timestamptz?")
        .entity("Booking")
        .field("Booking", "id: uuid*")
        .field("Booking", "customer_id: uuid! -> Customer")
        .field("Booking", "show_id: uuid! -> Show")
        .field("Booking", "status: enum(held, confirmed, expired)!")
        .field("Booking", "total: decimal(10,2)!")
        .field("Booking", "checked_by: uuid? -> Customer")
        .field("Booking", "paid_by: uuid? -> Customer")
        .entity("Ticket")
        .field("Ticket", "id: uuid*")
        .field("Ticket", "booking_id: uuid! -> Booking")
        .field("Ticket", "show_id: uuid! -> Show")
        .field("Ticket", "seat_id: uuid? -> Seat")
        .field("Ticket", "price: decimal(8,2)!")
        .field("Ticket", "voided_at: timestamptz?")
        .entity("Payment")
        .field("Payment", "id: uuid*")
        .field("Payment", "booking_id: uuid! -> Booking")
        .field("Payment", "kind: enum(charge, refund)!")
        .field("Payment", "amount: decimal(10,2)!")
        .entity("Voucher")
        .field("Voucher", "id: uuid*")
        .field("Voucher", "max_uses: int!")
        .entity("VoucherUse")
        .field("VoucherUse", "id: uuid*")
        .field("VoucherUse", "voucher_id: uuid! -> Voucher")
        .field("VoucherUse", "booking_id: uuid! -> Booking");
    let steps = [
        ("Show", "planned", "on_sale"),
        ("Show", "on_sale", "played"),
        ("Show", "planned", "called_off"),
        ("Booking", "held", "confirmed"),
        ("Booking", "held", "expired"),
    ];
    steps.into_iter().fold(facts, |facts, (of, from, to)| facts.transition(of, from, to))
}

/// What each sentence means, with what stays and what may be done only beside an owner.
fn check(rules: &[(&str, &str)], expect: &Expect) {
    let mut text = String::new();
    for (entity, rule) in rules {
        let (model, _) = box_office().rule(entity, rule).build();
        for rule in &model.rules {
            let name = |id: &crate::FieldId| Some(model.field(*id).name.clone());
            let mut meant: Vec<String> = Vec::new();
            let expression = rule.expression.as_ref().and_then(|it| it.try_map(&mut |id| name(id)));
            meant.extend(expression.map(|it| it.to_string()));
            meant.extend(rule.became.clone());
            if let (None, Some(stays)) =
                (meant.first(), crate::permanence(&model, rule.entity, rule.field, &rule.text))
            {
                let names: Vec<String> = stays.fields.iter().filter_map(name).collect();
                let kept = if stays.is_kept { " kept" } else { "" };
                let states = stays
                    .states
                    .map_or_else(String::new, |(_, it)| format!(" in {}", it.join(", ")));
                meant.push(format!("stays: [{}]{kept}{states}", names.join(", ")));
            }
            for said in crate::NamedEntities::of(&model).beside(&model, &rule.text) {
                let allowed = said.allowed.try_map(&mut |id| name(id)).expect("all have names");
                meant.push(format!("beside {}: {allowed}", model.field(said.by).name));
            }
            if meant.is_empty() {
                meant.push("a question".to_owned());
            }
            let owner = &model.entity(rule.entity).name;
            writeln!(text, "{owner}: {}\n    {}", rule.text, meant.join("; "))
                .expect("writing to a String cannot fail");
        }
    }
    expect.assert_eq(&text);
}

#[test]
fn what_a_system_shall_do() {
    check(
        &[
            ("Show", "The system shall keep the places of a show between 1 and 2000."),
            ("Show", "The system shall reject a show that ends before or when it starts."),
            (
                "Show",
                "The system shall not allow two shows in the same venue to overlap in time, unless one of them is called off.",
            ),
            ("Show", "WHEN a show is called off, the system shall require a reason."),
            ("Show", "WHILE a show is played, the system shall not allow its start to be changed."),
            (
                "Booking",
                "IF a show is played, THEN the system shall reject new bookings of that show.",
            ),
            ("Venue", "WHEN a venue is deleted, the system shall refuse while it has shows."),
            (
                "Customer",
                "The system shall ensure that no two customers that are not deleted share an email address, ignoring case.",
            ),
            (
                "Ticket",
                "The system shall allow tickets to be added to a booking only while the booking is held.",
            ),
            ("Ticket", "The system shall sell tickets only for shows that are on sale."),
            ("Booking", "WHEN a booking is deleted, the system shall delete its tickets with it."),
        ],
        &expect![[r#"
            Show: the places of a show must be between 1 and 2000
                places >= 1 and places <= 2000
            Show: a show must not end before or when it starts
                ends_at > starts_at
            Show: two shows in the same venue must not overlap in time, unless one of them is called off
                no two rows of one venue_id overlap from starts_at to ends_at where not (status = 'called_off')
            Show: when a show is called off, a reason is required
                if status = 'called_off' then called_off_reason is present
            Show: while a show is played, its start must not be changed
                stays: [starts_at] in played
            Booking: if a show is played, bookings of the show must not be added
                beside show_id: not (status = 'played')
            Venue: a venue must not be deleted while it has shows
                `Show.venue_id` is on delete restrict
            Customer: no two customers that are not deleted share an email address, ignoring case
                unique (email) whatever its case where not (deleted_at is present)
            Ticket: tickets may be added to a booking only while the booking is held
                beside booking_id: status = 'held'
            Ticket: tickets may only be sold for shows that are on sale
                beside show_id: status = 'on_sale'
            Booking: when a booking is deleted, its tickets are deleted with it
                `Ticket.booking_id` is on delete cascade
        "#]],
    );
}

#[test]
fn sentences_that_lean_on_others() {
    check(
        &[
            (
                "Venue",
                "A venue with shows cannot be deleted. Its seats are deleted together with it.",
            ),
            (
                "Booking",
                "A booking with payments cannot be deleted. Tickets and voucher uses are deleted together with their booking.",
            ),
            ("Seat", "When a seat is deleted, its tickets stay and lose their seat."),
            (
                "Ticket",
                "The number of valid tickets of a show shall never exceed its places. A ticket is valid until it is voided.",
            ),
            (
                "Ticket",
                "Tickets are only added while their booking is held, and never for a called off show",
            ),
            (
                "Show",
                "The tickets of a show never exceed its places; voided tickets do not count. The places of a show may be lowered.",
            ),
        ],
        &expect![[r#"
            Venue: A venue with shows cannot be deleted
                `Show.venue_id` is on delete restrict
            Venue: seats are deleted together with their venue
                `Seat.venue_id` is on delete cascade
            Booking: A booking with payments cannot be deleted
                `Payment.booking_id` is on delete restrict
            Booking: Tickets and voucher uses are deleted together with their booking.
                `Ticket.booking_id` is on delete cascade and `VoucherUse.booking_id` is on delete cascade
            Seat: When a seat is deleted, its tickets stay and lose their seat.
                `Ticket.seat_id` is on delete set null
            Ticket: The number of tickets that are not voided of a show shall never exceed its places
                the number of rows of one show_id where not (voided_at is present) <= its places
            Ticket: Tickets are only added while their booking is held
                beside booking_id: status = 'held'
            Ticket: tickets must not be added for a called off show
                beside show_id: not (status = 'called_off')
            Ticket: The tickets of a show never exceed its places; voided tickets do not count
                the number of rows of one show_id where not (voided_at is present) <= its places
            Show: The places of a show may be lowered.
                nothing that rows are held to
        "#]],
    );
}

#[test]
fn what_moves_and_what_is_counted() {
    check(
        &[
            ("Seat", "Section, row label and number together are unique per venue"),
            ("Seat", "A seat never moves to another venue"),
            (
                "Show",
                "Shows in the same venue must not overlap, counted from `doors_at` to `ends_at`. The doors may open at the moment another show ends. Called off shows do not count",
            ),
            ("Booking", "The total of a booking never changes after the booking has left `held`"),
            ("Booking", "Only held bookings can be deleted"),
            ("Booking", "Confirmed bookings are never deleted"),
            ("Booking", "The payer of a booking is never the customer who checked it"),
            ("Ticket", "The price of a ticket shall not be negative and shall not exceed 500"),
            ("Payment", "The charges of a booking never exceed its total"),
            ("Voucher", "A voucher shall be used at most 100 times in all"),
            (
                "VoucherUse",
                "A voucher is never used more than `max_uses` times, and `max_uses` is never lowered below its uses",
            ),
        ],
        &expect![[r#"
            Seat: Section, row label and number together are unique per venue
                unique (venue_id, section, row_label, number)
            Seat: A seat never moves to another venue
                stays: [venue_id]
            Show: Shows in the same venue must not overlap, counted from `doors_at` to `ends_at`. The doors may open at the moment another show ends. Called off shows do not count
                no two rows of one venue_id overlap from doors_at to ends_at where not (status = 'called_off')
            Booking: The total of a booking never changes after the booking has left `held`
                stays: [total] in confirmed, expired
            Booking: Only held bookings can be deleted
                stays: [] kept in confirmed, expired
            Booking: Confirmed bookings are never deleted
                stays: [] kept in confirmed
            Booking: The payer of a booking is never the customer who checked it
                paid_by <> checked_by
            Ticket: The price of a ticket shall not be negative and shall not exceed 500
                price >= 0 and price <= 500
            Payment: The charges of a booking never exceed its total
                the sum of amount over the rows of one booking_id where kind = 'charge' <= its total
            VoucherUse: A voucher shall be used at most 100 times in all
                the number of rows of one voucher_id <= 100
            VoucherUse: A voucher is never used more than `max_uses` times, and `max_uses` is never lowered below its uses
                the number of rows of one voucher_id <= its max_uses
        "#]],
    );
}

/// One word more than is understood leaves a sentence a question.
#[test]
fn what_stays_a_question() {
    check(
        &[
            (
                "Show",
                "The system shall not allow two shows in the same venue to overlap on weekends.",
            ),
            ("Seat", "A seat never moves to another planet"),
            ("Booking", "The total never changes after the customer has left `held`"),
            ("Booking", "Its seats are deleted together with it."),
            ("Voucher", "A voucher shall be used at most 100 metres away"),
            ("Payment", "The gifts of a booking never exceed its total"),
        ],
        &expect![[r#"
            Show: two shows in the same venue must not overlap on weekends
                a question
            Seat: A seat never moves to another planet
                a question
            Booking: The total never changes after the customer has left `held`
                a question
            Booking: Its seats are deleted together with it.
                a question
            Voucher: A voucher shall be used at most 100 metres away
                a question
            Payment: The gifts of a booking never exceed its total
                a question
        "#]],
    );
}
