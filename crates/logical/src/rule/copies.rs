//! L036: third normal form. What depends on a reference and not on the key is a copy: a snapshot, which
//! is meant to stay as it was, or a stored copy that a query earns, or a mistake.

use underpin_base::Diagnostic;
use underpin_model::FieldKind;

use super::COPIED_ATTRIBUTE;
use super::findings::at;
use super::shapes::plain;
use crate::{Attribute, AttributeId, Decision, LogicalDesign, Reference, Relation};

const RULE: &str = "L036";

/// What says that a value stays as it was when the row was written.
const SNAPSHOT: [&str; 13] = [
    "at the time",
    "at time of",
    "snapshot",
    "as it was",
    "as they were",
    "when it was",
    "when placed",
    "at order",
    "at purchase",
    "copied",
    "copy of",
    "at the moment",
    "frozen",
];
/// What says that it is kept for the sake of reading.
const CACHED: [&str; 5] = ["denormali", "cached", "for performance", "for fast", "to avoid a join"];

/// Why a copy is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copy {
    Snapshot,
    Cached,
    Unexplained,
}

pub(crate) fn apply(design: &mut LogicalDesign) {
    let (mut decisions, mut found) = (Vec::new(), Vec::new());
    for relation in &design.relations {
        for (id, attribute) in relation.attributes() {
            let Some((link, original)) = original(design, relation, id) else { continue };
            let target = &design.relation(link.target).name;
            let there = format!("{target}.{}", original.name);
            match why(relation, attribute) {
                Copy::Snapshot => decisions.push(snapshot(relation, attribute, &there)),
                Copy::Cached => decisions.push(cached(relation, attribute, &there)),
                Copy::Unexplained => found.push(at(
                    Diagnostic::warning(
                        COPIED_ATTRIBUTE,
                        format!(
                            "`{}.{}` repeats `{there}`: a change there leaves it untrue, and nothing says \
                             which of the two is right",
                            relation.name, attribute.name
                        ),
                    )
                    .help(
                        "leave it out and read it through the reference; or say that it stays as it was at \
                         the time, or which query needs it here",
                    ),
                    attribute,
                    relation,
                )),
            }
        }
    }
    design.decisions.append(&mut decisions);
    design.diagnostics.append(&mut found);
}

/// The attribute of the row referred to that an attribute repeats by its name: `customer_name` beside a
/// reference to a Customer with a `name`.
fn original<'d>(
    design: &'d LogicalDesign,
    relation: &'d Relation,
    id: AttributeId,
) -> Option<(&'d Reference, &'d Attribute)> {
    let attribute = relation.attribute(id);
    let is_plumbing = relation.key.contains(&id)
        || relation.links().any(|link| link.attributes.contains(&id))
        || attribute.field.is_none();
    if is_plumbing {
        return None;
    }
    let name = plain(&attribute.name);
    relation.links().find_map(|link| {
        let held = relation.attribute(*link.attributes.last()?);
        let held = plain(&held.name);
        let role = held.strip_suffix("_id")?;
        let rest = name.strip_prefix(role)?.strip_prefix('_')?;
        let target = design.relation(link.target);
        let original = target.attributes.iter().find(|it| plain(&it.name) == rest)?;
        // Both must hold the same sort of values: an `order_status` beside an `order_id` may be another's.
        (original.kind == attribute.kind).then_some((link, original))
    })
}

fn why(relation: &Relation, attribute: &Attribute) -> Copy {
    let of_row = relation.description.as_deref().unwrap_or_default();
    let own = attribute.description.as_deref().unwrap_or_default();
    let said = format!("{own} {of_row}").to_lowercase();
    let name = plain(&relation.name);
    let is_line = [
        "item", "items", "line", "lines", "entry", "history", "snapshot", "log", "event",
        "receipt", "invoice",
    ]
    .iter()
    .any(|word| name.split('_').any(|part| part == *word));
    let is_price = matches!(attribute.kind, FieldKind::Money { .. } | FieldKind::Decimal { .. });
    let stays = relation
        .permanences
        .iter()
        .any(|it| it.attributes.iter().any(|&id| relation.attribute(id).name == attribute.name));
    if stays || SNAPSHOT.iter().any(|words| said.contains(words)) || is_line && is_price {
        Copy::Snapshot
    } else if CACHED.iter().any(|words| said.contains(words)) {
        Copy::Cached
    } else {
        Copy::Unexplained
    }
}

fn snapshot(relation: &Relation, attribute: &Attribute, there: &str) -> Decision {
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}", relation.name, attribute.name),
        format!("{} keeps what {there} was when the row was written", attribute.name),
        "it is a fact of its own: what holds there today is not what held then, so that third normal form \
         is kept",
    )
    .instead_of(format!("reading {there} through the reference, which tells today's value"))
    .instead_of(format!("versions of {there} with the time from which each holds"))
    .changes_when("a document says that it follows the original");
    decision.inputs.extend(attribute.source);
    decision
}

fn cached(relation: &Relation, attribute: &Attribute, there: &str) -> Decision {
    let mut decision = Decision::new(
        RULE,
        format!("{}.{}", relation.name, attribute.name),
        format!("{} is a stored copy of {there}, as a document asks", attribute.name),
        "a document says that it is kept for the sake of reading; the transaction that changes the original \
         keeps the copy",
    )
    .instead_of(format!("a join to {there}, which is always right"))
    .changes_when("the query that it is kept for is dropped, or proves fast enough with the join")
    .so_that("each change of the original writes all rows that repeat it")
    .so_that("the database does not compare the two: a writer that forgets the copy leaves it untrue");
    decision.inputs.extend(attribute.source);
    decision
}
