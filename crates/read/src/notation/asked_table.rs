//! Tables of who asks what: "Who | Query".

use crate::Fact;
use crate::document::{BlockKind, Document, Table};
use crate::notation::field_table::mark_header;
use crate::notation::{Output, query_list};
use crate::query_phrase::Place;
use crate::words::lower_words;

pub(super) const DOC: &str =
    "A table of who asks what, in words: \"Who | Query\", \"Actor | Needs to see\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        let columns = columns(table).filter(|_| out.is_open(document, block.range.start));
        let Some((who, query)) = columns else { continue };
        let owner = out.entity_of(document, block.section);
        let mut any = false;
        for row in &table.rows {
            let actor = Some(row.text(who).trim().to_owned()).filter(|actor| !actor.is_empty());
            let place = Place { entity: owner.clone(), actor };
            let text = row.text(query).trim();
            let Some(pattern) = query_list::pattern(text, &place, true, out) else { continue };
            let span = document.span(row.range.clone());
            out.infer(document, span, Fact::AccessPattern(pattern), "a table of queries names it");
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

/// The columns of who asks and of what is asked.
fn columns(table: &Table) -> Option<(usize, usize)> {
    let headers: Vec<String> =
        table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
    let at = |list: &[&str]| headers.iter().position(|header| list.contains(&header.as_str()));
    let who = at(&["who", "actor", "persona", "user", "role", "caller", "asked by", "who asks"])?;
    let query = at(&[
        "query",
        "queries",
        "question",
        "asks",
        "asks for",
        "what they ask",
        "what they see",
        "needs to see",
        "wants to see",
        "looks at",
        "looks up",
        "reads",
    ])?;
    (headers.len() <= 4).then_some((who, query))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn who_asks_what() {
        check(
            "## Visit\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| vet_id | uuid |\n| starts_at | timestamp |\n\n## Vet\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| name | text |\n\n## What is asked\n\n| Who | Query |\n|-|-|\n| Reception | visits of a vet in order of start |\n| Vet | my visits, newest first, 20 at a time |\n\n## Rights\n\n| Role | Reads |\n|-|-|\n| Guest | nothing |\n",
            &expect![[r#"
                1 field-table  entity Visit
                5 field-table  field Visit.id uuid
                6 field-table  field Visit.vet_id uuid
                7 field-table  field Visit.starts_at timestamp
                9 field-table  entity Vet
                13 field-table  field Vet.id uuid
                14 field-table  field Vet.name text
                20 asked-table  read "visits of a vet in order of start" of Visit by vet = ? sorted start [inferred: a table of queries names it]
                21 asked-table  read "my visits, newest first, 20 at a time" of Visit by own = ? sorted time desc limit 20 [inferred: a table of queries names it]
                25 R001 the table `Role | Reads` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
