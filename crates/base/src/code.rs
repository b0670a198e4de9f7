//! Diagnostic codes: one constant each, with the text of its documentation page.

use std::fmt;

/// What is known of a diagnostic code. Made by [`codes!`](crate::codes), never by hand.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The stable code, such as `R003`: the letter names the stage.
    pub code: &'static str,
    /// The short name, in kebab-case.
    pub name: &'static str,
    /// The documentation page, in Markdown; its first paragraph is the summary.
    pub explanation: &'static str,
}

/// A diagnostic code. Comparing two compares the codes' texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(pub &'static CodeInfo);

impl Code {
    /// The stable code, such as `R003`.
    pub const fn as_str(self) -> &'static str {
        self.0.code
    }

    /// The short name, in kebab-case.
    pub const fn name(self) -> &'static str {
        self.0.name
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)
    }
}

/// Declares the diagnostic codes of a crate: a constant for each, and `CODES`, the list of all.
/// The doc comment of a constant is its documentation page.
///
/// ```
/// underpin_base::codes! {
///     /// A table was not understood.
///     ///
///     /// Nothing in it reached the model.
///     UNREAD_TABLE = "R901", "unread-table";
/// }
/// assert_eq!(UNREAD_TABLE.as_str(), "R901");
/// assert_eq!(CODES[0].explanation.lines().next(), Some(" A table was not understood."));
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $constant:ident = $code:literal, $name:literal;)+) => {
        $(
            $(#[doc = $doc])+
            pub const $constant: $crate::Code = $crate::Code(&$crate::CodeInfo {
                code: $code,
                name: $name,
                explanation: concat!($($doc, "\n"),+),
            });
        )+
        /// Every diagnostic code of this crate, in the order of their declaration.
        pub const CODES: &[&$crate::CodeInfo] = &[$($constant.0),+];
    };
}
