//! `underpin verify --schema`: judges a schema that somebody else wrote against the documents. It writes nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use underpin_base::{Code, Diagnostic, Sources};
use underpin_model::Assumptions;
use underpin_operate::{InstallError, Installed, Installer, PassedOver};
use underpin_pg::StandIn;
use underpin_server::{Database, DumpError, Search, Server, SessionError, dump_schema};
use underpin_verify::{Correction, Corrections, Judged, Unknown, VerifyError};

use crate::arguments::{TextOrJson, VerifyArguments};
use crate::exit::{Exit, Failure};
use crate::input::Given;
use crate::pipeline;
use crate::progress::Progress;
use crate::terminal::Style;
use crate::wire::{self, Summary};
use crate::{codes, prove, report};

/// Where the schema that somebody else wrote is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Theirs<'a> {
    /// In a file.
    File(&'a Path),
    /// In a live database, which is only read.
    Live(&'a str),
}

impl Theirs<'_> {
    fn shown(self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            // The URL may hold a password.
            Self::Live(_) => "the database".to_owned(),
        }
    }

    /// Where it is, as an option of the command.
    fn option(self) -> String {
        match self {
            Self::File(path) => format!("--schema {}", wire::shell_word(&path.to_string_lossy())),
            Self::Live(_) => "--database-url \"$DATABASE_URL\"".to_owned(),
        }
    }

    fn script(self, progress: &mut Progress) -> Result<String, Failure> {
        match self {
            Self::File(path) => included(path, text(path, codes::PATH_NOT_FOUND)?, 0),
            Self::Live(url) => progress.stage("database", || live(url)),
        }
    }
}

/// The script of a live database's schema.
fn live(url: &str) -> Result<String, Failure> {
    let refused = |why: &dyn std::fmt::Display| {
        Diagnostic::error(
            codes::NO_SERVER,
            format!("the schema of the database was not read: {why}"),
        )
        .help("check the URL; `pg_dump` must be no older than the server")
    };
    let installation = Search::on_this_machine(None)
        .find()
        .map_err(|error| Failure::environment(refused(&error)))?;
    dump_schema(&installation, url).map_err(|error| match &error {
        DumpError::Given(given) if given.is_wrong_use() => Failure::usage(refused(&error)),
        DumpError::Given(_) | DumpError::NotRun(_) | DumpError::Refused(_) => {
            Failure::environment(refused(&error))
        }
    })
}

pub(super) fn run(
    schema: Theirs<'_>,
    arguments: &VerifyArguments,
    progress: &mut Progress,
) -> Result<Exit, Failure> {
    let script = schema.script(progress)?;
    let corrections = match &arguments.map {
        Some(map) => corrections(map)?,
        None => Corrections::default(),
    };
    let here = [".".into()];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let given: Vec<Given> = paths.iter().map(|path| Given::from_user(path)).collect();
    let file = match schema {
        Theirs::File(path) => Some(path),
        Theirs::Live(_) => None,
    };
    let understood =
        pipeline::understand_without(file, &given, &[], Assumptions::None, None, progress);
    if !understood.usable {
        return Ok(match super::judge(&understood.diagnostics, &understood.sources) {
            // Without an entity there is nothing that a schema could fail to hold.
            Exit::Success => Exit::Refused,
            exit => exit,
        });
    }
    let designed = pipeline::design(understood, progress);
    let server = progress.telling_stage("server", |tell| match schema {
        Theirs::File(_) => prove::start(&arguments.server, tell),
        // A server of our own: nothing is ever written to theirs.
        Theirs::Live(_) => {
            prove::private(arguments.server.pg_bin.as_deref(), tell).map_err(Failure::environment)
        }
    })?;
    let stand_in = StandIn::wanted(&script);
    let lent: Vec<_> = stand_in.into_iter().flat_map(StandIn::namespaces).collect();
    let (database, found) = installed(&server, schema, stand_in, &script)?;
    tell_passed_over(schema, stand_in, &found.passed_over);
    let options = arguments.server.options(None);
    let judged = progress
        .telling_stage("verify", |tell| {
            underpin_verify::verify_foreign(
                &underpin_verify::Foreign {
                    database: &database,
                    search_path: &found.search_path,
                    lent: &lent,
                    model: &designed.understood.model,
                    logical: &designed.logical,
                    physical: &designed.physical,
                    corrections: &corrections,
                },
                &options,
                &mut |at| tell(&format!("{}/{} {}", at.done, at.total, at.doing)),
            )
        })
        .map_err(|error| prove::lost(&server, &error))?;
    let mut judged = judged.map_err(|unknown| unknown_names(arguments.map.as_deref(), &unknown))?;
    if judged.mapped.iter().all(|it| it.table.is_none()) {
        return Err(Failure::refused(
            Diagnostic::error(
                codes::NOTHING_MAPPED,
                format!(
                    "no table of `{}` holds an entity of the documents; they describe {}",
                    schema.shown(),
                    judged.mapped.iter().map(|it| &*it.entity).collect::<Vec<_>>().join(", ")
                ),
            )
            .help("say which table is which in a file that --map names"),
        ));
    }
    if let Some(id) = &arguments.claim {
        judged.claims.retain(|claim| claim.id.as_str() == id);
        judged.verification.evidence.retain(|it| it.claim.as_str() == id);
        if judged.claims.is_empty() {
            return Err(Failure::usage(
                Diagnostic::error(
                    codes::UNKNOWN_CLAIM,
                    format!("nothing is claimed under the id `{id}`"),
                )
                .help("without --claim, all claims are printed with their ids"),
            ));
        }
    }
    let summary = Summary::of(&judged.verification);
    super::product(&match arguments.format {
        TextOrJson::Text => as_text(&judged, summary),
        TextOrJson::Json => {
            wire::pretty(&wire::schema_evidence(&judged, &command(schema, arguments, &given)))
        }
    })?;
    Ok(if summary.refuted > 0 { Exit::Refused } else { Exit::Success })
}

/// The command as it was given, without the claim.
fn command(schema: Theirs<'_>, arguments: &VerifyArguments, given: &[Given]) -> String {
    let mut words = vec!["underpin verify".to_owned(), schema.option()];
    if let Some(map) = &arguments.map {
        words.push("--map".to_owned());
        words.push(wire::shell_word(&map.to_string_lossy()));
    }
    words.extend(given.iter().map(|it| wire::shell_word(&it.shown)));
    words.join(" ")
}

fn text(path: &Path, missing: Code) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        let (code, message) = if is_missing {
            (missing, format!("there is no file `{shown}`"))
        } else {
            (codes::UNREADABLE, format!("`{shown}` cannot be read: {error}"))
        };
        Failure::usage(Diagnostic::error(code, message))
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let message = format!("`{shown}` is not UTF-8: byte {at} does not belong there");
        Failure::refused(Diagnostic::error(codes::NOT_UTF8, message))
    })
}

/// A script with the files in it that `\i` and `\ir` name, as `psql` reads them.
fn included(path: &Path, script: String, depth: usize) -> Result<String, Failure> {
    const DEEPEST: usize = 16;
    const WORDS: &[&str] = &["\\i", "\\ir", "\\include", "\\include_relative"];
    let named = |line: &str| {
        let (word, name) = line.trim().split_once(char::is_whitespace)?;
        let name = name.trim().trim_end_matches(';').trim_matches(['\'', '"']);
        WORDS.contains(&word).then(|| name.to_owned())
    };
    if depth >= DEEPEST || !script.lines().any(|line| named(line).is_some()) {
        return Ok(script);
    }
    let mut whole = String::new();
    for line in script.split_inclusive('\n') {
        let Some(name) = named(line) else {
            whole.push_str(line);
            continue;
        };
        // From where `psql` runs, or else from where the file lies.
        let beside = path.parent().unwrap_or(Path::new("")).join(&name);
        let here = Path::new(&name);
        let file = if beside.exists() { beside.as_path() } else { here };
        let inside = text(file, codes::PATH_NOT_FOUND)?;
        whole.push_str(&included(file, inside, depth + 1)?);
        whole.push('\n');
    }
    Ok(whole)
}

/// Says which statements were left out, a note for each.
fn tell_passed_over(schema: Theirs<'_>, stand_in: Option<StandIn>, all: &[PassedOver]) {
    let mut notes = Vec::new();
    if let Some(StandIn { name, .. }) = stand_in {
        let message = format!("`{}` counts on {name}: what that has was put there", schema.shown());
        notes.push(Diagnostic::note(codes::STATEMENT_PASSED_OVER, message));
    }
    notes.extend(
        all.iter().map(|it| super::passed_over(&format!("{}:{}: ", schema.shown(), it.line), it)),
    );
    report::print(&notes, &Sources::default(), Style::of_stderr().colour);
}

/// What to do where a statement was refused.
fn remedy(passed_over: &[PassedOver], is_guarded: bool) -> String {
    let lower = |it: &PassedOver| it.statement.trim_start().to_lowercase();
    let extensions = passed_over
        .iter()
        .filter(|_| !is_guarded)
        .find(|it| lower(it).starts_with("create extension"));
    match extensions {
        Some(PassedOver { line, .. }) => format!(
            "line {line} asks for an extension that this server does not have; install it there, or name a server that has it with --pg-bin or --database-url"
        ),
        None => super::refusal_help(is_guarded).to_owned(),
    }
}

/// A database that holds the schema.
fn installed(
    server: &Server,
    schema: Theirs<'_>,
    stand_in: Option<StandIn>,
    script: &str,
) -> Result<(Database, Installed), Failure> {
    let lost = |error: SessionError| {
        prove::lost(server, &VerifyError { doing: "the schema could not be installed", error })
    };
    let database = super::others_database(server, "schema", lost)?;
    let lent = stand_in.map(|StandIn { script, .. }| script);
    let scripts: Vec<&str> = lent.into_iter().chain([script]).collect();
    let mut installer = Installer::open(&database, &scripts).map_err(lost)?;
    if let Some(lent) = lent {
        installer.run(lent).map_err(|it| lost(it.error))?;
    }
    match installer.run(script) {
        Ok(found) => Ok((database, found)),
        Err(InstallError { line, statement, is_guarded, error, passed_over }) => match error {
            SessionError::Refused(error) => {
                let first: String =
                    statement.lines().next().unwrap_or_default().chars().take(80).collect();
                Err(Failure::refused(
                    Diagnostic::error(
                        codes::SCHEMA_REFUSED,
                        format!("{}:{line}: PostgreSQL refused `{first}`: {error}", schema.shown()),
                    )
                    .help(remedy(&passed_over, is_guarded)),
                ))
            }
            error
            @ (SessionError::Unable(_) | SessionError::Lost(_) | SessionError::Misused(_)) => {
                Err(lost(error))
            }
        },
    }
}

/// The file that `--map` names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    tables: BTreeMap<String, MapEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapEntry {
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, Option<String>>,
}

fn corrections(path: &Path) -> Result<Corrections, Failure> {
    let text = text(path, codes::PATH_NOT_FOUND)?;
    let file: MapFile = serde_yaml_ng::from_str(&text).map_err(|error| {
        let message = format!("`{}` is not understood: {error}", path.display());
        Failure::refused(Diagnostic::error(codes::MAP_NOT_UNDERSTOOD, message).help(
            "it has the form `tables: { Order: { table: tbl_orders, columns: { placed_at: order_date } } }`",
        ))
    })?;
    let of = |(entity, entry): (String, MapEntry)| {
        (entity, Correction { table: entry.table, columns: entry.columns })
    };
    Ok(Corrections(file.tables.into_iter().map(of).collect()))
}

fn unknown_names(map: Option<&Path>, unknown: &[Unknown]) -> Failure {
    let named: Vec<String> = unknown
        .iter()
        .map(|unknown| match unknown {
            Unknown::Entity(name) => format!("the documents describe no entity `{name}`"),
            Unknown::Field(entity, name) => format!("`{entity}` has no field `{name}`"),
            Unknown::Table(name) => format!("the schema has no table `{name}`"),
            Unknown::Column(table, name) => format!("`{table}` has no column `{name}`"),
        })
        .collect();
    let map = map.map(|map| map.display().to_string()).unwrap_or_default();
    Failure::refused(
        Diagnostic::error(codes::MAP_NOT_UNDERSTOOD, format!("`{map}` names what is not there: {}", named.join("; ")))
            .help("entities and fields are called as in the documents, tables and columns as in the schema"),
    )
}

fn as_text(judged: &Judged, summary: Summary) -> String {
    let mut text = String::new();
    for mapped in &judged.mapped {
        let _ = match &mapped.table {
            Some(table) => writeln!(text, "{} is kept in {table}", mapped.entity),
            None => writeln!(text, "{} has no table", mapped.entity),
        };
        for (field, column) in mapped.fields.iter().filter(|_| mapped.table.is_some()) {
            let _ = match column {
                Some(column) if column == field => Ok(()),
                Some(column) => writeln!(text, "  {field} in {column}"),
                None => writeln!(text, "  {field} has no column"),
            };
        }
    }
    if !judged.unmapped_tables.is_empty() {
        let _ = writeln!(text, "tables without an entity: {}", judged.unmapped_tables.join(", "));
    }
    text.push('\n');
    text + &super::claim_lines(&judged.claims, &judged.verification, summary)
}
