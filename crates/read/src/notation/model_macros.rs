//! Models that call a macro for each fact: Rails models and Mongoid documents in Ruby, Ecto schemas and migrations in Elixir.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Kind, Member, Navigation, Style, Tokens, blocks, comment_into, settle,
    statements, untagged_with,
};
use crate::prose::singular;
use crate::words::{capital, is_identifier, unquote};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "Models that call a macro for each fact: Rails models and Mongoid documents (`belongs_to`, `validates`, \
     `enum`, `field`), Ecto schemas and migrations (`field :title, :string`, `add :title, :string`).";

/// What such code holds.
const SIGNS: &[&str] = &[
    "< ApplicationRecord",
    "< ActiveRecord::Base",
    "Mongoid::Document",
    "schema \"",
    "create table(",
];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_meant = |code: &Code| {
        (matches!(code.language.as_str(), "ruby" | "rb" | "elixir" | "ex" | "exs")
            || untagged_with(code, &["class ", "schema \"", "create table("]))
            && SIGNS.iter().any(|sign| code.text.contains(sign))
    };
    for (block, code) in blocks(document, is_meant) {
        let mut reader = Reader { block, found: &mut found, model: None, depth: 0 };
        for place in statements(code, &[',', '{']) {
            let tokens = Tokens::scan(&code.text[place.clone()], Style::Hash);
            reader.statement(&Statement { tokens: &tokens, place });
        }
        reader.end();
    }
    settle(document, found, out);
}

struct Statement<'t, 'c> {
    tokens: &'t Tokens<'c>,
    place: Range<usize>,
}

struct Reader<'f> {
    block: usize,
    found: &'f mut Found,
    model: Option<Declared>,
    /// How many bodies are open inside the model.
    depth: usize,
}

impl Reader<'_> {
    fn end(&mut self) {
        self.found.types.extend(self.model.take());
        self.depth = 0;
    }

    fn declare(&mut self, name: &str, table: Option<String>, place: &Range<usize>) {
        self.end();
        let mut declared = Declared::new(name, self.block, place.clone(), place.clone());
        declared.is_marked = true;
        declared.table = table;
        self.model = Some(declared);
    }

    fn statement(&mut self, it: &Statement<'_, '_>) {
        let tokens = it.tokens;
        let first = tokens.skip_lines(0);
        let start = first + 1 + usize::from(tokens.text(first + 1) == "(");
        let opens = (first..tokens.len()).any(|at| tokens.text(at) == "do");
        match tokens.text(first) {
            "class" => {
                let is_model = tokens.text(first + 2) == "<"
                    && matches!(tokens.text(first + 3), "ApplicationRecord" | "ActiveRecord")
                    || tokens.text(first + 2).is_empty()
                    || tokens.kind(first + 2) == Some(Kind::Line);
                if is_model && self.model.is_none() {
                    self.declare(tokens.text(first + 1), None, &it.place);
                }
            }
            // `schema "orders" do`, `create table(:orders) do`
            "schema" if opens && tokens.kind(start) == Some(Kind::Text) => {
                let table = unquote(tokens.text(start)).to_owned();
                self.declare(&table, Some(table.clone()), &it.place);
            }
            "create" if tokens.text(first + 1) == "table" => {
                let name =
                    it.tokens.arguments(first + 2 + usize::from(tokens.text(first + 2) == "("));
                let name = name.first().and_then(|part| it.tokens.symbol(part));
                if let Some(table) = name.filter(|name| is_identifier(name)) {
                    self.declare(&table, Some(table.clone()), &it.place);
                }
            }
            "def" | "if" | "unless" | "case" | "begin" => self.depth += 1,
            "end" if self.depth > 0 => self.depth -= 1,
            "end" => {
                if let Some(model) = &mut self.model {
                    model.range.end = it.place.end;
                }
                self.end();
            }
            word if self.depth == 0 => {
                if let Some(model) = &mut self.model {
                    it.fact(word, start, model);
                }
                self.depth += usize::from(opens);
            }
            _ => self.depth += usize::from(opens),
        }
    }
}

impl Statement<'_, '_> {
    fn fact(&self, word: &str, start: usize, model: &mut Declared) {
        let arguments = self.tokens.arguments(start);
        let Some(name) = arguments.first().and_then(|part| self.tokens.symbol(part)) else {
            // `enum status: { active: 0 }` names the field as a key.
            if word == "enum" {
                self.enumeration(&arguments, model);
            }
            if matches!(word, "timestamps") {
                self.timestamps(model);
            }
            return;
        };
        match word {
            "belongs_to" | "has_many" | "has_one" | "has_and_belongs_to_many" | "many_to_many" => {
                self.tie(word, &name, &arguments, model);
            }
            "field" | "add" => self.field(&name, &arguments, model),
            "validates" => self.validates(&arguments, model),
            "validates_presence_of" => {
                for name in arguments.iter().map_while(|part| self.tokens.symbol(part)) {
                    self.said(&name, model).required = Some(true);
                }
            }
            "validates_uniqueness_of" => self.said(&name, model).unique = Some(true),
            "enum" => self.enumeration(&arguments, model),
            _ => {}
        }
    }

    /// `belongs_to :author, class_name: "User", optional: true`; `belongs_to :user, User`
    fn tie(&self, word: &str, name: &str, arguments: &[Range<usize>], model: &mut Declared) {
        let text = |key: &str| self.tokens.option_text(arguments, key);
        if text("polymorphic").as_deref() == Some("true") || text("through").is_some() {
            return;
        }
        let is_list = !matches!(word, "belongs_to" | "has_one");
        // Elixir names the module second: `Shop.Orders.Order`.
        let module = arguments.get(1).filter(|part| self.tokens.text(part.start + 1) != ":");
        let module = module.map(|part| self.tokens.source(part));
        let target = text("class_name").or(module).unwrap_or_else(|| {
            let stem = if is_list { singular(name) } else { name.to_owned() };
            stem.split('_').map(capital).collect()
        });
        let target = target.rsplit(['.', ':']).next().unwrap_or_default().replace(' ', "");
        if !is_identifier(&target) {
            return;
        }
        let delete = text("dependent").or_else(|| text("on_delete"));
        let delete = delete.and_then(|action| match action.as_str() {
            "destroy" | "delete_all" => Some("cascade".to_owned()),
            "nullify" | "nilify_all" => Some("set null".to_owned()),
            _ => None,
        });
        let is_key = word == "belongs_to";
        let mut member = Member { at: self.place.clone(), ..Member::default() };
        member.field.name = if is_key { format!("{name}_id") } else { name.to_owned() };
        if is_key {
            let optional = text("optional").or_else(|| text("null"));
            member.field.required = Some(optional.as_deref() != Some("true"));
        }
        member.navigation = Some(Navigation {
            target,
            is_list,
            is_marked: true,
            is_inverse: word == "has_one",
            cardinality: match word {
                "has_and_belongs_to_many" | "many_to_many" => Some("N:M"),
                "has_many" => Some("1:N"),
                "has_one" => Some("1:1"),
                _ => None,
            },
            through: text("join_through").or_else(|| text("join_table")),
            on_delete: delete,
            ..Navigation::default()
        });
        model.members.push(member);
    }

    /// `field :status, Ecto.Enum, values: [:open, :done]`, `field :name, type: String`, `add :name, :string, null: false`
    fn field(&self, name: &str, arguments: &[Range<usize>], model: &mut Declared) {
        let is_option = |part: &Range<usize>| {
            self.tokens.is_word(part.start) && self.tokens.text(part.start + 1) == ":"
        };
        let kind = arguments.get(1).filter(|part| !is_option(part));
        let kind =
            kind.map(|part| self.kind(part)).or_else(|| self.tokens.option_text(arguments, "type"));
        let field = self.said(name, model);
        if let Some(kind) = kind {
            field.type_text = Some(kind);
        }
        if let Some(null) = self.tokens.option_text(arguments, "null") {
            field.required = Some(null == "false");
        }
        if self.tokens.option_text(arguments, "primary_key").as_deref() == Some("true") {
            field.primary_key = Some(true);
        }
        let default = self.tokens.option_text(arguments, "default");
        field.default = default.filter(|it| !it.contains(['(', '[', '{', '%', '&']));
        if let Some(values) = self.tokens.option(arguments, "values") {
            field.enum_values = self.symbols(values);
            field.type_text = Some("enum".to_owned());
        }
        let Some(references) =
            arguments.get(1).filter(|it| self.tokens.text(it.start) == "references")
        else {
            return;
        };
        // `add :user_id, references(:users, on_delete: :delete_all)`
        let inside = references.start + 2..self.tokens.close(references.start + 1);
        let parts = self.tokens.split(inside, &[","]);
        let Some(table) = parts.first().and_then(|part| self.tokens.symbol(part)) else { return };
        let on_delete = match self.tokens.option_text(&parts, "on_delete").as_deref() {
            Some("delete_all") => Some("cascade".to_owned()),
            Some("nilify_all") => Some("set null".to_owned()),
            Some("restrict") => Some("restrict".to_owned()),
            _ => None,
        };
        let field = self.said(name, model);
        field.type_text = None;
        field.references = Some(crate::ReferenceFact { entity: table, field: None, on_delete });
    }

    fn kind(&self, part: &Range<usize>) -> String {
        if self.tokens.text(part.start) == "{" {
            // `{:array, :string}`
            let kinds = self.symbols(part.start..part.end);
            return kinds.last().map_or_else(|| "array".to_owned(), |kind| format!("{kind}[]"));
        }
        let text = self.tokens.symbol(part).unwrap_or_else(|| self.tokens.source(part));
        match text.rsplit('.').next().unwrap_or_default().trim() {
            "UUID" | "binary_id" => "uuid".to_owned(),
            "utc_datetime" | "utc_datetime_usec" => "timestamptz".to_owned(),
            "naive_datetime" | "naive_datetime_usec" => "timestamp".to_owned(),
            "map" => "json".to_owned(),
            "Enum" => "enum".to_owned(),
            other => other.to_owned(),
        }
    }

    /// `validates :title, :code, presence: true, uniqueness: true, length: { maximum: 100 }`
    fn validates(&self, arguments: &[Range<usize>], model: &mut Declared) {
        let option = |key: &str| self.tokens.option(arguments, key);
        let inside = |key: &str, inner: &str| {
            let value = option(key).filter(|it| self.tokens.text(it.start) == "{")?;
            let inside = value.start + 1..self.tokens.close(value.start).min(value.end);
            self.tokens.option(&self.tokens.split(inside, &[","]), inner)
        };
        let number = |key: &str, inner: &str| {
            inside(key, inner).map(|it| self.tokens.source(&it)).filter(|it| !it.contains(' '))
        };
        for name in arguments.iter().map_while(|part| self.tokens.symbol(part)) {
            let is_tie = model.members.iter().any(|it| it.field.name == format!("{name}_id"));
            if is_tie {
                continue;
            }
            let field = self.said(&name, model);
            if option("presence").is_some() {
                field.required = Some(true);
            }
            let has_scope = inside("uniqueness", "scope").is_some();
            if option("uniqueness").is_some() && !has_scope {
                field.unique = Some(true);
            }
            if let Some(limit) = number("length", "maximum") {
                field.type_text = Some(format!("varchar({limit})"));
            }
            for (key, sign) in [
                ("greater_than", ">"),
                ("greater_than_or_equal_to", ">="),
                ("less_than", "<"),
                ("less_than_or_equal_to", "<="),
            ] {
                if let Some(limit) = number("numericality", key) {
                    field.constraints.push(format!("{sign} {limit}"));
                }
            }
            if let Some(values) = inside("inclusion", "in") {
                let values = self.symbols(values);
                if values.len() > 1 {
                    field.enum_values = values;
                }
            }
            if let Some(scope) = inside("uniqueness", "scope") {
                let mut fields = vec![name.clone()];
                fields.extend(self.symbols(scope));
                let entity = model.name.clone();
                let fact = Fact::Unique { entity, fields, condition: None, text: None };
                model.facts.push((fact, self.place.clone()));
            }
        }
    }

    /// `enum status: { open: 0, done: 1 }`, `enum :status, [:open, :done]`, `enum :status, { open: 0 }`
    fn enumeration(&self, arguments: &[Range<usize>], model: &mut Declared) {
        let Some(first) = arguments.first() else { return };
        let (name, values) = match (self.tokens.symbol(first), arguments.get(1)) {
            (Some(name), Some(values)) => {
                // `enum :status, open: 0, done: 1` has its values behind commas.
                let is_open = !matches!(self.tokens.text(values.start), "[" | "{");
                let end = arguments.last().map_or(values.end, |last| last.end);
                (name, if is_open { values.start..end } else { values.clone() })
            }
            _ => (self.tokens.text(first.start).to_owned(), first.start + 2..first.end),
        };
        if !is_identifier(&name) {
            return;
        }
        let is_map = !matches!(self.tokens.text(values.start), "[" | "%");
        let values = if is_map { self.keys(values) } else { self.symbols(values) };
        let field = self.said(&name, model);
        field.enum_values = values;
        field.type_text = Some("enum".to_owned());
    }

    fn timestamps(&self, model: &mut Declared) {
        let names = if model.table.is_some() {
            ["inserted_at", "updated_at"]
        } else {
            ["created_at", "updated_at"]
        };
        for name in names {
            let field = self.said(name, model);
            field.type_text = Some("timestamp".to_owned());
            field.required = Some(true);
        }
    }

    /// The field of a model, which several statements may speak of.
    fn said<'m>(&self, name: &str, model: &'m mut Declared) -> &'m mut FieldFact {
        let known = model.members.iter().position(|it| it.field.name == name);
        let at = known.unwrap_or_else(|| {
            let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
            comment_into(self.tokens.comment_behind(&(0..self.tokens.len())), &mut field);
            model.members.push(Member { field, at: self.place.clone(), navigation: None });
            model.members.len() - 1
        });
        &mut model.members[at].field
    }

    /// All symbols and texts of a list; `%w[open done]` has bare words.
    fn symbols(&self, range: Range<usize>) -> Vec<String> {
        let is_value = |at: &usize| {
            matches!(self.tokens.kind(*at), Some(Kind::Word | Kind::Text))
                && !(self.tokens.text(*at) == "w" && *at > 0 && self.tokens.text(at - 1) == "%")
                && !matches!(self.tokens.text(*at), "array" | "map")
        };
        range.filter(is_value).map(|at| unquote(self.tokens.text(at)).to_owned()).collect()
    }

    /// The keys of `{ open: 0, done: 1 }`.
    fn keys(&self, range: Range<usize>) -> Vec<String> {
        let is_key = |at: &usize| {
            matches!(self.tokens.kind(*at), Some(Kind::Word | Kind::Text))
                && matches!(self.tokens.text(at + 1), ":" | "=>")
                && !self.tokens.text(*at).starts_with('_')
                && !matches!(self.tokens.text(*at), "default" | "prefix" | "suffix" | "validate")
        };
        range.filter(is_key).map(|at| unquote(self.tokens.text(at)).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn rails_models() {
        check(
            "## Models\n```ruby\nclass Ticket < ApplicationRecord\n  belongs_to :show\n  belongs_to :guest, class_name: \"Person\", optional: true\n  has_many :scans, dependent: :destroy\n  has_and_belongs_to_many :tags\n\n  validates :code, presence: true, uniqueness: { scope: :show_id }, length: { maximum: 12 }\n  validates :price, numericality: { greater_than: 0 }\n  validates :kind, inclusion: { in: %w[seat standing] }\n  enum status: { open: 0, used: 1 }\n  enum :mood, [:calm, :loud]\n  scope :open, -> { where(status: :open) }\n\n  def used?\n    status == 'used'\n  end\nend\n\nclass TicketService\n  def call\n    belongs_to :nothing\n  end\nend\n```\n",
            &expect![[r#"
                3 model-macros  entity Ticket
                4 model-macros  field Ticket.show_id required -> Show
                5 model-macros  field Ticket.guest_id optional -> Person
                6 model-macros  relationship Ticket 1:N Scan on delete cascade
                7 model-macros  relationship Ticket N:M Tag
                9 model-macros  field Ticket.code varchar(12) required
                9 model-macros  unique Ticket (code, show_id)
                10 model-macros  field Ticket.price {> 0}
                11 model-macros  field Ticket.kind [seat | standing]
                12 model-macros  field Ticket.status enum [open | used]
                13 model-macros  field Ticket.mood enum [calm | loud]
            "#]],
        );
    }

    #[test]
    fn ecto_schemas_and_migrations() {
        check(
            "```elixir\ndefmodule Shop.Ticket do\n  use Ecto.Schema\n  schema \"tickets\" do\n    field :code, :string\n    field :seats, :integer, default: 1\n    field :status, Ecto.Enum, values: [:open, :used]\n    field :tags, {:array, :string}\n    belongs_to :show, Shop.Show\n    has_many :scans, Shop.Scan\n    timestamps()\n  end\n\n  def changeset(ticket, attrs) do\n    cast(ticket, attrs, [:code])\n  end\nend\n```\n\n```elixir\ncreate table(:scans) do\n  add :at, :utc_datetime, null: false\n  add :ticket_id, references(:tickets, on_delete: :delete_all), null: false\n  timestamps()\nend\n```\n",
            &expect![[r#"
                4 model-macros  entity tickets table tickets
                5 model-macros  field tickets.code string
                6 model-macros  field tickets.seats integer default 1
                7 model-macros  field tickets.status enum [open | used]
                8 model-macros  field tickets.tags string[]
                9 model-macros  field tickets.show_id required -> Show
                10 model-macros  relationship tickets 1:N Scan
                11 model-macros  field tickets.inserted_at timestamp required
                11 model-macros  field tickets.updated_at timestamp required
                21 model-macros  entity scans table scans
                22 model-macros  field scans.at timestamptz required
                23 model-macros  field scans.ticket_id required -> tickets on delete cascade
                24 model-macros  field scans.inserted_at timestamp required
                24 model-macros  field scans.updated_at timestamp required
            "#]],
        );
    }

    #[test]
    fn code_without_models() {
        check(
            "```ruby\nclass TicketMailer < ApplicationMailer\n  def sent\n    mail(to: 'x')\n  end\nend\n```\n\n```elixir\nschema = load(\"tickets\")\nIO.puts(schema)\n```\n",
            &expect![[r#""#]],
        );
    }
}
