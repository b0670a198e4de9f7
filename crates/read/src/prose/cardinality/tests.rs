//! Sentences that count, and those that count nothing.

use super::*;
use crate::prose::noun::entity_name;
use crate::prose::tag::tag;
use expect_test::{Expect, expect};

fn check(text: &str, expected: &Expect) {
    let found: Vec<String> = find(&tag(text))
        .iter()
        .map(|it| {
            format!(
                "{} {} {}",
                entity_name(&it.one.noun),
                it.cardinality,
                entity_name(&it.many.noun)
            )
        })
        .collect();
    expected.assert_eq(&found.join("; "));
}

#[test]
fn sentences_that_count() {
    check("An order contains at least one line.", &expect!["Order 1:N Line"]);
    check("A tank belongs to a company.", &expect!["Company 1:N Tank"]);
    check("A tank is assigned to a status.", &expect![""]);
    check("A supplier offers one or more items", &expect!["Supplier 1:N Item"]);
    check("a branch may have several queues", &expect!["Branch 1:N Queue"]);
    check("Users can create multiple boards.", &expect!["User 1:N Board"]);
    check(
        "allow a business to create and manage multiple branches",
        &expect!["Business 1:N Branch"],
    );
    check("creation of multiple FIFO queues within a branch", &expect!["Branch 1:N FIFO Queue"]);
    check("Each booking belongs to exactly one slot", &expect!["Slot 1:N Booking"]);
    check("A student can be linked to many courses", &expect!["Student N:M Course"]);
    check("The system shall attribute tickets to staff when served.", &expect!["Staff 1:N Ticket"]);
    check(
        "isolate queues, settings, and staff per branch",
        &expect!["Branch 1:N Queue; Branch 1:N Setting; Branch 1:N Staff"],
    );
    check("A loan is for one copy and one member.", &expect!["Copy 1:N Loan; Member 1:N Loan"]);
    check("There are several copies of each book", &expect!["Book 1:N Copy"]);
    check("Pupils have a name and one or two guardians.", &expect!["Pupil 1:N Guardian"]);
    check("Vets work at one location.", &expect!["Location 1:N Vet"]);
    check(
        "An appointment is made for one animal with one vet.",
        &expect!["Animal 1:N Appointment; Vet 1:N Appointment"],
    );
    check("The `CashCollector` has a list of tasks", &expect!["CashCollector 1:N Task"]);
}

#[test]
fn sentences_that_count_nothing() {
    check("The system supports multiple languages", &expect![""]);
    check("A user has a list of names", &expect![""]);
    check("Users can sign in with multiple devices", &expect![""]);
    check("The page shows several charts", &expect![""]);
    check("A loan is renewed once within one week of its date.", &expect![""]);
    check("Managers work on one branch at a time.", &expect![""]);
}

#[test]
fn a_number_counts_what_a_sentence_says_there_are_several_of() {
    crate::notation::check(
        "# Booking\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| guests | int |\n\nEvery booking has at least one guest.\n",
        &expect![[r#"
            1 field-table  entity Booking
            5 field-table  field Booking.id uuid
            6 field-table  field Booking.guests int
            8 prose-cardinality  rule Booking.guests: >= 1
        "#]],
    );
}
