//! Fields: all that is said of one field at several places becomes one field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use underpin_base::{Diagnostic, Span};
use underpin_read::{EntityKind, Fact, FieldFact, Statement};

use super::collections;
use super::enumerations::{distinct, field_path, same};
use super::weight::{report_disagreement, weighed};
use crate::draft::{Draft, Run, origin_of};
use crate::names::{fold_field, snake};
use crate::type_words::TypeWords;
use crate::{DefaultValue, EntityId, EnumId, Enumeration, Field, FieldId, FieldKind};
use crate::{Literal, codes, default_words, name_words, rule};

/// One place that says something of a field.
struct Mention<'a> {
    fact: &'a FieldFact,
    statement: &'a Statement,
}

/// Makes the fields of all entities.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let is_field = |it: &&Statement| matches!(it.fact, Fact::Field { .. });
    let count = draft.statements.iter().filter(is_field).count();
    let mut mentions: IndexMap<(EntityId, String), Vec<Mention<'_>>> =
        IndexMap::with_capacity(count);
    let mut run = Run::default();
    for statement in draft.statements {
        let Fact::Field { entity, field } = &statement.fact else { continue };
        let Some(entity) = run.entity(draft, entity) else { continue };
        if field.name.trim().is_empty() || collections::listed(draft, field).is_some() {
            continue;
        }
        let key = (entity, fold_field(&field.name));
        mentions.entry(key).or_default().push(Mention { fact: field, statement });
    }
    let names: BTreeSet<(EntityId, String)> = mentions.keys().cloned().collect();
    for ((entity, _), mut mentions) in mentions {
        // What a document says outweighs what a notation concluded, and that what was only assumed.
        mentions.sort_by_key(|mention| {
            (mention.statement.assumed.is_some(), mention.statement.inferred.is_some())
        });
        report_repetition(draft, entity, &mentions);
        settle(draft, entity, &mentions, &names);
    }
    listed_elsewhere(draft);
}

/// A field named twice by one notation of one document, with different types.
fn report_repetition(draft: &mut Draft<'_>, entity: EntityId, mentions: &[Mention<'_>]) {
    // In each place the first mention with a type, and the first whose type is another one: of the two, one differs
    // from whatever comes later.
    let mut typed: BTreeMap<_, (&Mention<'_>, Option<&Mention<'_>>)> = BTreeMap::new();
    for second in mentions.iter().filter(|mention| mention.fact.type_text.is_some()) {
        let statement = second.statement;
        let place = (statement.notation, statement.span.document, second.fact.name.as_str());
        let Some((first, other)) = typed.get_mut(&place) else {
            typed.insert(place, (second, None));
            continue;
        };
        let first = if first.fact.type_text != second.fact.type_text {
            other.get_or_insert(second);
            *first
        } else if let Some(other) = other {
            *other
        } else {
            continue;
        };
        let name = &draft.model.entity(entity).name;
        let message = format!(
            "`{name}` has two fields `{}` of different types; they were taken as one",
            second.fact.name
        );
        draft.report(
            Diagnostic::warning(codes::DUPLICATE_FIELD, message)
                .at(second.statement.span, "named again here")
                .at(first.statement.span, "first named here")
                .help("rename one of the two, or take one line away"),
        );
    }
}

/// Decides what the mentions of one field say together.
fn settle(
    draft: &mut Draft<'_>,
    entity: EntityId,
    mentions: &[Mention<'_>],
    names: &BTreeSet<(EntityId, String)>,
) {
    let first = mentions.first().expect("a field has a mention");
    let name = first.fact.name.clone();
    let path = format!("{}.{name}", draft.model.entity(entity).name);
    let chosen = choose_type(draft, entity, &path, mentions, names);
    let marked = |member: fn(&FieldFact) -> Option<bool>| {
        mentions.iter().find_map(|mention| member(mention.fact)) == Some(true)
    };
    let required = settle_required(draft, &path, mentions)
        .or_else(|| marked(|fact| fact.primary_key).then_some(true))
        .or_else(|| chosen.words.nullable.then_some(false));
    let default = settle_default(draft, &path, mentions, &chosen.kind);
    let description = mentions.iter().find_map(|mention| mention.fact.description.clone());
    draft.add_field(Field {
        entity,
        name,
        named: true,
        kind: chosen.kind,
        ignores_case: chosen
            .text
            .as_deref()
            .is_some_and(|it| it.trim().eq_ignore_ascii_case("citext")),
        type_text: chosen.text,
        required,
        marked: required.is_some() && !mentions.iter().any(|it| it.fact.is_unmarked),
        unique: marked(|fact| fact.unique),
        default,
        references: None,
        external: None,
        rules: Vec::new(),
        sensitivity: None,
        unit: None,
        description,
        origin: origin_of(first.statement),
        source: first.statement.span,
    });
}

fn settle_required(draft: &mut Draft<'_>, path: &str, mentions: &[Mention<'_>]) -> Option<bool> {
    let said = said(mentions, |fact| fact.required);
    let word = |required: &bool| if *required { "required" } else { "optional" }.to_owned();
    report_disagreement(draft, path, &said, word, "say the same at both places");
    said.first().map(|(required, _)| *required)
}

fn settle_default(
    draft: &mut Draft<'_>,
    path: &str,
    mentions: &[Mention<'_>],
    kind: &FieldKind,
) -> Option<DefaultValue> {
    let said = said(mentions, |fact| default_words::read(fact.default.as_deref()?, kind));
    let show = |value: &DefaultValue| {
        let text = mentions.iter().filter_map(|mention| mention.fact.default.as_deref());
        let mut text = text.filter(|text| default_words::read(text, kind).as_ref() == Some(value));
        format!("`{}` by default", text.next().unwrap_or_default())
    };
    report_disagreement(draft, path, &said, show, "give the same default at both places");
    said.into_iter().next().map(|(value, _)| value)
}

/// What the mentions say of one property, in the order in which they are followed.
fn said<'a, T>(
    mentions: &[Mention<'a>],
    says: impl Fn(&'a FieldFact) -> Option<T>,
) -> Vec<(T, &'a Statement)> {
    weighed(mentions.iter().map(|mention| mention.statement), |statement| match &statement.fact {
        Fact::Field { field, .. } => says(field),
        _ => None,
    })
}

/// The type that was settled on.
struct Chosen {
    kind: FieldKind,
    text: Option<String>,
    words: Arc<TypeWords>,
}

fn choose_type(
    draft: &mut Draft<'_>,
    entity: EntityId,
    path: &str,
    mentions: &[Mention<'_>],
    names: &BTreeSet<(EntityId, String)>,
) -> Chosen {
    let name = mentions[0].fact.name.clone();
    let mut best: Option<(Chosen, &Statement)> = None;
    let texts =
        said(mentions, |fact| fact.type_text.as_deref().filter(|text| !text.trim().is_empty()));
    for (text, here) in texts {
        let words = draft.type_words(text);
        let kind = known_kind(draft, &words, &name);
        let next = Chosen { kind, text: Some(text.to_owned()), words };
        best = Some(match best {
            None => (next, here),
            Some((old, place)) => {
                // Within one list it is a repetition, which is reported as such.
                let elsewhere =
                    place.notation != here.notation || place.span.document != here.span.document;
                let both_meant = place.is_stated() && here.is_stated();
                if elsewhere && both_meant && contradict(&old.kind, &next.kind) {
                    report_types(draft, path, (&old, place), (&next, here));
                    (old, place)
                } else if precision(&next.kind) > precision(&old.kind) {
                    (next, here)
                } else {
                    (old, place)
                }
            }
        });
    }
    let source = mentions[0].statement.span;
    let mut chosen = best.map_or_else(
        || Chosen { kind: FieldKind::Unknown, text: None, words: Arc::default() },
        |(chosen, _)| chosen,
    );
    let is_name = |value: &String| names.contains(&(entity, fold_field(value)));
    let lists = said(mentions, |fact| {
        let are_columns = fact.enum_values.iter().all(is_name) && checks_columns(fact);
        (!fact.enum_values.is_empty() && !are_columns).then(|| Values(distinct(&fact.enum_values)))
    });
    let show = |values: &Values| format!("one of {}", values.0.join(" | "));
    report_disagreement(draft, path, &lists, show, "list the same values at both places");
    let values = lists.into_iter().next().map_or_else(
        || (chosen.words.values.clone(), source),
        |(values, statement)| (values.0, statement.span),
    );
    if let Some(id) = list_of_values(draft, entity, &name, &chosen, &values.0, values.1) {
        let several = chosen.words.list || matches!(chosen.kind, FieldKind::List(_));
        chosen.kind = FieldKind::Enumeration(id);
        if several {
            chosen.kind = FieldKind::List(Box::new(chosen.kind));
        }
    } else if chosen.kind == FieldKind::Unknown {
        by_name(draft, path, &name, mentions, &mut chosen, source);
    }
    if let FieldKind::Decimal { precision, scale } = chosen.kind
        && chosen.words.kind.is_some()
        && name_words::is_money(&name)
    {
        chosen.kind = FieldKind::Money { precision, scale };
    }
    // The amount in an example may be a round one.
    if let FieldKind::Integer { counted: false, .. } = chosen.kind
        && mentions.iter().all(|mention| mention.statement.notation == "record-example")
        && name_words::is_money(&name)
    {
        chosen.kind = FieldKind::Money { precision: None, scale: None };
    }
    if let FieldKind::Integer { bits, counted: false } = chosen.kind
        && mentions.iter().any(|mention| says_counted(mention.fact))
    {
        chosen.kind = FieldKind::Integer { bits, counted: true };
    }
    chosen
}

/// Whether the list of a field stands as SQL lists columns: `CHECK (winner IN (team_a, team_b))`, without the marks of
/// texts.
fn checks_columns(fact: &FieldFact) -> bool {
    let list = format!(" in ({})", fact.enum_values.join(", ")).to_lowercase();
    let mut texts = fact.constraints.iter().chain(&fact.description);
    texts.any(|text| text.to_lowercase().contains(&list))
}

/// The kind that the words of a type give, with the names in them resolved as far as they are
/// value objects; enumerations come later, since their values may stand elsewhere.
fn known_kind(draft: &Draft<'_>, words: &TypeWords, name: &str) -> FieldKind {
    if words.vague_number {
        let kind = name_words::number_kind(name);
        return if words.list { FieldKind::List(Box::new(kind)) } else { kind };
    }
    if let Some(kind) = &words.kind {
        return kind.clone();
    }
    if let Some(id) = words.named.as_deref().and_then(|named| draft.enumeration(named)) {
        return FieldKind::Enumeration(id);
    }
    let embedded = words.named.as_deref().and_then(|named| draft.entity(named));
    match embedded {
        // Several values of a value object, or one: they live inside the row.
        Some(id) if draft.model.entity(id).kind == EntityKind::ValueObject => FieldKind::Json,
        _ => FieldKind::Unknown,
    }
}

/// How much a kind says, for choosing between two places.
fn precision(kind: &FieldKind) -> u8 {
    match kind {
        FieldKind::Unknown => 0,
        FieldKind::Text { max: None } => 1,
        FieldKind::Json
        | FieldKind::Float
        | FieldKind::Decimal { precision: None, .. }
        | FieldKind::Integer { bits: 32, counted: false } => 2,
        FieldKind::Text { max: Some(_) }
        | FieldKind::Uuid
        | FieldKind::Decimal { precision: Some(_), .. }
        | FieldKind::Money { .. }
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Timestamp
        | FieldKind::Duration
        | FieldKind::Binary
        | FieldKind::IpAddress => 3,
        FieldKind::Integer { .. } => 3,
        FieldKind::List(_) | FieldKind::Enumeration(_) => 4,
    }
}

/// Whether two kinds cannot both be meant. A vague word beside a precise one is no contradiction,
/// and neither are two widths of one kind.
fn contradict(one: &FieldKind, other: &FieldKind) -> bool {
    let family = |kind: &FieldKind| match kind {
        FieldKind::Unknown | FieldKind::Text { .. } | FieldKind::Json => None,
        FieldKind::Integer { .. }
        | FieldKind::Decimal { .. }
        | FieldKind::Money { .. }
        | FieldKind::Float => Some(0),
        FieldKind::Date | FieldKind::Timestamp => Some(1),
        FieldKind::Uuid => Some(2),
        FieldKind::Boolean => Some(3),
        FieldKind::Time => Some(4),
        FieldKind::Duration => Some(5),
        FieldKind::Binary => Some(6),
        FieldKind::IpAddress => Some(7),
        FieldKind::Enumeration(_) | FieldKind::List(_) => None,
    };
    matches!((family(one), family(other)), (Some(one), Some(other)) if one != other)
}

fn report_types(
    draft: &mut Draft<'_>,
    path: &str,
    kept: (&Chosen, &Statement),
    left: (&Chosen, &Statement),
) {
    let show = |text: &String| format!("`{text}`");
    let text = |chosen: &Chosen| chosen.text.clone().unwrap_or_default();
    let said = [(text(kept.0), kept.1), (text(left.0), left.1)];
    report_disagreement(draft, path, &said, show, "give the same type at both places");
}

/// The values of one list, whatever their order.
struct Values(Vec<String>);

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

/// The list of values that a field takes: one with a name, or one of its own.
fn list_of_values(
    draft: &mut Draft<'_>,
    entity: EntityId,
    name: &str,
    chosen: &Chosen,
    values: &[String],
    source: Span,
) -> Option<EnumId> {
    let values = distinct(values);
    let by_type = chosen.words.named.as_deref().and_then(|named| draft.enumeration(named));
    // A list called OrderStatus is the list of Order.status unless the types say otherwise.
    let says_enum = chosen.text.as_deref().is_none_or(|text| text.to_lowercase().contains("enum"));
    // `MenuItem.category` without a type takes the values of `Category`; a `status` may be that of anything.
    let is_own_word =
        !matches!(fold_field(name).as_str(), "status" | "state" | "type" | "kind" | "name");
    let alone = || {
        let id = (chosen.text.is_none() && is_own_word).then(|| draft.enumeration(name))??;
        let listed = &draft.model.enumeration(id).values;
        (values.is_empty() || same(listed, &values)).then_some(id)
    };
    let by_name = || draft.named_list_of(entity, name).or_else(alone);
    let plain_text = matches!(chosen.kind, FieldKind::Unknown | FieldKind::Text { .. });
    let by_values = || {
        let own = plain_text.then(by_name).flatten()?;
        let listed = &draft.model.enumeration(own).values;
        (values.is_empty() || same(listed, &values)).then_some(own)
    };
    let owner = |draft: &Draft<'_>| draft.model.entity(entity).name.clone();
    if let Some(id) = by_type.or_else(|| if says_enum { by_name() } else { by_values() }) {
        let known = draft.model.enumeration(id).clone();
        if !values.is_empty() && !same(&known.values, &values) {
            let more: Vec<String> = values
                .iter()
                .filter(|v| !known.values.iter().any(|old| fold_field(old) == fold_field(v)))
                .cloned()
                .collect();
            if !more.is_empty() {
                let owner = owner(draft);
                let message = format!(
                    "`{owner}.{name}` takes values that `{}` lacks: {}; they were added",
                    known.name,
                    more.join(", ")
                );
                draft.report(
                    Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
                        .at(source, "these values")
                        .at(known.source, "and this list")
                        .help("list the same values at both places"),
                );
                draft.model.enums[id.index()].values.extend(more);
            }
        }
        return Some(id);
    }
    // Numbers and flags stay what they are; their listed values become a rule.
    let takes_values = matches!(
        chosen.kind,
        FieldKind::Unknown
            | FieldKind::Text { .. }
            | FieldKind::List(_)
            | FieldKind::Enumeration(_)
    );
    if values.len() < 2 || !takes_values {
        return None;
    }
    // Several fields may be typed with a name whose values stand beside one of them.
    let named = chosen.words.named.clone().filter(|named| {
        named.chars().all(|c| c.is_alphanumeric() || c == '_') && draft.entity(named).is_none()
    });
    Some(draft.add_enumeration(Enumeration {
        name: named.clone().unwrap_or_else(|| format!("{}.{name}", owner(draft))),
        named: named.is_some(),
        values,
        source,
    }))
}

/// Without a type, the name may tell.
fn by_name(
    draft: &mut Draft<'_>,
    path: &str,
    name: &str,
    mentions: &[Mention<'_>],
    chosen: &mut Chosen,
    source: Span,
) {
    let refers = mentions.iter().any(|mention| mention.fact.references.is_some())
        || chosen.words.reference.is_some()
        || chosen.words.named.as_deref().is_some_and(|named| {
            let says_so =
                ["reference", "ref", "relation", "link"].contains(&&*named.to_lowercase());
            says_so && is_reference_name(draft, name)
                || draft.entity(named).is_some()
                || draft.external(named).is_some()
        });
    if refers {
        // The key that it refers to gives the type.
        return;
    }
    if let Some(named) = chosen.words.named.clone() {
        draft.ask(
            "type",
            path,
            format!(
                "What is the type of `{path}`? `{named}` is neither a known type nor described."
            ),
            "text",
            Some(source),
        );
        return;
    }
    // Of what names a key, that key gives the type.
    let is_key = is_reference_name(draft, name);
    let by_words = || by_default(mentions).or_else(|| by_letters(mentions)).filter(|_| !is_key);
    let known = name_words::kind_by_name(name).or_else(by_words).or_else(|| by_bounds(mentions));
    let Some((kind, reason)) = known else {
        if !is_key {
            let text = format!("What is the type of `{path}`? No document says.");
            draft.ask("type", path, text, "text", Some(source));
        }
        return;
    };
    draft.assume("type", path, format!("`{path}` is {}", name_words::describe(&kind)), reason);
    chosen.kind = kind;
}

/// The kind of what is true, false or now by default.
fn by_default(mentions: &[Mention<'_>]) -> Option<(FieldKind, String)> {
    let default = mentions.iter().find_map(|mention| mention.fact.default.as_deref())?;
    let kind = match default.trim().to_lowercase().as_str() {
        "true" | "false" => FieldKind::Boolean,
        "now" | "now()" => FieldKind::Timestamp,
        _ => return None,
    };
    Some((kind, format!("it is `{default}` by default and no document gives a type")))
}

/// Text, where characters or letters are counted or named: "up to 40 characters", "exactly eight digits".
fn by_letters(mentions: &[Mention<'_>]) -> Option<(FieldKind, String)> {
    let facts = mentions.iter().map(|mention| mention.fact);
    let mut said = facts.flat_map(|fact| {
        fact.constraints.iter().map(String::as_str).chain(fact.description.as_deref())
    });
    let of_text = said.find(|text| {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        has(&["characters", "chars", "letters"])
            || has(&["digits"]) && has(&["exactly", "followed"])
    })?;
    Some((
        FieldKind::Text { max: None },
        format!("\"{of_text}\" speaks of its characters and no document gives a type"),
    ))
}

/// The kind of what lies between two numbers: "0 to 10".
fn by_bounds(mentions: &[Mention<'_>]) -> Option<(FieldKind, String)> {
    let said = mentions.iter().flat_map(|mention| &mention.fact.constraints);
    let mut numbers = said.filter_map(|text| rule::range::bounds(text));
    let whole = |literal: &Literal| matches!(literal, Literal::Integer(_));
    let (low, high) = numbers.next_back()?;
    let kind = if whole(&low) && whole(&high) {
        FieldKind::Integer { bits: 32, counted: false }
    } else {
        FieldKind::Decimal { precision: None, scale: None }
    };
    Some((kind, format!("it lies between {low} and {high} and no document gives a type")))
}

fn is_reference_name(draft: &Draft<'_>, name: &str) -> bool {
    snake(name).strip_suffix("_id").is_some_and(|front| draft.entity(front).is_some())
}

fn says_counted(fact: &FieldFact) -> bool {
    let constraints = fact.constraints.iter().map(String::as_str);
    constraints.chain(fact.default.as_deref()).chain(fact.type_text.as_deref()).any(|text| {
        let text = text.to_lowercase();
        ["auto-increment", "auto increment", "auto_increment", "autoincrement", "identity"]
            .iter()
            .any(|word| text.contains(word))
            || text.starts_with("nextval(")
    })
}

/// Lists of values that stand apart from their field, under the name `Entity.field`.
fn listed_elsewhere(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Enumeration { name, values } = &statement.fact else { continue };
        let Some((entity, field_name)) = field_path(draft, name) else { continue };
        let values = distinct(values);
        let Some(field) = draft.field(entity, field_name) else {
            draft.report_unknown_field("a list of values", entity, field_name, statement.span);
            continue;
        };
        if let Some(id) = draft.enumeration_of(field) {
            let known = draft.model.enums[id.index()].values.clone();
            let more = values
                .into_iter()
                .filter(|v| !known.iter().any(|old| fold_field(old) == fold_field(v)));
            draft.model.enums[id.index()].values.extend(more);
        } else if values.len() > 1 {
            give_values(draft, field, values, statement.span);
        }
    }
}

/// Makes a field take the values of a list of its own. Numbers keep their kind.
pub(crate) fn give_values(
    draft: &mut Draft<'_>,
    field: FieldId,
    values: Vec<String>,
    source: Span,
) {
    if !matches!(draft.model.field(field).kind, FieldKind::Unknown | FieldKind::Text { .. }) {
        return;
    }
    let name = draft.model.field_path(field);
    let id = draft.add_enumeration(Enumeration { name, named: false, values, source });
    draft.field_mut(field).kind = FieldKind::Enumeration(id);
}
