//! A server that the user named: we work in our own databases there and leave it as it was.

use crate::harness::Ground;
use underpin_server::{GivenError, Server};

fn databases(server: &Server) -> Vec<Vec<Option<String>>> {
    server
        .connect("postgres")
        .unwrap()
        .text("SELECT datname FROM pg_database ORDER BY 1")
        .unwrap()
        .rows
}

#[test]
fn it_is_left_as_it_was() {
    let ground = Ground::new();
    let owner = ground.start();
    let before = databases(&owner);
    let given = Server::given(&owner.connection_string("postgres")).unwrap();
    assert!(!given.is_private() && given.folder().is_none());
    assert_eq!(given.version(), owner.version());

    let database = given.create_database("Shop; of \"mine\"").unwrap();
    assert!(database.name().starts_with("underpin_shop__of__mine__"), "{database}");
    database.connect().unwrap().batch("CREATE TABLE t (id int)").unwrap();
    assert_eq!(databases(&owner).len(), before.len() + 1);
    let open = database.connect().unwrap();
    drop(database);
    assert_eq!(databases(&owner), before, "also with a connection still open");
    drop(open);

    given.stop().unwrap();
    assert_eq!(databases(&owner), before, "a given server is never stopped");
}

#[test]
fn a_role_that_may_not_create_databases_is_named() {
    let ground = Ground::new();
    let owner = ground.start();
    owner.connect("postgres").unwrap().batch("CREATE ROLE reader LOGIN").unwrap();
    let url = owner.connection_string("postgres").replace("user=underpin_superuser", "user=reader");
    let error = Server::given(&url).unwrap_err();
    assert!(matches!(&error, GivenError::MayNotCreate { role } if role == "reader"), "{error}");
}

#[test]
fn a_server_that_is_not_there_is_said_so() {
    let ground = Ground::new();
    let url = format!("host={} user=me dbname=postgres", ground.path().display());
    assert!(matches!(Server::given(&url), Err(GivenError::Connect(_))));
}
