//! `underpin generate`: rows in any number for the tables of a design, into a database of their own or into files.

mod files;
mod summary;

use underpin_base::Diagnostic;
use underpin_operate::ApplyError;
use underpin_pg::Ident;
use underpin_rows::row::{NOW, Shape};
use underpin_rows::scale::{Format, Wanted};
use underpin_server::{Server, SessionError, catalog};
use underpin_verify::FilledTable;

use crate::arguments::GenerateArguments;
use crate::codes;
use crate::exit::{Exit, Failure};
use crate::pipeline::Designed;
use crate::progress::Progress;

/// Where rows go.
enum Target<'a> {
    Server(&'a str),
    Folder(Format, &'a str),
}

pub(super) fn run(arguments: &GenerateArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    let target = target(&arguments.to)?;
    if let (Target::Folder(_, folder), None) = (&target, &arguments.database) {
        files::is_free(folder)?;
    }
    let designed = match super::design_of(&arguments.documents, progress)? {
        Ok(designed) => designed,
        Err(exit) => return Ok(exit),
    };
    // What is wrong with the documents is said, and what could be designed is filled.
    let exit = super::judge(&designed.diagnostics, &designed.understood.sources);
    if exit != Exit::Success {
        return Ok(exit);
    }
    let wanted = Wanted { rows: arguments.rows, seed: arguments.seed, now: NOW };
    match target {
        Target::Server(url) => into_server(arguments, url, &designed, wanted, progress),
        Target::Folder(format, folder) => {
            files::write(arguments, (format, folder), &designed, wanted, progress)
        }
    }
}

fn target(to: &str) -> Result<Target<'_>, Failure> {
    if let Some(folder) = to.strip_prefix("csv:").filter(|it| !it.is_empty()) {
        return Ok(Target::Folder(Format::Csv, folder));
    }
    if let Some(folder) = to.strip_prefix("copy:").filter(|it| !it.is_empty()) {
        return Ok(Target::Folder(Format::Binary, folder));
    }
    if to.starts_with("postgres://") || to.starts_with("postgresql://") {
        return Ok(Target::Server(to));
    }
    // What was given may be a URL with a password.
    let message = "what --to names is no target for rows";
    let help = "give postgres://user@host/database, csv:DIR or copy:DIR";
    Err(Failure::usage(Diagnostic::error(codes::TARGET_NOT_UNDERSTOOD, message).help(help)))
}

fn into_server(
    arguments: &GenerateArguments,
    url: &str,
    designed: &Designed,
    wanted: Wanted,
    progress: &mut Progress,
) -> Result<Exit, Failure> {
    let server = Server::given(url).map_err(|error| Failure::given(&error))?;
    let shapes = Shape::all(&designed.physical);
    let script = designed.script();
    // It is dropped again where the load fails, if it was made here.
    let (name, made) = match &arguments.database {
        None => {
            let made = server.create_database("rows").map_err(|error| failed(&error.into()))?;
            (made.name().to_owned(), Some(made))
        }
        Some(name) => database(&server, name, designed)?,
    };
    let connect = || server.connect(&name);
    let mut session = connect().map_err(|error| failed(&error.into()))?;
    let now = underpin_verify::clock(&mut session, &designed.physical);
    let wanted = Wanted { now: now.map_err(|error| failed(&error.into()))?, ..wanted };
    drop(session);
    let scale = progress.stage("plan", || {
        underpin_verify::scale(&designed.physical, &shapes, wanted, Some((&server, &script)))
    });
    let scale = scale.map_err(|error| failed(&error.into()))?;
    let filled = progress
        .telling_stage("load", |tell| {
            underpin_verify::fill(&connect, &designed.physical.schema, &scale, tell)
        })
        .map_err(|error| failed(&error))?;
    if let Some(made) = made {
        made.keep();
    }
    super::product(&summary::of_database(
        arguments.format,
        &name,
        &server.connection_string(&name),
        &filled,
        arguments.seed,
    ))?;
    let unkept: Vec<Diagnostic> = filled
        .unkept
        .iter()
        .map(|it| {
            let message = format!("PostgreSQL refused on the rows: {}\n{}", it.error, it.statement);
            Diagnostic::error(codes::ROWS_UNKEPT, message)
        })
        .collect();
    Ok(super::judge(&unkept, &designed.understood.sources))
}

/// The database that was named: made, or found without any of the tables.
fn database(
    server: &Server,
    name: &str,
    designed: &Designed,
) -> Result<(String, Option<underpin_server::Database>), Failure> {
    let wrong = |message: String| {
        let help = "name another database, or leave --database out to have one made";
        Failure::usage(Diagnostic::error(codes::TABLE_IS_THERE, message).help(help))
    };
    let ident = Ident::new(name).map_err(|error| wrong(error.to_string()))?;
    match server.create_database_named(ident) {
        Ok(made) => return Ok((name.to_owned(), Some(made))),
        // `duplicate_database`: it is there.
        Err(SessionError::Refused(error)) if error.sqlstate == "42P04" => {}
        Err(error) => return Err(failed(&error.into())),
    }
    let mut session = server.connect(name).map_err(|error| failed(&error.into()))?;
    let found = catalog::read(&mut session).map_err(|error| failed(&error.into()))?;
    let mut tables = designed.physical.schema.tables.keys();
    if let Some(table) = tables.find(|table| found.tables.contains_key(*table)) {
        return Err(wrong(format!("the database `{name}` holds {table} already")));
    }
    Ok((name.to_owned(), None))
}

fn failed(error: &ApplyError) -> Failure {
    let message = format!("the rows could not be loaded: {error}");
    Failure::environment(Diagnostic::error(codes::NO_DATABASE, message))
}

/// The number of rows of all tables.
fn all(tables: &[FilledTable]) -> u64 {
    tables.iter().map(|table| table.rows).sum()
}
