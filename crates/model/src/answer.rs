//! What a person answered to the questions of a model: each answer becomes what a document would have said.

use underpin_base::{Diagnostic, Sources, Span};
use underpin_read::{
    EntityFact, EntityKind, Fact, FieldFact, Reading, RelationshipFact, SplitMethod, Statement,
};

use crate::codes;
use crate::names::{fold_entity, fold_field, nearest};
use crate::pass::{deleted_values, expectations, owners, partitionings};
use crate::{Assumptions, Model, Origin, Question, build_with};

/// The notation of what was answered.
const NOTATION: &str = "answer";

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// The answer, as written.
    pub value: String,
    /// Where it is written.
    pub span: Span,
}

/// A model with answers in it.
#[derive(Debug)]
pub struct Answered {
    /// The model.
    pub model: Model,
    /// Ids of answers whose questions it asks or would ask.
    pub asked: Vec<String>,
}

/// Builds the model that the statements describe, with the answers to its questions. An answer that is not possible
/// changes nothing and is a diagnostic.
pub fn build_answered(
    reading: &Reading,
    sources: &Sources,
    answers: &[Answer],
    assumptions: Assumptions,
) -> Answered {
    let mut model = build_with(reading, sources, assumptions);
    if answers.is_empty() {
        return Answered { model, asked: Vec::new() };
    }
    let mut statements = reading.statements.clone();
    let mut remarks = Vec::new();
    let mut settled: Vec<&str> = Vec::new();
    // An answer may open a question that the next one answers: what is the type of the field of an entity that is
    // stored after all. Each round answers at least one of them.
    let mut open: Vec<&Answer> = answers.iter().collect();
    loop {
        let asked = |answer: &&Answer| model.questions.iter().any(|it| it.id == answer.question);
        let (now, later): (Vec<&Answer>, Vec<&Answer>) = open.into_iter().partition(asked);
        open = later;
        if now.is_empty() {
            break;
        }
        for answer in now {
            let question = model.questions.iter().find(|it| it.id == answer.question);
            let question = question.expect("invariant: the model asks it");
            let mut tried = statements.clone();
            match apply(&model, question, answer, &mut tried) {
                Ok(()) if is_understood(&model, &tried, (sources, assumptions), answer) => {
                    statements = tried;
                    settled.push(&answer.question);
                }
                Ok(()) => remarks.push(impossible(question, answer, "it was not understood")),
                Err(why) => remarks.push(impossible(question, answer, &why)),
            }
        }
        model = rebuilt(&statements, (sources, assumptions), &settled);
    }
    model.diagnostics.append(&mut remarks);
    let asked = answers.iter().filter(|it| !open.contains(it)).map(|it| it.question.clone());
    Answered { asked: asked.collect(), model }
}

fn rebuilt(
    statements: &[Statement],
    (sources, assumptions): (&Sources, Assumptions),
    settled: &[&str],
) -> Model {
    let reading = Reading { statements: statements.to_vec(), ..Reading::default() };
    let mut model = build_with(&reading, sources, assumptions);
    model.questions.retain(|question| !settled.contains(&question.id.as_str()));
    model.assumptions.retain(|assumption| !settled.contains(&assumption.id.as_str()));
    model
}

/// Whether what the answer says gives rise to no question or remark of its own.
fn is_understood(
    before: &Model,
    statements: &[Statement],
    from: (&Sources, Assumptions),
    answer: &Answer,
) -> bool {
    let model = rebuilt(statements, from, &[]);
    let asked = before.questions.iter().find(|it| it.id == answer.question);
    let is_rule = asked.is_some_and(|it| kind(it) == "rule");
    let asks = |it: &Question| {
        it.source == Some(answer.span)
            && (it.id == answer.question || is_rule && kind(it) == "rule")
    };
    !model.questions.iter().any(asks) && model.diagnostics.len() <= before.diagnostics.len()
}

fn impossible(question: &Question, answer: &Answer, why: &str) -> Diagnostic {
    let message = format!(
        "`{}` is no answer to `{}`: {why}; the question stays open",
        answer.value, answer.question
    );
    Diagnostic::error(codes::IMPOSSIBLE_ANSWER, message).at(answer.span, "").help(format!(
        "{} Answer {}",
        question.text,
        takes(question)
    ))
}

/// Says that nobody asks the question of an answer.
pub fn unknown_question(model: &Model, answer: &Answer) -> Diagnostic {
    let message =
        format!("no question has the id `{}`, so its answer changes nothing", answer.question);
    let help = match nearest(&answer.question, model.questions.iter().map(|it| it.id.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take the line out; the open questions are listed under `questions`".to_owned(),
    };
    Diagnostic::error(codes::UNKNOWN_QUESTION, message).at(answer.span, "").help(help)
}

/// The kind of a question: the last part of its id.
fn kind(question: &Question) -> &str {
    question.id.rsplit('.').next().unwrap_or_default()
}

/// What can be answered, in words that follow "answer".
pub fn takes(question: &Question) -> &'static str {
    match kind(question) {
        "required" => "`required` or `optional`",
        "required-fields" => "`none`, `all`, or the fields that may be empty: `nickname, phone`",
        "type" => "a type, such as `integer`, `decimal(12,2)`, `timestamp` or `text(120)`",
        "initial" => "the state's name, or `any`",
        "retention" => "a number of days, or `forever`",
        "unique-condition" => "a condition such as `status = 'active'`, `all`, or `not enforced`",
        "rule" => "a condition such as `total >= 0`, or `not enforced`",
        "stored"
        | "letter-case"
        | deleted_values::QUESTION
        | expectations::FORWARD
        | expectations::TOLD_APART
        | partitionings::KEY => "`yes` or `no`",
        partitionings::METHOD => "`range`, `list`, `hash`, or `whole` for one table",
        "external" => "`yes`, or `no` where it is stored here",
        "pairs" => "the name of the entity that joins them, or `not here`",
        owners::QUESTION => "the name of a context, or `none of them`",
        _ => "`default` to keep what was assumed",
    }
}

/// What is answered where only `default` is said.
pub fn default_answer(question: &Question) -> &str {
    match kind(question) {
        "retention" => "forever",
        "unique-condition" | "rule" => "not enforced",
        "external" | deleted_values::QUESTION => "yes",
        "letter-case" | expectations::FORWARD | expectations::TOLD_APART | partitionings::KEY => {
            "no"
        }
        partitionings::METHOD => "whole",
        _ => &question.assumed,
    }
}

/// Says in statements what the answer says.
fn apply(
    model: &Model,
    question: &Question,
    answer: &Answer,
    statements: &mut Vec<Statement>,
) -> Result<(), String> {
    let value = answer.value.trim();
    if value.eq_ignore_ascii_case("default") || value.is_empty() {
        return apply_value(model, question, answer, default_answer(question), statements);
    }
    apply_value(model, question, answer, value, statements)
}

fn apply_value(
    model: &Model,
    question: &Question,
    answer: &Answer,
    value: &str,
    statements: &mut Vec<Statement>,
) -> Result<(), String> {
    let lower = value.to_lowercase();
    let yes = match lower.as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    };
    let is_default = value == default_answer(question) || value == question.assumed;
    let said = |fact| stated(fact, answer.span);
    match kind(question) {
        "required" => {
            let required = match lower.as_str() {
                "required" => true,
                "optional" => false,
                _ => yes.ok_or("it is neither `required` nor `optional`")?,
            };
            on_field(&question.subject, answer.span, statements, |it| it.required = Some(required))
        }
        "required-fields" => required_fields(model, question, answer, &lower, statements),
        "type" => on_field(&question.subject, answer.span, statements, |it| {
            it.type_text = Some(value.to_owned());
        }),
        "initial" => {
            if lower == "any" {
                return Ok(());
            }
            let (entity, field) = split(&question.subject);
            let lifecycle = model.lifecycles.iter().find(|it| {
                model.entity(it.entity).name == entity && model.field(it.field).name == field
            });
            let states = lifecycle.map(|it| it.states.as_slice()).unwrap_or_default();
            let state = states.iter().find(|it| fold_field(it) == fold_field(value));
            let state = state.ok_or_else(|| format!("the states are {}", listed(states)))?;
            statements.push(said(Fact::Lifecycle {
                entity: entity.to_owned(),
                field: Some(field.to_owned()),
                states: Vec::new(),
                initial: Some(state.clone()),
            }));
            Ok(())
        }
        "retention" => {
            if lower == "forever" || is_default {
                return Ok(());
            }
            let number = lower.trim_end_matches("days").trim_end_matches("day").trim();
            let number: u32 = number.parse().map_err(|_| "it is no number of days".to_owned())?;
            at_source(question, statements, |fact| {
                if let Fact::Retention { days, .. } = fact {
                    *days = Some(number);
                }
            });
            move_to(question, answer, statements);
            Ok(())
        }
        "unique-condition" => {
            if is_default {
                return Ok(());
            }
            at_source(question, statements, |fact| {
                if let Fact::Unique { condition, .. } = fact {
                    *condition = (lower != "all").then(|| value.to_owned());
                }
            });
            move_to(question, answer, statements);
            Ok(())
        }
        "rule" => {
            if is_default {
                return Ok(());
            }
            let (entity, _) = split(&question.subject);
            statements.push(said(Fact::Rule {
                entity: Some(entity.to_owned()),
                field: None,
                text: value.to_owned(),
            }));
            Ok(())
        }
        partitionings::KEY => {
            let yes = yes.or(is_default.then_some(false));
            let widens = yes.ok_or("it is neither `yes` nor `no`")?;
            at_source(question, statements, |fact| {
                if let Fact::Partitioning(fact) = fact {
                    fact.widens_key = widens;
                }
            });
            move_to(question, answer, statements);
            Ok(())
        }
        partitionings::METHOD => {
            if is_default || lower == "whole" {
                return Ok(());
            }
            let method = SplitMethod::parse(&lower);
            let method = method.ok_or("it is none of `range`, `list`, `hash` and `whole`")?;
            at_source(question, statements, |fact| {
                if let Fact::Partitioning(fact) = fact {
                    fact.method = Some(method);
                }
            });
            move_to(question, answer, statements);
            Ok(())
        }
        "stored" | "external" => {
            let yes = yes.or((is_default).then_some(kind(question) == "external"));
            let yes = yes.ok_or("it is neither `yes` nor `no`")?;
            if yes == (kind(question) == "stored") {
                statements.push(said(entity_fact(&question.subject)));
            }
            Ok(())
        }
        "pairs" => {
            if is_default {
                return Ok(());
            }
            let entity =
                model.entities().find(|(_, it)| fold_entity(&it.name) == fold_entity(value));
            let (_, entity) = entity.ok_or("no entity has this name")?;
            let name = entity.name.clone();
            at_source(question, statements, |fact| {
                if let Fact::Relationship(RelationshipFact { through, .. }) = fact {
                    *through = Some(name.clone());
                }
            });
            move_to(question, answer, statements);
            Ok(())
        }
        "letter-case" => {
            let (entity, field) = split(&question.subject);
            if yes.or(is_default.then_some(false)).ok_or("it is neither `yes` nor `no`")? {
                statements.push(said(Fact::Rule {
                    entity: Some(entity.to_owned()),
                    field: Some(field.to_owned()),
                    text: "case-insensitive".to_owned(),
                }));
            }
            Ok(())
        }
        deleted_values::QUESTION => {
            let yes = yes.or(is_default.then_some(true));
            let yes = yes.ok_or("it is neither `yes` nor `no`")?;
            let again = if yes { "can be used again" } else { "are never reused" };
            statements.push(said(Fact::Rule {
                entity: Some(question.subject.clone()),
                field: None,
                text: format!("values of deleted rows {again}"),
            }));
            Ok(())
        }
        asked @ (expectations::FORWARD | expectations::TOLD_APART) => {
            let (entity, field) = split(&question.subject);
            if yes.or(is_default.then_some(false)).ok_or("it is neither `yes` nor `no`")? {
                let text = if asked == expectations::FORWARD {
                    "a row may end before it begins".to_owned()
                } else {
                    format!("rows may have the same {field}")
                };
                statements.push(said(Fact::Rule {
                    entity: Some(entity.to_owned()),
                    field: None,
                    text,
                }));
            }
            Ok(())
        }
        owners::QUESTION => owned(model, question, answer, value, statements),
        _ if is_default => Ok(()),
        _ => Err("this question takes no other answer than `default`".to_owned()),
    }
}

/// Has one context list the entity, and no other.
fn owned(
    model: &Model,
    question: &Question,
    answer: &Answer,
    value: &str,
    statements: &mut Vec<Statement>,
) -> Result<(), String> {
    let nobody = value == owners::NOBODY;
    let named = model.contexts.iter().find(|it| fold_field(&it.name) == fold_field(value));
    let names: Vec<String> = model.contexts.iter().map(|it| it.name.clone()).collect();
    if named.is_none() && !nobody {
        return Err(format!("the contexts are {}", listed(&names)));
    }
    let is_subject = |name: &String| fold_entity(name) == fold_entity(&question.subject);
    for statement in statements.iter_mut() {
        if let Fact::Context { entities, .. } = &mut statement.fact {
            entities.retain(|name| !is_subject(name));
        }
    }
    if let Some(context) = named {
        let fact = Fact::Context {
            name: context.name.clone(),
            backend: None,
            entities: vec![question.subject.clone()],
        };
        statements.push(stated(fact, answer.span));
    }
    Ok(())
}

fn required_fields(
    model: &Model,
    question: &Question,
    answer: &Answer,
    value: &str,
    statements: &mut Vec<Statement>,
) -> Result<(), String> {
    let entity = model.entities().find(|(_, it)| it.name == question.subject);
    let (id, entity) = entity.ok_or("its entity is gone")?;
    let open: Vec<&str> = model
        .fields_of(id)
        .filter(|(_, field)| field.required.is_none() && field.origin == Origin::Stated)
        .map(|(_, field)| field.name.as_str())
        .collect();
    let optional: Vec<String> = match value {
        "none" => Vec::new(),
        "all" => open.iter().map(|it| fold_field(it)).collect(),
        _ => {
            let named = value.trim_start_matches('[').trim_end_matches(']').split(',');
            let named: Vec<String> =
                named.map(|it| fold_field(it.trim())).filter(|it| !it.is_empty()).collect();
            let unknown = named.iter().find(|it| !open.iter().any(|name| fold_field(name) == **it));
            if let Some(unknown) = unknown {
                let open: Vec<String> = open.iter().map(|it| (*it).to_owned()).collect();
                return Err(format!("`{unknown}` is none of {}", listed(&open)));
            }
            named
        }
    };
    for name in open {
        let required = !optional.contains(&fold_field(name));
        let path = format!("{}.{name}", entity.name);
        on_field(&path, answer.span, statements, |it| it.required = Some(required))?;
    }
    Ok(())
}

fn entity_fact(name: &str) -> Fact {
    let (name, table, description) = (name.to_owned(), None, None);
    Fact::Entity(EntityFact { name, kind: EntityKind::Entity, table, description })
}

fn stated(fact: Fact, span: Span) -> Statement {
    Statement { fact, span, notation: NOTATION, inferred: None, assumed: None, drafted: None }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or((path, ""))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// Changes what is said of a field, wherever it is said, so that nothing contradicts the answer.
fn on_field(
    path: &str,
    span: Span,
    statements: &mut Vec<Statement>,
    change: impl Fn(&mut FieldFact),
) -> Result<(), String> {
    let (owner, name) = split(path);
    if name.is_empty() {
        return Err("it is about no field".to_owned());
    }
    let mut any = false;
    for statement in statements.iter_mut() {
        if let Fact::Field { entity, field } = &mut statement.fact {
            let meant = fold_entity(entity) == fold_entity(owner)
                && fold_field(&field.name) == fold_field(name);
            if meant {
                change(field);
                statement.span = span;
                (statement.inferred, statement.assumed) = (None, None);
                any = true;
            }
        }
    }
    if !any {
        let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
        change(&mut field);
        statements.push(stated(Fact::Field { entity: owner.to_owned(), field }, span));
    }
    Ok(())
}

/// Changes the statement that the question arose from.
fn at_source(question: &Question, statements: &mut [Statement], change: impl Fn(&mut Fact)) {
    for statement in statements.iter_mut().filter(|it| Some(it.span) == question.source) {
        change(&mut statement.fact);
    }
}

/// Lets the statement that the question arose from stand where it was answered.
fn move_to(question: &Question, answer: &Answer, statements: &mut [Statement]) {
    for statement in statements.iter_mut().filter(|it| Some(it.span) == question.source) {
        statement.span = answer.span;
    }
}
