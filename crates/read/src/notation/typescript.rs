//! TypeScript interfaces, object types, classes with the marks of a mapper, enums and unions.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::code::{
    Declared, Found, Kind, Member, Navigation, Style, Tokens, blocks, comment_into, object_owner,
    settle, untagged_with,
};
use crate::notation::{Output, typescript_alias, typescript_column};
use crate::words::{is_identifier, split_top, unquote};
use crate::{FieldFact, ReferenceFact};

pub(super) const DOC: &str = "TypeScript `interface`, `type`, `class` and `enum` declarations, also \
     with the decorators of TypeORM and MikroORM, and object types under an entity's heading.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    for (block, code) in blocks(document, is_typescript) {
        read_block(document, block, code, &mut found, out);
    }
    settle(document, found, out);
}

pub(super) fn is_typescript(code: &Code) -> bool {
    matches!(code.language.as_str(), "typescript" | "ts" | "tsx")
        || untagged_with(code, &["export interface ", "export type ", "interface ", "{"])
            && code.lines().any(|(line, _)| is_typed_line(line))
        || untagged_with(code, &["{"]) && code.lines().any(|(line, _)| is_typed_line(line))
}

/// `email?: string;`
fn is_typed_line(line: &str) -> bool {
    let line = line.split("//").next().unwrap_or_default();
    line.trim().split_once(':').is_some_and(|(name, kind)| {
        let kind = kind.trim().trim_end_matches([';', ',']);
        is_identifier(name.trim_end_matches('?'))
            && matches!(
                kind.trim_end_matches("[]").trim_end_matches(" | null"),
                "string" | "number" | "boolean" | "Date" | "any" | "unknown"
            )
    })
}

fn read_block(document: &Document<'_>, block: usize, code: &Code, found: &mut Found, out: &Output) {
    let tokens = Tokens::scan(&code.text, Style::Slash);
    let mut at = 0;
    let mut decorators: Vec<(&str, Range<usize>)> = Vec::new();
    let mut start = None;
    while at < tokens.len() {
        let word = tokens.text(at);
        if matches!(word, "\n" | ";" | "," | ")" | "]" | "}") {
            at += 1;
            continue;
        }
        let first = *start.get_or_insert(at);
        if matches!(word, "export" | "default" | "declare" | "abstract" | "async") {
            at += 1;
            continue;
        }
        if word == "@" {
            at = decorator(&tokens, at, &mut decorators);
            continue;
        }
        let statement = |from: usize| tokens.divide(from..tokens.len(), &["\n", ";"]).max(from + 1);
        let name = tokens.text(at + 1);
        let end = match word {
            "interface" | "class" if is_identifier(name) => {
                let open = (at + 2..tokens.len()).find(|&i| tokens.text(i) == "{");
                let Some(open) = open else { break };
                let mut declared = declare(&tokens, block, name, first..open, open);
                declared.bases = bases(&tokens, at + 2..open);
                typescript_column::entity(&tokens, &decorators, &mut declared);
                found.types.push(declared);
                tokens.close(open) + 1
            }
            "enum" | "const" if word == "enum" || name == "enum" => {
                let at = if word == "enum" { at } else { at + 1 };
                let open = (at + 2..tokens.len()).find(|&i| tokens.text(i) == "{");
                let Some(open) = open else { break };
                let end = tokens.close(open);
                let values = entries(&tokens, open + 1..end);
                found.enumeration(
                    block,
                    tokens.text(at + 1),
                    values,
                    tokens.place(&(first..end + 1)),
                );
                end + 1
            }
            "const" | "let" | "var" if is_identifier(name) => {
                let end = statement(at);
                constant(&tokens, block, name, first..end, at + 2..end, found);
                end
            }
            "type" if is_identifier(name) => {
                let end = statement(at);
                alias(&tokens, block, name, first..end, at + 2..end, found);
                end
            }
            "{" => {
                let end = tokens.close(at);
                if let Some(title) = object_owner(document, block, out) {
                    let mut declared = declare(&tokens, block, &title.name, at..at + 1, at);
                    declared.is_marked = !declared.members.is_empty() && declared.functions == 0;
                    declared.table = title.table;
                    found.types.push(declared);
                } else {
                    found.others.push((block, tokens.place(&(at..end + 1))));
                }
                end + 1
            }
            _ => {
                let end = statement(at);
                found.others.push((block, tokens.place(&(at..end))));
                end
            }
        };
        at = end;
        start = None;
        decorators.clear();
    }
}

fn declare(
    tokens: &Tokens<'_>,
    block: usize,
    name: &str,
    head: Range<usize>,
    open: usize,
) -> Declared {
    let close = tokens.close(open);
    let mut declared =
        Declared::new(name, block, tokens.place(&head), tokens.place(&(head.start..close + 1)));
    let comment = tokens.comment_above(&head);
    declared.description = (!comment.is_empty()).then_some(comment);
    members(tokens, open + 1..close, &mut declared);
    declared
}

/// Reads a decorator and says where it ends.
fn decorator<'c>(
    tokens: &Tokens<'c>,
    at: usize,
    decorators: &mut Vec<(&'c str, Range<usize>)>,
) -> usize {
    let name = tokens.text(at + 1);
    if tokens.text(at + 2) == "(" {
        let close = tokens.close(at + 2);
        decorators.push((name, at + 3..close));
        return close + 1;
    }
    decorators.push((name, at + 2..at + 2));
    at + 2
}

fn bases(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for at in range {
        match tokens.text(at) {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "extends" | "implements" | "," => {}
            word if depth == 0 && is_identifier(word) => names.push(word.to_owned()),
            _ => {}
        }
    }
    names
}

/// `type Status = 'a' | 'b'`, `type User = Base & { … }`
fn alias(
    tokens: &Tokens<'_>,
    block: usize,
    name: &str,
    whole: Range<usize>,
    rest: Range<usize>,
    found: &mut Found,
) {
    let Some(equals) = rest.clone().find(|&at| tokens.text(at) == "=") else { return };
    let value = equals + 1..rest.end;
    let values = union_values(&tokens.source(&value));
    if values.len() > 1 {
        found.enumeration(block, name, values, tokens.place(&whole));
        return;
    }
    if let Some(meant) = typescript_alias::meant(&tokens.source(&value)) {
        found.aliases.push((name.to_owned(), meant));
        found.others.push((block, tokens.place(&whole)));
        return;
    }
    let parts = tokens.split(value, &["&"]);
    let object = parts.iter().find(|part| tokens.text(part.start) == "{");
    // An object in a longer expression is no list of members.
    let object = object.filter(|part| tokens.close(part.start) + 1 >= part.end);
    let Some(object) = object else {
        found.others.push((block, tokens.place(&whole)));
        return;
    };
    let mut declared = declare(tokens, block, name, whole.start..object.start + 1, object.start);
    for part in &parts {
        if part.len() == 1 && tokens.is_word(part.start) {
            declared.bases.push(tokens.text(part.start).to_owned());
        }
    }
    found.types.push(declared);
}

/// `const Status = { A: 'a' } as const`, `const ROLES = ['a', 'b'] as const`
fn constant(
    tokens: &Tokens<'_>,
    block: usize,
    name: &str,
    whole: Range<usize>,
    rest: Range<usize>,
    found: &mut Found,
) {
    let place = tokens.place(&whole);
    let mut rest = rest;
    let equals = rest.find(|&at| tokens.text(at) == "=");
    let Some(open) = equals.map(|at| tokens.skip_lines(at + 1)) else {
        found.others.push((block, place));
        return;
    };
    let close = tokens.close(open);
    let is_constant = close + 2 < whole.end + 1 && tokens.text(close + 2) == "const";
    let values = match tokens.text(open) {
        "{" if name.starts_with(char::is_uppercase) => entries(tokens, open + 1..close),
        "[" if is_constant => tokens.texts(&(open + 1..close)),
        _ => Vec::new(),
    };
    let name = if is_constant && name.chars().all(|c| !c.is_lowercase()) {
        singular_of_constant(name)
    } else {
        name.to_owned()
    };
    found.enumeration(block, &name, values, place);
}

/// `ORDER_STATUSES` lists the values of an `OrderStatus`.
fn singular_of_constant(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first: String = letters.next().into_iter().collect();
            first + &letters.as_str().to_lowercase()
        })
        .collect()
}

/// The values of `A = 'a', B,` or `A: 'a',`.
fn entries(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<String> {
    let mut values = Vec::new();
    for part in tokens.split(range, &[",", "\n", ";"]) {
        let value = part.start + 2;
        let text = if part.len() == 3 && tokens.kind(value) == Some(Kind::Text) {
            unquote(tokens.text(value))
        } else if part.len() == 1 || part.len() == 3 {
            unquote(tokens.text(part.start))
        } else {
            return Vec::new();
        };
        if !is_identifier(text)
            && !text.chars().all(|c| c.is_alphanumeric() || " -_/.:".contains(c))
        {
            return Vec::new();
        }
        values.push(text.to_owned());
    }
    values
}

pub(super) fn union_values(text: &str) -> Vec<String> {
    let parts: Vec<&str> = split_top(text.trim().trim_end_matches(';'), &['|'])
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_quoted = |part: &&str| part.starts_with(['\'', '"']);
    if !parts.iter().all(|part| is_quoted(part) || matches!(*part, "null" | "undefined")) {
        return Vec::new();
    }
    parts.into_iter().filter(is_quoted).map(|part| unquote(part).to_owned()).collect()
}

fn members(tokens: &Tokens<'_>, range: Range<usize>, declared: &mut Declared) {
    let mut decorators: Vec<(&str, Range<usize>)> = Vec::new();
    let mut first = None;
    for part in tokens.split(range, &[";", ",", "\n"]) {
        let whole_start = *first.get_or_insert(part.start);
        let mut at = part.start;
        while tokens.text(at) == "@" && at < part.end {
            at = tokens.skip_lines(decorator(tokens, at, &mut decorators));
        }
        if at >= part.end {
            continue;
        }
        match member(tokens, at..part.end) {
            Shape::Field(mut member) => {
                member.at = tokens.place(&(whole_start.max(at)..part.end));
                let above = tokens.comment_above(&(whole_start..part.end));
                let behind = tokens.comment_behind(&part);
                typescript_column::field(tokens, &decorators, &mut member);
                comment_into(if behind.is_empty() { &above } else { behind }, &mut member.field);
                typescript_column::keep(&decorators, *member, declared);
            }
            Shape::Function => declared.functions += 1,
            Shape::Other => {}
        }
        decorators.clear();
        first = None;
    }
}

enum Shape {
    Field(Box<Member>),
    Function,
    Other,
}

/// `readonly name?: type = value`
fn member(tokens: &Tokens<'_>, range: Range<usize>) -> Shape {
    let mut at = range.start;
    let mut is_static = false;
    while at + 1 < range.end
        && matches!(
            tokens.text(at),
            "readonly"
                | "public"
                | "private"
                | "protected"
                | "static"
                | "declare"
                | "abstract"
                | "async"
        )
        && (tokens.is_word(at + 1) || tokens.kind(at + 1) == Some(Kind::Text))
    {
        is_static |= tokens.text(at) == "static";
        at += 1;
    }
    let name = unquote(tokens.text(at)).to_owned();
    if !is_identifier(&name) || is_static {
        return Shape::Other;
    }
    at += 1;
    let mut optional = false;
    while matches!(tokens.text(at), "?" | "!") {
        optional |= tokens.text(at) == "?";
        at += 1;
    }
    if matches!(tokens.text(at), "(" | "<") {
        return Shape::Function;
    }
    if tokens.text(at) != ":" || at + 1 >= range.end {
        return Shape::Other;
    }
    let rest = at + 1..range.end;
    if rest.clone().any(|at| tokens.text(at) == "=>") {
        return Shape::Function;
    }
    let equals = tokens.split(rest, &["="]);
    let Some(kind) = equals.first() else { return Shape::Other };
    let mut field = FieldFact { name, required: Some(!optional), ..FieldFact::default() };
    if let [_, value] = equals.as_slice() {
        field.default = Some(tokens.source(value));
    }
    let source = tokens.source(kind);
    let values = union_values(&source);
    let mut navigation = None;
    if values.is_empty() {
        let is_object = tokens.text(kind.start) == "{";
        let is_list = is_object && source.ends_with("[]");
        modifier::set_type(
            if is_list {
                "object[]"
            } else if is_object {
                "object"
            } else {
                &source
            },
            &mut field,
        );
        // A `Date` of JavaScript is a moment.
        for (word, moment) in [("Date", "timestamptz"), ("Date[]", "timestamptz[]")] {
            if field.type_text.as_deref() == Some(word) {
                field.type_text = Some(moment.to_owned());
            }
        }
        if !is_object {
            navigation = navigation_of(&source);
        }
        if let Some(target) = source.strip_prefix("Id<").and_then(|rest| rest.split('>').next()) {
            let entity = unquote(target).to_owned();
            field.references = Some(ReferenceFact { entity, field: None, on_delete: None });
        }
    } else {
        field.type_text = Some("enum".to_owned());
        field.enum_values = values;
        if split_top(&source, &['|']).iter().any(|part| part.trim() == "null") {
            field.required = Some(false);
        }
    }
    Shape::Field(Box::new(Member { field, at: 0..0, navigation }))
}

/// The entity that a type may be: `User`, `User[]`, `Array<User>`, `User | null`.
pub(super) fn navigation_of(source: &str) -> Option<Navigation> {
    let mut source = source.trim();
    for end in ["| null", "| undefined", "?"] {
        source = source.strip_suffix(end).unwrap_or(source).trim();
    }
    let mut is_list = false;
    if let Some(inner) = source.strip_suffix("[]") {
        (source, is_list) = (inner.trim(), true);
    }
    for start in
        ["Array<", "Collection<", "Set<", "ReadonlyArray<", "Relation<", "Ref<", "Promise<"]
    {
        if let Some(inner) = source.strip_prefix(start) {
            is_list |= !matches!(start, "Relation<" | "Ref<" | "Promise<");
            source = inner.trim_end_matches('>').split(',').next().unwrap_or_default().trim();
        }
    }
    let is_type = is_identifier(source)
        && source.starts_with(char::is_uppercase)
        && !matches!(
            source,
            "Date" | "String" | "Number" | "Boolean" | "Buffer" | "Object" | "Decimal"
        );
    is_type.then(|| Navigation { target: source.to_owned(), is_list, ..Navigation::default() })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn interfaces_enums_and_unions() {
        check(
            "### Resort Information\n```typescript\ninterface ResortInfo {\n  id: string;\n  phone?: string; // E.164\n  status: 'open' | 'closed';\n  images: {\n    hero: string;\n  };\n}\nexport interface TimeSlot {\n  start: Date;\n}\nexport type Role = 'admin' | 'user';\nexport const Kind = {\n  A: 'a-a',\n  B: 'b',\n} as const;\nenum Level { \n  Low = 'low',\n  High = 'high',\n}\n```\n",
            &expect![[r#"
                3 typescript  entity ResortInfo
                4 typescript  field ResortInfo.id string required
                5 typescript  field ResortInfo.phone string optional -- E.164
                6 typescript  field ResortInfo.status enum required [open | closed]
                7 typescript  field ResortInfo.images object required
                14 typescript  enumeration Role: admin | user
                15 typescript  enumeration Kind: a-a | b
                19 typescript  enumeration Level: low | high
            "#]],
        );
    }

    #[test]
    fn remarks_beside_values_are_no_part_of_them() {
        check(
            "```typescript\ninterface Crate {\n  id: string // UUID\n  label: string // \"North hall\", \"Old yard\"\n  code: string // \"CR-001\", \"CR-042\"\n  state: CrateState\n  kind: string // \"Flat pack\", \"Full box\"\n  packedOn: string // ISO 8601 date\n  sentAt?: string // ISO 8601 timestamp\n  note: string // not a UUID\n}\n\ntype CrateState =\n  | 'packed'   // Ready to go\n  | 'sent'     // On its way, 'late' or not | still ours\n  | 'lost'\n```\n",
            &expect![[r#"
                2 typescript  entity Crate
                3 typescript  field Crate.id uuid required -- UUID
                4 typescript  field Crate.label string required -- "North hall", "Old yard"
                5 typescript  field Crate.code string required -- "CR-001", "CR-042"
                6 typescript  field Crate.state CrateState required
                7 typescript  field Crate.kind string required [Flat pack | Full box] -- "Flat pack", "Full box"
                8 typescript  field Crate.packedOn date required -- ISO 8601 date
                9 typescript  field Crate.sentAt timestamptz optional -- ISO 8601 timestamp
                10 typescript  field Crate.note string required -- not a UUID
                13 typescript  enumeration CrateState: packed | sent | lost
            "#]],
        );
    }

    #[test]
    fn objects_under_the_heading_of_a_table() {
        check(
            "## Data Models\n#### 4.2.1 Users Table\n```typescript\n{\n  email: string\n  nick?: string\n  plan: 'free'\n    | 'pro'\n}\n```\n#### 4.2.2 Documents Table\n```\n{\n  userId: Id<\"users\">\n  title: string\n}\n```\n## API\n### POST /users\nRequest:\n```typescript\n{\n  email: string\n}\n```\n",
            &expect![[r#"
                2 entity-headings  entity Users
                4 typescript  entity Users
                5 typescript  field Users.email string required
                6 typescript  field Users.nick string optional
                7 typescript  field Users.plan enum required [free | pro]
                11 entity-headings  entity Documents
                13 typescript  entity Documents
                14 typescript  field Documents.userId Id<"users"> required -> users
                15 typescript  field Documents.title string required
                19 endpoint-list  write "create Users" of Users [inferred: an endpoint asks for it]
            "#]],
        );
    }

    #[test]
    fn classes_of_a_mapper_and_types_that_pass_through() {
        check(
            "## Entities\n```ts\n@Entity('users')\n@Unique(['tenantId', 'email'])\nexport class User {\n  @PrimaryGeneratedColumn('uuid')\n  id: string;\n\n  @Column({ length: 100, unique: true })\n  email: string;\n\n  @Column({ nullable: true })\n  bio: string;\n\n  @Column({ type: 'enum', enum: Role, default: Role.Member })\n  role: Role;\n\n  @OneToMany(() => Post, (post) => post.author)\n  posts: Post[];\n}\n\n@Entity()\nexport class Post {\n  @PrimaryGeneratedColumn()\n  id: number;\n  @ManyToOne(() => User, (user) => user.posts, { onDelete: 'CASCADE' })\n  @JoinColumn({ name: 'author_id' })\n  author: User;\n  @ManyToMany(() => Tag)\n  tags: Tag[];\n}\n\n@Entity()\nclass Tag { @PrimaryColumn() name: string; }\n\nenum Role { Admin = 'admin', Member = 'member' }\n\nexport class CreateUserDto { email: string; }\ninterface UserRepository { id: string; find(id: string): Promise<User>; save(u: User): void; }\ninterface ButtonProps { id: string; onClick: () => void; }\n```\n",
            &expect![[r#"
                3 typescript  entity User table users
                4 typescript  unique User (tenantId, email)
                7 typescript  field User.id uuid primary key required
                10 typescript  field User.email varchar(100) required unique
                13 typescript  field User.bio string optional
                16 typescript  field User.role Role required default Member
                19 typescript  relationship User 1:N Post
                22 typescript  entity Post
                25 typescript  field Post.id serial primary key required
                28 typescript  field Post.author_id required -> User on delete cascade
                30 typescript  relationship Post N:M Tag
                33 typescript  entity Tag
                34 typescript  field Tag.name string primary key required
                36 typescript  enumeration Role: admin | member
            "#]],
        );
    }

    #[test]
    fn members_that_are_other_entities() {
        check(
            "## Data Model\n```ts\ninterface Order {\n  id: string;\n  customer: Customer;\n  items: OrderItem[];\n  address: Address;\n}\ninterface OrderItem { id: string; orderId: string; quantity: number }\ninterface Customer { id: string; orders: Order[] }\ninterface Address { street: string; city: string }\n```\n",
            &expect![[r#"
                3 typescript  entity Order
                4 typescript  field Order.id string required
                5 typescript  field Order.customer required -> Customer
                6 typescript  relationship Order 1:N OrderItem
                7 typescript  field Order.address Address required
                9 typescript  entity OrderItem
                9 typescript  field OrderItem.id string required
                9 typescript  field OrderItem.orderId string required
                9 typescript  field OrderItem.quantity number required
                10 typescript  entity Customer
                10 typescript  field Customer.id string required
                10 typescript  relationship Customer 1:N Order
                11 typescript  value object Address
                11 typescript  field Address.street string required
                11 typescript  field Address.city string required
            "#]],
        );
    }

    #[test]
    fn what_queries_fill_in_is_no_column() {
        check(
            "## Data Model\n```typescript\ninterface Card {\n  id: string;\n  columnId: string;\n  title: string; // as printed\n  ownerName?: string; // Populated via JOIN\n  age: number; // Computed\n  total: number; // computed by a trigger\n  column?: Column; // populated via join\n}\ninterface Column { id: string; name: string; }\n```\n",
            &expect![[r#"
                3 typescript  entity Card
                4 typescript  field Card.id string required
                5 typescript  field Card.columnId string required
                6 typescript  field Card.title string required -- as printed
                9 typescript  field Card.total number required -- computed by a trigger
                10 typescript  field Card.columnId -> Column
                12 typescript  entity Column
                12 typescript  field Column.id string required
                12 typescript  field Column.name string required
            "#]],
        );
    }

    #[test]
    fn moments_and_what_joins_two() {
        check(
            "```typescript\ninterface Camp { id: string; opens: Date; }\ninterface Guest { id: string; born: Date | null; }\ninterface Stay { camp: Camp; guest: Guest; sent: Date; }\n@Entity()\nclass Note {\n  @PrimaryGeneratedColumn() id: number;\n  @CreateDateColumn() made: Date;\n  @UpdateDateColumn() changed: Date;\n}\n```\n",
            &expect![[r#"
                2 typescript  entity Camp
                2 typescript  field Camp.id string required
                2 typescript  field Camp.opens timestamptz required
                3 typescript  entity Guest
                3 typescript  field Guest.id string required
                3 typescript  field Guest.born timestamptz optional
                4 typescript  entity Stay
                4 typescript  field Stay.camp required -> Camp
                4 typescript  field Stay.guest required -> Guest
                4 typescript  field Stay.sent timestamptz required
                5 typescript  entity Note
                7 typescript  field Note.id serial primary key required
                8 typescript  field Note.made timestamptz required default now()
                9 typescript  field Note.changed timestamptz required default now()
            "#]],
        );
    }
}
