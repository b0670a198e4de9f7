//! Where the schema that is checked comes from: scripts that a private server runs, or a live database.

use std::path::Path;

use underpin_base::{Diagnostic, DocumentId, Sources, Span};
use underpin_operate::{InstallError, Installer};
use underpin_pg::Schema;
use underpin_pg::introspect::Surroundings;
use underpin_server::{Session, SessionError, catalog};
use underpin_verify::VerifyError;

use crate::codes;
use crate::command;
use crate::exit::Failure;
use crate::progress::Progress;
use crate::prove;

/// What a database holds.
#[derive(Debug)]
pub(super) struct Catalog {
    pub(super) schema: Schema,
    pub(super) surroundings: Surroundings,
}

impl Catalog {
    fn read(session: &mut Session) -> Result<Self, SessionError> {
        Ok(Self { schema: catalog::read(session)?, surroundings: catalog::surroundings(session)? })
    }
}

/// What the scripts make with what is to be said of it, or the statement that was refused.
pub(super) type Found = Result<(Catalog, Vec<Diagnostic>), Box<Diagnostic>>;

/// What the scripts make, run one after the other in one empty database; or the statement that was refused.
pub(super) fn of_scripts(
    sources: &Sources,
    scripts: &[DocumentId],
    pg_bin: Option<&Path>,
    progress: &mut Progress,
) -> Result<Found, Failure> {
    let server = progress
        .telling_stage("server", |tell| prove::private(pg_bin, tell))
        .map_err(Failure::environment)?;
    let lost = |error: SessionError| {
        prove::lost(&server, &VerifyError { doing: "the schema could not be installed", error })
    };
    progress.stage("install", || {
        let database = command::others_database(&server, "check", lost)?;
        let texts: Vec<&str> = scripts.iter().map(|id| sources.get(*id).text()).collect();
        let mut installer = Installer::open(&database, &texts).map_err(lost)?;
        let mut remarks = Vec::new();
        for id in scripts {
            match installer.run(sources.get(*id).text()) {
                Ok(found) => {
                    let document = sources.get(*id);
                    remarks.extend(found.passed_over.iter().map(|left| {
                        let span = document.line_range(left.line.saturating_sub(1));
                        command::passed_over("", left).at(Span::new(*id, span), "")
                    }));
                }
                Err(InstallError {
                    line, is_guarded, error: SessionError::Refused(error), ..
                }) => {
                    let document = sources.get(*id);
                    let span = Span::new(*id, document.line_range(line.saturating_sub(1)));
                    let message = format!("PostgreSQL refuses this statement: {error}");
                    return Ok(Err(Box::new(
                        Diagnostic::error(codes::SCHEMA_REFUSED, message).at(span, "").help(
                            format!(
                                "nothing else of the schema was looked at; {}",
                                command::refusal_help(is_guarded)
                            ),
                        ),
                    )));
                }
                Err(InstallError { error, .. }) => return Err(lost(error)),
            }
        }
        Catalog::read(installer.session()).map(|catalog| Ok((catalog, remarks))).map_err(lost)
    })
}

/// What a live database holds: its catalog is read in transactions that may change nothing.
pub(super) fn live(url: &str) -> Result<Catalog, Failure> {
    let mut session =
        underpin_server::connect_to_read(url).map_err(|error| Failure::given(&error))?;
    Catalog::read(&mut session).map_err(|error| {
        Failure::environment(Diagnostic::error(
            codes::NO_DATABASE,
            format!("the database could not be looked at: {error}"),
        ))
    })
}
