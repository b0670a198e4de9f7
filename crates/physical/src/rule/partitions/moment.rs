//! The moment by which a table is split: the one that its retention counts from, else the only one of a row, else the
//! one in its key, else the one that queries speak of.

use underpin_base::Span;
use underpin_logical::{AttributeId, LogicalDesign, Relation, RelationId};
use underpin_model::{FieldKind, Model, Retention, StatedPartitioning};
use underpin_pg::PartitionInterval;

use super::Obstacle;
use crate::retention::{limits_rows, moments, states};

/// What a table is split by.
pub(super) struct Moment {
    /// The attribute.
    pub(super) attribute: AttributeId,
    /// Whether the period of retention counts from it.
    pub(super) is_of_retention: bool,
    /// The retention as stated; empty where there is none.
    pub(super) text: String,
    /// Why this one.
    pub(super) why: String,
}

/// What is said of a table's volume and retention.
pub(super) fn statements(model: &Model, relation: &Relation) -> Vec<Span> {
    let volumes = model.volumes.iter().filter(|it| Some(it.entity) == relation.entity);
    let retentions = model.retentions.iter().filter(|it| Some(it.entity) == relation.entity);
    let stated = model.partitionings.iter().filter(|it| Some(it.entity) == relation.entity);
    let stated = stated.map(|it| it.source);
    stated.chain(volumes.map(|it| it.source)).chain(retentions.map(|it| it.source)).collect()
}

fn retention<'m>(model: &'m Model, relation: &Relation) -> Option<&'m Retention> {
    let mut own = model.retentions.iter().filter(|it| Some(it.entity) == relation.entity);
    own.find(|it| it.days.is_some() && limits_rows(relation, &it.text))
}

/// How long a time goes at once, where a document says so: "deleted a month at a time", "dropped month by month",
/// "monthly partitions", "partitioned by month".
pub(super) fn stated_interval(words: &str) -> Option<PartitionInterval> {
    let words = words.to_lowercase();
    let says = |interval: &PartitionInterval| {
        let unit = interval.as_str();
        let adverb = match interval {
            PartitionInterval::Day => "daily".to_owned(),
            PartitionInterval::Week
            | PartitionInterval::Month
            | PartitionInterval::Quarter
            | PartitionInterval::Year => format!("{unit}ly"),
        };
        words.contains(&format!("a {unit} at a time"))
            || words.contains(&format!("one {unit} at a time"))
            || words.contains(&format!("{unit} by {unit}"))
            || words.contains(&format!("{adverb} partition"))
            || words.contains(&format!("partitioned by {unit}"))
    };
    PartitionInterval::LONGEST_FIRST.into_iter().find(says)
}

/// The moment that a document names for it.
pub(super) fn stated(
    model: &Model,
    relation: &Relation,
    asked: &StatedPartitioning,
) -> Result<Moment, Obstacle> {
    let field = asked.fields[0];
    let found = relation.attributes().find(|(_, it)| it.field == Some(field));
    let name = &model.field(field).name;
    let Some((attribute, it)) = found else {
        return Err(Obstacle::new(
            format!("`{name}` is stored elsewhere"),
            "a moment that each row has itself",
        ));
    };
    if !matches!(it.kind, FieldKind::Timestamp | FieldKind::Date) {
        return Err(Obstacle::new(
            format!(
                "`{name}` is no moment, and ranges of anything else have no end that is known ahead"
            ),
            format!("a split by hash of `{name}`, or by list of its values"),
        ));
    }
    if !it.required || it.touched {
        return Err(Obstacle::new(
            format!(
                "`{name}` {}, and what a table is split by is part of its primary key",
                if it.required { "changes with each change of a row" } else { "may be missing" }
            ),
            format!("a `{name}` that each row has from the start"),
        ));
    }
    let retention = retention(model, relation);
    let text = retention.map_or_else(String::new, |it| it.text.clone());
    let named = moments(relation, &text);
    let is_of_retention = retention.is_some() && (named.is_empty() || named.contains(&attribute));
    let why = format!("`{name}` is the moment that is stated");
    Ok(Moment { attribute, is_of_retention, text, why })
}

pub(super) fn of(
    model: &Model,
    logical: &LogicalDesign,
    id: RelationId,
) -> Result<Moment, Obstacle> {
    let relation = logical.relation(id);
    let all: Vec<AttributeId> = relation
        .attributes()
        .filter(|(_, it)| {
            matches!(it.kind, FieldKind::Timestamp | FieldKind::Date) && it.required && !it.touched
        })
        .map(|(id, _)| id)
        .collect();
    let name = |id: AttributeId| &relation.attribute(id).name;
    let retention = retention(model, relation);
    let text = retention.map_or_else(String::new, |it| it.text.clone());
    let named: Vec<AttributeId> = moments(relation, &text);
    // What goes only in some states cannot go with its partition.
    let goes_by_state = states(model, relation, &text).is_some();
    if let [one] = named.as_slice()
        && all.contains(one)
        && !goes_by_state
    {
        let why = format!("retention counts from `{}`", name(*one));
        return Ok(Moment { attribute: *one, is_of_retention: true, text, why });
    }
    if let [one] = all.as_slice() {
        // Where the statement speaks of another moment, the period counts from that.
        let is_of_retention = retention.is_some() && named.is_empty() && !goes_by_state;
        let why = format!("`{}` is the only moment that each row has", name(*one));
        return Ok(Moment { attribute: *one, is_of_retention, text, why });
    }
    let in_key = all.iter().find(|it| relation.key.contains(it));
    if let Some(&one) = in_key {
        let why = format!("`{}` is part of the key", name(one));
        return Ok(Moment { attribute: one, is_of_retention: false, text, why });
    }
    let asked = |id: AttributeId| {
        let Some(field) = relation.attribute(id).field else { return 0 };
        let patterns = model.patterns.iter();
        patterns
            .filter(|it| {
                it.filter.iter().any(|filter| filter.field == field)
                    || it.sort.first().is_some_and(|sort| sort.field == field)
            })
            .count()
    };
    let most = all.iter().map(|&id| asked(id)).max().unwrap_or_default();
    let busiest: Vec<AttributeId> = all.iter().copied().filter(|&id| asked(id) == most).collect();
    match busiest.as_slice() {
        [one] if most > 0 => {
            let why = format!("`{}` is the moment that queries speak of", name(*one));
            Ok(Moment { attribute: *one, is_of_retention: false, text, why })
        }
        [] => Err(Obstacle::new(
            "no moment is stated that each row has from the start",
            "a moment that is required, such as the time at which the row came",
        )),
        several => Err(Obstacle::new(
            format!(
                "a row has several moments ({}), and neither retention nor a query tells which one counts",
                several.iter().map(|&id| name(id).as_str()).collect::<Vec<_>>().join(", ")
            ),
            "a retention that names the moment from which it counts",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_time_goes_at_once_is_stated_in_words() {
        let stated = stated_interval;
        assert_eq!(stated("36 months; Deleted, a month at a time"), Some(PartitionInterval::Month));
        assert_eq!(stated("90 days, dropped week by week"), Some(PartitionInterval::Week));
        assert_eq!(stated("kept in daily partitions for a year"), Some(PartitionInterval::Day));
        assert_eq!(stated("36 months; Deleted"), None);
    }
}
