//! What parsed sentences become, and which stay questions.

use expect_test::{Expect, expect};

use crate::model_text;
use crate::test_support::Facts;

fn desk() -> Facts {
    Facts::default()
        .entity("Employee")
        .field("Employee", "id: uuid*")
        .field("Employee", "badge: text!")
        .field("Employee", "terminated_on: date?")
        .field("Employee", "status: enum(active, terminated)!")
        .entity("Plan")
        .field("Plan", "id: uuid*")
        .field("Plan", "slug: text!")
        .field("Plan", "monthly_price: decimal(12,2)!")
        .field("Plan", "yearly_price: decimal(12,2)!")
        .field("Plan", "max_seats: int?")
        .field("Plan", "published: boolean!")
        .entity("Leave Request")
        .field("Leave Request", "id: uuid*")
        .field("Leave Request", "employee_id: uuid! -> Employee")
        .field("Leave Request", "approver_id: uuid? -> Employee")
        .field("Leave Request", "number: int!")
        .field("Leave Request", "starts_on: date!")
        .field("Leave Request", "ends_on: date!")
        .field("Leave Request", "decided_on: date?")
        .field("Leave Request", "extensions: int!")
        .field("Leave Request", "doctor_note: text?")
        .field("Leave Request", "rejection_reason: text?")
        .field("Leave Request", "kind: enum(vacation, sick, unpaid)!")
        .field("Leave Request", "urgent: boolean!")
        .field("Leave Request", "status: enum(draft, submitted, approved, rejected)!")
        .transition("Leave Request", "draft", "submitted")
        .transition("Leave Request", "submitted", "approved")
        .transition("Leave Request", "submitted", "rejected")
}

fn check(rules: &[(&str, &str)], expect: &Expect) {
    let facts = rules.iter().fold(desk(), |facts, (entity, rule)| facts.rule(entity, rule));
    let (model, sources) = facts.build();
    let kept = |rule: &crate::Rule| {
        crate::permanence(&model, rule.entity, rule.field, &rule.text).map(|it| {
            let names: Vec<&str> = it.fields.iter().map(|&id| &*model.field(id).name).collect();
            let states = it.states.map(|(_, states)| states.join(", ")).unwrap_or_default();
            format!("stays: [{}] kept {} in [{states}]", names.join(", "), it.is_kept)
        })
    };
    let lines: Vec<String> = model
        .rules
        .iter()
        .map(|rule| {
            let text = model_text(&model, &sources);
            let line = text.lines().find(|it| it.contains(&format!("rule \"{}\"", rule.text)));
            let line = line.unwrap_or_default().trim().trim_start_matches("rule ");
            let line = line.split("  # ").next().unwrap_or_default();
            match kept(rule).filter(|_| line.ends_with("as text only")) {
                Some(kept) => line.replace("as text only", &kept),
                None => line.to_owned(),
            }
        })
        .collect();
    expect.assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn each_kind_of_rule() {
    check(
        &[
            ("Leave Request", "A request that has been approved shows who approved it"),
            ("Leave Request", "A rejected request has to carry a reason"),
            ("Leave Request", "A rejected request gives a reason"),
            ("Leave Request", "Without a reason, a request may not be rejected"),
            ("Leave Request", "Only requests that are rejected may have a rejection reason"),
            ("Leave Request", "A doctor's note is required unless it is vacation"),
            ("Leave Request", "The doctor's note is only allowed for sick leave"),
            ("Employee", "Terminated employees must have a termination date; others must not"),
            ("Leave Request", "The end of a leave may not lie before its start"),
            ("Leave Request", "A request must end on or after the day it starts"),
            ("Leave Request", "A leave request can be extended no more than twice"),
            ("Plan", "The yearly price must be less than twelve times the monthly price"),
            ("Plan", "If there is a seat limit, it must be positive"),
            ("Leave Request", "Employees may not approve their own leave"),
            ("Plan", "A plan's slug may not be used by any other plan"),
            ("Employee", "No badge is ever issued twice"),
            ("Leave Request", "Numbers are unique within an employee"),
            ("Leave Request", "Within an employee, no two requests share the same number"),
            ("Leave Request", "An employee may have only one submitted request at a time"),
            ("Leave Request", "Two requests of one employee must never overlap"),
            ("Leave Request", "It is forbidden to submit an approved request"),
            ("Leave Request", "Only submitted requests can be approved"),
            ("Plan", "Once published, the price is fixed"),
            ("Leave Request", "Approved requests are read-only"),
            ("Leave Request", "Neither the number nor the kind of a request may be changed"),
            (
                "Leave Request",
                "The kind and the dates of a request can be changed only while it is submitted",
            ),
            (
                "Leave Request",
                "Given a request that is approved, when somebody tries to change its dates, then that is refused",
            ),
        ],
        &expect![[r#"
            "A request that has been approved shows who approved it": if status = 'approved' then approver_id is present
            "A rejected request has to carry a reason": if status = 'rejected' then rejection_reason is present
            "A rejected request gives a reason": if status = 'rejected' then rejection_reason is present
            "Without a reason, a request may not be rejected": if status = 'rejected' then rejection_reason is present
            "Only requests that are rejected may have a rejection reason": if rejection_reason is present then status = 'rejected'
            "A doctor's note is required unless it is vacation": if not (kind = 'vacation') then doctor_note is present
            "The doctor's note is only allowed for sick leave": if doctor_note is present then kind = 'sick'
            "Terminated employees must have a termination date; others must not": (if status = 'terminated' then terminated_on is present) and (if terminated_on is present then status = 'terminated')
            "The end of a leave may not lie before its start": ends_on >= starts_on
            "A request must end on or after the day it starts": ends_on >= starts_on
            "A leave request can be extended no more than twice": extensions <= 2
            "The yearly price must be less than twelve times the monthly price": yearly_price < (12 * monthly_price)
            "If there is a seat limit, it must be positive": max_seats > 0
            "Employees may not approve their own leave": approver_id <> employee_id
            "A plan's slug may not be used by any other plan" became unique (slug)
            "No badge is ever issued twice" became unique (badge)
            "Numbers are unique within an employee" became unique (employee_id, number)
            "Within an employee, no two requests share the same number" became unique (employee_id, number)
            "An employee may have only one submitted request at a time" became unique (employee_id) where status = 'submitted'
            "Two requests of one employee must never overlap": no two rows of one employee_id overlap from starts_on to ends_on
            "It is forbidden to submit an approved request" became none of the 3 transitions of the life cycle leads there
            "Only submitted requests can be approved" became none of the 3 transitions of the life cycle leads there
            "Once published, the price is fixed" stays: [monthly_price, yearly_price] kept false in [true]
            "Approved requests are read-only" stays: [] kept false in [approved]
            "Neither the number nor the kind of a request may be changed" stays: [number, kind] kept false in []
            "The kind and the dates of a request can be changed only while it is submitted" stays: [kind, starts_on, ends_on] kept false in [draft, approved, rejected]
            "Given a request that is approved, when somebody tries to change its dates, then that is refused" stays: [starts_on, ends_on] kept false in [approved]
        "#]],
    );
}

#[test]
fn what_is_no_rule_of_the_values_stays_a_question() {
    check(
        &[
            ("Leave Request", "Managers may approve requests"),
            ("Leave Request", "A request may end after it starts"),
            ("Leave Request", "The number may be used again"),
            ("Leave Request", "A request need not have a doctor's note"),
            ("Leave Request", "The end does not have to be later than the start"),
            ("Leave Request", "Requests should be short"),
            ("Leave Request", "The price must be lower than the start"),
            ("Leave Request", "A submitted request may not be approved"),
            ("Leave Request", "Approved requests cannot be deleted"),
            ("Leave Request", "A rejected request has to carry a good reason"),
            ("Leave Request", "A doctor's note is required for children"),
            ("Leave Request", "A request may be rejected without a reason"),
            ("Leave Request", "A doctor's note is required only for sick leave"),
            ("Employee", "An employee must be at least 16 years old"),
            ("Leave Request", "Vacation needs no doctor's note"),
            ("Leave Request", "A doctor's note is not required for vacation"),
            ("Plan", "Once popular, the price is fixed"),
            ("Plan", "The price must be positive"),
        ],
        &expect![[r#"
            "Managers may approve requests" became nothing that rows are held to
            "A request may end after it starts" as text only
            "The number may be used again" became nothing that rows are held to
            "A request need not have a doctor's note" as text only
            "The end does not have to be later than the start" as text only
            "Requests should be short" as text only
            "The price must be lower than the start" as text only
            "A submitted request may not be approved" as text only
            "Approved requests cannot be deleted" stays: [] kept true in [approved]
            "A rejected request has to carry a good reason" as text only
            "A doctor's note is required for children" as text only
            "A request may be rejected without a reason" as text only
            "A doctor's note is required only for sick leave" as text only
            "An employee must be at least 16 years old" as text only
            "Vacation needs no doctor's note" as text only
            "A doctor's note is not required for vacation" as text only
            "Once popular, the price is fixed" as text only
            "The price must be positive" as text only
        "#]],
    );
}

#[test]
fn until_a_state_is_before_all_that_follow_it() {
    check(
        &[
            ("Leave Request", "The approver is empty until the leave request is submitted"),
            ("Leave Request", "The decision date is empty until the leave request is approved"),
            ("Leave Request", "The employee and the approver must be different employees"),
            (
                "Leave Request",
                "The number is unique per employee, so that a repeated request is told from the first",
            ),
            ("Leave Request", "Leave requests cannot be changed and cannot be deleted"),
            (
                "Leave Request",
                "A number of an employee is given once only: employee and number are unique together",
            ),
            ("Plan", "The number of seats is at most 500"),
        ],
        &expect![[r#"
            "The approver is empty until the leave request is submitted": if status in ('draft') then not (approver_id is present)
            "The decision date is empty until the leave request is approved": if status in ('draft', 'submitted') then not (decided_on is present)
            "The employee and the approver must be different employees": employee_id <> approver_id
            "The number is unique per employee, so that a repeated request is told from the first" became unique (employee_id, number)
            "Leave requests cannot be changed and cannot be deleted" stays: [] kept true in []
            "A number of an employee is given once only: employee and number are unique together" became unique (employee_id, number)
            "The number of seats is at most 500": max_seats <= 500
        "#]],
    );
}

#[test]
fn a_reference_counts_nothing() {
    let (model, _) = Facts::default()
        .entity("Promotion")
        .field("Promotion", "id: bigint*")
        .field("Promotion", "percent_off: decimal(5,2)!")
        .entity("Redemption")
        .field("Redemption", "id: bigint*")
        .field("Redemption", "promotion_id: bigint! -> Promotion")
        .rule("Redemption", "The percentage of a promotion is greater than 0 and at most 100")
        .build();
    let of_reference = model
        .rules
        .iter()
        .filter_map(|it| it.expression.as_ref())
        .any(|it| it.fields().iter().any(|&id| model.field(id).name == "promotion_id"));
    assert!(!of_reference);
}

#[test]
fn a_sign_is_no_bullet() {
    let (model, _) = Facts::default()
        .entity("Site")
        .field("Site", "id: uuid*")
        .field("Site", "latitude: decimal(9,6)!")
        .rule("Site", "The latitude must be -90 to 90")
        .add(underpin_read::Fact::Rule {
            entity: Some("Site".to_owned()),
            field: Some("latitude".to_owned()),
            text: "-90 to 90".to_owned(),
        })
        .build();
    let said: Vec<String> = model
        .rules
        .iter()
        .filter_map(|it| {
            let name = |id: &crate::FieldId| Some(model.field(*id).name.clone());
            Some(it.expression.as_ref()?.try_map(&mut |id| name(id))?.to_string())
        })
        .collect();
    assert!(!said.is_empty());
    assert!(said.iter().all(|it| it == "latitude >= -90 and latitude <= 90"), "{said:?}");
}
