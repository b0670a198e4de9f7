//! `COPY … FROM STDIN` and its text format (manual, COPY, "Text Format").

use std::fmt;

use crate::ident::list;
use crate::{Ident, QualifiedName};

/// `COPY table (columns) FROM STDIN`, text format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyIn {
    /// The table.
    pub table: QualifiedName,
    /// The columns that the data has, in order.
    pub columns: Vec<Ident>,
}

impl fmt::Display for CopyIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "COPY {} ({}) FROM STDIN", self.table, list(&self.columns))
    }
}

impl CopyIn {
    /// Appends a row to data of the text format. Values are in the text form of their types; `None`
    /// is NULL. A backslash and the characters that would end a value or a row are escaped, so that a
    /// value can be neither NULL's mark nor the end of the data.
    pub fn encode_row<T: AsRef<str>>(data: &mut String, row: &[Option<T>]) {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                data.push('\t');
            }
            match value {
                None => data.push_str("\\N"),
                Some(value) => value.as_ref().chars().for_each(|character| match character {
                    '\\' => data.push_str("\\\\"),
                    '\t' => data.push_str("\\t"),
                    '\n' => data.push_str("\\n"),
                    '\r' => data.push_str("\\r"),
                    other => data.push(other),
                }),
            }
        }
        data.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_be_taken_for_something_else() {
        let mut data = String::new();
        let row = [Some("a\tb\\N"), None, Some("\\."), Some(""), Some("x\r\ny")];
        CopyIn::encode_row(&mut data, &row);
        assert_eq!(data, "a\\tb\\\\N\t\\N\t\\\\.\t\tx\\r\\ny\n");
    }
}
