//! What a property of a schema says: a chain of calls, a constructor, or an object of options.

use std::ops::Range;

use crate::notation::code::{Declared, Kind, Member, Navigation, Style, Tokens};
use crate::notation::schema_call::add;
use crate::notation::value_limits::{self, Limit};
use crate::words::{is_identifier, last_part, unquote};
use crate::{FieldFact, ReferenceFact};

/// Reads the properties of a schema's object.
pub(super) fn members(tokens: &Tokens<'_>, object: Range<usize>, declared: &mut Declared) {
    for part in tokens.split(object, &[","]) {
        let name = unquote(tokens.text(part.start));
        if tokens.text(part.start + 1) != ":" || !is_identifier(name) {
            continue;
        }
        let value = part.start + 2..part.end;
        let mut member = Member {
            field: FieldFact { name: name.to_owned(), ..FieldFact::default() },
            ..Member::default()
        };
        value_into(tokens, &value, &mut member);
        add(tokens, &part, member, declared);
    }
}

/// A field that an item of a list writes as a schema does: "`userId: v.id("users")`".
pub(super) fn written(text: &str) -> Option<FieldFact> {
    let (code, _) = text.strip_prefix('`')?.split_once('`')?;
    let (name, value) = code.split_once(':')?;
    let (name, value) = (name.trim(), value.trim().trim_end_matches(','));
    let is_call = ["v.", "z."].iter().any(|library| value.starts_with(library));
    if !is_call || !is_identifier(name) {
        return None;
    }
    let tokens = Tokens::scan(value, Style::Slash);
    let mut member = Member::default();
    value_into(&tokens, &(0..tokens.len()), &mut member);
    member.field.type_text.as_ref()?;
    Some(FieldFact { name: name.to_owned(), ..member.field })
}

fn value_into(tokens: &Tokens<'_>, value: &Range<usize>, member: &mut Member) {
    match tokens.text(value.start) {
        "{" => {
            let inside = value.start + 1..tokens.close(value.start).min(value.end);
            options(tokens, &inside, member);
        }
        "[" => {
            let inside = value.start + 1..tokens.close(value.start).min(value.end);
            value_into(tokens, &inside, member);
            if let Some(navigation) = &mut member.navigation {
                navigation.is_list = true;
            }
            let kind = member.field.type_text.take().unwrap_or_else(|| "object".to_owned());
            member.field.type_text = Some(format!("{kind}[]"));
            member.field.required = None;
        }
        _ => chain(tokens, value, member),
    }
}

/// Mongoose and Sequelize: `{ type: String, required: true, ref: 'User' }`.
fn options(tokens: &Tokens<'_>, inside: &Range<usize>, member: &mut Member) {
    let own = |key: &str| {
        tokens.split(inside.clone(), &[","]).into_iter().find_map(|part| {
            (unquote(tokens.text(part.start)) == key && tokens.text(part.start + 1) == ":")
                .then(|| part.start + 2..part.end)
        })
    };
    let text = |key: &str| own(key).map(|range| unquote(&tokens.source(&range)).to_owned());
    let Some(kind) = own("type") else {
        // An object without a type is a part of the document.
        member.field.type_text = Some("object".to_owned());
        return;
    };
    value_into(tokens, &kind, member);
    let field = &mut member.field;
    if let Some(required) = own("required") {
        let first = tokens.text(required.start);
        let first = if first == "[" { tokens.text(required.start + 1) } else { first };
        field.required = Some(first == "true");
    } else if own("allowNull").is_some() {
        field.required = Some(text("allowNull").is_some_and(|text| text == "false"));
    } else {
        field.required = Some(false);
    }
    if text("unique").is_some_and(|text| text != "false") {
        field.unique = Some(true);
    }
    if text("primaryKey").is_some_and(|text| text == "true") {
        field.primary_key = Some(true);
        field.required = Some(true);
    }
    if let Some(values) = own("enum").or_else(|| own("values")) {
        let values = tokens.texts(&values);
        if values.len() > 1 {
            field.enum_values = values;
        }
    }
    if let Some(value) = text("default").or_else(|| text("defaultValue")) {
        if !value.contains('(')
            && !value.contains("now")
            && !value.contains("UUID")
            && value != "null"
        {
            field.default = Some(value);
        }
    }
    if let Some(target) = text("ref") {
        member.navigation = Some(Navigation {
            target: last_part(&target).to_owned(),
            is_list: member.navigation.as_ref().is_some_and(|known| known.is_list),
            is_marked: true,
            cardinality: None,
            ..Navigation::default()
        });
    } else if let Some(references) = own("references") {
        let inside = references.start + 1..tokens.close(references.start).min(references.end);
        let target = tokens.argument_text(&inside, "model");
        member.field.references = target.map(|entity| ReferenceFact {
            entity: last_part(&entity).to_owned(),
            field: tokens.argument_text(&inside, "key"),
            on_delete: text("onDelete").map(|text| text.to_lowercase()),
        });
    }
}

/// Drizzle, Zod and Convex: `varchar('email', { length: 255 }).notNull()`; or a bare type.
fn chain(tokens: &Tokens<'_>, value: &Range<usize>, member: &mut Member) {
    let calls = tokens.calls(value);
    let library = calls.first().map_or("", |(name, _)| name);
    let is_validator = matches!(library, "z" | "v");
    let rest = if is_validator { &calls[1..] } else { &calls[..] };
    let Some((kind, arguments)) = rest.first() else { return };
    let field = &mut member.field;
    if !is_validator && calls.iter().all(|(_, arguments)| arguments.is_none()) {
        // `String`, `Schema.Types.ObjectId`, `DataTypes.STRING`
        let last = calls.last().map_or(*kind, |(name, _)| name);
        if tokens.kind(value.start) == Some(Kind::Word) {
            field.type_text = Some(last.to_lowercase().replace("uuidv4", "uuid"));
        }
        return;
    }
    let empty = value.end..value.end;
    let arguments = arguments.clone().unwrap_or(empty);
    match (library, *kind) {
        ("v", "optional") => {
            let inner = tokens.positional(&arguments).into_iter().next();
            if let Some(inner) = inner.filter(|inner| inner.start > value.start) {
                value_into(tokens, &inner, member);
            }
            member.field.required = Some(false);
            return;
        }
        ("v", "id") => {
            field.type_text = Some("id".to_owned());
            field.references = tokens.first_text(&arguments).map(|entity| ReferenceFact {
                entity,
                field: None,
                on_delete: None,
            });
        }
        ("v", "union") => {
            let values = tokens.texts(&arguments);
            if values.len() > 1 {
                field.enum_values = values;
                field.type_text = Some("enum".to_owned());
            } else if let Some(first) = tokens.positional(&arguments).into_iter().next() {
                value_into(tokens, &first, member);
            }
            let has_null = arguments.clone().any(|at| tokens.text(at) == "null");
            member.field.required = Some(!has_null);
            return;
        }
        ("v" | "z", "array") => {
            let inner = tokens.source(&arguments);
            let inner = inner.split(['(', ')']).next().unwrap_or_default();
            let inner = inner.trim_start_matches(['v', 'z']).trim_start_matches('.');
            let kind = if inner.is_empty() || inner == "object" { "object" } else { inner };
            field.type_text = Some(format!("{kind}[]"));
        }
        ("z", "enum") => {
            field.enum_values = tokens.texts(&arguments);
            field.type_text = Some("enum".to_owned());
        }
        ("z", "nativeEnum") => field.type_text = Some(tokens.source(&arguments)),
        ("v", "float64") => field.type_text = Some("float64".to_owned()),
        ("v", "int64") => field.type_text = Some("bigint".to_owned()),
        ("z", "literal") => field.type_text = Some("string".to_owned()),
        // A date of JavaScript is a moment.
        ("z", "date") => field.type_text = Some("timestamptz".to_owned()),
        _ if is_validator => field.type_text = Some((*kind).to_owned()),
        ("DataTypes" | "Sequelize", _) => {
            if let Some((kind, inside)) = rest.last() {
                let inside = inside.clone().unwrap_or(value.end..value.end);
                if *kind == "ENUM" {
                    field.enum_values = tokens.texts(&inside);
                    field.type_text = Some("enum".to_owned());
                } else {
                    let size = tokens.source(&inside);
                    let kind = kind.to_lowercase();
                    field.type_text =
                        Some(if size.is_empty() { kind } else { format!("{kind}({size})") });
                }
            }
            return;
        }
        _ => drizzle_type(tokens, kind, &arguments, field),
    }
    field.required = Some(is_validator);
    for (name, arguments) in &rest[1..] {
        let arguments = arguments.clone().unwrap_or(value.end..value.end);
        modifier(tokens, name, &arguments, member);
    }
}

fn drizzle_type(tokens: &Tokens<'_>, kind: &str, arguments: &Range<usize>, field: &mut FieldFact) {
    let size = tokens.argument_text(arguments, "length").or_else(|| {
        let precision = tokens.argument_text(arguments, "precision")?;
        Some(match tokens.argument_text(arguments, "scale") {
            Some(scale) => format!("{precision},{scale}"),
            None => precision,
        })
    });
    let is_column =
        crate::modifier::is_scalar(kind) || matches!(kind, "doublePrecision" | "customType");
    let kind = match kind {
        "doublePrecision" => "double",
        other => other.trim_end_matches("Enum"),
    };
    if let Some(values) = tokens.argument(arguments, "enum") {
        field.enum_values = tokens.texts(&values);
    }
    field.type_text = Some(match size {
        Some(size) if is_column => format!("{kind}({size})"),
        _ => kind.to_owned(),
    });
    // The builder of an enumeration is called by its own name.
    if !is_column {
        field.type_text = Some(format!("{kind}Enum"));
    }
}

fn first_source(tokens: &Tokens<'_>, arguments: &Range<usize>) -> String {
    tokens.positional(arguments).first().map(|part| tokens.source(part)).unwrap_or_default()
}

fn is_text(field: &FieldFact) -> bool {
    field.type_text.as_deref().is_some_and(|kind| {
        kind.starts_with("varchar") || matches!(kind, "string" | "text" | "email" | "url")
    })
}

fn is_number(field: &FieldFact) -> bool {
    field.type_text.as_deref().is_some_and(|kind| {
        matches!(
            kind,
            "number"
                | "int"
                | "integer"
                | "bigint"
                | "float64"
                | "int64"
                | "decimal"
                | "double"
                | "real"
        )
    })
}

/// A call behind the first one: `.notNull()`, `.optional()`, `.references(() => users.id)`.
fn modifier(tokens: &Tokens<'_>, name: &str, arguments: &Range<usize>, member: &mut Member) {
    let field = &mut member.field;
    match name {
        "notNull" => field.required = Some(true),
        "primaryKey" => {
            field.primary_key = Some(true);
            field.required = Some(true);
        }
        "optional" | "nullable" | "nullish" => field.required = Some(false),
        "unique" => field.unique = Some(true),
        "uuid" | "email" | "url" | "datetime" | "int" | "date" | "cuid" => {
            field.type_text = Some(match name {
                "int" => "integer".to_owned(),
                other => other.to_owned(),
            });
        }
        "min" | "max" | "gte" | "lte" | "gt" | "lt" if is_number(field) => {
            let limit = match name {
                "min" | "gte" => Limit::Least,
                "max" | "lte" => Limit::Most,
                "gt" => Limit::Above,
                _ => Limit::Below,
            };
            value_limits::add(field, limit, &first_source(tokens, arguments));
        }
        "positive" => value_limits::add(field, Limit::Above, "0"),
        "nonnegative" => value_limits::add(field, Limit::Least, "0"),
        "negative" => value_limits::add(field, Limit::Below, "0"),
        "nonpositive" => value_limits::add(field, Limit::Most, "0"),
        "multipleOf" | "step" => {
            value_limits::add(field, Limit::Multiple, &first_source(tokens, arguments));
        }
        "min" if field.type_text.as_deref().is_some_and(|kind| kind.ends_with("[]")) => {
            value_limits::add(field, Limit::FewestItems, &first_source(tokens, arguments));
        }
        "max" if field.type_text.as_deref().is_some_and(|kind| kind.ends_with("[]")) => {
            value_limits::add(field, Limit::MostItems, &first_source(tokens, arguments));
        }
        "min" if is_text(field) => {
            value_limits::add(field, Limit::Shortest, &first_source(tokens, arguments));
        }
        "length" if is_text(field) => {
            value_limits::add(field, Limit::Length, &first_source(tokens, arguments));
        }
        "regex" => {
            let source = first_source(tokens, arguments);
            let pattern = source.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
            // A flag such as `i` changes what matches.
            match pattern {
                Some((pattern, "")) => value_limits::matches(field, pattern),
                Some(_) | None => field.constraints.push(format!("must match {source}")),
            }
        }
        "max" if field.type_text.as_deref() == Some("string") => {
            let length = tokens.positional(arguments).first().map(|part| tokens.source(part));
            if let Some(length) = length.filter(|text| text.chars().all(|c| c.is_ascii_digit())) {
                field.type_text = Some(format!("varchar({length})"));
            }
        }
        "array" => {
            let kind = field.type_text.take().unwrap_or_default();
            field.type_text = Some(format!("{kind}[]"));
        }
        "default" => {
            let value = tokens.source(arguments);
            if !value.contains('(') && !value.contains(['{', '[', '`']) {
                field.default = Some(last_part(unquote(&value)).to_owned());
            }
        }
        "describe" => {
            if let Some(text) = tokens.first_text(arguments) {
                field.description = Some(text);
            }
        }
        "references" => {
            // `() => users.id`
            let path: Vec<&str> = arguments
                .clone()
                .skip_while(|&at| tokens.text(at) != "=>")
                .skip(1)
                .take_while(|&at| tokens.is_word(at) || tokens.text(at) == ".")
                .map(|at| tokens.text(at))
                .filter(|text| *text != ".")
                .collect();
            if let [entity, rest @ ..] = path.as_slice() {
                field.references = Some(ReferenceFact {
                    entity: (*entity).to_owned(),
                    field: rest.last().map(|at| (*at).to_owned()),
                    on_delete: tokens.argument_text(arguments, "onDelete"),
                });
            }
        }
        _ => {}
    }
}
