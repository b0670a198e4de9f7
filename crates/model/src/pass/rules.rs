//! Rules: sentences, formulas and CHECK texts, understood where that is certain.

use std::borrow::Cow;

use underpin_base::{Diagnostic, Span};
use underpin_read::{Fact, FieldFact};

use super::rule_subjects::{Subjects, plain};
use crate::codes;
use crate::draft::Draft;
use crate::names::words;
use crate::protection_words;
use crate::rule::{self, Meaning};
use crate::unit_words;
use crate::{EntityId, Expression, FieldId, FieldKind, ManagedValues, OnDelete, Rule, RuleId};

/// Collects the rules, and what the constraints of fields say.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let said = super::units::run(draft);
    let mut lost = Vec::new();
    let mut subjects = Subjects::default();
    for statement in draft.statements {
        match &statement.fact {
            Fact::Rule { entity, field, text } => {
                let place = Place { entity: entity.as_deref(), field: field.as_deref() };
                if statement.inferred.is_some() {
                    perhaps(draft, text, statement.span, &mut subjects);
                } else if !stated(draft, &place, text, statement.span, &mut subjects) {
                    lost.push(statement.span);
                }
            }
            Fact::Field { entity, field } => {
                let Some(owner) = draft.entity(entity) else { continue };
                let Some(id) = draft.field(owner, &field.name) else { continue };
                for text in field.constraints.iter().flat_map(|text| rule::clauses(text)) {
                    // That a column is a foreign key tells what it is, and no rule about it.
                    if protection_words::is_mark(text) || text == "foreign key" {
                        continue;
                    }
                    add(draft, owner, Some(id), text, statement.span);
                }
                described(draft, owner, id, field, statement.span);
            }
            _ => {}
        }
    }
    report_lost(draft, &lost);
    for at in 0..draft.model.fields.len() {
        let id = FieldId::from_index(at);
        if rule::managed::is_described(&draft.model, id) {
            let field = draft.model.field(id);
            let (text, source) = (field.description.clone().unwrap_or_default(), field.source);
            manage(draft, id, &text, source);
        }
    }
    // Only what no rule says: "percentage" beside "0 to 50" adds nothing.
    for (owner, said) in super::units::rules(draft, said) {
        add(draft, owner, Some(said.field), &said.words, said.source);
    }
}

/// Notes that people maintain the values of a field, whoever says it first.
fn manage(draft: &mut Draft<'_>, field: FieldId, text: &str, source: Span) {
    if draft.model.managed.iter().all(|it| it.field != field) {
        draft.model.managed.push(ManagedValues { field, text: text.to_owned(), source });
    }
}

/// The longest description that is tried as a rule, in words.
const LONGEST_RULE: usize = 8;

/// A short description that is a rule to its last word: "after `period_start`", "0 or more".
fn described(draft: &mut Draft<'_>, owner: EntityId, id: FieldId, field: &FieldFact, span: Span) {
    let Some(text) = field.description.as_deref().map(str::trim) else { return };
    let is_short = text.split(' ').count() <= LONGEST_RULE;
    // "10,2" says how many digits there are, and "percentage" what is counted.
    if !field.constraints.is_empty() || !is_short || !text.contains(char::is_alphabetic) {
        return;
    }
    let meaning = rule::understand(draft, owner, Some(id), text);
    let Meaning::Expression(expression) = &meaning else { return };
    let names_other = expression.fields().iter().any(|&other| other != id);
    let is_form = matches!(expression, Expression::Matches(..));
    if names_other || text.contains(|c: char| c.is_ascii_digit()) && !is_form {
        take(draft, owner, Some(id), text, span, meaning);
    }
}

/// Where a rule stands.
struct Place<'t> {
    entity: Option<&'t str>,
    field: Option<&'t str>,
}

/// Takes down a sentence that may be a rule, as far as the fields of the model give it a meaning that a database can
/// keep; of anything else nobody is asked.
fn perhaps(draft: &mut Draft<'_>, text: &str, span: Span, subjects: &mut Subjects) {
    for text in for_each_owner(draft, text) {
        let owner = mentioned(draft, &text);
        for clause in rule::clauses(&text) {
            if let Some((owner, meaning)) = subjects.find_sensible(draft, owner, clause) {
                take(draft, owner, None, clause, span, meaning);
            }
        }
    }
}

/// "The amount of a payment and of a refund never changes" as one sentence for each of the two.
fn for_each_owner<'t>(draft: &Draft<'_>, text: &'t str) -> Vec<Cow<'t, str>> {
    let whole = || vec![Cow::Borrowed(text)];
    let Some((front, rest)) = text.split_once(" and of ") else { return whole() };
    let Some((subject, first)) = front.rsplit_once(" of ") else { return whole() };
    let noun = |phrase: &str| -> String {
        let article = |word: &&str| matches!(*word, "a" | "an" | "the" | "each" | "every");
        phrase.split(' ').filter(|word| !article(word)).collect::<Vec<_>>().join(" ")
    };
    let mut ends = rest.match_indices(' ').map(|(at, _)| at);
    let Some(end) = ends.rfind(|&at| draft.entity(&noun(&rest[..at])).is_some()) else {
        return whole();
    };
    if draft.entity(&noun(first)).is_none() {
        return whole();
    }
    let said = &rest[end..];
    [first, &rest[..end]].map(|owner| Cow::Owned(format!("{subject} of {owner}{said}"))).to_vec()
}

/// Takes down a rule; `false` where it is about no entity of the model.
fn stated(
    draft: &mut Draft<'_>,
    place: &Place<'_>,
    text: &str,
    span: Span,
    subjects: &mut Subjects,
) -> bool {
    if place.entity.is_none() && super::units::of_all_money(draft, text, span) {
        return true;
    }
    if place.entity.is_none() {
        let each = for_each_owner(draft, text);
        if each.len() > 1 {
            return each
                .iter()
                .fold(true, |all, text| all & stated(draft, place, text, span, subjects));
        }
    }
    let owner = match place.entity {
        Some(name) => {
            let known = draft.entity_in_phrase(name);
            if known.is_none() {
                draft.report_unknown_subject("a rule", name, span);
                return true;
            }
            known
        }
        None => mentioned(draft, text),
    };
    if let (Some(owner), Some(name)) = (owner, place.field) {
        let field = draft.field(owner, name);
        if field.is_none() {
            draft.report_unknown_field("a rule", owner, name, span);
        }
        for clause in rule::clauses(text) {
            add(draft, owner, field, clause, span);
        }
        return true;
    }
    let mut is_taken = false;
    for clause in rule::clauses(text) {
        if let Some((owner, meaning)) = subjects.find(draft, owner, clause) {
            is_taken = true;
            take(draft, owner, None, clause, span, meaning);
        }
    }
    is_taken
}

/// How many places a diagnostic shows; it counts the others.
const SHOWN_PLACES: usize = 5;

/// Says once for all rules of a document that they name no entity.
fn report_lost(draft: &mut Draft<'_>, lost: &[Span]) {
    for of_document in lost.chunk_by(|one, other| one.document == other.document) {
        let message = match of_document.len() {
            1 => "a rule names no entity of the model; nothing in the database enforces it"
                .to_owned(),
            count => format!(
                "{count} rules name no entity of the model; nothing in the database enforces them"
            ),
        };
        let mut diagnostic = Diagnostic::note(codes::RULE_WITHOUT_ENTITY, message);
        for &span in of_document.iter().take(SHOWN_PLACES) {
            diagnostic = diagnostic.at(span, "this rule");
        }
        draft.report(diagnostic.help("name the entity that it is about"));
    }
}

/// The entity that a sentence without a place of its own names first.
fn mentioned(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let words = words(&plain(text));
    let named = (0..words.len()).find_map(|from| {
        (from + 1..=words.len().min(from + 3))
            .rev()
            .find_map(|to| draft.entity(&words[from..to].join(" ")))
    });
    named.or_else(|| owner_of_names(draft, text))
}

/// The one entity that has all the fields that a text names as code: "`ends_at` must be after `starts_at`".
fn owner_of_names(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let has_all = |id: EntityId| names.iter().all(|name| draft.field(id, name).is_some());
    let mut owners =
        draft.model.entities().map(|(id, _)| id).filter(|&id| !names.is_empty() && has_all(id));
    let only = owners.next()?;
    owners.next().is_none().then_some(only)
}

/// Asks what a rule means that was not understood.
fn ask(draft: &mut Draft<'_>, entity: EntityId, field: Option<FieldId>, text: &str, span: Span) {
    // The row of a field also holds remarks: "UTC", "icon name".
    if field.is_some() && !is_normative(text) {
        return;
    }
    let subject = match field {
        Some(field) => draft.model.field_path(field),
        None => draft.model.entity(entity).name.clone(),
    };
    let others = others(draft, entity, text);
    let question = if others.is_empty() {
        format!("How is the rule of `{subject}` \"{text}\" to be seen in the stored values?")
    } else {
        format!(
            "The rule \"{text}\" joins rows of `{subject}` with rows of {}, and a condition on one \
             row cannot see the others. Who keeps it?",
            others.join(" and ")
        )
    };
    let assumed = if others.is_empty() {
        "not enforced by the database"
    } else {
        "the application keeps it, in the transaction that writes; the database does not enforce it"
    };
    let short: String = text.chars().take(60).collect();
    let slug = format!("{} {short}", draft.model.entity(entity).name);
    draft.ask_about("rule", &slug, &subject, question, assumed, Some(span));
}

/// Asks who keeps a rule that was understood and that no condition on one row can keep.
fn ask_keeper(
    draft: &mut Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
    reason: &str,
    span: Span,
) {
    if field.is_some() && !is_normative(text) {
        return;
    }
    let subject = match field {
        Some(field) => draft.model.field_path(field),
        None => draft.model.entity(entity).name.clone(),
    };
    let question = format!(
        "Who keeps the rule \"{text}\" of `{subject}`? No condition on one row can: {reason}."
    );
    let short: String = text.chars().take(60).collect();
    let slug = format!("{} {short}", draft.model.entity(entity).name);
    let assumed = "the application, when it writes; the database does not enforce it";
    draft.ask_about("rule", &slug, &subject, question, assumed, Some(span));
}

/// Whether a text tells what values must be, and not only what they are for.
fn is_normative(text: &str) -> bool {
    const NORMATIVE: &[&str] = &[
        "must",
        "shall",
        "should",
        "only",
        "cannot",
        "not",
        "no",
        "never",
        "always",
        "unique",
        "required",
        "least",
        "most",
        "max",
        "maximum",
        "min",
        "minimum",
        "exceed",
        "between",
        "than",
        "valid",
        "match",
        "matches",
        "equal",
        "equals",
        "regex",
        "allowed",
        "check",
        "validation",
        "before",
        "after",
        "until",
        "length",
        "limit",
        "immutable",
        "append",
    ];
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| NORMATIVE.contains(&word)) || text.contains(['<', '>', '=', '≤', '≥'])
}

/// The other entities whose rows a sentence speaks of, in quotes: "The refunds of a payment".
fn others(draft: &Draft<'_>, entity: EntityId, text: &str) -> Vec<String> {
    let words = words(&plain(text));
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (at + 1..=words.len().min(at + 3))
            .rev()
            .find_map(|to| Some((to, draft.entity(&words[at..to].join(" "))?)));
        let Some((to, id)) = hit else {
            at += 1;
            continue;
        };
        let name = format!("`{}`", draft.model.entity(id).name);
        // A word may also be the name of a field: an order's `note` is no Note.
        let is_field = draft.field(entity, &words[at..to].join(" ")).is_some();
        if id != entity && !is_field && !found.contains(&name) {
            found.push(name);
        }
        at = to;
    }
    found
}

fn add(draft: &mut Draft<'_>, entity: EntityId, field: Option<FieldId>, text: &str, span: Span) {
    let meaning = rule::understand(draft, entity, field, text);
    take(draft, entity, field, text, span, meaning);
}

/// Takes down what a rule means, once.
fn take(
    draft: &mut Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
    span: Span,
    meaning: Meaning,
) {
    let text = text.trim();
    if text.is_empty() || !draft.rules.insert((entity, field, text.to_owned())) {
        return;
    }
    let ignores_case = rule::letter_case::without(text).is_some() && meaning != Meaning::Unclear;
    if let Some(id) = field.filter(|_| ignores_case) {
        ignore_case(draft, id);
    }
    let mut rule = Rule {
        entity,
        field,
        text: text.to_owned(),
        expression: None,
        became: None,
        sql: None,
        source: span,
    };
    match meaning {
        Meaning::Expression(expression) => {
            // "A room cannot have overlapping bookings" may stand with Room; it is about bookings.
            if let Some(&first) = expression.fields().first() {
                rule.entity = draft.model.field(first).entity;
            }
            rule.expression = Some(expression);
        }
        Meaning::Unique { fields, condition } => {
            let names: Vec<String> =
                fields.iter().map(|&id| draft.model.field(id).name.clone()).collect();
            let among = condition.as_ref().and_then(|condition| {
                condition.try_map(&mut |&id| Some(draft.model.field(id).name.as_str()))
            });
            let among = among.map_or_else(String::new, |among| format!(" where {among}"));
            let ignoring = if ignores_case { " whatever its case" } else { "" };
            rule.became = Some(format!("unique ({}){ignoring}{among}", names.join(", ")));
            for &id in fields.iter().filter(|_| ignores_case) {
                ignore_case(draft, id);
            }
            // "one active cart per user" may stand with User, but it is Cart that has the key.
            let owner = fields.first().map_or(entity, |&id| draft.model.field(id).entity);
            super::uniques::add(draft, owner, fields, condition, text.to_owned(), span);
        }
        Meaning::Deletion { fields, on_delete } => {
            let said: Vec<String> =
                fields.iter().filter_map(|&id| deleted(draft, id, on_delete)).collect();
            // Where another document says otherwise, its word stands and this one is asked about.
            if said.len() == fields.len() {
                rule.became = Some(said.join(" and "));
            } else {
                ask(draft, entity, field, text, span);
            }
        }
        Meaning::Required(ids) => {
            let mut paths = Vec::new();
            for id in ids {
                let field = draft.field_mut(id);
                field.required.get_or_insert(true);
                field.marked = true;
                paths.push(format!("`{}`", draft.model.field_path(id)));
            }
            let verb = if paths.len() == 1 { "is" } else { "are" };
            rule.became = Some(format!("{} {verb} required", paths.join(" and ")));
        }
        Meaning::MaximumLength(id, max) => match &mut draft.field_mut(id).kind {
            FieldKind::Text { max: known @ None } => {
                *known = Some(max);
                rule.became = Some(format!("at most {max} characters"));
            }
            FieldKind::Text { max: Some(known) } if *known <= max => {
                rule.became = Some("the type says so already".to_owned());
            }
            _ => rule.expression = Some(rule::shorter_than(id, max)),
        },
        Meaning::IgnoresCase(fields) => {
            let mut said = Vec::with_capacity(fields.len());
            for id in fields {
                ignore_case(draft, id);
                said.push(format!(
                    "`{}` is compared whatever its case",
                    draft.model.field_path(id)
                ));
            }
            rule.became = Some(said.join("; "));
        }
        Meaning::DeletedValues { free } => {
            // The first word stands; a document that says otherwise is asked about.
            if *draft.entity_mut(entity).frees_deleted.get_or_insert(free) == free {
                let said = if free { "are free again" } else { "stay taken" };
                rule.became = Some(format!("values of deleted rows {said}"));
            } else {
                ask(draft, entity, field, text, span);
            }
        }
        Meaning::Managed(id) => {
            rule.became = Some(format!(
                "the values of `{}` are rows that people maintain",
                draft.model.field_path(id)
            ));
            manage(draft, id, text, span);
        }
        Meaning::Unit(id, unit) => {
            rule.became = Some(format!("`{}` is counted in {unit}", draft.model.field_path(id)));
            let unit = unit_words::named(unit).expect("invariant: a rule names a known unit");
            super::units::give(draft, id, unit, span);
        }
        Meaning::Known(what) => rule.became = Some(what),
        Meaning::Sql(sql) => rule.sql = Some(sql),
        // A guard keeps it.
        Meaning::Kept(_) | Meaning::Unclear
            if rule::permanence::permanence(&draft.model, entity, field, text).is_some() => {}
        Meaning::Kept(reason) => ask_keeper(draft, entity, field, text, reason, span),
        Meaning::Unclear => ask(draft, entity, field, text, span),
    }
    let id = RuleId::from_index(draft.model.rules.len());
    if let Some(field) = rule.field {
        draft.field_mut(field).rules.push(id);
    }
    for other in rule.expression.as_ref().map(Expression::fields).unwrap_or_default() {
        let rules = &mut draft.field_mut(other).rules;
        if !rules.contains(&id) {
            rules.push(id);
        }
    }
    draft.model.rules.push(rule);
}

/// Takes down that upper and lower case make no difference. Only texts have letters.
fn ignore_case(draft: &mut Draft<'_>, id: FieldId) {
    let field = draft.field_mut(id);
    if matches!(field.kind, FieldKind::Text { .. }) && field.references.is_none() {
        field.ignores_case = true;
    }
}

/// Takes down what becomes of the rows that refer by a field; `None` where something else is known.
fn deleted(draft: &mut Draft<'_>, id: FieldId, on_delete: OnDelete) -> Option<String> {
    let reference = draft.field_mut(id).references.as_mut()?;
    if reference.on_delete.is_some_and(|known| known != on_delete) {
        return None;
    }
    reference.on_delete = Some(on_delete);
    for relationship in draft.model.relationships.iter_mut().filter(|it| it.field == Some(id)) {
        relationship.on_delete.get_or_insert(on_delete);
    }
    let path = draft.model.field_path(id);
    Some(format!("`{path}` is {}", crate::render::on_delete_text(on_delete)))
}
