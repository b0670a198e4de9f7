//! A decision: a choice with its reason, so that a reviewer can disagree with it.

use underpin_base::Span;

/// Stable from run to run: the rule's code and the subject, such as `L020/Order.customer_id`.
pub type DecisionId = String;

/// A choice that the design made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The rule that made it, such as `L020`.
    pub rule: &'static str,
    /// What it is about: `Entity`, `Entity.field`, a table, an index.
    pub subject: String,
    /// What else it decides, as `Entity` or `Entity.field`, where the subject names many at once.
    pub covers: Vec<String>,
    /// What was chosen, as a sentence.
    pub choice: String,
    /// Why.
    pub reason: String,
    /// What else could have been chosen.
    pub alternatives: Vec<String>,
    /// What would change the choice.
    pub changes_when: String,
    /// Whether it deserves a record of its own (ADR): costly to change later.
    pub significant: bool,
    /// A few words that name it, for its record.
    pub title: Option<String>,
    /// What names the one record of all decisions of this rule that give the same reason, where they share it.
    pub shared_title: Option<&'static str>,
    /// What follows from it, good or bad, for whoever lives with it.
    pub consequences: Vec<String>,
    /// The statements that it rests on.
    pub inputs: Vec<Span>,
}

impl Decision {
    /// A decision without alternatives or inputs yet.
    pub fn new(
        rule: &'static str,
        subject: impl Into<String>,
        choice: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            subject: subject.into(),
            covers: Vec::new(),
            choice: choice.into(),
            reason: reason.into(),
            alternatives: Vec::new(),
            changes_when: String::new(),
            significant: false,
            title: None,
            shared_title: None,
            consequences: Vec::new(),
            inputs: Vec::new(),
        }
    }

    /// The stable id.
    pub fn id(&self) -> DecisionId {
        format!("{}/{}", self.rule, self.subject)
    }

    /// Names further subjects that it decides.
    #[must_use]
    pub fn covering(mut self, subjects: impl IntoIterator<Item = String>) -> Self {
        self.covers.extend(subjects);
        self
    }

    /// Names something else that could have been chosen.
    #[must_use]
    pub fn instead_of(mut self, alternative: impl Into<String>) -> Self {
        self.alternatives.push(alternative.into());
        self
    }

    /// Says what would change the choice.
    #[must_use]
    pub fn changes_when(mut self, condition: impl Into<String>) -> Self {
        self.changes_when = condition.into();
        self
    }

    /// Marks it as costly to change later; the title names its record in a few words.
    #[must_use]
    pub fn significant(mut self, title: impl Into<String>) -> Self {
        self.significant = true;
        self.title = Some(title.into());
        self
    }

    /// Lets it share a record with those of its rule that give the same reason: a reader learns nothing from the second.
    #[must_use]
    pub fn recorded_with_others(mut self, title: &'static str) -> Self {
        self.shared_title = Some(title);
        self
    }

    /// Names something that follows from it.
    #[must_use]
    pub fn so_that(mut self, consequence: impl Into<String>) -> Self {
        self.consequences.push(consequence.into());
        self
    }

    /// Adds a statement that it rests on.
    #[must_use]
    pub fn from_statement(mut self, span: Span) -> Self {
        self.inputs.push(span);
        self
    }
}
