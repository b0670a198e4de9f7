//! The catalogue of archetypes: what is usually stored of things that many systems have. Where the
//! documents name such a thing and say nothing of its fields, these are assumed, and shown as that.

use crate::FieldKind;

/// A thing that many systems have.
#[derive(Debug)]
pub(crate) struct Archetype {
    /// Its names, in the singular and folded.
    pub(crate) names: &'static [&'static str],
    /// Its fields in order: name, kind of values, whether a value must be there.
    pub(crate) fields: &'static [(&'static str, Values, bool)],
}

/// What an assumed field holds; a [`FieldKind`] that a table can spell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Values {
    Text,
    Money,
    Integer,
    Boolean,
    Date,
    Timestamp,
    Json,
}

impl Values {
    pub(crate) const fn kind(self) -> FieldKind {
        match self {
            Self::Text => FieldKind::Text { max: None },
            Self::Money => FieldKind::Money { precision: None, scale: None },
            Self::Integer => FieldKind::Integer { bits: 32, counted: false },
            Self::Boolean => FieldKind::Boolean,
            Self::Date => FieldKind::Date,
            Self::Timestamp => FieldKind::Timestamp,
            Self::Json => FieldKind::Json,
        }
    }
}

use Values::{Boolean, Date, Integer, Json, Money, Text, Timestamp};

/// The catalogue. It is kept small: what is not sure to be wanted is better asked for.
#[rustfmt::skip]
pub(crate) const ARCHETYPES: &[Archetype] = &[
    Archetype { names: &["user", "account", "member", "admin", "administrator", "manager"],
        fields: &[("email", Text, true), ("name", Text, true), ("created_at", Timestamp, true)] },
    Archetype { names: &["customer", "client", "supplier", "vendor", "contact", "guest", "patient", "student"],
        fields: &[("name", Text, true), ("email", Text, false), ("phone", Text, false), ("created_at", Timestamp, true)] },
    Archetype { names: &["employee", "staff", "agent", "driver", "teacher", "doctor"],
        fields: &[("name", Text, true), ("email", Text, false), ("phone", Text, false), ("active", Boolean, true)] },
    Archetype { names: &["organization", "organisation", "company", "business", "branch", "team", "department", "tenant"],
        fields: &[("name", Text, true), ("created_at", Timestamp, true)] },
    Archetype { names: &["order", "sale", "purchase", "booking", "reservation"],
        fields: &[("number", Text, true), ("status", Text, true), ("total", Money, false), ("created_at", Timestamp, true)] },
    Archetype { names: &["orderline", "orderitem", "lineitem", "cartitem"],
        fields: &[("quantity", Integer, true), ("unit_price", Money, true)] },
    Archetype { names: &["product", "item", "service"],
        fields: &[("name", Text, true), ("description", Text, false), ("price", Money, false), ("created_at", Timestamp, true)] },
    Archetype { names: &["category", "tag", "label"],
        fields: &[("name", Text, true), ("description", Text, false)] },
    Archetype { names: &["payment", "refund", "transaction"],
        fields: &[("amount", Money, true), ("currency", Text, true), ("status", Text, true), ("paid_at", Timestamp, false)] },
    Archetype { names: &["invoice", "bill"],
        fields: &[("number", Text, true), ("issued_on", Date, true), ("due_on", Date, false), ("total", Money, true)] },
    Archetype { names: &["address"],
        fields: &[("street", Text, true), ("city", Text, true), ("postal_code", Text, false), ("country", Text, true)] },
    Archetype { names: &["comment", "message", "note", "post"],
        fields: &[("body", Text, true), ("created_at", Timestamp, true)] },
    Archetype { names: &["review", "rating", "feedback"],
        fields: &[("rating", Integer, true), ("comment", Text, false), ("created_at", Timestamp, true)] },
    Archetype { names: &["session", "refreshtoken"],
        fields: &[("token_hash", Text, true), ("created_at", Timestamp, true), ("expires_at", Timestamp, true)] },
    Archetype { names: &["notification", "alert"],
        fields: &[("channel", Text, true), ("body", Text, true), ("created_at", Timestamp, true), ("sent_at", Timestamp, false)] },
    Archetype { names: &["task", "ticket", "issue", "project"],
        fields: &[("title", Text, true), ("description", Text, false), ("status", Text, true), ("created_at", Timestamp, true)] },
    Archetype { names: &["event", "appointment", "visit", "meeting"],
        fields: &[("starts_at", Timestamp, true), ("ends_at", Timestamp, false), ("status", Text, true)] },
    Archetype { names: &["document", "file", "attachment", "photo", "image"],
        fields: &[("name", Text, true), ("media_type", Text, false), ("location", Text, true), ("created_at", Timestamp, true)] },
    Archetype { names: &["auditlog", "log", "activity", "auditrecord"],
        fields: &[("action", Text, true), ("details", Json, false), ("occurred_at", Timestamp, true)] },
];
