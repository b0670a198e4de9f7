//! A running server, private or given, and the databases made on it.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use postgres::Config;
use underpin_pg::{GuestStatement, Ident, ScratchDatabase};

use crate::error::SessionError;
use crate::find::Installation;
use crate::given::{self, GivenError};
use crate::places::Places;
use crate::private::Private;
use crate::registry::{Cleanup, locked, register};
use crate::session::Session;
use crate::start_error::StartError;
use crate::version::Version;

/// A server to work on. A private one is stopped and removed when the last handle to it, its databases included, is
/// dropped; of a given one only the databases that we made are dropped.
#[derive(Debug)]
pub struct Server {
    home: Arc<Home>,
}

#[derive(Debug)]
struct Home {
    /// `None` for a given server.
    private: Option<Arc<Private>>,
    /// Where the programs are that a private one was started from.
    bin_dir: Option<PathBuf>,
    config: Config,
    version: Version,
}

impl Server {
    /// Starts a private server and returns when it takes connections: a Unix socket in a folder that only its
    /// account can enter, no TCP port. First sweeps what a killed run left.
    pub fn start(installation: &Installation, places: &Places) -> Result<Self, StartError> {
        let private = Private::start(installation, places)?;
        let config = private.config();
        Ok(Self {
            home: Arc::new(Home {
                private: Some(private),
                bin_dir: Some(installation.bin_dir.clone()),
                config,
                version: installation.version,
            }),
        })
    }

    /// Connects to the server that the user named (`--database-url`), to work in databases of our own on it.
    pub fn given(url: &str) -> Result<Self, GivenError> {
        let (config, version) = given::connect(url)?;
        Ok(Self { home: Arc::new(Home { private: None, bin_dir: None, config, version }) })
    }

    /// The version of the server.
    pub fn version(&self) -> Version {
        self.home.version
    }

    /// Whether the server is ours alone, so that what concerns the whole server (roles, settings) may be changed.
    pub fn is_private(&self) -> bool {
        self.home.private.is_some()
    }

    /// The folder of a private server; `None` for a given one.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.home.private.as_ref().map(|private| private.folder())
    }

    /// How many bytes are left where a private server keeps its data; nothing for a given one.
    pub fn room(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(self.folder()?).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }

    /// Where the programs are that a private server was started from.
    pub(crate) fn bin_dir(&self) -> Option<&std::path::Path> {
        self.home.bin_dir.as_deref()
    }

    /// The process of a private server.
    pub(crate) fn process(&self) -> Option<u32> {
        self.home.private.as_ref()?.process()
    }

    /// The parameters of a connection to one of its databases.
    pub(crate) fn config(&self) -> &Config {
        &self.home.config
    }

    /// Why a private server ended, in the words of its own log, where it did so by itself.
    pub fn last_words(&self) -> Option<String> {
        let log = std::fs::read(self.home.private.as_ref()?.log()).ok()?;
        let log = String::from_utf8_lossy(&log);
        // The cause first; what it led to after it.
        ["No space left", "PANIC:", "was terminated by signal", "FATAL:"]
            .iter()
            .find_map(|sign| log.lines().find(|line| line.contains(sign)))
            .map(str::to_owned)
    }

    /// Opens a connection to a database of this server, by its name.
    pub fn connect(&self, database: &str) -> Result<Session, SessionError> {
        self.home.connect(database)
    }

    /// What `psql` takes to connect to a database of this server. Holds no password.
    pub fn connection_string(&self, database: &str) -> String {
        self.home.connection_string(database)
    }

    /// Makes an empty database, UTF-8, with a name made of `stem` and a unique number. It is dropped with the
    /// returned handle, and when the run is interrupted.
    pub fn create_database(&self, stem: &str) -> Result<Database, SessionError> {
        self.create(ScratchDatabase::new(stem, unique_number()))
    }

    /// As [`Server::create_database`], with a name that a user chose; refused where there is one of that name.
    pub fn create_database_named(&self, name: Ident) -> Result<Database, SessionError> {
        self.create(ScratchDatabase::named(name))
    }

    /// An empty database for what somebody else wrote: on a private server, every connection that the database opens is
    /// that of a role which is no superuser. On a given server it is the role that was named, which must be none either.
    pub fn create_database_for_others(&self, stem: &str) -> Result<Database, OthersError> {
        if !self.is_private() {
            let mut session = self.home.open()?;
            if answers(&mut session, &GuestStatement::IsSuperuser.to_string())? {
                return Err(OthersError::Superuser);
            }
            return Ok(self.create_database(stem)?);
        }
        let mut session = self.home.open()?;
        if !answers(&mut session, &GuestStatement::Look.to_string())? {
            if self.version().major < 16 {
                session.batch(&GuestStatement::ForgetReachingRoles.to_string())?;
            }
            session.batch(&GuestStatement::Create.to_string())?;
            session.batch(&GuestStatement::Settings.to_string())?;
            session.batch(&GuestStatement::AllRows.to_string())?;
            if self.version().major >= 16 {
                session.batch(&GuestStatement::MembersOfTheirOwn.to_string())?;
            }
        }
        Ok(self
            .create_for(ScratchDatabase::new(stem, unique_number()), Some(GuestStatement::ROLE))?)
    }

    fn create(&self, scratch: ScratchDatabase) -> Result<Database, SessionError> {
        self.create_for(scratch, None)
    }

    fn create_for(
        &self,
        scratch: ScratchDatabase,
        guest: Option<&'static str>,
    ) -> Result<Database, SessionError> {
        let home = Arc::clone(&self.home);
        let made = Arc::new(Made { home, scratch, guest, exists: Mutex::new(false) });
        // Noted before it exists: an interruption from now on either finds it or keeps it from being made.
        if !register(&made) {
            return Err(SessionError::Lost("the run was interrupted".to_owned()));
        }
        let mut exists = locked(&made.exists);
        let mut session = self.home.open()?;
        session.batch(&match made.guest {
            Some(guest) => made.scratch.create_for(guest),
            None => made.scratch.create(),
        })?;
        *exists = true;
        drop(exists);
        Ok(Database { made })
    }

    /// Stops a private server and removes its folder, and reports if that failed; dropping the handle does the same
    /// in silence. Databases made on it are gone with it. Does nothing to a given server.
    pub fn stop(self) -> std::io::Result<()> {
        self.home.private.as_ref().map_or(Ok(()), |private| private.stop())
    }
}

impl Home {
    fn open(&self) -> Result<Session, SessionError> {
        Session::open(&self.config)
    }

    fn connect(&self, database: &str) -> Result<Session, SessionError> {
        let mut config = self.config.clone();
        config.dbname(database);
        Session::open(&config)
    }

    fn connection_string(&self, database: &str) -> String {
        given::connection_string(&self.config, database)
    }
}

/// A database of our own on a server. It is dropped when this is.
#[derive(Debug)]
pub struct Database {
    made: Arc<Made>,
}

#[derive(Debug)]
struct Made {
    home: Arc<Home>,
    scratch: ScratchDatabase,
    /// Who connects to it, where that is not the role of the server's own connections.
    guest: Option<&'static str>,
    exists: Mutex<bool>,
}

impl Database {
    /// Its name.
    pub fn name(&self) -> &str {
        self.made.scratch.name()
    }

    /// Opens a connection to it.
    pub fn connect(&self) -> Result<Session, SessionError> {
        let mut config = self.made.home.config.clone();
        config.dbname(self.name());
        if let Some(guest) = self.made.guest {
            config.user(guest);
        }
        Session::open(&config)
    }

    /// Whether its connections are those of a role that is no superuser, on a server of our own.
    pub fn is_guarded(&self) -> bool {
        self.made.guest.is_some()
    }

    /// A superuser's connection to a database that holds what somebody else wrote; `None` where there is no such
    /// superuser of ours. It looks nothing up in what is there, and may run nothing that calls a function of theirs.
    pub fn administrator(&self) -> Result<Option<Session>, SessionError> {
        if self.made.guest.is_none() {
            return Ok(None);
        }
        let mut config = self.made.home.config.clone();
        // Before the settings that the owner of a database may give it.
        config.dbname(self.name()).options("-c search_path=pg_catalog");
        Session::open(&config).map(Some)
    }

    /// What `psql` takes to connect to it. Holds no password.
    pub fn connection_string(&self) -> String {
        self.made.home.connection_string(self.name())
    }

    /// The version of its server.
    pub fn version(&self) -> Version {
        self.made.home.version
    }

    /// Leaves it where it is, also after this handle is gone.
    pub fn keep(self) -> String {
        self.leave();
        self.name().to_owned()
    }

    /// From now on it stays where it is, also after this handle is gone.
    pub fn leave(&self) {
        *locked(&self.made.exists) = false;
    }

    /// Drops it now, and reports if that failed; dropping the handle does the same in silence. Connections that are
    /// still open to it are ended.
    pub fn remove(self) -> Result<(), SessionError> {
        self.made.remove()
    }
}

impl Made {
    fn remove(&self) -> Result<(), SessionError> {
        let mut exists = locked(&self.exists);
        if !*exists {
            return Ok(());
        }
        *exists = false;
        if self.home.private.as_ref().is_some_and(|private| !private.is_running()) {
            return Ok(());
        }
        self.home.open()?.batch(&self.scratch.drop())
    }
}

impl Cleanup for Made {
    fn clean_up(&self) {
        // A private server goes as a whole.
        if self.home.private.is_none() {
            let _ = self.remove();
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // The last handle to a private server takes the whole server with it, so its databases need no care.
        if self.home.private.is_none() || Arc::strong_count(&self.home) > 1 {
            let _ = self.remove();
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn answers(session: &mut Session, query: &str) -> Result<bool, SessionError> {
    Ok(!session.text(query)?.rows.is_empty())
}

/// Why there is no database for what somebody else wrote.
#[derive(Debug)]
pub enum OthersError {
    /// The role that the given server is reached as is a superuser.
    Superuser,
    /// The server refused, or is lost.
    Session(SessionError),
}

impl From<SessionError> for OthersError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

/// Differs between two calls, two processes and two machines that share a server: the time in nanoseconds, the
/// process and a counter, mixed. It names things that are gone when the run ends and reaches no output.
fn unique_number() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::from(since.subsec_nanos()) | since.as_secs() << 30);
    let counter = COUNTER.fetch_add(1, Ordering::Relaxed);
    now.wrapping_add(counter << 50) ^ u64::from(std::process::id()).rotate_left(32)
}
