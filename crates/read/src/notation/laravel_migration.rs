//! Laravel and Knex migrations: `Schema::create` and `createTable` with the columns that their functions add.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::notation::Output;
use crate::notation::code::{
    Declared, Found, Kind, Member, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::words::{is_identifier, unquote};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

pub(super) const DOC: &str = "Laravel migrations in PHP blocks (`Schema::create`, `Schema::table`) and Knex migrations in JavaScript blocks (`createTable`) with columns, keys and indexes.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_meant = |code: &Code| {
        (code.language == "php" || untagged_with(code, &["Schema::", "<?php", "$table->"]))
            && (code.text.contains("Schema::create(") || code.text.contains("Schema::table("))
    };
    for (block, code) in blocks(document, is_meant) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        for at in 0..tokens.len() {
            let adds = matches!(tokens.text(at + 2), "create" | "table");
            if tokens.text(at) == "Schema" && tokens.text(at + 1) == "::" && adds {
                let builder = Builder { tokens: &tokens, block, arrow: "->", required: true };
                builder.table(at, at + 3, &mut found);
            }
        }
    }
    let is_knex = |code: &Code| {
        matches!(code.language.as_str(), "javascript" | "js" | "typescript" | "ts" | "")
            && code.text.contains(".createTable(")
            && (code.text.contains("knex") || code.text.contains("schema"))
    };
    for (block, code) in blocks(document, is_knex) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        for at in 1..tokens.len() {
            if tokens.text(at) == "createTable" && tokens.text(at - 1) == "." {
                let builder = Builder { tokens: &tokens, block, arrow: ".", required: false };
                builder.table(at, at + 1, &mut found);
            }
        }
    }
    settle(document, found, out);
}

/// How a library writes the calls that add columns.
struct Builder<'t, 'c> {
    tokens: &'t Tokens<'c>,
    block: usize,
    /// What stands between two calls.
    arrow: &'static str,
    /// Whether a column that says nothing of it must have a value.
    required: bool,
}

impl Builder<'_, '_> {
    /// `Schema::create('orders', function (Blueprint $table) { … });`, `createTable("orders", (table) => { … })`
    fn table(&self, at: usize, open: usize, found: &mut Found) {
        let &Self { tokens, block, .. } = self;
        if tokens.text(open) != "(" {
            return;
        }
        let arguments = open + 1..tokens.close(open);
        let Some(name) = tokens.first_text(&arguments).filter(|name| is_identifier(name)) else {
            return;
        };
        let Some(body) = arguments.clone().find(|&at| tokens.text(at) == "{") else { return };
        let whole = tokens.place(&(at..arguments.end + 1));
        let mut declared = Declared::new(&name, block, tokens.place(&(at..body)), whole);
        declared.table = Some(name);
        declared.is_marked = true;
        let ends: &[&str] = if self.required { &[";"] } else { &[";", "\n"] };
        for statement in tokens.split(body + 1..tokens.close(body), ends) {
            column(self, &statement, &mut declared);
        }
        found.types.push(declared);
    }
}

type Call<'c> = (&'c str, Range<usize>);

/// The calls of `$table->string('name')->nullable()`.
fn chain<'c>(tokens: &Tokens<'c>, statement: &Range<usize>, arrow: &'static str) -> Vec<Call<'c>> {
    let parts = tokens.split(statement.clone(), &[arrow]);
    parts
        .into_iter()
        .skip(1)
        .filter(|part| tokens.text(part.start + 1) == "(")
        .map(|part| (tokens.text(part.start), part.start + 2..tokens.close(part.start + 1)))
        .collect()
}

fn column(builder: &Builder<'_, '_>, statement: &Range<usize>, declared: &mut Declared) {
    let tokens = builder.tokens;
    let calls = chain(tokens, statement, builder.arrow);
    let Some((kind, arguments)) = calls.first() else { return };
    let place = tokens.place(statement);
    let mut add = |name: &str, type_text: Option<&str>, required: bool| {
        let field = FieldFact {
            name: name.to_owned(),
            type_text: type_text.map(str::to_owned),
            required: Some(required),
            ..FieldFact::default()
        };
        declared.members.push(Member { field, at: place.clone(), navigation: None });
    };
    match *kind {
        "timestamps" | "timestampsTz" | "nullableTimestamps" => {
            // `table.timestamps(true, true)` of Knex asks for values.
            let required = tokens.text(arguments.start) == "true";
            add("created_at", Some("timestamp"), required);
            add("updated_at", Some("timestamp"), required);
            return;
        }
        "softDeletes" | "softDeletesTz" => return add("deleted_at", Some("timestamp"), false),
        "rememberToken" => return add("remember_token", Some("varchar(100)"), false),
        "morphs" | "nullableMorphs" | "uuidMorphs" => {
            if let Some(name) = tokens.first_text(arguments) {
                let required = *kind != "nullableMorphs";
                add(&format!("{name}_type"), Some("string"), required);
                add(&format!("{name}_id"), None, required);
            }
            return;
        }
        "index" | "unique" | "primary" | "fullText" => {
            let fact = key(tokens, kind, arguments, &declared.name);
            declared.facts.extend(fact.map(|fact| (fact, place)));
            return;
        }
        _ if kind.starts_with("drop") || kind.starts_with("rename") => return,
        _ => {}
    }
    let name = match (*kind, tokens.first_text(arguments)) {
        (_, Some(name)) => name,
        ("id", None) => "id".to_owned(),
        // `foreignIdFor(User::class)`
        ("foreignIdFor", None) => {
            let class = tokens.text(arguments.start);
            format!("{}_id", class.to_lowercase())
        }
        _ => return,
    };
    let mut field = FieldFact { name, required: Some(builder.required), ..FieldFact::default() };
    set_type(tokens, kind, arguments, &mut field);
    let mut member = Member { field, at: place, navigation: None };
    for (modifier, inside) in &calls[1..] {
        modify(tokens, modifier, inside, &mut member.field);
    }
    if *kind == "foreignIdFor" {
        let class = tokens.text(arguments.start);
        let reference = member.field.references.get_or_insert_with(|| to("", None));
        class.clone_into(&mut reference.entity);
    }
    for (modifier, _) in &calls[1..] {
        if matches!(*modifier, "index" | "unique") && *kind == "foreign" {
            return;
        }
        if *modifier == "index" {
            let fact = index(&declared.name, vec![member.field.name.clone()]);
            declared.facts.push((fact, member.at.clone()));
        }
    }
    comment_into(tokens.comment_behind(statement), &mut member.field);
    declared.members.push(member);
}

fn set_type(tokens: &Tokens<'_>, kind: &str, arguments: &Range<usize>, field: &mut FieldFact) {
    let positional = tokens.positional(arguments);
    let number = |at: usize| {
        let part = positional.get(at)?;
        (tokens.kind(part.start) == Some(Kind::Number)).then(|| tokens.text(part.start))
    };
    let text = match kind {
        "id" | "bigIncrements" | "increments" | "mediumIncrements" | "smallIncrements" => {
            field.primary_key = Some(true);
            field.required = Some(true);
            if kind == "increments" { "integer".to_owned() } else { "bigint".to_owned() }
        }
        "string" | "char" => {
            let name = if kind == "char" { "char" } else { "varchar" };
            number(1).map_or_else(|| "string".to_owned(), |length| format!("{name}({length})"))
        }
        "decimal" | "unsignedDecimal" => match (number(1), number(2)) {
            (Some(digits), Some(places)) => format!("decimal({digits},{places})"),
            _ => "decimal".to_owned(),
        },
        "enum" | "enu" | "set" => {
            field.enum_values = positional.get(1).map_or_else(Vec::new, |part| tokens.texts(part));
            "enum".to_owned()
        }
        "tinyText" | "mediumText" | "longText" => "text".to_owned(),
        "dateTime" | "dateTimeTz" => "datetime".to_owned(),
        "timestampTz" => "timestamptz".to_owned(),
        "ipAddress" => "inet".to_owned(),
        "binary" => "bytea".to_owned(),
        "foreignUuid" => "uuid".to_owned(),
        "bigInteger" | "unsignedBigInteger" => "bigint".to_owned(),
        "integer" | "unsignedInteger" | "mediumInteger" | "unsignedMediumInteger" | "year" => {
            "integer".to_owned()
        }
        "smallInteger" | "unsignedSmallInteger" | "tinyInteger" | "unsignedTinyInteger" => {
            "smallint".to_owned()
        }
        // A constraint on a column that has a line of its own says no type.
        "foreign" => {
            field.required = None;
            return;
        }
        "foreignId" | "foreignIdFor" | "foreignUlid" => return,
        other => other.to_lowercase(),
    };
    field.type_text = Some(text);
}

fn to(entity: &str, field: Option<String>) -> ReferenceFact {
    ReferenceFact { entity: entity.to_owned(), field, on_delete: None }
}

fn modify(tokens: &Tokens<'_>, modifier: &str, inside: &Range<usize>, field: &mut FieldFact) {
    let first = tokens.first_text(inside);
    // `user_id` refers to what is called a user.
    let stem = field.name.trim_end_matches("_id").to_owned();
    let mut delete = |action: &str| {
        field.references.get_or_insert_with(|| to(&stem, None)).on_delete = Some(action.to_owned());
    };
    match modifier {
        "nullable" => {
            field.required =
                Some(tokens.text(inside.start) == "false" && inside.start < inside.end);
        }
        "notNullable" => field.required = Some(true),
        "unique" => field.unique = Some(true),
        "primary" => {
            field.primary_key = Some(true);
            field.required = Some(true);
        }
        "default" | "defaultTo" => {
            let source = tokens.source(inside);
            let value = unquote(&source);
            if !value.contains('(') && value != "null" && !value.is_empty() {
                field.default = Some(value.to_owned());
            }
        }
        "comment" => {
            if let Some(text) = first {
                comment_into(&text, field);
            }
        }
        "constrained" => {
            let target = first.unwrap_or(stem);
            let known = field.references.take();
            field.references = Some(ReferenceFact {
                entity: target,
                field: None,
                on_delete: known.and_then(|known| known.on_delete),
            });
        }
        "references" => {
            // `references("users.id")` names both.
            let (table, key) = match first.as_deref().and_then(|it| it.split_once('.')) {
                Some((table, key)) => (table.to_owned(), Some(key.to_owned())),
                None => (stem, first),
            };
            field.references.get_or_insert_with(|| to(&table, None)).field = key;
        }
        "on" | "inTable" => {
            if let Some(target) = first {
                field.references.get_or_insert_with(|| to(&stem, None)).entity = target;
            }
        }
        "cascadeOnDelete" => delete("cascade"),
        "nullOnDelete" => delete("set null"),
        "restrictOnDelete" => delete("restrict"),
        "noActionOnDelete" => delete("no action"),
        "onDelete" => {
            if let Some(action) = first {
                delete(&action.to_lowercase());
            }
        }
        _ => {}
    }
}

fn index(entity: &str, columns: Vec<String>) -> Fact {
    Fact::Index(IndexFact {
        entity: entity.to_owned(),
        name: None,
        columns,
        unique: false,
        method: None,
        purpose: None,
    })
}

/// `$table->unique(['a', 'b'], 'name')`
fn key(tokens: &Tokens<'_>, kind: &str, arguments: &Range<usize>, entity: &str) -> Option<Fact> {
    let parts = tokens.positional(arguments);
    let columns = tokens.texts(parts.first()?);
    if columns.is_empty() {
        return None;
    }
    let entity = entity.to_owned();
    Some(match kind {
        "unique" => Fact::Unique { entity, fields: columns, condition: None, text: None },
        "primary" => Fact::PrimaryKey { entity, fields: columns },
        _ => {
            let name = parts.get(1).and_then(|part| tokens.texts(part).into_iter().next());
            Fact::Index(IndexFact {
                entity,
                name,
                columns,
                unique: false,
                method: (kind == "fullText").then(|| "gin".to_owned()),
                purpose: None,
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn knex_tables() {
        check(
            "```js\nexports.up = (knex) => knex.schema.createTable(\"shows\", (table) => {\n  table.increments(\"id\");\n  table.string(\"title\", 100).notNullable().unique();\n  table.text(\"note\"); // free text\n  table.uuid(\"hall_id\").references(\"id\").inTable(\"halls\").onDelete(\"CASCADE\");\n  table.enu(\"mood\", [\"calm\", \"loud\"]).defaultTo(\"calm\");\n  table.timestamps(true, true);\n  table.unique([\"hall_id\", \"title\"]);\n});\n```\n\n```js\nconst page = createTable(\"rows\", (table) => { table.string(\"x\"); });\n```\n",
            &expect![[r#"
                2 laravel-migration  entity shows table shows
                3 laravel-migration  field shows.id integer primary key required
                4 laravel-migration  field shows.title varchar(100) required unique
                5 laravel-migration  field shows.note text optional -- free text
                6 laravel-migration  field shows.hall_id uuid optional -> halls.id on delete cascade
                7 laravel-migration  field shows.mood enum optional default calm [calm | loud]
                8 laravel-migration  field shows.created_at timestamp required
                8 laravel-migration  field shows.updated_at timestamp required
                9 laravel-migration  unique shows (hall_id, title)
            "#]],
        );
    }

    #[test]
    fn columns_keys_and_references() {
        check(
            "## Schema\n```php\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::create('orders', function (Blueprint $table) {\n            $table->id();\n            $table->foreignId('user_id')->constrained()->cascadeOnDelete();\n            $table->foreignId('seller_id')->nullable()->constrained('users')->onDelete('set null');\n            $table->unsignedBigInteger('shop_id');\n            $table->foreign('shop_id')->references('id')->on('shops')->onDelete('restrict');\n            $table->string('number', 20)->unique();\n            $table->string('note')->nullable(); // for the driver\n            $table->decimal('total', 10, 2)->default(0);\n            $table->enum('status', ['new', 'paid'])->default('new');\n            $table->timestamps();\n            $table->softDeletes();\n            $table->unique(['user_id', 'number']);\n            $table->index('status');\n        });\n    }\n    public function down(): void { Schema::dropIfExists('orders'); }\n};\n```\n",
            &expect![[r#"
                6 laravel-migration  entity orders table orders
                7 laravel-migration  field orders.id bigint primary key required
                8 laravel-migration  field orders.user_id required -> user on delete cascade
                9 laravel-migration  field orders.seller_id optional -> users on delete set null
                10 laravel-migration  field orders.shop_id bigint required
                11 laravel-migration  field orders.shop_id -> shops.id on delete restrict
                12 laravel-migration  field orders.number varchar(20) required unique
                13 laravel-migration  field orders.note string optional -- for the driver
                14 laravel-migration  field orders.total decimal(10,2) required default 0
                15 laravel-migration  field orders.status enum required default new [new | paid]
                16 laravel-migration  field orders.created_at timestamp optional
                16 laravel-migration  field orders.updated_at timestamp optional
                17 laravel-migration  field orders.deleted_at timestamp optional
                18 laravel-migration  unique orders (user_id, number)
                19 laravel-migration  index on orders (status)
            "#]],
        );
    }

    #[test]
    fn other_php_declares_nothing() {
        check(
            "```php\n$orders = Order::where('user_id', $id)->orderBy('created_at')->get();\nRoute::get('/orders', fn () => view('orders'));\n```\n",
            &expect![[r#""#]],
        );
    }
}
