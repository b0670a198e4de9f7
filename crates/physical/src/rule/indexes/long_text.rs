//! Texts that may be longer than a b-tree takes: it refuses a row whose key is above 2,704 bytes (a third of a page, manual,
//! section 67.4), so that an index for a search would bar what a document allows to be stored. Such a column has an index of
//! hashes for `=`, one of words for a search, and none for an order.

use underpin_model::FieldKind;
use underpin_pg::Ident;

/// The longest key of a b-tree, less what stands beside the text.
const LONGEST_KEY: u32 = 2_600;
/// The bytes of the longest character in UTF-8.
const BYTES_OF_A_CHARACTER: u32 = 4;

/// Last words of the names of fields that people write whole pages into. Names, codes and addresses have no stated length in
/// most documents either, and are short all the same.
const PAGES: &[&str] = &[
    "body",
    "content",
    "contents",
    "text",
    "description",
    "notes",
    "note",
    "comment",
    "comments",
    "message",
    "bio",
    "summary",
    "markdown",
    "html",
    "transcript",
    "essay",
    "abstract",
    "article",
    "instructions",
    "remarks",
    "payload",
    "script",
];

/// Whether values may be longer than a b-tree takes.
pub(crate) fn may_be_long(column: &Ident, kind: &FieldKind) -> bool {
    let FieldKind::Text { max } = kind else { return false };
    match max {
        Some(max) => max.saturating_mul(BYTES_OF_A_CHARACTER) > LONGEST_KEY,
        None => column.as_str().rsplit('_').next().is_some_and(|last| PAGES.contains(&last)),
    }
}

#[cfg(test)]
mod tests {
    fn indexes(field: &str) -> Vec<String> {
        let (name, _) = field.split_once(' ').expect("a name and a type");
        let document = format!(
            "## Page\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n| {} | | yes |\n\n\
             ## Access patterns\n\n| Query | Kind | Entity | Filter | Frequency |\n|---|---|---|---|---|\n\
             | find page | read | Page | {name} | 5/s |\n",
            field.replacen(' ', " | ", 1)
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let shown =
            |index: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(index.clone()).to_string();
        design.schema.indexes.values().map(shown).collect()
    }

    #[test]
    fn no_b_tree_on_what_may_be_long() {
        assert_eq!(
            indexes("body text"),
            ["CREATE INDEX pages_body_idx ON public.pages USING hash (body)"]
        );
        assert_eq!(
            indexes("link string(2000)"),
            ["CREATE INDEX pages_link_idx ON public.pages USING hash (link)"]
        );
        assert_eq!(indexes("code text"), ["CREATE INDEX pages_code_idx ON public.pages (code)"]);
        assert_eq!(
            indexes("link string(200)"),
            ["CREATE INDEX pages_link_idx ON public.pages (link)"]
        );
    }
}
