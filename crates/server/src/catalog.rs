//! Reading a database into a [`Schema`].
//!
//! The queries and the meaning of their rows are data and pure functions of crate `pg`; here they are
//! only sent.

use std::collections::BTreeMap;

use underpin_pg::introspect::{self, Beyond, CatalogQuery, MadeType, Row, Rows, Surroundings};
use underpin_pg::{Access, Control, QualifiedName, Schema};

use crate::error::SessionError;
use crate::session::Session;

/// What the database holds, as of one moment: runs in a transaction of its own.
pub fn read(session: &mut Session) -> Result<Schema, SessionError> {
    session.batch(&Control::BeginReading.to_string())?;
    let schema = read_within(session);
    let ended = session.batch(&Control::Rollback.to_string());
    let schema = schema?;
    ended?;
    Ok(schema)
}

/// What the database holds as the session's open transaction sees it.
pub fn read_within(session: &mut Session) -> Result<Schema, SessionError> {
    session.batch(&Control::EmptySearchPath.to_string())?;
    let mut rows = Rows::new();
    for query in CatalogQuery::ALL {
        rows.insert(query, answers(session, query)?);
    }
    session.batch(&Control::FormerSearchPath.to_string())?;
    Ok(introspect::schema(&rows))
}

/// Who owns the objects of the database and who may use them, as the session's open transaction sees it.
pub fn access_within(session: &mut Session) -> Result<Access, SessionError> {
    let mut rows = Rows::new();
    for query in CatalogQuery::ACCESS {
        rows.insert(query, answers(session, query)?);
    }
    Ok(introspect::access(&rows))
}

/// What the database holds that a [`Schema`] has no word for, and that [`read`] has therefore left out
/// or simplified.
pub fn beyond(session: &mut Session) -> Result<Vec<Beyond>, SessionError> {
    session.batch(&Control::BeginReading.to_string())?;
    let rows = session
        .batch(&Control::EmptySearchPath.to_string())
        .and_then(|()| answers(session, CatalogQuery::Beyond));
    let ended = session.batch(&Control::Rollback.to_string());
    let rows = rows?;
    ended?;
    Ok(introspect::beyond(&rows))
}

/// What stands around the tables of the database: row security, policies, views, routines and the like.
pub fn surroundings(session: &mut Session) -> Result<Surroundings, SessionError> {
    session.batch(&Control::BeginReading.to_string())?;
    let rows = session.batch(&Control::EmptySearchPath.to_string()).and_then(|()| {
        let mut rows = Rows::new();
        for query in CatalogQuery::SURROUNDINGS {
            rows.insert(query, answers(session, query)?);
        }
        Ok(rows)
    });
    let ended = session.batch(&Control::Rollback.to_string());
    let rows = rows?;
    ended?;
    Ok(introspect::surroundings(&rows))
}

/// The enumerations and domains of the database.
pub fn made_types(
    session: &mut Session,
) -> Result<BTreeMap<QualifiedName, MadeType>, SessionError> {
    session.batch(&Control::BeginReading.to_string())?;
    let rows = session
        .batch(&Control::EmptySearchPath.to_string())
        .and_then(|()| answers(session, CatalogQuery::Types));
    let ended = session.batch(&Control::Rollback.to_string());
    let rows = rows?;
    ended?;
    Ok(introspect::made_types(&rows))
}

fn answers(session: &mut Session, query: CatalogQuery) -> Result<Vec<Row>, SessionError> {
    Ok(session.text(query.sql())?.rows)
}
