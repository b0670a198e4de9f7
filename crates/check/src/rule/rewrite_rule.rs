//! Rules of the query rewriter, and inheritance of tables.

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A table has a rule of the query rewriter.
    ///
    /// A rule rewrites statements as text: a `random()` or a `nextval()` in one is run twice, and RETURNING and COPY pass
    /// it by (manual, section 41.7). A trigger does what is expected.
    ///
    /// ```sql
    /// CREATE TABLE logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE RULE keep AS ON DELETE TO logs DO INSTEAD NOTHING;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE FUNCTION logs_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = ''
    ///   AS $$ BEGIN RAISE EXCEPTION 'logs are kept'; END $$;
    /// CREATE TRIGGER logs_keep BEFORE DELETE ON logs FOR EACH ROW EXECUTE FUNCTION logs_keep();
    /// ```
    REWRITE_RULE = "C070", "rewrite-rule";
    /// A table inherits from another one.
    ///
    /// Keys, foreign keys and indexes of the parent do not hold for the rows of the child (manual, section 5.10.1): two of
    /// them can have one id, and no foreign key can refer to them.
    ///
    /// ```sql
    /// CREATE TABLE vehicles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE cars (doors integer, PRIMARY KEY (id)) INHERITS (vehicles);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE vehicles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE cars (vehicle_id bigint PRIMARY KEY REFERENCES vehicles, doors integer);
    /// ```
    TABLE_INHERITANCE = "C071", "table-inheritance";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, rule) in &subject.surroundings.rewrite_rules {
        findings.push(
            Finding::warning(
                REWRITE_RULE,
                Object::part(table, rule),
                format!(
                    "the rule `{}` rewrites statements on `{}` as text",
                    rule.as_str(),
                    short(table)
                ),
            )
            .help("use a trigger"),
        );
    }
    for (child, parent) in &subject.surroundings.inheritance {
        findings.push(
            Finding::warning(
                TABLE_INHERITANCE,
                Object::whole(child),
                format!(
                    "`{}` inherits from `{}`, whose keys and foreign keys do not hold for its rows",
                    short(child),
                    short(parent)
                ),
            )
            .help("refer to the parent by its key, or use partitions"),
        );
    }
}
