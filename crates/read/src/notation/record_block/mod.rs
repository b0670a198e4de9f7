//! Records in the languages that declare them in brackets: GraphQL, protocol buffers, Swift, Dart, Scala and JDL.

mod dialect;

use std::ops::Range;

use crate::document::{BlockKind, Code, Document};
use crate::modifier;
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Kind, Member, Navigation, Tokens, blocks, comment_into, settle,
};
use crate::words::{is_identifier, unquote};
use crate::{Fact, FieldFact, RelationshipFact};
use dialect::{DIALECTS, Dialect, Order, scalar};

pub(super) const DOC: &str = "Records that GraphQL types, protobuf messages, Swift structs, Dart classes, Scala case classes and \
     JDL entities declare, with their enumerations.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for dialect in DIALECTS {
        let mut found = Found::default();
        let mut ties = Vec::new();
        for (block, code) in blocks(document, |code| dialect.is_meant(code)) {
            if !out.is_open(document, document.blocks[block].range.start) {
                continue;
            }
            let tokens = Tokens::scan(&code.text, dialect.style);
            let reader = Reader { dialect, tokens: &tokens, block };
            let types = found.types.len();
            reader.items(0..tokens.len(), &mut found, &mut ties);
            // Beside records, imports and directives state nothing of rows.
            if found.types.len() > types {
                found.others.push((block, 0..code.text.len()));
            }
        }
        settle(document, found, out);
        for (block, at, tie) in ties {
            if let BlockKind::Code(code) = &document.blocks[block].kind {
                out.state(document, document.code_span(code, at), Fact::Relationship(tie));
            }
        }
    }
}

impl Dialect {
    fn is_meant(&self, code: &Code) -> bool {
        let is_untagged = matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext");
        let begins =
            |start: &str| code.lines().any(|(line, _)| line.trim_start().starts_with(start));
        // A colon stands between a name and its type where the type comes second otherwise.
        let is_other = self.order == Order::NameFirst && code.text.contains(": ");
        self.languages.contains(&code.language.as_str())
            || is_untagged
                && !is_other
                && self
                    .signs
                    .iter()
                    .any(|(start, inside)| code.text.contains(inside) && begins(start))
    }
}

type Tie = (usize, Range<usize>, RelationshipFact);

struct Reader<'t, 'c> {
    dialect: &'t Dialect,
    tokens: &'t Tokens<'c>,
    block: usize,
}

impl Reader<'_, '_> {
    /// The records, enumerations and relationships of a stretch of code.
    fn items(&self, range: Range<usize>, found: &mut Found, ties: &mut Vec<Tie>) {
        let tokens = self.tokens;
        let mut at = range.start;
        let mut begun = at;
        while at < range.end {
            let word = tokens.text(at);
            let name = tokens.text(at + 1);
            // A member may have the name of a keyword: `type: String`.
            let is_head = tokens.is_word(at) && tokens.is_word(at + 1);
            let end = if is_head && self.dialect.records.contains(&word) {
                self.record(begun, at, found, ties)
            } else if is_head && word == "enum" {
                self.enumeration(at, found)
            } else if word == "relationship" && self.dialect.order == Order::NameFirst {
                self.relationships(at, name, ties)
            } else if matches!(word, "{" | "(" | "[") {
                // The body of something else: a function, a service, a request.
                found.others.push((self.block, tokens.place(&(begun..tokens.close(at) + 1))));
                Some(tokens.close(at) + 1)
            } else {
                None
            };
            match end {
                Some(end) => {
                    at = end.max(at + 1);
                    begun = at;
                }
                None => {
                    if matches!(word, "}" | ";") {
                        begun = at + 1;
                    }
                    at += 1;
                }
            }
        }
    }

    /// The bracket that opens the body of what begins here.
    fn body(&self, at: usize) -> Option<usize> {
        let tokens = self.tokens;
        // Scala's fields stand in the brackets behind the name.
        let opens = |text: &str| text == "{" || text == "(" && self.dialect.records == ["class"];
        let is_scala = self.dialect.front.contains(&"val");
        (at + 2..tokens.len().min(at + 60)).find(|&at| {
            let text = tokens.text(at);
            if is_scala { opens(text) } else { text == "{" }
        })
    }

    fn record(
        &self,
        begun: usize,
        at: usize,
        found: &mut Found,
        ties: &mut Vec<Tie>,
    ) -> Option<usize> {
        let (tokens, dialect) = (self.tokens, self.dialect);
        let name = tokens.text(at + 1);
        let open = self.body(at).filter(|_| is_identifier(name))?;
        let close = tokens.close(open);
        let place = at..close + 1;
        if dialect.roots.contains(&name) {
            found.others.push((self.block, tokens.place(&place)));
            return Some(close + 1);
        }
        let mut declared =
            Declared::new(name, self.block, tokens.place(&(at..open)), tokens.place(&place));
        let marks = (begun..at).chain(at + 2..open);
        let is_mark = |at: usize| {
            tokens.text(at.saturating_sub(1)) == "@" && dialect.stored.contains(&tokens.text(at))
        };
        declared.is_marked = dialect.stores_all || marks.into_iter().any(is_mark);
        let comment = tokens.comment_above(&(at..open));
        declared.description = (!comment.is_empty()).then_some(comment);
        for part in self.members(open + 1..close) {
            let first = tokens.text(part.start);
            let is_inner = dialect.records.contains(&first) || first == "enum";
            if is_inner && tokens.is_word(part.start + 1) && tokens.text(part.start + 1) != "=" {
                self.items(part, found, ties);
            } else if first == "oneof" {
                let open = part.start + 2;
                for part in self.members(open + 1..tokens.close(open)) {
                    declared.members.extend(self.member(&part).map(|mut member| {
                        member.field.required = Some(false);
                        member
                    }));
                }
            } else if let Some(member) = self.member(&part) {
                declared.members.push(member);
            } else if part.clone().any(|at| tokens.text(at) == "(" || tokens.text(at) == "{") {
                declared.functions += 1;
            }
        }
        if declared.members.is_empty() {
            found.others.push((self.block, declared.range));
        } else {
            found.types.push(declared);
        }
        Some(close + 1)
    }

    /// The members of a body. What has a body itself ends with it.
    fn members(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let tokens = self.tokens;
        let mut parts = Vec::new();
        for part in tokens.split(range, &["\n", ";", ","]) {
            // `@Column(name: "x")` on a line of its own belongs to the member below it.
            let is_alone = tokens.text(part.start) == "@"
                && (part.len() == 2
                    || tokens.text(part.start + 2) == "("
                        && tokens.close(part.start + 2) + 1 == part.end);
            if !is_alone {
                parts.push(part);
            }
        }
        parts
    }

    /// `title: String!`, `optional string title = 2;`, `final String? title;`, `title String required`.
    fn member(&self, part: &Range<usize>) -> Option<Member> {
        let (tokens, dialect) = (self.tokens, self.dialect);
        let mut at = part.start;
        let mut mark = "";
        let (mut is_unique, mut is_primary) = (false, false);
        loop {
            let word = tokens.text(at);
            if word == "@" {
                let inside = tokens.text(at + 1);
                is_primary |= matches!(inside, "Id" | "id" | "PrimaryKey" | "primaryKey");
                at += 2;
                if tokens.text(at) == "(" {
                    let close = tokens.close(at);
                    is_unique |= (at..close).any(|at| tokens.text(at) == "unique");
                    at = close + 1;
                }
            } else if dialect.front.contains(&word) && tokens.text(at + 1) != ":" {
                mark = word;
                at += 1;
            } else {
                break;
            }
            if at >= part.end {
                return None;
            }
        }
        if matches!(
            tokens.text(at),
            "static" | "func" | "init" | "case" | "factory" | "get" | "def"
        ) {
            return None;
        }
        let (name, kind, behind) = match dialect.order {
            Order::Colon => self.colon(at, part)?,
            Order::TypeFirst => self.type_first(at, part)?,
            Order::NameFirst => {
                let end = (at + 2..part.end).find(|&it| tokens.kind(it) == Some(Kind::Line));
                (at, at + 1..at + 2, at + 2..end.unwrap_or(part.end))
            }
        };
        let name = unquote(tokens.text(name)).trim_matches('`');
        if !is_identifier(name) || kind.is_empty() {
            return None;
        }
        let text = tokens.source(&kind).replace(' ', "");
        let (element, is_list, required) = shape(&text)?;
        let mut field = FieldFact {
            name: name.to_owned(),
            required: required.or(dialect.unmarked),
            ..FieldFact::default()
        };
        match mark {
            "optional" => field.required = Some(false),
            "required" => field.required = Some(true),
            _ => {}
        }
        let is_list = is_list || mark == "repeated";
        let kind = scalar(element).map_or(element, |kind| kind);
        let kind =
            if dialect.languages[0] == "swift" && kind == "Date" { "timestamp" } else { kind };
        field.type_text = Some(if is_list { format!("{kind}[]") } else { kind.to_owned() });
        self.behind(&behind, &mut field);
        is_unique |= field.unique == Some(true);
        field.unique = is_unique.then_some(true);
        if is_primary || element == "ID" && name == "id" {
            field.primary_key = Some(true);
            field.required = Some(true);
        }
        let is_type = scalar(element).is_none()
            && !modifier::is_scalar(element)
            && element.starts_with(char::is_uppercase)
            && is_identifier(element);
        let navigation = is_type.then(|| Navigation {
            target: element.to_owned(),
            is_list,
            ..Navigation::default()
        });
        let mut member = Member { field, at: tokens.place(part), navigation };
        let comment = tokens.comment_behind(part);
        let above = tokens.comment_above(part);
        comment_into(if comment.is_empty() { &above } else { comment }, &mut member.field);
        Some(member)
    }

    /// The name, the type and what follows of `title: String! @unique = "x"`.
    fn colon(&self, at: usize, part: &Range<usize>) -> Option<(usize, Range<usize>, Range<usize>)> {
        let tokens = self.tokens;
        // What a field is asked with: `posts(first: Int): [Post!]!`.
        let colon = if tokens.text(at + 1) == "(" { tokens.close(at + 1) + 1 } else { at + 1 };
        let start = colon + 1;
        let is_end = |it: &usize| matches!(tokens.text(*it), "@" | "=" | "{" | "\n");
        let end = (start..part.end).find(is_end).unwrap_or(part.end);
        // What is worked out is no part of the row: `var age: Int { … }`.
        let is_computed = tokens.text(end) == "{" && end < part.end;
        (tokens.text(colon) == ":" && start < part.end && !is_computed).then_some((
            at,
            start..end,
            end..part.end,
        ))
    }

    /// The same of `final String? title = "x";` and `string title = 2 [deprecated = true];`.
    fn type_first(
        &self,
        at: usize,
        part: &Range<usize>,
    ) -> Option<(usize, Range<usize>, Range<usize>)> {
        let tokens = self.tokens;
        let end = (at..part.end).find(|&it| tokens.text(it) == "=").unwrap_or(part.end);
        let name = end.checked_sub(1).filter(|&name| name > at && tokens.is_word(name))?;
        let is_call = (at..end).any(|it| matches!(tokens.text(it), "(" | "{" | "=>"));
        let is_keyword =
            matches!(tokens.text(at), "return" | "import" | "package" | "option" | "reserved");
        (!is_call && !is_keyword).then_some((name, at..name, end..part.end))
    }

    /// What marks behind a member say of it.
    fn behind(&self, range: &Range<usize>, field: &mut FieldFact) {
        let tokens = self.tokens;
        for at in range.clone() {
            let is_free = tokens.text(at.saturating_sub(1)) == "@" || self.dialect.stores_all;
            match tokens.text(at) {
                "required" if self.dialect.stores_all => field.required = Some(true),
                "unique" if is_free => field.unique = Some(true),
                "maxlength" | "max" | "min" | "minlength" if tokens.text(at + 1) == "(" => {
                    let limit = tokens.text(at + 2);
                    match tokens.text(at) {
                        "maxlength" if field.type_text.as_deref() == Some("string") => {
                            field.type_text = Some(format!("varchar({limit})"));
                        }
                        "max" => field.constraints.push(format!("<= {limit}")),
                        "min" => field.constraints.push(format!(">= {limit}")),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        // The number of a protobuf field is no default.
        let is_value = tokens.text(range.start) == "=" && self.dialect.unmarked.is_some();
        let value = tokens.text(range.start + 1);
        if is_value && range.len() == 2 && value != "null" && value != "nil" {
            field.default = Some(unquote(value).to_owned());
        }
    }

    /// `enum Status { ACTIVE, DONE }`, `enum Status: String { case active, done = "DONE" }`,
    /// `enum Status { ACTIVE = 0; DONE = 1; }`.
    fn enumeration(&self, at: usize, found: &mut Found) -> Option<usize> {
        let tokens = self.tokens;
        let open = (at + 2..tokens.len().min(at + 20)).find(|&at| tokens.text(at) == "{")?;
        let close = tokens.close(open);
        let mut values = Vec::new();
        for part in tokens.split(open + 1..close, &["\n", ",", ";"]) {
            let is_case = tokens.text(part.start) == "case";
            let start = part.start + usize::from(is_case);
            if matches!(tokens.text(start), "var" | "func" | "final" | "const" | "option") {
                continue;
            }
            let has_value = tokens.text(start + 1) == "=" && start + 2 < part.end;
            if has_value && tokens.kind(start + 2) == Some(Kind::Text) {
                values.push(unquote(tokens.text(start + 2)).to_owned());
                continue;
            }
            let behind = start + 1 < part.end && matches!(tokens.text(start + 1), "=" | "(");
            // GraphQL needs nothing between them: `enum Status { ACTIVE DONE }`.
            let words = if behind { start..start + 1 } else { start..part.end };
            let words = words.take_while(|&at| tokens.is_word(at));
            values.extend(words.map(|at| tokens.text(at).to_owned()));
        }
        let place = tokens.place(&(at..close + 1));
        // Protobuf has a first value for what was not set.
        values.retain(|value| !value.ends_with("_UNSPECIFIED"));
        found.enumeration(self.block, tokens.text(at + 1), values, place);
        Some(close + 1)
    }

    /// JDL: `relationship ManyToOne { Quest{user required} to User{quest} }`.
    fn relationships(&self, at: usize, kind: &str, ties: &mut Vec<Tie>) -> Option<usize> {
        let tokens = self.tokens;
        let open = (tokens.text(at + 2) == "{").then_some(at + 2)?;
        let close = tokens.close(open);
        let one = |at: usize| {
            let end = if tokens.text(at + 1) == "{" { tokens.close(at + 1) + 1 } else { at + 1 };
            let is_required = (at..end).any(|at| tokens.text(at) == "required");
            (tokens.text(at).to_owned(), end, is_required)
        };
        for part in tokens.split(open + 1..close, &["\n", ","]) {
            let (left, next, left_required) = one(part.start);
            if tokens.text(next) != "to" || next + 1 >= part.end {
                continue;
            }
            let (right, _, right_required) = one(next + 1);
            let (from, to, cardinality, to_required) = match kind {
                "OneToMany" => (left, right, "1:N", right_required),
                "ManyToOne" => (right, left, "1:N", left_required),
                "OneToOne" => (right, left, "1:1", left_required),
                "ManyToMany" => (left, right, "N:M", false),
                _ => continue,
            };
            let fact = RelationshipFact {
                from,
                to,
                cardinality: Some(cardinality),
                from_required: to_required.then_some(true),
                to_required: None,
                on_delete: None,
                through: None,
                label: None,
            };
            ties.push((self.block, tokens.place(&part), fact));
        }
        Some(close + 1)
    }
}

/// The element of a type, whether it is a list, and what its marks say of absence: `[Tag!]!`, `List<Tag>?`,
/// `Option[Tag]`.
fn shape(text: &str) -> Option<(&str, bool, Option<bool>)> {
    let (mut text, mut is_list, mut required) = (text, false, None);
    loop {
        if let Some(inner) = text.strip_suffix('!') {
            required = required.or((!is_list).then_some(true));
            text = inner;
        } else if let Some(inner) = text.strip_suffix('?') {
            required = required.or((!is_list).then_some(false));
            text = inner;
        } else if let Some(inner) = inside(text, &["Option", "Optional"]) {
            required = Some(false);
            text = inner;
        } else if let Some(inner) =
            inside(text, &["List", "Seq", "Vector", "Set", "Array", "IList", "IsarLinks"])
        {
            is_list = true;
            text = inner;
        } else if let Some(inner) = text.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            // `[String: Int]` is a map.
            if inner.contains(':') {
                return Some(("Map", is_list, required));
            }
            is_list = true;
            text = inner;
        } else if ["Map<", "Map[", "map<", "Dictionary<"].iter().any(|it| text.starts_with(it)) {
            return Some(("Map", is_list, required));
        } else {
            break;
        }
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    is_identifier(last).then_some((last, is_list, required))
}

/// What stands in the brackets behind one of these names.
fn inside<'t>(text: &'t str, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        let rest = text.strip_prefix(name)?;
        let angled = rest.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
        angled.or_else(|| rest.strip_prefix('[').and_then(|it| it.strip_suffix(']')))
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn graphql() {
        check(
            "## Schema\n```graphql\ntype Hall @model {\n  id: ID!\n  \"Where it stands\"\n  name: String! @unique\n  note: String # free text\n  owner: Person!\n  shows(first: Int): [Show!]!\n  mood: Mood = CALM\n}\ntype Person { id: ID! }\ntype Show {\n  id: ID!\n  hall: Hall!\n  tags: [String!]!\n}\nenum Mood { CALM LOUD }\ntype Query {\n  hall(id: ID!): Hall\n}\ninput NewHall {\n  name: String!\n}\n```\n",
            &expect![[r#"
                3 record-block  entity Hall
                4 record-block  field Hall.id id primary key required
                6 record-block  field Hall.name string required unique
                7 record-block  field Hall.note string optional -- free text
                8 record-block  field Hall.owner required -> Person
                9 record-block  relationship Hall 1:N Show
                10 record-block  field Hall.mood Mood optional default CALM
                12 record-block  entity Person
                12 record-block  field Person.id id primary key required
                13 record-block  entity Show
                14 record-block  field Show.id id primary key required
                15 record-block  field Show.hall required -> Hall
                16 record-block  field Show.tags string[] required
                18 record-block  enumeration Mood: CALM | LOUD
            "#]],
        );
    }

    #[test]
    fn protobuf() {
        check(
            "## Data model\n```proto\nsyntax = \"proto3\";\nmessage Show {\n  string id = 1;\n  optional string note = 2; // free text\n  repeated Seat seats = 3;\n  Mood mood = 4;\n  google.protobuf.Timestamp starts_at = 5;\n  map<string, string> labels = 6;\n  oneof place {\n    string hall = 7;\n    string link = 8;\n  }\n  enum Mood { MOOD_UNSPECIFIED = 0; CALM = 1; LOUD = 2; }\n  reserved 9;\n}\nmessage Seat { string id = 1; int32 row = 2; }\nmessage GetShowRequest { string id = 1; }\nservice Shows { rpc GetShow(GetShowRequest) returns (Show); }\n```\n",
            &expect![[r#"
                4 record-block  entity Show
                5 record-block  field Show.id string
                6 record-block  field Show.note string optional -- free text
                7 record-block  relationship Show 1:N Seat
                8 record-block  field Show.mood Mood
                9 record-block  field Show.starts_at timestamp
                10 record-block  field Show.labels json
                12 record-block  field Show.hall string optional
                13 record-block  field Show.link string optional
                15 record-block  enumeration Mood: CALM | LOUD
                18 record-block  entity Seat
                18 record-block  field Seat.id string
                18 record-block  field Seat.row integer
            "#]],
        );
    }

    #[test]
    fn swift_dart_and_scala() {
        check(
            "## Models\n```swift\n@Model\nfinal class Trip: Codable {\n    @Attribute(.unique) var id: UUID\n    var title: String = \"new\"\n    var note: String?\n    let startsAt: Date\n    var days: [Day]\n    var length: Int { days.count }\n    init(id: UUID) { self.id = id }\n}\nstruct Day { let at: Date }\nenum Mood: String, Codable { case calm, loud = \"LOUD\" }\n```\n\n```dart\nclass Stop {\n  final String id;\n  final String? note;\n  final List<String> tags;\n  final DateTime createdAt;\n  Stop({required this.id, this.note});\n  factory Stop.fromJson(Map<String, dynamic> json) => Stop(id: json['id']);\n}\n```\n\n```scala\nfinal case class Fare(id: UUID, price: BigDecimal, note: Option[String], stops: List[Stop])\n```\n",
            &expect![[r#"
                4 record-block  entity Trip
                5 record-block  field Trip.id uuid required unique
                6 record-block  field Trip.title string required default new
                7 record-block  field Trip.note string optional
                8 record-block  field Trip.startsAt timestamp required
                9 record-block  field Trip.days Day[] required
                13 record-block  value object Day
                13 record-block  field Day.at timestamp required
                14 record-block  enumeration Mood: calm | LOUD
                18 record-block  entity Stop
                19 record-block  field Stop.id string required
                20 record-block  field Stop.note string optional
                21 record-block  field Stop.tags string[] required
                22 record-block  field Stop.createdAt timestamp required
                29 record-block  entity Fare
                29 record-block  field Fare.id uuid required
                29 record-block  field Fare.price decimal required
                29 record-block  field Fare.note string optional
                29 record-block  relationship Fare 1:N Stop
            "#]],
        );
    }

    #[test]
    fn jdl() {
        check(
            "```\nentity Show {\n  title String required maxlength(100)\n  seats Integer min(1) max(900)\n  code String unique\n  mood Mood\n}\nentity Person\nenum Mood { CALM, LOUD }\nrelationship ManyToOne {\n  Show{owner required} to Person{show}\n}\nrelationship ManyToMany { Show{guest} to Person{visit} }\npaginate Show with pagination\n```\n",
            &expect![[r#"
                2 record-block  entity Show
                3 record-block  field Show.title varchar(100) required
                4 record-block  field Show.seats integer optional {>= 1} {<= 900}
                5 record-block  field Show.code string optional unique
                6 record-block  field Show.mood Mood optional
                11 record-block  relationship Person 1:N Show from:required
                13 record-block  relationship Show N:M Person
            "#]],
        );
    }

    #[test]
    fn code_that_declares_no_rows() {
        check(
            "## Screens\n```dart\nclass HallScreen extends StatelessWidget {\n  final String title;\n  Widget build(BuildContext context) { return Text(title); }\n}\n```\n\n```swift\nstruct HallView: View {\n    var body: some View { Text(\"x\") }\n}\n```\n\n## API\n\n```graphql\ntype Hall {\n  id: ID!\n  name: String\n}\n```\n\n```graphql\nquery {\n  halls { id name }\n}\n```\n",
            &expect![[r#""#]],
        );
    }
}
