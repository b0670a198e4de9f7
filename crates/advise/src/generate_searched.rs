//! Indexes for conditions that no b-tree of its type's order serves: what contains something, what is in a text, what
//! overlaps. HypoPG knows none of them but the b-tree of characters, so that they are made to be tried.

use underpin_pg::Method;

use crate::condition::Searched;
use crate::facts::{Facts, TableFacts};
use crate::needs::{Need, Needs};
use crate::spec::{Indexed, KeyPart, Spec};

/// The indexes that could serve what a need searches.
pub(crate) fn searched(need: &Need, facts: &Facts, add: &mut impl FnMut(Spec)) {
    let table = &facts.tables[need.table];
    for what in &need.searched {
        for (method, class) in methods(what, table, facts.settings.has_trigrams) {
            let number = what.column.as_ref().and_then(|name| table.column(name));
            let key = match number {
                Some(number) => Indexed::Column(number),
                None => Indexed::Expression(what.text.clone()),
            };
            add(Spec {
                keys: vec![KeyPart { what: key, descending: false }],
                method,
                class,
                ..Spec::btree(need.table, &[])
            });
        }
    }
}

/// Whether an index that has to be made to be tried could serve a statement.
pub fn wants_made(needs: &Needs, facts: &Facts) -> bool {
    let mut is_any = false;
    for need in needs {
        searched(need, facts, &mut |_| is_any = true);
    }
    is_any
}

/// Methods and operator classes whose indexes know the operator (manual, sections 8.14.4, 12.9, 64 to 66, and F.35).
fn methods(
    what: &Searched,
    table: &TableFacts,
    has_trigrams: bool,
) -> Vec<(Method, Option<&'static str>)> {
    let number = what.column.as_ref().and_then(|name| table.column(name));
    let kind = number.map_or("", |number| table.columns[number].kind.as_str());
    let is_array = kind.starts_with('_');
    let is_range = kind.ends_with("range");
    let mut found = Vec::new();
    match what.operator.as_str() {
        "@@" | "@>" | "@?" if kind == "jsonb" => found.push((Method::Gin, Some("jsonb_path_ops"))),
        // Of an expression, what is searched so is a `tsvector`.
        "@@" => found.push((Method::Gin, None)),
        "?" | "?|" | "?&" if kind == "jsonb" => found.push((Method::Gin, None)),
        "@>" | "<@" | "&&" if is_array => found.push((Method::Gin, None)),
        "@>" | "<@" | "&&" if is_range || matches!(kind, "box" | "circle" | "polygon") => {
            found.push((Method::Gist, None));
        }
        "~~" | "~~*" | "~" | "~*" | "%" => {
            if what.is_anchored {
                // The order of a language is not that of characters, by which what begins alike stands together.
                let class = match kind {
                    "varchar" => "varchar_pattern_ops",
                    "bpchar" => "bpchar_pattern_ops",
                    _ => "text_pattern_ops",
                };
                found.push((Method::Btree, Some(class)));
            }
            if has_trigrams && kind != "bpchar" {
                found.push((Method::Gin, Some("gin_trgm_ops")));
            }
        }
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use underpin_pg::{Ident, QualifiedName};

    use super::*;
    use crate::facts::ColumnFacts;

    fn found(operator: &str, kind: &str, is_anchored: bool) -> Vec<String> {
        let named = |name: &str| Ident::new(name).unwrap();
        let column = ColumnFacts {
            name: named("a"),
            kind: kind.to_owned(),
            is_sortable: true,
            distinct: 0.0,
            nulls: 0.0,
            width: 8.0,
            common: Vec::new(),
            correlation: 0.0,
        };
        let table = TableFacts {
            name: QualifiedName::new(named("public"), named("t")),
            rows: 1.0,
            pages: 1.0,
            has_statistics: true,
            columns: vec![column],
            indexes: Vec::new(),
        };
        let what = Searched {
            column: Some("a".to_owned()),
            text: "a".to_owned(),
            operator: operator.to_owned(),
            is_anchored,
        };
        let shown = |(method, class): (Method, Option<&str>)| {
            format!("{} {}", method.as_str(), class.unwrap_or_default()).trim().to_owned()
        };
        methods(&what, &table, true).into_iter().map(shown).collect()
    }

    #[test]
    fn each_operator_has_its_methods() {
        assert_eq!(found("@>", "_text", false), ["gin"]);
        assert_eq!(found("@>", "jsonb", false), ["gin jsonb_path_ops"]);
        assert_eq!(found("?", "jsonb", false), ["gin"]);
        assert_eq!(found("&&", "tstzrange", false), ["gist"]);
        assert_eq!(found("@@", "tsvector", false), ["gin"]);
        assert_eq!(found("~~*", "text", false), ["gin gin_trgm_ops"]);
        let anchored = found("~~", "varchar", true);
        assert_eq!(anchored, ["btree varchar_pattern_ops", "gin gin_trgm_ops"]);
        // A whole number contains nothing.
        assert_eq!(found("@>", "int4", false), [""; 0]);
    }
}
