//! C# classes and records with their attributes, enumerations, and what Entity Framework's fluent
//! calls add.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::code::{
    Declared, Found, Kind, Member, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::notation::{Output, csharp_fluent, java};
use crate::words::{is_identifier, last_part, unquote};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

pub(super) const DOC: &str = "C# classes, records and enumerations with data annotations, and Entity Framework's fluent \
     calls: `HasKey`, `HasIndex`, `HasMaxLength`, `IsRequired`, `HasOne` and `HasMany`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_csharp = |code: &Code| {
        matches!(code.language.as_str(), "csharp" | "cs" | "c#")
            || untagged_with(code, &["public class ", "public record ", "public sealed class "])
                && code.text.contains("get;")
            || untagged_with(code, &["modelBuilder.Entity<", "builder.Entity<"])
    };
    let mut fluent = Vec::new();
    for (block, code) in blocks(document, is_csharp) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        declarations(&tokens, block, 0..tokens.len(), &mut found);
        csharp_fluent::collect(&tokens, block, &mut fluent);
    }
    let fluent = csharp_fluent::complete(fluent, &mut found);
    settle(document, found, out);
    csharp_fluent::state(document, &fluent, out);
}

type Attributes<'c> = Vec<(&'c str, Range<usize>)>;

const MODIFIERS: &[&str] = &[
    "public",
    "private",
    "protected",
    "internal",
    "static",
    "sealed",
    "abstract",
    "partial",
    "virtual",
    "override",
    "readonly",
    "required",
    "new",
    "const",
    "init",
];

/// `[Key, Column("id")]`
fn attributes<'c>(tokens: &Tokens<'c>, mut at: usize, found: &mut Attributes<'c>) -> usize {
    while tokens.text(at) == "[" {
        let close = tokens.close(at);
        for part in tokens.split(at + 1..close, &[","]) {
            let calls = tokens.calls(&part);
            if let Some((name, arguments)) = calls.last() {
                found.push((name, arguments.clone().unwrap_or(part.end..part.end)));
            }
        }
        at = tokens.skip_lines(close + 1);
    }
    at
}

fn declarations(tokens: &Tokens<'_>, block: usize, range: Range<usize>, found: &mut Found) {
    let mut at = range.start;
    let mut marks: Attributes<'_> = Vec::new();
    let mut start = None;
    while at < range.end {
        let word = tokens.text(at);
        if matches!(word, "\n" | ";" | "}" | ")") {
            at += 1;
            continue;
        }
        let first = *start.get_or_insert(at);
        if word == "[" {
            at = attributes(tokens, at, &mut marks);
            continue;
        }
        if MODIFIERS.contains(&word) || word == "struct" && tokens.text(at - 1) == "record" {
            at += 1;
            continue;
        }
        at = match word {
            "namespace" => {
                let mut open = at + 1;
                while open < range.end && !matches!(tokens.text(open), "{" | ";" | "\n") {
                    open += 1;
                }
                if tokens.text(tokens.skip_lines(open)) == "{" {
                    tokens.skip_lines(open) + 1
                } else {
                    open + 1
                }
            }
            "enum" => enumeration(tokens, block, first, at, found),
            "class" | "record" if tokens.text(at + 1) == "struct" || tokens.is_word(at + 1) => {
                let name =
                    if matches!(tokens.text(at + 1), "struct" | "class") { at + 2 } else { at + 1 };
                class(tokens, block, first, name, &marks, found)
            }
            _ => {
                let end = tokens.statement_end(at, range.end, &[";"]);
                found.others.push((block, tokens.place(&(first..end))));
                end
            }
        };
        (start, marks) = (None, Vec::new());
    }
}

fn enumeration(
    tokens: &Tokens<'_>,
    block: usize,
    first: usize,
    at: usize,
    found: &mut Found,
) -> usize {
    let mut open = at + 2;
    while open < tokens.len() && tokens.text(open) != "{" {
        open += 1;
    }
    let close = tokens.close(open);
    let values = tokens
        .split(open + 1..close.max(open + 1), &[","])
        .into_iter()
        .map(|part| attributes(tokens, part.start, &mut Vec::new()))
        .map(|at| tokens.text(at).to_owned())
        .filter(|value| is_identifier(value))
        .collect();
    found.enumeration(block, tokens.text(at + 1), values, tokens.place(&(first..close + 1)));
    close + 1
}

fn class(
    tokens: &Tokens<'_>,
    block: usize,
    first: usize,
    name: usize,
    marks: &Attributes<'_>,
    found: &mut Found,
) -> usize {
    let mut at = name + 1;
    let mut bases = Vec::new();
    let mut parameters = None;
    while at < tokens.len() && !matches!(tokens.text(at), "{" | ";") {
        match tokens.text(at) {
            "(" => {
                if bases.is_empty() && parameters.is_none() {
                    parameters = Some(at + 1..tokens.close(at));
                }
                at = tokens.close(at);
            }
            ":" | "," => bases.push(tokens.text(at + 1).to_owned()),
            _ => {}
        }
        at += 1;
    }
    let close = if tokens.text(at) == "{" { tokens.close(at) } else { at };
    let mut declared = Declared::new(
        tokens.text(name),
        block,
        tokens.place(&(first..at)),
        tokens.place(&(first..close + 1)),
    );
    let comment = tokens.comment_above(&(first..at));
    declared.description = (!comment.is_empty()).then_some(comment);
    declared.bases = bases;
    declared.is_abstract = (first..name).any(|at| tokens.text(at) == "abstract");
    let is_context = declared.bases.iter().any(|base| base.ends_with("DbContext"));
    for (mark, arguments) in marks {
        match *mark {
            "Table" => {
                declared.is_marked = true;
                declared.table = tokens.first_text(arguments);
            }
            "Index" => index(tokens, arguments, &mut declared),
            "PrimaryKey" => {
                let fields = names(tokens, arguments);
                let fact = Fact::PrimaryKey { entity: declared.name.clone(), fields };
                declared.facts.push((fact, tokens.place(arguments)));
            }
            _ => {}
        }
    }
    for part in parameters.map_or_else(Vec::new, |range| tokens.split(range, &[","])) {
        declared.members.extend(property(tokens, part));
    }
    if is_context {
        found.others.push((block, declared.range));
        return close + 1;
    }
    body(tokens, block, at + 1..close, &mut declared, found);
    if declared.members.is_empty() {
        found.others.push((block, declared.range));
    } else {
        found.types.push(declared);
    }
    close + 1
}

fn body(
    tokens: &Tokens<'_>,
    block: usize,
    range: Range<usize>,
    declared: &mut Declared,
    found: &mut Found,
) {
    let mut at = range.start;
    while at < range.end {
        at = tokens.skip_lines(at);
        if at >= range.end {
            break;
        }
        let start = at;
        let mut word = attributes(tokens, at, &mut Vec::new());
        while MODIFIERS.contains(&tokens.text(word)) {
            word += 1;
        }
        if matches!(tokens.text(word), "enum" | "class" | "record" | "struct") {
            let end = tokens.statement_end(word, range.end, &[";"]);
            declarations(tokens, block, start..end, found);
            at = end;
            continue;
        }
        // A property has its brackets behind its name, a function round ones.
        let mut open = word;
        while open < range.end && !matches!(tokens.text(open), "{" | ";" | "(" | "=" | "=>") {
            open += 1;
        }
        let is_property = tokens.text(open) == "{"
            && (open + 1..tokens.close(open))
                .any(|at| matches!(tokens.text(at), "get" | "set" | "init"));
        if is_property {
            declared.members.extend(property(tokens, start..open));
            let close = tokens.close(open);
            at = close + 1;
            if tokens.text(at) == "=" {
                let end = tokens.divide(at..range.end, &[";", "\n"]);
                if let Some(member) = declared.members.last_mut() {
                    default(&tokens.source(&(at + 1..end)), &mut member.field);
                    member.at.end = tokens.place(&(start..end)).end;
                }
                at = end + 1;
            }
            if let Some(member) = declared.members.last_mut() {
                let behind = tokens.comment_behind(&(start..at));
                comment_into(behind, &mut member.field);
            }
        } else {
            declared.functions += usize::from(tokens.text(open) == "(");
            at = tokens.statement_end(start, range.end, &[";"]).max(start + 1);
        }
    }
}

/// `[Required] public required string Name`, before its `{ get; set; }`.
fn property(tokens: &Tokens<'_>, range: Range<usize>) -> Option<Member> {
    let mut marks = Vec::new();
    let mut at = attributes(tokens, range.start, &mut marks);
    let mut is_skipped = false;
    while MODIFIERS.contains(&tokens.text(at)) {
        is_skipped |= matches!(tokens.text(at), "static" | "const");
        at += 1;
    }
    let parts = tokens.split(at..range.end, &["="]);
    let head = parts.first()?;
    let name = tokens.text(head.end - 1);
    if is_skipped
        || head.len() < 2
        || !is_identifier(name)
        || tokens.kind(head.end - 1) != Some(Kind::Word)
    {
        return None;
    }
    let kind = tokens.source(&(head.start..head.end - 1)).replace(' ', "");
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    modifier::set_type(&kind, &mut field);
    field.required = Some(!kind.ends_with('?'));
    if let Some(value) = parts.get(1) {
        default(&tokens.source(value), &mut field);
    }
    let mut member =
        Member { field, at: tokens.place(&range), navigation: java::navigation(&kind) };
    for (mark, arguments) in &marks {
        let field = &mut member.field;
        let first = || {
            tokens
                .positional(arguments)
                .first()
                .map(|part| unquote(&tokens.source(part)).to_owned())
        };
        match *mark {
            "Key" => field.primary_key = Some(true),
            "Required" => field.required = Some(true),
            "MaxLength" | "StringLength" => {
                if let Some(length) =
                    first().filter(|_| field.type_text.as_deref() == Some("string"))
                {
                    field.type_text = Some(format!("varchar({length})"));
                }
            }
            "Column" => {
                if let Some(kind) = tokens.argument_text(arguments, "TypeName") {
                    field.type_text = Some(kind);
                }
            }
            "Range" => {
                let bounds = tokens.positional(arguments);
                if let [low, high] = bounds.as_slice() {
                    let (low, high) = (tokens.source(low), tokens.source(high));
                    field.constraints.push(format!("{0} >= {low} and {0} <= {high}", field.name));
                }
            }
            "ForeignKey" => {
                // On the navigation it names the key, on the key the navigation.
                let named = first().map(|text| nameof(&text));
                match &mut member.navigation {
                    Some(navigation) => navigation.key = named,
                    None => {
                        field.references = named.map(|entity| ReferenceFact {
                            entity,
                            field: None,
                            on_delete: None,
                        });
                    }
                }
            }
            "NotMapped" => return None,
            _ => {}
        }
    }
    let above = tokens.comment_above(&range);
    comment_into(&above, &mut member.field);
    Some(member)
}

fn default(source: &str, field: &mut FieldFact) {
    let source = source.trim();
    // `= string.Empty` and `= null!` only quiet the compiler.
    let says_nothing = matches!(
        source,
        "" | "null"
            | "null!"
            | "null !"
            | "default!"
            | "default !"
            | "string.Empty"
            | "\"\""
            | "[]"
            | "[ ]"
    ) || source.starts_with("new")
        || source.contains("Now")
        || source.contains("NewGuid");
    if !says_nothing {
        field.default = Some(last_part(unquote(source)).to_owned());
    }
}

fn nameof(text: &str) -> String {
    let inside =
        text.strip_prefix("nameof").map_or(text, |rest| rest.trim_matches(['(', ')', ' ']));
    last_part(inside).to_owned()
}

/// The fields of `[Index(nameof(A), nameof(B))]` or `[PrimaryKey("A", "B")]`.
fn names(tokens: &Tokens<'_>, arguments: &Range<usize>) -> Vec<String> {
    tokens.positional(arguments).iter().map(|part| nameof(&tokens.source(part))).collect()
}

fn index(tokens: &Tokens<'_>, arguments: &Range<usize>, declared: &mut Declared) {
    let columns = names(tokens, arguments);
    let entity = declared.name.clone();
    let unique = tokens.argument_text(arguments, "IsUnique").is_some_and(|text| text == "true");
    let fact = if unique {
        Fact::Unique { entity, fields: columns, condition: None, text: None }
    } else {
        Fact::Index(IndexFact { entity, name: None, columns, unique, method: None, purpose: None })
    };
    declared.facts.push((fact, tokens.place(arguments)));
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn classes_with_attributes() {
        check(
            "## Entities\n```csharp\nnamespace Shop.Domain;\n\n/// <summary>A customer's order.</summary>\n[Table(\"orders\")]\n[Index(nameof(CustomerId), nameof(Number), IsUnique = true)]\npublic class Order : BaseEntity\n{\n    [Key]\n    public Guid Id { get; set; }\n    [MaxLength(20)]\n    public required string Number { get; set; }\n    public string? Note { get; set; } // for the driver\n    public decimal Total { get; set; }\n    public OrderStatus Status { get; set; } = OrderStatus.New;\n    public Guid CustomerId { get; set; }\n    public Customer Customer { get; set; } = null!;\n    public ICollection<OrderLine> Lines { get; set; } = new List<OrderLine>();\n    public decimal Tax => Total * 0.2m;\n    public void Pay() { Status = OrderStatus.Paid; }\n}\n\npublic class OrderLine { public int Id { get; set; } public Guid OrderId { get; set; } public Order Order { get; set; } public Money Price { get; set; } }\n\npublic class Customer { public Guid Id { get; init; } public List<Order> Orders { get; set; } = []; }\n\npublic record Money(decimal Amount, string Currency);\n\npublic enum OrderStatus { New = 0, Paid = 1 }\n\npublic class AppDbContext : DbContext { public DbSet<Order> Orders { get; set; } }\npublic record CreateOrderRequest(Guid Id, string Number);\npublic interface IOrderRepository { Task<Order> GetAsync(Guid id); }\n```\n",
            &expect![[r#"
                6 csharp  entity Order table orders -- A customer's order.
                7 csharp  unique Order (CustomerId, Number)
                10 csharp  field Order.Id Guid primary key required
                12 csharp  field Order.Number varchar(20) required
                14 csharp  field Order.Note string optional -- for the driver
                15 csharp  field Order.Total decimal required
                16 csharp  field Order.Status OrderStatus required default New
                17 csharp  field Order.CustomerId Guid required
                18 csharp  field Order.CustomerId -> Customer
                19 csharp  relationship Order 1:N OrderLine
                24 csharp  entity OrderLine
                24 csharp  field OrderLine.Id int required
                24 csharp  field OrderLine.OrderId Guid required
                24 csharp  field OrderLine.OrderId -> Order
                24 csharp  field OrderLine.Price Money required
                26 csharp  entity Customer
                26 csharp  field Customer.Id Guid required
                26 csharp  relationship Customer 1:N Order
                28 csharp  value object Money
                28 csharp  field Money.Amount decimal required
                28 csharp  field Money.Currency string required
                30 csharp  enumeration OrderStatus: New | Paid
            "#]],
        );
    }

    #[test]
    fn an_abstract_base_is_no_entity() {
        check(
            "## Entities\n```csharp\npublic abstract class Auditable { public Guid Id { get; set; } public DateTime CreatedAt { get; set; } }\npublic class Order : Auditable { public string Number { get; set; } }\n```\n",
            &expect![[r#"
                4 csharp  entity Order
                4 csharp  field Order.Id Guid required
                4 csharp  field Order.CreatedAt DateTime required
                4 csharp  field Order.Number string required
            "#]],
        );
    }

    #[test]
    fn queries_are_no_entities() {
        check(
            "## Queries\n```csharp\nvar games = await context.Games\n    .Where(g => g.Id == id)\n    .ToListAsync();\nif (a < b) { return; }\n```\n",
            &expect![[r#""#]],
        );
    }
}
