//! The last sections: decisions, what is open, what is not proven, and how to run it again.

use underpin_claim::Verdict;

use super::places;
use crate::artifact::decision_records::file_name;
use crate::context::{Context, Judged, NumberedDecision, measures};
use crate::markdown::{Document, Inline, Table, code, none, raw, text};
use crate::words;

/// Rules whose decisions stand, with their reasons, in a section of their own: indexes in section 2,
/// what a deletion does in section 11, unique keys in section 1.
const ELSEWHERE: [&str; 3] = ["P050", "L015", "L018"];

/// So many choices of one reason are written out; of more, the first stands for all.
const CHOICES: usize = 4;

pub(super) fn decisions(context: &Context<'_>, out: &mut Document) {
    out.title(2, "13. Decisions");
    let mut table = Table::new(&[
        "Decision",
        "Choice",
        "Reason",
        "Alternatives",
        "What would change it",
        "Source",
    ]);
    out.say(
        "Each unique key, index and `ON DELETE` is a decision too: their reasons are in sections 1, 2 and 11.",
    );
    let here = context
        .decisions()
        .into_iter()
        .filter(|it| !ELSEWHERE.contains(&it.decision.rule) || it.record.is_some());
    for group in alike(here.collect()) {
        let Some(first) = group.first().map(|it| it.decision) else { continue };
        let names = group.iter().enumerate().map(|(at, it)| {
            let id = code(&it.decision.id());
            // What shares a record names it once, behind the last.
            let next = group.get(at + 1).and_then(|next| next.record);
            match it.record.filter(|record| next != Some(*record)) {
                Some(record) => {
                    let (number, file) = (record.number, file_name(record));
                    id.then(&raw(format!(", [record {number}](../decisions/{file})")))
                }
                None => id,
            }
        });
        let mut choices: Vec<String> = Vec::new();
        for it in &group {
            let choice = words::sentence(&it.decision.choice);
            if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
        if choices.len() > CHOICES {
            let others = words::things(choices.len() - 1, "other");
            choices.truncate(1);
            choices.push(format!("The same holds for the {others}, each with what is its own."));
        }
        let alternatives = first.alternatives.iter().map(|it| text(it)).collect::<Vec<_>>();
        table.row([
            Inline::join(names.collect::<Vec<_>>(), ", "),
            Inline::join(choices.iter().map(|it| text(it)).collect::<Vec<_>>(), " "),
            text(&words::sentence(&first.reason)),
            if alternatives.is_empty() { none() } else { Inline::join(alternatives, "; ") },
            if first.changes_when.is_empty() {
                none()
            } else {
                text(&words::sentence(&first.changes_when))
            },
            places(context, group.iter().flat_map(|it| it.decision.inputs.iter().copied())),
        ]);
    }
    if table.is_empty() {
        out.say("The design made no choice of its own.");
    }
    out.table(&table);
}

/// Decisions of one rule for one reason in one group, at the place of the first: a reader judges the
/// reason once.
fn alike(decisions: Vec<NumberedDecision<'_>>) -> Vec<Vec<NumberedDecision<'_>>> {
    let mut groups: Vec<Vec<NumberedDecision<'_>>> = Vec::new();
    for it in decisions {
        let same = |group: &&mut Vec<NumberedDecision<'_>>| {
            group.first().is_some_and(|first| {
                let (one, other) = (first.decision, it.decision);
                one.rule == other.rule
                    && one.reason == other.reason
                    && one.alternatives == other.alternatives
                    && one.changes_when == other.changes_when
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(it),
            None => groups.push(vec![it]),
        }
    }
    groups
}

pub(super) fn open(context: &Context<'_>, out: &mut Document) {
    let model = context.input.model;
    out.title(2, "14. Open questions and assumptions");
    if model.questions.is_empty() {
        out.say("The documents leave no question open.");
    } else {
        out.say("Answer these in the documents, and run again. Until then the design assumes what stands beside them.");
    }
    let mut questions = Table::new(&["Question", "About", "Assumed meanwhile", "Source"]);
    for question in &model.questions {
        questions.row([
            text(&question.text),
            code(&question.subject),
            text(&question.assumed),
            places(context, question.source),
        ]);
    }
    out.table(&questions);
    let mut assumptions = Table::new(&["Assumed", "About", "Reason"]);
    for it in &model.assumptions {
        assumptions.row([
            text(&words::sentence(&it.text)),
            code(&it.subject),
            text(&words::sentence(&it.reason)),
        ]);
    }
    if !assumptions.is_empty() {
        out.say("Further assumptions:");
    }
    out.table(&assumptions);
    let mut partly =
        Table::new(&["Access pattern read in part", "What was not understood", "Source"]);
    for pattern in model.patterns.iter().filter(|it| !it.is_whole()) {
        let left: Vec<&str> =
            pattern.unresolved.iter().chain(&pattern.unread).map(String::as_str).collect();
        partly.row([
            text(&pattern.text),
            text(&left.join("; ")),
            places(context, [pattern.source]),
        ]);
    }
    if !partly.is_empty() {
        out.say("The statements of these ask for less, or for more, than the documents do, and no claim is made of how fast they are:");
    }
    out.table(&partly);
    let mut rules = Table::new(&["Rule that only its text keeps", "Entity", "Source"]);
    let (unenforced, remarks) = context.unenforced();
    for rule in unenforced {
        rules.row([
            text(&rule.text),
            code(&model.entity(rule.entity).name),
            places(context, [rule.source]),
        ]);
    }
    if !rules.is_empty() {
        out.say("**The database does not enforce these rules.** The application must:");
    }
    out.table(&rules);
    let mut beside = Table::new(&["Remark", "About", "Source"]);
    for remark in remarks {
        let about = remark.field.map(|field| model.field_path(field));
        beside.row([
            text(&remark.text),
            code(&about.unwrap_or_else(|| model.entity(remark.entity).name.clone())),
            places(context, [remark.source]),
        ]);
    }
    if !beside.is_empty() {
        out.say("Remarks beside fields, of which nothing was made. Where one is a rule, the application must keep it:");
    }
    out.table(&beside);
    let mut unkept = Table::new(&["Sentence", "Source"]);
    for sentence in context.unkept() {
        unkept.row([text(&sentence.text), places(context, [sentence.source])]);
    }
    if !unkept.is_empty() {
        out.say("Sentences that bind and were not understood. Where one is a rule, the application must keep it:");
    }
    out.table(&unkept);
    let mut unmet = Table::new(&["Asked for", "Source"]);
    for line in &model.unmet {
        unmet.row([text(&line.text), places(context, [line.source])]);
    }
    if !unmet.is_empty() {
        out.say("Asked for, and not part of this design. Write it by hand, or let the application do it:");
    }
    out.table(&unmet);
    out.paragraph(&security(context));
}

/// Who reads what: the part of it that nothing here keeps.
fn security(context: &Context<'_>) -> Inline {
    let model = context.input.model;
    let apart = if context.input.physical.contexts.is_empty() {
        "**Roles, privileges and row-level security are outside this design.** Whoever connects as the owner of \
         the tables reads and writes every row."
    } else {
        "**Row-level security is outside this design.** The roles keep the contexts apart; within one, its \
         application's role reads and writes every row."
    };
    match &model.tenant {
        Some(tenant) => raw(format!("{apart} The documents name a tenant, "))
            .then(&code(&model.entity(tenant.entity).name))
            .then(&raw(" ("))
            .then(&places(context, [tenant.source]))
            .then(&raw(
                "): that a session sees only its own tenant's rows is left to the application.",
            )),
        None => raw(apart),
    }
}

pub(super) fn not_proven(context: &Context<'_>, out: &mut Document) {
    out.title(2, "15. Claims not proven");
    let of = |verdict: Verdict| -> Vec<Judged<'_>> {
        context.judged_claims().filter(|it| it.verdict() == verdict).collect()
    };
    let refuted = of(Verdict::Refuted);
    let not_run = of(Verdict::NotRun);
    let assumed = of(Verdict::Assumed);
    if refuted.is_empty() && not_run.is_empty() && assumed.is_empty() {
        out.say("None: every claim of this design is proven.");
        return;
    }
    if !refuted.is_empty() {
        out.title(3, "REFUTED");
        out.say("These sentences are false. The design must change, or the objective.");
        let mut table =
            Table::new(&["Claim", "Statement", "Demanded", "Measured", "What was seen"]);
        for it in &refuted {
            table.row([
                code(it.claim.id.as_str()),
                text(&it.claim.statement),
                text(&measures(&it.claim.threshold)),
                it.evidence.map_or_else(none, |evidence| text(&measures(&evidence.measured))),
                it.note().map_or_else(none, text),
            ]);
        }
        out.table(&table);
    }
    if !not_run.is_empty() {
        out.title(3, "Not run");
        by_reason(out, &not_run);
    }
    if !assumed.is_empty() {
        out.title(3, "Assumed");
        by_reason(out, &assumed);
    }
}

/// Claims gathered under the reason that they share, which most often is one for all.
fn by_reason(out: &mut Document, judged: &[Judged<'_>]) {
    let mut reasons: Vec<&str> = Vec::new();
    for it in judged {
        let reason = it.note().unwrap_or("no evidence was recorded");
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    for reason in reasons {
        let own =
            judged.iter().filter(|it| it.note().unwrap_or("no evidence was recorded") == reason);
        let count = words::things(own.clone().count(), "claim");
        out.paragraph(&raw(format!("{count}: ")).then(&text(&words::sentence(reason))));
        out.list(own.map(|it| {
            code(it.claim.id.as_str()).then(&raw(": ")).then(&text(&it.claim.statement))
        }));
    }
}

pub(super) fn reproduce(context: &Context<'_>, out: &mut Document) {
    out.title(2, "16. How to reproduce");
    out.say("All claims, or one, where `DIR` is the folder that holds `underpin.yaml`:");
    out.fence("sh", "underpin verify DIR\nunderpin verify --claim ID DIR");
    let example = context.judged_claims().find(|it| it.verdict() == Verdict::Refuted);
    if let Some(it) = example.or_else(|| context.judged_claims().next()) {
        out.paragraph(
            &raw("An id is for example ").then(&code(it.claim.id.as_str())).then(&raw(".")),
        );
    }
    let environment = &context.input.verification.environment;
    let Some(version) = &environment.server_version else {
        out.say("No server has been used so far.");
        return;
    };
    out.say("What was measured was measured here; other machines give other times:");
    let mut table = Table::new(&["Environment", "Value"]);
    table.row([raw("Server"), text(version)]);
    for (name, value) in &environment.facts {
        table.row([text(name), text(&value.to_string())]);
    }
    out.table(&table);
}
