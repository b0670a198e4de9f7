//! Queries as the functions that ask them are called: "`find_orders_by_status(status)`", "`getUserByEmail(email)`".

use crate::document::{BlockKind, Document, Item};
use crate::notation::Output;
use crate::query_phrase::{self, Place};
use crate::words::{
    code_spans, is_identifier, lower_words, name_words, parenthesized, split_top, unquote,
};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact};

pub(super) const DOC: &str = "Bullets that name the functions of a repository: \"`find_orders_by_status(status)`\", \"`getUserByEmail(email): User`\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let BlockKind::List(list) = &block.kind else { continue };
        let calls: Vec<(&Item, Call<'_>)> =
            list.items.iter().filter_map(|item| Some((item, call(&item.content.text)?))).collect();
        let title = block.section.map(|section| document.title(section));
        let named =
            [document.lead(index), title].into_iter().flatten().find_map(|it| stored(it, out));
        let owner = named.clone().or_else(|| out.entity_of(document, block.section));
        // One function may be named for any reason.
        if calls.len() < 2 && named.is_none() {
            continue;
        }
        for (item, call) in calls {
            if !out.is_open(document, item.content.range().start) {
                continue;
            }
            let above = item.parent.and_then(|it| stored(&list.items[it].content.text, out));
            let on = stored(call.on, out);
            let kept = on.or(above).or_else(|| owner.clone());
            let Some(pattern) = pattern(&call, kept, out) else {
                continue;
            };
            let span = document.span(item.content.range());
            out.infer(document, span, Fact::AccessPattern(pattern), "a function asks for it");
        }
    }
}

/// What a repository or a group of queries keeps: `OrderRepository`, "User queries".
fn stored(text: &str, out: &Output) -> Option<String> {
    const ENDS: &[&str] = &[
        "repository",
        "repositories",
        "repo",
        "dao",
        "queries",
        "store",
        "selectors",
        "methods",
        "finders",
        "operations",
        "reads",
    ];
    let text = text.trim().trim_matches(['*', '`', ':', ' ']);
    let words = name_words(text.trim_end_matches("()"));
    let (last, front) = words.split_last()?;
    if !ENDS.contains(&last.as_str()) || front.is_empty() || front.len() > 3 {
        return None;
    }
    out.known.get(&front.join(" ")).map(str::to_owned)
}

/// A function's name in words, and its parameters.
struct Call<'t> {
    words: Vec<String>,
    parameters: Vec<&'t str>,
    /// What it is called on: `OrderRepository`.
    on: &'t str,
}

/// The call that an item is, where its name begins with a verb that reads.
fn call(text: &str) -> Option<Call<'_>> {
    let said = code_spans(text)
        .into_iter()
        .next()
        .filter(|code| text.trim().starts_with(&format!("`{code}`")))?;
    let (name, inside, _) = parenthesized(said)?;
    let name = name.trim();
    let name = ["async ", "def ", "fn ", "func ", "public "]
        .iter()
        .find_map(|lead| name.strip_prefix(lead))
        .unwrap_or(name);
    let (on, name) = name.rsplit_once('.').unwrap_or(("", name));
    let words = name_words(name);
    let verb = words.first()?;
    let reads = query_phrase::is_read_verb(verb) && verb != "check";
    if !is_identifier(name) || !reads || words.len() > 9 {
        return None;
    }
    Some(Call { words, parameters: split_top(inside, &[',']), on })
}

/// The parameters that may be conditions: their names, and the number that one fixes.
fn parameters(call: &Call<'_>) -> (Vec<String>, Option<u32>) {
    const OTHERS: &[&str] = &[
        "self",
        "db",
        "session",
        "conn",
        "connection",
        "tx",
        "ctx",
        "context",
        "page",
        "offset",
        "limit",
        "cursor",
        "pagination",
        "options",
        "opts",
        "size",
        "per_page",
        "pageable",
        "skip",
        "take",
        "client",
        "filters",
        "params",
    ];
    let mut limit = None;
    let mut names = Vec::new();
    for part in &call.parameters {
        let (name, default) = part.split_once('=').unwrap_or((part, ""));
        let name = name.split(':').next().unwrap_or_default().trim().trim_end_matches('?');
        // "UUID id" writes the type first.
        let name = unquote(name.rsplit(' ').next().unwrap_or_default());
        if lower_words(name).concat() == "limit" {
            limit = default.trim().parse().ok();
        }
        if is_identifier(name) && !OTHERS.contains(&name.to_lowercase().as_str()) {
            names.push(name.to_owned());
        }
    }
    (names, limit)
}

/// The query that a function asks, of the entity that its name or its repository names.
fn pattern(call: &Call<'_>, owner: Option<String>, out: &Output) -> Option<PatternFact> {
    let by = call.words.iter().position(|word| word == "by");
    let end = by.unwrap_or(call.words.len());
    let head = &call.words[1..end];
    let head: Vec<&str> = head
        .iter()
        .map(String::as_str)
        .filter(|word| {
            !matches!(*word, "all" | "one" | "many" | "first" | "or" | "404" | "queryset" | "the")
        })
        .collect();
    let (names, limit) = parameters(call);
    let phrase = if head.is_empty() {
        String::new()
    } else {
        format!("{} {}", call.words[0], head.join(" "))
    };
    let place = Place { entity: owner.clone(), actor: None };
    let mut pattern = match phrase.as_str() {
        "" => query_phrase::empty("", AccessKind::Read),
        phrase => query_phrase::read(phrase, &place, out)?,
    };
    pattern.entity = pattern.entity.or(owner);
    let entity = pattern.entity.clone()?;
    let conditions: Vec<String> = match by {
        Some(at) => {
            call.words[at + 1..].split(|word| word == "and").map(|it| it.join("_")).collect()
        }
        None => Vec::new(),
    };
    let known = |name: &String| {
        let own = out.field(&entity, name).or_else(|| out.field(&entity, &format!("{name}_id")));
        own.map(str::to_owned)
    };
    for name in conditions.iter().chain(&names) {
        let Some(field) = known(name) else { continue };
        let is_new = pattern.filter.iter().all(|it| it.field != field && it.field != *name);
        if is_new {
            let operator = FilterOperator::Equals;
            pattern.filter.push(FilterFact { field, operator, optional: false });
        }
    }
    pattern.kind = AccessKind::Read;
    pattern.limit = pattern.limit.or(limit);
    pattern.name = call.words.join("_");
    pattern.said = None;
    let says = !pattern.filter.is_empty() || !pattern.measures.is_empty() || names.is_empty();
    says.then_some(pattern)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn functions_of_repositories() {
        check(
            "## Boat\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| name | text |\n| status | text |\n| yard_id | uuid |\n\n## BoatRepository\n\n- `find_by_name(name)`\n- `getBoatsByStatus(status: string, limit = 20): Boat[]`\n- `list_boats(yard_id)` - for the yard's page\n- `save(boat)`\n- `sendMail(to)`\n- `BoatRepository.listByYard(yardId)` in order of name\n\n## Helpers\n\n- `get_color(name)`\n",
            &expect![[r#"
                1 field-table  entity Boat
                5 field-table  field Boat.id uuid
                6 field-table  field Boat.name text
                7 field-table  field Boat.status text
                8 field-table  field Boat.yard_id uuid
                12 query-call  read "find_by_name" of Boat by name = ? [inferred: a function asks for it]
                13 query-call  read "get_boats_by_status" of Boat by status = ? limit 20 [inferred: a function asks for it]
                14 query-call  read "list_boats" of Boat by yard_id = ? [inferred: a function asks for it]
                17 query-call  read "list_by_yard" of Boat by yard_id = ? [inferred: a function asks for it]
            "#]],
        );
    }
}
