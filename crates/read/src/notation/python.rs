//! Python classes: dataclasses, Pydantic, `SQLAlchemy`, `SQLModel`, Django and enumerations.

use std::ops::Range;

use indexmap::IndexMap;

use crate::document::{Code, Document};
use crate::notation::code::{
    Declared, Found, Kind, Member, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::notation::{Output, python_column};
use crate::words::{is_identifier, last_part, unquote};
use crate::{EntityKind, Fact, FieldFact};

pub(super) const DOC: &str = "Python classes: dataclasses, Pydantic models, SQLAlchemy, SQLModel and \
     Django models, and enumerations.";

/// What a class of listed values is made of.
const ENUMERATIONS: &[&str] =
    &["Enum", "StrEnum", "IntEnum", "TextChoices", "IntegerChoices", "Flag"];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_python = |code: &Code| {
        matches!(code.language.as_str(), "python" | "py" | "python3")
            || untagged_with(code, &["class "])
                && code
                    .lines()
                    .any(|(line, _)| line.starts_with("class ") && line.trim_end().ends_with(':'))
    };
    for (block, code) in blocks(document, is_python) {
        let tokens = Tokens::scan(&code.text, Style::Hash);
        let mut reader =
            Reader { lines: lines(&tokens), tokens: &tokens, block, lists: IndexMap::new() };
        reader.block(&mut found);
    }
    python_column::turn_relations(&mut found);
    settle(document, found, out);
}

/// A statement with all of its lines, and how far it is indented.
#[derive(Debug, Clone)]
struct Line {
    at: Range<usize>,
    indent: usize,
}

fn lines(tokens: &Tokens<'_>) -> Vec<Line> {
    tokens
        .split(0..tokens.len(), &["\n"])
        .into_iter()
        .map(|at| {
            let start = tokens.place(&at).start;
            let begin = tokens.code[..start].rfind('\n').map_or(0, |line| line + 1);
            Line { indent: start - begin, at }
        })
        .collect()
}

struct Reader<'t, 'c> {
    tokens: &'t Tokens<'c>,
    lines: Vec<Line>,
    block: usize,
    /// Constants that list values, for `choices=`.
    lists: IndexMap<String, Vec<String>>,
}

impl Reader<'_, '_> {
    fn block(&mut self, found: &mut Found) {
        let mut index = 0;
        let mut decorated: Option<usize> = None;
        while let Some(line) = self.lines.get(index).cloned() {
            let first = self.tokens.text(line.at.start);
            if first == "@" {
                decorated.get_or_insert(index);
                index += 1;
                continue;
            }
            let end = self.body_end(index);
            if first == "class" && self.tokens.is_word(line.at.start + 1) {
                self.class(decorated.unwrap_or(index), index, end, found);
            } else {
                self.statement(&line, found);
                let whole = line.at.start..self.lines[end - 1].at.end;
                found.others.push((self.block, self.tokens.place(&whole)));
            }
            decorated = None;
            index = end;
        }
    }

    /// The line behind those that are indented deeper than a line.
    fn body_end(&self, index: usize) -> usize {
        let indent = self.lines[index].indent;
        self.lines[index + 1..]
            .iter()
            .position(|line| line.indent <= indent)
            .map_or(self.lines.len(), |count| index + 1 + count)
    }

    /// `STATUS_CHOICES = [...]`, `post_tags = Table("post_tags", …)`
    fn statement(&mut self, line: &Line, found: &mut Found) {
        let tokens = self.tokens;
        let (name, equals) = (tokens.text(line.at.start), tokens.text(line.at.start + 1));
        if equals != "=" || !is_identifier(name) {
            return;
        }
        let value = line.at.start + 2..line.at.end;
        if matches!(tokens.text(value.start), "[" | "(") {
            self.lists.insert(name.to_owned(), choices(tokens, &value));
            return;
        }
        let calls = tokens.calls(&value);
        let Some(("Table", Some(arguments))) = calls.last() else { return };
        let Some(table) = tokens.first_text(arguments) else { return };
        let place = tokens.place(&line.at);
        let mut declared = Declared::new(&table, self.block, place.start..place.start + 1, place);
        declared.is_marked = true;
        for part in tokens.positional(arguments) {
            let calls = tokens.calls(&part);
            let Some(("Column", Some(inside))) = calls.last() else { continue };
            let Some(name) = tokens.first_text(inside) else { continue };
            let mut member = Member {
                field: FieldFact { name, ..FieldFact::default() },
                at: tokens.place(&part),
                navigation: None,
            };
            python_column::call(tokens, &part, &mut member, &mut declared, &self.lists);
            declared.members.push(member);
        }
        let references =
            declared.members.iter().filter(|member| member.field.references.is_some()).count();
        if references == 2 && declared.members.len() <= 3 {
            declared.kind = EntityKind::Join;
        }
        found.types.push(declared);
    }

    fn class(&mut self, start: usize, head: usize, end: usize, found: &mut Found) {
        let tokens = self.tokens;
        let line = self.lines[head].clone();
        let name = tokens.text(line.at.start + 1).to_owned();
        let whole = self.lines[start].at.start..self.lines[end - 1].at.end;
        let place = tokens.place(&whole);
        let arguments = match tokens.text(line.at.start + 2) {
            "(" => line.at.start + 3..tokens.close(line.at.start + 2),
            _ => line.at.start..line.at.start,
        };
        let bases: Vec<String> =
            tokens.positional(&arguments).iter().map(|base| tokens.source(base)).collect();
        let base = |names: &[&str]| bases.iter().any(|base| names.contains(&last_part(base)));
        if base(ENUMERATIONS) {
            let values = self.values(head + 1..end);
            found.enumeration(self.block, &name, values, place);
            return;
        }
        let mut declared = Declared::new(&name, self.block, tokens.place(&line.at), place);
        let is_document = base(&["Document", "EmbeddedDocument"]);
        declared.is_marked = is_document && !base(&["EmbeddedDocument"])
            || bases
                .iter()
                .any(|base| matches!(base.as_str(), "models.Model" | "db.Model" | "Model"))
            || tokens.argument_text(&arguments, "table").is_some_and(|text| text == "True");
        declared.bases = bases.iter().map(|base| last_part(base).to_owned()).collect();
        let inner = self.lines.get(head + 1).map_or(0, |line| line.indent);
        let mut index = head + 1;
        let mut is_abstract = false;
        // Django's `class Status(models.TextChoices)` inside a model is that of its own field.
        let mut choices: Vec<(String, Vec<String>)> = Vec::new();
        while index < end {
            let line = self.lines[index].clone();
            let next = self.body_end(index).min(end);
            if line.indent == inner {
                match tokens.text(line.at.start) {
                    "def" | "async" => declared.functions += 1,
                    "class" if self.is_enumeration(&line) => {
                        let name = tokens.text(line.at.start + 1);
                        choices.push((name.to_owned(), self.values(index + 1..next)));
                    }
                    "class" => is_abstract |= self.meta(index + 1..next, &mut declared),
                    "@" | "pass" => {}
                    _ if tokens.kind(line.at.start) == Some(Kind::Text) => {
                        if declared.description.is_none() {
                            let text = unquote(tokens.text(line.at.start).trim_matches('"')).trim();
                            declared.description = text
                                .split("\n\n")
                                .next()
                                .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
                                .filter(|text| !text.is_empty());
                        }
                    }
                    _ => is_abstract |= self.member(&line, &mut declared),
                }
            }
            index = next;
        }
        for member in &mut declared.members {
            let kind = member.field.type_text.as_deref();
            let own = choices.iter().find(|(name, _)| kind == Some(name));
            if let Some((_, values)) = own.filter(|_| member.field.enum_values.is_empty()) {
                member.field.enum_values.clone_from(values);
            }
        }
        // Classes of a mapper are full of methods; only plain ones are judged by them.
        declared.is_marked &= !is_abstract;
        if is_abstract {
            found.others.push((self.block, declared.head.clone()));
        }
        found.types.push(declared);
    }

    /// Whether a line begins a class of choices: `class Status(models.TextChoices):`.
    fn is_enumeration(&self, line: &Line) -> bool {
        let bases = line.at.start + 3..line.at.end;
        self.tokens.text(line.at.start + 2) == "("
            && bases.into_iter().any(|at| ENUMERATIONS.contains(&last_part(self.tokens.text(at))))
    }

    /// `PENDING = "pending"`
    fn values(&self, lines: Range<usize>) -> Vec<String> {
        let tokens = self.tokens;
        let mut values = Vec::new();
        for line in &self.lines[lines] {
            let at = line.at.start;
            if tokens.text(at) == "def" || tokens.text(at) == "@" {
                break;
            }
            if tokens.text(at + 1) != "=" || !tokens.is_word(at) {
                continue;
            }
            values.push(match tokens.kind(at + 2) {
                Some(Kind::Text) => unquote(tokens.text(at + 2)).to_owned(),
                _ => tokens.text(at).to_owned(),
            });
        }
        values
    }

    /// Reads `class Meta:`; true where it makes its class abstract.
    fn meta(&self, lines: Range<usize>, declared: &mut Declared) -> bool {
        let tokens = self.tokens;
        let mut is_abstract = false;
        for line in &self.lines[lines] {
            let (key, value) = (tokens.text(line.at.start), line.at.start + 2..line.at.end);
            match key {
                "db_table" | "table" | "table_name" => {
                    declared.table = tokens.texts(&value).into_iter().next();
                }
                "abstract" => is_abstract = tokens.text(value.start) == "True",
                "unique_together" => {
                    let fields = tokens.texts(&value);
                    if fields.len() > 1 {
                        let entity = declared.name.clone();
                        let fact = Fact::Unique { entity, fields, condition: None, text: None };
                        declared.facts.push((fact, tokens.place(&line.at)));
                    }
                }
                "constraints" | "indexes" => {
                    python_column::table_arguments(tokens, &value, declared);
                }
                _ => {}
            }
        }
        is_abstract
    }

    /// A statement in a class; true where it makes the class abstract.
    fn member(&mut self, line: &Line, declared: &mut Declared) -> bool {
        let tokens = self.tokens;
        let name = tokens.text(line.at.start);
        let sign = tokens.text(line.at.start + 1);
        if !is_identifier(name) || !matches!(sign, "=" | ":") {
            return false;
        }
        let rest = line.at.start + 2..line.at.end;
        match name {
            "__tablename__" | "__table__" => {
                declared.table = tokens.texts(&rest).into_iter().next();
                declared.is_marked = true;
                return false;
            }
            "__abstract__" => return tokens.text(rest.start) == "True",
            "__table_args__" => {
                python_column::table_arguments(tokens, &rest, declared);
                return false;
            }
            _ if name.starts_with('_') || matches!(name, "model_config" | "objects") => {
                return false;
            }
            _ => {}
        }
        if name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit()) && sign == "=" {
            self.lists.insert(name.to_owned(), choices(tokens, &rest));
            return false;
        }
        let mut member = Member {
            field: FieldFact { name: name.to_owned(), ..FieldFact::default() },
            at: tokens.place(&line.at),
            navigation: None,
        };
        let value = if sign == ":" {
            let parts = tokens.split(rest, &["="]);
            let Some(kind) = parts.first() else { return false };
            if tokens.source(kind).starts_with("ClassVar") {
                return false;
            }
            python_column::annotation(&tokens.source(kind), &mut member);
            parts.get(1).cloned()
        } else {
            Some(rest)
        };
        let is_field = match &value {
            Some(value) => {
                python_column::call(tokens, value, &mut member, declared, &self.lists)
                    || sign == ":"
            }
            None => true,
        };
        if !is_field {
            return false;
        }
        comment_into(tokens.comment_behind(&line.at), &mut member.field);
        declared.members.push(member);
        false
    }
}

/// The values of `[("draft", "Draft"), …]` or `["draft", …]`.
pub(super) fn choices(tokens: &Tokens<'_>, range: &Range<usize>) -> Vec<String> {
    if !matches!(tokens.text(range.start), "[" | "(") {
        return Vec::new();
    }
    let inside = range.start + 1..tokens.close(range.start).min(range.end);
    tokens
        .split(inside, &[","])
        .into_iter()
        .filter_map(|part| {
            let at = if tokens.text(part.start) == "(" { part.start + 1 } else { part.start };
            (tokens.kind(at) == Some(Kind::Text)).then(|| unquote(tokens.text(at)).to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn links_and_odoo_models() {
        check(
            "```python\nclass Ticket(Document):\n    title: str\n    guest: Link[Person]\n\nclass Show(models.Model):\n    _name = \"hall.show\"\n    title = fields.Char(required=True)\n    mood = fields.Selection([(\"calm\", \"Calm\"), (\"loud\", \"Loud\")])\n    seats = fields.Integer(compute=\"_count\")\n    hall_id = fields.Many2one(\"hall.hall\", required=True)\n    seat_ids = fields.One2many(\"hall.seat_row\", \"show_id\")\n    odd_id = fields.Many2one(\"res.\")\n```\n",
            &expect![[r#"
                2 python  entity Ticket
                3 python  field Ticket.title str required
                4 python  field Ticket.guest required -> Person
                6 python  entity Show
                8 python  field Show.title string required
                9 python  field Show.mood enum optional [calm | loud]
                11 python  field Show.hall_id required -> Hall
                12 python  relationship Show 1:N SeatRow
            "#]],
        );
    }

    #[test]
    fn dataclasses_and_pydantic() {
        check(
            "## Data Models\n```python\nclass Status(str, Enum):\n    ACTIVE = \"active\"\n    CLOSED = \"closed\"\n\n@dataclass\nclass Account:\n    \"\"\"A customer's account.\"\"\"\n    id: UUID\n    email: str  # lowercase\n    kind: Literal[\"a\", \"b\"]\n    status: Status = Status.ACTIVE\n    note: Optional[str] = None\n    tags: list[str] = field(default_factory=list)\n    state: str  # open | shut\n    address: Address\n\n    def close(self):\n        self.status = Status.CLOSED\n\nclass Address(BaseModel):\n    street: str = Field(..., max_length=80)\n    zip: str | None\n\nclass AccountCreate(BaseModel):\n    id: int\n    email: str\n\nclass AccountService:\n    def __init__(self, db): ...\n```\n",
            &expect![[r#"
                3 python  enumeration Status: active | closed
                8 python  entity Account -- A customer's account.
                10 python  field Account.id UUID required
                11 python  field Account.email str required -- lowercase
                12 python  field Account.kind enum required [a | b]
                13 python  field Account.status Status required default ACTIVE
                14 python  field Account.note str optional
                15 python  field Account.tags list<str> required
                16 python  field Account.state str required [open | shut]
                17 python  field Account.address Address required
                22 python  value object Address
                23 python  field Address.street varchar(80) required
                24 python  field Address.zip str optional
            "#]],
        );
    }

    #[test]
    fn sqlalchemy_old_and_new() {
        check(
            "# Models\n```python\nclass User(Base):\n    __tablename__ = \"users\"\n    id = Column(Integer, primary_key=True)\n    email = Column(String(255), unique=True, nullable=False, index=True)\n    role = Column(Enum(\"admin\", \"user\", name=\"role\"), default=\"user\")\n    posts = relationship(\"Post\", back_populates=\"author\")\n\nclass Post(Base):\n    __tablename__ = \"posts\"\n    __table_args__ = (UniqueConstraint(\"user_id\", \"slug\"),)\n    id: Mapped[int] = mapped_column(primary_key=True)\n    user_id: Mapped[int] = mapped_column(ForeignKey(\"users.id\", ondelete=\"CASCADE\"))\n    slug: Mapped[Optional[str]] = mapped_column(String(50))\n    author: Mapped[\"User\"] = relationship(back_populates=\"posts\")\n    tags: Mapped[list[\"Tag\"]] = relationship(secondary=post_tags)\n\nclass Tag(Base):\n    __tablename__ = \"tags\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n\npost_tags = Table(\n    \"post_tags\", Base.metadata,\n    Column(\"post_id\", ForeignKey(\"posts.id\"), primary_key=True),\n    Column(\"tag_id\", ForeignKey(\"tags.id\"), primary_key=True),\n)\n```\n",
            &expect![[r#"
                3 python  entity User table users
                5 python  field User.id Integer primary key required
                6 python  field User.email String(255) required unique
                6 python  index on User (email)
                7 python  field User.role enum optional default user [admin | user]
                8 python  relationship User 1:N Post
                10 python  entity Post table posts
                12 python  unique Post (user_id, slug)
                13 python  field Post.id int primary key required
                14 python  field Post.user_id int required -> users.id on delete cascade
                15 python  field Post.slug String(50) optional
                19 python  entity Tag table tags
                21 python  field Tag.id int primary key required
                23 python  join post_tags
                25 python  field post_tags.post_id primary key required -> posts.id
                26 python  field post_tags.tag_id primary key required -> tags.id
            "#]],
        );
    }

    #[test]
    fn django_and_sqlmodel() {
        check(
            "# Models\n```python\nclass Article(models.Model):\n    STATUS = [(\"d\", \"Draft\"), (\"p\", \"Published\")]\n    title = models.CharField(max_length=200)\n    status = models.CharField(max_length=1, choices=STATUS, default=\"d\")\n    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name=\"articles\")\n    parent = models.ForeignKey(\"self\", null=True, blank=True, on_delete=models.SET_NULL)\n    tags = models.ManyToManyField(Tag, blank=True)\n\n    class Meta:\n        db_table = \"articles\"\n        unique_together = [(\"author\", \"title\")]\n\nclass Tag(models.Model):\n    name = models.CharField(max_length=50, unique=True)\n\nclass User(SQLModel, table=True):\n    id: Optional[int] = Field(default=None, primary_key=True)\n    team_id: int = Field(foreign_key=\"team.id\")\n    team: Team = Relationship(back_populates=\"users\")\n\nclass Team(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    users: List[\"User\"] = Relationship(back_populates=\"team\")\n```\n",
            &expect![[r#"
                3 python  entity Article table articles
                5 python  field Article.title varchar(200) required
                6 python  field Article.status varchar(1) required default d [d | p]
                7 python  field Article.author required -> User on delete cascade
                8 python  field Article.parent optional -> Article on delete set null
                9 python  relationship Article N:M Tag
                13 python  unique Article (author, title)
                15 python  entity Tag
                16 python  field Tag.name varchar(50) required unique
                18 python  entity User
                19 python  field User.id int primary key required
                20 python  field User.team_id int required -> team.id
                23 python  entity Team
                24 python  field Team.id int primary key required
                25 python  relationship Team 1:N User
            "#]],
        );
    }

    #[test]
    fn programs_are_no_entities() {
        check(
            "## API\n```python\nclass LoginRequest(BaseModel):\n    id: int\n    email: str\n\nclass Repo:\n    def get(self): ...\n\nclass Settings(BaseSettings):\n    id: str\n    database_url: str\n\nx = 3\nfor a in b:\n    print(a)\n```\n",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn limits_of_columns_and_models() {
        check(
            "# Data model\n\n```python\nclass Guest(Base):\n    __tablename__ = \"guests\"\n    __table_args__ = (CheckConstraint(\"age < 150\"),)\n    id = Column(Integer, primary_key=True)\n    age = Column(Integer, CheckConstraint(\"age >= 18\"))\n    made = Column(DateTime, server_default=func.now())\n\nclass Room(models.Model):\n    price = models.DecimalField(max_digits=8, decimal_places=2, validators=[MinValueValidator(0)])\n    class Meta:\n        constraints = [models.CheckConstraint(check=models.Q(price__lte=900), name=\"cheap\")]\n\nclass Bed(BaseModel):\n    id: UUID\n    code: str = Field(max_length=8, min_length=2, pattern=r\"^[A-Z]+$\")\n    width: int = Field(ge=70, le=200)\n```\n",
            &expect![[r#"
                4 python  entity Guest table guests
                6 python  rule Guest: CHECK (age < 150)
                7 python  field Guest.id Integer primary key required
                8 python  field Guest.age Integer optional {CHECK (age >= 18)}
                9 python  field Guest.made DateTime optional default now()
                11 python  entity Room
                12 python  field Room.price decimal(8,2) required {>= 0}
                14 python  rule Room: CHECK (price <= 900)
                16 python  entity Bed
                17 python  field Bed.id UUID required
                18 python  field Bed.code varchar(8) required {at least 2 characters} {CHECK (code ~ '^[A-Z]+$')}
                19 python  field Bed.width int required {width >= 70} {width <= 200}
            "#]],
        );
    }

    #[test]
    fn choices_inside_a_model() {
        check(
            "```python\nclass Ticket(models.Model):\n    class Status(models.TextChoices):\n        OPEN = \"open\", \"Open\"\n        DONE = \"done\", \"Done\"\n\n    class Meta:\n        ordering = [\"id\"]\n\n    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)\n    title = models.CharField(max_length=80)\n```\n",
            &expect![[r#"
                2 python  entity Ticket
                10 python  field Ticket.status Status required default OPEN [open | done]
                11 python  field Ticket.title varchar(80) required
            "#]],
        );
    }
}
