//! The types that people name.

use std::sync::LazyLock;

use crate::word_table::WordTable;
use crate::words::lower_words;

/// Whether a type's words say that its values are listed elsewhere.
pub(crate) fn is_enumeration_type(text: &str) -> bool {
    lower_words(text).iter().any(|word| matches!(word.as_str(), "enum" | "enumeration" | "choice"))
}

/// Whether the words are a common type of a language or database.
pub(crate) fn is_scalar(text: &str) -> bool {
    let base = text.split(['(', '[', '<', ' ', '/']).next().unwrap_or_default();
    let base = base.trim_matches(['`', '?', '*', '!']).to_lowercase();
    KINDS.contains(&base) || is_form_field(&base)
}

/// Whether a part of a list is a type and nothing else: `numeric(18,2)`, `enum(a, b)`; "date of birth" is not.
pub(crate) fn is_plain_type(text: &str) -> bool {
    let text = text.trim();
    let (name, rest) = text.split_at(text.find(['(', '[']).unwrap_or(text.len()));
    let is_closed = rest.is_empty() || rest.ends_with([')', ']']);
    is_closed && !name.contains(char::is_whitespace) && (is_scalar(name) || name == "enum")
}

/// The fields of Django's models: `CharField`, `BigAutoField`, `GenericIPAddressField`.
fn is_form_field(base: &str) -> bool {
    let Some(kind) = base.strip_suffix("field") else { return false };
    let kind = ["positive", "small", "big", "generic"]
        .iter()
        .fold(kind, |kind, front| kind.strip_prefix(front).unwrap_or(kind));
    FORM_FIELDS.contains(&kind)
}

const FORM_FIELDS: &[&str] = &[
    "auto",
    "integer",
    "char",
    "text",
    "boolean",
    "date",
    "datetime",
    "time",
    "duration",
    "decimal",
    "float",
    "email",
    "url",
    "slug",
    "uuid",
    "json",
    "binary",
    "file",
    "image",
    "filepath",
    "ipaddress",
    "richtext",
];

static KINDS: LazyLock<WordTable> = LazyLock::new(|| WordTable::new(&[SCALARS]));

const SCALARS: &[&str] = &[
    "any",
    "array",
    "bigint",
    "bigserial",
    "binary",
    "bit",
    "blob",
    "bool",
    "boolean",
    "bytea",
    "bytes",
    "byte",
    "char",
    "character",
    "cidr",
    "citext",
    "clob",
    "currency",
    "date",
    "dateonly",
    "datetime",
    "datetime2",
    "datetimeoffset",
    "dec",
    "decimal",
    "dict",
    "double",
    "duration",
    "email",
    "enum",
    "file",
    "float",
    "float32",
    "float64",
    "float4",
    "float8",
    "fk",
    "foreignid",
    "geography",
    "geometry",
    "guid",
    "inet",
    "instant",
    "int",
    "int2",
    "int4",
    "int8",
    "int16",
    "int32",
    "int64",
    "integer",
    "interval",
    "ip",
    "json",
    "jsonb",
    "list",
    "localdate",
    "localdatetime",
    "long",
    "longtext",
    "map",
    "mediumint",
    "mediumtext",
    "money",
    "nchar",
    "ntext",
    "number",
    "numeric",
    "nvarchar",
    "object",
    "objectid",
    "offsetdatetime",
    "password",
    "percentage",
    "point",
    "real",
    "record",
    "serial",
    "set",
    "short",
    "smallint",
    "smallserial",
    "str",
    "string",
    "text",
    "time",
    "timeonly",
    "timespan",
    "timestamp",
    "timestamptz",
    "timestamps",
    "tinyint",
    "tinytext",
    "tsvector",
    "uint",
    "uint32",
    "uint64",
    "ulid",
    "unsigned",
    "uniqueidentifier",
    "uri",
    "url",
    "uuid",
    "varbinary",
    "varchar",
    "varchar2",
    "vector",
    "xml",
    "year",
    "zoneddatetime",
    "hstore",
    "daterange",
    "tstzrange",
    "int4range",
    "cuid",
    "id",
    "html",
    "markdown",
    "image",
    "phone",
    "seconds",
    "bigdecimal",
    "usize",
    "i32",
    "i64",
    "u32",
    "u64",
    "f64",
    "decimal128",
];
