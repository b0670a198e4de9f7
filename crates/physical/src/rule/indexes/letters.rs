//! Searches for letters anywhere in a text (`name ILIKE '%x%'`), which neither a b-tree nor an index of words finds: an index of
//! all groups of three letters does, of extension `pg_trgm` (manual, section F.35). It comes with PostgreSQL, is trusted, and
//! managed services have it.

use underpin_model::Pattern;
use underpin_pg::{Expr, Ident, Index};

use super::candidate::CandidateColumn;
use crate::PhysicalDesign;
use crate::names::ident;

const CLASS: &str = "gin_trgm_ops";

/// The operator class for a pattern whose SQL looks for letters; nothing where it asks for words.
pub(super) fn class(pattern: &Pattern) -> Option<Ident> {
    let sql = pattern.sql.as_ref()?.to_lowercase();
    let mut words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let asks = words.any(|word| word == "like" || word == "ilike") && !sql.contains("@@");
    asks.then(|| ident(CLASS))
}

/// The operator class for letters anywhere in a text.
pub(super) fn any_part() -> Ident {
    ident(CLASS)
}

/// The part of an index that finds what begins alike, whatever the case: letter by letter, since most collations look at all
/// letters before they look at one (manual, section 11.10).
pub(super) fn beginning(name: Ident) -> CandidateColumn {
    let expression = Some(Expr::lower(Expr::Column(name.clone())));
    let operator_class = Some(ident("text_pattern_ops"));
    CandidateColumn { name, expression, operator_class, descending: false }
}

/// What the index takes besides.
pub(super) fn extend(design: &mut PhysicalDesign, index: &Index) {
    let is_of_letters = |class: &Ident| class.as_str() == CLASS;
    if index.columns.iter().filter_map(|it| it.operator_class.as_ref()).any(is_of_letters) {
        design.schema.extensions.insert(ident("pg_trgm"));
    }
}

#[cfg(test)]
mod tests {
    fn indexes(sql: &str) -> (Vec<String>, usize) {
        let document = format!(
            "## Product\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | name | string(80) | | yes |\n\n## Access patterns\n\n\
             ### Find products by a part of their name\n\n```sql\n{sql}\n```\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let all = design.schema.indexes.values();
        let shown =
            |index: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(index.clone()).to_string();
        (all.map(shown).collect(), design.schema.extensions.len())
    }

    #[test]
    fn letters_anywhere_are_found_by_groups_of_three() {
        let (indexes, extensions) =
            indexes("SELECT id, name FROM products WHERE name ILIKE '%' || $1 || '%'");
        assert_eq!(
            indexes,
            ["CREATE INDEX products_name_idx ON public.products USING gin (name gin_trgm_ops)"]
        );
        assert_eq!(extensions, 1);
    }

    /// The statement of a query in words, and its index.
    fn asked(query: &str, rows: &str) -> (String, Vec<String>) {
        let document = format!(
            "## Product\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | name | string(80) | unique | yes |\n\n## Access patterns\n\n- {query}\n\n## Volumes\n\n- Product: {rows} rows\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let statement = design.queries[0].statement.as_ref().expect("a statement").to_string();
        let all = design.schema.indexes.values();
        let shown =
            |index: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(index.clone()).to_string();
        (statement.replace('\n', " "), all.map(shown).collect())
    }

    #[test]
    fn what_begins_alike_is_found_by_its_letters() {
        let (statement, indexes) = asked("autocomplete products by name", "100,000");
        assert_eq!(
            statement,
            "SELECT id, name FROM public.products WHERE lower(name) ~>=~ lower($1) AND lower(name) ~<~ (lower($1) || chr(1114111))"
        );
        assert_eq!(
            indexes,
            ["CREATE INDEX products_name_idx ON public.products (lower(name) text_pattern_ops)"]
        );
        // The key finds the whole of a name, and nothing that begins with a part of it.
        let (statement, indexes) = asked("get product by name", "100,000");
        assert_eq!(statement, "SELECT id, name FROM public.products WHERE name = $1");
        assert!(indexes.is_empty());
    }

    #[test]
    fn letters_anywhere_are_worth_an_index_in_many_rows() {
        let (statement, indexes) = asked("find products containing text in name", "100,000");
        assert_eq!(
            statement,
            "SELECT id, name FROM public.products WHERE name ILIKE ('%' || $1) || '%'"
        );
        assert_eq!(
            indexes,
            ["CREATE INDEX products_name_idx ON public.products USING gin (name gin_trgm_ops)"]
        );
        assert!(asked("find products containing text in name", "10,000").1.is_empty());
    }

    #[test]
    fn words_take_no_extension() {
        let sql = "SELECT id FROM products WHERE to_tsvector('simple', name) @@ plainto_tsquery('simple', $1)";
        assert_eq!(indexes(sql).1, 0);
    }
}
