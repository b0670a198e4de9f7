//! What a rule's text means. SQL is parsed; sentences are matched by patterns, one file each, that
//! either understand a whole sentence or leave it alone.

mod sound;
mod sql;

use crate::draft::Draft;
use crate::{EntityId, Expression, FieldId};

/// What a text turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A condition on the values of a row.
    Expression(Expression<FieldId>),
    /// Fields that are unique together.
    Unique {
        /// The fields.
        fields: Vec<FieldId>,
        /// Among which rows.
        condition: Option<Expression<FieldId>>,
    },
    /// A field must have a value.
    Required(FieldId),
    /// A text has at most so many characters.
    MaximumLength(FieldId, u32),
    /// Something that the model holds already, in words.
    Known(String),
    /// SQL that is no expression of ours.
    Sql(String),
    /// Not understood.
    Unclear,
}

/// Understands a rule of an entity, which may stand in the row of one of its fields.
pub(crate) fn understand(
    draft: &Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
) -> Meaning {
    let _ = field;
    if let Some(inner) = sql::check_text(text) {
        return match sql::expression(draft, entity, inner) {
            Some(expression) => Meaning::Expression(expression),
            None => Meaning::Sql(inner.to_owned()),
        };
    }
    Meaning::Unclear
}

/// Understands the condition of a partial unique key, in SQL or in words.
pub(crate) fn condition(
    draft: &Draft<'_>,
    entity: EntityId,
    text: &str,
) -> Option<Expression<FieldId>> {
    let text = text.trim();
    let inner = text.strip_prefix("WHERE ").or_else(|| text.strip_prefix("where ")).unwrap_or(text);
    sql::expression(draft, entity, inner)
}
