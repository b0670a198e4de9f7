//! Row security that does not secure.

use std::collections::BTreeSet;

use underpin_pg::introspect::Policy;

use crate::finding::{Finding, Object, short};
use crate::names::sql_words;
use crate::subject::Subject;

underpin_base::codes! {
    /// A table has policies, and row security is off.
    ///
    /// The policies have no effect: everybody with a right to the table sees and changes every row (manual, section 5.8).
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// ```
    POLICY_WITHOUT_ROW_SECURITY = "C060", "policy-without-row-security";
    /// A table has row security, and no policy lets anybody see a row.
    ///
    /// Without a permissive policy everything is refused, except to the owner where row security is not forced, and to
    /// superusers.
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ```
    ROW_SECURITY_WITHOUT_POLICY = "C061", "row-security-without-policy";
    /// A policy lets everything through.
    ///
    /// Permissive policies are joined by OR, so this one makes the others meaningless. For SELECT alone it is a note: some
    /// tables are for everybody to read.
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY all_notes ON notes USING (true);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ```
    POLICY_ALWAYS_TRUE = "C062", "policy-always-true";
    /// Row security does not bind the table's owner.
    ///
    /// Applications that connect as the role that made the tables, which is what most do, are not held by any policy
    /// (manual, section 5.8).
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// ```
    ROW_SECURITY_NOT_FORCED = "C063", "row-security-not-forced";
    /// A view shows the rows that row security hides.
    ///
    /// A view reads with its owner's rights unless it is made `WITH (security_invoker = true)` (PostgreSQL 15, CREATE
    /// VIEW), and a materialised view holds what its owner saw.
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// CREATE VIEW authors AS SELECT DISTINCT author FROM notes;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author text NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (author = current_user);
    /// CREATE VIEW authors WITH (security_invoker = true) AS SELECT DISTINCT author FROM notes;
    /// ```
    VIEW_BYPASSES_ROW_SECURITY = "C064", "view-bypasses-row-security";
    /// A table is left out of row security.
    ///
    /// Policies of other tables tell rows apart by a column that this table has too, and nothing hides its rows.
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (tenant_id = current_setting('app.tenant')::bigint);
    /// CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL);
    /// ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_notes ON notes USING (tenant_id = current_setting('app.tenant')::bigint);
    /// CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant_id bigint NOT NULL);
    /// ALTER TABLE files ENABLE ROW LEVEL SECURITY;
    /// ALTER TABLE files FORCE ROW LEVEL SECURITY;
    /// CREATE POLICY own_files ON files USING (tenant_id = current_setting('app.tenant')::bigint);
    /// ```
    LEFT_OUT_OF_ROW_SECURITY = "C065", "left-out-of-row-security";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let around = subject.surroundings;
    for policy in &around.policies {
        let object = Object::part(&policy.table, &policy.name);
        if !around.row_security.contains_key(&policy.table) {
            let message = format!(
                "the policy `{}` has no effect: row security of `{}` is off",
                policy.name.as_str(),
                short(&policy.table)
            );
            findings.push(
                Finding::error(POLICY_WITHOUT_ROW_SECURITY, object, message)
                    .help("ALTER TABLE … ENABLE ROW LEVEL SECURITY"),
            );
        } else if lets_all_through(policy) {
            let message = format!(
                "the policy `{}` of `{}` lets everything through",
                policy.name.as_str(),
                short(&policy.table)
            );
            findings.push(
                if policy.command == 'r' {
                    Finding::note(POLICY_ALWAYS_TRUE, object, message)
                } else {
                    Finding::warning(POLICY_ALWAYS_TRUE, object, message)
                }
                .help("say which rows are meant"),
            );
        }
    }
    for (table, forced) in &around.row_security {
        let (object, name) = (Object::whole(table), short(table));
        if !around.policies.iter().any(|policy| policy.table == *table && policy.permissive) {
            findings.push(
                Finding::warning(
                    ROW_SECURITY_WITHOUT_POLICY,
                    object,
                    format!("`{name}` has row security and no permissive policy: nobody whom it binds sees a row"),
                )
                .help("create a policy, or turn row security off"),
            );
        } else if !forced {
            findings.push(
                Finding::warning(
                    ROW_SECURITY_NOT_FORCED,
                    object,
                    format!("row security of `{name}` does not bind its owner"),
                )
                .help("ALTER TABLE … FORCE ROW LEVEL SECURITY"),
            );
        }
    }
    for view in around.views.iter().filter(|view| !view.security_invoker || view.materialised) {
        let Some(table) = view.reads.iter().find(|it| around.row_security.contains_key(*it)) else {
            continue;
        };
        findings.push(
            Finding::warning(
                VIEW_BYPASSES_ROW_SECURITY,
                Object::whole(&view.name),
                format!(
                    "`{}` shows rows of `{}` that row security hides from who asks",
                    short(&view.name),
                    short(table)
                ),
            )
            .help("make it WITH (security_invoker = true)"),
        );
    }
    left_out(subject, findings);
}

fn lets_all_through(policy: &Policy) -> bool {
    let is_true = |text: &Option<String>| text.as_deref() == Some("true");
    policy.permissive
        && match policy.command {
            'a' => is_true(&policy.check),
            'r' | 'd' => is_true(&policy.using),
            _ => is_true(&policy.using) || is_true(&policy.check),
        }
}

fn left_out(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let around = subject.surroundings;
    // The column that most policies tell rows apart by: a single policy may look at anything.
    let mut compared: BTreeSet<String> = BTreeSet::new();
    for policy in &around.policies {
        let Some(table) = subject.schema.tables.get(&policy.table) else { continue };
        let text = policy.using.as_deref().or(policy.check.as_deref()).unwrap_or_default();
        let words = sql_words(text);
        let referring = |column: &&underpin_pg::Column| {
            column.name.as_str().ends_with("_id") && words.contains(&column.name.as_str())
        };
        compared.extend(
            table.columns.iter().filter(referring).map(|column| column.name.as_str().to_owned()),
        );
    }
    for table in subject.tables().filter(|it| !around.row_security.contains_key(&it.name)) {
        let Some(column) =
            table.columns.iter().find(|column| compared.contains(column.name.as_str()))
        else {
            continue;
        };
        if around.policies.iter().any(|policy| policy.table == table.name) {
            continue;
        }
        findings.push(
            Finding::warning(
                LEFT_OUT_OF_ROW_SECURITY,
                Object::whole(&table.name),
                format!(
                    "`{}` has the column `{}`, by which policies of other tables tell rows apart, and no row security",
                    short(&table.name),
                    column.name.as_str()
                ),
            )
            .help("give it row security and a policy as well"),
        );
    }
}
