//! Sections that are not about data, by the words of their headings.

use crate::document::Document;
use crate::words::{code_spans, lower_words};

/// Sections that say how something is built, sold or tested, and not what is stored.
const OUTSIDE: &[&str] = &[
    "technology",
    "technologies",
    "technical",
    "tech",
    "stack",
    "deployment",
    "infrastructure",
    "testing",
    "tests",
    "test",
    "documentation",
    "examples",
    "example",
    "environment",
    "setup",
    "installation",
    "milestones",
    "timeline",
    "roadmap",
    "future",
    "not",
    "out",
    "non-goals",
    "nongoals",
    "risks",
    "risk",
    "metrics",
    "kpis",
    "kpi",
    "marketing",
    "budget",
    "references",
    "dependencies",
    "typography",
    "branding",
    "layout",
    "accessibility",
    "devops",
    "monitoring",
    "appendix",
    "changelog",
    "gotchas",
    "deliverables",
    "success",
    "enhancements",
    "tools",
    "ci",
    "competitors",
    "competitive",
    "pricing",
    "glossary",
    "frontend",
    "agents",
    "excluded",
    "styling",
    "folder",
    "directory",
    "verify",
    "verification",
    "extra",
    "design",
    "architecture",
    "intro",
    "introduction",
    "assumptions",
    "vision",
    "personas",
    "persona",
    "audience",
    "readme",
    "getting",
    "build",
    "prompt",
    "prompts",
    "seo",
    "animations",
    "pages",
    "landing",
    "scalability",
    "non-functional",
    "nonfunctional",
    "post-mvp",
    "traceability",
    "optional",
];

/// Headings that are about data whatever else they say.
const INSIDE: &[&str] = &[
    "data",
    "entities",
    "entity",
    "domain",
    "model",
    "models",
    "database",
    "schema",
    "functional",
];

/// Whether a section, or one that it stands in, is about something else than data.
pub(super) fn is_outside(document: &Document<'_>, section: usize) -> bool {
    document.path_of(Some(section)).any(|section| {
        // The title of the whole document says what it is, not what it leaves out.
        if document.sections[section].level <= 1 && section == 0 {
            return false;
        }
        let title = document.title(section);
        if !code_spans(title).is_empty() {
            return false;
        }
        let words = lower_words(&title.replace("-functional", "functional"));
        let is_inside = words.iter().any(|word| INSIDE.contains(&word.as_str()))
            // "Donations and tests" are rows, as "Testing and deployment" are not.
            || title.to_lowercase().split_once(" and ").is_some_and(|(one, other)| {
                let is_row = |half: &str| ["tests", "agents"].contains(&half.trim());
                let is_free = |half: &str| {
                    lower_words(half).iter().all(|word| !OUTSIDE.contains(&word.as_str()))
                };
                is_row(one) && is_free(other) || is_row(other) && is_free(one)
            });
        !is_inside && words.iter().any(|word| OUTSIDE.contains(&word.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn sections_about_something_else() {
        check(
            "# Fleet\n\n## Requirements\n\n- Manage trucks.\n\n## Deployment\n\n- Manage ships.\n",
            &expect![[r#"
                5 prose-entities  entity Truck
            "#]],
        );
    }
}
