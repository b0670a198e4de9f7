//! Steps that a sentence lists as pairs of states: "Allowed changes of status: DRAFT to OPEN, OPEN to CLOSED". The values of
//! one field, and nothing else, stand on both sides of each "to".

use super::clause::Clause;
use crate::Fact;
use crate::document::Document;
use crate::lifecycle::by_values;
use crate::notation::Output;
use crate::words::unquote;

/// States the steps of such lists, where the states are the values of one field.
pub(super) fn read(document: &Document<'_>, clauses: &[Clause], out: &mut Output) {
    for clause in clauses.iter().filter(|clause| !clause.denies) {
        let Some(pairs) = pairs(&clause.text) else { continue };
        let states: Vec<&str> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let Some(holder) = by_values(&states, out) else { continue };
        let span = document.span(clause.range.clone());
        for (from, to) in &pairs {
            let fact = Fact::Transition {
                entity: holder.entity.clone(),
                field: holder.field.clone(),
                from: (*from).to_owned(),
                to: (*to).to_owned(),
                on: None,
            };
            out.state(document, span, fact);
        }
    }
}

/// The pairs of a list, at least two, in which nothing else stands.
fn pairs(text: &str) -> Option<Vec<(&str, &str)>> {
    let list = text.rsplit_once(": ").map_or(text, |(_, list)| list).trim();
    let parts = list.trim_end_matches(['.', ';']).split([',', ';']);
    let parts = parts.flat_map(|part| part.split(" and ")).map(str::trim);
    let found = parts.filter(|part| !part.is_empty()).map(pair).collect::<Option<Vec<_>>>()?;
    (found.len() > 1).then_some(found)
}

/// "DRAFT to OPEN", "from `draft` to `open`".
fn pair(part: &str) -> Option<(&str, &str)> {
    let (from, to) = part.split_once(" to ")?;
    let from = from.trim_start_matches("and ").trim_start_matches("from ");
    let is_state = |it: &str| !it.is_empty() && it.split(' ').count() <= 2;
    let (from, to) = (unquote(from.trim()), unquote(to.trim()));
    (is_state(from) && is_state(to)).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn pairs_of_the_values_of_a_field() {
        let table = "# Ferry\n\n## Ticket\n\n| Field | Type | Values |\n|-|-|-|\n| id | uuid | |\n| status | enum | NEW, SOLD, USED |\n\n## Rules\n\n";
        check(
            &format!(
                "{table}- Permitted changes of status: NEW to SOLD, SOLD to USED and SOLD to NEW. USED is final.\n"
            ),
            &expect![[r#"
                3 field-table  entity Ticket
                7 field-table  field Ticket.id uuid
                8 field-table  field Ticket.status enum [NEW | SOLD | USED]
                12 prose-lifecycle  transition Ticket.status: NEW -> SOLD
                12 prose-lifecycle  transition Ticket.status: SOLD -> USED
                12 prose-lifecycle  transition Ticket.status: SOLD -> NEW
            "#]],
        );
        // A change of anything else, and a list that names more than states.
        check(
            &format!(
                "{table}- Permitted changes of plan: RED to BLUE, BLUE to GREEN.\n- The ferry goes from NEW to SOLD, and then we eat.\n"
            ),
            &expect![[r#"
                3 field-table  entity Ticket
                7 field-table  field Ticket.id uuid
                8 field-table  field Ticket.status enum [NEW | SOLD | USED]
                12 rule-bullets  rule *: Permitted changes of plan: RED to BLUE, BLUE to GREEN
                13 rule-bullets  rule *: The ferry goes from NEW to SOLD, and then we eat
            "#]],
        );
    }
}
