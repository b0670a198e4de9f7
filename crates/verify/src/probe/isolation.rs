//! The role of a context's application reads and adds rows in its own tables, and is refused those of all
//! others.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{AccessStatement, Command, Expr, Output, QualifiedName, Select, TableRef};
use underpin_physical::ContextDesign;
use underpin_server::{ServerError, SessionError};

use super::Probe;
use crate::bench::{Bench, not_run};
use crate::row::Wish;
use crate::trial::{Outcome, Statements};

pub(super) const PROBE: Probe = Probe { family: Family::Isolation, judge };

/// `insufficient_privilege`.
const REFUSED: &str = "42501";

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let physical = bench.input.physical;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(context) = physical.contexts.iter().find(|it| it.application.as_str() == object)
    else {
        return Ok(not_run(claim, format!("the design has no application role `{object}`")));
    };
    let (own, others): (Vec<&QualifiedName>, Vec<&QualifiedName>) =
        physical.schema.tables.keys().partition(|table| table.namespace == context.namespace);
    let mut roles = Vec::new();
    for statement in physical.access.script(&physical.schema) {
        roles.push(statement.to_string());
    }
    roles.push(AccessStatement::Join(context.application.clone()).to_string());
    for table in &own {
        if let Some(evidence) = own_table(bench, claim, context, &roles, table)? {
            return Ok(evidence);
        }
    }
    let mut setup = roles;
    setup.push(Command::SetRole(context.application.clone()).to_string());
    for table in &others {
        match bench.attempt(&setup, &count(table))? {
            Outcome::Accepted(_) => {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("`{object}` could read {table}")));
            }
            Outcome::Refused(error) if error.sqlstate == REFUSED => {}
            Outcome::Refused(error) => {
                return Ok(not_run(claim, format!("reading {table}: {error}")));
            }
            Outcome::NotSet(error) => return Ok(not_run(claim, without_roles(&error))),
        }
    }
    let number = |tables: &[&QualifiedName]| i64::try_from(tables.len()).unwrap_or(i64::MAX);
    Ok(Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", REFUSED)
        .measure("own_tables", number(&own))
        .measure("refused_tables", number(&others)))
}

/// Adds a row to a table of the context and reads it; evidence only where that does not work.
fn own_table(
    bench: &mut Bench<'_>,
    claim: &Claim,
    context: &ContextDesign,
    roles: &[String],
    table: &QualifiedName,
) -> Result<Option<Evidence>, SessionError> {
    if let Err(reason) = bench.ready(table)? {
        return Ok(Some(not_run(claim, reason)));
    }
    let rows = match bench.plan(table, &Wish::default()) {
        Ok(plan) => plan.rows,
        Err(reason) => return Ok(Some(not_run(claim, reason))),
    };
    let mut inserts = bench.inserts(&rows);
    let Some(insert) = inserts.pop() else { return Ok(None) };
    // What the row refers to may belong to others; the row itself is the application's.
    let become_it = Command::SetRole(context.application.clone()).to_string();
    let setup = |rows: &[String]| -> Statements {
        roles.iter().chain(rows).chain([&become_it]).cloned().collect()
    };
    for (setup, last) in [(setup(&inserts), insert), (setup(&[]), count(table))] {
        let evidence = match bench.attempt(&setup, &last)? {
            Outcome::Accepted(_) => None,
            Outcome::Refused(error) if error.sqlstate == REFUSED => Some(
                Evidence::new(claim, Verdict::Refuted)
                    .note(format!("{} is refused {table}: {error}", context.application)),
            ),
            Outcome::Refused(error) => Some(not_run(claim, format!("a row of {table}: {error}"))),
            Outcome::NotSet(error) => Some(not_run(claim, without_roles(&error))),
        };
        if evidence.is_some() {
            return Ok(evidence);
        }
    }
    Ok(None)
}

fn count(table: &QualifiedName) -> String {
    let count = Output { value: Expr::Call("count", vec![Expr::integer(1)]), name: None };
    let from = TableRef { table: table.clone(), alias: None };
    Select::new(vec![count], Some(from)).to_string()
}

fn without_roles(error: &ServerError) -> String {
    format!("the roles or the rows around could not be made: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};
    use underpin_pg::{Grantee, Privilege, Securable};

    const ROLES: [&str; 3] = ["ordering_app", "customers_app", "public_app"];

    #[test]
    fn each_application_stays_in_its_context() {
        let judged = judged(Shop::in_contexts(), Family::Isolation, |_| {});
        for role in ROLES {
            let note = judged.note(Family::Isolation, Some(role));
            assert_eq!(judged.verdict(Family::Isolation, Some(role)), Verdict::Proven, "{note}");
        }
    }

    #[test]
    fn one_that_reads_elsewhere_or_not_at_home_is_refuted() {
        let mut shop = Shop::in_contexts();
        let grants = &mut shop.physical.access.grants;
        let role = |name: &str| Grantee::Role(crate::testing::ident(name));
        let customers = Securable::Namespace(crate::testing::ident("customers"));
        grants.insert((customers, role("ordering_app")), [Privilege::Usage].into());
        let table = |object: &Securable| matches!(object, Securable::Table(name) if name.name.as_str() == "customers");
        let customers =
            grants.keys().map(|(object, _)| object).find(|it| table(it)).unwrap().clone();
        grants.insert((customers.clone(), role("ordering_app")), [Privilege::Select].into());
        grants.insert((customers, role("customers_app")), [Privilege::Select].into());
        let judged = judged(shop, Family::Isolation, |_| {});
        let note = |role| judged.note(Family::Isolation, Some(role));
        assert!(note("ordering_app").contains("could read customers.customers"));
        assert!(note("customers_app").contains("is refused customers.customers"));
        let verdicts = ROLES.map(|role| judged.verdict(Family::Isolation, Some(role)));
        assert_eq!(verdicts, [Verdict::Refuted, Verdict::Refuted, Verdict::Proven]);
    }
}
