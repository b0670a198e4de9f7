//! L046: what rows keep the row that they belong to from: "a project cannot be archived while it has open tasks", "an order
//! without lines cannot be placed", "the depths of a section cannot be changed once it has cuts".

use underpin_base::Diagnostic;
use underpin_model::{Arrival, EntityId, Expression, FieldId, FieldKind, Model, NamedEntities};

use super::soft_deletion::deletion_mark;
use super::{UNKEPT_HOLD, absence};
use crate::{AttributeId, Decision, Held, Hold, LogicalDesign, Relation, RelationId};

const RULE: &str = "L046";

const UNSTORED: &str = "what it names is not stored with the rows";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let named = NamedEntities::of(model);
    for rule in &model.rules {
        if rule.expression.is_some() || rule.became.is_some() || rule.sql.is_some() {
            continue;
        }
        for said in said(&named, model, &rule.text) {
            let Some(id) = design.relation_of(said.owner) else { continue };
            match hold(model, design, id, said) {
                Ok(next) => {
                    let is_same = |it: &Hold| {
                        (it.rows, &it.reference, &it.which, it.while_there, &it.held)
                            == (
                                next.rows,
                                &next.reference,
                                &next.which,
                                next.while_there,
                                &next.held,
                            )
                    };
                    if design.relation(id).holds.iter().any(is_same) {
                        continue;
                    }
                    let text = rule.text.trim().to_owned();
                    let next = Hold { text, source: Some(rule.source), ..next };
                    let decision = decision(design, id, &next);
                    design.decisions.push(decision);
                    design.relations[id.index()].holds.push(next);
                }
                Err(reason) => design.diagnostics.push(
                    Diagnostic::warning(
                        UNKEPT_HOLD,
                        format!("the rule \"{}\" is not enforced: {reason}", rule.text.trim()),
                    )
                    .at(rule.source, "this rule")
                    .help("the application keeps it, in the transaction that writes"),
                ),
            }
        }
    }
}

/// What a sentence says, whichever of the two forms it has.
struct Said {
    owner: EntityId,
    by: FieldId,
    which: Option<Expression<FieldId>>,
    while_there: bool,
    held: Kept,
}

/// What is held, in the model's fields.
enum Kept {
    Values(Vec<FieldId>),
    Steps(Vec<Arrival>),
    /// A step that is told by several fields at once.
    Unknown,
}

fn said(named: &NamedEntities, model: &Model, text: &str) -> Vec<Said> {
    let barred = named.barring_in(model, text).into_iter().map(|it| {
        let arrivals = it.arrivals();
        let is_whole = arrivals.len() == it.steps.len();
        let held = if is_whole { Kept::Steps(arrivals) } else { Kept::Unknown };
        Said { owner: it.owner, by: it.by, which: it.which, while_there: it.while_there, held }
    });
    let mut all: Vec<Said> = barred.collect();
    if all.is_empty() {
        all.extend(named.settled_in(model, text).into_iter().map(|it| Said {
            owner: it.owner,
            by: it.by,
            which: it.which,
            while_there: true,
            held: Kept::Values(it.fields),
        }));
    }
    all
}

fn hold(
    model: &Model,
    design: &LogicalDesign,
    id: RelationId,
    said: Said,
) -> Result<Hold, &'static str> {
    let rows = design.relation_of(model.field(said.by).entity).ok_or(UNSTORED)?;
    let (owner, relation) = (design.relation(id), design.relation(rows));
    let by = relation.attribute_of(said.by).ok_or(UNSTORED)?;
    let leads = |it: &&crate::Reference| it.target == id && it.attributes.last() == Some(&by);
    let Some(reference) = relation.references.iter().find(leads) else {
        return Err(if relation.crossings.iter().any(|it| leads(&it)) {
            "the rows that it asks for live in another bounded context"
        } else {
            "no reference leads from the rows that it asks for to the row that it is about"
        });
    };
    let of_rows = |it: Expression<FieldId>| {
        it.try_map(&mut |&field| relation.attribute_of(field)).ok_or(UNSTORED)
    };
    let which = said.which.map(of_rows).transpose()?;
    let attribute = |field: FieldId| owner.attribute_of(field).ok_or(UNSTORED);
    let held = match said.held {
        Kept::Values(fields) => {
            Held::Values(fields.into_iter().map(attribute).collect::<Result<_, _>>()?)
        }
        Kept::Steps(arrivals) => {
            let step = |arrival| match arrival {
                Arrival::State(field, value) => Ok((attribute(field)?, Some(value))),
                Arrival::Marked(field) => Ok((attribute(field)?, None)),
            };
            Held::Steps(arrivals.into_iter().map(step).collect::<Result<_, &'static str>>()?)
        }
        Kept::Unknown => return Err("several values tell of the step together"),
    };
    let (here, there) = (&reference.attributes, &reference.target_attributes);
    Ok(Hold {
        rows,
        reference: here.iter().copied().zip(there.iter().copied()).collect(),
        which: counted(which, relation),
        while_there: said.while_there,
        held,
        text: String::new(),
        source: None,
    })
}

/// Which rows are there: of which it is not known that they are done, they are not; and those that are marked as deleted
/// are gone.
fn counted(
    which: Option<Expression<AttributeId>>,
    rows: &Relation,
) -> Option<Expression<AttributeId>> {
    let which = which.map(|it| absence::covering(it, rows));
    let names_mark =
        |mark: &AttributeId| which.as_ref().is_some_and(|it| it.fields().contains(mark));
    let Some(mark) = deletion_mark(rows).filter(|mark| !names_mark(mark)) else { return which };
    let gone = match rows.attribute(mark).kind {
        FieldKind::Boolean => Expression::Field(mark),
        _ => Expression::IsPresent(mark),
    };
    let lives = Expression::Not(Box::new(gone));
    Some(match which {
        None => lives,
        Some(Expression::All(mut parts)) => {
            parts.push(lives);
            Expression::All(parts)
        }
        Some(one) => Expression::All(vec![one, lives]),
    })
}

impl Held {
    /// What the rows of a relation are kept from, in words.
    pub(crate) fn said(&self, relation: &Relation) -> String {
        let name = |id: &AttributeId| &*relation.attribute(*id).name;
        match self {
            Self::Values(all) => {
                let names: Vec<&str> = all.iter().map(name).collect();
                format!("no change of {}", names.join(", "))
            }
            Self::Steps(steps) => {
                let step = |(id, value): &(AttributeId, Option<String>)| match value {
                    Some(value) => format!("{} = '{value}'", name(id)),
                    None => format!("a {}", name(id)),
                };
                format!("no step to {}", steps.iter().map(step).collect::<Vec<_>>().join(" or "))
            }
        }
    }
}

fn decision(design: &LogicalDesign, id: RelationId, it: &Hold) -> Decision {
    let (owner, rows) = (design.relation(id), design.relation(it.rows));
    let names: Vec<&str> =
        it.held.attributes().into_iter().map(|id| &*owner.attribute(id).name).collect();
    let named = |which: &Expression<AttributeId>| {
        which.try_map(&mut |&id| Some(rows.attribute(id).name.clone()))
    };
    let which = it.which.as_ref().and_then(named);
    let which = which.map_or_else(String::new, |it| format!(" where {it}"));
    let there = if it.while_there { "while a row" } else { "while no row" };
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}: {}", owner.name, names.join("+"), it.text),
        format!(
            "{} of {} {there} of {}{which} belongs to it",
            it.held.said(owner),
            owner.name,
            rows.name
        ),
        "no CHECK sees another table or what a row was, and two sessions of which one looks while the other writes both find \
         what they want",
    )
    .instead_of(format!(
        "a number of such rows in {}, with a CHECK on it: every writer of {} must keep it, and it holds at all times, where \
         the rule is about the moment of the change",
        owner.name, rows.name
    ))
    .instead_of("the application looks before it writes: a row may come between the look and the write")
    .instead_of("SERIALIZABLE for every transaction that touches either table, and nobody may forget it")
    .changes_when(format!(
        "very many rows of {} are written at a time beside one of {}: they wait for each other",
        rows.name, owner.name
    ))
    .so_that(format!("a trigger on {} looks for such rows when it changes, and refuses it (23514)", owner.name))
    .so_that(format!(
        "a trigger on {} writes the row of {} as it is {}, so that whoever changes it meanwhile waits and sees that, and at \
         REPEATABLE READ is refused with 40001 and tries again",
        rows.name,
        owner.name,
        if it.while_there { "where such a row comes" } else { "where such a row goes" }
    ));
    if it.while_there {
        decision = decision.so_that(format!(
            "what {} may come to once it has happened is no part of it: rows may be added beside it then, where no other \
             rule says that they may not",
            rows.name
        ));
    }
    decision.inputs.extend(it.source);
    decision
}
