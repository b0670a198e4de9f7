//! The database that is asked: a live one, or one of our own that a schema file was run in.

use std::path::Path;

use underpin_base::{Diagnostic, Span};
use underpin_operate::{InstallError, Installer, gather_statistics};
use underpin_server::{Database, Server, Session, SessionError};
use underpin_verify::VerifyError;

use crate::codes;
use crate::command;
use crate::exit::Failure;
use crate::input::{self, Given};
use crate::progress::Progress;
use crate::prove;

/// The database that is asked.
#[derive(Debug)]
pub(super) enum Target {
    /// A live one, by its URL.
    Live(String),
    /// One of our own. The server goes when the handle does.
    Own(Server, Database),
}

impl Target {
    /// Opens one more connection.
    pub(super) fn connect(&self) -> Result<Session, Failure> {
        match self {
            Self::Live(url) => {
                underpin_server::connect_to_read(url).map_err(|error| Failure::given(&error))
            }
            Self::Own(server, database) => database.connect().map_err(|error| lost(server, error)),
        }
    }

    /// Whether others work in the database meanwhile.
    pub(super) const fn is_live(&self) -> bool {
        match self {
            Self::Live(_) => true,
            Self::Own(..) => false,
        }
    }
}

fn lost(server: &Server, error: SessionError) -> Failure {
    prove::lost(server, &VerifyError { doing: "the schema could not be installed", error })
}

/// Runs a schema file in a database of our own, and gathers statistics of the rows that it brings.
pub(super) fn of_schema(
    path: &Path,
    pg_bin: Option<&Path>,
    progress: &mut Progress,
) -> Result<Target, Failure> {
    let input = input::collect(&[Given::from_user(path)], &[], None, None);
    if let Some(diagnostic) = input.diagnostics.into_iter().next() {
        return Err(Failure::usage(diagnostic));
    }
    let server = progress
        .telling_stage("server", |tell| prove::private(pg_bin, tell))
        .map_err(Failure::environment)?;
    progress.stage("install", || {
        let lost = |error| lost(&server, error);
        let database = command::others_database(&server, "advise", lost)?;
        // Before anything of theirs is there.
        underpin_operate::declare_what_if(&database).map_err(lost)?;
        let texts: Vec<&str> = input.sources.iter().map(|(_, it)| it.text()).collect();
        let mut installer = Installer::open(&database, &texts).map_err(lost)?;
        for (id, document) in input.sources.iter() {
            match installer.run(document.text()) {
                Ok(found) => {
                    let remarks: Vec<Diagnostic> = found
                        .passed_over
                        .iter()
                        .map(|left| {
                            let span = document.line_range(left.line.saturating_sub(1));
                            command::passed_over("", left).at(Span::new(id, span), "")
                        })
                        .collect();
                    command::tell(&remarks, &input.sources);
                }
                Err(InstallError {
                    line, is_guarded, error: SessionError::Refused(error), ..
                }) => {
                    let span = Span::new(id, document.line_range(line.saturating_sub(1)));
                    let place = input.sources.location(span);
                    let message = format!(
                        "{}:{}: PostgreSQL refuses this statement: {error}",
                        place.document, place.line
                    );
                    let help = command::refusal_help(is_guarded);
                    return Err(Failure::refused(
                        Diagnostic::error(codes::SCHEMA_REFUSED, message).help(help),
                    ));
                }
                Err(InstallError { error, .. }) => return Err(lost(error)),
            }
        }
        gather_statistics(installer.session()).map_err(lost)?;
        drop(installer);
        Ok(Target::Own(server, database))
    })
}
