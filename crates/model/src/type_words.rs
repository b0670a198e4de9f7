//! The words that documents use for types, from SQL to TypeScript to plain English.

use crate::{Cardinality, FieldKind, type_references};

/// What the words of a type say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TypeWords {
    /// The kind, where the words are known.
    pub(crate) kind: Option<FieldKind>,
    /// A name that is no known word: an enumeration, an entity or a value object.
    pub(crate) named: Option<String>,
    /// The entity that the type refers to, as in `Id<"users">`.
    pub(crate) reference: Option<String>,
    /// Whether the type admits a missing value, where its words say so.
    pub(crate) nullable: bool,
    /// Values that the type lists.
    pub(crate) values: Vec<String>,
    /// Whether there are several.
    pub(crate) list: bool,
    /// How many of each there are, where the type says it: `ManyToManyField(Tag)`.
    pub(crate) cardinality: Option<Cardinality>,
    /// Just "number": whole or with a point, the field's name must tell.
    pub(crate) vague_number: bool,
}

/// Reads the words of a type.
pub(crate) fn read(text: &str) -> TypeWords {
    let mut words = TypeWords::default();
    let text = text.trim().trim_matches(|c| c == '`' || c == '*').trim();
    read_into(text, &mut words);
    if words.list {
        words.kind = words.kind.map(|kind| match kind {
            FieldKind::Json => FieldKind::Json,
            kind => FieldKind::List(Box::new(kind)),
        });
    }
    words
}

fn read_into(text: &str, words: &mut TypeWords) {
    let text = text.trim().trim_matches('`').trim();
    let keys = ["Id", "Ref", "Reference", "Link", "ObjectId", "Types.ObjectId", "Relation"];
    if let Some(inner) = generic(text, &keys) {
        words.reference = Some(inner.trim_matches(|c| c == '"' || c == '\'').to_owned());
        return;
    }
    if let Some((name, many)) = type_references::read(text) {
        words.reference = Some(name);
        words.list = many;
        words.cardinality = many.then_some(Cardinality::ManyToMany);
        return;
    }
    if let Some(inner) = generic(text, &["Optional", "Option", "Maybe", "Nullable"]) {
        words.nullable = true;
        return read_into(inner, words);
    }
    if let Some(inner) = generic(text, &["Array", "List", "Set", "Vec", "Collection", "IList"]) {
        words.list = true;
        return read_into(inner, words);
    }
    if generic(text, &["Record", "Map", "Dictionary", "Dict", "HashMap", "Hash"]).is_some() {
        words.kind = Some(FieldKind::Json);
        return;
    }
    if let Some(inner) = text.strip_suffix('?') {
        words.nullable = true;
        return read_into(inner, words);
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && is_name(inner)
    {
        words.list = true;
        return read_into(inner, words);
    }
    if let Some(inner) = text.strip_suffix("[]") {
        words.list = true;
        return read_into(inner, words);
    }
    let lower = text.to_lowercase();
    for prefix in ["array of ", "list of ", "set of "] {
        if lower.starts_with(prefix)
            && let Some(inner) = text.get(prefix.len()..)
        {
            words.list = true;
            return read_into(inner, words);
        }
    }
    if let Some(values) = listed_values(text) {
        words.values = values;
        return;
    }
    if text.contains('|') {
        return read_union(text, words);
    }
    read_words(text, &lower, words);
}

/// Whether a text is one name.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The inside of `Name<inside>`.
fn generic<'a>(text: &'a str, names: &[&str]) -> Option<&'a str> {
    let (name, rest) = text.split_once('<')?;
    let inner = rest.strip_suffix('>')?;
    names.iter().any(|known| known.eq_ignore_ascii_case(name.trim())).then_some(inner)
}

/// `enum('a', 'b')`, `enum: a | b`, `'a' | 'b'`.
fn listed_values(text: &str) -> Option<Vec<String>> {
    let clean = |value: &str| {
        value.trim().trim_matches(|c| matches!(c, '\'' | '"' | '`')).trim().to_owned()
    };
    let is_enum = text.get(..4).is_some_and(|front| front.eq_ignore_ascii_case("enum"));
    if is_enum {
        let rest = text[4..].trim_start_matches(':').trim();
        let rest = rest.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '{' | '}'));
        let values: Vec<String> =
            rest.split(['|', ',']).map(clean).filter(|value| !value.is_empty()).collect();
        return (values.len() > 1).then_some(values);
    }
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let quoted = |part: &&str| part.len() > 2 && (part.starts_with('\'') || part.starts_with('"'));
    (parts.len() > 1 && parts.iter().all(quoted)).then(|| parts.into_iter().map(clean).collect())
}

/// `string | null`, `string | number`: the first known part counts.
fn read_union(text: &str, words: &mut TypeWords) {
    let mut parts = Vec::new();
    for part in text.split('|').map(str::trim) {
        match part.to_lowercase().as_str() {
            "null" | "undefined" | "none" | "nil" => words.nullable = true,
            "" => {}
            _ => parts.push(part),
        }
    }
    match parts.as_slice() {
        [] => {}
        [only] => read_into(only, words),
        several => read_words(&several.join("/"), &several.join("/").to_lowercase(), words),
    }
}

fn read_words(text: &str, lower: &str, words: &mut TypeWords) {
    let numbers = numbers(lower);
    let tokens: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|token| !token.is_empty())
        .collect();
    if tokens.iter().any(|token| matches!(*token, "nullable" | "optional")) {
        words.nullable = true;
    }
    let phrase = |wanted: &str| tokens.join(" ").contains(wanted);
    let counted =
        tokens.iter().any(|t| matches!(*t, "autoincrement" | "auto_increment" | "identity"))
            || phrase("auto increment")
            || phrase("auto incrementing");
    let kinds = tokens.iter().filter_map(|token| kind_of_word(token, &numbers));
    // "string/UUID" and "string (uuid)" name a vague and a precise word; the precise one counts.
    let kind = kinds.min_by_key(|kind| matches!(kind, FieldKind::Text { .. }));
    words.kind = match kind {
        Some(FieldKind::Integer { .. } | FieldKind::Text { .. }) if phrase("long text") => {
            Some(FieldKind::Text { max: None })
        }
        Some(FieldKind::Date) if phrase("date time") || phrase("date and time") => {
            Some(FieldKind::Timestamp)
        }
        Some(FieldKind::Integer { bits, counted: by_word }) => {
            let bits = if phrase("big integer") || phrase("big int") { 64 } else { bits };
            Some(FieldKind::Integer { bits, counted: by_word || counted })
        }
        None if tokens.first() == Some(&"number") || tokens.first() == Some(&"num") => {
            words.vague_number = true;
            Some(FieldKind::Decimal { precision: None, scale: None })
        }
        None if tokens.first() == Some(&"array") => Some(FieldKind::Json),
        other => other,
    };
    if words.kind.is_none() {
        let name = text.split(['(', ',', ';']).next().unwrap_or(text).trim();
        let vague = matches!(
            name.to_lowercase().as_str(),
            "" | "enum"
                | "enumeration"
                | "enumerated"
                | "fk"
                | "pk"
                | "any"
                | "unknown"
                | "key"
                | "foreign key"
                | "ref"
                | "-"
                // Forms and lists call any choice so.
                | "choice"
                | "choices"
                | "select"
                | "single select"
                | "multi select"
                | "dropdown"
                | "picklist"
                | "option set"
        );
        words.named = (!vague).then(|| name.to_owned());
    }
}

/// The kind that one word means; `numbers` are the numbers of the whole type text.
/// The plain word for a field of Django's models: "bigserial" for `BigAutoField`.
fn of_form_field(word: &str) -> Option<&'static str> {
    let kind =
        word.strip_suffix("field")?.trim_start_matches("positive").trim_start_matches("generic");
    Some(match kind {
        "auto" => "serial",
        "bigauto" => "bigserial",
        "integer" => "integer",
        "biginteger" => "bigint",
        "smallinteger" => "smallint",
        "char" => "varchar",
        "text" | "richtext" | "url" | "slug" | "email" | "file" | "image" | "filepath" => "text",
        "boolean" => "boolean",
        "date" => "date",
        "datetime" => "timestamptz",
        "time" => "time",
        "duration" => "interval",
        "decimal" => "decimal",
        "float" => "double",
        "uuid" => "uuid",
        "json" => "jsonb",
        "binary" => "bytea",
        "ipaddress" => "inet",
        _ => return None,
    })
}

fn kind_of_word(word: &str, numbers: &[u32]) -> Option<FieldKind> {
    let small = |at: usize| numbers.get(at).and_then(|&number| u16::try_from(number).ok());
    // PostgreSQL allows a precision from 1 to 1000 and a scale up to it.
    let precision = small(0).filter(|p| (1..=1000).contains(p));
    let scale = precision.and_then(|p| Some(small(1).unwrap_or(0)).filter(|scale| *scale <= p));
    let integer = |bits, counted| FieldKind::Integer { bits, counted };
    Some(match of_form_field(word).unwrap_or(word) {
        "uuid" | "guid" | "uuidv4" | "uuid4" | "uuidv7" | "uuid7" | "uniqueidentifier" => {
            FieldKind::Uuid
        }
        "smallint" | "int2" | "tinyint" | "short" | "smallserial" | "int16" | "i16" => {
            integer(16, word == "smallserial")
        }
        "int" | "integer" | "int4" | "int32" | "i32" | "u16" | "mediumint" | "whole" => {
            integer(32, false)
        }
        "serial" => integer(32, true),
        "bigint" | "int8" | "int64" | "long" | "i64" | "u32" | "u64" | "biginteger"
        | "foreignid" | "unsignedbigint" => integer(64, false),
        "bigserial" | "bigincrements" => integer(64, true),
        "decimal" | "numeric" | "bigdecimal" | "percent" | "percentage" => {
            FieldKind::Decimal { precision, scale }
        }
        "money" | "currency_amount" => FieldKind::Money { precision, scale },
        "float" | "real" | "double" | "float4" | "float8" | "float32" | "float64" | "f64" => {
            FieldKind::Float
        }
        "text" | "string" | "varchar" | "char" | "character" | "varying" | "nvarchar" | "nchar"
        | "citext" | "str" | "longtext" | "mediumtext" | "tinytext" | "email" | "url" | "uri"
        | "phone" | "slug" | "markdown" | "html" | "cuid" | "ulid" | "nanoid" | "objectid"
        | "bpchar" | "chars" => {
            FieldKind::Text { max: numbers.last().copied().filter(|&max| max > 0) }
        }
        "bool" | "boolean" | "bit" => FieldKind::Boolean,
        "date" | "dateonly" | "localdate" => FieldKind::Date,
        "datetime" | "timestamp" | "timestamptz" | "datetimeoffset" | "instant"
        | "localdatetime" | "datetime2" | "zoneddatetime" => FieldKind::Timestamp,
        "time" | "timetz" | "timeonly" | "localtime" => FieldKind::Time,
        "interval" | "duration" | "timespan" => FieldKind::Duration,
        "json" | "jsonb" | "object" | "map" | "dict" | "hash" | "dictionary" => FieldKind::Json,
        "bytea" | "blob" | "binary" | "bytes" | "varbinary" | "longblob" => FieldKind::Binary,
        "inet" | "cidr" | "ip" | "ipaddress" => FieldKind::IpAddress,
        _ => return None,
    })
}

/// The whole numbers of a text, those within words left out; `2,000` is one number.
fn numbers(text: &str) -> Vec<u32> {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let grouped: String = characters
        .iter()
        .enumerate()
        .filter(|&(at, &c)| {
            let before = at.checked_sub(1).is_some_and(digit);
            let three = (1..=3).all(|ahead| digit(at + ahead)) && !digit(at + 4);
            !(c == ',' && before && three)
        })
        .map(|(_, &c)| c)
        .collect();
    grouped
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter_map(|token| token.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<FieldKind> {
        read(text).kind
    }

    #[test]
    fn words_of_many_languages() {
        let text = |max| Some(FieldKind::Text { max });
        let integer = |bits, counted| Some(FieldKind::Integer { bits, counted });
        let decimal = |precision, scale| Some(FieldKind::Decimal { precision, scale });
        assert_eq!(kind("UUID"), Some(FieldKind::Uuid));
        assert_eq!(kind("string/UUID"), Some(FieldKind::Uuid));
        assert_eq!(kind("Guid?"), Some(FieldKind::Uuid));
        assert!(read("Guid?").nullable);
        assert_eq!(kind("varchar(255)"), text(Some(255)));
        assert_eq!(kind("CharField(20)"), text(Some(20)));
        assert_eq!(kind("PositiveSmallIntegerField"), kind("smallint"));
        assert_eq!(kind("BigAutoField"), kind("bigserial"));
        assert_eq!(kind("Cornfield"), None);
        assert_eq!(kind("character varying(80)"), text(Some(80)));
        assert_eq!(kind("string | null"), text(None));
        assert!(read("string | null").nullable);
        assert_eq!(kind("`string(80)`"), text(Some(80)));
        assert_eq!(kind("string, max 2,000"), text(Some(2000)));
        assert_eq!(kind("bigint unsigned auto_increment"), integer(64, true));
        assert_eq!(kind("SERIAL"), integer(32, true));
        assert_eq!(kind("int PK"), integer(32, false));
        assert_eq!(kind("decimal(10, 2)"), decimal(Some(10), Some(2)));
        assert_eq!(kind("numeric"), decimal(None, None));
        assert_eq!(kind("timestamp with time zone"), Some(FieldKind::Timestamp));
        assert_eq!(kind("double precision"), Some(FieldKind::Float));
        assert_eq!(kind("date and time"), Some(FieldKind::Timestamp));
        assert_eq!(kind("text[]"), Some(FieldKind::List(Box::new(FieldKind::Text { max: None }))));
        assert_eq!(
            kind("List<int>"),
            Some(FieldKind::List(Box::new(FieldKind::Integer { bits: 32, counted: false })))
        );
        assert_eq!(kind("Record<string, any>"), Some(FieldKind::Json));
        assert!(read("number").vague_number);
    }

    #[test]
    fn names_values_and_references() {
        assert_eq!(read("OrderStatus").named.as_deref(), Some("OrderStatus"));
        assert_eq!(read("Id<\"users\">").reference.as_deref(), Some("users"));
        assert_eq!(read("Ref<User>").reference.as_deref(), Some("User"));
        assert!(read("[Tag]").list);
        assert_eq!(read("'a' | 'b'").values, ["a", "b"]);
        assert_eq!(read("ENUM('x', 'y')").values, ["x", "y"]);
        assert_eq!(read("enum").named, None);
        assert_eq!(read("").kind, None);
    }
}
