//! P023: exclusion constraints, for rows that must not last at the same time.
//!
//! Two sessions that look for an overlap before they insert both find none, so no trigger and no query
//! can hold such a rule; an exclusion constraint makes the second one wait for the first (manual,
//! section 5.4.6).

use underpin_base::Diagnostic;
use underpin_logical::{AttributeId, Decision, LogicalDesign, Relation, Separation};
use underpin_model::Model;
use underpin_pg::{
    BinaryOperator, Column, Exclusion, ExclusionElement, ExclusionOperator, Expr, Ident, IndexKey,
    Method, Type, naming,
};

use super::UNENFORCED_RULE;
use super::keys::capital;
use crate::condition::condition;
use crate::names::{self, Names};
use crate::{ExclusionDesign, PhysicalDesign};

const RULE: &str = "P023";

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for at in 0..design.tables.len() {
        let relation = logical.relation(design.tables[at].relation);
        if relation.separations.is_empty() {
            continue;
        }
        let name = design.tables[at].table.clone();
        let mut table = design.schema.tables.remove(&name).expect("made by rule P010");
        let mut taken = Names::default();
        for constraint in table.keys().map(|key| &key.name) {
            taken.claim(constraint);
        }
        for separation in &relation.separations {
            let (range, day) = match span(relation, separation, &table.columns) {
                Ok(found) => found,
                Err(reason) => {
                    let mut warning = Diagnostic::warning(
                        UNENFORCED_RULE,
                        format!("a rule of `{}` is not enforced: {reason}", relation.name),
                    )
                    .help("name two fields of one type, a date or a time, from which and to which it lasts");
                    if let Some(source) = separation.source {
                        warning = warning.at(source, "this rule");
                    }
                    design.diagnostics.push(warning);
                    continue;
                }
            };
            let predicate = match &separation.condition {
                None => None,
                Some(expression) => match condition(expression, &table.columns) {
                    Ok(predicate) => Some(predicate),
                    Err(_) => continue,
                },
            };
            let shared: Vec<Ident> = separation
                .same
                .iter()
                .filter(|&&id| Some(id) != day)
                .map(|&id| design.tables[at].column(id).clone())
                .collect();
            let function = names::ident(range.0);
            let parts: Vec<&Ident> = shared.iter().chain([&function]).collect();
            let constraint = taken.claim(&naming::object_name(&name.name, &parts, "excl"));
            let equal = |column: &Ident| ExclusionElement {
                key: IndexKey::Column(column.clone()),
                operator: ExclusionOperator::Equal,
            };
            let mut elements: Vec<ExclusionElement> = shared.iter().map(equal).collect();
            if !elements.is_empty() {
                // GiST compares ranges by itself, and single values with this extension.
                design.schema.extensions.insert(names::ident("btree_gist"));
            }
            elements.push(ExclusionElement {
                key: IndexKey::Expression(Expr::Call(range.0, range.1)),
                operator: ExclusionOperator::Overlaps,
            });
            table.exclusions.push(Exclusion {
                name: constraint.clone(),
                method: Method::Gist,
                elements,
                predicate,
                comment: Some(capital(&separation.text)),
            });
            design.decisions.push(decision(relation, separation, &constraint, !shared.is_empty()));
            design.tables[at].exclusions.push(ExclusionDesign {
                constraint,
                separation: separation.clone(),
                day,
            });
        }
        design.schema.add_table(table);
    }
}

/// A call of a range function: its name and arguments.
type Range = (&'static str, Vec<Expr>);

/// The range of time that a row takes, and the day that its times of day need to be moments.
fn span(
    relation: &Relation,
    separation: &Separation,
    columns: &[Column],
) -> Result<(Range, Option<AttributeId>), String> {
    let column = |id: AttributeId| &columns[id.index()];
    let (from, to) = (column(separation.from), column(separation.to));
    let mut day = None;
    let function = match (&from.data_type, &to.data_type) {
        (Type::TimestampTz, Type::TimestampTz) => "tstzrange",
        (Type::Date, Type::Date) => "daterange",
        (Type::BigInt | Type::Integer | Type::SmallInt, Type::BigInt)
        | (Type::BigInt, Type::Integer | Type::SmallInt) => "int8range",
        (Type::Integer | Type::SmallInt, Type::Integer | Type::SmallInt) => "int4range",
        (Type::Numeric(_), Type::Numeric(_)) => "numrange",
        (Type::Time, Type::Time) => {
            let is_day = |id: &&AttributeId| column(**id).data_type == Type::Date;
            day = separation.same.iter().find(is_day).copied();
            if day.is_none() {
                return Err(format!(
                    "a time of day such as `{}` is a moment only with its day",
                    relation.attribute(separation.from).name
                ));
            }
            "tsrange"
        }
        (left, right) => {
            return Err(format!(
                "nothing lasts from `{}` ({}) to `{}` ({})",
                from.name.as_str(),
                left.short(),
                to.name.as_str(),
                right.short()
            ));
        }
    };
    let moment = |of: &Column| match day {
        Some(day) => Expr::binary(
            Expr::column(&column(day).name),
            BinaryOperator::Add,
            Expr::column(&of.name),
        ),
        None => Expr::column(&of.name),
    };
    // Said in full, though it is the default: whether the last moment counts is what people ask first.
    let bounds = if separation.closed { "[]" } else { "[)" };
    Ok(((function, vec![moment(from), moment(to), Expr::text(bounds)]), day))
}

fn decision(
    relation: &Relation,
    separation: &Separation,
    constraint: &Ident,
    compares_values: bool,
) -> Decision {
    let name = |id: AttributeId| relation.attribute(id).name.clone();
    let shared: Vec<String> = separation.same.iter().map(|&id| name(id)).collect();
    let of = if shared.is_empty() {
        String::new()
    } else {
        format!(" that share {}", shared.join(" and "))
    };
    let (from, to) = (name(separation.from), name(separation.to));
    let mut decision = Decision::new(
        RULE,
        constraint.as_str(),
        format!("two rows of {}{of} are refused where they overlap", relation.name),
        "a document says so, and only a constraint sees the row that another session is about to \
         commit",
    )
    .instead_of(
        "a trigger, or a query before the INSERT: two sessions at once both find nothing, and both \
         insert",
    )
    .instead_of("SERIALIZABLE transactions, which every writer must use and be ready to repeat")
    .instead_of("a row for each slot with a unique key, which fixes the length of a slot for ever")
    .changes_when("a document says that some may overlap")
    .so_that(if separation.closed {
        format!("a row that begins on the `{to}` of another is refused, and one on the day after is accepted")
    } else {
        format!(
            "a row that begins at the `{to}` of another is accepted: the range holds `{from}` and not \
             `{to}`"
        )
    })
    .so_that("a refused writer sees SQLSTATE 23P01 with the constraint's name")
    .significant(format!("No overlap in {}", relation.name));
    if separation.condition.is_none() {
        decision = decision
            .so_that("every row counts, whatever its state: no document says which ones do not");
    }
    if !relation.attribute(separation.to).required {
        decision = decision.so_that(format!("a row without `{to}` lasts for ever"));
    }
    if compares_values {
        decision = decision.so_that(
            "the extension `btree_gist` is needed, which comes with PostgreSQL and which the owner \
             of a database may create (it is trusted)",
        );
    }
    decision.inputs.extend(separation.source);
    decision
}
