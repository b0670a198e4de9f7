//! What a script of somebody else says to its server and not of its schema: it is passed over where a server of
//! our own cannot do it, and told.

use underpin_pg::Ident;
use underpin_server::ServerError;

/// Whether a statement is about the server or another database: it is not run at all.
pub(crate) fn is_of_server(statement: &str) -> bool {
    const LEADS: &[&[&str]] = &[
        &["create", "database"],
        &["alter", "database"],
        &["drop", "database"],
        &["comment", "on", "database"],
        &["create", "tablespace"],
        &["alter", "tablespace"],
        &["drop", "tablespace"],
        &["alter", "system"],
        &["create", "subscription"],
        &["alter", "subscription"],
        &["drop", "subscription"],
    ];
    LEADS.iter().any(|lead| begins(statement, lead))
}

/// Whether a schema is as it was without a statement that was refused: a setting of a newer server, an
/// extension that this machine lacks, a call of what such an extension brings, who is told of changes.
pub(crate) fn is_beside(statement: &str, error: &ServerError) -> bool {
    // What is not there: a parameter, a function, a table, a namespace, an extension.
    const MISSING: &[&str] = &["42704", "42883", "42P01", "3F000", "0A000", "58P01", "22023"];
    let is_missing = MISSING.contains(&error.sqlstate.as_str());
    let says = |leads: &[&[&str]]| leads.iter().any(|lead| begins(statement, lead));
    is_missing
        && says(&[
            &["set"],
            &["select"],
            &["call"],
            &["create", "extension"],
            &["alter", "extension"],
            &["comment", "on", "extension"],
            &["alter", "publication"],
            &["create", "publication"],
            &["comment", "on", "publication"],
            // Not there, since only a superuser may make one.
            &["alter", "event", "trigger"],
            &["drop", "event", "trigger"],
            &["comment", "on", "event", "trigger"],
            &["alter", "default", "privileges"],
            &["security", "label"],
        ])
}

/// The namespace of `schema "extensions" does not exist`, where a statement puts an extension there.
pub(crate) fn missing_namespace(statement: &str, error: &ServerError) -> Option<Ident> {
    if error.sqlstate != "3F000" || !begins(statement, &["create", "extension"]) {
        return None;
    }
    let name = error.message.strip_prefix("schema \"")?.strip_suffix("\" does not exist")?;
    Ident::new(name).ok()
}

/// Whether a statement begins with these words, whatever comments and blanks stand there.
pub(crate) fn begins(statement: &str, lead: &[&str]) -> bool {
    let mut rest = statement.trim_start();
    loop {
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest).trim_start();
        } else {
            break;
        }
    }
    let mut words = rest.split(|c: char| c.is_whitespace() || c == '(').filter(|it| !it.is_empty());
    lead.iter().all(|wanted| words.next().is_some_and(|word| word.eq_ignore_ascii_case(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_the_server() {
        for statement in
            ["CREATE DATABASE a", "-- all\n/* x */ create tablespace t", "ALTER SYSTEM SET a = 1"]
        {
            assert!(is_of_server(statement), "{statement}");
        }
        for statement in ["CREATE TABLE database (id int)", "CREATE", "", "-- create database"] {
            assert!(!is_of_server(statement), "{statement}");
        }
    }
}
