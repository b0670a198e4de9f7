//! A private server for one test.

use underpin_server::{Database, Places, Search, Server, Session};

pub(crate) struct Scratch {
    pub(crate) session: Session,
    _database: Database,
    _server: Server,
}

/// An empty database on a server of its own.
pub(crate) fn scratch() -> Scratch {
    let installation = Search::on_this_machine(None)
        .find()
        .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error}"));
    let server = Server::start(&installation, &Places::on_this_machine())
        .unwrap_or_else(|error| panic!("{error}"));
    let database = server.create_database("operate").unwrap();
    Scratch { session: database.connect().unwrap(), _database: database, _server: server }
}
