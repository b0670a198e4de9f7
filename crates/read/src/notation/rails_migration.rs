//! Rails migrations and `schema.rb`: `create_table` with its columns, and what is added later.

use std::ops::Range;

use crate::document::{BlockKind, Code, Document};
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Member, Style, Tokens, blocks, comment_into, settle, statements, untagged_with,
};
use crate::words::is_identifier;
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

pub(super) const DOC: &str = "Rails migrations and `schema.rb` in Ruby blocks: `create_table`, `add_column`, `add_reference`, \
     `add_foreign_key` and `add_index`.";

/// What every statement of a migration begins with.
const STATEMENTS: &[&str] =
    &["create_table ", "add_column ", "add_reference ", "add_index ", "add_foreign_key "];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    // Keys and indexes that are added to tables of other places.
    let mut added: Vec<(usize, Range<usize>, Fact)> = Vec::new();
    let is_meant = |code: &Code| {
        (matches!(code.language.as_str(), "ruby" | "rb") || untagged_with(code, STATEMENTS))
            && STATEMENTS.iter().any(|start| code.text.contains(start))
    };
    for (block, code) in blocks(document, is_meant) {
        let mut table: Option<Declared> = None;
        for place in statements(code, &[',']) {
            let tokens = Tokens::scan(&code.text[place.clone()], Style::Hash);
            let statement = Statement { tokens: &tokens, block, place };
            statement.read(&mut table, &mut found, &mut added);
        }
        found.types.extend(table);
    }
    settle(document, found, out);
    for (block, place, fact) in added {
        if let BlockKind::Code(code) = &document.blocks[block].kind {
            out.state(document, document.code_span(code, place), fact);
        }
    }
}

struct Statement<'t, 'c> {
    tokens: &'t Tokens<'c>,
    block: usize,
    place: Range<usize>,
}

impl Statement<'_, '_> {
    fn read(
        &self,
        table: &mut Option<Declared>,
        found: &mut Found,
        added: &mut Vec<(usize, Range<usize>, Fact)>,
    ) {
        let tokens = self.tokens;
        let first = tokens.skip_lines(0);
        let mut start = first + 1;
        let has_brackets = tokens.text(start) == "(";
        start += usize::from(has_brackets);
        match tokens.text(first) {
            "create_table" => {
                found.types.extend(table.take());
                *table = self.table(start);
            }
            "end" => {
                if let Some(mut table) = table.take() {
                    table.range.end = self.place.end;
                    found.types.push(table);
                }
            }
            word @ ("add_column" | "add_reference" | "add_belongs_to") => {
                let arguments = self.tokens.arguments(start);
                let Some((name, rest)) = arguments.split_first() else { return };
                let Some(mut declared) = self.tokens.symbol(name).map(|it| self.declare(&it))
                else {
                    return;
                };
                if word == "add_column" {
                    let Some((kind, options)) = rest.get(1).zip(rest.first()) else { return };
                    let Some(kind) = self.tokens.symbol(kind) else { return };
                    let mut columns = vec![options.clone()];
                    columns.extend(rest.iter().skip(2).cloned());
                    self.columns(&kind, &columns, &mut declared);
                } else {
                    self.columns("references", rest, &mut declared);
                }
                found.types.push(declared);
            }
            "add_index" => {
                let arguments = self.tokens.arguments(start);
                let Some((name, rest)) = arguments.split_first() else { return };
                let entity = self.tokens.symbol(name);
                if let Some(fact) = entity.and_then(|entity| self.index(&entity, rest)) {
                    added.push((self.block, self.place.clone(), fact));
                }
            }
            "add_foreign_key" => {
                let arguments = self.tokens.arguments(start);
                let [from, to, ..] = arguments.as_slice() else { return };
                let Some((entity, target)) = self.tokens.symbol(from).zip(self.tokens.symbol(to))
                else {
                    return;
                };
                let column =
                    self.tokens.option(&arguments, "column").and_then(|it| self.tokens.symbol(&it));
                let name =
                    column.unwrap_or_else(|| format!("{}_id", crate::prose::singular(&target)));
                let field = FieldFact {
                    name,
                    references: Some(ReferenceFact {
                        entity: target,
                        field: None,
                        on_delete: self.on_delete(&arguments),
                    }),
                    ..FieldFact::default()
                };
                added.push((self.block, self.place.clone(), Fact::Field { entity, field }));
            }
            // `t.string :name`
            _ if tokens.text(first + 1) == "." && tokens.is_word(first + 2) => {
                let Some(table) = table else { return };
                let kind = tokens.text(first + 2);
                let start = first + 3 + usize::from(tokens.text(first + 3) == "(");
                self.columns(kind, &self.tokens.arguments(start), table);
            }
            _ => {}
        }
    }

    fn declare(&self, name: &str) -> Declared {
        let place = self.place.clone();
        let mut declared = Declared::new(name, self.block, place.clone(), place);
        declared.table = Some(name.to_owned());
        declared.is_marked = true;
        declared
    }

    /// `create_table :orders, id: :uuid do |t|`
    fn table(&self, start: usize) -> Option<Declared> {
        let arguments = self.tokens.arguments(start);
        let name = self.tokens.symbol(arguments.first()?).filter(|name| is_identifier(name))?;
        let mut declared = self.declare(&name);
        let id = self.tokens.option(&arguments, "id").and_then(|it| self.tokens.symbol(&it));
        if let Some(kind) = id.filter(|kind| kind != "false") {
            let field = FieldFact {
                name: "id".to_owned(),
                type_text: Some(kind),
                primary_key: Some(true),
                required: Some(true),
                ..FieldFact::default()
            };
            let at = self.place.clone();
            declared.members.push(Member { field, at, navigation: None });
        }
        Some(declared)
    }

    fn on_delete(&self, arguments: &[Range<usize>]) -> Option<String> {
        let action = self.tokens.option_text(arguments, "on_delete")?;
        Some(match action.as_str() {
            "nullify" => "set null".to_owned(),
            other => other.replace('_', " "),
        })
    }

    /// `t.string :first, :last, null: false`
    fn columns(&self, kind: &str, arguments: &[Range<usize>], declared: &mut Declared) {
        let text = |key: &str| self.tokens.option_text(arguments, key);
        let is = |key: &str| text(key).is_some_and(|value| value == "true");
        let mut base = FieldFact {
            required: Some(text("null").as_deref() == Some("false")),
            ..FieldFact::default()
        };
        match kind {
            "timestamps" => {
                base.required = Some(text("null").as_deref() != Some("true"));
                base.type_text = Some("datetime".to_owned());
                for name in ["created_at", "updated_at"] {
                    self.add(FieldFact { name: name.to_owned(), ..base.clone() }, declared);
                }
                return;
            }
            "index" => {
                let fact = self.index(&declared.name, arguments);
                declared.facts.extend(fact.map(|fact| (fact, self.place.clone())));
                return;
            }
            "column" => {
                let Some(kind) = arguments.get(1).and_then(|kind| self.tokens.symbol(kind)) else {
                    return;
                };
                let mut rest = vec![arguments[0].clone()];
                rest.extend(arguments.iter().skip(2).cloned());
                if kind != "column" {
                    self.columns(&kind, &rest, declared);
                }
                return;
            }
            "check_constraint" | "foreign_key" | "remove" | "rename" | "change" => return,
            "references" | "belongs_to" => base.type_text = text("type"),
            "string" => {
                let length = text("limit");
                base.type_text = Some(
                    length
                        .map_or_else(|| "string".to_owned(), |length| format!("varchar({length})")),
                );
            }
            "decimal" => {
                base.type_text = Some(match (text("precision"), text("scale")) {
                    (Some(digits), Some(places)) => format!("decimal({digits},{places})"),
                    _ => "decimal".to_owned(),
                });
            }
            other => base.type_text = Some(other.to_owned()),
        }
        if is("array") {
            base.type_text = base.type_text.map(|kind| format!("{kind}[]"));
        }
        let value =
            text("default").filter(|value| !value.contains(['(', '{', '>']) && value != "nil");
        base.default = value.filter(|value| !value.is_empty());
        base.description = text("comment");
        let is_unique = |key: &str| {
            let value = self.tokens.option(arguments, key)?;
            let inside = value.start + 1..self.tokens.close(value.start).min(value.end);
            (self.tokens.text(value.start) == "{")
                .then(|| self.tokens.argument_text(&inside, "unique"))
                .flatten()
        };
        let unique = is("unique") || is_unique("index").is_some_and(|value| value == "true");
        base.unique = unique.then_some(true);
        let is_reference = matches!(kind, "references" | "belongs_to");
        for name in arguments.iter().map_while(|part| self.tokens.symbol(part)) {
            if !is_identifier(&name) {
                continue;
            }
            if !is_reference {
                self.add(FieldFact { name, ..base.clone() }, declared);
                continue;
            }
            let mut field = FieldFact { name: format!("{name}_id"), ..base.clone() };
            if is("polymorphic") {
                let kind = FieldFact {
                    name: format!("{name}_type"),
                    type_text: Some("string".to_owned()),
                    required: base.required,
                    ..FieldFact::default()
                };
                self.add(kind, declared);
            } else {
                field.references = Some(self.reference(arguments, &name));
            }
            self.add(field, declared);
        }
    }

    /// `foreign_key: { to_table: :users, on_delete: :cascade }`
    fn reference(&self, arguments: &[Range<usize>], name: &str) -> ReferenceFact {
        let mut reference = ReferenceFact { entity: name.to_owned(), field: None, on_delete: None };
        let Some(value) = self.tokens.option(arguments, "foreign_key") else { return reference };
        if self.tokens.text(value.start) == "{" {
            let inside = value.start + 1..self.tokens.close(value.start).min(value.end);
            let parts = self.tokens.split(inside, &[","]);
            if let Some(target) = self.tokens.option_text(&parts, "to_table") {
                reference.entity = target;
            }
            reference.on_delete = self.on_delete(&parts);
        }
        reference
    }

    fn add(&self, mut field: FieldFact, declared: &mut Declared) {
        comment_into(self.tokens.comment_behind(&(0..self.tokens.len())), &mut field);
        declared.members.push(Member { field, at: self.place.clone(), navigation: None });
    }

    /// `[:user_id, :number], unique: true, name: "by_number"`
    fn index(&self, entity: &str, arguments: &[Range<usize>]) -> Option<Fact> {
        let first = arguments.first()?;
        let columns: Vec<String> = if self.tokens.text(first.start) == "[" {
            let inside = first.start + 1..self.tokens.close(first.start).min(first.end);
            self.tokens
                .split(inside, &[","])
                .iter()
                .filter_map(|part| self.tokens.symbol(part))
                .collect()
        } else {
            self.tokens.symbol(first).into_iter().collect()
        };
        if columns.is_empty() {
            return None;
        }
        let entity = entity.to_owned();
        let unique =
            self.tokens.option_text(arguments, "unique").is_some_and(|text| text == "true");
        let condition = self.tokens.option_text(arguments, "where");
        Some(if unique {
            Fact::Unique { entity, fields: columns, condition, text: None }
        } else {
            Fact::Index(IndexFact {
                entity,
                name: self.tokens.option_text(arguments, "name"),
                columns,
                unique,
                method: self.tokens.option_text(arguments, "using"),
                purpose: None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn tables_and_what_is_added() {
        check(
            "## Schema\n```ruby\nclass CreateOrders < ActiveRecord::Migration[7.0]\n  def change\n    create_table :orders, id: :uuid do |t|\n      t.references :user, null: false, foreign_key: { on_delete: :cascade }\n      t.belongs_to :seller, foreign_key: { to_table: :users }\n      t.references :subject, polymorphic: true\n      t.string :number, null: false, limit: 20, index: { unique: true }\n      t.string :first, :last\n      t.decimal :total, precision: 10, scale: 2, default: 0 # in euros\n      t.integer :status, default: 0, null: false\n      t.timestamps\n      t.index [:user_id, :number], unique: true\n    end\n\n    add_column :orders, :note, :text\n    add_reference :orders, :shop, foreign_key: true\n    add_index :orders, [:status, :created_at], name: \"by_status\"\n    add_foreign_key :orders, :carts, on_delete: :nullify\n  end\nend\n```\n",
            &expect![[r#"
                5 rails-migration  entity orders table orders
                5 rails-migration  field orders.id uuid primary key required
                6 rails-migration  field orders.user_id required -> user on delete cascade
                7 rails-migration  field orders.seller_id optional -> users
                8 rails-migration  field orders.subject_type string optional
                8 rails-migration  field orders.subject_id optional
                9 rails-migration  field orders.number varchar(20) required unique
                10 rails-migration  field orders.first string optional
                10 rails-migration  field orders.last string optional
                11 rails-migration  field orders.total decimal(10,2) optional default 0 -- in euros
                12 rails-migration  field orders.status integer required default 0
                13 rails-migration  field orders.created_at datetime required
                13 rails-migration  field orders.updated_at datetime required
                14 rails-migration  unique orders (user_id, number)
                17 rails-migration  entity orders table orders
                17 rails-migration  field orders.note text optional
                18 rails-migration  entity orders table orders
                18 rails-migration  field orders.shop_id optional -> shop
                19 rails-migration  index by_status on orders (status, created_at)
                20 rails-migration  field orders.cart_id -> carts on delete set null
            "#]],
        );
    }

    #[test]
    fn other_ruby_declares_nothing() {
        check(
            "```ruby\nt = Table.new\nt.string :name\nOrder.where(user_id: 1).order(:created_at)\n```\n",
            &expect![[r#""#]],
        );
    }
}
