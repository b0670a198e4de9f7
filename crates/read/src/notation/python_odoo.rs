//! Fields of an Odoo model.

use std::ops::Range;

use crate::notation::code::{Declared, Member, Navigation, Tokens};
use crate::words::{capital, is_identifier, last_part};

/// Odoo: `fields.Char(required=True)`, `fields.Many2one("res.partner")`, `fields.Selection([("a", "A")])`
pub(super) fn field(
    tokens: &Tokens<'_>,
    name: &str,
    arguments: &Range<usize>,
    member: &mut Member,
    declared: &mut Declared,
) -> bool {
    let option = |key: &str| tokens.argument_text(arguments, key);
    // What is computed when it is read has no column.
    if option("compute").is_some() && option("store").as_deref() != Some("True") {
        return false;
    }
    let kind = match name {
        "Char" | "Html" | "Reference" => "string",
        "Text" => "text",
        "Integer" => "integer",
        "Float" => "double",
        "Monetary" => "decimal",
        "Boolean" => "boolean",
        "Date" => "date",
        "Datetime" => "timestamp",
        "Binary" | "Image" => "bytes",
        "Json" => "json",
        "Selection" => "enum",
        "Many2one" | "One2many" | "Many2many" => "",
        _ => return false,
    };
    declared.is_marked = true;
    let field = &mut member.field;
    field.required = Some(option("required").as_deref() == Some("True"));
    if !kind.is_empty() {
        field.type_text = Some(kind.to_owned());
        if let Some(first) = tokens.positional(arguments).first().filter(|_| kind == "enum") {
            field.enum_values = super::python::choices(tokens, first);
        }
        return true;
    }
    let model = tokens.first_text(arguments).or_else(|| option("comodel_name"));
    let Some(model) = model else { return false };
    // `game.quest_step` is the model of the class `QuestStep`.
    let target: String = last_part(&model).split('_').map(capital).collect();
    if !is_identifier(&target) {
        return false;
    }
    member.navigation = Some(Navigation {
        target,
        is_list: name != "Many2one",
        is_marked: true,
        cardinality: Some(match name {
            "Many2one" => "N:1",
            "One2many" => "1:N",
            _ => "N:M",
        }),
        ..Navigation::default()
    });
    true
}
