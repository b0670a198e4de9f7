//! Loading rows in bulk by COPY.

use std::io::Read;

use underpin_pg::{CopyIn, Ident, QualifiedName};
use underpin_server::{Session, SessionError};

/// How much encoded data is gathered before it is handed on.
const CHUNK_BYTES: usize = 64 * 1024;

/// Loads rows into a table and returns how many. A value is in the text form of its type, `None` is
/// NULL; a row has one value for each of `columns`. All rows come in, or none.
pub fn copy_in<I, R, T>(
    session: &mut Session,
    table: &QualifiedName,
    columns: &[Ident],
    rows: I,
) -> Result<u64, SessionError>
where
    I: IntoIterator<Item = R>,
    R: AsRef<[Option<T>]>,
    T: AsRef<str>,
{
    let copy = CopyIn { table: table.clone(), columns: columns.to_vec() };
    let mut rows = rows.into_iter();
    let next = move |chunk: &mut String| {
        rows.next().is_some_and(|row| {
            CopyIn::encode_row(chunk, row.as_ref());
            true
        })
    };
    let mut data = Encoder { next, chunk: String::new(), given: 0 };
    session.copy_in(&copy.to_string(), &mut data)
}

/// Rows as a stream of bytes, encoded as they are asked for.
struct Encoder<F> {
    /// Appends the next row; `false` where there is none.
    next: F,
    chunk: String,
    given: usize,
}

impl<F: FnMut(&mut String) -> bool> Read for Encoder<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.chunk.len() {
            self.chunk.clear();
            self.given = 0;
            while self.chunk.len() < CHUNK_BYTES && (self.next)(&mut self.chunk) {}
        }
        let rest = &self.chunk.as_bytes()[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}
