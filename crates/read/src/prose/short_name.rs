//! Sentences that call rows by the last word of their name, where nothing else is called so: "Payments are never changed" says it
//! of lease payments.

use crate::notation::{Output, mentioned};
use crate::words::split_once_any;

/// What is never done to rows.
const DONE: &[&str] =
    &["changed", "updated", "edited", "modified", "altered", "deleted", "removed"];

/// The entity whose rows a sentence says to stay.
pub(super) fn subject(text: &str, out: &Output) -> Option<String> {
    let lower = text.to_lowercase();
    let verbs = [" are never ", " is never ", " cannot be ", " must not be "];
    let (subject, said) = split_once_any(&lower, &verbs)?;
    let first = said.split([' ', ',', '.', ';']).next()?;
    let is_short = subject.split_whitespace().count() <= 3 && said.split_whitespace().count() <= 4;
    if !DONE.contains(&first) || !is_short || !mentioned(subject, out).is_empty() {
        return None;
    }
    let noun = subject.rsplit(' ').next().filter(|noun| noun.len() > 3)?;
    out.known.ending_with(noun).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rows_called_by_their_last_word() {
        check(
            "## Lease payment\n\n- id: uuid\n- amount: integer\n\n## Open claim\n\n- id: uuid\n\n## Old claim\n\n- id: uuid\n\n## Rules\n\n### Payments\n\n- Payments are never changed and never deleted.\n- Claims are never deleted.\n- Receipts are never deleted.\n",
            &expect![[r#"
                1 bullet-fields  entity Lease payment
                3 bullet-fields  field Lease payment.id uuid
                4 bullet-fields  field Lease payment.amount integer
                6 bullet-fields  entity Open claim
                8 bullet-fields  field Open claim.id uuid
                10 bullet-fields  entity Old claim
                12 bullet-fields  field Old claim.id uuid
                18 prose-rule-sentence  rule Lease payment: Payments are never changed and never deleted
            "#]],
        );
    }
}
