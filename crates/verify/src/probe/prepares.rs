//! A pattern's statement is prepared against the schema, with the parameter types that it promises.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{Command, Ident};
use underpin_server::SessionError;

use super::{Probe, query};
use crate::bench::{Bench, not_run};

pub(super) const PROBE: Probe = Probe { family: Family::Prepares, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let (query, statement) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let installed = bench.whole()?;
    if let Some(reason) = &installed.refused {
        return Ok(not_run(claim, format!("schema.sql does not apply: {reason}")));
    }
    let session = &mut installed.session;
    let name = Ident::new("judged").expect("a fixed name");
    let prepare = Command::Prepare(name.clone(), Box::new(statement.clone()));
    match session.batch(&prepare.to_string()) {
        Ok(()) => {}
        Err(SessionError::Refused(error)) => {
            return Ok(Evidence::new(claim, Verdict::Refuted).note(error.to_string()));
        }
        Err(error) => return Err(error),
    }
    let found = session.text(&Command::ParameterTypes(name.clone()).to_string())?;
    session.batch(&Command::Deallocate(name).to_string())?;
    let types: Vec<String> = found.rows.into_iter().flatten().flatten().collect();
    let promised: Vec<String> =
        query.parameters.iter().map(|parameter| parameter.data_type.to_string()).collect();
    let list = |types: &[String]| Value::List(types.iter().cloned().map(Value::Text).collect());
    // SQL that a document gives says nothing of its parameters.
    let is_kept = query.parameters.is_empty()
        || (types.len() == promised.len()
            && types.iter().zip(&promised).all(|(found, wanted)| agrees(wanted, found)));
    let verdict = if is_kept { Verdict::Proven } else { Verdict::Refuted };
    let evidence = Evidence::new(claim, verdict).measure("parameter_types", list(&types));
    Ok(if is_kept {
        evidence
    } else {
        evidence.note(format!(
            "its parameters are ({}), not ({})",
            types.join(", "),
            promised.join(", ")
        ))
    })
}

/// Whether the server means the type that was promised. It keeps no precision for parameters, nor for the members of lists.
fn agrees(promised: &str, found: &str) -> bool {
    let is_list = promised.ends_with("[]");
    let plain = |(name, _)| if is_list { format!("{name}[]") == found } else { name == found };
    promised == found || promised.split_once('(').is_some_and(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_statement_that_prepares() {
        let judged = judged(Shop::new(), Family::Prepares, |_| {});
        let query = Some("list_orders");
        assert_eq!(judged.verdict(Family::Prepares, query), Verdict::Proven);
        assert_eq!(judged.measured(Family::Prepares, "list_orders", "parameter_types"), "uuid");
    }

    #[test]
    fn precision_is_no_part_of_a_parameter() {
        for (promised, found) in
            [("numeric(12,4)", "numeric"), ("numeric(12,4)[]", "numeric[]"), ("uuid", "uuid")]
        {
            assert!(agrees(promised, found), "{promised}");
        }
        for (promised, found) in [("numeric(12,4)[]", "numeric"), ("numeric(12,4)", "integer")] {
            assert!(!agrees(promised, found), "{promised}");
        }
    }

    #[test]
    fn a_column_of_another_type_refutes_it() {
        let mut shop = Shop::new();
        shop.physical.queries[0].parameters[0].data_type = underpin_pg::Type::BigInt;
        let judged = judged(shop, Family::Prepares, |_| {});
        assert_eq!(judged.verdict(Family::Prepares, Some("list_orders")), Verdict::Refuted);
    }
}
