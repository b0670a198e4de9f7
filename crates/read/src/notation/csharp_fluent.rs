//! What Entity Framework's fluent calls add to the classes of a document: keys, indexes, lengths and
//! what happens to a row when the one that it refers to goes.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::notation::code::{Declared, Found, Kind, Member, Tokens};
use crate::notation::{Mark, Output};
use crate::words::unquote;
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

type Call<'c> = (&'c str, Option<Range<usize>>);

/// A chain of calls on an entity, such as `HasIndex(o => o.Number).IsUnique()`.
#[derive(Debug)]
pub(super) struct Fluent {
    entity: String,
    block: usize,
    at: Range<usize>,
    /// Each call with the type in its angle brackets, the members that its arguments name, and their
    /// source.
    calls: Vec<(String, Option<String>, Vec<String>, String)>,
}

const STARTS: &[&str] =
    &["HasIndex", "HasKey", "HasAlternateKey", "Property", "HasOne", "HasMany", "ToTable"];

/// Collects the chains of a block.
pub(super) fn collect(tokens: &Tokens<'_>, block: usize, found: &mut Vec<Fluent>) {
    let mut entity: Option<String> = None;
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens.text(at);
        let names_entity =
            matches!(word, "Entity" | "IEntityTypeConfiguration" | "EntityTypeBuilder");
        if names_entity && tokens.text(at + 1) == "<" && tokens.is_word(at + 2) {
            entity = Some(tokens.text(at + 2).to_owned());
        }
        let is_start = STARTS.contains(&word) && at > 0 && tokens.text(at - 1) == ".";
        let Some(entity) = entity.as_ref().filter(|_| is_start) else {
            at += 1;
            continue;
        };
        let mut end = at;
        while end < tokens.len() && tokens.text(end) != ";" {
            end = if matches!(tokens.text(end), "(" | "{" | "[") { tokens.close(end) } else { end };
            end += 1;
        }
        let whole = at..end.min(tokens.len());
        let calls: Vec<Call<'_>> = tokens.calls(&whole);
        let calls = calls
            .into_iter()
            .map(|(name, arguments)| {
                let arguments = arguments.unwrap_or(end..end);
                // `HasOne<Customer>()`
                let angle = arguments.start.saturating_sub(2);
                let is_typed = tokens.text(angle) == ">" && tokens.is_word(angle - 1);
                let typed = is_typed.then(|| tokens.text(angle - 1).to_owned());
                (name.to_owned(), typed, members(tokens, &arguments), tokens.source(&arguments))
            })
            .collect();
        found.push(Fluent { entity: entity.clone(), block, at: tokens.place(&whole), calls });
        at = end + 1;
    }
}

/// The members in `o => o.Number`, `o => new { o.A, o.B }` or `"Number"`.
fn members(tokens: &Tokens<'_>, arguments: &Range<usize>) -> Vec<String> {
    let texts = tokens.texts(arguments);
    if !texts.is_empty() {
        return texts;
    }
    arguments
        .clone()
        .filter(|&at| at > 1 && tokens.text(at - 1) == "." && tokens.kind(at) == Some(Kind::Word))
        .map(|at| tokens.text(at).to_owned())
        .collect()
}

impl Fluent {
    fn call(&self, name: &str) -> Option<&(String, Option<String>, Vec<String>, String)> {
        self.calls.iter().find(|call| call.0 == name)
    }

    fn on_delete(&self) -> Option<String> {
        let (.., source) = self.call("OnDelete")?;
        Some(match source.rsplit('.').next()? {
            "Cascade" | "ClientCascade" => "cascade".to_owned(),
            "SetNull" | "ClientSetNull" => "set null".to_owned(),
            "Restrict" => "restrict".to_owned(),
            "NoAction" | "ClientNoAction" => "no action".to_owned(),
            _ => return None,
        })
    }
}

/// Completes the classes of the document with what the chains say, and keeps the chains of classes
/// that stand elsewhere.
pub(super) fn complete(fluent: Vec<Fluent>, found: &mut Found) -> Vec<Fluent> {
    let mut rest = Vec::new();
    for chain in fluent {
        let Some((first, typed, names, source)) = chain.calls.first().cloned() else { continue };
        let Some(at) = found.types.iter().position(|one| one.name == chain.entity) else {
            rest.push(chain);
            continue;
        };
        found.types[at].is_marked = true;
        match first.as_str() {
            "ToTable" => {
                let table = names.first().cloned().unwrap_or_else(|| unquote(&source).to_owned());
                found.types[at].table.get_or_insert(table);
            }
            "Property" => {
                let Some(member) = member(&mut found.types[at], names.first()) else { continue };
                property(&chain, &mut member.field);
            }
            "HasOne" => {
                let key = chain.call("HasForeignKey").and_then(|call| call.2.last().cloned());
                let is_one = chain.call("WithOne").is_some();
                let on_delete = chain.on_delete();
                match (member(&mut found.types[at], names.first()), typed) {
                    (Some(member), _) => refers(member, key, is_one, on_delete),
                    (None, Some(target)) => {
                        let Some(member) = member(&mut found.types[at], key.as_ref()) else {
                            continue;
                        };
                        member.field.references =
                            Some(ReferenceFact { entity: target, field: None, on_delete });
                    }
                    (None, None) => {}
                }
            }
            "HasMany" => {
                // The other side holds the key.
                let navigation = member(&mut found.types[at], names.first())
                    .and_then(|member| member.navigation.as_ref());
                let Some(target) = navigation.map(|it| it.target.clone()).or(typed) else {
                    continue;
                };
                let back = chain.call("WithOne").and_then(|call| call.2.last().cloned());
                let key = chain.call("HasForeignKey").and_then(|call| call.2.last().cloned());
                let on_delete = chain.on_delete();
                let there = found.types.iter_mut().find(|one| one.name == target);
                if let Some(member) = there.and_then(|one| member(one, back.as_ref())) {
                    refers(member, key, false, on_delete);
                }
            }
            _ => rest.push(chain),
        }
    }
    rest
}

fn member<'d>(declared: &'d mut Declared, name: Option<&String>) -> Option<&'d mut Member> {
    let name = name?;
    declared.members.iter_mut().find(|member| member.field.name == *name)
}

fn refers(member: &mut Member, key: Option<String>, is_one: bool, on_delete: Option<String>) {
    let Some(navigation) = &mut member.navigation else { return };
    navigation.is_marked = true;
    if is_one {
        navigation.cardinality = Some("1:1");
        // Of a pair, the side whose chain names the key is seen from here.
        navigation.is_inverse = false;
    }
    navigation.key = key.or(navigation.key.take());
    navigation.on_delete = on_delete.or(navigation.on_delete.take());
}

/// `HasMaxLength(20).IsRequired()`
fn property(chain: &Fluent, field: &mut FieldFact) {
    for (name, _, texts, source) in &chain.calls[1..] {
        match name.as_str() {
            "HasMaxLength" => {
                let is_plain = field.type_text.as_deref().is_none_or(|kind| kind == "string");
                if is_plain && source.chars().all(|c| c.is_ascii_digit()) && !source.is_empty() {
                    field.type_text = Some(format!("varchar({source})"));
                }
            }
            "IsRequired" => field.required = Some(source != "false"),
            "HasColumnType" => field.type_text = texts.first().cloned().or(field.type_text.take()),
            "HasPrecision" => {
                if let Some((digits, places)) = source.split_once(',') {
                    field.type_text = Some(format!("decimal({},{})", digits.trim(), places.trim()));
                }
            }
            "HasDefaultValue" => {
                let value = unquote(source);
                let value = value.rsplit('.').next().unwrap_or(value);
                if !value.is_empty() && !value.contains('(') {
                    field.default = Some(value.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// States what chains say of indexes and keys, and of classes that stand elsewhere.
pub(super) fn state(document: &Document<'_>, fluent: &[Fluent], out: &mut Output) {
    for chain in fluent {
        let BlockKind::Code(code) = &document.blocks[chain.block].kind else { continue };
        let Some((first, _, names, _)) = chain.calls.first() else { continue };
        let Some(entity) = out.known.get(&chain.entity).map(str::to_owned) else { continue };
        let span = document.code_span(code, chain.at.clone());
        out.mark(document, span.range(), Mark::Understood);
        let fields = names.clone();
        let fact = match first.as_str() {
            _ if fields.is_empty() => continue,
            "HasKey" => Fact::PrimaryKey { entity, fields },
            "HasAlternateKey" => Fact::Unique { entity, fields, condition: None, text: None },
            "HasIndex" => {
                let unique = chain.call("IsUnique").is_some_and(|call| call.3 != "false");
                let text = |name: &str| chain.call(name).and_then(|call| call.2.first().cloned());
                if unique {
                    Fact::Unique { entity, fields, condition: text("HasFilter"), text: None }
                } else {
                    Fact::Index(IndexFact {
                        entity,
                        name: text("HasDatabaseName").or_else(|| text("HasName")),
                        columns: fields,
                        unique,
                        method: text("HasMethod"),
                        purpose: None,
                    })
                }
            }
            "Property" => {
                let mut field = FieldFact { name: fields[0].clone(), ..FieldFact::default() };
                property(chain, &mut field);
                Fact::Field { entity, field }
            }
            _ => continue,
        };
        out.state(document, span, fact);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn fluent_calls() {
        check(
            "## Entities\n```csharp\npublic class Order { public Guid Id { get; set; } public string Number { get; set; } public string? Note { get; set; } public Guid CustomerId { get; set; } public Customer Customer { get; set; } }\npublic class Customer { public Guid Id { get; set; } public string Email { get; set; } public List<Order> Orders { get; set; } }\n```\n\n```csharp\npublic class OrderConfiguration : IEntityTypeConfiguration<Order>\n{\n    public void Configure(EntityTypeBuilder<Order> builder)\n    {\n        builder.ToTable(\"orders\");\n        builder.HasKey(o => o.Id);\n        builder.Property(o => o.Number).HasMaxLength(20).IsRequired();\n        builder.HasIndex(o => new { o.CustomerId, o.Number }).IsUnique();\n        builder.HasOne(o => o.Customer)\n            .WithMany(c => c.Orders)\n            .HasForeignKey(o => o.CustomerId)\n            .OnDelete(DeleteBehavior.Cascade);\n    }\n}\n\nmodelBuilder.Entity<Customer>().HasIndex(c => c.Email).HasDatabaseName(\"by_email\");\n```\n",
            &expect![[r#"
                3 csharp  entity Order table orders
                3 csharp  field Order.Id Guid required
                3 csharp  field Order.Number varchar(20) required
                3 csharp  field Order.Note string optional
                3 csharp  field Order.CustomerId Guid required
                3 csharp  field Order.CustomerId -> Customer on delete cascade
                4 csharp  entity Customer
                4 csharp  field Customer.Id Guid required
                4 csharp  field Customer.Email string required
                4 csharp  relationship Customer 1:N Order
                13 csharp  primary key Order (Id)
                15 csharp  unique Order (CustomerId, Number)
                23 csharp  index by_email on Customer (Email)
            "#]],
        );
    }

    #[test]
    fn calls_on_what_is_no_entity() {
        check(
            "```csharp\nservices.HasIndex(o => o.Number);\nvar list = orders.Where(o => o.Id == id).ToList();\n```\n",
            &expect![[r#""#]],
        );
    }
}
