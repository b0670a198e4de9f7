//! The decorators with which `TypeORM` and `MikroORM` describe tables, columns and relations.

use std::ops::Range;

use crate::notation::code::{Declared, Member, Navigation, Tokens};
use crate::words::{last_part, unquote};
use crate::{Fact, IndexFact};

type Decorators<'c> = [(&'c str, Range<usize>)];

/// What the decorators above a class say of its table.
pub(super) fn entity(tokens: &Tokens<'_>, decorators: &Decorators<'_>, declared: &mut Declared) {
    for (name, arguments) in decorators {
        match *name {
            "Entity" | "Table" | "Schema" => {
                declared.is_marked = true;
                declared.table = tokens
                    .first_text(arguments)
                    .or_else(|| tokens.argument_text(arguments, "name"))
                    .or_else(|| tokens.argument_text(arguments, "tableName"))
                    .or_else(|| tokens.argument_text(arguments, "collection"))
                    .filter(|name| !name.is_empty());
            }
            "Unique" | "Index" => {
                let fields = tokens
                    .argument(arguments, "properties")
                    .map_or_else(|| listed(tokens, arguments), |range| tokens.texts(&range));
                if fields.is_empty() {
                    continue;
                }
                let unique = *name == "Unique"
                    || tokens.argument_text(arguments, "unique").is_some_and(|text| text == "true");
                let entity = declared.name.clone();
                let fact = if unique {
                    Fact::Unique { entity, fields, condition: None, text: None }
                } else {
                    Fact::Index(IndexFact {
                        entity,
                        name: None,
                        columns: fields,
                        unique: false,
                        method: None,
                        purpose: None,
                    })
                };
                declared.facts.push((fact, tokens.place(arguments)));
            }
            _ => {}
        }
    }
}

/// The fields in the square brackets of an argument.
fn listed(tokens: &Tokens<'_>, arguments: &Range<usize>) -> Vec<String> {
    tokens
        .positional(arguments)
        .iter()
        .find(|part| tokens.text(part.start) == "[")
        .map_or_else(Vec::new, |part| tokens.texts(part))
}

/// What the decorators above a property say of its column or relation.
pub(super) fn field(tokens: &Tokens<'_>, decorators: &Decorators<'_>, member: &mut Member) {
    for (name, arguments) in decorators {
        let option = |key: &str| tokens.argument_text(arguments, key);
        let says = |key: &str, value: &str| option(key).is_some_and(|text| text == value);
        let field = &mut member.field;
        match *name {
            "PrimaryGeneratedColumn" | "PrimaryColumn" | "PrimaryKey" | "ObjectIdColumn" => {
                field.primary_key = Some(true);
                field.required = Some(true);
                if tokens.first_text(arguments).is_some_and(|text| text == "uuid")
                    || says("type", "uuid")
                {
                    field.type_text = Some("uuid".to_owned());
                } else if *name == "PrimaryGeneratedColumn"
                    && field.type_text.as_deref() == Some("number")
                {
                    field.type_text = Some("serial".to_owned());
                }
            }
            "Column" | "Property" | "Prop" | "Enum" | "CreateDateColumn" | "UpdateDateColumn"
            | "DeleteDateColumn" => column(tokens, name, arguments, member),
            "Unique" => field.unique = Some(true),
            "ManyToOne" | "OneToMany" | "OneToOne" | "ManyToMany" => {
                relation(tokens, name, arguments, member);
            }
            "JoinColumn" => {
                if let Some(key) = option("name") {
                    member.navigation.get_or_insert_with(Navigation::default).key =
                        Some(key.clone());
                    if member.navigation.as_ref().is_some_and(|nav| nav.cardinality == Some("1:1"))
                    {
                        member.navigation.as_mut().expect("set above").is_inverse = false;
                    }
                    member.field.name = key;
                } else if let Some(navigation) = &mut member.navigation {
                    navigation.is_inverse = false;
                }
            }
            "JoinTable" => {
                if let (Some(navigation), Some(table)) = (&mut member.navigation, option("name")) {
                    navigation.through = Some(table);
                }
            }
            _ => {}
        }
    }
}

fn column(tokens: &Tokens<'_>, name: &str, arguments: &Range<usize>, member: &mut Member) {
    let field = &mut member.field;
    let option = |key: &str| tokens.argument_text(arguments, key);
    let is = |key: &str| option(key).is_some_and(|text| text == "true");
    let kind = option("type").or_else(|| tokens.first_text(arguments));
    if let Some(kind) = kind.filter(|kind| kind.chars().all(|c| c.is_alphanumeric() || c == ' ')) {
        let length = option("length").or_else(|| {
            let precision = option("precision")?;
            Some(option("scale").map_or(precision.clone(), |scale| format!("{precision},{scale}")))
        });
        // The values of an enumeration stand in its own list.
        let is_named = matches!(kind.as_str(), "enum" | "simple-enum");
        if !is_named {
            field.type_text =
                Some(length.map_or(kind.clone(), |length| format!("{kind}({length})")));
        }
    } else if let Some(length) = option("length").or_else(|| option("maxLength")) {
        field.type_text = Some(format!("varchar({length})"));
    }
    if let Some(range) = tokens.argument(arguments, "enum") {
        let values = tokens.texts(&range);
        if values.len() > 1 {
            field.enum_values = values;
        }
    }
    // The mapper fills them when it writes a row.
    if matches!(name, "CreateDateColumn" | "UpdateDateColumn") {
        field.type_text.get_or_insert_with(|| "timestamptz".to_owned());
        field.default.get_or_insert_with(|| "now()".to_owned());
    }
    if is("nullable") || name == "DeleteDateColumn" {
        field.required = Some(false);
    }
    if is("required") {
        field.required = Some(true);
    }
    if is("unique") {
        field.unique = Some(true);
    }
    if is("primary") {
        field.primary_key = Some(true);
    }
    if let Some(value) = option("default") {
        let value = value.trim_start_matches("() =>").trim();
        let is_member = value.contains('.') && value.starts_with(char::is_uppercase);
        field.default = Some(if is_member { last_part(value) } else { unquote(value) }.to_owned());
    }
    if let Some(target) = option("ref").filter(|target| target.starts_with(char::is_alphabetic)) {
        member.navigation = Some(Navigation {
            target: unquote(target.trim_end_matches(".name")).to_owned(),
            is_list: field.type_text.as_deref().is_some_and(|text| text.ends_with("[]")),
            is_marked: true,
            ..Navigation::default()
        });
    }
}

/// `@ManyToOne(() => User, (user) => user.posts, { onDelete: 'CASCADE' })`
fn relation(tokens: &Tokens<'_>, name: &str, arguments: &Range<usize>, member: &mut Member) {
    let positional = tokens.positional(arguments);
    let named = positional.first().and_then(|first| {
        (first.start..first.end).rev().find(|&at| tokens.is_word(at)).map(|at| tokens.text(at))
    });
    let known = member.navigation.take().unwrap_or_default();
    let target = tokens
        .argument_text(arguments, "entity")
        .map(|text| text.trim_start_matches("() =>").trim().to_owned())
        .or_else(|| named.map(str::to_owned))
        .unwrap_or(known.target);
    let is_inverse = match name {
        "OneToMany" => true,
        // Only the owner of a one-to-one has the column; it says so with @JoinColumn.
        "OneToOne" => tokens.argument(arguments, "mappedBy").is_some() || positional.len() > 1,
        _ => false,
    };
    let option = |key: &str| tokens.argument_text(arguments, key);
    if option("nullable").is_some_and(|text| text == "true") {
        member.field.required = Some(false);
    }
    member.navigation = Some(Navigation {
        target,
        is_list: matches!(name, "OneToMany" | "ManyToMany"),
        is_marked: true,
        cardinality: Some(match name {
            "ManyToOne" => "N:1",
            "OneToMany" => "1:N",
            "OneToOne" => "1:1",
            _ => "N:M",
        }),
        is_inverse,
        key: known.key,
        through: tokens.argument_text(arguments, "pivotTable").or(known.through),
        on_delete: option("onDelete").map(|text| text.to_lowercase()),
    });
}

/// Adds a member to its type, unless its decorators say that it is no column.
pub(super) fn keep(decorators: &Decorators<'_>, member: Member, declared: &mut Declared) {
    let is_computed =
        decorators.iter().any(|(name, _)| matches!(*name, "VirtualColumn" | "Virtual" | "Formula"));
    if !is_computed {
        declared.members.push(member);
    }
}
