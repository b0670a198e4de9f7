//! Units and standards: what the words for a field say of its type and of its values.

use std::collections::BTreeMap;

use underpin_base::{Span, parallel};
use underpin_read::{Fact, Statement};

use crate::draft::{Draft, Run};
use crate::unit_words::{self, Says, Unit};
use crate::{EntityId, FieldId, FieldKind, name_words, type_words};

/// What a document says of a field in other words than those of a rule.
pub(crate) struct Said {
    /// The field.
    pub(crate) field: FieldId,
    /// Its unit.
    unit: &'static Unit,
    /// The words, as the text of the rule that they are.
    pub(crate) words: String,
    /// Where they stand.
    pub(crate) source: Span,
}

/// Words beside which a percentage is no part of a whole: it may be negative, or exceed a hundred.
const UNBOUNDED: &[&str] = &[
    "growth",
    "change",
    "increase",
    "decrease",
    "delta",
    "difference",
    "margin",
    "return",
    "variance",
    "deviation",
    "markup",
    "exceed",
    "negative",
    "over 100",
    "above 100",
];

/// Words that make a standard a wish.
const WISHES: &[&str] = &[
    "prefer",
    "recommend",
    "ideally",
    "fallback",
    " or ",
    "usually",
    "if possible",
    "when required",
];

/// So many statements are looked through before another thread would have begun.
const STATEMENTS_OF_A_THREAD: usize = 2_000;

/// The unit that the type or the description of a field tells, and which of the two texts it is.
fn of_field(statement: &Statement) -> Option<(&'static Unit, &str)> {
    let Fact::Field { field, .. } = &statement.fact else { return None };
    let of_type = field.type_text.as_deref().and_then(|it| Some((unit_words::of_type(it)?, it)));
    let of_text =
        || field.description.as_deref().and_then(|it| Some((unit_words::of_text(it)?, it)));
    of_type.or_else(of_text)
}

/// Finds the unit of each field; returns what says more of the values than their type.
pub(crate) fn run(draft: &mut Draft<'_>) -> Vec<Said> {
    let mut found: BTreeMap<FieldId, Said> = BTreeMap::new();
    let mut run = Run::default();
    let of_fields = parallel::map(draft.statements, STATEMENTS_OF_A_THREAD, of_field);
    for (statement, of_field) in draft.statements.iter().zip(of_fields) {
        match &statement.fact {
            Fact::Unit { entity, field, unit } => {
                let Some(owner) = draft.entity_in_phrase(entity) else {
                    draft.report_unknown_subject("a unit", entity, statement.span);
                    continue;
                };
                let Some(id) = draft.own_field_in_phrase(owner, field) else {
                    draft.report_unknown_field("a unit", owner, field, statement.span);
                    continue;
                };
                match unit_words::named(unit) {
                    Some(unit) => give(draft, id, unit, statement.span),
                    None => draft.field_mut(id).unit = Some(unit.clone()),
                }
            }
            Fact::Field { entity, field } => {
                let Some((unit, text)) = of_field else { continue };
                let id = run.entity(draft, entity).and_then(|it| draft.field(it, &field.name));
                let fits = |&id: &FieldId| fits(draft, id, unit) && !is_wish(unit, text);
                let Some(id) = id.filter(fits) else { continue };
                let words = words(unit, text);
                let said = Said { field: id, unit, words, source: statement.span };
                if is_bound(draft, &said, text) {
                    found.entry(id).or_insert(said);
                }
                if draft.model.field(id).unit.is_none() {
                    give(draft, id, unit, statement.span);
                }
            }
            _ => {}
        }
    }
    for id in draft.field_ids() {
        by_name(draft, id);
    }
    found.into_values().collect()
}

/// `price_cents` says by its name what it is counted in, where it is a number or may be one.
fn by_name(draft: &mut Draft<'_>, id: FieldId) {
    let field = draft.model.field(id);
    let Some(unit) = unit_words::of_name(&field.name).filter(|_| field.unit.is_none()) else {
        return;
    };
    let (name, source) = (field.name.clone(), field.source);
    let untyped = field.kind == FieldKind::Unknown && field.type_text.is_none();
    if number(&field.kind) {
        draft.field_mut(id).unit = Some(unit.name.to_owned());
    } else if untyped && counts(&name, unit) {
        give(draft, id, unit, source);
        let path = draft.model.field_path(id);
        let kind = name_words::describe(&draft.model.field(id).kind);
        let reason = format!("it is called `{name}` and no document gives a type");
        draft.assume("type", &path, format!("`{path}` is {kind}"), reason);
    }
}

/// Whether a name that ends with a unit is surely a number: "opening hours" may be anything, a percentage and `load_kg` only a
/// number.
fn counts(name: &str, unit: &Unit) -> bool {
    let is_identifier = name.contains('_') || !name.contains([' ', '-']);
    let is_count = matches!(unit.says, Says::Whole(_) | Says::Number);
    unit.says == Says::Percent
        || unit.name == "basis points"
        || is_count && is_identifier && !name_words::is_told_time(name)
}

/// The rules that the words for a field amount to, where no rule says as much.
pub(crate) fn rules(draft: &mut Draft<'_>, said: Vec<Said>) -> Vec<(EntityId, Said)> {
    said.into_iter()
        .filter_map(|said| {
            let field = draft.model.field(said.field);
            let ruled = field.rules.iter().any(|&id| {
                let rule = draft.model.rule(id);
                rule.expression.as_ref().is_some_and(|it| it.fields() == [said.field])
            });
            let owner = field.entity;
            if ruled {
                return None;
            }
            if said.unit.says == Says::Percent {
                let path = draft.model.field_path(said.field);
                draft.assume(
                    "bounds",
                    &path,
                    format!("`{path}` lies between 0 and 100"),
                    "it is called a percentage, and nothing says that it may exceed the whole",
                );
            }
            Some((owner, said))
        })
        .collect()
}

/// Gives a field its unit, and the type that follows where no document gives one.
pub(crate) fn give(draft: &mut Draft<'_>, id: FieldId, unit: &'static Unit, source: Span) {
    let field = draft.model.field(id);
    let path = draft.model.field_path(id);
    let typed = field.type_text.as_deref().map(type_words::read);
    // "money" says what it is, not how it is counted.
    let is_money = |kind: &FieldKind| matches!(kind, FieldKind::Money { precision: None, .. });
    let vague = typed
        .as_ref()
        .is_none_or(|words| words.vague_number || words.kind.as_ref().is_none_or(is_money));
    let open = matches!(
        field.kind,
        FieldKind::Unknown
            | FieldKind::Integer { .. }
            | FieldKind::Decimal { precision: None, .. }
            | FieldKind::Money { precision: None, .. }
    ) && field.references.is_none();
    let kind = match unit.says {
        Says::Whole(bits) => Some(FieldKind::Integer { bits, counted: false }),
        Says::Percent | Says::Number => match field.kind {
            FieldKind::Integer { .. } => None,
            _ => Some(FieldKind::Decimal { precision: None, scale: None }),
        },
        Says::Form(_) => Some(FieldKind::Text { max: None }),
    };
    let parts = match field.kind {
        FieldKind::Decimal { scale: Some(scale), .. }
        | FieldKind::Money { scale: Some(scale), .. } => scale > 0,
        _ => false,
    };
    let whole = matches!(unit.says, Says::Whole(64));
    if whole && parts {
        let text = format!(
            "Are there parts of one in `{path}`? It is counted in {}, and its type keeps digits \
             after the point.",
            unit.name
        );
        draft.ask("unit", &path, text, "yes, as its type says", Some(source));
    }
    let field = draft.field_mut(id);
    field.unit = Some(unit.name.to_owned());
    // A discount of ten percent is no amount of money.
    if let (Says::Percent, &FieldKind::Money { precision, scale }) = (unit.says, &field.kind) {
        field.kind = FieldKind::Decimal { precision, scale };
    }
    if let Some(kind) = kind.filter(|_| open && vague) {
        field.kind = kind;
        draft.withdraw("type", &path);
    }
}

/// "All amounts are stored in cents": whether a text gives a unit to all amounts of money.
pub(crate) fn speaks_of_all_money(text: &str) -> bool {
    unit_of_all_money(text).is_some()
}

fn unit_of_all_money(text: &str) -> Option<&'static Unit> {
    let lower = text.to_lowercase();
    let subject = lower.strip_prefix("all ").unwrap_or(&lower);
    let is_money = ["amounts ", "prices ", "monetary ", "money ", "currency amounts "]
        .iter()
        .any(|word| subject.starts_with(word));
    let unit = unit_words::of_text(text).filter(|_| is_money)?;
    matches!(unit.name, "cents" | "minor units").then_some(unit)
}

/// Gives the unit of which such a text speaks to all amounts of money that have none of their own.
pub(crate) fn give_to_all_money(draft: &mut Draft<'_>, text: &str, source: Span) {
    let Some(unit) = unit_of_all_money(text) else { return };
    for id in draft.field_ids() {
        let field = draft.model.field(id);
        let amount = name_words::is_money(&field.name) && fits(draft, id, unit);
        if amount && field.unit.is_none() && field.references.is_none() {
            give(draft, id, unit, source);
        }
    }
}

/// Whether a unit can be that of a field.
fn fits(draft: &Draft<'_>, id: FieldId, unit: &Unit) -> bool {
    let kind = &draft.model.field(id).kind;
    match unit.says {
        Says::Form(_) => matches!(kind, FieldKind::Text { .. } | FieldKind::Unknown),
        Says::Whole(_) | Says::Percent | Says::Number => {
            number(kind) || matches!(kind, FieldKind::Unknown)
        }
    }
}

fn number(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Integer { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money { .. }
            | FieldKind::Float
    )
}

/// Whether a standard is only wished for.
fn is_wish(unit: &Unit, text: &str) -> bool {
    let lower = text.to_lowercase();
    matches!(unit.says, Says::Form(_)) && WISHES.iter().any(|word| lower.contains(word))
}

/// Whether the words bind the values, and do not only tell how they are meant.
fn is_bound(draft: &Draft<'_>, said: &Said, text: &str) -> bool {
    let field = draft.model.field(said.field);
    let lower = format!("{} {}", field.name, text).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match said.unit.says {
        Says::Percent => {
            // One digit before the point is for 0.25, where a quarter is meant.
            let fraction = matches!(
                field.kind,
                FieldKind::Decimal { precision: Some(digits), scale: Some(scale) }
                    if digits - scale < 2
            );
            let is_default_part = field.default.as_ref().is_some_and(|value| {
                value.to_string().parse::<f64>().is_ok_and(|it| it > 0.0 && it < 1.0)
            });
            !fraction && !is_default_part && !has(UNBOUNDED)
        }
        Says::Form(_) => true,
        Says::Whole(_) | Says::Number => false,
    }
}

/// The words of a text that name a unit, which make the rule.
fn words(unit: &Unit, text: &str) -> String {
    match unit.says {
        Says::Percent => "percentage".to_owned(),
        Says::Form(_) | Says::Whole(_) | Says::Number => {
            let lower = text.to_lowercase();
            let at = lower.find(&unit.name.to_lowercase());
            at.and_then(|at| text.get(at..at + unit.name.len())).unwrap_or(unit.name).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use underpin_read::{Fact, FieldFact};

    use crate::model_text;
    use crate::test_support::Facts;

    fn described(facts: Facts, name: &str, kind: &str, description: &str) -> Facts {
        let field = FieldFact {
            name: name.to_owned(),
            type_text: Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
            description: Some(description.to_owned()).filter(|text| !text.is_empty()),
            ..FieldFact::default()
        };
        facts.add(Fact::Field { entity: "Plan".to_owned(), field })
    }

    #[test]
    fn the_type_and_the_rules_follow() {
        let facts = [
            ("price", "", "Price in cents"),
            ("fee", "number", "in cents"),
            ("total", "decimal(10,2)", "Total in cents"),
            ("discount", "", "percentage"),
            ("fee_part", "percentage", "Part of the fee"),
            ("growth", "decimal", "Percentage of growth per year"),
            ("share", "decimal(3,2)", "percentage of the whole"),
            ("tax_pct", "", ""),
            ("trial", "", "Number of days"),
            ("timeout", "number", "Timeout in milliseconds"),
            ("quota", "", "Quota in bytes"),
            ("margin", "integer", "in basis points"),
            ("phone", "string", "Phone number in E.164 format"),
            ("mobile", "string", "E.164 preferred"),
            ("currency", "string", "ISO 4217 code"),
            ("opening_hours", "text", "Opening hours"),
            ("load_kg", "", ""),
            ("visiting_hours", "", ""),
            ("meeting minutes", "", ""),
        ]
        .into_iter()
        .fold(Facts::default().entity("Plan"), |facts, (name, kind, text)| {
            described(facts, name, kind, text)
        });
        let (model, sources) = facts.rule("Plan", "growth is stored in basis points").build();
        expect![[r#"
            entity Plan  # model.md:1
              price: a whole number of 64 bits, in cents  # model.md:2
              fee: a whole number of 64 bits, in cents  # model.md:3
              total: an amount of money (10,2), in cents  # model.md:4
              discount: a decimal number, in percent  # model.md:5
              fee_part: a decimal number, in percent  # model.md:6
              growth: a decimal number, in basis points  # model.md:7
              share: a decimal number (3,2), in percent  # model.md:8
              tax_pct: a decimal number, in percent  # model.md:9
              trial: a whole number of 32 bits, in days  # model.md:10
              timeout: a whole number of 64 bits, in milliseconds  # model.md:11
              quota: a whole number of 64 bits, in bytes  # model.md:12
              margin: a whole number of 32 bits, in basis points  # model.md:13
              phone: text, in E.164  # model.md:14
              mobile: text  # model.md:15
              currency: text, in ISO 4217  # model.md:16
              opening_hours: text  # model.md:17
              load_kg: a decimal number, in kilograms  # model.md:18
              visiting_hours: of unknown type  # model.md:19
              meeting minutes: of unknown type  # model.md:20
              rule "growth is stored in basis points" became `Plan.growth` is counted in basis points  # model.md:21
              rule "percentage": discount >= 0 and discount <= 100  # model.md:5
              rule "percentage": fee_part >= 0 and fee_part <= 100  # model.md:6
              rule "E.164": phone matches /^\+[1-9][0-9]{1,14}$/  # model.md:14
              rule "ISO 4217": currency matches /^[A-Z]{3}$/  # model.md:16
            question plan-visiting-hours.type: What is the type of `Plan.visiting_hours`? No document says. (assumed: text)  # model.md:19
            question plan-meeting-minutes.type: What is the type of `Plan.meeting minutes`? No document says. (assumed: text)  # model.md:20
            question plan-total.unit: Are there parts of one in `Plan.total`? It is counted in cents, and its type keeps digits after the point. (assumed: yes, as its type says)  # model.md:4
            question plan.required-fields: Which fields of `Plan` may be empty? No document says for `price`, `fee`, `total`, `discount`, `fee_part`, `growth`, `share`, `tax_pct`, `trial`, `timeout`, `quota`, `margin`, `phone`, `mobile`, `currency`, `opening_hours`, `load_kg`, `visiting_hours`, `meeting minutes`. (assumed: none)  # model.md:1
            assumption plan-tax-pct.type: `Plan.tax_pct` is a decimal number, it is called `tax_pct` and no document gives a type
            assumption plan-load-kg.type: `Plan.load_kg` is a decimal number, it is called `load_kg` and no document gives a type
            assumption plan-discount.bounds: `Plan.discount` lies between 0 and 100, it is called a percentage, and nothing says that it may exceed the whole
            assumption plan-fee-part.bounds: `Plan.fee_part` lies between 0 and 100, it is called a percentage, and nothing says that it may exceed the whole
        "#]].assert_eq(&model_text(&model, &sources));
    }

    #[test]
    fn of_all_amounts() {
        let all = Fact::Rule {
            entity: None,
            field: None,
            text: "All amounts are stored in cents".to_owned(),
        };
        let facts = Facts::default()
            .entity("Bill")
            .field("Bill", "total: integer!")
            .field("Bill", "fee")
            .field("Bill", "count: integer!");
        let (model, sources) = facts.add(all).build();
        let text = model_text(&model, &sources);
        let counted = text.lines().filter(|it| it.contains(" in cents"));
        let found: Vec<&str> = counted.map(|it| it.split("  # ").next().unwrap().trim()).collect();
        assert_eq!(
            found,
            [
                "total: a whole number of 32 bits, required, in cents",
                "fee: a whole number of 64 bits, in cents",
            ]
        );
    }
}
