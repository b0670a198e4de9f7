//! What rows are compared with: "products whose stock falls below their reorder level", "parts below
//! their minimum stock", "orders exceeding the limit".

use super::reading::Reading;
use super::vocabulary;
use crate::notation::Output;
use crate::{Bound, FilterFact, FilterOperator};

/// Longer names of fields are not looked for.
const MOST_WORDS: usize = 4;

impl Reading<'_, '_> {
    /// Fields of the entity on either side of a comparison.
    pub(super) fn compared(&mut self, entity: &str, out: &Output) {
        let from = self.head.map_or(1, |head| self.mentions[head].end);
        for at in from..self.words.len() {
            let bound = match self.words[at].lower.as_str() {
                "below" | "under" => Bound::LessThan,
                "above" | "over" | "exceeding" | "exceeds" | "beyond" => Bound::MoreThan,
                "whose" => {
                    self.one_of(entity, at + 1, FilterOperator::Range, out);
                    continue;
                }
                _ => continue,
            };
            self.one_of(entity, at + 1, FilterOperator::Bound(bound), out);
        }
    }

    /// The field that the words from a place on begin with: the longest name that is known.
    fn one_of(&mut self, entity: &str, from: usize, operator: FilterOperator, out: &Output) {
        let passed = self.words[from..].iter().take_while(|word| {
            vocabulary::is_filler(&word.lower)
                || matches!(word.lower.as_str(), "configured" | "defined" | "set")
        });
        // "current stock" may be the name of the field.
        let field = (from..=from + passed.count()).find_map(|start| {
            let most = self.words.len().min(start + MOST_WORDS);
            (start + 1..=most).rev().find_map(|end| {
                let words: Vec<&str> =
                    self.words[start..end].iter().map(|word| word.text).collect();
                out.field(entity, &words.join(" ")).map(str::to_owned)
            })
        });
        if let Some(field) = field {
            self.add(FilterFact { field, operator, optional: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const KNOWN: &str = "# Product\n| Field | Type |\n|-|-|\n| stock level | int |\n| reorder level | int |\n\n# Notes\n\n";

    #[test]
    fn both_sides_of_a_comparison_narrow_the_rows() {
        check(
            &format!(
                "{KNOWN}The system shall identify products whose stock level falls below their configured reorder level.\n\nStaff can view products above the shelf.\n"
            ),
            &expect![[r#"
                1 field-table  entity Product
                4 field-table  field Product.stock level int
                5 field-table  field Product.reorder level int
                9 query-sentence  read "identify products whose stock level falls below their configured" of Product by stock level range, reorder level < ? [inferred: a sentence asks for it]
            "#]],
        );
    }
}
