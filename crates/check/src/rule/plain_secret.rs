//! Secrets and files that lie in rows as they are.

use underpin_pg::Type;

use crate::finding::{Finding, Object, short};
use crate::names::words;
use crate::subject::Subject;

underpin_base::codes! {
    /// A column holds a secret as plain text.
    ///
    /// Whoever reads a row, a backup or a log of statements has it. A password is stored as a slow hash, a card number or a
    /// tax number encrypted or as the token of a service that keeps it.
    ///
    /// ```sql
    /// CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, password text NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, password_hash text NOT NULL);
    /// ```
    PLAIN_SECRET = "C078", "plain-secret";
    /// A column holds files.
    ///
    /// Each backup, each replica and each rewrite of the table carries them, and they push the rows out of the cache. An
    /// object store keeps files; the row keeps the key there.
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pdf_file bytea NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, pdf_object_key text NOT NULL);
    /// ```
    FILE_IN_ROW = "C079", "file-in-row";
}

/// Names of secrets, whole or after another word.
const SECRETS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "card_number",
    "cvv",
    "cvc",
    "ssn",
    "social_security_number",
    "private_key",
    "api_secret",
    "client_secret",
    "secret_key",
];
/// Words that say that it is not the secret itself.
const COVERED: &[&str] = &["hash", "hashed", "encrypted", "digest", "masked", "crypted"];
const FILES: &[&str] = &[
    "file",
    "image",
    "photo",
    "picture",
    "document",
    "attachment",
    "video",
    "audio",
    "pdf",
    "avatar",
    "blob",
    "content",
];

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, column) in subject.columns() {
        let name = words(column.name.as_str());
        let joined = name.join("_");
        let place = format!("{}.{}", short(&table.name), column.name.as_str());
        let object = Object::part(&table.name, &column.name);
        let is_text = column.data_type == Type::Text
            || matches!(&column.data_type, Type::Other(name) if name.starts_with("character"));
        let is_secret = SECRETS
            .iter()
            .any(|secret| joined == *secret || joined.ends_with(&format!("_{secret}")));
        let is_covered = name.iter().any(|word| COVERED.contains(&&**word));
        if is_text && is_secret && !is_covered {
            findings.push(
                Finding::warning(PLAIN_SECRET, object, format!("`{place}` has the name of a secret that is kept as plain text"))
                    .help("keep a slow hash of a password, and the rest encrypted; and name the column so"),
            );
        } else if column.data_type == Type::Bytea
            && name.last().is_some_and(|last| FILES.contains(&&**last))
        {
            findings.push(
                Finding::note(FILE_IN_ROW, object, format!("`{place}` keeps files in rows"))
                    .help("keep the file in an object store, and its key here"),
            );
        }
    }
}
