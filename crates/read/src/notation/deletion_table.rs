//! Tables of what the deletion of a row does to the rows that refer to it.

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::field_table::mark_header;
use crate::words::{code_spans, lower_words, unquote};
use crate::{Fact, RelationshipFact};

pub(super) const DOC: &str =
    "A table with the entity that is deleted, the rows that refer to it, and the effect.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let headers: Vec<String> =
            table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
        let at = |list: &[&str]| headers.iter().position(|header| list.contains(&header.as_str()));
        let parent = at(&[
            "deleted",
            "parent",
            "when deleted",
            "deleting",
            "deleted entity",
            "parent entity",
            "on delete of",
            "parent table",
        ]);
        let child = at(&[
            "other rows",
            "child",
            "children",
            "referring rows",
            "dependent",
            "dependents",
            "affected",
            "child entity",
            "child table",
            "rows",
            "related",
        ]);
        let effect = at(&[
            "effect",
            "action",
            "on delete",
            "behavior",
            "behaviour",
            "cascade",
            "rule",
            "cascade behavior",
            "cascade behaviour",
            "on delete action",
        ]);
        let (Some(parent), Some(child), Some(effect)) = (parent, child, effect) else { continue };
        let mut any = false;
        for row in &table.rows {
            let known = |column: usize| out.known.get(unquote(row.text(column))).map(str::to_owned);
            let (Some(from), Some(to), Some(action)) =
                (known(parent), known(child), action(row.text(effect)))
            else {
                continue;
            };
            let fact = Fact::Relationship(RelationshipFact {
                from,
                to,
                cardinality: None,
                from_required: None,
                to_required: None,
                on_delete: Some(action.to_owned()),
                through: None,
                label: None,
            });
            out.state(document, document.span(row.range.clone()), fact);
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

/// The action that plain words mean.
fn action(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words = lower_words(text);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if lower.contains("set null")
        || says(&["cleared", "nulled", "emptied", "unset"])
        || lower.contains("becomes null")
    {
        Some("set null")
    } else if says(&[
        "refused",
        "restrict",
        "restricted",
        "blocked",
        "forbidden",
        "prevented",
        "denied",
        "rejected",
    ]) || lower.contains("cannot be deleted")
    {
        Some("restrict")
    } else if says(&["cascade", "cascades", "cascaded"])
        || says(&["deleted", "removed", "delete"]) && !says(&["not"]) && code_spans(text).is_empty()
    {
        Some("cascade")
    } else if lower.contains("no action") {
        Some("no action")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn effects() {
        check(
            "| Entity | Purpose |\n|-|-|\n| User | a |\n| Order | b |\n\n| Deleted | Other rows | Effect |\n|-|-|-|\n| User | Order | Refused while there are any |\n| Order | User | `x` is cleared |\n| Order | Order | Deleted too |\n",
            &expect![[r#"
                3 entity-list  entity User -- a
                4 entity-list  entity Order -- b
                8 deletion-table  relationship User ? Order on delete restrict
                9 deletion-table  relationship Order ? User on delete set null
                10 deletion-table  relationship Order ? Order on delete cascade
            "#]],
        );
    }
}
