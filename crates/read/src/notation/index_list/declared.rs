//! Indexes that running text quotes as Prisma declares them: "`@@index([lab_id, starts_at])` (slots in time order)".

use crate::words::{parenthesized, split_top};

use super::item::{Asked, index_fact};

/// The indexes and keys that a text quotes, with what it says beside each that they serve.
pub(super) fn quoted(text: &str, owner: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("`@@") {
        let Some((code, behind)) = rest[at + 1..].split_once('`') else { break };
        let beside = behind.split("`@@").next().unwrap_or_default();
        found.extend(declared(code, owner, purpose(beside)));
        rest = behind;
    }
    found
}

fn declared(code: &str, owner: &str, purpose: Option<&str>) -> Option<Asked> {
    let (name, inside, "") = parenthesized(code)? else { return None };
    let listed = inside.trim_start_matches("fields:").trim().strip_prefix('[')?;
    let (listed, _) = listed.split_once(']')?;
    let columns: Vec<String> = split_top(listed, &[',']).into_iter().map(column).collect();
    let kind = match name {
        "@@index" => "",
        "@@unique" => "unique",
        _ => return None,
    };
    let said = purpose.map(str::to_owned);
    let fact = index_fact(owner.to_owned(), columns, None, kind, said, None);
    Some(Asked::new(fact, purpose))
}

/// `createdAt(sort: Desc)` with its order behind it.
fn column(text: &str) -> String {
    let (name, order) = text.split_once('(').unwrap_or((text, ""));
    let order = if order.to_lowercase().contains("desc") { " desc" } else { "" };
    format!("{}{order}", name.trim())
}

/// What stands in brackets or behind a dash right after the quotation.
fn purpose(beside: &str) -> Option<&str> {
    let beside = beside.trim_start();
    let said = match parenthesized(beside) {
        Some(("", inside, _)) => inside,
        Some(_) | None => {
            let said = beside.strip_prefix(['—', '–', '-'])?;
            said.split(". ").next().unwrap_or(said).trim_end_matches('.')
        }
    };
    Some(said.trim()).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn indexes_in_running_text() {
        check(
            "### Visit\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| vet_id | uuid |\n| owner_id | uuid |\n| starts_at | timestamp |\n\nRelation: `vet`. Index: `@@index([vet_id, starts_at])` (a vet's day in time order) and\n`@@index([owner_id])`.\n\nKey: `@@unique([vet_id, starts_at])` — one visit at a time. Nothing else.\n\n- `@@index([starts_at(sort: Desc)])` — newest visits first\n\n## Prisma\n\nWrite `@@index([fields])` and `@@map(\"x\")`.\n",
            &expect![[r#"
                1 field-table  entity Visit
                5 field-table  field Visit.id uuid
                6 field-table  field Visit.vet_id uuid
                7 field-table  field Visit.owner_id uuid
                8 field-table  field Visit.starts_at timestamp
                10 index-list  read "a vet's day in time order" of Visit by vet_id = ?, starts_at range [inferred: an index is asked for with its use]
                10 index-list  index on Visit (vet_id, starts_at) -- a vet's day in time order
                10 index-list  read "Visit by owner_id" of Visit by owner_id = ? [inferred: an index is asked for with its use]
                10 index-list  index on Visit (owner_id)
                13 index-list  read "one visit at a time" of Visit by vet_id = ?, starts_at range [inferred: an index is asked for with its use]
                13 index-list  unique Visit (vet_id, starts_at)
                15 index-list  read "newest visits first" of Visit by starts_at range [inferred: an index is asked for with its use]
                15 index-list  index on Visit (starts_at desc) -- newest visits first
            "#]],
        );
    }
}
