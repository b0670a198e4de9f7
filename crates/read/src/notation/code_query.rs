//! Queries in application code: LINQ chains, Prisma and Mongo calls, and the names of methods of
//! repositories such as `findByEmailAndStatus` or `list_orders_for_user`.

use underpin_base::Phrases;

use crate::document::{BlockKind, Code, Document};
use crate::notation::Output;
use crate::query_phrase::{self, Place};
use crate::words::lower_words;
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, WriteForm};

pub(super) const DOC: &str =
    "LINQ, Prisma and Mongo queries, and repository methods such as `findByEmail`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let BlockKind::Code(code) = &block.kind else { continue };
        if !is_code(&code.language) {
            continue;
        }
        let heading = block.section.map_or("", |section| document.title(section));
        let name = document.lead(index).unwrap_or(heading).to_owned();
        let mut start = 0;
        for (at, _) in code.text.match_indices(';').chain(std::iter::once((code.text.len(), ""))) {
            let text = &code.text[start..at];
            if let Some(mut pattern) = chain(text, out).or_else(|| call(text, out)) {
                let words = crate::entity_name::strip_numbering(&name);
                pattern.name =
                    if words.is_empty() { pattern.name } else { query_phrase::short(words) };
                state(document, code, start..at, pattern, out);
            }
            start = (at + 1).min(code.text.len());
        }
        let mut owner: Option<String> = None;
        for (line, range) in code.lines() {
            if let Some(entity) = repository(line, out) {
                owner = Some(entity);
            }
            if let Some(pattern) = method(line, owner.as_deref(), out) {
                state(document, code, range, pattern, out);
            }
        }
    }
}

pub(super) fn is_code(language: &str) -> bool {
    matches!(
        language,
        "csharp"
            | "cs"
            | "c#"
            | "java"
            | "kotlin"
            | "ts"
            | "typescript"
            | "js"
            | "javascript"
            | "python"
            | "py"
            | "go"
            | "rust"
            | "tsx"
            | "scala"
            | "swift"
            | "php"
            | "ruby"
    )
}

fn state(
    document: &Document<'_>,
    code: &Code,
    range: std::ops::Range<usize>,
    pattern: PatternFact,
    out: &mut Output,
) {
    let lead = code.text[range.clone()].len() - code.text[range.clone()].trim_start().len();
    let span = document.code_span(code, range.start + lead..range.end);
    out.infer(document, span, Fact::AccessPattern(pattern), "the code asks for it");
}

/// `context.Orders.Where(o => o.Status == s).OrderByDescending(o => o.At).Take(20)`.
fn chain(text: &str, out: &Output) -> Option<PatternFact> {
    const ASKS: [&str; 9] = [
        ".Where(",
        ".FirstOrDefault",
        ".SingleOrDefault",
        ".FirstAsync(",
        ".SingleAsync(",
        ".AnyAsync(",
        ".CountAsync(",
        ".Any(",
        ".Count(",
    ];
    let first = ASKS.iter().filter_map(|ask| text.place_of(ask)).min()?;
    // The set's name stands before the first call, with calls like Include between.
    let entity = text[..first].split('.').rev().find_map(|part| {
        let part = part.trim().split(['(', '<']).next().unwrap_or_default().trim();
        (!part.contains(char::is_whitespace)).then(|| out.known.get(part)).flatten()
    })?;
    let mut pattern = query_phrase::empty(&format!("list {entity}"), AccessKind::Read);
    pattern.entity = Some(entity.to_owned());
    for (at, _) in text.match_indices("=>") {
        let Some((front, variable)) = text[..at].trim_end().rsplit_once('(') else { continue };
        let called = front.rsplit('.').next().unwrap_or_default().trim();
        let body = body(&text[at + 2..]);
        let member = format!("{}.", variable.trim());
        if variable.trim().is_empty() || !body.contains(&member) {
            continue;
        }
        if let Some(direction) =
            called.strip_prefix("OrderBy").or_else(|| called.strip_prefix("ThenBy"))
        {
            let field = identifier(body.trim_start().strip_prefix(&member)?);
            pattern.sort.push(if direction == "Descending" {
                format!("{field} desc")
            } else {
                field.to_owned()
            });
        } else if ASKS.iter().any(|ask| called.starts_with(ask.trim_matches(['.', '(']))) {
            conditions(body, &member, &mut pattern.filter);
        }
    }
    let take = text.find(".Take(").map(|at| identifier(&text[at + 6..]));
    pattern.limit = take.and_then(|rows| rows.parse().ok());
    (!pattern.filter.is_empty()).then_some(pattern)
}

/// The expression up to the bracket that closes its call.
pub(super) fn body(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' if depth == 0 => return &text[..at],
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    text
}

fn identifier(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())]
}

fn conditions(body: &str, member: &str, filter: &mut Vec<FilterFact>) {
    for part in body.split("&&") {
        let Some(at) = part.find(member) else { continue };
        let field = identifier(&part[at + member.len()..]);
        let rest = part[at + member.len() + field.len()..].trim_start();
        let value = rest.trim_start_matches(['=', '!', '<', '>', ' ']);
        let operator = if part[..at].trim_end().ends_with('!') {
            FilterOperator::Constant("false".to_owned())
        } else if rest.starts_with("==") && value.starts_with("null") {
            FilterOperator::IsNull
        } else if rest.starts_with("!=") && value.starts_with("null") {
            FilterOperator::IsPresent
        } else if rest.starts_with("==") {
            constant(value).map_or(FilterOperator::Equals, FilterOperator::Constant)
        } else if rest.starts_with(['<', '>']) {
            FilterOperator::Range
        } else if rest.is_empty() || rest.starts_with(')') {
            FilterOperator::Constant("true".to_owned())
        } else if rest.starts_with(".Contains") || rest.starts_with(".StartsWith") {
            FilterOperator::Search
        } else {
            continue;
        };
        push(FilterFact { field: field.to_owned(), operator, optional: false }, filter);
    }
}

/// A value that the code fixes: `"paid"`, `true`, `GameStatus.Active`.
fn constant(value: &str) -> Option<String> {
    let value = value.trim().trim_end_matches([',', ')']);
    if let Some(text) = value.strip_prefix(['"', '\'']) {
        return text.split(['"', '\'']).next().map(str::to_owned);
    }
    if matches!(value, "true" | "false") {
        return Some(value.to_owned());
    }
    let (class, member) = value.split_once('.')?;
    let names = |text: &str| text.starts_with(char::is_uppercase) && identifier(text) == text;
    (names(class) && names(member)).then(|| member.to_owned())
}

pub(super) fn push(filter: FilterFact, filters: &mut Vec<FilterFact>) {
    if !filters.iter().any(|known| known.field == filter.field) {
        filters.push(filter);
    }
}

/// `prisma.order.findMany({ where: { userId }, orderBy: { createdAt: 'desc' }, take: 20 })`,
/// `Order.find({ userId })`, `db.orders.findOne({ _id })`.
fn call(text: &str, out: &Output) -> Option<PatternFact> {
    const READS: &[&str] = &[
        ".findMany(",
        ".findUnique(",
        ".findFirst(",
        ".findUniqueOrThrow(",
        ".findFirstOrThrow(",
        ".findOne(",
        ".find(",
        ".findAll(",
        ".count(",
        ".groupBy(",
    ];
    const WRITES: &[&str] =
        &[".update(", ".updateMany(", ".delete(", ".deleteMany(", ".updateOne(", ".deleteOne("];
    let kinds = [(READS, AccessKind::Read), (WRITES, AccessKind::Write)];
    let calls = kinds.iter().flat_map(|(calls, kind)| calls.iter().map(move |call| (call, *kind)));
    let (at, ask, kind) = calls
        .filter_map(|(call, kind)| Some((text.find(call)?, call, kind)))
        .min_by_key(|(at, ..)| *at)?;
    let set = text[..at].rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    let entity = out
        .known
        .get(set)
        .or_else(|| out.known.get(set.trim_end_matches("Repository").trim_end_matches("Model")))?;
    let arguments = body(&text[at + ask.len()..]).trim();
    let inside = body(arguments.strip_prefix('{')?);
    let entries = entries(inside);
    let of = |key: &str| entries.iter().find(|(name, _)| *name == key).map(|&(_, value)| value);
    let verb = match kind {
        AccessKind::Read => "list",
        AccessKind::Write => "change",
    };
    let mut pattern = query_phrase::empty(&format!("{verb} {entity}"), kind);
    pattern.entity = Some(entity.to_owned());
    pattern.form = (kind == AccessKind::Write)
        .then(|| if ask.starts_with(".delete") { WriteForm::Delete } else { WriteForm::Change });
    let is_options = of("where").is_some()
        || of("orderBy").is_some()
        || of("order").is_some()
        || of("take").is_some()
        || of("by").is_some()
        || of("include").is_some()
        || of("select").is_some();
    let wanted = match of("where") {
        Some(wanted) => braces(wanted)?,
        None if is_options => "",
        None => inside,
    };
    let wanted = self::entries(wanted);
    let any_of = wanted.iter().filter(|(name, _)| matches!(*name, "OR" | "AND"));
    let any_of: Vec<(&str, &str)> = any_of
        .flat_map(|(_, list)| crate::words::split_top(body(list.trim_start_matches('[')), &[',']))
        .filter_map(braces)
        .flat_map(self::entries)
        .collect();
    // A row needs only one of those.
    let wanted = wanted.into_iter().map(|entry| (entry, false));
    for ((field, value), optional) in wanted.chain(any_of.into_iter().map(|entry| (entry, true))) {
        let field = if field == "_id" { "id" } else { field };
        if field.is_empty() || field.starts_with('$') || field.chars().all(char::is_uppercase) {
            continue;
        }
        let inner = braces(value).unwrap_or_default();
        let has = |words: &[&str]| words.iter().any(|word| inner.contains(word));
        let operator = if has(&["gte", "lte", "gt:", "lt:", "$gt", "$lt"]) {
            FilterOperator::Range
        } else if has(&["in:", "$in"]) {
            FilterOperator::In
        } else if has(&["contains", "$regex", "startsWith", "search"]) {
            FilterOperator::Search
        } else if value == "null" {
            FilterOperator::IsNull
        } else {
            constant(value).map_or(FilterOperator::Equals, FilterOperator::Constant)
        };
        push(FilterFact { field: field.to_owned(), operator, optional }, &mut pattern.filter);
    }
    for key in ["orderBy", "order"] {
        for (field, direction) in of(key).and_then(braces).map(self::entries).unwrap_or_default() {
            let descends = direction.to_lowercase().contains("desc");
            pattern.sort.push(if descends { format!("{field} desc") } else { field.to_owned() });
        }
    }
    pattern.limit = of("take").and_then(|rows| rows.parse().ok());
    (!pattern.filter.is_empty() || !pattern.sort.is_empty()).then_some(pattern)
}

fn braces(text: &str) -> Option<&str> {
    let text = text.trim().trim_start_matches('[').trim_start();
    text.strip_prefix('{').map(body)
}

/// The entries of an object; a name alone is its own value.
fn entries(text: &str) -> Vec<(&str, &str)> {
    crate::words::split_top(text, &[',', '\n'])
        .into_iter()
        .map(|entry| {
            let (name, value) = entry.split_once(':').unwrap_or((entry, entry));
            (name.trim().trim_matches(['"', '\'']), value.trim())
        })
        .filter(|(name, _)| {
            !name.is_empty() && identifier(name).len() == name.trim_start_matches('$').len()
        })
        .collect()
}

/// `interface OrderRepository`, `class IOrderRepository`, `trait Orders`.
fn repository(line: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| {
        matches!(*word, "interface" | "class" | "trait" | "protocol" | "struct")
    })?;
    let name = identifier(words.get(at + 1)?);
    let endings = ["Repository", "Repo", "Store", "Dao", "DAO", "Service", "Queries"];
    let bare = endings.iter().find_map(|ending| name.strip_suffix(ending))?;
    let known = |name: &str| out.known.get(name).map(str::to_owned);
    known(bare).or_else(|| bare.strip_prefix('I').and_then(known))
}

/// A method that is declared, not called: its name says what it asks for.
fn method(line: &str, owner: Option<&str>, out: &Output) -> Option<PatternFact> {
    let open = line.find('(')?;
    let front = &line[..open];
    let front = match front.strip_suffix('>') {
        Some(generic) => generic.rsplit_once('<')?.0,
        None => front,
    };
    let name = front.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    let before = front[..front.len() - name.len()].trim_end();
    if before.ends_with(['.', '=', '(', '>', '@'])
        && !before.ends_with("Task>")
        && !before.ends_with('>')
        || before.ends_with("await")
        || before.ends_with("return")
    {
        return None;
    }
    let name = name.trim_end_matches("Async").trim_end_matches('_');
    let words = split(name);
    let verb = words.first()?.as_str();
    let marks = words.iter().skip(1).any(|word| matches!(word.as_str(), "by" | "for"));
    if !matches!(
        verb,
        "find"
            | "get"
            | "list"
            | "search"
            | "load"
            | "fetch"
            | "query"
            | "lookup"
            | "count"
            | "revoke"
            | "delete"
            | "remove"
            | "exists"
    ) || !marks
    {
        return None;
    }
    // Rows that are revoked by something are found by it first.
    let changes = matches!(verb, "revoke" | "delete" | "remove");
    let words: Vec<String> = match verb {
        "revoke" | "delete" | "remove" | "exists" => {
            std::iter::once("find".to_owned()).chain(words.iter().skip(1).cloned()).collect()
        }
        _ => words,
    };
    // A repository knows what it holds; elsewhere the name must say it.
    let text = words.join(" ");
    let place = Place { entity: owner.map(str::to_owned), actor: None };
    let mut pattern = query_phrase::read(&text, &place, out)?;
    if let Some(owner) = owner {
        let named = crate::notation::mentioned(&text, out);
        if !named.iter().any(|name| name == owner)
            && words.get(1).is_some_and(|word| matches!(word.as_str(), "by" | "all" | "for"))
        {
            pattern.entity = Some(owner.to_owned());
        }
    }
    if changes {
        pattern.kind = AccessKind::Write;
    }
    let means = lower_words(&text).len() >= 3 && !pattern.filter.is_empty();
    means.then_some(pattern)
}

/// The words of a camel or snake case name.
fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for character in name.chars() {
        if character == '_' {
            before = '_';
            continue;
        }
        if before == '_' || character.is_uppercase() && !before.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODEL: &str = "# User\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n";

    #[test]
    fn writes_and_any_of_several_conditions() {
        check(
            &format!(
                "{MODEL}# Queries\n```ts\nawait prisma.order.update({{ where: {{ id }}, data: {{ status: 'done' }} }});\nawait prisma.user.findMany({{ where: {{ deletedAt: null, OR: [{{ email: {{ contains: q }} }}, {{ name: {{ contains: q }} }}] }} }});\nawait prisma.order.create({{ data: {{ status }} }});\nlist.update(x);\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Order
                9 field-table  field Order.id int
                10 field-table  field Order.status text
                13 code-query  write "Queries" of Order by id = ? [inferred: the code asks for it]
                14 code-query  read "Queries" of User by deletedAt is null, email search if given, name search if given [inferred: the code asks for it]
            "#]],
        );
    }

    #[test]
    fn chains_and_calls() {
        check(
            &format!(
                "{MODEL}# Queries\n## Paid orders\n```csharp\nvar orders = await context.Orders\n    .Where(o => o.UserId == id && o.Status == OrderStatus.Paid && !o.IsGone && o.Total > 3)\n    .OrderByDescending(o => o.CreatedAt).Take(20).ToListAsync();\n```\n## Calls\n```ts\nconst orders = await prisma.order.findMany({{\n  where: {{ userId, status: 'PAID', createdAt: {{ gte: since }} }},\n  orderBy: {{ createdAt: 'desc' }},\n  take: 10,\n}});\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Order
                9 field-table  field Order.id int
                10 field-table  field Order.status text
                14 code-query  read "Paid orders" of Order by UserId = ?, Status = Paid, IsGone = false, Total range sorted CreatedAt desc limit 20 [inferred: the code asks for it]
                20 code-query  read "Calls" of Order by userId = ?, status = PAID, createdAt range sorted createdAt desc limit 10 [inferred: the code asks for it]
            "#]],
        );
    }

    #[test]
    fn methods_of_repositories() {
        check(
            &format!(
                "{MODEL}# Code\n```java\npublic interface OrderRepository {{\n  List<Order> findByStatusAndCreatedAt(Status s, Date d);\n  Task<User> GetUserByEmailAsync(string email);\n  void save(Order order);\n  Order parseForm(String text);\n  x = repo.findByOther(a);\n}}\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  field User.email text
                6 field-table  entity Order
                9 field-table  field Order.id int
                10 field-table  field Order.status text
                14 code-query  read "find by status and created at" of Order by status = ?, created = ? [inferred: the code asks for it]
                15 code-query  read "get user by email" of User by email = ? [inferred: the code asks for it]
            "#]],
        );
    }
}
