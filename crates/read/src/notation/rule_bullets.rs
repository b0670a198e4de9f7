//! Lists of rules: validation, constraints, invariants.

use underpin_base::Span;

use crate::document::{BlockKind, Document, Item};
use crate::notation::bullet_fields::key_item;
use crate::notation::{Output, mentioned};
use crate::words::{code_spans, is_identifier, lower_words, strip_prefix_ignoring_case};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str =
    "A list under a label or heading such as \"Rules\", \"Validation\" or \"Invariants\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let section_topic =
            block.section.is_some_and(|section| is_rule_topic(document.title(section)));
        let topic = match document.lead(index) {
            Some(lead) if is_rule_topic(lead) => true,
            // Another label under the heading makes its list something else.
            Some(lead) => section_topic && !crate::notation::bullet_fields::is_other_label(lead),
            None => section_topic,
        };
        let owner = out.entity_of(document, block.section);
        let title = block.section.map(|section| document.title(section));
        let are_keys = document.lead(index).or(title).is_some_and(is_unique_topic);
        match &block.kind {
            BlockKind::List(list) => {
                let mut under: Vec<bool> = Vec::with_capacity(list.items.len());
                let among_fields = owner.is_some() && are_fields(document, &list.items, out);
                for item in &list.items {
                    let text = item.content.text.as_str();
                    let inside = item.parent.map_or(topic, |parent| under[parent]);
                    let is_label = item.has_children || text.trim_end().ends_with(':');
                    let labels = is_label && is_rule_topic(text) && lower_words(text).len() <= 5;
                    let stops =
                        is_label && crate::notation::bullet_fields::is_other_label(text) && !labels;
                    under.push((inside || labels) && !stops);
                    let is_open = out.is_open(document, item.content.range().start);
                    let key = owner.as_deref().and_then(|owner| own_key(owner, text, out));
                    if let Some(key) = key.filter(|_| is_open && !item.has_children) {
                        out.state(document, document.span(item.content.range()), key);
                        continue;
                    }
                    if inside && !labels && are_keys && item.parent.is_none() && !binds(text) {
                        for said in each_unique(text) {
                            state(document, item, owner.as_deref(), &said, out);
                        }
                    } else if inside && !labels {
                        read_item(document, item, owner.as_deref(), out);
                    } else if let Some(rest) = labelled(item) {
                        state(document, item, owner.as_deref(), rest, out);
                    } else if among_fields && is_sentence(item) {
                        state(document, item, owner.as_deref(), text, out);
                    }
                }
            }
            // "**Constraints**: append-only — no update", and a sentence after the rules of states.
            BlockKind::Paragraph(inline) => {
                let label = inline.label.trim_end_matches(':');
                // "Unique constraint: (a, b)." in a line of its own.
                let key = owner.as_deref().and_then(|owner| own_key(owner, &inline.text, out));
                if let Some(key) = key.filter(|_| out.is_open(document, inline.range().start)) {
                    out.state(document, document.span(inline.range()), key);
                } else if is_rule_topic(label) {
                    let rest = inline.text[label.len().min(inline.text.len())..]
                        .trim_start_matches([':', ' ']);
                    if !rest.is_empty() && out.is_open(document, inline.range().start) {
                        let span = document.span(inline.range());
                        state_each(document, span, owner.as_deref(), rest, out);
                    }
                } else if requires(&inline.text) && owner.is_some() {
                    let span = document.span(inline.range());
                    state_each(document, span, owner.as_deref(), &inline.text, out);
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// The key in "Unique constraint: (a, b)", where its entity has all these fields.
fn own_key(owner: &str, text: &str, out: &Output) -> Option<Fact> {
    key_item(owner, text).filter(|key| {
        let (Fact::Unique { entity, fields, .. } | Fact::PrimaryKey { entity, fields }) = key
        else {
            return false;
        };
        fields.iter().all(|field| out.field(entity, field).is_some())
    })
}

/// Whether most items of a list were read as fields: what else stands among them is about the same thing.
fn are_fields(document: &Document<'_>, items: &[Item], out: &Output) -> bool {
    let read = items.iter().filter(|item| {
        item.content
            .lines
            .first()
            .is_some_and(|line| out.reader_at(document, line.range.start) == "bullet-fields")
    });
    read.count() * 2 > items.len()
}

/// "One offering of a course per term and year.": words that end as a sentence does.
fn is_sentence(item: &Item) -> bool {
    let text = item.content.text.trim();
    text.ends_with('.')
        && text.starts_with(char::is_uppercase)
        && (4..=30).contains(&lower_words(text).len())
}

/// "`a` is required when `status` is `b`" is a rule wherever it stands.
fn requires(text: &str) -> bool {
    text.starts_with('`')
        && (text.contains(" is required when ")
            || text.contains(" are required when ")
            || text.contains(" must be ")
            || text.contains(" must not "))
}

/// A bold label that says "Validation" in the item itself.
fn labelled(item: &Item) -> Option<&str> {
    let label = item.content.label.trim_end_matches(':');
    if label.is_empty() || !is_rule_topic(label) {
        let text = item.content.text.as_str();
        let is_check = text.trim_start_matches('`').starts_with("CHECK (");
        return (requires(text) || is_check).then_some(text);
    }
    let rest = item.content.text.get(label.len()..)?.trim_start_matches([':', ' ']);
    (!rest.is_empty()).then_some(rest)
}

pub(crate) fn is_rule_topic(text: &str) -> bool {
    let words = lower_words(text);
    words.len() <= 8
        && words.iter().any(|word| {
            matches!(
                word.as_str(),
                "rule"
                    | "rules"
                    | "validation"
                    | "validations"
                    | "constraint"
                    | "constraints"
                    | "invariant"
                    | "invariants"
                    | "checks"
                    | "integrity"
                    | "uniqueness"
            )
        })
        && !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "strategy" | "test" | "tests" | "testing" | "protocol" | "out" | "scope"
            )
        })
}

/// A heading that says of all its items that they are unique.
fn is_unique_topic(text: &str) -> bool {
    let words = lower_words(text);
    is_rule_topic(text) && words.iter().any(|word| matches!(&**word, "unique" | "uniqueness"))
}

/// "Product names and SKUs" under "Unique constraints": a sentence for each of the things. What stands in the singular is one key.
fn each_unique(item: &str) -> Vec<String> {
    let item = item.trim().trim_end_matches('.');
    let (item, scope) =
        item.split_once(" per ").map_or((item, None), |(item, it)| (item, Some(it)));
    let scope = scope.map_or_else(String::new, |scope| format!(" per {scope}"));
    let said = |subject: &str| format!("{subject} must be unique{scope}");
    let is_plural = |noun: &str| noun.ends_with('s') && !noun.ends_with("ss");
    if let Some((first, second)) = item.split_once(" and ")
        && is_plural(first)
        && is_plural(second)
        && let Some((owner, _)) = first.rsplit_once(' ')
        && !second.contains(' ')
    {
        return vec![said(first), said(&format!("{owner} {second}"))];
    }
    vec![said(item)]
}

fn read_item(document: &Document<'_>, item: &Item, owner: Option<&str>, out: &mut Output) {
    state(document, item, owner, item.content.text.as_str(), out);
}

fn state(document: &Document<'_>, item: &Item, owner: Option<&str>, text: &str, out: &mut Output) {
    let Some(first) = item.content.lines.first() else { return };
    if text.trim().is_empty() {
        return;
    }
    if !out.is_open(document, first.range.start) {
        // "Orders go draft → paid. A paid order cannot be deleted": what stands behind the steps is a rule.
        if out.reader_at(document, first.range.start) == "transition-sentence" {
            let span = document.span(item.content.range());
            let sentences = text.split(". ").skip(1);
            for said in sentences.filter(|it| binds(it) && !it.contains(['→', '>'])) {
                state_each(document, span, owner, said, out);
            }
        }
        return;
    }
    let span = document.span(item.content.range());
    // "Find a copy by its barcode" stands among rules, and is none.
    if out.has_query(span) && !binds(text) {
        return;
    }
    state_each(document, span, owner, text, out);
}

/// Whether a text says that something must be so, or must not.
fn binds(text: &str) -> bool {
    const BINDING: &[&str] =
        &["must", "cannot", "only", "never", "not", "no", "required", "unique", "shall"];
    lower_words(text).iter().any(|word| BINDING.contains(&word.as_str()))
}

/// States a rule; one that requires several fields is one rule for each of them.
fn state_each(
    document: &Document<'_>,
    span: Span,
    owner: Option<&str>,
    text: &str,
    out: &mut Output,
) {
    if let Some(fields) = unique_when_present(owner, text, out) {
        for (entity, name) in fields {
            let field = FieldFact {
                name,
                unique: Some(true),
                required: Some(false),
                ..FieldFact::default()
            };
            let reason = "what is unique when present may be absent";
            out.infer(document, span, Fact::Field { entity, field }, reason);
        }
        return;
    }
    if let Some((entity, names, required)) = presence(owner, text, out) {
        for name in names {
            let field = FieldFact { name, required: Some(required), ..FieldFact::default() };
            let entity = entity.to_owned();
            out.state(document, span, Fact::Field { entity, field });
        }
        return;
    }
    let each = one_for_each_field(text).unwrap_or_else(|| vec![text.to_owned()]);
    for text in each {
        let fact = fact(owner, &text, out);
        out.state(document, span, fact);
    }
}

/// "Title is required", "`a` and `b` are optional": the fields of the owner, and whether they must be
/// there. Under a condition it is a rule.
fn presence<'o>(
    owner: Option<&'o str>,
    text: &str,
    out: &Output,
) -> Option<(&'o str, Vec<String>, bool)> {
    let text = text.trim().trim_end_matches('.');
    let (subject, said) = text.rsplit_once(" is ").or_else(|| text.rsplit_once(" are "))?;
    let required = match said {
        "required" | "mandatory" | "always required" => true,
        "optional" | "nullable" => false,
        _ => return None,
    };
    let owner = owner?;
    let subject = subject.replace('`', "").replace(" and ", ", ");
    let field = |name: &str| {
        let name = name.trim();
        let name = strip_prefix_ignoring_case(name, "the ").unwrap_or(name);
        out.field(owner, name).map(str::to_owned)
    };
    let names: Option<Vec<String>> =
        subject.split(',').filter(|name| !name.trim().is_empty()).map(field).collect();
    Some((owner, names.filter(|names| !names.is_empty())?, required))
}

/// "`a` and `b` are unique when present": the fields, each with the entity that has it.
fn unique_when_present(
    owner: Option<&str>,
    text: &str,
    out: &Output,
) -> Option<Vec<(String, String)>> {
    let text = text.trim().trim_end_matches('.');
    let (subject, condition) =
        text.split_once(" are unique ").or_else(|| text.split_once(" is unique "))?;
    let when = condition.strip_prefix("when ").or_else(|| condition.strip_prefix("if "))?;
    let names = code_spans(subject);
    let says_present = matches!(when, "present" | "set" | "given" | "provided" | "not null");
    (says_present && !names.is_empty() && names_alone(subject, &names)).then_some(())?;
    names
        .into_iter()
        .map(|name| {
            let owner = owner.filter(|owner| out.field(owner, name).is_some());
            let entity = owner.or_else(|| out.only_owner_of(name))?;
            Some((entity.to_owned(), name.to_owned()))
        })
        .collect()
}

/// Whether a text is names in code and no more than what joins them.
fn names_alone(text: &str, names: &[&str]) -> bool {
    text.trim_start().starts_with('`')
        && text
            .split('`')
            .step_by(2)
            .all(|gap| matches!(gap.trim(), "" | "," | "and" | ", and" | "both" | "&" | "+"))
        && names.iter().all(|name| is_identifier(name))
}

/// "`a` and `b` are required when `c` is `d`" as one sentence for `a` and one for `b`: each is then
/// one constraint that can be named, and a table of required fields says the same.
fn one_for_each_field(text: &str) -> Option<Vec<String>> {
    let (subject, condition) = text.split_once(" are required when ")?;
    let names = code_spans(subject);
    (names.len() > 1 && names_alone(subject, &names)).then(|| {
        names.iter().map(|name| format!("`{name}` is required when {condition}")).collect()
    })
}

fn fact(owner: Option<&str>, text: &str, out: &Output) -> Fact {
    let text = text.trim().trim_end_matches('.');
    if let Some(owner) = owner {
        if let Some(fact) = key_item(owner, text) {
            return fact;
        }
    }
    // Without an owner, the entity that the rule speaks of first.
    let entity = owner.map(str::to_owned).or_else(|| mentioned(text, out).into_iter().next());
    let field = code_spans(text)
        .first()
        .filter(|code| {
            let is_known =
                entity.as_deref().is_some_and(|entity| out.field(entity, code).is_some());
            text.starts_with('`') && is_identifier(code) && is_known
        })
        .map(|code| (*code).to_owned());
    Fact::Rule { entity, field, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_stands_behind_steps_is_a_rule() {
        check(
            "# Order\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | text |\n\n# Rules\n\n\
             - Order states go draft → sent → paid. A paid order cannot be deleted.\n- Orders go draft → lost. Then they are gone.\n",
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.id uuid
                6 field-table  field Order.status text
                10 transition-sentence  transition Order: draft -> sent
                10 transition-sentence  transition Order: sent -> paid
                10 rule-bullets  rule Order: A paid order cannot be deleted
                11 transition-sentence  transition Order: draft -> lost
            "#]],
        );
    }

    #[test]
    fn a_heading_says_that_all_its_items_are_unique() {
        check(
            "# Product\n\n| Field | Type |\n|-|-|\n| name | text |\n| sku | text |\n\n# Unique constraints\n\n\
             - Product names and SKUs\n- Product barcode per shop\n- Product labels need not be unique\n\n\
             # Constraints\n\n- Product pictures\n",
            &expect![[r#"
                1 field-table  entity Product
                5 field-table  field Product.name text
                6 field-table  field Product.sku text
                10 rule-bullets  rule Product: Product names must be unique
                11 rule-bullets  rule Product: Product barcode must be unique per shop
                12 rule-bullets  rule Product: Product labels need not be unique
                16 rule-bullets  rule Product: Product pictures
            "#]],
        );
    }

    #[test]
    fn rules_of_an_entity_and_of_all() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\nRules:\n\n- `total` must be at least 0.\n- Paid orders are immutable\n- `UNIQUE (a, b)` — one per a\n\n# Invariants\n- An Order has at least one line.\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                8 rule-bullets  rule Order: `total` must be at least 0
                9 rule-bullets  rule Order: Paid orders are immutable
                10 rule-bullets  unique Order (a, b)
                13 rule-bullets  rule Order: An Order has at least one line
            "#]],
        );
    }

    #[test]
    fn a_rule_for_each_field_that_is_required() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| a | int |\n\nRules:\n\n- `a`, `b` and `c` are required when `d` is `x` or `y`.\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.a int
                8 rule-bullets  rule Order.a: `a` is required when `d` is `x` or `y`
                8 rule-bullets  rule Order: `b` is required when `d` is `x` or `y`
                8 rule-bullets  rule Order: `c` is required when `d` is `x` or `y`
            "#]],
        );
    }

    #[test]
    fn what_is_unique_when_present_may_be_absent() {
        check(
            "# Transfer\n| Field | Type |\n|-|-|\n| id | int |\n| token | text |\n\n# Rules\n- `token` is unique when present.\n- `other` is unique when present.\n- `token` is unique when the moon is full.\n",
            &expect![[r#"
                1 field-table  entity Transfer
                4 field-table  field Transfer.id int
                5 field-table  field Transfer.token text
                8 rule-bullets  field Transfer.token optional unique [inferred: what is unique when present may be absent]
                9 rule-bullets  rule *: `other` is unique when present
                10 rule-bullets  rule *: `token` is unique when the moon is full
            "#]],
        );
    }

    #[test]
    fn what_must_be_there_and_under_a_condition() {
        check(
            "# Loan\n\n| Field | Type |\n|-|-|\n| title | text |\n| due_date | date |\n| note | text |\n\n## Business Rules\n\n- Title is required.\n- Due Date and `note` are optional\n- Note is required when the loan is late\n- The weather is optional\n",
            &expect![[r#"
                1 field-table  entity Loan
                5 field-table  field Loan.title text
                6 field-table  field Loan.due_date date
                7 field-table  field Loan.note text
                11 prose-field-facts  field Loan.title required
                12 prose-field-facts  field Loan.due_date optional
                12 prose-field-facts  field Loan.note optional
                13 rule-bullets  rule Loan: Note is required when the loan is late
                14 rule-bullets  rule Loan: The weather is optional
            "#]],
        );
    }

    #[test]
    fn a_key_in_a_line_of_its_own() {
        check(
            "## Letter\n\nKey fields:\n\n- id (UUID)\n- room_id\n- kind (text)\n\nUnique constraint: (room_id, kind).\n\nUnique (and rare) letters are kept.\n",
            &expect![[r#"
                1 bullet-fields  entity Letter
                5 bullet-fields  field Letter.id UUID
                6 bullet-fields  field Letter.room_id
                7 bullet-fields  field Letter.kind text
                9 rule-bullets  unique Letter (room_id, kind)
                11 prose-rule-sentence  rule *: Unique (and rare) letters are kept [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
