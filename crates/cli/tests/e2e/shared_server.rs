//! A server that is given by its address, for as long as a test runs.

use underpin_server::{Places, Search, Server};

/// A server for all the schemas of a test.
pub(crate) struct Shared {
    pub(crate) server: Server,
}

impl Shared {
    pub(crate) fn start() -> Self {
        let installation = Search::on_this_machine(None)
            .find()
            .unwrap_or_else(|error| panic!("this test needs PostgreSQL: {error}"));
        let server = Server::start(&installation, &Places::on_this_machine());
        Self { server: server.unwrap_or_else(|error| panic!("{error}")) }
    }

    /// As [`Shared::url`], for a role that is no superuser.
    pub(crate) fn plain_url(&self, database: &str) -> String {
        let mut session = self.server.connect("postgres").unwrap();
        let made = "CREATE ROLE plain LOGIN CREATEDB CREATEROLE BYPASSRLS";
        // Refused from the second time on.
        let _ = session.batch(made);
        self.url(database).replace("postgres://underpin_superuser@", "postgres://plain@")
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        let words = self.server.connection_string("postgres");
        let word = |name: &str| {
            words.split(' ').find_map(|it| it.strip_prefix(name)).unwrap_or_default().to_owned()
        };
        format!(
            "postgres://{}@{}:{}/{database}",
            word("user="),
            word("host=").replace('/', "%2F"),
            word("port=")
        )
    }
}
