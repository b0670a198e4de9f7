//! What a reader has to know before relying on the design: what it leaves out, assumes, and leaves to others. Proofs say
//! nothing about it, so that it stands before them.

use underpin_logical::AttributeId;
use underpin_model::{EntityKind, Origin};

use crate::context::Context;
use crate::markdown::{Document, Inline, code, raw};
use crate::words;

/// So many names are written out; of more, the rest is counted.
const NAMES: usize = 12;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    let caveats = [
        not_stored(context),
        assumed(context),
        unenforced(context),
        unkept(context),
        unmet(context),
        questions(context),
        personal_data(context),
    ];
    let mut caveats: Vec<Inline> = caveats.into_iter().flatten().collect();
    caveats.push(raw(
        "**Row-level security is not part of this design**: whoever may read a table reads each of its rows.",
    ));
    out.say("Before you rely on it:");
    out.list(caveats);
}

/// Entities of which documents say nothing but the name.
fn not_stored(context: &Context<'_>) -> Option<Inline> {
    let model = context.input.model;
    let stored = |name: &str| context.input.logical.relations.iter().any(|it| it.name == name);
    let missing: Vec<&str> = model
        .entities
        .iter()
        .filter(|entity| entity.kind == EntityKind::Entity && entity.fields.is_empty())
        .map(|entity| entity.name.as_str())
        .filter(|name| !stored(name))
        .collect();
    let what = match missing.len() {
        0 => return None,
        1 => "1 entity of the documents has no table**, since no document lists a field of it: "
            .to_owned(),
        many => format!(
            "{many} entities of the documents have no table**, since no document lists a field of them: "
        ),
    };
    Some(raw(format!("**{what}")).then(&named(&missing)).then(&raw(".")))
}

/// Columns that no document states.
fn assumed(context: &Context<'_>) -> Option<Inline> {
    let mut tables: Vec<&str> = Vec::new();
    let mut count = 0;
    for view in context.tables() {
        let Some((_, relation)) = view.origin else { continue };
        let assumed = relation
            .attributes
            .iter()
            .enumerate()
            // A key that nothing states is no assumption about the domain.
            .filter(|(at, _)| !relation.key.contains(&AttributeId::from_index(*at)))
            .filter(|(_, attribute)| matches!(attribute.origin, Origin::Assumed(_)))
            .count();
        if assumed > 0 {
            count += assumed;
            tables.push(view.table.name.name.as_str());
        }
    }
    (count > 0).then(|| {
        raw(format!(
            "**{} {} assumed**, which no document names, in ",
            words::things(count, "column"),
            if count == 1 { "is" } else { "are" }
        ))
        .then(&named(&tables))
        .then(&raw(" ([section 14](#14-open-questions-and-assumptions)); `--no-assumptions` leaves them out."))
    })
}

/// Rules that are left to the application.
fn unenforced(context: &Context<'_>) -> Option<Inline> {
    let count = context.unenforced().0.len();
    (count > 0).then(|| {
        raw(format!(
            "**{} of the documents {} not enforced by the database** ([section 14]\
             (#14-open-questions-and-assumptions)).",
            words::things(count, "rule"),
            if count == 1 { "is" } else { "are" }
        ))
    })
}

/// Sentences that may be rules.
fn unkept(context: &Context<'_>) -> Option<Inline> {
    let count = context.unkept().len();
    (count > 0).then(|| {
        raw(format!(
            "**{} that {} {} not understood**; nothing enforces what {} ([section 14]\
             (#14-open-questions-and-assumptions)).",
            words::things(count, "sentence"),
            if count == 1 { "binds" } else { "bind" },
            if count == 1 { "was" } else { "were" },
            if count == 1 { "it says" } else { "they say" }
        ))
    })
}

/// What the documents ask for and no design here has.
fn unmet(context: &Context<'_>) -> Option<Inline> {
    let count = context.input.model.unmet.len();
    (count > 0).then(|| {
        raw(format!(
            "**{} of the documents {} for what is not part of this design** ([section 14]\
             (#14-open-questions-and-assumptions)).",
            words::things(count, "line"),
            if count == 1 { "asks" } else { "ask" }
        ))
    })
}

/// What the documents leave open.
fn questions(context: &Context<'_>) -> Option<Inline> {
    let count = context.input.model.questions.len();
    (count > 0).then(|| {
        raw(format!(
            "**{} {} open**; what is assumed meanwhile stands beside each ([section 14]\
             (#14-open-questions-and-assumptions)).",
            words::things(count, "question"),
            if count == 1 { "is" } else { "are" }
        ))
    })
}

/// That nobody said which columns hold it is no word that none does.
fn personal_data(context: &Context<'_>) -> Option<Inline> {
    let relations = &context.input.logical.relations;
    let is_marked =
        relations.iter().flat_map(|it| &it.attributes).any(|it| it.sensitivity.is_some());
    (!is_marked)
        .then(|| raw("**No document marks personal data**, so that none is treated as such."))
}

fn named(names: &[&str]) -> Inline {
    let mut shown: Vec<Inline> = names.iter().take(NAMES).map(|name| code(name)).collect();
    if names.len() > NAMES {
        shown.push(raw(format!("and {}", words::things(names.len() - NAMES, "other"))));
    }
    Inline::join(shown, ", ")
}
