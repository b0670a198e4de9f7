//! What a full-text index holds, under a heading such as "Search Index": the fields that a search
//! looks into, and which rows it leaves out.

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::{code_spans, is_identifier, lower_words};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, query_phrase};

pub(super) const DOC: &str =
    "The columns of a full-text index under a heading such as \"Search Index\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let Some(section) = block.section else { continue };
        if !is_topic(document.title(section)) {
            continue;
        }
        let columns: Vec<String> = match &block.kind {
            BlockKind::Code(code) if matches!(code.language.as_str(), "" | "text" | "txt") => {
                code.text.lines().map(|line| line.trim().to_owned()).collect()
            }
            BlockKind::List(list) => {
                list.items.iter().map(|item| column(&item.content.text)).collect()
            }
            BlockKind::Code(_) | BlockKind::Paragraph(_) | BlockKind::Table(_) => continue,
        };
        let columns: Vec<&str> =
            columns.iter().map(String::as_str).filter(|column| !column.is_empty()).collect();
        if columns.len() < 2 || !columns.iter().all(|column| is_identifier(column)) {
            continue;
        }
        let Some(entity) = owner(&columns, out) else { continue };
        let mut pattern =
            query_phrase::empty(&document.title(section).to_lowercase(), AccessKind::Read);
        // A search may hit in any of them.
        let fields = columns.iter().filter_map(|column| out.field(&entity, column));
        pattern.filter.extend(fields.map(|field| FilterFact {
            field: field.to_owned(),
            operator: FilterOperator::Search,
            optional: true,
        }));
        let of_section = |block: &&crate::document::Block| block.section == Some(section);
        for near in document.blocks[index..].iter().take_while(of_section) {
            let BlockKind::Paragraph(inline) = &near.kind else { continue };
            pattern.filter.extend(left_out(&inline.text));
        }
        pattern.entity = Some(entity);
        let span = document.span(block.range.clone());
        out.infer(
            document,
            span,
            Fact::AccessPattern(pattern),
            "a search index holds these fields",
        );
    }
}

fn is_topic(title: &str) -> bool {
    let words = lower_words(title);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    words.len() <= 5
        && (has(&["search"]) && has(&["index", "indexes", "indices", "fts", "text"])
            || has(&["fts", "fts5"]))
}

fn column(text: &str) -> String {
    code_spans(text).first().map_or_else(|| text.trim(), |span| *span).to_owned()
}

/// The one entity that has most of the columns, and at least two.
fn owner(columns: &[&str], out: &Output) -> Option<String> {
    let (entity, _) = out.owner_of_most(columns, false).filter(|(_, count)| *count >= 2)?;
    out.known.get(entity).map(str::to_owned)
}

/// "Search queries filter deleted files", "excludes archived documents": what is left out.
fn left_out(text: &str) -> Option<FilterFact> {
    let words = lower_words(text);
    let at = words.iter().position(|word| {
        matches!(
            word.trim_end_matches('s'),
            "filter" | "exclude" | "skip" | "hide" | "omit" | "ignore"
        )
    })?;
    let word = words[at + 1..].iter().find(|word| *word != "out" && *word != "the")?;
    let says_state = matches!(
        word.as_str(),
        "deleted" | "archived" | "hidden" | "disabled" | "blocked" | "expired" | "trashed"
    );
    says_state.then(|| FilterFact {
        field: word.to_string(),
        operator: FilterOperator::Constant("false".to_owned()),
        optional: false,
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODEL: &str = "# File\n| Field | Type |\n|-|-|\n| id | int |\n| title | text |\n| body | text |\n| is_deleted | boolean |\n# Tag\n| Field | Type |\n|-|-|\n| id | int |\n| title | text |\n";

    #[test]
    fn the_columns_of_a_search_index_and_what_it_leaves_out() {
        check(
            &format!(
                "{MODEL}# Search Index\nThe index stores:\n\n```txt\nfile_id\ntitle\nbody\n```\n\nSearches filter deleted files.\n"
            ),
            &expect![[r#"
                1 field-table  entity File
                4 field-table  field File.id int
                5 field-table  field File.title text
                6 field-table  field File.body text
                7 field-table  field File.is_deleted boolean
                8 field-table  entity Tag
                11 field-table  field Tag.id int
                12 field-table  field Tag.title text
                16 search-index  read "search index" of File by title search if given, body search if given, deleted = false [inferred: a search index holds these fields]
                22 prose-rule-sentence  rule *: Searches filter deleted files [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn neither_columns_of_no_entity_nor_of_several() {
        check(
            &format!(
                "{MODEL}# Search Index\n- `id`\n- `title`\n# Search results\n```\ntitle\nbody\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity File
                4 field-table  field File.id int
                5 field-table  field File.title text
                6 field-table  field File.body text
                7 field-table  field File.is_deleted boolean
                8 field-table  entity Tag
                11 field-table  field Tag.id int
                12 field-table  field Tag.title text
            "#]],
        );
    }
}
