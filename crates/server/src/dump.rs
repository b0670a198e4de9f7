//! The script of a live database's schema, as `pg_dump` writes it: the database is only read.

use std::fmt;
use std::process::Command;

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
    dump(installation, url, &["--schema-only"])
}

/// The same in two halves: what stands before the rows, and what can be made once they are there.
///
/// # Errors
/// As those of [`dump_schema`].
pub fn dump_halves(installation: &Installation, url: &str) -> Result<(String, String), DumpError> {
    let half = |section: &str| dump(installation, url, &[section]);
    Ok((half("--section=pre-data")?, half("--section=post-data")?))
}

fn dump(installation: &Installation, url: &str, what: &[&str]) -> Result<String, DumpError> {
    let config = given::to_read(url).map_err(DumpError::Given)?;
    let mut command = Command::new(installation.bin_dir.join("pg_dump"));
    command.args(what);
    command.args(["--no-owner", "--no-privileges", "--no-password"]);
    given::tell(&mut command, &config, config.get_dbname().unwrap_or_default());
    let ran = command.output().map_err(|error| DumpError::NotRun(error.to_string()))?;
    if !ran.status.success() {
        return Err(DumpError::Refused(String::from_utf8_lossy(&ran.stderr).trim().to_owned()));
    }
    let script = String::from_utf8_lossy(&ran.stdout);
    // What speaks to psql is none of the server's.
    let is_sql = |line: &&str| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict");
    Ok(script.split_inclusive('\n').filter(is_sql).collect())
}
