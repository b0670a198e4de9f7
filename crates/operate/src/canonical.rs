//! A designed schema in the words of the server: PostgreSQL is asked how it writes an expression.

use underpin_pg::{Control, PrintingPlace, Schema, Script};
use underpin_server::{Session, catalog};

use crate::ApplyError;
use crate::apply::statements_of;

/// The designed schema with each expression as this server prints it, its constraints sorted by name
/// and without comments that are empty; all else stays as designed.
///
/// The expressions are given to bare tables in scratch namespaces and read back, in a transaction that
/// is rolled back: what is installed under the designed names has no part in it. Extensions and
/// functions of the design that are not there are made for the length of that transaction, since
/// expressions may call them.
pub fn canonical(session: &mut Session, designed: &Schema) -> Result<Schema, ApplyError> {
    session.batch(&Control::Begin.to_string())?;
    let printed = print(session, designed);
    let ended = session.batch(&Control::Rollback.to_string());
    let printed = printed?;
    ended?;
    Ok(printed)
}

fn print(session: &mut Session, designed: &Schema) -> Result<Schema, ApplyError> {
    let there = catalog::read_within(session)?;
    let mut ground = Schema {
        namespaces: designed.namespaces.difference(&there.namespaces).cloned().collect(),
        extensions: designed.extensions.difference(&there.extensions).cloned().collect(),
        functions: designed.functions.clone(),
        ..Schema::default()
    };
    ground.functions.retain(|name, _| !there.functions.contains_key(name));
    let mut prefix = "underpin_scratch_".to_owned();
    while there.namespaces.iter().any(|name| name.as_str().starts_with(&prefix)) {
        prefix.push('_');
    }
    let place = PrintingPlace::new(designed, &prefix);
    session.batch(&Control::UncheckedBodies.to_string())?;
    let statements: Vec<String> = Script::create(&ground)
        .statements
        .iter()
        .chain(&Script::create(&place.schema).statements)
        .map(ToString::to_string)
        .collect();
    statements_of(session, &statements)?;
    let found = catalog::read_within(session)?;
    Ok(place.printed(designed, &found))
}
