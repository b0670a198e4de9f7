//! A statement that fails unless a database holds what a schema says: for people who apply a
//! migration with their own tool and want to know that it took.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use crate::expr::quote_literal;
use crate::{
    Ddl, ForeignKey, Function, Ident, Index, QualifiedName, ReferentialAction, Schema, Table,
    Trigger,
};

/// A `DO` block that compares catalog and schema, and raises one error that lists every table, column, constraint,
/// index, function and trigger that is missing, different, or beside those of the schema. It changes nothing.
///
/// What the server stores of an expression is its own text and not the one that it was given, so that the block makes
/// all tables once more in the session's temporary schema, compares what the server says of both, and takes them back.
/// References of a temporary table cannot lead to another, and are compared column by column.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a>(pub &'a Schema);

/// The SQLSTATE by which the block takes back what it made: of a class that neither the standard nor PostgreSQL uses.
const TAKEN_BACK: &str = "UP001";

/// The schema of a session's temporary objects.
const TEMPORARY: &str = "pg_temp";

impl fmt::Display for Verification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = String::from(
            "\nDECLARE\n  problems text[] := '{}';\n  path text := current_setting('search_path');\nBEGIN\n",
        );
        let schema = self.0;
        let names = schema.tables.keys().chain(schema.functions.keys());
        let namespaces: BTreeSet<&Ident> = names.map(|name| &name.namespace).collect();
        for namespace in namespaces {
            self.twins(namespace, &mut body)?;
        }
        self.references(&mut body);
        body.push_str(
            "\n  PERFORM set_config('search_path', path, true);\n  \
             IF cardinality(problems) > 0 THEN\n    RAISE EXCEPTION USING\n      \
             ERRCODE = 'assert_failure',\n      \
             MESSAGE = format('the database is not as the migration leaves it: %s; %s in all', \
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
    /// Makes what one namespace holds once more, compares, and takes it back.
    fn twins(self, namespace: &Ident, body: &mut String) -> fmt::Result {
        let schema = self.0;
        let temporary = Ident::new(TEMPORARY).expect("a fixed name");
        let twin = |name: &QualifiedName| QualifiedName::new(temporary.clone(), name.name.clone());
        writeln!(
            body,
            "\n  -- What {namespace} holds is made once more among the temporary objects, compared, and taken back.\n  BEGIN"
        )?;
        let mut make = |ddl: &Ddl| writeln!(body, "{ddl};");
        let tables: Vec<&Table> =
            schema.tables.values().filter(|it| it.name.namespace == *namespace).collect();
        let own = |table: &QualifiedName| table.namespace == *namespace;
        let run_here = schema
            .triggers
            .values()
            .filter(|trigger| own(&trigger.table))
            .map(|trigger| &trigger.function)
            .collect::<BTreeSet<_>>();
        let mut made = BTreeSet::new();
        for function in schema.functions.values() {
            let is_needed = own(&function.name) || run_here.contains(&function.name);
            if is_needed && made.insert(&function.name.name) {
                make(&Ddl::CreateFunction(Function {
                    name: twin(&function.name),
                    ..function.clone()
                }))?;
            }
        }
        for &table in &tables {
            let made = Table { name: twin(&table.name), ..table.clone() };
            make(&Ddl::CreateTable { table: made, foreign_keys: Vec::new() })?;
            for index in schema.indexes_of(&table.name) {
                let (name, table) = (twin(&index.name), twin(&index.table));
                make(&Ddl::CreateIndex(Index { name, table, ..index.clone() }))?;
            }
            for trigger in schema.triggers_of(&table.name) {
                let (table, function) = (twin(&trigger.table), twin(&trigger.function));
                make(&Ddl::CreateTrigger(Trigger { table, function, ..trigger.clone() }))?;
            }
        }
        let names: Vec<String> =
            tables.iter().map(|table| quote_literal(table.name.name.as_str())).collect();
        let functions = schema.functions.keys().filter(|name| own(name));
        let functions: Vec<String> =
            functions.map(|name| quote_literal(name.name.as_str())).collect();
        let schema_name = quote_literal(namespace.as_str());
        body.push_str(
            &COMPARISON
                .replace("{namespace}", &schema_name)
                .replace("{tables}", &names.join(", "))
                .replace("{functions}", &functions.join(", "))
                .replace("{taken_back}", TAKEN_BACK),
        );
        Ok(())
    }

    /// Compares foreign keys.
    fn references(self, body: &mut String) {
        let mut rows = Vec::new();
        for table in self.0.tables.values() {
            for key in &table.foreign_keys {
                let values = [
                    table.name.namespace.as_str(),
                    table.name.name.as_str(),
                    key.name.as_str(),
                    &form(key),
                ];
                let values: Vec<String> = values.iter().map(|text| quote_literal(text)).collect();
                rows.push(format!("({})", values.join(", ")));
            }
        }
        if rows.is_empty() {
            return;
        }
        body.push_str(&REFERENCES.replace("{rows}", &rows.join(",\n      ")));
    }
}

/// A reference in the words of the query below.
fn form(key: &ForeignKey) -> String {
    let list = |names: &[Ident]| names.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ");
    // The letters of `pg_constraint.confdeltype` and `confupdtype`.
    let action = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => "a",
        ReferentialAction::Restrict => "r",
        ReferentialAction::Cascade => "c",
        ReferentialAction::SetNull => "n",
        ReferentialAction::SetDefault => "d",
    };
    let mut form = format!(
        "({}) to {}.{} ({}), {}{}",
        list(&key.columns),
        key.references.namespace.as_str(),
        key.references.name.as_str(),
        list(&key.referenced_columns),
        action(key.on_delete),
        action(key.on_update),
    );
    if !key.set_columns.is_empty() {
        write!(form, " of ({})", list(&key.set_columns)).expect("writing to a String");
    }
    if key.deferred {
        form.push_str(" deferred");
    }
    form
}

/// What the server says of the tables of a namespace and of their twins, fact by fact.
const COMPARISON: &str = "\
    -- With an empty path, every name of the user is written in full.
    PERFORM set_config('search_path', '', true);
    problems := problems || ARRAY(
      WITH sides AS (
        SELECT pg_my_temp_schema() AS namespace, true AS is_twin
        UNION ALL
        SELECT n.oid, false FROM pg_namespace n WHERE n.nspname = {namespace}
      ), relations AS (
        SELECT s.is_twin, c.oid, c.relname, c.relkind
        FROM sides s JOIN pg_class c ON c.relnamespace = s.namespace
        WHERE c.relkind IN ('r', 'p') AND c.relname = ANY (ARRAY[{tables}]::text[])
      ), facts (is_twin, relation, what, form) AS (
        SELECT t.is_twin, t.relname, 'column ' || quote_ident(a.attname),
          format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
            || coalesce(CASE WHEN a.attgenerated = '' THEN ' DEFAULT ' ELSE ' GENERATED AS ' END
              || pg_get_expr(d.adbin, d.adrelid), '')
            || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END
        FROM relations t JOIN pg_attribute a ON a.attrelid = t.oid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT t.is_twin, t.relname, 'partition key', pg_get_partkeydef(t.oid)
        FROM relations t WHERE t.relkind = 'p'
        UNION ALL
        SELECT t.is_twin, t.relname, 'constraint ' || quote_ident(k.conname), pg_get_constraintdef(k.oid)
        FROM relations t JOIN pg_constraint k ON k.conrelid = t.oid
        WHERE k.contype IN ('p', 'u', 'c', 'x')
        UNION ALL
        SELECT t.is_twin, t.relname, 'index ' || quote_ident(i.relname),
          CASE WHEN x.indisunique THEN 'UNIQUE' ELSE 'INDEX' END
            || substring(pg_get_indexdef(x.indexrelid) FROM ' USING .*$')
            || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
        FROM relations t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = t.oid)
        UNION ALL
        SELECT t.is_twin, t.relname, 'trigger ' || quote_ident(g.tgname),
          format('%s, enabled %s, of (%s), %s, %s', g.tgtype, g.tgenabled,
            (SELECT string_agg(a.attname, ', ' ORDER BY a.attname) FROM pg_attribute a
              WHERE a.attrelid = t.oid AND a.attnum = ANY (g.tgattr)),
            substring(pg_get_triggerdef(g.oid) FROM ' WHEN \\((.*)\\) EXECUTE '), p.proname)
        FROM relations t JOIN pg_trigger g ON g.tgrelid = t.oid JOIN pg_proc p ON p.oid = g.tgfoid
        WHERE NOT g.tgisinternal
        UNION ALL
        SELECT s.is_twin, NULL, 'function ' || quote_ident(p.proname) || '()',
          format('%s, %s, %s, %s, %s, %s', p.prorettype::regtype, p.prolang, p.prosecdef, p.provolatile, p.proconfig, p.prosrc)
        FROM sides s JOIN pg_proc p ON p.pronamespace = s.namespace
        WHERE p.pronargs = 0 AND p.proname = ANY (ARRAY[{functions}]::text[])
      ), compared AS (
        SELECT relation, what, min(form) FILTER (WHERE is_twin) AS designed, min(form) FILTER (WHERE NOT is_twin) AS actual
        FROM facts GROUP BY relation, what
      )
      SELECT format('table %I.%I is missing', {namespace}, t.relname)
      FROM relations t
      WHERE t.is_twin AND NOT EXISTS (SELECT FROM relations r WHERE NOT r.is_twin AND r.relname = t.relname)
      UNION ALL
      SELECT concat(what, ' of ' || quote_ident({namespace}) || coalesce('.' || quote_ident(relation), ''),
        CASE
          WHEN actual IS NULL THEN ' is missing'
          WHEN designed IS NULL THEN ' is not of the migration'
          WHEN relation IS NULL THEN ' has another body or other settings'
          ELSE format(' is %s instead of %s', actual, designed)
        END)
      FROM compared
      WHERE designed IS DISTINCT FROM actual
        -- What is missing with its table is not listed one by one.
        AND (relation IS NULL OR EXISTS (SELECT FROM relations r WHERE NOT r.is_twin AND r.relname = relation))
    );
    PERFORM set_config('search_path', path, true);
    RAISE EXCEPTION USING ERRCODE = '{taken_back}', MESSAGE = 'taken back';
  EXCEPTION WHEN SQLSTATE '{taken_back}' THEN NULL;
  END;
";

/// Foreign keys: which columns refer to which, what a deletion and a change of the key do, and whether they are checked
/// late.
const REFERENCES: &str = "
  -- Foreign keys, with the letters of what a deletion and a change of the key do.
  problems := problems || ARRAY(
    SELECT format('constraint %I of %I.%I is %s instead of %s', e.name, e.namespace, e.relation,
      coalesce(k.form, 'missing'), e.form)
    FROM (VALUES
      {rows}
    ) AS e (namespace, relation, name, form)
    LEFT JOIN LATERAL (
      SELECT concat(
        '(', (SELECT string_agg(a.attname, ', ' ORDER BY u.place)
          FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
        ') to ', there.nspname, '.', target.relname,
        ' (', (SELECT string_agg(a.attname, ', ' ORDER BY u.place)
          FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
        '), ', k.confdeltype, k.confupdtype,
        ' of (' || (SELECT string_agg(a.attname, ', ' ORDER BY u.place)
          FROM unnest(k.confdelsetcols) WITH ORDINALITY u (number, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) || ')',
        CASE WHEN k.condeferred THEN ' deferred' END,
        CASE WHEN NOT k.convalidated THEN ' not validated' END) AS form
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_constraint k ON k.conrelid = c.oid
        JOIN pg_class target ON target.oid = k.confrelid JOIN pg_namespace there ON there.oid = target.relnamespace
      WHERE n.nspname = e.namespace AND c.relname = e.relation AND k.conname = e.name
        AND k.contype = 'f' AND k.conparentid = 0
    ) k ON true
    WHERE k.form IS DISTINCT FROM e.form
      AND to_regclass(format('%I.%I', e.namespace, e.relation)) IS NOT NULL
  );
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Key, Type};

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
        assert!(text.contains("ARRAY['o''$verify$ -- */']"), "{text}");
        assert!(text.contains("CREATE TABLE pg_temp.\"o'$verify$ -- */\" ("), "{text}");
        assert!(!text.contains("-- Foreign keys"), "{text}");
    }
}
