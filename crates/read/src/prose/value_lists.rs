//! Values that stand below the words for them: bullets or a table under "Visit statuses", items below the item
//! "Visit types:".

use std::ops::Range;

use super::clause::topic;
use super::lexicon;
use super::resolve;
use super::tag::tag;
use super::values::{is_enumerable, listed};
use crate::document::{BlockKind, Document, Inline, List, Table};
use crate::notation::Output;
use crate::words::{lower_words, split_once_any};
use crate::{Fact, FieldFact};

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let section = block.section;
        let lead = document.lead(index);
        let label = || lead.or_else(|| section.map(|it| topic(document.title(it))));
        match &block.kind {
            BlockKind::List(list) => {
                if let Some(label) = label() {
                    let items = || list.items.iter().filter(|item| item.depth == 0);
                    let contents: Vec<&Inline> = items().map(|item| &item.content).collect();
                    let is_flat = items().all(|item| !item.has_children);
                    if is_flat {
                        below(document, section, (label, lead.is_some()), &contents, out);
                    }
                }
                nested(document, section, list, out);
            }
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                if let Some(label) = label() {
                    tabled(document, section, label, (table, &block.range), out);
                }
            }
            BlockKind::Table(_) | BlockKind::Paragraph(_) | BlockKind::Code(_) => {}
        }
    }
}

/// "Visit types:" as an item, with the types as items below it.
fn nested(document: &Document<'_>, section: Option<usize>, list: &List, out: &mut Output) {
    for (at, item) in list.items.iter().enumerate().filter(|(_, item)| item.has_children) {
        let children: Vec<&Inline> = list
            .items
            .iter()
            .filter(|child| child.parent == Some(at))
            .map(|child| &child.content)
            .collect();
        let label = item.content.text.trim().trim_end_matches(':').trim();
        below(document, section, (label, true), &children, out);
    }
}

/// "Loan status:" over its values; a heading over them must say outright that they are values.
fn below(
    document: &Document<'_>,
    section: Option<usize>,
    (label, is_lead): (&str, bool),
    items: &[&Inline],
    out: &mut Output,
) {
    let names: Option<Vec<&str>> = items.iter().map(|item| value(item)).collect();
    let Some(names) = names.filter(|names| names.len() >= 2) else { return };
    let words = lower_words(label);
    if words.len() > 8 || !words.last().is_some_and(|word| ends_label(word)) {
        return;
    }
    let titled = || {
        let title = section.filter(|_| is_lead).map(|it| topic(document.title(it)))?;
        super::titled::noun(title)
    };
    let found = {
        let text = format!("{}: {}", leading(label), names.join(", "));
        listed(&text, &tag(&text), titled)
    };
    let Some(found) = found.filter(|found| found.values.len() == names.len()) else { return };
    // A level may be that of a heading, and states are told with what leads to them.
    if matches!(found.property.as_str(), "level" | "state") {
        return;
    }
    let Some(owner) = resolve(&found.owner, out) else { return };
    let Some(first) = items.first().map(|item| item.range()) else { return };
    let is_taken = out.choices_of(&owner).any(|(field, _)| field == found.property);
    if out.is_open(document, first.start) && !is_taken && !out.prose.is_described(&owner) {
        let (name, enum_values) = (found.property, found.values);
        let field = FieldFact { name, enum_values, ..FieldFact::default() };
        out.state(document, document.span(first), Fact::Field { entity: owner, field });
    }
}

/// "Visit statuses", "the visit status can be", "a visit has one of the following types".
fn ends_label(word: &str) -> bool {
    is_enumerable(word) || matches!(word, "be" | "values" | "following" | "are" | "is")
}

/// What the label is about, in the words that lead to values in one line.
fn leading(label: &str) -> String {
    let lower = label.to_lowercase();
    let marks =
        [" has one of the following ", " can have one of the following ", " has the following "];
    match marks.iter().find_map(|mark| Some((lower.find(mark)?, mark.len()))) {
        // "A visit has one of the following statuses".
        Some((at, length)) => {
            let owner = label[..at].split(' ').next_back().unwrap_or_default();
            let front = &label[..at];
            let owner = ["a ", "an ", "each ", "every ", "A ", "An ", "Each ", "Every "]
                .iter()
                .find_map(|article| front.strip_prefix(article))
                .unwrap_or(owner);
            format!("{owner} {}", &label[at + length..])
        }
        None => label.to_owned(),
    }
}

/// The value that an item names: "**Planned** - nobody came yet", "Planned".
fn value(item: &Inline) -> Option<&str> {
    let label = item.label.trim().trim_end_matches(':');
    let text = item.text.trim().trim_end_matches(['.', ';', ',']);
    let said = if label.is_empty() {
        let explained = split_once_any(text, &[": ", " - ", " – ", " — ", " ("]);
        explained.map_or(text, |(front, _)| front)
    } else {
        label
    };
    let said = said.trim().trim_matches('`');
    let first = tag(said.split(' ').next()?);
    // "View order status" is a deed.
    let is_deed = said.contains(' ')
        && first.first().is_some_and(|it| {
            it.is_verb_of(lexicon::MANAGE)
                || it.is_verb_of(lexicon::KEEP)
                || it
                    .is_any(&["view", "track", "show", "display", "see", "can", "search", "filter"])
        });
    let is_name = (1..=3).contains(&said.split_whitespace().count())
        && said.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    (is_name && !is_deed).then_some(said)
}

/// The rows of a table of states: "| Status | Meaning |" under "Visit status".
fn tabled(
    document: &Document<'_>,
    section: Option<usize>,
    label: &str,
    (table, range): (&Table, &Range<usize>),
    out: &mut Output,
) {
    let header: Vec<String> =
        table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
    let is_of_values = header.first().is_some_and(|it| is_enumerable(it) || it == "value");
    let explains = header.get(1).is_some_and(|it| {
        ["meaning", "description", "definition", "explanation", "when", "trigger"]
            .iter()
            .any(|word| it.contains(word))
    });
    if !is_of_values || !explains {
        return;
    }
    let cells: Vec<&Inline> = table.rows.iter().filter_map(|row| row.cells.first()).collect();
    let label = if lower_words(label).last().is_some_and(|word| is_enumerable(word)) {
        label.to_owned()
    } else {
        format!("{label} {}", header[0])
    };
    let before = out.stated().count();
    below(document, section, (&label, true), &cells, out);
    if out.stated().count() > before {
        out.mark(document, range.clone(), crate::notation::Mark::Understood);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_lead() {
        assert_eq!(leading("A trip has one of the following statuses"), "trip statuses");
        assert_eq!(leading("Trip types"), "Trip types");
    }

    #[test]
    fn values_below_their_name() {
        crate::notation::check(
            "# Clinic\n\nStaff create, edit and delete trips. Each trip has a title and a date.\n\n## Trip Statuses\n\n- **Planned** - nobody came yet\n- **Open** - somebody came\n- **Closed** - all is done\n\n## More\n\n- Trip types:\n  - Short\n  - Long\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Trip
                3 prose-inline-fields  field Trip.title
                3 prose-inline-fields  field Trip.date
                7 prose-values  field Trip.status [Planned | Open | Closed]
                14 prose-values  field Trip.type [Short | Long]
            "#]],
        );
    }

    #[test]
    fn deeds_below_a_name_are_no_values() {
        crate::notation::check(
            "# Clinic\n\nStaff create, edit and delete trips. Each trip has a title and a date.\n\n## Trip Status\n\n- Track trip status\n- Update status\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Trip
                3 prose-inline-fields  field Trip.title
                3 prose-inline-fields  field Trip.date
                7 prose-inline-fields  field Trip.status [inferred: a sentence uses it]
            "#]],
        );
    }
}
