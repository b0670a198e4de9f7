//! Printing: the product on standard output, everything else on standard error, and nobody's pipe breaks us.

use std::io::{self, IsTerminal, Write};

/// How much a stream may be decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Escapes for colour.
    pub(crate) colour: bool,
    /// Lines that are written over.
    pub(crate) live: bool,
}

impl Style {
    /// What standard error may be decorated with.
    pub(crate) fn of_stderr() -> Self {
        let live =
            io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
        Self { colour: live && !no_colour(), live }
    }
}

/// Whether standard output takes colour.
pub(crate) fn stdout_colour() -> bool {
    io::stdout().is_terminal() && !no_colour()
}

/// Whether the person wants no colour, by the convention of no-color.org.
fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Prints a part of the product. A reader that went away (`underpin model … | head`) has what it wanted, so this is
/// no error; a full disk behind a redirection is.
pub(crate) fn product(text: &str) -> io::Result<()> {
    product_of(|stdout| stdout.write_all(text.as_bytes()))
}

/// As [`product`], written piece by piece: a model of 10,000 entities is 50 MB of text.
pub(crate) fn product_of(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut stdout = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints something beside the product. Where nobody listens, there is nobody to tell either.
pub(crate) fn aside(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
