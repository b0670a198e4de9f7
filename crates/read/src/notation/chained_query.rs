//! Queries that a chain of calls builds, one call for each condition: Django's managers, `Visit.objects.filter(vet=vet)`,
//! and the clients of `PostgREST`, `client.from('visits').select('*').eq('vet_id', id)`.

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::code_query::{body, is_code, push};
use crate::query_phrase;
use crate::words::{is_identifier, split_top, unquote};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, WriteForm};

pub(super) const DOC: &str = "Queries in code that are chains of calls: `Visit.objects.filter(vet=vet).order_by('-starts_at')`, `.from('visits').select('*').eq('vet_id', id)`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let BlockKind::Code(code) = &block.kind else { continue };
        if !is_code(&code.language) {
            continue;
        }
        let heading = block.section.map_or("", |section| document.title(section));
        let name = document.lead(index).unwrap_or(heading);
        let name = crate::entity_name::strip_numbering(name).to_owned();
        for (from, to) in chains(&code.text) {
            let text = &code.text[from..to];
            let found =
                if text.contains(".objects.") { manager(text, out) } else { client(text, out) };
            let Some(mut pattern) = found else { continue };
            if !name.is_empty() {
                pattern.name = query_phrase::short(&name);
            }
            let span = document.code_span(code, from..to);
            out.infer(document, span, Fact::AccessPattern(pattern), "the code asks for it");
        }
    }
}

/// Where each chain begins and ends: at the next one, a semicolon, or an empty line.
fn chains(text: &str) -> Vec<(usize, usize)> {
    let mut starts: Vec<usize> = text
        .match_indices(".objects.")
        .map(|(at, _)| {
            let before = text[..at].rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
            before.map_or(0, |before| {
                before + text[before..].chars().next().map_or(1, char::len_utf8)
            })
        })
        .chain(text.match_indices(".from(").map(|(at, _)| at))
        .collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    let whole = starts.iter().copied().zip(ends).map(|(from, next)| {
        let chain = &text[from..next];
        let end = [";", "\n\n"].iter().filter_map(|mark| chain.find(mark)).min();
        (from, from + end.unwrap_or(chain.len()))
    });
    whole.map(|(from, to)| (from, from + text[from..to].trim_end().len())).collect()
}

/// The calls of a chain with what stands in their brackets.
fn calls(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('(') {
        let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next();
        let inside = body(behind);
        found.push((name.unwrap_or_default(), inside.trim()));
        rest = &behind[inside.len()..];
    }
    found
}

/// `Visit.objects.filter(vet=vet, starts_at__gte=now).order_by("-starts_at")`.
fn manager(text: &str, out: &Output) -> Option<PatternFact> {
    let entity = out.known.get(text.split('.').next()?)?.to_owned();
    let mut pattern = query_phrase::empty(&format!("list {entity}"), AccessKind::Read);
    for (call, inside) in calls(text) {
        match call {
            "filter" | "get" => {
                for argument in split_top(inside, &[',']) {
                    let Some((path, value)) = argument.split_once('=') else { continue };
                    let path = path.trim();
                    let (field, lookup) = path.split_once("__").unwrap_or((path, ""));
                    let operator = match lookup.rsplit("__").next().unwrap_or_default() {
                        "gt" | "gte" | "lt" | "lte" | "range" | "date" => FilterOperator::Range,
                        "in" => FilterOperator::In,
                        "contains" | "icontains" | "startswith" | "istartswith" | "search" => {
                            FilterOperator::Search
                        }
                        "isnull" => FilterOperator::IsNull,
                        _ => {
                            constant(value).map_or(FilterOperator::Equals, FilterOperator::Constant)
                        }
                    };
                    let field = if field == "pk" { "id" } else { field };
                    if is_identifier(field) {
                        let (field, optional) = (field.to_owned(), false);
                        push(FilterFact { field, operator, optional }, &mut pattern.filter);
                    }
                }
            }
            "order_by" => {
                for field in split_top(inside, &[',']).into_iter().map(|it| unquote(it.trim())) {
                    let down = field.strip_prefix('-');
                    pattern
                        .sort
                        .push(down.map_or(field.to_owned(), |field| format!("{field} desc")));
                }
            }
            "update" => writes(&mut pattern, WriteForm::Change),
            "delete" => writes(&mut pattern, WriteForm::Delete),
            _ => {}
        }
    }
    pattern.entity = Some(entity);
    (!pattern.filter.is_empty()).then_some(pattern)
}

fn writes(pattern: &mut PatternFact, form: WriteForm) {
    pattern.kind = AccessKind::Write;
    pattern.form = Some(form);
}

/// `.from('visits').select('*').eq('vet_id', id).order('starts_at', { ascending: false }).limit(20)`.
fn client(text: &str, out: &Output) -> Option<PatternFact> {
    let calls = calls(text);
    let (_, table) = calls.first()?;
    let quoted = table.starts_with(['\'', '"', '`']);
    let entity = out.known.get(unquote(table)).filter(|_| quoted)?.to_owned();
    let mut pattern = query_phrase::empty(&format!("list {entity}"), AccessKind::Read);
    for (call, inside) in &calls[1..] {
        let mut arguments = split_top(inside, &[',']).into_iter().map(str::trim);
        let Some(field) = arguments.next().map(unquote) else { continue };
        let value = arguments.next().unwrap_or_default();
        let operator = match *call {
            "eq" => constant(value).map_or(FilterOperator::Equals, FilterOperator::Constant),
            "in" => FilterOperator::In,
            "gt" | "gte" | "lt" | "lte" => FilterOperator::Range,
            "like" | "ilike" | "textSearch" => FilterOperator::Search,
            "is" if value == "null" => FilterOperator::IsNull,
            "order" => {
                let down = inside.replace(' ', "").contains("ascending:false");
                let way = if down { " desc" } else { "" };
                pattern.sort.push(format!("{field}{way}"));
                continue;
            }
            "limit" => {
                pattern.limit = field.parse().ok();
                continue;
            }
            "update" => {
                writes(&mut pattern, WriteForm::Change);
                continue;
            }
            "delete" => {
                writes(&mut pattern, WriteForm::Delete);
                continue;
            }
            _ => continue,
        };
        if is_identifier(field) {
            let (field, optional) = (field.to_owned(), false);
            push(FilterFact { field, operator, optional }, &mut pattern.filter);
        }
    }
    pattern.entity = Some(entity);
    (!pattern.filter.is_empty()).then_some(pattern)
}

/// A value that the code fixes.
fn constant(value: &str) -> Option<String> {
    let value = value.trim();
    match value {
        "true" | "True" => Some("true".to_owned()),
        "false" | "False" => Some("false".to_owned()),
        _ if value.starts_with(['\'', '"']) => Some(unquote(value).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODEL: &str =
        "## Visit\n\n- id: uuid\n- vet_id: uuid\n- state: text\n- starts_at: timestamp\n\n";

    #[test]
    fn chains_of_calls() {
        check(
            &format!(
                "{MODEL}## Queries\n\n### Day of a vet\n\n```python\nVisit.objects.filter(vet_id=vet.id, starts_at__gte=today).order_by(\"-starts_at\")\nVisit.objects.create(vet_id=1)\n```\n\n### Open visits\n\n```ts\nconst {{ data }} = await client\n  .from('visits')\n  .select('*')\n  .eq('vet_id', id)\n  .eq('state', 'open')\n  .order('starts_at', {{ ascending: false }})\n  .limit(20);\nArray.from(visits).filter(x);\n```\n"
            ),
            &expect![[r#"
                1 bullet-fields  entity Visit
                3 bullet-fields  field Visit.id uuid
                4 bullet-fields  field Visit.vet_id uuid
                5 bullet-fields  field Visit.state text
                6 bullet-fields  field Visit.starts_at timestamp
                13 chained-query  read "Day of a vet" of Visit by vet_id = ?, starts_at range sorted starts_at desc [inferred: the code asks for it]
                21 chained-query  read "Open visits" of Visit by vet_id = ?, state = open sorted starts_at desc limit 20 [inferred: the code asks for it]
            "#]],
        );
    }
}
