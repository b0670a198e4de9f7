//! P010: tables and columns: their names, their types, their defaults.

mod refused_defaults;

use underpin_base::Diagnostic;
use underpin_logical::{Attribute, AttributeId, LogicalDesign, Relation, RelationId};
use underpin_model::{DefaultValue, FieldKind, Literal, Model, OnDelete, Origin};
use underpin_pg::{
    Column, Expr, Ident, Identity, Literal as SqlLiteral, QualifiedName, Table, Type,
};

use super::keys::capital;
use super::namespaces;
use super::{COLLIDING_NAMES, SHORTENED_NAME, SYSTEM_COLUMN, UNFIT_DEFAULT};
use crate::names::{self, Names};
use crate::retention;
use crate::{Growth, PhysicalDesign, ShareDesign, TableDesign};
use underpin_logical::Decision;

const RULE: &str = "P010";

/// Columns that every table has (manual, section 5.5); no other column can have their names.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let public = names::ident(namespaces::PUBLIC);
    // Names are told apart over all namespaces: people, and a query that joins two, leave those out.
    let mut taken = Names::default();
    for (id, relation) in logical.relations() {
        let wanted = match &relation.table {
            Some(table) => table.rsplit('.').next().unwrap_or(table).trim().to_owned(),
            None => names::plural(&names::snake(&relation.name)),
        };
        let name = named(&wanted, &mut taken, relation, design);
        let context = relation.context.map(|id| &design.contexts[id.index()]);
        let namespace = context.map_or(&public, |it| &it.namespace);
        let table_name = QualifiedName::new(namespace.clone(), name);
        let mut table = Table::new(table_name.clone());
        table.comment = relation.description.as_deref().map(capital);
        let mut column_names = Names::default();
        for attribute in &relation.attributes {
            let mut column = column(model, relation, attribute, &mut column_names, design);
            let id = AttributeId::from_index(table.columns.len());
            if let Some(remark) = crossing(logical, relation, id) {
                let comment = column.comment.get_or_insert_default();
                comment.push_str(if comment.is_empty() { "" } else { " " });
                comment.push_str(&remark);
            }
            table.columns.push(column);
        }
        table.seeds = seeds(relation);
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        let growth = growth(model, relation);
        let shares = shares(model, relation, &table);
        let new = TableDesign::new(id, table_name, columns);
        design.tables.push(TableDesign { growth, shares, ..new });
        currency(logical, id, design);
        design.schema.add_table(table);
    }
    type_decisions(logical, design);
}

/// The rows that are there from the start: a value of the key, and nothing else.
fn seeds(relation: &Relation) -> Vec<Vec<Expr>> {
    let seed = |value: &Literal| match value {
        Literal::Text(text) => Some(vec![Expr::text(text.clone())]),
        _ => None,
    };
    relation.seeds.iter().filter_map(seed).collect()
}

/// What a reader of the catalog, who sees no foreign key, has to know of an id of another context.
fn crossing(logical: &LogicalDesign, relation: &Relation, id: AttributeId) -> Option<String> {
    let crossing = relation.crossings.iter().find(|it| it.attributes.contains(&id))?;
    let target = logical.relation(crossing.target);
    let context = &logical.context(target.context?).name;
    let text =
        format!("An id of {} in {context}: no foreign key crosses the boundary.", target.name);
    Some(text.replace('\0', ""))
}

/// Whether a description says only what the column's own constraints say: a comment that repeats them
/// hides those that tell something.
fn repeats(text: &str) -> bool {
    let text = text.trim_end_matches('.').trim().to_lowercase();
    let refers = ["fk →", "fk ->", "foreign key →", "foreign key ->", "references "]
        .iter()
        .filter_map(|start| text.strip_prefix(start))
        .any(|rest| rest.split_whitespace().count() == 1);
    refers
        || matches!(
            &*text,
            "" | "primary key" | "pk" | "unique" | "required" | "foreign key" | "fk" | "identifier"
        )
}

/// Whether a column's name or comment tells its unit already.
fn says_unit(name: &Ident, comment: Option<&str>, unit: &str) -> bool {
    let told = format!("{} {}", name.as_str(), comment.unwrap_or_default());
    let told = told.to_lowercase().replace('_', " ");
    told.contains(&unit.to_lowercase())
        || underpin_model::unit_of_name(name.as_str()).is_some_and(|known| known == unit)
}

fn named(
    wanted: &str,
    taken: &mut Names,
    relation: &Relation,
    design: &mut PhysicalDesign,
) -> Ident {
    let fitted = names::ident(wanted);
    if fitted.as_str() != wanted {
        let mut note = Diagnostic::note(
            SHORTENED_NAME,
            format!(
                "`{wanted}` is stored as `{}`: PostgreSQL keeps 63 bytes of a name",
                fitted.as_str()
            ),
        );
        if let Some(source) = relation.source {
            note = note.at(source, "named here");
        }
        design.diagnostics.push(note);
    }
    let name = taken.claim(&fitted);
    if name != fitted {
        let mut warning = Diagnostic::warning(
            COLLIDING_NAMES,
            format!("`{}` is stored as `{}`: the name was taken", relation.name, name.as_str()),
        )
        .help("give one of the two another name");
        if let Some(source) = relation.source {
            warning = warning.at(source, "second of the two");
        }
        design.diagnostics.push(warning);
    }
    name
}

fn column(
    model: &Model,
    relation: &Relation,
    attribute: &Attribute,
    taken: &mut Names,
    design: &mut PhysicalDesign,
) -> Column {
    let mut spot = relation.clone();
    spot.name = format!("{}.{}", relation.name, attribute.name);
    spot.source = attribute.source.or(relation.source);
    let mut wanted = names::snake(&attribute.name);
    if SYSTEM_COLUMNS.contains(&&*wanted) {
        let mut warning = Diagnostic::warning(
            SYSTEM_COLUMN,
            format!("`{}` is stored as `{wanted}_value`: every table has a column `{wanted}` of the server's own", spot.name),
        )
        .help("give the field another name");
        if let Some(source) = spot.source {
            warning = warning.at(source, "named here");
        }
        design.diagnostics.push(warning);
        wanted.push_str("_value");
    }
    let name = named(&wanted, taken, &spot, design);
    let data_type = data_type(&attribute.kind);
    let identity = match attribute.kind {
        FieldKind::Integer { counted: true, .. } => Some(Identity::Always),
        _ => None,
    };
    // No server before version 18 makes such identifiers, and one that is random would pass for one.
    let made_outside = attribute.default == Some(DefaultValue::NewOrderedIdentifier);
    let default = if identity.is_some() || made_outside {
        None
    } else {
        attribute.default.as_ref().and_then(|default| {
            let refusing = refused_defaults::refusing(relation, attribute, default);
            let fitting = default_expr(model, default, &attribute.kind, &data_type)
                .filter(|_| refusing.is_none());
            if fitting.is_none() {
                let why = refusing.map_or_else(
                    || "does not fit its type".to_owned(),
                    |rule| format!("is refused by the rule \"{rule}\""),
                );
                let mut warning = Diagnostic::warning(
                    UNFIT_DEFAULT,
                    format!("`{}` gets no default: {default} {why}", spot.name),
                );
                if let Some(source) = spot.source {
                    warning = warning.at(source, "stated here");
                }
                design.diagnostics.push(warning);
            }
            fitting
        })
    };
    let mut comment = attribute.description.as_deref().map(capital).filter(|text| !repeats(text));
    if let Some(unit) = &attribute.unit
        && !says_unit(&name, comment.as_deref(), unit)
    {
        let mark = format!("Unit: {unit}.");
        comment = Some(comment.map_or_else(|| mark.clone(), |text| format!("{text} {mark}")));
    }
    if made_outside {
        let mark = "The application makes it (UUID version 7); from PostgreSQL 18 on, uuidv7() can be its default.";
        comment = Some(comment.map_or_else(|| mark.to_owned(), |text| format!("{text} {mark}")));
    }
    if let Some(sensitivity) = &attribute.sensitivity {
        let mark = format!("Personal or secret data: {}.", sensitivity.trim());
        comment = Some(match comment {
            Some(text) => format!("{text} {mark}"),
            None => mark,
        });
    }
    if let Origin::Assumed(reason) = &attribute.origin {
        comment.get_or_insert_with(|| capital(&format!("Assumed: {reason}")));
    }
    Column {
        name,
        data_type,
        not_null: attribute.required,
        default,
        identity,
        generated: None,
        comment,
    }
}

/// The column type of a kind of values.
fn data_type(kind: &FieldKind) -> Type {
    match kind {
        FieldKind::Uuid => Type::Uuid,
        FieldKind::Integer { bits: ..=16, .. } => Type::SmallInt,
        FieldKind::Integer { bits: 17..=32, .. } => Type::Integer,
        FieldKind::Integer { .. } => Type::BigInt,
        FieldKind::Decimal { precision: Some(precision), scale } => {
            Type::Numeric(Some((*precision, scale.unwrap_or(0))))
        }
        FieldKind::Decimal { precision: None, .. } => Type::Numeric(None),
        FieldKind::Money { precision: Some(precision), scale } => {
            Type::Numeric(Some((*precision, scale.unwrap_or(2))))
        }
        // Four places hold every ISO 4217 currency (at most three) and one for rounding later.
        FieldKind::Money { precision: None, .. } => Type::Numeric(Some((19, 4))),
        FieldKind::Float => Type::DoublePrecision,
        FieldKind::Text { .. } | FieldKind::Enumeration(_) | FieldKind::Unknown => Type::Text,
        FieldKind::Boolean => Type::Boolean,
        FieldKind::Date => Type::Date,
        FieldKind::Time => Type::Time,
        FieldKind::Timestamp => Type::TimestampTz,
        FieldKind::Duration => Type::Interval,
        FieldKind::Json => Type::Jsonb,
        FieldKind::Binary => Type::Bytea,
        FieldKind::IpAddress => Type::Inet,
        // PostgreSQL's arrays do not care for their number of dimensions.
        FieldKind::List(inner) => match data_type(inner) {
            Type::Array(element) => Type::Array(element),
            element => Type::Array(Box::new(element)),
        },
    }
}

/// The default as SQL, or `None` where it is not a value of the type.
fn default_expr(
    model: &Model,
    default: &DefaultValue,
    kind: &FieldKind,
    data_type: &Type,
) -> Option<Expr> {
    let literal = |literal: SqlLiteral| Some(Expr::Literal(literal));
    match (default, data_type) {
        (DefaultValue::NewIdentifier, Type::Uuid) => {
            Some(Expr::Call("gen_random_uuid", Vec::new()))
        }
        (DefaultValue::EmptyObject, Type::Jsonb) => {
            Some(Expr::Cast(Box::new(Expr::text("{}")), Type::Jsonb))
        }
        (DefaultValue::EmptyList, Type::Jsonb) => {
            Some(Expr::Cast(Box::new(Expr::text("[]")), Type::Jsonb))
        }
        (DefaultValue::EmptyList | DefaultValue::EmptyObject, Type::Array(_)) => {
            Some(Expr::Cast(Box::new(Expr::text("{}")), data_type.clone()))
        }
        (DefaultValue::Literal(value), _) => match (value, data_type) {
            (Literal::Now, Type::TimestampTz) => Some(Expr::Call("now", Vec::new())),
            (Literal::Now | Literal::Today, Type::Date) => {
                Some(Expr::Cast(Box::new(Expr::Call("now", Vec::new())), Type::Date))
            }
            (Literal::Integer(value), Type::SmallInt) => i16::try_from(*value)
                .ok()
                .and_then(|value| literal(SqlLiteral::Integer(value.into()))),
            (Literal::Integer(value), Type::Integer) => i32::try_from(*value)
                .ok()
                .and_then(|value| literal(SqlLiteral::Integer(value.into()))),
            (Literal::Integer(value), Type::BigInt | Type::DoublePrecision) => {
                literal(SqlLiteral::Integer(*value))
            }
            (Literal::Integer(value), Type::Numeric(size)) => {
                fits_numeric(&value.to_string(), *size).then(|| Expr::integer(*value))
            }
            (Literal::Decimal(value), Type::Numeric(size)) => fits_numeric(value, *size)
                .then(|| Expr::Literal(SqlLiteral::Decimal(value.clone()))),
            (Literal::Decimal(value), Type::DoublePrecision) => {
                literal(SqlLiteral::Decimal(value.clone()))
            }
            (Literal::Boolean(value), Type::Boolean) => literal(SqlLiteral::Boolean(*value)),
            (Literal::Text(value), Type::Text) => {
                let fits = match kind {
                    FieldKind::Enumeration(id) => model.enumeration(*id).values.contains(value),
                    FieldKind::Text { max: Some(max) } => value.chars().count() <= *max as usize,
                    _ => true,
                };
                fits.then(|| Expr::text(value.clone()))
            }
            (Literal::Text(value), Type::Date) => {
                is_day(value).then(|| Expr::Cast(Box::new(Expr::text(value.clone())), Type::Date))
            }
            (Literal::Integer(value), Type::Text) => match kind {
                FieldKind::Enumeration(id) => model
                    .enumeration(*id)
                    .values
                    .contains(&value.to_string())
                    .then(|| Expr::text(value.to_string())),
                _ => Some(Expr::text(value.to_string())),
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text is a day that the calendar has, as ISO 8601 writes it.
fn is_day(text: &str) -> bool {
    let parts: Option<Vec<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let Some(&[year, month, day]) = parts.as_deref() else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    text.len() == 10 && year > 0 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// Whether the digits fit `numeric(precision,scale)` without rounding or overflow.
fn fits_numeric(digits: &str, size: Option<(u16, u16)>) -> bool {
    let Some((precision, scale)) = size else { return true };
    let digits = digits.trim_start_matches(['-', '+']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    whole.trim_start_matches('0').len() <= usize::from(precision.saturating_sub(scale))
        && fraction.trim_end_matches('0').len() <= usize::from(scale)
}

fn growth(model: &Model, relation: &Relation) -> Growth {
    let Some(entity) = relation.entity else { return Growth::default() };
    let volume = model.volumes.iter().find(|volume| volume.entity == entity);
    Growth {
        rows: volume.and_then(|volume| volume.rows),
        per_month: volume.and_then(|volume| volume.growth_per_month),
        retention_days: model
            .retentions
            .iter()
            .find(|it| it.entity == entity && retention::limits_rows(relation, &it.text))
            .and_then(|retention| retention.days),
    }
}

/// The stated shares of the columns that hold the fields that they are about.
fn shares(model: &Model, relation: &Relation, table: &Table) -> Vec<ShareDesign> {
    let of = |share: &underpin_model::Share| {
        let at = relation.attributes.iter().position(|it| it.field == Some(share.field))?;
        let is_boolean = relation.attributes[at].kind == FieldKind::Boolean;
        let value = share.value.as_ref().map(|value| {
            if is_boolean {
                SqlLiteral::Boolean(value == "true")
            } else {
                SqlLiteral::Text(value.clone())
            }
        });
        let column = table.columns[at].name.clone();
        Some(ShareDesign { column, value, percent: share.percent, source: share.source })
    };
    model.shares.iter().filter_map(of).collect()
}

/// Says whose currency an amount is in, or that none is stated.
fn currency(logical: &LogicalDesign, id: RelationId, design: &mut PhysicalDesign) {
    let relation = logical.relation(id);
    let amounts: Vec<&str> = relation
        .attributes
        .iter()
        .filter(|attribute| matches!(attribute.kind, FieldKind::Money { .. }))
        .map(|attribute| &*attribute.name)
        .collect();
    if amounts.is_empty() {
        return;
    }
    let own = relation
        .attributes
        .iter()
        .find(|attribute| attribute.name.to_lowercase().contains("currency"));
    // The parent that the row lives and dies with knows best; a default for new rows of others is none.
    let mut parents: Vec<_> = relation.references.iter().collect();
    parents.sort_by_key(|reference| reference.on_delete != OnDelete::Cascade);
    let named = |default: bool| {
        parents.iter().find_map(|reference| {
            let parent = logical.relation(reference.target);
            let attribute = parent.attributes.iter().find(|attribute| {
                let name = attribute.name.to_lowercase();
                name.contains("currency") && name.contains("default") == default
            })?;
            Some(format!("`{}.{}`", parent.name, attribute.name))
        })
    };
    let parents = named(false).or_else(|| named(true));
    let are = if amounts.len() == 1 { "is" } else { "are" };
    let (choice, reason) = match (own, parents) {
        (Some(attribute), _) => (
            format!(
                "{} {are} in the currency of the row's `{}`",
                amounts.join(", "),
                attribute.name
            ),
            "an amount without its currency cannot be added to another",
        ),
        (None, Some(parent)) => (
            format!("{} {are} in the currency of {parent}", amounts.join(", ")),
            "the row belongs to one that states its currency, and a copy could contradict it",
        ),
        (None, None) => (
            format!("{} {are} always in one currency, which no document names", amounts.join(", ")),
            "assumed: no field here or in a parent holds a currency",
        ),
    };
    design.decisions.push(
        Decision::new("P011", &relation.name, format!("{choice}; stored as `numeric`"), reason)
            .instead_of("`money`, whose currency and scale depend on a server setting")
            .instead_of("floating point, which cannot hold 0.10")
            .changes_when("amounts in more than one currency meet in one row")
            .covering(amounts.iter().map(|name| format!("{}.{name}", relation.name))),
    );
}

fn type_decisions(logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let of_kind = |wanted: fn(&FieldKind) -> bool| -> Vec<String> {
        let all = logical.relations.iter().flat_map(|relation| {
            let own = relation.attributes.iter().filter(move |it| wanted(&it.kind));
            own.map(|attribute| format!("{}.{}", relation.name, attribute.name))
        });
        all.collect()
    };
    let mut decide = |columns: Vec<String>,
                      [subject, choice, reason, instead, changes]: [&str; 5]| {
        if !columns.is_empty() {
            design.decisions.push(
                Decision::new(RULE, subject, choice, reason)
                    .instead_of(instead)
                    .changes_when(changes)
                    .covering(columns),
            );
        }
    };
    decide(
        of_kind(|kind| *kind == FieldKind::Timestamp),
        [
            "times",
            "moments are `timestamptz`",
            "it stores the instant; `timestamp` stores a reading of some clock and forgets which",
            "`timestamp` by agreement in UTC, which the first session in another zone breaks",
            "a value means a local reading, such as opening hours: then `time` and a zone",
        ],
    );
    decide(
        of_kind(|kind| matches!(kind, FieldKind::Text { .. } | FieldKind::Unknown)),
        [
            "texts",
            "texts are `text`, with a CHECK where a length is stated",
            "the limit has a name, reports itself by it, and changes without rewriting the table",
            "`varchar(n)`, the same storage with a limit that is part of the type",
            "nothing foreseeable",
        ],
    );
    decide(
        of_kind(|kind| matches!(kind, FieldKind::Enumeration(_))),
        [
            "enumerations",
            "lists of values are `text` with a CHECK",
            "no document has people maintain them, so that they change with a release of the application; a value is \
             added or retired in one transaction, and every tool reads it",
            "`CREATE TYPE … AS ENUM`, from which no value can be removed; or a table and a foreign key, which is \
             another table to read for values that only a release adds",
            "a document has people maintain a list: then it is a table, and a new value an INSERT",
        ],
    );
}
