//! A private server for one test.

use underpin_operate::Installer;
use underpin_server::{Database, Places, Search, Server, Session};

pub(crate) struct Scratch {
    pub(crate) session: Session,
    database: Database,
    _server: Server,
}

impl Scratch {
    /// What runs a script of somebody else's there.
    pub(crate) fn installer(&self, script: &str) -> Installer {
        Installer::open(&self.database, &[script]).unwrap()
    }
}

/// An empty database on a server of its own.
pub(crate) fn scratch() -> Scratch {
    let installation = Search::on_this_machine(None)
        .find()
        .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error}"));
    let server = Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"));
    let database = server.create_database("operate").unwrap();
    Scratch { session: database.connect().unwrap(), database, _server: server }
}
