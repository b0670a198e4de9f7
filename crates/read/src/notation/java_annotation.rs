//! The annotations of JPA, Jakarta Validation and Spring Data on classes and fields.

use std::ops::Range;

use crate::notation::code::{Declared, Member, Navigation, Tokens};
use crate::words::last_part;
use crate::{EntityKind, Fact, IndexFact};

type Annotations<'c> = [(&'c str, Range<usize>)];

/// What the annotations above a class say of its table.
pub(super) fn class(tokens: &Tokens<'_>, marks: &Annotations<'_>, declared: &mut Declared) {
    for (name, arguments) in marks {
        let option = |key: &str| tokens.argument_text(arguments, key);
        match *name {
            "Entity" | "Table" | "Document" => {
                declared.is_marked = true;
                let table = match *name {
                    // JPA's `@Entity(name = …)` renames the entity in queries only.
                    "Entity" => option("tableName"),
                    "Table" => option("name").or_else(|| tokens.first_text(arguments)),
                    _ => option("collection").or_else(|| tokens.first_text(arguments)),
                };
                declared.table = table.or(declared.table.take());
                keys(tokens, arguments, declared);
            }
            "Embeddable" => declared.kind = EntityKind::ValueObject,
            _ => {}
        }
    }
    if declared.kind == EntityKind::ValueObject {
        declared.is_marked = true;
    }
}

/// `uniqueConstraints = @UniqueConstraint(columnNames = {"a", "b"})`, `indexes = @Index(columnList = "a, b")`
fn keys(tokens: &Tokens<'_>, arguments: &Range<usize>, declared: &mut Declared) {
    let mut at = arguments.start;
    while at < arguments.end {
        let inside = at + 2..tokens.close(at + 1);
        let entity = declared.name.clone();
        let fact = match tokens.text(at) {
            "UniqueConstraint" => tokens
                .argument(&inside, "columnNames")
                .map(|range| tokens.texts(&range))
                .filter(|fields| !fields.is_empty())
                .map(|fields| Fact::Unique { entity, fields, condition: None, text: None }),
            "Index" => {
                let list = tokens.argument_text(&inside, "columnList").or_else(|| {
                    tokens.argument(&inside, "value").map(|range| tokens.texts(&range).join(","))
                });
                list.map(|list| {
                    Fact::Index(IndexFact {
                        entity,
                        name: tokens.argument_text(&inside, "name"),
                        columns: list
                            .split(',')
                            .map(|column| column.trim().to_lowercase())
                            .collect(),
                        unique: tokens
                            .argument_text(&inside, "unique")
                            .is_some_and(|text| text == "true"),
                        method: None,
                        purpose: None,
                    })
                })
            }
            _ => None,
        };
        if let Some(fact) = fact {
            declared.facts.push((fact, tokens.place(&(at..inside.end))));
        }
        at += 1;
    }
}

/// What the annotations above a field say of it. False where it is no column.
pub(super) fn field(
    tokens: &Tokens<'_>,
    marks: &Annotations<'_>,
    member: &mut Member,
    declared: &mut Declared,
) -> bool {
    for (name, arguments) in marks {
        let option = |key: &str| tokens.argument_text(arguments, key);
        let is = |key: &str, value: &str| option(key).is_some_and(|text| text == value);
        let field = &mut member.field;
        match *name {
            "Id" | "EmbeddedId" | "PrimaryKey" | "MongoId" => {
                field.primary_key = Some(true);
                field.required = Some(true);
            }
            "Column" | "ColumnInfo" => {
                if is("nullable", "false") {
                    field.required = Some(true);
                } else if is("nullable", "true") {
                    field.required = Some(false);
                }
                if is("unique", "true") {
                    field.unique = Some(true);
                }
                let is_text = field.type_text.as_deref() == Some("String");
                if let Some(length) = option("length").filter(|_| is_text) {
                    field.type_text = Some(format!("varchar({length})"));
                }
                if let (Some(precision), Some(kind)) = (option("precision"), &field.type_text) {
                    if kind == "BigDecimal" {
                        let scale = option("scale").unwrap_or_else(|| "0".to_owned());
                        field.type_text = Some(format!("decimal({precision},{scale})"));
                    }
                }
                if let Some(kind) = option("columnDefinition") {
                    let kind = kind.trim();
                    if crate::modifier::is_scalar(kind) && !kind.contains(' ') {
                        field.type_text = Some(kind.to_owned());
                    }
                }
            }
            "NotNull" | "NotBlank" | "NotEmpty" | "NonNull" => field.required = Some(true),
            "Nullable" => field.required = Some(false),
            "Size" | "Length" => {
                let is_text = field.type_text.as_deref() == Some("String");
                if let Some(length) = option("max").filter(|_| is_text) {
                    field.type_text = Some(format!("varchar({length})"));
                }
            }
            "Min" | "DecimalMin" => {
                if let Some(bound) = option("value").or_else(|| first(tokens, arguments)) {
                    field.constraints.push(format!("{} >= {bound}", field.name));
                }
            }
            "Max" | "DecimalMax" => {
                if let Some(bound) = option("value").or_else(|| first(tokens, arguments)) {
                    field.constraints.push(format!("{} <= {bound}", field.name));
                }
            }
            "Positive" => field.constraints.push(format!("{} > 0", field.name)),
            "PositiveOrZero" => field.constraints.push(format!("{} >= 0", field.name)),
            "Indexed" => {
                if is("unique", "true") {
                    field.unique = Some(true);
                } else {
                    let index = IndexFact {
                        entity: declared.name.clone(),
                        name: None,
                        columns: vec![field.name.clone()],
                        unique: false,
                        method: None,
                        purpose: None,
                    };
                    declared.facts.push((Fact::Index(index), member.at.clone()));
                }
            }
            "ManyToOne" | "OneToMany" | "OneToOne" | "ManyToMany" | "DBRef" => {
                relation(tokens, name, arguments, member);
            }
            "JoinColumn" => {
                if let Some(key) = option("name") {
                    field.name = key;
                }
                if is("nullable", "false") {
                    field.required = Some(true);
                }
                if is("unique", "true") {
                    field.unique = Some(true);
                }
            }
            "JoinTable" => {
                if let (Some(navigation), Some(table)) = (&mut member.navigation, option("name")) {
                    navigation.through = Some(table);
                }
            }
            "Transient" | "Ignore" | "Formula" => return false,
            _ => {}
        }
    }
    true
}

fn first(tokens: &Tokens<'_>, arguments: &Range<usize>) -> Option<String> {
    tokens.positional(arguments).first().map(|part| tokens.source(part))
}

/// `@ManyToOne(optional = false)`, `@OneToMany(mappedBy = "order")`
fn relation(tokens: &Tokens<'_>, name: &str, arguments: &Range<usize>, member: &mut Member) {
    let option = |key: &str| tokens.argument_text(arguments, key);
    let known = member.navigation.take().unwrap_or_default();
    let named = option("targetEntity").map(|text| text.replace(".class", ""));
    if option("optional").is_some_and(|text| text == "false") {
        member.field.required = Some(true);
    }
    member.navigation = Some(Navigation {
        target: named.map_or(known.target, |target| last_part(&target).to_owned()),
        is_list: matches!(name, "OneToMany" | "ManyToMany") || name == "DBRef" && known.is_list,
        is_marked: true,
        cardinality: Some(match name {
            "OneToMany" => "1:N",
            "OneToOne" => "1:1",
            "ManyToMany" => "N:M",
            _ => "N:1",
        }),
        is_inverse: option("mappedBy").is_some(),
        ..known
    });
}
