//! "Once it is active" and "after it was paid": what holds from a state on, and not in that state alone.

use super::parsed::value_of;
use crate::{EntityId, Expression, FieldId, Literal, Model};

/// A condition that names states, with all that a row comes to by way of them only; any other condition as it is.
pub(super) fn from_then_on(
    model: &Model,
    entity: EntityId,
    condition: Expression<FieldId>,
) -> Expression<FieldId> {
    let Some((field, named)) = states(&condition) else { return condition };
    let all = and_beyond(model, entity, field, named.clone());
    if all.len() <= named.len() {
        return condition;
    }
    let all = all.into_iter().map(Literal::Text).collect();
    Expression::OneOf(Box::new(Expression::Field(field)), all)
}

/// The field and the values that a condition allows it.
fn states(condition: &Expression<FieldId>) -> Option<(FieldId, Vec<String>)> {
    if let Some((field, value)) = value_of(condition) {
        return Some((field, vec![value.to_owned()]));
    }
    let Expression::OneOf(field, values) = condition else { return None };
    let Expression::Field(field) = **field else { return None };
    let texts = values.iter().map(|value| match value {
        Literal::Text(text) => Some(text.clone()),
        Literal::Integer(_)
        | Literal::Decimal(_)
        | Literal::Boolean(_)
        | Literal::Now
        | Literal::Today
        | Literal::Duration(_) => None,
    });
    Some((field, texts.collect::<Option<_>>()?))
}

/// Some states of a life cycle, and all that a row comes to by way of them only.
pub(super) fn and_beyond(
    model: &Model,
    entity: EntityId,
    field: FieldId,
    named: Vec<String>,
) -> Vec<String> {
    let Some(life) = model.lifecycles.iter().find(|it| it.entity == entity && it.field == field)
    else {
        return named;
    };
    let reached = |from: Vec<String>, barred: &[String]| {
        let mut reached = from;
        let mut at = 0;
        while let Some(state) = reached.get(at).cloned() {
            for step in life.transitions.iter().filter(|step| step.from == state) {
                if !reached.contains(&step.to) && !barred.contains(&step.to) {
                    reached.push(step.to.clone());
                }
            }
            at += 1;
        }
        reached
    };
    let is_led_to = |state: &&String| life.transitions.iter().any(|step| step.to == **state);
    let births =
        life.states.iter().filter(|it| life.initial.as_ref() == Some(it) || !is_led_to(it));
    let before: Vec<String> = births.filter(|it| !named.contains(it)).cloned().collect();
    let otherwise = reached(before, &named);
    let mut all = reached(named, &[]);
    all.retain(|state| !otherwise.contains(state));
    all
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_of;
    use crate::test_support::Facts;
    use expect_test::expect;

    /// A loan that may be refused before it is active.
    fn loan() -> Facts {
        let steps = [
            ("draft", "active"),
            ("draft", "refused"),
            ("active", "closed"),
            ("active", "frozen"),
            ("frozen", "refused"),
        ];
        let loan = Facts::default()
            .entity("Loan")
            .field("Loan", "id: uuid*")
            .field("Loan", "paid_out_at: timestamp?")
            .field("Loan", "status: enum(draft, active, frozen, closed, refused)!");
        steps.into_iter().fold(loan, |loan, (from, to)| loan.transition("Loan", from, to))
    }

    #[test]
    fn from_a_state_on() {
        check_of(
            loan(),
            &[
                ("Loan", "A loan must have a paid_out_at once active"),
                ("Loan", "paid_out_at is required once the loan is frozen"),
                ("Loan", "Once it is closed, paid_out_at must be set"),
                ("Loan", "paid_out_at is required when the loan is active"),
            ],
            &expect![[r#"
                rule "A loan must have a paid_out_at once active": if status in ('active', 'closed', 'frozen') then paid_out_at is present
                rule "paid_out_at is required once the loan is frozen": if status = 'frozen' then paid_out_at is present
                rule "Once it is closed, paid_out_at must be set": if status = 'closed' then paid_out_at is present
                rule "paid_out_at is required when the loan is active": if status = 'active' then paid_out_at is present
            "#]],
        );
    }
}
