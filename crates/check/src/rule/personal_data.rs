//! Personal data that nobody says how long to keep.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A table holds personal data, and no document says how long.
    ///
    /// The documents mark fields as personal and give no retention for their entity. Personal data may be kept no longer
    /// than it is needed (GDPR, Article 5(1)(e)), so somebody has to say how long that is.
    ///
    /// ```markdown
    /// ## Patient
    ///
    /// - id: bigint, primary key
    /// - name: string, required, personal data
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE patients (
    ///   id bigint PRIMARY KEY,
    ///   name text NOT NULL
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```markdown
    /// ## Patient
    ///
    /// Patients are deleted after 10 years.
    ///
    /// - id: bigint, primary key
    /// - name: string, required, personal data
    /// ```
    PERSONAL_DATA_WITHOUT_RETENTION = "C107", "personal-data-without-retention";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    let model = documents.model;
    for home in documents.homes {
        let design = documents.physical.tables.of(&home.ours);
        let Some(design) = design else { continue };
        let relation = documents.logical.relation(design.relation);
        let is_kept = model.retentions.iter().any(|it| Some(it.entity) == relation.entity);
        let personal: Vec<_> = relation
            .attributes()
            .filter(|(_, attribute)| attribute.sensitivity.as_deref().is_some_and(is_personal))
            .filter_map(|(at, _)| home.column(design.column(at)))
            .collect();
        if is_kept || personal.is_empty() {
            continue;
        }
        findings.push(
            Finding::warning(
                PERSONAL_DATA_WITHOUT_RETENTION,
                Object::whole(&home.table),
                format!(
                    "`{}` holds personal data ({}), and no document says how long it is kept",
                    short(&home.table),
                    list(personal)
                ),
            )
            .help("state the retention of the entity in the documents"),
        );
    }
}

/// Whether a category is one of personal data: a secret of our own, such as a key, is none.
fn is_personal(category: &str) -> bool {
    let lower = category.to_lowercase();
    !["secret", "credential", "confidential", "internal"].iter().any(|it| lower.contains(it))
}
