//! A statement that fails unless a database holds what a schema says: for people who apply a
//! migration with their own tool and want to know that it took.

use std::fmt::{self, Write as _};

use crate::expr::quote_literal;
use crate::{QualifiedName, Schema};

/// A `DO` block that compares catalog and schema, and raises one error that lists every table,
/// column, constraint, index, function and trigger that is missing or different. It changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a>(pub &'a Schema);

/// One kind of object: a list of expected rows, and the query for those that are not there.
struct Part {
    what: &'static str,
    columns: &'static str,
    rows: Vec<String>,
    label: &'static str,
    missing: &'static str,
    /// Whether it belongs to a table.
    of_a_table: bool,
}

impl fmt::Display for Verification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = String::from(
            "\nDECLARE\n  problems text[] := '{}';\n  path text := current_setting('search_path');\n\
             BEGIN\n  -- With an empty path, format_type names every type of the user in full.\n  \
             PERFORM set_config('search_path', '', true);\n",
        );
        for part in self.parts() {
            part.write(&mut body)?;
        }
        body.push_str(
            "\n  PERFORM set_config('search_path', path, true);\n  \
             IF cardinality(problems) > 0 THEN\n    RAISE EXCEPTION USING\n      \
             ERRCODE = 'assert_failure',\n      \
             MESSAGE = format('the database is not as the migration leaves it: %s, %s in all', \
             problems[1], cardinality(problems)),\n      \
             DETAIL = array_to_string(problems, E'\\n'),\n      \
             HINT = 'Was the migration applied to this database, and has anybody changed it since?';\n  \
             END IF;\nEND\n",
        );
        let mut tag = String::from("$verify$");
        while body.contains(&tag) {
            tag.insert(tag.len() - 1, '_');
        }
        write!(f, "DO {tag}{body}{tag}")
    }
}

impl Verification<'_> {
    fn parts(self) -> Vec<Part> {
        let schema = self.0;
        let mut columns = Vec::new();
        let mut constraints = Vec::new();
        for table in schema.tables.values() {
            for column in &table.columns {
                columns.push(row(
                    &table.name,
                    &[column.name.as_str(), &column.data_type.to_string()],
                    &format!(", {}", column.not_null),
                ));
            }
            let mut constraint = |name: &str, kind: &str| {
                constraints.push(row(&table.name, &[name, kind], ""));
            };
            if let Some(key) = &table.primary_key {
                constraint(key.name.as_str(), "p");
            }
            for key in &table.uniques {
                constraint(key.name.as_str(), "u");
            }
            for check in &table.checks {
                constraint(check.name.as_str(), "c");
            }
            for exclusion in &table.exclusions {
                constraint(exclusion.name.as_str(), "x");
            }
            for key in &table.foreign_keys {
                constraint(key.name.as_str(), "f");
            }
        }
        let tables = schema.tables.keys().map(|name| row(name, &[], "")).collect();
        let indexes = schema
            .indexes
            .values()
            .map(|index| row(&index.table, &[index.name.name.as_str()], ""))
            .collect();
        let functions = schema.functions.keys().map(|name| row(name, &[], "")).collect();
        let triggers =
            schema.triggers.keys().map(|(table, name)| row(table, &[name.as_str()], "")).collect();
        vec![
            Part {
                what: "Tables",
                columns: "namespace, relation",
                rows: tables,
                label: "'table %I.%I is missing', e.namespace, e.relation",
                missing: "SELECT FROM pg_class c\n      WHERE c.relnamespace = n.oid AND c.relname = e.relation AND c.relkind IN ('r', 'p')",
                of_a_table: false,
            },
            Part {
                what: "Columns, with type and NOT NULL",
                columns: "namespace, relation, name, type, required",
                rows: columns,
                label: "'column %I.%I.%I is not there as %s%s', e.namespace, e.relation, e.name, e.type,\n      CASE WHEN e.required THEN ' NOT NULL' ELSE '' END",
                missing: "SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid\n      WHERE c.relnamespace = n.oid AND c.relname = e.relation AND a.attname = e.name\n        AND NOT a.attisdropped AND a.attnotnull = e.required\n        AND format_type(a.atttypid, a.atttypmod) = e.type",
                of_a_table: true,
            },
            Part {
                what: "Constraints, by kind",
                columns: "namespace, relation, name, kind",
                rows: constraints,
                label: "'constraint %I of %I.%I is missing or not validated', e.name, e.namespace, e.relation",
                missing: "SELECT FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid\n      WHERE c.relnamespace = n.oid AND c.relname = e.relation AND k.conname = e.name\n        AND k.contype::text = e.kind AND k.convalidated",
                of_a_table: true,
            },
            Part {
                what: "Indexes",
                columns: "namespace, relation, name",
                rows: indexes,
                label: "'index %I of %I.%I is missing or invalid', e.name, e.namespace, e.relation",
                missing: "SELECT FROM pg_class c JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid\n      WHERE c.relnamespace = n.oid AND c.relname = e.relation AND i.relname = e.name AND x.indisvalid",
                of_a_table: true,
            },
            Part {
                what: "Functions",
                columns: "namespace, name",
                rows: functions,
                label: "'function %I.%I() is missing', e.namespace, e.name",
                missing: "SELECT FROM pg_proc p\n      WHERE p.pronamespace = n.oid AND p.proname = e.name AND p.pronargs = 0",
                of_a_table: false,
            },
            Part {
                what: "Triggers",
                columns: "namespace, relation, name",
                rows: triggers,
                label: "'trigger %I of %I.%I is missing or disabled', e.name, e.namespace, e.relation",
                missing: "SELECT FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid\n      WHERE c.relnamespace = n.oid AND c.relname = e.relation AND t.tgname = e.name\n        AND t.tgenabled <> 'D'",
                of_a_table: true,
            },
        ]
    }
}

impl Part {
    fn write(&self, body: &mut String) -> fmt::Result {
        if self.rows.is_empty() {
            return Ok(());
        }
        write!(
            body,
            "\n  -- {}.\n  problems := problems || ARRAY(\n    SELECT format({})\n    FROM (VALUES\n      {}\n    ) \
             AS e ({})\n    LEFT JOIN pg_namespace n ON n.nspname = e.namespace\n    WHERE {}NOT EXISTS (\n      \
             {})\n  );\n",
            self.what,
            self.label,
            self.rows.join(",\n      "),
            self.columns,
            // What is missing with its table is not listed one by one.
            if self.of_a_table {
                "to_regclass(format('%I.%I', e.namespace, e.relation)) IS NOT NULL AND "
            } else {
                ""
            },
            self.missing
        )
    }
}

fn row(name: &QualifiedName, rest: &[&str], tail: &str) -> String {
    let mut values =
        vec![quote_literal(name.namespace.as_str()), quote_literal(name.name.as_str())];
    values.extend(rest.iter().map(|text| quote_literal(text)));
    format!("({}{tail})", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Ident, Key, Table, Type};

    #[test]
    fn names_stay_constants_and_the_body_stays_in_its_quotes() {
        let ident = |name: &str| Ident::new(name).unwrap();
        let name = QualifiedName::new(ident("public"), ident("o'$verify$ -- */"));
        let mut table = Table::new(name);
        table.columns.push(Column {
            name: ident("id"),
            data_type: Type::Uuid,
            not_null: true,
            default: None,
            identity: None,
            generated: None,
            comment: None,
        });
        table.primary_key = Some(Key {
            name: ident("pk"),
            columns: vec![ident("id")],
            deferrable: false,
            comment: None,
        });
        let mut schema = Schema::default();
        schema.add_table(table);
        let text = Verification(&schema).to_string();
        assert!(text.starts_with("DO $verify_$"), "{text}");
        assert!(text.contains("('public', 'o''$verify$ -- */', 'id', 'uuid', true)"), "{text}");
        assert!(!text.contains("-- Triggers"), "{text}");
    }
}
