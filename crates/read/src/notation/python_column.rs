//! What Python says of one attribute: its annotation, and the call that describes its column.

use std::ops::Range;

use indexmap::IndexMap;

use crate::modifier;
use crate::notation::code::{Declared, Found, Member, Navigation, Tokens};
use crate::notation::value_limits::{self, Limit};
use crate::words::{fold, is_identifier, last_part, split_top, unquote};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

/// Reads a type annotation: `Optional[str]`, `Mapped[list["Post"]]`, `Literal["a", "b"]`.
pub(super) fn annotation(source: &str, member: &mut Member) {
    let mut source = unquote(source);
    let mut optional = false;
    let mut is_list = false;
    // Beanie's link to another document.
    let is_link = source.contains("Link[");
    loop {
        let inside = |names: &[&str]| {
            names.iter().find_map(|name| {
                source.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']').map(str::trim)
            })
        };
        if let Some(inner) = inside(&["Mapped", "Annotated", "Required", "NotRequired", "Link"]) {
            source = if source.starts_with("Annotated") {
                split_top(inner, &[','])[0].trim()
            } else {
                inner
            };
        } else if let Some(inner) = inside(&["Optional", "typing.Optional"]) {
            (source, optional) = (inner, true);
        } else if let Some(inner) = inside(&["Union"]) {
            let parts = split_top(inner, &[',']);
            let rest: Vec<&str> =
                parts.iter().map(|part| part.trim()).filter(|part| *part != "None").collect();
            optional |= rest.len() < parts.len();
            let [one] = rest.as_slice() else { break };
            source = one;
        } else if let Some(rest) =
            source.strip_suffix("| None").or_else(|| source.strip_prefix("None |"))
        {
            (source, optional) = (rest.trim(), true);
        } else {
            break;
        }
        source = unquote(source);
    }
    let field = &mut member.field;
    field.required = Some(!optional);
    if let Some(values) = source.strip_prefix("Literal[").and_then(|rest| rest.strip_suffix(']')) {
        field.enum_values =
            split_top(values, &[',']).iter().map(|value| unquote(value).to_owned()).collect();
        field.type_text = Some("enum".to_owned());
        return;
    }
    let mut target = source;
    for name in ["List", "list", "Set", "set", "Sequence", "WriteOnlyMapped", "Collection"] {
        if let Some(inner) = source
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('['))
            .map(|rest| rest.trim_end_matches(']'))
        {
            (target, is_list) = (unquote(inner), true);
        }
    }
    modifier::set_type(&source.replace('[', "<").replace(']', ">").replace(['"', '\''], ""), field);
    field.required = Some(!optional);
    let is_type = is_identifier(target)
        && target.starts_with(char::is_uppercase)
        && !matches!(
            target,
            "UUID"
                | "UUID4"
                | "Decimal"
                | "EmailStr"
                | "HttpUrl"
                | "Any"
                | "Path"
                | "ObjectId"
                | "PydanticObjectId"
        );
    if is_type {
        member.navigation = Some(Navigation {
            target: last_part(target).to_owned(),
            is_list,
            is_marked: is_link,
            ..Navigation::default()
        });
    }
}

/// Reads what an attribute is set to. False where it describes no field.
pub(super) fn call(
    tokens: &Tokens<'_>,
    value: &Range<usize>,
    member: &mut Member,
    declared: &mut Declared,
    lists: &IndexMap<String, Vec<String>>,
) -> bool {
    let calls = tokens.calls(value);
    let Some((name, Some(arguments))) = calls.last().cloned() else {
        default(&tokens.source(value), &mut member.field);
        return false;
    };
    let option = |key: &str| tokens.argument_text(&arguments, key);
    let is = |key: &str| option(key).is_some_and(|text| text == "True");
    match name {
        "Column" | "mapped_column" => {
            sql_column(tokens, &arguments, member);
            declared.is_marked |= name == "Column";
        }
        "relationship" | "Relationship" => {
            let navigation = member.navigation.get_or_insert_with(Navigation::default);
            navigation.is_marked = true;
            if let Some(target) = tokens.positional(&arguments).first() {
                let source = tokens.source(target);
                last_part(unquote(&source)).clone_into(&mut navigation.target);
            }
            navigation.through = option("secondary").or_else(|| option("link_model"));
            if option("uselist").is_some_and(|text| text == "False") {
                navigation.cardinality = Some("1:1");
            }
            return !navigation.target.is_empty();
        }
        "ForeignKey" | "ForeignKeyField" | "OneToOneField" | "ManyToManyField" | "ParentalKey" => {
            django_relation(tokens, name, &arguments, member, declared);
        }
        "Field" | "field" => pydantic(tokens, &arguments, &mut member.field),
        _ if calls.len() == 2 && calls[0].0 == "fields" => {
            return super::python_odoo::field(tokens, name, &arguments, member, declared);
        }
        _ if name.ends_with("Field") => {
            declared.is_marked |= calls.len() > 1 && calls[0].0 == "models";
            django_field(tokens, name, &arguments, &mut member.field, lists);
        }
        _ => {
            default(&tokens.source(value), &mut member.field);
            return false;
        }
    }
    if is("unique") {
        member.field.unique = Some(true);
    }
    if is("primary_key") || is("pk") {
        member.field.primary_key = Some(true);
        member.field.required = Some(true);
    }
    if is("index") || is("db_index") {
        let index = IndexFact {
            entity: declared.name.clone(),
            name: None,
            columns: vec![member.field.name.clone()],
            unique: false,
            method: None,
            purpose: None,
        };
        declared.facts.push((Fact::Index(index), member.at.clone()));
    }
    if let Some(text) = option("help_text")
        .or_else(|| option("description"))
        .or_else(|| option("comment"))
        .or_else(|| option("doc"))
    {
        crate::notation::code::comment_into(&text, &mut member.field);
    }
    true
}

fn default(source: &str, field: &mut FieldFact) {
    if source == "None" {
        field.required = Some(false);
    } else if !source.is_empty() && source != "..." {
        let is_member = source.contains('.') && source.starts_with(char::is_uppercase);
        let value = if is_member { last_part(source) } else { unquote(source) };
        field.default = Some(value.to_owned());
    }
}

/// `Column(String(255), ForeignKey("users.id"), nullable=False, …)`
fn sql_column(tokens: &Tokens<'_>, arguments: &Range<usize>, member: &mut Member) {
    let field = &mut member.field;
    for part in tokens.positional(arguments) {
        let calls = tokens.calls(&part);
        let Some((name, inside)) = calls.last() else {
            // `Column("name", String)`: the first text is the column's name.
            continue;
        };
        match (*name, inside) {
            ("ForeignKey", Some(inside)) => {
                if let Some(target) = tokens.first_text(inside) {
                    field.references = reference(&target, tokens.argument_text(inside, "ondelete"));
                }
            }
            ("Enum" | "SQLEnum" | "SAEnum" | "PgEnum", Some(inside)) => {
                let parts = tokens.positional(inside);
                let values: Vec<String> =
                    parts.iter().flat_map(|part| tokens.texts(part)).collect();
                if values.len() > 1 {
                    field.enum_values = values;
                    field.type_text = Some("enum".to_owned());
                } else if let Some(first) = parts.first() {
                    field.type_text = Some(tokens.source(first));
                }
            }
            ("CheckConstraint", Some(inside)) => {
                if let Some(sql) = tokens.first_text(inside) {
                    value_limits::condition(field, &sql);
                }
            }
            ("Identity" | "Sequence" | "Computed" | "CheckConstraint" | "text", _) => {}
            _ => field.type_text = Some(tokens.source(&part)),
        }
    }
    let option = |key: &str| tokens.argument_text(arguments, key);
    match option("nullable").as_deref() {
        Some("False") => field.required = Some(true),
        Some("True") => field.required = Some(false),
        // A column without an annotation may be empty unless it says otherwise.
        _ => field.required = field.required.or(Some(false)),
    }
    if let Some(value) = option("default").or_else(|| option("server_default")) {
        let value = value.trim_start_matches("text(").trim_end_matches(')');
        // `server_default=func.now()`: the database fills it.
        if matches!(
            value,
            "func.now(" | "func.current_timestamp(" | "func.now" | "now(" | "'now(" | "\"now("
        ) {
            field.default.get_or_insert_with(|| "now()".to_owned());
        }
        let is_function =
            value.contains("lambda") || value.contains("uuid") || value.contains("now");
        if !is_function {
            default(unquote(value), field);
        }
    }
    member.navigation = None;
}

fn reference(target: &str, on_delete: Option<String>) -> Option<ReferenceFact> {
    let target = unquote(target);
    let (entity, at) = match target.rsplit_once('.') {
        Some((entity, at)) => (last_part(entity), Some(at.to_owned())),
        None => (target, None),
    };
    (!entity.is_empty()).then(|| ReferenceFact {
        entity: entity.to_owned(),
        field: at,
        on_delete: on_delete.map(|text| text.to_lowercase()),
    })
}

/// `models.ForeignKey(User, on_delete=models.CASCADE, null=True)`
fn django_relation(
    tokens: &Tokens<'_>,
    name: &str,
    arguments: &Range<usize>,
    member: &mut Member,
    declared: &mut Declared,
) {
    let option = |key: &str| tokens.argument_text(arguments, key);
    let named = tokens.positional(arguments).first().map(|part| tokens.source(part));
    let target = named.or_else(|| option("to")).unwrap_or_default();
    let target = match last_part(unquote(&target)) {
        "self" => declared.name.clone(),
        "AUTH_USER_MODEL" => "User".to_owned(),
        other => other.to_owned(),
    };
    declared.is_marked = true;
    let may_lack = option("null").is_some_and(|text| text == "True");
    member.field.required = Some(!may_lack);
    member.field.type_text = None;
    let on_delete =
        option("on_delete").map(|text| last_part(&text).to_lowercase().replace('_', " "));
    let is_many = name == "ManyToManyField";
    member.navigation = Some(Navigation {
        target,
        is_list: is_many,
        is_marked: true,
        cardinality: Some(match name {
            "ManyToManyField" => "N:M",
            "OneToOneField" => "1:1",
            _ => "N:1",
        }),
        through: option("through").map(|text| last_part(&text).to_owned()),
        on_delete: on_delete
            .filter(|text| matches!(text.as_str(), "cascade" | "set null" | "restrict" | "protect"))
            .map(|text| if text == "protect" { "restrict".to_owned() } else { text }),
        ..Navigation::default()
    });
}

fn django_field(
    tokens: &Tokens<'_>,
    name: &str,
    arguments: &Range<usize>,
    field: &mut FieldFact,
    lists: &IndexMap<String, Vec<String>>,
) {
    let option = |key: &str| tokens.argument_text(arguments, key);
    let is = |key: &str| option(key).is_some_and(|text| text == "True");
    let length = option("max_length");
    field.type_text = Some(match name.trim_end_matches("Field") {
        "Char" | "String" => {
            length.map_or("varchar".to_owned(), |length| format!("varchar({length})"))
        }
        "Auto" | "BigAuto" => "serial".to_owned(),
        "Positive" | "PositiveInteger" | "PositiveSmallInteger" | "SmallInteger" | "Int" => {
            "integer".to_owned()
        }
        "BigInteger" | "PositiveBigInteger" | "BigInt" => "bigint".to_owned(),
        "Decimal" => {
            let digits = option("max_digits").unwrap_or_else(|| "12".to_owned());
            format!(
                "decimal({digits},{})",
                option("decimal_places").unwrap_or_else(|| "2".to_owned())
            )
        }
        "Datetime" => "datetime".to_owned(),
        other => other.to_lowercase(),
    });
    field.required = Some(!is("null") && !is("blank"));
    if name.starts_with("Positive") {
        value_limits::add(field, Limit::Least, "0");
    }
    if let Some(range) = tokens.argument(arguments, "validators") {
        validators(tokens, &range, field);
    }
    if let Some(value) = option("default") {
        if !matches!(value.as_str(), "dict" | "list" | "None")
            && !value.contains("uuid")
            && !value.contains("now")
        {
            default(unquote(&value), field);
        }
    }
    if let Some(range) = tokens.argument(arguments, "choices") {
        let source = tokens.source(&range);
        if let Some(values) = lists.get(last_part(&source)) {
            field.enum_values.clone_from(values);
        } else if let Some(name) = source.strip_suffix(".choices") {
            field.type_text = Some(name.to_owned());
        } else {
            field.enum_values = super::python::choices(tokens, &range);
        }
    }
}

/// `[MinValueValidator(0), MaxValueValidator(5), RegexValidator(r"^[A-Z]+$")]`
fn validators(tokens: &Tokens<'_>, range: &Range<usize>, field: &mut FieldFact) {
    let inside = range.start + 1..tokens.close(range.start).min(range.end);
    for part in tokens.split(inside, &[","]) {
        let calls = tokens.calls(&part);
        let Some((name, Some(arguments))) = calls.last() else { continue };
        let first = tokens.positional(arguments).first().map(|part| tokens.source(part));
        let first = first.or_else(|| tokens.argument_text(arguments, "limit_value"));
        let number = first.unwrap_or_default();
        match *name {
            "MinValueValidator" => value_limits::add(field, Limit::Least, &number),
            "MaxValueValidator" => value_limits::add(field, Limit::Most, &number),
            "MinLengthValidator" => value_limits::add(field, Limit::Shortest, &number),
            "RegexValidator" => {
                let pattern = tokens
                    .first_text(arguments)
                    .or_else(|| tokens.argument_text(arguments, "regex"));
                if let Some(pattern) = pattern {
                    value_limits::matches(field, unraw(&pattern));
                }
            }
            _ => {}
        }
    }
}

/// The pattern in `r"^a$"`.
fn unraw(text: &str) -> &str {
    let is_raw = text.starts_with("r\"") || text.starts_with("r'");
    unquote(if is_raw { &text[1..] } else { text })
}

/// `Field(..., max_length=100, ge=0)`
fn pydantic(tokens: &Tokens<'_>, arguments: &Range<usize>, field: &mut FieldFact) {
    let option = |key: &str| tokens.argument_text(arguments, key);
    let given = tokens
        .positional(arguments)
        .first()
        .map(|part| tokens.source(part))
        .or_else(|| option("default"));
    if let Some(value) = given {
        default(&value, field);
    }
    if let Some(length) = option("max_length") {
        if field.type_text.as_deref() == Some("str") {
            field.type_text = Some(format!("varchar({length})"));
        }
    }
    if let Some(length) = option("min_length") {
        if field
            .type_text
            .as_deref()
            .is_some_and(|kind| kind == "str" || kind.starts_with("varchar"))
        {
            value_limits::add(field, Limit::Shortest, &length);
        }
    }
    if let Some(pattern) = option("pattern").or_else(|| option("regex")) {
        value_limits::matches(field, unraw(&pattern));
    }
    if let Some(step) = option("multiple_of") {
        value_limits::add(field, Limit::Multiple, &step);
    }
    if let Some(digits) = option("max_digits") {
        let places = option("decimal_places").unwrap_or_else(|| "0".to_owned());
        field.type_text = Some(format!("decimal({digits},{places})"));
    }
    if let Some(target) = option("foreign_key") {
        field.references = reference(&target, option("ondelete"));
    }
    for (key, sign) in [("gt", ">"), ("ge", ">="), ("lt", "<"), ("le", "<=")] {
        if let Some(bound) = option(key) {
            field.constraints.push(format!("{} {sign} {bound}", field.name));
        }
    }
}

/// `UniqueConstraint("a", "b")`, `Index("name", "a")`, `models.UniqueConstraint(fields=["a"])`
pub(super) fn table_arguments(tokens: &Tokens<'_>, value: &Range<usize>, declared: &mut Declared) {
    let inside = match tokens.text(value.start) {
        "(" | "[" => value.start + 1..tokens.close(value.start).min(value.end),
        _ => value.clone(),
    };
    for part in tokens.split(inside, &[","]) {
        let calls = tokens.calls(&part);
        let Some((name, Some(arguments))) = calls.last() else { continue };
        let mut fields: Vec<String> = match tokens.argument(arguments, "fields") {
            Some(range) => tokens.texts(&range),
            None => {
                tokens.positional(arguments).iter().flat_map(|part| tokens.texts(part)).collect()
            }
        };
        let entity = declared.name.clone();
        let fact = match *name {
            "CheckConstraint" => {
                let sql = tokens.first_text(arguments).or_else(|| q_condition(tokens, arguments));
                let Some(sql) = sql else { continue };
                Fact::Rule { entity: Some(entity), field: None, text: format!("CHECK ({sql})") }
            }
            "UniqueConstraint" if fields.len() > 1 => {
                Fact::Unique { entity, fields, condition: None, text: None }
            }
            "Index" if !fields.is_empty() => {
                let named = tokens.argument(arguments, "fields").is_none() && fields.len() > 1;
                let name = named.then(|| fields.remove(0));
                Fact::Index(IndexFact {
                    entity,
                    name,
                    columns: fields,
                    unique: tokens
                        .argument_text(arguments, "unique")
                        .is_some_and(|text| text == "True"),
                    method: None,
                    purpose: None,
                })
            }
            _ => continue,
        };
        declared.facts.push((fact, tokens.place(&part)));
    }
}

/// The condition of Django's `CheckConstraint(check=Q(price__gte=0) & Q(price__lte=9), name="…")`, in SQL.
fn q_condition(tokens: &Tokens<'_>, arguments: &Range<usize>) -> Option<String> {
    let range =
        tokens.argument(arguments, "check").or_else(|| tokens.argument(arguments, "condition"))?;
    let source = tokens.source(&range);
    // Only what is joined by "and" of plain comparisons; more would need Django's own reading.
    if source.contains(['|', '~']) {
        return None;
    }
    let mut parts = Vec::new();
    for call in source.split('&') {
        let inside = call.trim().trim_start_matches("models.").strip_prefix("Q(")?;
        for pair in split_top(inside.strip_suffix(')')?, &[',']) {
            let (path, value) = pair.split_once('=')?;
            let (value, path) = (value.trim(), path.trim());
            let (name, lookup) = path.split_once("__").unwrap_or((path, "exact"));
            let other = value
                .trim_start_matches("models.")
                .strip_prefix("F(")
                .and_then(|it| it.strip_suffix(')'));
            let is_number = value.parse::<f64>().is_ok_and(f64::is_finite);
            let value = match other {
                Some(other) => unquote(other).to_owned(),
                None if is_number => value.to_owned(),
                None if value.starts_with(['"', '\'']) => {
                    format!("'{}'", unquote(value).replace('\'', "''"))
                }
                None => return None,
            };
            let sign = match lookup {
                "exact" => "=",
                "gt" => ">",
                "gte" => ">=",
                "lt" => "<",
                "lte" => "<=",
                _ => return None,
            };
            parts.push(format!("{name} {sign} {value}"));
        }
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// Which side of a `relationship()` a class is: with the key's column it only looks at the other.
pub(super) fn turn_relations(found: &mut Found) {
    let tables: IndexMap<String, String> = found
        .types
        .iter()
        .flat_map(|one| {
            let own = (fold(&one.name), one.name.clone());
            let table = one.table.as_ref().map(|table| (fold(table), one.name.clone()));
            [Some(own), table].into_iter().flatten()
        })
        .collect();
    let resolve =
        |name: &str| tables.get(&fold(name)).map_or_else(|| name.to_owned(), String::clone);
    let keys: Vec<(String, String)> = found
        .types
        .iter()
        .flat_map(|one| {
            one.members.iter().filter_map(|member| {
                let to = member.field.references.as_ref()?;
                Some((one.name.clone(), resolve(&to.entity)))
            })
        })
        .collect();
    for declared in &mut found.types {
        let name = declared.name.clone();
        declared.members.retain_mut(|member| {
            let Some(navigation) = &mut member.navigation else { return true };
            let by_function = navigation.is_marked && navigation.cardinality != Some("N:1");
            if !by_function || member.field.references.is_some() {
                return true;
            }
            let has = |one: &str, other: &str| keys.iter().any(|(a, b)| a == one && b == other);
            let to_self = navigation.target == name;
            if navigation.through.is_some() {
                navigation.is_list = true;
                navigation.cardinality = Some("N:M");
                // The join table states it, where it is written out.
                let through = navigation.through.as_deref().map(resolve).unwrap_or_default();
                return !keys.iter().any(|(owner, _)| *owner == through);
            }
            if has(&name, &navigation.target) {
                return false;
            }
            if has(&navigation.target, &name) && !to_self {
                navigation.is_inverse = true;
                navigation.is_list = navigation.cardinality != Some("1:1");
            }
            true
        });
    }
}
