//! The version that a PostgreSQL program or server says it has.

use std::fmt;

/// The oldest major version that Underpin works with: 15 brought `NULLS NOT DISTINCT`, `security_invoker`
/// views and the closed `public` schema, which the designs rely on.
pub const OLDEST_MAJOR: u16 = 15;

/// A PostgreSQL version. Ordered by major, then minor; a development version counts as minor 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The major version, `15` of `15.8`.
    pub major: u16,
    /// The minor version, `8` of `15.8`.
    pub minor: u16,
}

impl Version {
    /// Reads what `postgres --version` prints or what `server_version` holds, for example
    /// `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`, `16beta2` or `17devel`.
    pub fn parse(text: &str) -> Option<Self> {
        let word =
            text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let (major, rest) = digits(word)?;
        let minor = rest.strip_prefix('.').and_then(digits).map_or(0, |(minor, _)| minor);
        Some(Self { major, minor })
    }

    /// Reads `server_version_num`, for example `150008`.
    pub fn from_number(number: u32) -> Option<Self> {
        Some(Self {
            major: u16::try_from(number / 10_000).ok()?,
            minor: u16::try_from(number % 10_000).ok()?,
        })
    }

    /// Whether Underpin works with this version.
    pub fn is_supported(self) -> bool {
        self.major >= OLDEST_MAJOR
    }
}

fn digits(text: &str) -> Option<(u16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_print() {
        let read = |text| Version::parse(text).map(|version| (version.major, version.minor));
        assert_eq!(read("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"), Some((15, 8)));
        assert_eq!(read("postgres (PostgreSQL) 17devel"), Some((17, 0)));
        assert_eq!(read("16beta2"), Some((16, 0)));
        assert_eq!(read("9.6.24"), Some((9, 6)));
        assert_eq!(read("command not found"), None);
        assert_eq!(read("99999999999.1"), None);
    }

    #[test]
    fn what_servers_report() {
        assert_eq!(Version::from_number(150_008), Some(Version { major: 15, minor: 8 }));
        assert!(Version { major: 15, minor: 0 }.is_supported());
        assert!(!Version { major: 14, minor: 99 }.is_supported());
    }
}
