//! A server that the user named with `--database-url`.
//!
//! We work there in databases that we make and drop ourselves, and look at no other. What a design would change on
//! the whole server (roles above all) is the caller's to leave alone: [`crate::Server::is_private`] says so.

use std::ffi::OsString;
use std::fmt;
use std::process::Command;
use std::time::Duration;

use postgres::Config;
use postgres::config::{Host, SslMode};

use crate::error::SessionError;
use crate::session::Session;
use crate::version::{OLDEST_MAJOR, Version};

/// How long to wait for a server that does not answer, unless the URL says otherwise.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// Why a given server cannot be used.
#[derive(Debug)]
pub enum GivenError {
    /// The URL cannot be read. The message never holds the URL, which may hold a password.
    Url {
        /// What is wrong with it.
        message: String,
    },
    /// The URL asks for an encrypted connection.
    Tls,
    /// No connection came about.
    Connect(SessionError),
    /// The server is older than [`OLDEST_MAJOR`].
    TooOld(Version),
    /// The role that we connect as may not create databases.
    MayNotCreate {
        /// The role.
        role: String,
    },
}

impl fmt::Display for GivenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { message } => write!(
                f,
                "the database URL cannot be read: {message}; it has the form postgres://user@host:5432/database"
            ),
            Self::Tls => f.write_str(
                "the database URL asks for TLS (sslmode=require, verify-ca or verify-full), which Underpin does not \
                 speak yet; name a server that is reached over a Unix socket or a trusted network with \
                 sslmode=disable, or leave --database-url out to have a private server started",
            ),
            // The client library calls a missing password a misuse of itself.
            Self::Connect(SessionError::Misused(message)) => write!(
                f,
                "the given server cannot be used: {message}; a password is taken from the URL, or else from PGPASSWORD"
            ),
            Self::Connect(error) => write!(f, "the given server cannot be used: {error}"),
            Self::TooOld(version) => write!(
                f,
                "the given server is PostgreSQL {version}; {OLDEST_MAJOR} or newer is needed"
            ),
            Self::MayNotCreate { role } => write!(
                f,
                "the role `{role}` may not create databases, and Underpin works in a database of its own; connect as \
                 another role, or have a superuser give it the attribute CREATEDB"
            ),
        }
    }
}

impl std::error::Error for GivenError {}

impl GivenError {
    /// Whether what the user wrote is wrong, whatever the server is like.
    pub fn is_wrong_use(&self) -> bool {
        match self {
            Self::Url { .. } | Self::Tls => true,
            Self::Connect(_) | Self::TooOld(_) | Self::MayNotCreate { .. } => false,
        }
    }
}

/// Connects to the database that a URL names, to look at it: unlike for [`crate::Server::given`], no right to make
/// databases is needed.
pub fn connect_to_read(url: &str) -> Result<Session, GivenError> {
    let (_, session, _) = open(url)?;
    Ok(session)
}

/// How to connect to the database that a URL names, after it was reached once.
pub(crate) fn to_read(url: &str) -> Result<Config, GivenError> {
    let (config, ..) = open(url)?;
    Ok(config)
}

/// Reads the URL, connects once, and returns how to connect again.
pub(crate) fn connect(url: &str) -> Result<(Config, Version), GivenError> {
    let (config, mut session, version) = open(url)?;
    let facts = session
        .text(
            "SELECT current_user, \
             (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user)",
        )
        .map_err(GivenError::Connect)?;
    let field =
        |at: usize| facts.rows.first().and_then(|row| row.get(at)?.as_deref()).unwrap_or_default();
    if field(1) != "t" {
        return Err(GivenError::MayNotCreate { role: field(0).to_owned() });
    }
    Ok((config, version))
}

fn open(url: &str) -> Result<(Config, Session, Version), GivenError> {
    let mut config = parse(url)?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_WITHIN);
    }
    if config.get_password().is_none()
        && let Some(password) = std::env::var_os("PGPASSWORD")
    {
        // Better there than in a URL, which everybody on the machine can read in the list of processes.
        config.password(password.as_encoded_bytes());
    }
    if config.get_application_name().is_none() {
        config.application_name("underpin");
    }
    let mut session = Session::open(&config).map_err(GivenError::Connect)?;
    let facts = session
        .text("SELECT current_setting('server_version_num')")
        .map_err(GivenError::Connect)?;
    let number = facts.rows.into_iter().flatten().flatten().next().unwrap_or_default();
    match number.parse().ok().and_then(Version::from_number) {
        Some(version) if !version.is_supported() => Err(GivenError::TooOld(version)),
        Some(version) => Ok((config, session, version)),
        None => Err(GivenError::Connect(SessionError::Misused(format!(
            "it calls its version `{number}`, which is none of PostgreSQL's"
        )))),
    }
}

fn parse(url: &str) -> Result<Config, GivenError> {
    // The client library knows no `verify-…` and would call it a mistake in the URL.
    if url.contains("sslmode=verify") {
        return Err(GivenError::Tls);
    }
    if let Some((scheme, _)) = url.split_once("://")
        && !["postgres", "postgresql"].contains(&scheme)
        && !scheme.contains('=')
    {
        let message = "it begins with neither postgres:// nor postgresql://".to_owned();
        return Err(GivenError::Url { message });
    }
    let config: Config = url.parse().map_err(|error: postgres::Error| {
        let message = std::error::Error::source(&error)
            .map_or_else(|| error.to_string(), ToString::to_string);
        GivenError::Url { message }
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(GivenError::Url { message: "it names no host".to_owned() });
    }
    match config.get_ssl_mode() {
        SslMode::Require => Err(GivenError::Tls),
        _ => Ok(config),
    }
}

/// The parameters in libpq's keyword form, without the password.
pub(crate) fn connection_string(config: &Config, database: &str) -> String {
    let host = config.get_hosts().first().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    });
    let port = config.get_ports().first().map(ToString::to_string);
    let user = config.get_user().map(str::to_owned);
    [("host", host), ("port", port), ("user", user), ("dbname", Some(database.to_owned()))]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| format!("{name}={}", quoted(&value)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Tells a program of PostgreSQL how to connect, in its environment and not as arguments: everybody on the machine can
/// read those in the list of processes.
pub(crate) fn tell(command: &mut Command, config: &Config, database: &str) {
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
    if let Some(user) = config.get_user() {
        tell("PGUSER", user.into());
    }
    if !database.is_empty() {
        tell("PGDATABASE", database.into());
    }
    if let Some(password) = config.get_password() {
        tell("PGPASSWORD", String::from_utf8_lossy(password).into_owned().into());
    }
}

/// Source: PostgreSQL documentation, section "Keyword/Value Connection Strings".
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./@".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_for_tls_is_refused_in_words() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let url = format!("postgres://me@db.example/shop?sslmode={mode}");
            assert!(matches!(parse(&url), Err(GivenError::Tls)), "{mode}");
        }
        assert!(parse("postgres://me@db.example/shop?sslmode=disable").is_ok());
    }

    #[test]
    fn a_url_of_something_else_is_wrong_use() {
        for url in ["mysql://me@db/shop", "", "dbname=shop", "https://db.example/"] {
            assert!(parse(url).unwrap_err().is_wrong_use(), "{url}");
        }
    }

    #[test]
    fn a_bad_url_does_not_show_its_password() {
        let error = parse("postgres://me:secret@db.example:many/shop").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn connection_strings_hold_no_password() {
        let config = parse("postgres://me:secret@db.example:5433/shop").unwrap();
        assert_eq!(
            connection_string(&config, "it's"),
            "host=db.example port=5433 user=me dbname='it\\'s'"
        );
    }
}
