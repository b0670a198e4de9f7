//! What the model file says of all rows of an entity, and of the system as a whole.

use saphyr::SafelyIndex;

use super::{Node, Reader, flag, items, number, text, texts};
use crate::{
    Fact, ListedPart, LoadMeasure, OtherRows, PartitioningFact, RecoveryObjective, SplitMethod,
    SplitPeriod,
};

impl<'y> Reader<'_, 'y> {
    /// Volumes, retention, partitions, load, recovery and the tenant.
    pub(super) fn whole(&mut self, root: &Node<'y>) {
        for node in items(root, "volumes") {
            if let Some(entity) = text(node, "entity") {
                let fact = Fact::Volume {
                    entity,
                    rows: number(node, "rows"),
                    growth_per_month: number(node, "growth_per_month"),
                    text: text(node, "text").unwrap_or_default(),
                };
                self.state(node, fact);
            }
        }
        for node in items(root, "shares") {
            if let (Some(entity), Some(percent)) = (text(node, "entity"), number(node, "percent")) {
                let fact = Fact::Share {
                    entity,
                    field: text(node, "field"),
                    value: text(node, "value"),
                    percent,
                    text: text(node, "text").unwrap_or_default(),
                };
                self.state(node, fact);
            }
        }
        for node in items(root, "retention") {
            if let Some(entity) = text(node, "entity") {
                let days = number(node, "days").and_then(|days| format!("{days:.0}").parse().ok());
                self.state(
                    node,
                    Fact::Retention { entity, days, text: text(node, "text").unwrap_or_default() },
                );
            }
        }
        for node in items(root, "partitionings") {
            if let Some(entity) = text(node, "entity") {
                self.state(node, Fact::Partitioning(partitioning(node, entity)));
            }
        }
        for node in items(root, "load") {
            let measure = text(node, "measure").and_then(|word| LoadMeasure::parse(&word));
            if let (Some(measure), Some(value)) = (measure, number(node, "value")) {
                let text = text(node, "text").unwrap_or_default();
                self.state(node, Fact::Load { measure, value, text });
            }
        }
        for node in items(root, "recovery") {
            let objective = match text(node, "objective").as_deref() {
                Some("recovery_point") => RecoveryObjective::PointObjective,
                Some("recovery_time") => RecoveryObjective::TimeObjective,
                Some("backup_interval") => RecoveryObjective::BackupInterval,
                Some("backup_retention") => RecoveryObjective::BackupRetention,
                Some("point_in_time") => RecoveryObjective::PointInTime,
                Some("other_region") => RecoveryObjective::OtherRegion,
                Some("restore_test") => RecoveryObjective::RestoreTest,
                _ => continue,
            };
            let seconds = number(node, "seconds");
            self.state(
                node,
                Fact::Recovery { objective, seconds, text: text(node, "text").unwrap_or_default() },
            );
        }
        if let Some(node) = root.get("tenant") {
            if let Some(tenant) = text(node, "entity") {
                self.state(
                    node,
                    Fact::Tenancy { tenant, text: text(node, "text").unwrap_or_default() },
                );
            }
        }
    }
}

/// How the rows of an entity are split.
fn partitioning(node: &Node<'_>, entity: String) -> PartitioningFact {
    let word = |key: &str| text(node, key).unwrap_or_default();
    let parts = items(node, "partitions")
        .map(|part| ListedPart { name: text(part, "name"), values: texts(part, "values") });
    PartitioningFact {
        entity,
        method: SplitMethod::parse(&word("method")),
        fields: texts(node, "fields"),
        period: SplitPeriod::parse(&word("period")),
        count: number(node, "count").and_then(|count| format!("{count:.0}").parse().ok()),
        lists: parts.collect(),
        others: OtherRows::parse(&word("others")),
        widens_key: flag(node, "widens_key") == Some(true),
        text: word("text"),
    }
}
