//! What reads and writes share: resolving fields to columns, and numbering parameters.

use underpin_logical::{LogicalDesign, RelationId};
use underpin_model::{AccessKind, FieldId, FieldKind, Filter, Model, Pattern};
use underpin_model::{Bound, FilterOperator};
use underpin_pg::{
    BinaryOperator, Column, Expr, Ident, Literal as SqlLiteral, QualifiedName, Type,
};

use super::windows;
use crate::{Parameter, ParameterRole, PhysicalDesign, QueryWindow};

pub(super) struct Builder<'a> {
    pub(super) model: &'a Model,
    pub(super) logical: &'a LogicalDesign,
    pub(super) design: &'a PhysicalDesign,
    pub(super) main: RelationId,
    /// Whether columns are written with their table.
    pub(super) qualified: bool,
    /// The tables that the statement names, the main one first.
    pub(super) tables: Vec<QualifiedName>,
    pub(super) parameters: Vec<Parameter>,
    /// The stretches of time that it asks the clock for.
    pub(super) windows: Vec<QueryWindow>,
    pub(super) remarks: Vec<String>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        model: &'a Model,
        logical: &'a LogicalDesign,
        design: &'a PhysicalDesign,
        main: RelationId,
    ) -> Self {
        Self {
            model,
            logical,
            design,
            main,
            qualified: false,
            tables: vec![design.tables[main.index()].table.clone()],
            parameters: Vec::new(),
            windows: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// The columns of a relation's table, in the order of its attributes.
    pub(super) fn columns(&self, relation: RelationId) -> &'a [Column] {
        let table = &self.design.tables[relation.index()].table;
        &self.design.schema.tables[table].columns
    }

    /// The relation and column that store a field.
    pub(super) fn locate(&self, field: FieldId) -> Option<(RelationId, &'a Column)> {
        let relation = self.logical.relation_of(self.model.field(field).entity)?;
        let attribute = self.logical.relation(relation).attribute_of(field)?;
        Some((relation, &self.columns(relation)[attribute.index()]))
    }

    /// The column that marks deleted rows of the main table, which a read leaves out unless it speaks of them.
    pub(super) fn mark_of_deletion(&self, pattern: &Pattern) -> Option<&'a Column> {
        let mark = mark_of_deletion(self.model, pattern)?;
        self.locate(mark).filter(|(relation, _)| *relation == self.main).map(|(_, column)| column)
    }

    /// A column, with its table where that is needed.
    pub(super) fn reference(&self, relation: RelationId, column: &Ident) -> Expr {
        if self.qualified {
            let table = &self.design.tables[relation.index()].table;
            Expr::Qualified(table.name.clone(), column.clone())
        } else {
            Expr::Column(column.clone())
        }
    }

    /// The next parameter.
    pub(super) fn parameter(
        &mut self,
        relation: RelationId,
        column: &Column,
        role: ParameterRole,
    ) -> Expr {
        let (suffix, data_type) = match role {
            ParameterRole::Equals | ParameterRole::Contained | ParameterRole::Near => {
                ("", column.data_type.clone())
            }
            ParameterRole::Value | ParameterRole::IfGiven => ("", column.data_type.clone()),
            ParameterRole::Lower => ("_from", column.data_type.clone()),
            ParameterRole::Upper => ("_to", column.data_type.clone()),
            ParameterRole::AnyOf | ParameterRole::Rows => {
                ("_list", Type::Array(Box::new(column.data_type.clone())))
            }
            ParameterRole::Search => ("_words", Type::Text),
            ParameterRole::Beginning => ("_beginning", Type::Text),
            ParameterRole::Part => ("_part", Type::Text),
            ParameterRole::After => ("_after", column.data_type.clone()),
            ParameterRole::Skipped => ("_before", Type::BigInt),
        };
        let table = self.design.tables[relation.index()].table.clone();
        let stem = if relation == self.main {
            column.name.as_str().to_owned()
        } else {
            format!("{}_{}", table.name.as_str(), column.name.as_str())
        };
        self.parameters.push(Parameter {
            name: format!("{stem}{suffix}"),
            data_type,
            column: Some((table, column.name.clone())),
            role,
        });
        Expr::Parameter(u16::try_from(self.parameters.len()).unwrap_or(u16::MAX))
    }

    /// The condition of one filter; `None` where the table is not in the statement or the type does
    /// not fit, with a remark.
    pub(super) fn condition(&mut self, filter: &Filter, reachable: &[RelationId]) -> Option<Expr> {
        let Some((relation, column)) = self.locate(filter.field) else {
            self.leave_out(filter.field, "it is not stored");
            return None;
        };
        if !reachable.contains(&relation) {
            self.leave_out(filter.field, "its table cannot be joined");
            return None;
        }
        let value = self.reference(relation, &column.name);
        let ordered = !matches!(column.data_type, Type::Jsonb | Type::Array(_) | Type::Boolean);
        Some(match &filter.operator {
            FilterOperator::Equals => {
                let parameter = self.parameter(relation, column, ParameterRole::Equals);
                match column.data_type {
                    // One value in a list of values.
                    Type::Array(_) => Expr::binary(value, BinaryOperator::Contains, parameter),
                    _ if self.model.field(filter.field).ignores_case => {
                        Expr::equals(Expr::lower(value), Expr::lower(parameter))
                    }
                    _ => Expr::equals(value, parameter),
                }
            }
            FilterOperator::Range if ordered => {
                let lower = self.parameter(relation, column, ParameterRole::Lower);
                let upper = self.parameter(relation, column, ParameterRole::Upper);
                Expr::And(vec![
                    Expr::binary(value.clone(), BinaryOperator::GreaterOrEqual, lower),
                    Expr::binary(value, BinaryOperator::Less, upper),
                ])
            }
            FilterOperator::Bound(bound) if ordered => {
                let (operator, role) = match bound {
                    Bound::AtLeast => (BinaryOperator::GreaterOrEqual, ParameterRole::Lower),
                    Bound::MoreThan => (BinaryOperator::Greater, ParameterRole::Lower),
                    Bound::AtMost => (BinaryOperator::LessOrEqual, ParameterRole::Upper),
                    Bound::LessThan | Bound::NotSince => {
                        (BinaryOperator::Less, ParameterRole::Upper)
                    }
                };
                let parameter = self.parameter(relation, column, role);
                let compared = Expr::binary(value.clone(), operator, parameter);
                // What was never done was not done since either; NULL compares as neither.
                if *bound == Bound::NotSince && !column.not_null {
                    Expr::Or(vec![Expr::IsNull(Box::new(value)), compared])
                } else {
                    compared
                }
            }
            FilterOperator::Window(window) => {
                let Some(condition) = windows::condition(&value, &column.data_type, *window) else {
                    self.leave_out(filter.field, "its values are no moments");
                    return None;
                };
                self.remarks.extend(windows::remark(*window));
                let table = self.design.tables[relation.index()].table.clone();
                let column = column.name.clone();
                self.windows.push(QueryWindow { table, column, window: *window });
                condition
            }
            FilterOperator::Range | FilterOperator::Bound(_) => {
                self.leave_out(filter.field, "its values have no order");
                return None;
            }
            FilterOperator::In => {
                let parameter = self.parameter(relation, column, ParameterRole::AnyOf);
                Expr::EqualsAny(Box::new(value), Box::new(parameter))
            }
            FilterOperator::Constant(constant) => {
                let Some(literal) = self.constant(filter.field, constant, &column.data_type) else {
                    self.leave_out(filter.field, "its constant is not a value of its type");
                    return None;
                };
                Expr::equals(value, Expr::Literal(literal))
            }
            FilterOperator::OneOf(constants) | FilterOperator::NoneOf(constants) => {
                let list: Option<Vec<Expr>> = constants
                    .iter()
                    .map(|it| self.constant(filter.field, it, &column.data_type))
                    .map(|literal| literal.map(Expr::Literal))
                    .collect();
                let Some(mut list) = list.filter(|list| !list.is_empty()) else {
                    self.leave_out(filter.field, "its constants are not all values of its type");
                    return None;
                };
                let are_excluded = matches!(filter.operator, FilterOperator::NoneOf(_));
                match (list.len(), are_excluded) {
                    (1, true) => Expr::binary(value, BinaryOperator::NotEqual, list.remove(0)),
                    (1, false) => Expr::equals(value, list.remove(0)),
                    (_, true) => Expr::Not(Box::new(Expr::In(Box::new(value), list))),
                    (_, false) => Expr::In(Box::new(value), list),
                }
            }
            FilterOperator::IsNull => Expr::IsNull(Box::new(value)),
            FilterOperator::IsPresent => Expr::IsNotNull(Box::new(value)),
            FilterOperator::Search if column.data_type == Type::Text => {
                let parameter = self.parameter(relation, column, ParameterRole::Search);
                Expr::binary(
                    text_vector(value),
                    BinaryOperator::SearchMatches,
                    Expr::Call("plainto_tsquery", vec![Expr::text("simple"), parameter]),
                )
            }
            FilterOperator::Begins if column.data_type == Type::Text => {
                let parameter = self.parameter(relation, column, ParameterRole::Beginning);
                begins(value, parameter)
            }
            FilterOperator::Part if column.data_type == Type::Text => {
                let parameter = self.parameter(relation, column, ParameterRole::Part);
                self.remarks.push(format!(
                    "% and _ in ${} stand for any letters; with fewer than three letters the whole index is read",
                    self.parameters.len()
                ));
                let any = || Expr::text("%");
                let from = Expr::binary(any(), BinaryOperator::Concatenate, parameter);
                let pattern = Expr::binary(from, BinaryOperator::Concatenate, any());
                Expr::binary(value, BinaryOperator::LikeAnyCase, pattern)
            }
            FilterOperator::Contains
                if matches!(column.data_type, Type::Jsonb | Type::Array(_)) =>
            {
                let parameter = self.parameter(relation, column, ParameterRole::Contained);
                Expr::binary(value, BinaryOperator::Contains, parameter)
            }
            FilterOperator::Search
            | FilterOperator::Contains
            | FilterOperator::Begins
            | FilterOperator::Part => {
                self.leave_out(filter.field, "its type cannot be searched");
                return None;
            }
        })
    }

    fn constant(&self, field: FieldId, constant: &str, data_type: &Type) -> Option<SqlLiteral> {
        match data_type {
            Type::Text => {
                // An enumeration's own spelling wins over the document's here.
                let values = self.model.values_of(self.model.field(field));
                let known = values.map(|values| {
                    values.iter().find(|value| value.eq_ignore_ascii_case(constant)).cloned()
                });
                match known {
                    Some(Some(value)) => Some(SqlLiteral::Text(value)),
                    Some(None) => None,
                    None => Some(SqlLiteral::Text(constant.to_owned())),
                }
            }
            Type::Boolean => constant.parse().ok().map(SqlLiteral::Boolean),
            Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) => {
                constant.parse().ok().map(SqlLiteral::Integer)
            }
            Type::DoublePrecision
            | Type::Date
            | Type::Time
            | Type::TimestampTz
            | Type::Interval
            | Type::Uuid
            | Type::Jsonb
            | Type::Bytea
            | Type::Inet
            | Type::TsVector
            | Type::Array(_)
            | Type::Named(_)
            | Type::Trigger
            | Type::Other(_) => None,
        }
    }

    fn leave_out(&mut self, field: FieldId, why: &str) {
        self.remarks
            .push(format!("the condition on {} is left out: {why}", self.model.field_path(field)));
    }
}

/// `to_tsvector('simple', column)`, the form that an index on the expression must repeat.
pub(crate) fn text_vector(column: Expr) -> Expr {
    Expr::Call("to_tsvector", vec![Expr::text("simple"), column])
}

/// That a text begins with a parameter, whatever the case: from the parameter up to the parameter with the last letter that there
/// is. `LIKE $1 || '%'` enters no index in a plan that serves all calls, and would take a `%` of the parameter for any letters.
fn begins(value: Expr, parameter: Expr) -> Expr {
    const LAST_LETTER: i64 = 0x0010_FFFF;
    let beginning = Expr::lower(parameter);
    let last = Expr::Call("chr", vec![Expr::integer(LAST_LETTER)]);
    let end = Expr::binary(beginning.clone(), BinaryOperator::Concatenate, last);
    let value = Expr::lower(value);
    Expr::And(vec![
        Expr::binary(value.clone(), BinaryOperator::NotBeforeByLetters, beginning),
        Expr::binary(value, BinaryOperator::BeforeByLetters, end),
    ])
}

/// Whether an attribute's values are ever set by a writer.
pub(super) fn is_given(kind: &FieldKind) -> bool {
    !matches!(kind, FieldKind::Integer { counted: true, .. })
}

/// The field that marks deleted rows, where a read leaves them out: it asks for no rows by that field, and its name speaks of
/// no deletion.
pub(crate) fn mark_of_deletion(model: &Model, pattern: &Pattern) -> Option<FieldId> {
    const ABOUT: &[&str] = &["delet", "trash", "restor", "undelet", "purg", "archiv", "histor"];
    let mark = model.deletion_mark(pattern.entity)?;
    let speaks = pattern.conditions().any(|filter| filter.field == mark)
        || pattern.name.split('_').any(|word| ABOUT.iter().any(|begin| word.starts_with(begin)));
    let is_read = pattern.kind == AccessKind::Read && pattern.sql.is_none();
    (is_read && !speaks).then_some(mark)
}

/// That a row is not marked as deleted, by the value of its mark.
pub(crate) fn not_deleted(mark: Expr, data_type: &Type) -> Expr {
    match data_type {
        Type::Boolean => Expr::Not(Box::new(mark)),
        _ => Expr::IsNull(Box::new(mark)),
    }
}
