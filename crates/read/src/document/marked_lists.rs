//! Lists of fields that are such by their form: under several headings, each item of a list begins with a name that is set
//! off in italics, in bold or as code, in small letters, and what stands behind it is said of fields: "*code*: unique, up
//! to 6 letters".
//!
//! One such list may be anything. Several under headings beside each other are how somebody wrote the data down.

use std::collections::{BTreeMap, BTreeSet};

use super::{BlockKind, Document, List};
use crate::notation::has_field_marks;
use crate::words::{fold, lower_words};

/// So many headings with such lists are needed.
const SECTIONS: usize = 3;

/// The bytes of `**`.
const LONGEST_MARK: usize = 2;

/// The lists of a document that are fields by their form.
#[derive(Debug, Default)]
pub(super) struct MarkedLists {
    /// Their blocks.
    pub(super) blocks: BTreeSet<usize>,
    /// The sections that they stand in, by folded heading.
    pub(super) sections: BTreeMap<String, usize>,
}

pub(super) fn of(document: &Document<'_>) -> MarkedLists {
    let mut found = MarkedLists::default();
    let mut names: Vec<(String, bool)> = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let (BlockKind::List(list), Some(section)) = (&block.kind, block.section) else { continue };
        let Some(items) = marked(document, list) else { continue };
        found.blocks.insert(at);
        found.sections.entry(fold(document.title(section))).or_insert(section);
        names.extend(items);
    }
    // A name alone says nothing, but that of another heading refers to it.
    let is_field =
        |(name, has_marks): &&(String, bool)| *has_marks || found.sections.contains_key(name);
    let signs = names.iter().filter(is_field).count();
    let is_form = found.sections.len() >= SECTIONS && signs * 2 >= names.len();
    if is_form { found } else { MarkedLists::default() }
}

/// The names that the items of a list begin with, and whether what stands behind each is said of fields; nothing where an
/// item has another form.
fn marked(document: &Document<'_>, list: &List) -> Option<Vec<(String, bool)>> {
    let mut names = Vec::new();
    for item in &list.items {
        if item.depth > 0 || item.has_children {
            return None;
        }
        let line = item.content.lines.first()?;
        // Where the words begin or end with a mark, their place may do so without it.
        let whole = document.line_up_to(line.range.start, line.range.end + LONGEST_MARK);
        let raw = whole.lines().next().unwrap_or_default().trim_start();
        let signs = ["- ", "* ", "+ "];
        let raw = signs.iter().find_map(|sign| raw.strip_prefix(sign)).unwrap_or(raw).trim_start();
        let (first, mut rest) = name(raw)?;
        names.push((fold(first), has_field_marks(item.content.text.trim())));
        // "*starts at*, *ends at*"
        while let Some(next) = rest.trim_start().strip_prefix(',').map(str::trim_start) {
            let Some((next, behind)) = name(next) else { break };
            names.push((fold(next), false));
            rest = behind;
        }
        let rest = rest.trim();
        if !(rest.is_empty() || rest.starts_with([':', '('])) {
            return None;
        }
    }
    (!names.is_empty()).then_some(names)
}

/// A name of up to four words in small letters that is set off, and what follows it.
fn name(raw: &str) -> Option<(&str, &str)> {
    const MARKS: [&str; 5] = ["**", "__", "`", "*", "_"];
    let mark = MARKS.into_iter().find(|mark| raw.starts_with(mark))?;
    let (name, rest) = raw[mark.len()..].split_once(mark)?;
    let is_name = name.starts_with(|c: char| c.is_lowercase())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        && lower_words(name).len() <= 4;
    is_name.then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lists_of_the_same_form_under_several_headings() {
        check(
            "# Clinic\n\n## People\n\n### Keeper\n\nWho keeps animals.\n\n- *keeper number*: exactly eight digits, unique\n- *full name*: up to 120 characters\n- *birth date*\n\n### Animal\n\n- *keeper*\n- *kind*: `cat`, `dog` or `horse`; `dog` by default\n- *starts at*, *ends at*\n\n## Work\n\n### Visit\n\n- *animal*\n- *seen at*: now by default\n",
            &expect![[r#"
                5 bullet-fields  entity Keeper -- Who keeps animals.
                7 prose-rule-sentence  rule *: Who keeps animals [inferred: its words bind, and it is a rule where fields give it a meaning]
                9 bullet-fields  field Keeper.keeper number unique -- exactly eight digits, unique
                10 bullet-fields  field Keeper.full name {up to 120 characters} -- up to 120 characters
                11 bullet-fields  field Keeper.birth date
                13 bullet-fields  entity Animal
                15 bullet-fields  field Animal.keeper -> Keeper
                16 bullet-fields  field Animal.kind default dog [cat | dog | horse] -- `cat`, `dog` or `horse`; `dog` by default
                17 bullet-fields  field Animal.starts at
                17 bullet-fields  field Animal.ends at
                21 bullet-fields  entity Visit
                23 bullet-fields  field Visit.animal -> Animal
                24 bullet-fields  field Visit.seen at default now -- now by default
            "#]],
        );
    }

    #[test]
    fn lists_of_deeds_and_qualities_are_no_fields() {
        check(
            "# Shop\n\n## Search\n\n- *fast*: answers come at once\n- *fuzzy*: slips of the pen are forgiven\n\n## Basket\n\n- *lasting*: nothing is lost over night\n\n## Pay\n\n- *safe*: we never see a card\n\n## Mail\n\n- *short*: one screen\n",
            &expect![[r#"
                8 prose-entities  candidate Basket -- Basket
            "#]],
        );
    }
}
