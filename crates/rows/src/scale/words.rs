//! Believable values by what a column's name says: names, e-mail addresses, places, codes. Whether a rule takes
//! them is judged by the caller.

use std::fmt::Write as _;

use super::mix::{below, mix};

const FIRST: &[&str] = &[
    "Amara", "Anna", "Aiko", "Ben", "Bianca", "Carlos", "Chen", "Clara", "Daniel", "Diana",
    "Elena", "Emeka", "Emma", "Farid", "Fatima", "Felix", "Grace", "Hana", "Hugo", "Ines", "Ivan",
    "Jana", "Jonas", "Julia", "Kaito", "Karin", "Lars", "Leila", "Lucas", "Maria", "Marta", "Mei",
    "Milan", "Nadia", "Noah", "Nora", "Olga", "Omar", "Paul", "Petra", "Priya", "Rahul", "Rosa",
    "Samuel", "Sara", "Sofia", "Tariq", "Tomas", "Uma", "Viktor", "Wanda", "Yara", "Yusuf", "Zoe",
];
const LAST: &[&str] = &[
    "Abe", "Adeyemi", "Almeida", "Andersen", "Bauer", "Becker", "Brown", "Costa", "Cruz", "Dubois",
    "Eriksen", "Fischer", "Garcia", "Gupta", "Haas", "Hansen", "Horvat", "Ibrahim", "Ito",
    "Jansen", "Kaya", "Keller", "Khan", "Kim", "Kowalski", "Lang", "Larsen", "Lopez", "Maier",
    "Martin", "Mendes", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen", "Park", "Patel",
    "Peters", "Popov", "Quinn", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Smith", "Svensson",
    "Tanaka", "Torres", "Vargas", "Wagner", "Weber", "Yilmaz", "Zhang",
];
const PLACES: &[(&str, &str, &str)] = &[
    ("Berlin", "DE", "Europe/Berlin"),
    ("Munich", "DE", "Europe/Berlin"),
    ("Hamburg", "DE", "Europe/Berlin"),
    ("Paris", "FR", "Europe/Paris"),
    ("Lyon", "FR", "Europe/Paris"),
    ("Madrid", "ES", "Europe/Madrid"),
    ("Porto", "PT", "Europe/Lisbon"),
    ("Milan", "IT", "Europe/Rome"),
    ("Vienna", "AT", "Europe/Vienna"),
    ("Zurich", "CH", "Europe/Zurich"),
    ("Oslo", "NO", "Europe/Oslo"),
    ("Warsaw", "PL", "Europe/Warsaw"),
    ("London", "GB", "Europe/London"),
    ("Leeds", "GB", "Europe/London"),
    ("Boston", "US", "America/New_York"),
    ("Chicago", "US", "America/Chicago"),
    ("Denver", "US", "America/Denver"),
    ("Toronto", "CA", "America/Toronto"),
    ("Recife", "BR", "America/Recife"),
    ("Osaka", "JP", "Asia/Tokyo"),
    ("Pune", "IN", "Asia/Kolkata"),
    ("Lagos", "NG", "Africa/Lagos"),
    ("Perth", "AU", "Australia/Perth"),
];
const CURRENCIES: &[&str] = &["EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF", "JPY", "PLN", "BRL"];
const LANGUAGES: &[&str] = &["en", "en", "en", "de", "fr", "es", "pt", "it", "ja", "pl"];
const KINDS: &[&str] = &[
    "amber", "basic", "blue", "bright", "calm", "classic", "clear", "compact", "crisp", "daily",
    "deep", "early", "fine", "fresh", "golden", "grand", "green", "light", "lunar", "mellow",
    "modern", "north", "open", "plain", "prime", "quiet", "rapid", "royal", "silver", "smart",
    "solid", "spring", "steady", "sunny", "swift", "urban",
];
const THINGS: &[&str] = &[
    "anchor", "atlas", "beacon", "bridge", "canvas", "cedar", "chair", "cloud", "compass", "cup",
    "desk", "engine", "field", "forge", "garden", "harbor", "jacket", "kettle", "ladder", "lamp",
    "lantern", "lens", "mill", "mirror", "orchard", "paper", "pilot", "planet", "river", "shelf",
    "signal", "stone", "studio", "table", "tower", "valley",
];

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    GivenName,
    FamilyName,
    FullName,
    Email,
    Phone,
    Company,
    Street,
    City,
    Country,
    PostalCode,
    Currency,
    Language,
    TimeZone,
    Handle,
    Code,
    Secret,
    Url,
    Sentence,
    Title,
}

impl Meaning {
    /// What the name of a column of a table lets one expect.
    pub(super) fn of(table: &str, column: &str) -> Self {
        let has = |parts: &[&str]| parts.iter().any(|part| column.contains(part));
        let is_person = [
            "user", "person", "people", "customer", "member", "patient", "employee", "contact",
            "author",
        ]
        .iter()
        .any(|part| table.contains(part));
        if has(&["email", "e_mail"]) {
            Self::Email
        } else if has(&["first_name", "given_name", "forename"]) {
            Self::GivenName
        } else if has(&["last_name", "family_name", "surname"]) {
            Self::FamilyName
        } else if has(&["user_name", "username", "slug", "handle", "subdomain", "nickname"]) {
            Self::Handle
        } else if has(&["company", "organisation", "organization"]) {
            Self::Company
        } else if has(&["phone", "mobile", "fax"]) {
            Self::Phone
        } else if has(&[
            "token",
            "hash",
            "secret",
            "password",
            "fingerprint",
            "checksum",
            "idempotency",
            "signature",
        ]) {
            Self::Secret
        } else if has(&["url", "uri", "link", "website", "avatar"]) {
            Self::Url
        } else if has(&["postal", "postcode", "zip"]) {
            Self::PostalCode
        } else if has(&["street", "address", "line1"]) {
            Self::Street
        } else if has(&["city", "town"]) {
            Self::City
        } else if has(&["country", "nationality"]) {
            Self::Country
        } else if has(&["currency"]) {
            Self::Currency
        } else if has(&["language", "locale"]) {
            Self::Language
        } else if has(&["time_zone", "timezone"]) {
            Self::TimeZone
        } else if has(&[
            "description",
            "note",
            "body",
            "comment",
            "message",
            "reason",
            "summary",
            "content",
            "text",
        ]) {
            Self::Sentence
        } else if has(&["full_name", "display_name"]) || (column == "name" && is_person) {
            Self::FullName
        } else if has(&[
            "code",
            "sku",
            "number",
            "reference",
            "key",
            "identifier",
            "serial",
            "external",
            "isbn",
        ]) {
            Self::Code
        } else {
            Self::Title
        }
    }

    /// Writes a text for a hash; with a number, one that no other number has.
    pub(super) fn write(self, hash: u64, number: Option<u64>, text: &mut String) {
        let pick =
            |list: &'static [&'static str], purpose: u64| list[at(hash, purpose, list.len())];
        let (first, last) = (pick(FIRST, 1), pick(LAST, 2));
        let (kind, thing) = (pick(KINDS, 3), pick(THINGS, 4));
        let place = PLACES[at(hash, 5, PLACES.len())];
        let some = |bound: u64| below(mix(hash ^ 6), bound);
        let digits = number.map(base36).unwrap_or_default();
        let written = match self {
            Self::GivenName => write!(text, "{first}{digits}"),
            Self::FamilyName => write!(text, "{last}{digits}"),
            Self::FullName if digits.is_empty() => write!(text, "{first} {last}"),
            Self::FullName => write!(text, "{first} {last} {digits}"),
            Self::Email => {
                let digits = if digits.is_empty() { base36(some(46_656)) } else { digits };
                write!(
                    text,
                    "{}.{}.{digits}@example.com",
                    first.to_lowercase(),
                    last.to_lowercase()
                )
            }
            Self::Phone => {
                write!(text, "+1555{:07}", number.unwrap_or_else(|| some(10_000_000)))
            }
            Self::Company => write!(text, "{last} {} {digits}", capital(thing)),
            Self::Street => write!(text, "{} {} Street {digits}", 1 + some(180), capital(thing)),
            Self::City => write!(text, "{}{digits}", place.0),
            Self::Country => write!(text, "{}{digits}", place.1),
            Self::PostalCode => {
                write!(text, "{:05}", number.unwrap_or_else(|| 10_000 + some(90_000)))
            }
            Self::Currency => write!(text, "{}{digits}", pick(CURRENCIES, 7)),
            Self::Language => write!(text, "{}{digits}", pick(LANGUAGES, 8)),
            Self::TimeZone => write!(text, "{}{digits}", place.2),
            Self::Handle if digits.is_empty() => {
                write!(text, "{kind}-{thing}-{}", base36(some(1 << 20)))
            }
            Self::Handle => write!(text, "{kind}-{thing}-{digits}"),
            Self::Code => {
                write!(
                    text,
                    "{}-{:06}",
                    thing[..2].to_uppercase(),
                    number.unwrap_or_else(|| some(1_000_000))
                )
            }
            Self::Secret => match number {
                Some(number) => write!(text, "{:016x}{number:016x}", mix(number)),
                None => write!(text, "{hash:016x}{:016x}", mix(hash)),
            },
            Self::Url => {
                let path = if digits.is_empty() { base36(some(1 << 30)) } else { digits };
                write!(text, "https://example.com/{thing}/{path}")
            }
            Self::Sentence => {
                let (other, more) = (pick(THINGS, 9), pick(KINDS, 10));
                write!(text, "The {kind} {thing} came with a {more} {other}.")
            }
            Self::Title if digits.is_empty() => write!(text, "{} {thing}", capital(kind)),
            Self::Title => write!(text, "{} {thing} {digits}", capital(kind)),
        };
        written.expect("writing to a String cannot fail");
        text.truncate(text.trim_end().len());
    }

    /// Whether there are about as many values as rows, though no key says so.
    pub(super) const fn is_nearly_unique(self) -> bool {
        matches!(
            self,
            Self::Email | Self::Phone | Self::Handle | Self::Code | Self::Secret | Self::Url
        )
    }
}

fn at(hash: u64, purpose: u64, length: usize) -> usize {
    let length = u64::try_from(length).expect("a length has at most 64 bits");
    usize::try_from(below(mix(hash.wrapping_add(purpose)), length)).expect("below a usize")
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// A number in the digits 0 to 9 and a to z.
pub(super) fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        let digit = usize::try_from(number % 36).expect("below 36");
        digits.push(char::from(DIGITS[digit]));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(table: &str, column: &str, number: Option<u64>) -> String {
        let mut text = String::new();
        Meaning::of(table, column).write(mix(number.unwrap_or(9)), number, &mut text);
        text
    }

    #[test]
    fn columns_hold_what_their_names_say() {
        assert!(text("users", "email", Some(7)).ends_with(".7@example.com"));
        assert!(text("users", "phone", None).starts_with("+1555"));
        assert_eq!(text("merchants", "default_currency", None).len(), 3);
        assert!(text("users", "name", None).contains(' '));
    }

    #[test]
    fn numbers_tell_texts_apart() {
        for column in
            ["email", "slug", "sku", "title", "url", "token_hash", "city", "phone", "full_name"]
        {
            let all: std::collections::BTreeSet<String> = (0..3_000)
                .map(|number| text("users", column, Some(number)).to_lowercase())
                .collect();
            assert_eq!(all.len(), 3_000, "{column}");
        }
    }
}
