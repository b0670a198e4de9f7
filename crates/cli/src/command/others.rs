//! What somebody else's schema is run as, and what is said of that.

use underpin_base::Diagnostic;
use underpin_operate::PassedOver;
use underpin_server::{Database, OthersError, Server, SessionError};

use crate::codes;
use crate::exit::Failure;

/// An empty database in which a script of somebody else's has the rights of an ordinary role.
pub(super) fn others_database(
    server: &Server,
    stem: &str,
    lost: impl FnOnce(SessionError) -> Failure,
) -> Result<Database, Failure> {
    server.create_database_for_others(stem).map_err(|error| match error {
        OthersError::Session(error) => lost(error),
        OthersError::Superuser => Failure::usage(
            Diagnostic::error(
                codes::SUPERUSER,
                "the schema was not run: the given server is reached as a superuser, and what a superuser runs may start \
                 programs and write files there",
            )
            .help(
                "name a role that is no superuser and has the attribute CREATEDB, or leave --database-url out to have a \
                 private server started",
            ),
        ),
    })
}

/// What to do where a statement was refused.
pub(super) const fn refusal_help(is_guarded: bool) -> &'static str {
    if is_guarded {
        "a schema file is run as an ordinary role, since a superuser's statements could start programs and read or write \
         files on this machine; take out of the file what a superuser must do"
    } else {
        "run the file with `psql -v ON_ERROR_STOP=1 -f` in an empty database until it passes"
    }
}

/// A statement that was passed over; the place stands before it where no span says it.
pub(super) fn passed_over(place: &str, it: &PassedOver) -> Diagnostic {
    let PassedOver { statement, reason, .. } = it;
    let first: String = statement.lines().next().unwrap_or_default().chars().take(80).collect();
    Diagnostic::note(
        codes::STATEMENT_PASSED_OVER,
        format!("{place}`{first}` was passed over: {reason}"),
    )
}
