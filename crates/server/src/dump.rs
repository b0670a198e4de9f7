//! The script of a live database's schema, as `pg_dump` writes it: the database is only read.

use std::ffi::OsString;
use std::fmt;
use std::process::Command;

use postgres::config::Host;

use crate::find::Installation;
use crate::given::{self, GivenError};

/// Why there is no script.
#[derive(Debug)]
pub enum DumpError {
    /// The database could not be reached.
    Given(GivenError),
    /// The program is missing or could not be started.
    NotRun(String),
    /// The program refused, in its own words.
    Refused(String),
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(error) => write!(f, "{error}"),
            Self::NotRun(why) => write!(f, "`pg_dump` could not be run: {why}"),
            Self::Refused(why) => write!(f, "`pg_dump` could not write the schema: {why}"),
        }
    }
}

impl std::error::Error for DumpError {}

/// The statements that make the schema of the database that a URL names, without its owners, rights and rows.
///
/// # Errors
/// Where the database cannot be reached, or `pg_dump` is missing or older than the server.
pub fn dump_schema(installation: &Installation, url: &str) -> Result<String, DumpError> {
    let config = given::to_read(url).map_err(DumpError::Given)?;
    let mut command = Command::new(installation.bin_dir.join("pg_dump"));
    command.args(["--schema-only", "--no-owner", "--no-privileges", "--no-password"]);
    // Not as arguments: everybody on the machine can read those in the list of processes.
    let mut tell = |name: &str, value: OsString| {
        command.env(name, value);
    };
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => tell("PGHOST", host.into()),
        #[cfg(unix)]
        Some(Host::Unix(folder)) => tell("PGHOST", folder.into()),
        None => {}
    }
    if let Some(port) = config.get_ports().first() {
        tell("PGPORT", port.to_string().into());
    }
    for (name, value) in [("PGUSER", config.get_user()), ("PGDATABASE", config.get_dbname())] {
        if let Some(value) = value {
            tell(name, value.into());
        }
    }
    if let Some(password) = config.get_password() {
        tell("PGPASSWORD", String::from_utf8_lossy(password).into_owned().into());
    }
    let ran = command.output().map_err(|error| DumpError::NotRun(error.to_string()))?;
    if !ran.status.success() {
        return Err(DumpError::Refused(String::from_utf8_lossy(&ran.stderr).trim().to_owned()));
    }
    let script = String::from_utf8_lossy(&ran.stdout);
    // What speaks to psql is none of the server's.
    let is_sql = |line: &&str| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict");
    Ok(script.split_inclusive('\n').filter(is_sql).collect())
}
