//! The words in which languages that declare records differ.

use crate::notation::code::Style;

/// The order of what a member of a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `title: String`
    Colon,
    /// `string title`
    TypeFirst,
    /// `title String`
    NameFirst,
}

/// A language that declares records.
pub(super) struct Dialect {
    /// What a fence calls it.
    pub(super) languages: &'static [&'static str],
    /// How a line begins, and what the code holds beside it, where the fence names no language.
    pub(super) signs: &'static [(&'static str, &'static str)],
    pub(super) style: Style,
    /// The word before the name of a record.
    pub(super) records: &'static [&'static str],
    pub(super) order: Order,
    /// Whether a member is there where no mark says that it may be absent.
    pub(super) unmarked: Option<bool>,
    /// Words of the language before a member.
    pub(super) front: &'static [&'static str],
    /// Names of records that hold none of the rows.
    pub(super) roots: &'static [&'static str],
    /// Marks of the mappers that store a record.
    pub(super) stored: &'static [&'static str],
    /// Whether all that it declares is stored.
    pub(super) stores_all: bool,
}

pub(super) const DIALECTS: &[Dialect] = &[
    // https://spec.graphql.org: a type without `!` may be null.
    Dialect {
        languages: &["graphql", "gql", "graphqls", "sdl"],
        signs: &[("type ", "!\n"), ("type ", ": ID!")],
        style: Style::Hash,
        records: &["type"],
        order: Order::Colon,
        unmarked: Some(false),
        front: &[],
        roots: &["Query", "Mutation", "Subscription"],
        stored: &["model", "entity", "table", "node"],
        stores_all: false,
    },
    // https://protobuf.dev: without `optional` a value has a default, and nothing says that it must be set.
    Dialect {
        languages: &["proto", "protobuf", "proto3", "proto2"],
        signs: &[("message ", "= 1;")],
        style: Style::Slash,
        records: &["message"],
        order: Order::TypeFirst,
        unmarked: None,
        front: &["optional", "required", "repeated"],
        roots: &[],
        stored: &[],
        stores_all: false,
    },
    Dialect {
        languages: &["swift"],
        signs: &[("struct ", "let "), ("final class ", "var ")],
        style: Style::Slash,
        records: &["struct", "class"],
        order: Order::Colon,
        unmarked: Some(true),
        front: &["let", "var", "public", "private", "internal", "weak", "final"],
        roots: &[],
        stored: &["Model", "NSManaged"],
        stores_all: false,
    },
    Dialect {
        languages: &["dart", "flutter"],
        signs: &[("class ", "final String")],
        style: Style::Slash,
        records: &["class"],
        order: Order::TypeFirst,
        unmarked: Some(true),
        front: &["final", "late", "const", "var", "required"],
        roots: &[],
        stored: &["collection", "Collection", "HiveType", "Entity", "DataClassName"],
        stores_all: false,
    },
    Dialect {
        languages: &["scala"],
        signs: &[("case class ", ": ")],
        style: Style::Slash,
        records: &["class"],
        order: Order::Colon,
        unmarked: Some(true),
        front: &["val", "var", "private", "override"],
        roots: &[],
        stored: &[],
        stores_all: false,
    },
    // https://www.jhipster.tech/jdl: a field without `required` may be absent.
    Dialect {
        languages: &["jdl", "jhipster", "jh"],
        signs: &[("entity ", " String"), ("entity ", " required")],
        style: Style::Slash,
        records: &["entity"],
        order: Order::NameFirst,
        unmarked: Some(false),
        front: &[],
        roots: &[],
        stored: &[],
        stores_all: true,
    },
];

/// The type as other notations name it; `None` where it is a type of the document's own.
pub(super) fn scalar(name: &str) -> Option<&'static str> {
    Some(match name {
        "String" | "string" | "Character" => "string",
        "ID" | "ObjectId" => "id",
        "Int" | "int" | "Int32" | "int32" | "sint32" | "fixed32" | "uint32" | "Integer"
        | "UInt" => "integer",
        "Int16" | "Short" => "smallint",
        "Int64" | "int64" | "sint64" | "fixed64" | "uint64" | "Long" | "BigInt" => "bigint",
        "Float" | "float" | "Double" | "double" | "num" | "CGFloat" => "double",
        "Boolean" | "Bool" | "bool" => "boolean",
        "Decimal" | "BigDecimal" | "Money" | "Currency" => "decimal",
        "DateTime" | "Timestamp" | "Instant" | "LocalDateTime" | "ZonedDateTime"
        | "OffsetDateTime" | "ISODateTime" => "timestamp",
        "LocalDate" => "date",
        "LocalTime" | "Time" => "time",
        "UUID" | "Uuid" | "uuid" => "uuid",
        "JSON" | "Json" | "JSONObject" | "Struct" | "Map" | "map" | "Dictionary" | "dynamic"
        | "Object" | "Any" | "JsObject" | "JsValue" => "json",
        "bytes" | "Data" | "Blob" | "AnyBlob" | "ImageBlob" | "Uint8List" => "bytes",
        "TextBlob" | "Text" => "text",
        "URL" | "Uri" | "URI" | "Email" | "EmailAddress" => "string",
        "Duration" | "TimeInterval" => "interval",
        _ => return None,
    })
}
