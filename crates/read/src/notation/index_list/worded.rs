//! Indexes that are wished for in words: "Order status", "Invoice due date (for reminders)", "Product name and SKU".

use crate::Fact;
use crate::IndexFact;
use crate::notation::Output;
use crate::words::{lower_words, parenthesized, split_top};

use super::item::{Asked, column_list, index_fact};
use super::owner::{only_thing, owner as owner_of};

/// The most words that name an entity and its fields.
const LONGEST: usize = 8;

/// The indexes of an item that is nothing but the name of an entity and those of its fields; of the place's own entity
/// where it names none.
pub(super) fn indexes(text: &str, owner: Option<&str>, out: &Output) -> Vec<Asked> {
    if text.contains(['`', ':']) {
        return Vec::new();
    }
    let (named, remark) = match parenthesized(text) {
        Some((before, inside, after)) if after.trim().trim_end_matches('.').is_empty() => {
            (before, inside)
        }
        Some(_) => return Vec::new(),
        None => (text, ""),
    };
    let (named, purpose) = match named.split_once(" for ") {
        Some((named, purpose)) => (named, Some(purpose.trim().trim_end_matches('.'))),
        None => (named, None),
    };
    let Some((entity, columns)) = fields(named.trim().trim_end_matches('.'), owner, out) else {
        return Vec::new();
    };
    let is_unique = lower_words(remark).iter().any(|word| word == "unique");
    if let (true, [only]) = (is_unique, columns.as_slice()) {
        let fact = index_fact(entity, vec![only.clone()], None, "unique", None, None);
        return vec![Asked::wish(fact, None)];
    }
    let purpose = purpose.or(Some(remark).filter(|it| !it.is_empty() && !is_unique));
    // Of "name and SKU (unique)" it is not said whether each is, or both together: that is told where keys are.
    let each: Vec<Vec<String>> = if is_unique {
        columns.into_iter().map(|column| vec![column]).collect()
    } else {
        vec![columns]
    };
    let index = |columns| {
        let fact = Fact::Index(IndexFact {
            entity: entity.clone(),
            name: None,
            columns,
            unique: false,
            method: None,
            purpose: purpose.map(str::to_owned),
        });
        Asked::wish(fact, purpose)
    };
    each.into_iter().map(index).collect()
}

/// Several indexes behind a colon, each with its columns in brackets or alone: "Frequent queries: (a, b), (b, c), d".
pub(super) fn groups(text: &str, owner: Option<&str>, out: &Output) -> Vec<Asked> {
    let Some((_, list)) = text.trim_end_matches('.').split_once(": ") else { return Vec::new() };
    let list = list.replace('`', "");
    let parts = split_top(&list, &[',']);
    let bracketed = parts.iter().filter(|it| it.trim().starts_with('(')).count();
    if bracketed < 2 {
        return Vec::new();
    }
    let mut last = owner.map(str::to_owned);
    let mut found = Vec::new();
    for part in parts {
        let part = part.trim();
        let inside = part.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
        let columns = column_list(inside.unwrap_or(part));
        let names: Vec<&str> = columns.iter().filter_map(|it| it.split(' ').next()).collect();
        let has_all = |it: &String| {
            !names.is_empty() && names.iter().all(|name| out.field(it, name).is_some())
        };
        let entity = last.clone().filter(has_all).or_else(|| owner_of(None, None, &names, out));
        let Some(entity) = entity.filter(has_all) else { return Vec::new() };
        last = Some(entity.clone());
        found.push(Asked::new(index_fact(entity, columns, None, "", None, None), None));
    }
    found
}

/// An index whose columns stand before the word: "`user_id` index", "(`user_id`, completed) composite index (B-tree)".
pub(super) fn before_index(text: &str, owner: Option<&str>, out: &Output) -> Option<Asked> {
    const SORTS: &[&str] =
        &["composite", "compound", "unique", "partial", "covering", "single", "column", "field"];
    let text = text.trim_end_matches('.').replace('`', "");
    let at = text.to_lowercase().find(" index")?;
    let behind = text[at + " index".len()..].trim_start_matches("es").trim();
    let is_whole = behind.is_empty() || behind.starts_with('(') && behind.ends_with(')');
    let mut front = text[..at].trim();
    let mut is_unique = false;
    while let Some((rest, last)) = front.rsplit_once(' ')
        && SORTS.contains(&last.to_lowercase().as_str())
    {
        is_unique |= last.eq_ignore_ascii_case("unique");
        front = rest.trim();
    }
    let inside = front.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let columns = column_list(inside.unwrap_or(front));
    let count = inside.map_or(1, |inside| inside.split(',').count());
    let names: Vec<&str> = columns.iter().filter_map(|it| it.split(' ').next()).collect();
    let found = || owner_of(None, None, &names, out).or_else(|| only_thing(out));
    let entity = owner.map(str::to_owned).or_else(found)?;
    let are_fields = names.iter().all(|name| out.field(&entity, name).is_some());
    let kind = if is_unique { "unique" } else { "" };
    (is_whole && !columns.is_empty() && columns.len() == count && are_fields)
        .then(|| Asked::new(index_fact(entity, columns, None, kind, None, None), None))
}

/// The entity and its fields, where the words name nothing else.
fn fields(text: &str, owner: Option<&str>, out: &Output) -> Option<(String, Vec<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > LONGEST {
        return None;
    }
    let own = (1..words.len()).rev().find_map(|count| {
        let entity = out.known.get(&words[..count].join(" "))?;
        Some((entity.to_owned(), columns(entity, &words[count..].join(" "), out)?))
    });
    own.or_else(|| Some((owner?.to_owned(), columns(owner?, text, out)?)))
}

fn columns(entity: &str, text: &str, out: &Output) -> Option<Vec<String>> {
    let parts = text.split(',').flat_map(|part| part.split(" and ")).flat_map(|it| it.split('+'));
    let field = |part: &str| {
        let part = part.trim();
        let part = part.strip_prefix("and ").unwrap_or(part);
        let singular = || out.field(entity, part.strip_suffix('s')?);
        out.field(entity, part).or_else(singular).map(str::to_owned)
    };
    parts.map(field).collect()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn entities_with_their_fields() {
        check(
            "## Stay\n\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n| status | text |\n| arrivalDate | date |\n\n## Room type\n\n| Field | Type |\n|-|-|\n| id | int |\n| name | text |\n| code | text |\n\n## Indexes\n\nRecommended indexes for performance:\n- Stay email (unique)\n- Stay status\n- Stay status and arrival date for the desk's lists\n- Room type name and code (unique)\n",
            &expect![[r#"
                1 field-table  entity Stay
                5 field-table  field Stay.id int
                6 field-table  field Stay.email text
                7 field-table  field Stay.status text
                8 field-table  field Stay.arrivalDate date
                10 field-table  entity Room type
                14 field-table  field Room type.id int
                15 field-table  field Room type.name text
                16 field-table  field Room type.code text
                21 index-list  unique Stay (email)
                22 index-list  index on Stay (status)
                23 index-list  read "the desk's lists" of Stay by status = ?, arrivalDate range [inferred: an index is asked for with its use]
                23 index-list  index on Stay (status, arrivalDate) -- the desk's lists
                24 index-list  index on Room type (name)
                24 index-list  index on Room type (code)
            "#]],
        );
    }

    #[test]
    fn neither_advice_nor_fields_of_nobody() {
        check(
            "## Stay\n\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n\n## Indexes\n\n- Date fields for reporting\n- Stay color\n- Stay status changes\n- Review them every year\n\n## Notes\n\n- Stay status\n",
            &expect![[r#"
                1 field-table  entity Stay
                5 field-table  field Stay.id int
                6 field-table  field Stay.status text
            "#]],
        );
    }
}
