//! Servers: finding PostgreSQL's programs, starting private servers from them, working in databases, and leaving
//! nothing behind.
//!
//! Invariant: this is the only crate that starts a process or opens a connection. It prints nothing; every error is
//! a type whose message says what happened and what to do.
//!
//! ```no_run
//! use underpin_server::{Places, Search, Server};
//!
//! let installation = Search::on_this_machine(None).find()?;
//! let server = Server::start(&installation, &Places::on_this_machine())?;
//! let database = server.create_database("example")?;
//! database.connect()?.batch("CREATE TABLE t (id int PRIMARY KEY)")?;
//! // Dropping the handles drops the database, stops the server and removes its folder.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod account;
pub mod catalog;
mod dump;
mod error;
mod fetch;
mod find;
mod given;
mod partition_names;
mod pgbench;
mod places;
mod private;
mod process;
mod processors;
mod registry;
mod run_folder;
mod server;
mod session;
mod sqlstate;
mod start_error;
mod sweep;
mod template;
mod version;

pub use dump::{DumpError, dump_halves, dump_schema};
pub use error::{ServerError, SessionError};
pub use fetch::{Archive, FetchError, ObtainError, Progress, fetch, obtain};
pub use find::{FindError, Installation, Looked, Package, Place, Problem, Search};
pub use given::{GivenError, connect_to_read};
pub use pgbench::{Call, Failed, Pgbench, PgbenchError, Ran, Run, Weighed};
pub use places::Places;
pub use processors::ProcessorTime;
pub use registry::{interrupt, is_interrupted};
pub use server::{Database, OthersError, Server};
pub use session::{Prepared, Row, Session, TextRows, ToSql, Type};
pub use sqlstate::condition_name;
pub use start_error::StartError;
pub use sweep::sweep;
pub use version::{OLDEST_MAJOR, Version};
