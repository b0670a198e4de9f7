//! Schemas that TypeScript and JavaScript build by calls: Drizzle, Zod, Convex, Mongoose, Sequelize.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::notation::code::{
    Declared, Found, Kind, Member, Style, Tokens, blocks, comment_into, settle, untagged_with,
};
use crate::notation::{Output, schema_column};
use crate::words::{capital, is_identifier, unquote};
use crate::{Fact, IndexFact};

pub(super) const DOC: &str = "Schemas built by calls: Drizzle's `pgTable`, Convex's `defineTable`, Zod's \
     `z.object`, Mongoose's `new Schema`, Sequelize's `define`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_meant = |code: &Code| {
        (matches!(
            code.language.as_str(),
            "typescript" | "ts" | "tsx" | "javascript" | "js" | "jsx" | "mjs"
        ) || untagged_with(code, &["const ", "export ", "defineSchema", "var "]))
            && BUILDERS.iter().any(|builder| code.text.contains(builder))
    };
    for (block, code) in blocks(document, is_meant) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        read_block(&tokens, block, &mut found);
    }
    settle(document, found, out);
}

const BUILDERS: &[&str] =
    &["Table(", "z.object(", "Schema(", ".define(", "z.enum(", "Enum(", "Schema<", ".init("];

fn read_block(tokens: &Tokens<'_>, block: usize, found: &mut Found) {
    let mut at = 0;
    while at < tokens.len() {
        let end = tokens.divide(at..tokens.len(), &[";", "\n"]).max(at + 1);
        statement(tokens, block, at..end, found);
        at = end;
    }
}

/// `export const users = pgTable("users", { … })`, `export default defineSchema({ … })`
fn statement(tokens: &Tokens<'_>, block: usize, range: Range<usize>, found: &mut Found) {
    let mut at = tokens.skip_lines(range.start);
    while matches!(tokens.text(at), "export" | "default" | "module" | "." | "exports") {
        at += 1;
    }
    if tokens.text(at) == "=" {
        at += 1;
    }
    // `users: defineTable({ … })` without the schema around it.
    if tokens.is_word(at) && tokens.text(at + 1) == ":" && tokens.text(at + 2) == "defineTable" {
        let calls = tokens.calls(&(at + 2..range.end));
        convex_table(tokens, block, tokens.text(at), &(at..range.end), &calls, found);
        return;
    }
    let mut name = "";
    if matches!(tokens.text(at), "const" | "let" | "var") && tokens.is_word(at + 1) {
        name = tokens.text(at + 1);
        at += 2;
        while at < range.end && tokens.text(at) != "=" {
            at += 1;
        }
        at += 1;
    }
    if tokens.text(at) == "new" {
        at += 1;
    }
    let value = at..range.end;
    let calls = tokens.calls(&value);
    let builder = calls.iter().find_map(|(call, arguments)| Some((*call, arguments.clone()?)));
    let Some((builder, arguments)) = builder else { return };
    let place = range.start..range.end;
    match builder {
        "pgTable" | "sqliteTable" | "mysqlTable" | "createTable" | "pgTableCreator" | "table" => {
            let Some(table) = tokens.first_text(&arguments) else { return };
            let Some(object) = object_of(tokens, &arguments, 1) else { return };
            let mut declared = declare(
                tokens,
                block,
                if name.is_empty() { &table } else { name },
                &place,
                object.start,
            );
            declared.table = Some(table);
            declared.is_marked = true;
            schema_column::members(tokens, object.clone(), &mut declared);
            keys(tokens, object.end + 1..arguments.end, &mut declared);
            found.types.push(declared);
        }
        "defineSchema" => {
            let Some(object) = object_of(tokens, &arguments, 0) else { return };
            for part in tokens.split(object, &[","]) {
                let table = unquote(tokens.text(part.start));
                let calls = tokens.calls(&(part.start + 2..part.end));
                convex_table(tokens, block, table, &part, &calls, found);
            }
        }
        "defineTable" if !name.is_empty() => {
            convex_table(tokens, block, name, &place, &calls, found);
        }
        "object" | "strictObject" if calls.first().is_some_and(|(first, _)| *first == "z") => {
            let Some(object) = object_of(tokens, &arguments, 0) else { return };
            let entity = entity_of_schema(name);
            let mut declared = declare(tokens, block, &entity, &place, object.start);
            schema_column::members(tokens, object, &mut declared);
            found.types.push(declared);
        }
        "Schema" => {
            let Some(object) = object_of(tokens, &arguments, 0) else { return };
            let entity = entity_of_schema(name);
            let mut declared = declare(tokens, block, &entity, &place, object.start);
            declared.is_marked = !entity.is_empty();
            schema_column::members(tokens, object, &mut declared);
            // A schema that another one holds lives inside it; Mongoose gives each its own.
            found.types.push(declared);
        }
        "define" => {
            let Some(entity) = tokens.first_text(&arguments) else { return };
            let Some(object) = object_of(tokens, &arguments, 1) else { return };
            let mut declared = declare(tokens, block, &entity, &place, object.start);
            declared.is_marked = true;
            declared.table = tokens.argument_text(&arguments, "tableName");
            schema_column::members(tokens, object, &mut declared);
            found.types.push(declared);
        }
        "init" if calls.len() == 2 => {
            let Some(object) = object_of(tokens, &arguments, 0) else { return };
            let mut declared = declare(tokens, block, calls[0].0, &place, object.start);
            declared.is_marked = true;
            schema_column::members(tokens, object, &mut declared);
            found.types.push(declared);
        }
        "enum" | "pgEnum" | "mysqlEnum" => {
            let values: Vec<String> = tokens
                .positional(&arguments)
                .iter()
                .filter(|part| tokens.text(part.start) == "[")
                .flat_map(|part| tokens.texts(part))
                .collect();
            found.enumeration(block, name.trim_end_matches("Schema"), values, tokens.place(&place));
        }
        _ => {}
    }
}

/// `userSchema` describes a `user`.
fn entity_of_schema(name: &str) -> String {
    let name = name
        .strip_suffix("Schema")
        .or_else(|| name.strip_suffix("_schema"))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name);
    capital(name)
}

/// The inside of the braces that are an argument, from the argument `from` on. A function that
/// returns them counts too.
fn object_of(tokens: &Tokens<'_>, arguments: &Range<usize>, from: usize) -> Option<Range<usize>> {
    let part = tokens.split(arguments.clone(), &[","]).into_iter().nth(from)?;
    let mut part = part;
    let open = part.find(|&at| tokens.text(at) == "{")?;
    Some(open + 1..tokens.close(open).min(arguments.end))
}

fn declare(
    tokens: &Tokens<'_>,
    block: usize,
    name: &str,
    place: &Range<usize>,
    object: usize,
) -> Declared {
    Declared::new(name, block, tokens.place(&(place.start..object)), tokens.place(place))
}

/// The condition in ``"price_positive", sql`${table.price} > 0` ``, with the names of the columns in it.
fn check_text(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once("sql`")?;
    let mut parts = rest.split('`').next()?.split("${");
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (column, after) = part.split_once('}')?;
        text.push_str(column.rsplit('.').next()?.trim());
        text.push_str(after);
    }
    Some(format!("CHECK ({})", text.trim()))
}

/// `users: defineTable({ … }).index("by_email", ["email"])`
fn convex_table(
    tokens: &Tokens<'_>,
    block: usize,
    table: &str,
    place: &Range<usize>,
    calls: &[(&str, Option<Range<usize>>)],
    found: &mut Found,
) {
    let Some(("defineTable", Some(arguments))) = calls.first() else { return };
    let Some(object) = object_of(tokens, arguments, 0).filter(|_| is_identifier(table)) else {
        return;
    };
    let mut declared = declare(tokens, block, table, place, object.start);
    declared.is_marked = true;
    schema_column::members(tokens, object, &mut declared);
    for (name, arguments) in calls.iter().skip(1) {
        let (true, Some(arguments)) = (*name == "index", arguments) else { continue };
        let mut texts = tokens.texts(arguments);
        if texts.len() < 2 {
            continue;
        }
        let index = texts.remove(0);
        let fact = Fact::Index(IndexFact {
            entity: declared.name.clone(),
            name: Some(index),
            columns: texts,
            unique: false,
            method: None,
            purpose: None,
        });
        declared.facts.push((fact, tokens.place(arguments)));
    }
    found.types.push(declared);
}

/// `(t) => ({ pk: primaryKey({ columns: [t.a, t.b] }), idx: index("x").on(t.a) })`
fn keys(tokens: &Tokens<'_>, range: Range<usize>, declared: &mut Declared) {
    let mut at = range.start;
    while at < range.end {
        let word = tokens.text(at);
        if word == "check" && tokens.text(at + 1) == "(" {
            let end = tokens.close(at + 1);
            if let Some(text) = check_text(&tokens.source(&(at + 2..end))) {
                let fact = Fact::Rule { entity: Some(declared.name.clone()), field: None, text };
                declared.facts.push((fact, tokens.place(&(at..end))));
            }
            at = end.max(at + 1);
            continue;
        }
        if !matches!(word, "primaryKey" | "index" | "uniqueIndex" | "unique")
            || tokens.text(at + 1) != "("
        {
            at += 1;
            continue;
        }
        let end = tokens.divide(at..range.end, &[",", "\n"]);
        let calls = tokens.calls(&(at..end));
        let on =
            calls.iter().find(|(name, _)| *name == "on").and_then(|(_, inside)| inside.clone());
        let inside = on.or_else(|| calls.first().and_then(|(_, inside)| inside.clone()));
        // `table.email` names a column.
        let columns: Vec<String> = inside.map_or_else(Vec::new, |inside| {
            inside
                .filter(|&at| {
                    at > 1 && tokens.text(at - 1) == "." && tokens.kind(at) == Some(Kind::Word)
                })
                .map(|at| tokens.text(at).to_owned())
                .collect()
        });
        if !columns.is_empty() {
            let entity = declared.name.clone();
            let fact = match word {
                "primaryKey" => Fact::PrimaryKey { entity, fields: columns },
                "index" => Fact::Index(IndexFact {
                    entity,
                    name: calls.first().and_then(|(_, inside)| tokens.first_text(inside.as_ref()?)),
                    columns,
                    unique: false,
                    method: None,
                    purpose: None,
                }),
                _ => Fact::Unique { entity, fields: columns, condition: None, text: None },
            };
            declared.facts.push((fact, tokens.place(&(at..end))));
        }
        at = end.max(at + 1);
    }
}

pub(super) fn add(
    tokens: &Tokens<'_>,
    part: &Range<usize>,
    mut member: Member,
    declared: &mut Declared,
) {
    member.at = tokens.place(part);
    comment_into(tokens.comment_behind(part), &mut member.field);
    declared.members.push(member);
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn drizzle() {
        check(
            "## Schema\n```typescript\nexport const roleEnum = pgEnum('role', ['admin', 'user']);\nexport const users = pgTable('users', {\n  id: uuid('id').defaultRandom().primaryKey(),\n  email: varchar('email', { length: 255 }).notNull().unique(),\n  fullName: text('full_name'), // as printed\n  role: roleEnum('role').default('user').notNull(),\n});\n\nexport const posts = pgTable('posts', {\n  id: serial('id').primaryKey(),\n  authorId: uuid('author_id').references(() => users.id, { onDelete: 'cascade' }).notNull(),\n  kind: text('kind', { enum: ['a', 'b'] }),\n}, (table) => ({\n  byAuthor: index('posts_author').on(table.authorId),\n}));\n\nexport const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));\n```\n",
            &expect![[r#"
                3 schema-call  enumeration roleEnum: admin | user
                4 schema-call  entity users table users
                5 schema-call  field users.id uuid primary key required
                6 schema-call  field users.email varchar(255) required unique
                7 schema-call  field users.fullName text optional -- as printed
                8 schema-call  field users.role roleEnum required default user
                11 schema-call  entity posts table posts
                12 schema-call  field posts.id serial primary key required
                13 schema-call  field posts.authorId uuid required -> users.id on delete cascade
                14 schema-call  field posts.kind text optional [a | b]
                16 schema-call  index posts_author on posts (authorId)
            "#]],
        );
    }

    #[test]
    fn convex_and_zod() {
        check(
            "## Data Model\n```ts\nexport default defineSchema({\n  tasks: defineTable({\n    title: v.string(),\n    ownerId: v.id(\"users\"),\n    note: v.optional(v.string()),\n    state: v.union(v.literal(\"open\"), v.literal(\"done\")),\n    tags: v.array(v.string()),\n  }).index(\"by_owner\", [\"ownerId\"]),\n  users: defineTable({ name: v.string() }),\n});\n\nnotes: defineTable({\n  taskId: v.id(\"tasks\"),\n}).index(\"by_task\", [\"taskId\"]);\n\nexport const projectSchema = z.object({\n  id: z.string().uuid(),\n  name: z.string().max(80),\n  state: z.enum(['new', 'old']).default('new'),\n  note: z.string().optional(),\n});\nconst createProjectRequestSchema = z.object({ id: z.string() });\n```\n",
            &expect![[r#"
                4 schema-call  entity tasks
                5 schema-call  field tasks.title string required
                6 schema-call  field tasks.ownerId id required -> users
                7 schema-call  field tasks.note string optional
                8 schema-call  field tasks.state enum required [open | done]
                9 schema-call  field tasks.tags string[] required
                10 schema-call  index by_owner on tasks (ownerId)
                11 schema-call  entity users
                11 schema-call  field users.name string required
                14 schema-call  entity notes
                15 schema-call  field notes.taskId id required -> tasks
                16 schema-call  index by_task on notes (taskId)
                18 schema-call  entity Project
                19 schema-call  field Project.id uuid required
                20 schema-call  field Project.name varchar(80) required
                21 schema-call  field Project.state enum required default new [new | old]
                22 schema-call  field Project.note string optional
            "#]],
        );
    }

    #[test]
    fn mongoose_and_sequelize() {
        check(
            "## Models\n```javascript\nconst userSchema = new mongoose.Schema({\n  email: { type: String, required: true, unique: true },\n  name: String,\n  role: { type: String, enum: ['admin', 'user'], default: 'user' },\n  team: { type: mongoose.Schema.Types.ObjectId, ref: 'Team', required: true },\n  friends: [{ type: ObjectId, ref: 'User' }],\n  address: { street: String, city: String },\n}, { timestamps: true });\nconst teamSchema = new Schema({ title: String });\nconst Invoice = sequelize.define('Invoice', {\n  id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },\n  number: { type: DataTypes.STRING(20), allowNull: false },\n  userId: { type: DataTypes.INTEGER, references: { model: 'users', key: 'id' } },\n  paid: DataTypes.BOOLEAN,\n});\napp.use(express.json());\n```\n",
            &expect![[r#"
                3 schema-call  entity User
                4 schema-call  field User.email string required unique
                5 schema-call  field User.name string
                6 schema-call  field User.role string optional default user [admin | user]
                7 schema-call  field User.team required -> Team
                8 schema-call  relationship User 1:N User
                9 schema-call  field User.address object
                11 schema-call  entity Team
                11 schema-call  field Team.title string
                12 schema-call  entity Invoice
                13 schema-call  field Invoice.id integer primary key required
                14 schema-call  field Invoice.number string(20) required
                15 schema-call  field Invoice.userId integer optional -> users.id
                16 schema-call  field Invoice.paid boolean
            "#]],
        );
    }

    #[test]
    fn limits_of_validators() {
        check(
            "```typescript\nexport const Guest = z.object({\n  id: z.string().uuid(),\n  age: z.number().int().min(18).max(120),\n  fee: z.number().positive(),\n  code: z.string().regex(/^[A-Z]{3}$/),\n  pin: z.string().length(4),\n  born: z.date(),\n});\n```\n",
            &expect![[r#"
                2 schema-call  entity Guest
                3 schema-call  field Guest.id uuid required
                4 schema-call  field Guest.age integer required {>= 18} {<= 120}
                5 schema-call  field Guest.fee number required {> 0}
                6 schema-call  field Guest.code string required {CHECK (code ~ '^[A-Z]{3}$')}
                7 schema-call  field Guest.pin string required {CHECK (char_length(pin) = 4)}
                8 schema-call  field Guest.born timestamptz required
            "#]],
        );
    }

    #[test]
    fn conditions_of_a_drizzle_table() {
        check(
            "```ts\nexport const halls = pgTable('halls', {\n  id: uuid('id').primaryKey(),\n  price: integer('price').notNull(),\n}, (t) => [\n  check('price_positive', sql`${t.price} > 0`),\n  check('other', other(t.price)),\n]);\n```\n",
            &expect![[r#"
                2 schema-call  entity halls table halls
                3 schema-call  field halls.id uuid primary key required
                4 schema-call  field halls.price integer required
                6 schema-call  rule halls: CHECK (price > 0)
            "#]],
        );
    }
}
