//! What a superuser does for a script that runs as an ordinary role: little things that a schema needs and that cannot
//! be turned to anything else. What the script itself says never runs with a superuser's rights.

use std::collections::BTreeMap;

use underpin_pg::{
    Command, GuestStatement, Ident, OwnerRight, ScriptStatement, script_statements, statement_words,
};
use underpin_server::{Database, ServerError, Session, SessionError};

/// SQLSTATE `insufficient_privilege`.
pub(crate) const INSUFFICIENT_PRIVILEGE: &str = "42501";
/// SQLSTATE `duplicate_object`.
const DUPLICATE_OBJECT: &str = "42710";

/// What became of a statement that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Help {
    /// It is to be sent again.
    Again,
    /// What it asks for was done for it.
    Done,
    /// Nothing that is judged depends on it: it is left out, and said so.
    LeftOut,
    /// There is none.
    None,
}

/// A superuser beside a script. Without a server of our own there is none, and what is refused stays refused.
#[derive(Debug)]
pub(crate) struct HelpingHand {
    administrator: Option<Session>,
    /// Whether who may make roles may make itself a member of them.
    grants_itself: bool,
    /// Extensions that only a superuser may create, with the reason where that failed.
    extensions: BTreeMap<String, Option<String>>,
}

impl HelpingHand {
    /// Creates what only a superuser may create, while the database is empty: where a stranger's functions are there
    /// already, the script of an extension could be made to call them.
    pub(crate) fn beside(database: &Database, scripts: &[&str]) -> Result<Self, SessionError> {
        let mut hand = Self {
            administrator: database.administrator()?,
            grants_itself: database.version().major < 16,
            extensions: BTreeMap::new(),
        };
        let Some(administrator) = &mut hand.administrator else { return Ok(hand) };
        let statements = scripts.iter().flat_map(|script| script_statements(script));
        for name in statements.flat_map(|statement| extensions_of(statement.text)) {
            if hand.extensions.contains_key(name.as_str())
                || !has_rows(administrator, &GuestStatement::IsUntrusted(name.clone()))?
            {
                continue;
            }
            // Like every script that names no namespace, an extension goes to `public`.
            let create = GuestStatement::CreateExtension(name.clone()).to_string();
            let outcome = administrator
                .batch(&Command::Set("search_path", "public").to_string())
                .and_then(|()| administrator.batch(&create));
            administrator.batch(&Command::Set("search_path", "pg_catalog").to_string())?;
            let failure = match outcome {
                Ok(()) => None,
                Err(SessionError::Refused(error)) => Some(error.to_string()),
                Err(error) => return Err(error),
            };
            hand.extensions.insert(name.as_str().to_owned(), failure);
        }
        for name in names(administrator, &GuestStatement::Wrappers)? {
            administrator.batch(&GuestStatement::UseWrapper(name).to_string())?;
        }
        Ok(hand)
    }

    /// Why an extension that a statement asks for could not be created.
    pub(crate) fn why_not_created(&self, statement: &str) -> Option<&str> {
        extensions_of(statement)
            .iter()
            .find_map(|name| self.extensions.get(name.as_str())?.as_deref())
    }

    /// Helps out where a statement was refused. What was tried before is not tried again.
    pub(crate) fn help(
        &mut self,
        session: &mut Session,
        statement: &ScriptStatement<'_>,
        error: &ServerError,
        tried: &mut Tried,
    ) -> Result<Help, SessionError> {
        let Some(administrator) = &mut self.administrator else { return Ok(Help::None) };
        let words = statement_words(statement.text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if error.sqlstate == DUPLICATE_OBJECT
            && extensions_of(statement.text)
                .iter()
                .any(|name| self.extensions.contains_key(name.as_str()))
        {
            return place_extension(administrator, &words).map(|()| Help::Done);
        }
        if error.sqlstate != INSUFFICIENT_PRIVILEGE {
            return Ok(Help::None);
        }
        if !tried.adopted {
            tried.adopted = true;
            let strange = names(session, &GuestStatement::StrangeRoles)?;
            let any = !strange.is_empty();
            for role in strange {
                // A role made in a transaction that is not committed is there for its own session alone, which may
                // grant it before PostgreSQL 16, and has its rights anyhow from then on.
                let granting = if self.grants_itself { &mut *session } else { &mut *administrator };
                granting.batch(&GuestStatement::Adopt(role).to_string())?;
            }
            if any {
                return Ok(Help::Again);
            }
        }
        if let Some((namespace, owner)) = lacking_owner(error, &words)
            && tried.owner.is_none()
            && session
                .batch(&OwnerRight::Give(namespace.clone(), owner.clone()).to_string())
                .is_ok()
        {
            tried.owner = Some((namespace, owner));
            return Ok(Help::Again);
        }
        if let Some(role) = made_role(&words) {
            let made =
                administrator.batch(&GuestStatement::Bypassing(role.clone()).to_string()).is_ok();
            if made {
                administrator.batch(&GuestStatement::Adopt(role).to_string())?;
                return Ok(if words.contains(&"superuser") { Help::LeftOut } else { Help::Done });
            }
        }
        Ok(match words.as_slice() {
            ["comment", "on", "extension" | "event" | "database" | "language", ..] => Help::Done,
            ["create" | "alter" | "drop", "event", "trigger", ..]
            | ["create" | "alter" | "drop", "publication" | "subscription", ..]
            | ["alter", "role" | "user" | "group" | "extension" | "database", ..]
            | ["security", "label", ..]
            | ["set", "session", "authorization", ..] => Help::LeftOut,
            _ => Help::None,
        })
    }
}

/// What was tried for one statement.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    adopted: bool,
    owner: Option<(Ident, Ident)>,
}

impl Tried {
    /// Takes back what was given for the length of the statement.
    pub(crate) fn end(self, session: &mut Session) {
        if let Some((namespace, owner)) = self.owner {
            // Where that fails the role may make objects in a namespace of a scratch database.
            let _ = session.batch(&OwnerRight::Take(namespace, owner).to_string());
        }
    }
}

/// The namespace that the new owner may not make anything in, and the new owner.
fn lacking_owner(error: &ServerError, words: &[&str]) -> Option<(Ident, Ident)> {
    let namespace = error.message.strip_prefix("permission denied for schema ")?;
    let at = words.windows(2).rposition(|pair| pair == ["owner", "to"])?;
    Some((Ident::new(namespace).ok()?, Ident::new(*words.get(at + 2)?).ok()?))
}

/// The role that a `CREATE ROLE` makes.
fn made_role(words: &[&str]) -> Option<Ident> {
    let ["create", "role" | "user" | "group", name, ..] = words else { return None };
    Ident::new(*name).ok()
}

/// Puts an extension that is there already where a statement wants it, if it can be moved.
fn place_extension(administrator: &mut Session, words: &[&str]) -> Result<(), SessionError> {
    let Some(at) = words.iter().position(|word| *word == "schema") else { return Ok(()) };
    let extension = words.iter().skip(2).find(|word| !["if", "not", "exists"].contains(word));
    let (Some(extension), Some(namespace)) = (extension, words.get(at + 1)) else { return Ok(()) };
    let (Ok(extension), Ok(namespace)) = (Ident::new(*extension), Ident::new(*namespace)) else {
        return Ok(());
    };
    match administrator.batch(&GuestStatement::MoveExtension(extension, namespace).to_string()) {
        Ok(()) | Err(SessionError::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The extensions that a statement creates, also in the body of a DO.
fn extensions_of(statement: &str) -> Vec<Ident> {
    let words = statement_words(statement);
    let at = words
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] == "create" && pair[1] == "extension")
        .map(|(at, _)| at + 2);
    at.filter_map(|at| {
        let guarded = words[at..].starts_with(&["if".into(), "not".into(), "exists".into()]);
        Ident::new(words.get(if guarded { at + 3 } else { at })?.as_str()).ok()
    })
    .collect()
}

fn has_rows(session: &mut Session, query: &GuestStatement) -> Result<bool, SessionError> {
    Ok(!session.text(&query.to_string())?.rows.is_empty())
}

fn names(session: &mut Session, query: &GuestStatement) -> Result<Vec<Ident>, SessionError> {
    let rows = session.text(&query.to_string())?.rows;
    Ok(rows.into_iter().flatten().flatten().filter_map(|name| Ident::new(name).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_found_by_name() {
        let names = |statement: &str| -> Vec<String> {
            extensions_of(statement).iter().map(|name| name.as_str().to_owned()).collect()
        };
        assert_eq!(names("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" SCHEMA x"), ["uuid-ossp"]);
        assert_eq!(names("DO $$ BEGIN CREATE EXTENSION dblink; END $$"), ["dblink"]);
        assert!(names("CREATE TABLE extension (a int)").is_empty());
    }
}
