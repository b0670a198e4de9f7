//! Java and Kotlin classes, records and enumerations, with the annotations of JPA.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::code::{
    Declared, Found, Member, Navigation, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::notation::{Output, java_annotation};
use crate::words::{is_identifier, unquote};
use crate::{EntityKind, FieldFact};

pub(super) const DOC: &str = "Java and Kotlin classes, records and enumerations, also with the annotations of JPA and Lombok.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_java = |code: &Code| {
        matches!(code.language.as_str(), "java" | "kotlin" | "kt")
            || untagged_with(
                code,
                &["@Entity", "@Table", "data class ", "@Document", "public record "],
            )
    };
    for (block, code) in blocks(document, is_java) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        declarations(&tokens, block, 0..tokens.len(), &mut found);
    }
    settle(document, found, out);
}

/// Annotations with their arguments.
pub(super) type Annotations<'c> = Vec<(&'c str, Range<usize>)>;

/// Reads the annotations from `at` on, and says where they end.
fn annotations<'c>(tokens: &Tokens<'c>, mut at: usize, found: &mut Annotations<'c>) -> usize {
    while tokens.text(at) == "@" && tokens.text(at + 1) != "interface" {
        let mut name = at + 1;
        // `@field:NotNull`, `@javax.persistence.Column`
        while matches!(tokens.text(name + 1), ":" | ".") {
            name += 2;
        }
        at = name + 1;
        if tokens.text(at) == "(" {
            found.push((tokens.text(name), at + 1..tokens.close(at)));
            at = tokens.close(at) + 1;
        } else {
            found.push((tokens.text(name), at..at));
        }
        at = tokens.skip_lines(at);
    }
    at
}

const MODIFIERS: &[&str] = &[
    "public",
    "private",
    "protected",
    "static",
    "final",
    "abstract",
    "sealed",
    "open",
    "internal",
    "override",
    "lateinit",
    "transient",
    "volatile",
    "inner",
    "strictfp",
    "data",
    "const",
];

fn declarations(tokens: &Tokens<'_>, block: usize, range: Range<usize>, found: &mut Found) {
    let mut at = range.start;
    let mut marks: Annotations<'_> = Vec::new();
    let mut start = None;
    while at < range.end {
        let word = tokens.text(at);
        if matches!(word, "\n" | ";" | "}" | ")") {
            at += 1;
            continue;
        }
        let first = *start.get_or_insert(at);
        if word == "@" && tokens.text(at + 1) != "interface" {
            at = annotations(tokens, at, &mut marks);
            continue;
        }
        if MODIFIERS.contains(&word) || word == "enum" && tokens.text(at + 1) == "class" {
            let is_enum = word == "enum";
            at += 1;
            if is_enum {
                at = enumeration(tokens, block, first, at, found);
                (start, marks) = (None, Vec::new());
            }
            continue;
        }
        at = match word {
            "enum" => enumeration(tokens, block, first, at, found),
            "class" | "record" if is_identifier(tokens.text(at + 1)) => {
                class(tokens, block, first, at, &marks, found)
            }
            _ => {
                let end = tokens.statement_end(at, range.end, &[";", "\n"]);
                found.others.push((block, tokens.place(&(first..end))));
                end
            }
        };
        (start, marks) = (None, Vec::new());
    }
}

/// `enum Status { A, B("b"); … }`, from the word `enum` or Kotlin's `class` behind it.
fn enumeration(
    tokens: &Tokens<'_>,
    block: usize,
    first: usize,
    at: usize,
    found: &mut Found,
) -> usize {
    let name = tokens.text(at + 1);
    let mut open = at + 2;
    while open < tokens.len() && !matches!(tokens.text(open), "{" | ";") {
        open = if tokens.text(open) == "(" { tokens.close(open) } else { open } + 1;
    }
    let close = tokens.close(open).min(tokens.len());
    let until = tokens.divide(open + 1..close.max(open + 1), &[";"]);
    let values: Vec<String> = tokens
        .split(open + 1..until, &[","])
        .into_iter()
        .filter_map(|part| {
            let mut skipped = Vec::new();
            let at = annotations(tokens, part.start, &mut skipped);
            let name = tokens.text(at);
            is_identifier(name).then(|| name.to_owned())
        })
        .collect();
    found.enumeration(block, name, values, tokens.place(&(first..close + 1)));
    close + 1
}

fn class(
    tokens: &Tokens<'_>,
    block: usize,
    first: usize,
    at: usize,
    marks: &Annotations<'_>,
    found: &mut Found,
) -> usize {
    let name = tokens.text(at + 1);
    let mut at = at + 2;
    let mut parameters = None;
    let mut bases = Vec::new();
    // `class A<T>(val x: Int) : Base(), Other {` and `class A extends B implements C {`
    let mut end = at;
    while at < tokens.len() {
        match tokens.text(at) {
            "(" => {
                if parameters.is_none() && bases.is_empty() {
                    parameters = Some(at + 1..tokens.close(at));
                }
                at = tokens.close(at);
            }
            "{" => break,
            ";" => break,
            "\n" if tokens.text(tokens.skip_lines(at)) != "{"
                && !matches!(
                    tokens.text(tokens.skip_lines(at)),
                    "extends" | "implements" | ":" | "("
                ) =>
            {
                break;
            }
            "\n" => {}
            word => {
                let before = tokens.text(at - 1);
                if matches!(before, "extends" | ":" | "implements") && is_identifier(word) {
                    bases.push(word.to_owned());
                }
            }
        }
        end = at + 1;
        at += 1;
    }
    let has_body = tokens.text(at) == "{";
    let close = if has_body { tokens.close(at) } else { end.saturating_sub(1) };
    let mut declared =
        Declared::new(name, block, tokens.place(&(first..end)), tokens.place(&(first..close + 1)));
    // An annotation that stands alone above a class is not where its name stands.
    let comment = tokens.comment_above(&(first..end));
    declared.description = (!comment.is_empty()).then_some(comment);
    declared.bases = bases;
    for parameter in parameters.map_or_else(Vec::new, |range| tokens.split(range, &[","])) {
        if let Some(member) = member(tokens, parameter, &mut declared) {
            declared.members.push(member);
        }
    }
    if has_body {
        body(tokens, block, at + 1..close, &mut declared, found);
    }
    if declared.head.start >= declared.head.end {
        declared.head.end = declared.range.end;
    }
    java_annotation::class(tokens, marks, &mut declared);
    if declared.kind == EntityKind::ValueObject
        || declared.is_marked
        || !declared.members.is_empty()
    {
        found.types.push(declared);
    } else {
        found.others.push((block, declared.range));
    }
    close + 1
}

/// The statements of a class's body: fields end with a semicolon or a line, functions with a brace.
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
        if matches!(tokens.text(at), ";" | "}" | ",") {
            at += 1;
            continue;
        }
        let start = at;
        let mut skipped = Vec::new();
        let mut word = annotations(tokens, at, &mut skipped);
        while MODIFIERS.contains(&tokens.text(word)) {
            word += 1;
        }
        if matches!(
            tokens.text(word),
            "enum" | "class" | "record" | "interface" | "companion" | "object"
        ) {
            let end = tokens.statement_end(word, range.end, &[";", "\n"]);
            declarations(tokens, block, start..end, found);
            at = end;
            continue;
        }
        let end = tokens.divide(word..range.end, &[";", "\n"]);
        let is_function = function_body(tokens, word..end);
        if let Some(brace) = is_function {
            declared.functions += 1;
            at = brace.max(start + 1);
            continue;
        }
        if let Some(member) = member(tokens, start..end, declared) {
            declared.members.push(member);
        }
        at = end.max(start) + 1;
    }
}

/// Where a function ends, if the tokens begin one: a name before brackets, without a value before.
fn function_body(tokens: &Tokens<'_>, range: Range<usize>) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        match tokens.text(at) {
            "=" => return None,
            "fun" => {
                return Some(tokens.statement_end(at, tokens.len(), &[";", "\n"]).max(range.end));
            }
            "(" => {
                let close = tokens.close(at);
                let mut next = close + 1;
                while next < tokens.len() && !matches!(tokens.text(next), "{" | ";" | "\n" | "=") {
                    next += 1;
                }
                let brace = tokens.skip_lines(next);
                return Some(if tokens.text(brace) == "{" {
                    tokens.close(brace) + 1
                } else {
                    range.end
                });
            }
            "{" => return Some(tokens.close(at) + 1),
            _ => at += 1,
        }
    }
    None
}

/// `private String name = "x"`, `val name: String? = null`, with annotations before.
fn member(tokens: &Tokens<'_>, range: Range<usize>, declared: &mut Declared) -> Option<Member> {
    let mut marks = Vec::new();
    let mut at = annotations(tokens, range.start, &mut marks);
    let mut is_static = false;
    while MODIFIERS.contains(&tokens.text(at)) {
        is_static |= matches!(tokens.text(at), "static" | "transient" | "const");
        at += 1;
    }
    let parts = tokens.split(at..range.end, &["="]);
    let head = parts.first()?.clone();
    let value = parts.get(1).map(|part| tokens.source(part));
    let kotlin = matches!(tokens.text(at), "val" | "var");
    let at = if kotlin { head.start + 1 } else { head.start };
    let (name, kind) = if tokens.text(at + 1) == ":" {
        (tokens.text(at), tokens.source(&(at + 2..head.end)))
    } else {
        if head.len() < 2 || kotlin {
            return None;
        }
        (tokens.text(head.end - 1), tokens.source(&(head.start..head.end - 1)))
    };
    if is_static || !is_identifier(name) || kind.is_empty() || name == "serialVersionUID" {
        return None;
    }
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    let kind = kind.replace(" .", ".").replace(". ", ".");
    let is_kotlin = tokens.text(at + 1) == ":";
    let (bare, lacks) = match kind.strip_suffix('?') {
        Some(bare) => (bare.to_owned(), true),
        None => (kind.clone(), false),
    };
    let optional = bare.strip_prefix("Optional<").and_then(|inner| inner.strip_suffix('>'));
    modifier::set_type(optional.unwrap_or(&bare), &mut field);
    let is_primitive = matches!(
        bare.as_str(),
        "int" | "long" | "boolean" | "double" | "float" | "short" | "byte" | "char"
    );
    field.required = if lacks || optional.is_some() {
        Some(false)
    } else if is_kotlin || is_primitive {
        Some(true)
    } else {
        None
    };
    if let Some(value) = value.filter(|value| value != "null") {
        let is_constructed =
            value.starts_with("new ") || value.contains("()") || value.contains('{');
        if !is_constructed {
            field.default = Some(crate::words::last_part(unquote(&value)).to_owned());
        }
    }
    let mut member = Member { field, at: tokens.place(&range), navigation: navigation(&bare) };
    if !java_annotation::field(tokens, &marks, &mut member, declared) {
        return None;
    }
    let above = tokens.comment_above(&range);
    let behind = tokens.comment_behind(&range);
    comment_into(if behind.is_empty() { &above } else { behind }, &mut member.field);
    Some(member)
}

/// The entity that a type may be: `Customer`, `List<OrderLine>`, `MutableSet<Tag>`.
pub(super) fn navigation(kind: &str) -> Option<Navigation> {
    let mut target = kind.trim().trim_end_matches('?');
    let mut is_list = false;
    for start in [
        "List<",
        "Set<",
        "Collection<",
        "MutableList<",
        "MutableSet<",
        "ICollection<",
        "IList<",
        "IEnumerable<",
        "HashSet<",
        "ArrayList<",
        "IReadOnlyCollection<",
        "IReadOnlyList<",
        "Iterable<",
    ] {
        if let Some(inner) = target.strip_prefix(start) {
            (target, is_list) = (inner.trim_end_matches('>').trim().trim_end_matches('?'), true);
        }
    }
    if let Some(inner) = target.strip_suffix("[]") {
        (target, is_list) = (inner, true);
    }
    let is_type = is_identifier(target)
        && target.starts_with(char::is_uppercase)
        && !matches!(
            target,
            "String"
                | "Integer"
                | "Long"
                | "Boolean"
                | "UUID"
                | "Instant"
                | "LocalDate"
                | "LocalDateTime"
                | "BigDecimal"
                | "Double"
                | "Int"
                | "Guid"
                | "DateTime"
                | "DateTimeOffset"
                | "Date"
                | "Float"
                | "OffsetDateTime"
                | "ZonedDateTime"
                | "TimeSpan"
                | "DateOnly"
                | "TimeOnly"
                | "Object"
                | "JsonNode"
                | "Any"
                | "Short"
                | "Byte"
                | "LocalTime"
                | "Duration"
        );
    is_type.then(|| Navigation { target: target.to_owned(), is_list, ..Navigation::default() })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn jpa_entities() {
        check(
            "## Domain Model\n```java\n@Entity\n@Table(name = \"orders\", uniqueConstraints = @UniqueConstraint(columnNames = {\"customer_id\", \"number\"}))\n@Data\npublic class Order extends BaseEntity {\n    @Id\n    @GeneratedValue(strategy = GenerationType.UUID)\n    private UUID id;\n\n    @Column(nullable = false, unique = true, length = 20)\n    private String number;\n\n    @Enumerated(EnumType.STRING)\n    private OrderStatus status = OrderStatus.NEW;\n\n    @ManyToOne(fetch = FetchType.LAZY, optional = false)\n    @JoinColumn(name = \"customer_id\", nullable = false)\n    private Customer customer;\n\n    @OneToMany(mappedBy = \"order\", cascade = CascadeType.ALL)\n    private List<OrderLine> lines = new ArrayList<>();\n\n    @Embedded\n    private Address address;\n\n    @Transient\n    private int count;\n\n    private static final long serialVersionUID = 1L;\n\n    public void pay() { this.status = OrderStatus.PAID; }\n}\n\n@Entity\npublic class OrderLine {\n    @Id @GeneratedValue private Long id;\n    private int quantity; // pieces\n    @ManyToOne private Order order;\n}\n\n@Entity\npublic class Customer { @Id private Long id; @NotBlank private String name; }\n\n@Embeddable\npublic class Address { private String street; }\n\n@MappedSuperclass\npublic abstract class BaseEntity { private Instant createdAt; }\n\npublic enum OrderStatus { NEW, PAID(\"paid\"); private final String x; }\n```\n",
            &expect![[r#"
                3 java  entity Order table orders
                3 java  field Order.createdAt Instant
                4 java  unique Order (customer_id, number)
                7 java  field Order.id UUID primary key required
                11 java  field Order.number varchar(20) required unique
                14 java  field Order.status OrderStatus default NEW
                17 java  field Order.customer_id required -> Customer
                21 java  relationship Order 1:N OrderLine
                24 java  field Order.address Address
                35 java  entity OrderLine
                37 java  field OrderLine.id Long primary key required
                38 java  field OrderLine.quantity int required -- pieces
                39 java  field OrderLine.order -> Order
                42 java  entity Customer
                43 java  field Customer.id Long primary key required
                43 java  field Customer.name String required
                45 java  value object Address
                46 java  field Address.street String
                51 java  enumeration OrderStatus: NEW | PAID
            "#]],
        );
    }

    #[test]
    fn kotlin_and_records() {
        check(
            "## Entities\n```kotlin\n@Entity(tableName = \"notes\")\ndata class Note(\n    @PrimaryKey(autoGenerate = true) val id: Long = 0,\n    val title: String,\n    val body: String? = null, // Markdown\n    val state: State = State.OPEN\n)\n\nenum class State { OPEN, CLOSED }\n\ndata class NoteDto(val id: Long)\n```\n```java\npublic record Money(BigDecimal amount, String currency) {}\npublic record Price(UUID id, Money money) {}\npublic interface NoteRepository extends JpaRepository<Note, Long> { Note findById(Long id); }\n@Service\npublic class NoteService { private final NoteRepository repository; public void save() {} }\n```\n",
            &expect![[r#"
                3 java  entity Note table notes
                5 java  field Note.id Long primary key required default 0
                6 java  field Note.title String required
                7 java  field Note.body String optional -- Markdown
                8 java  field Note.state State required default OPEN
                11 java  enumeration State: OPEN | CLOSED
                16 java  value object Money
                16 java  field Money.amount BigDecimal
                16 java  field Money.currency String
                17 java  entity Price
                17 java  field Price.id UUID
                17 java  field Price.money Money
                18 code-query  read "find by id" of Note by id = ? [inferred: the code asks for it]
            "#]],
        );
    }
}
