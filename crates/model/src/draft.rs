//! The model while it is being built: the arenas, and the indexes by which names are resolved.

use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use underpin_base::{Diagnostic, Sources, Span};
use underpin_read::{EntityKind, Statement};

use crate::codes;
use crate::names::{fold_entity, fold_field, nearest, singular_words, slug, spelling_rank, words};
use crate::type_words::{self, TypeWords};
use crate::unit_words;
use crate::{
    Assumption, Entity, EntityId, EnumId, Enumeration, External, ExternalId, Field, FieldId,
    FieldKind, Model, Origin, Question, Reference,
};

/// What the passes share.
pub(crate) struct Draft<'a> {
    /// What was read.
    pub(crate) statements: &'a [Statement],
    /// The documents, for places in messages.
    pub(crate) sources: &'a Sources,
    /// The arenas; ids only ever come from the methods here, so that each resolves.
    pub(crate) model: Model,
    entities: IndexMap<String, EntityId>,
    /// What rules call entities of several words for short, where it can be no other: "run" is a `BottlingRun`.
    short_names: BTreeMap<String, Option<EntityId>>,
    externals: BTreeMap<String, ExternalId>,
    /// Named lists of values by folded name.
    enumerations: BTreeMap<String, EnumId>,
    /// Ids of the questions and assumptions so far.
    told: BTreeSet<String>,
    /// The rules so far, by what they are about and their text.
    pub(crate) rules: BTreeSet<(EntityId, Option<FieldId>, String)>,
    /// Fields that hold keys of several entities, told apart by a field beside them.
    pub(crate) polymorphic: BTreeSet<FieldId>,
    /// The entities with a field that refers to an entity.
    referring: BTreeMap<EntityId, BTreeSet<EntityId>>,
    /// Fields that hold the state of a life cycle.
    pub(crate) states: BTreeSet<FieldId>,
    fields: IndexMap<(EntityId, String), FieldId>,
    /// Of each entity, the fields whose names end with what they are counted in: `price_cents`.
    counted: BTreeMap<EntityId, Vec<(FieldId, Vec<SmolStr>)>>,
    /// Whether each name of a field does: thousands of fields share a few names.
    counting_names: BTreeMap<String, bool>,
    /// How many names have been looked for among those that look like them.
    looked_for: usize,
    /// What the words of each type say: thousands of fields share a few types.
    types: BTreeMap<String, Arc<TypeWords>>,
}

/// Looks up the names of entities, each run of one name once: the fields of a table all name the same.
#[derive(Debug, Default)]
pub(crate) struct Run<'s> {
    last: Option<(&'s str, Option<EntityId>)>,
}

impl<'s> Run<'s> {
    /// As [`Draft::entity`].
    pub(crate) fn entity(&mut self, draft: &Draft<'_>, name: &'s str) -> Option<EntityId> {
        match self.last {
            Some((last, found)) if last == name => found,
            _ => self.last.insert((name, draft.entity(name))).1,
        }
    }
}

/// So many unknown names are shown the nearest known one. Who has more of them has another problem, and
/// each costs a look at all names.
const LOOKED_FOR: usize = 50;

impl<'a> Draft<'a> {
    /// An empty model over these statements.
    pub(crate) fn new(statements: &'a [Statement], sources: &'a Sources) -> Self {
        Self {
            statements,
            sources,
            model: Model::default(),
            entities: IndexMap::new(),
            short_names: BTreeMap::new(),
            externals: BTreeMap::new(),
            enumerations: BTreeMap::new(),
            told: BTreeSet::new(),
            rules: BTreeSet::new(),
            polymorphic: BTreeSet::new(),
            referring: BTreeMap::new(),
            states: BTreeSet::new(),
            fields: IndexMap::new(),
            counted: BTreeMap::new(),
            counting_names: BTreeMap::new(),
            looked_for: 0,
            types: BTreeMap::new(),
        }
    }

    /// What the words of a type say.
    pub(crate) fn type_words(&mut self, text: &str) -> Arc<TypeWords> {
        if let Some(known) = self.types.get(text) {
            return Arc::clone(known);
        }
        let words = Arc::new(type_words::read(text));
        self.types.insert(text.to_owned(), Arc::clone(&words));
        words
    }

    /// Adds an entity.
    pub(crate) fn add_entity(&mut self, entity: Entity) -> EntityId {
        let id = EntityId::from_index(self.model.entities.len());
        self.model.entities.push(entity);
        id
    }

    /// Lets `name` mean `id`, unless it means another entity already.
    pub(crate) fn name_entity(&mut self, name: &str, id: EntityId) {
        self.entities.entry(fold_entity(name)).or_insert(id);
    }

    /// The entity of a name, whatever its spelling.
    pub(crate) fn entity(&self, name: &str) -> Option<EntityId> {
        self.entities.get(&fold_entity(name)).copied()
    }

    /// The entity that a noun in a rule means, by its name or by what it may be called for short.
    pub(crate) fn noun(&self, name: &str) -> Option<EntityId> {
        self.entity(name).or_else(|| *self.short_names.get(&fold_entity(name))?).or_else(|| {
            // "A staff member" is one of the staff.
            let all = name.strip_suffix(" member").or_else(|| name.strip_suffix(" members"))?;
            self.entity(all)
        })
    }

    /// Learns by which last words entities of several words may be called, once all are known.
    pub(crate) fn learn_short_names(&mut self) {
        // What every second name ends with is no name.
        const SORTS: &[&str] = &[
            "type", "status", "record", "entry", "data", "detail", "info", "list", "value", "key",
            "name", "number", "date", "time", "history", "group", "set", "state", "link", "map",
        ];
        self.short_names.clear();
        let ids: Vec<EntityId> = self.model.entities().map(|(id, _)| id).collect();
        for id in ids {
            let name = singular_words(&self.model.entity(id).name);
            let Some((_, last)) = name.rsplit_once(' ') else { continue };
            if last.len() < 3 || SORTS.contains(&last) {
                continue;
            }
            let key = fold_entity(last);
            if self.entities.contains_key(&key) {
                continue;
            }
            self.short_names.entry(key).and_modify(|it| *it = None).or_insert(Some(id));
        }
    }

    /// The entity that a phrase means: "a Host user" is a User, `hr.employees` an Employee, and
    /// "Order entity" an Order.
    pub(crate) fn entity_in_phrase(&self, phrase: &str) -> Option<EntityId> {
        if let Some(found) = self.entity(phrase) {
            return Some(found);
        }
        let given = phrase;
        let outside = phrase.split_once('.').is_some_and(|(schema, _)| is_outside_schema(schema));
        let phrase: String =
            phrase.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let words = words(&phrase);
        let words: Vec<&str> = words
            .iter()
            .map(SmolStr::as_str)
            .filter(|word| {
                !matches!(*word, "the" | "a" | "an" | "entity" | "table" | "model" | "record")
            })
            .collect();
        // The last words carry the noun; the longest run of them is the most precise.
        let tails = (0..words.len()).map(|from| words[from..].join(" "));
        tails
            .into_iter()
            .find_map(|tail| self.entity(&tail))
            .filter(|_| !outside)
            .or_else(|| self.field_path(given).map(|(entity, _)| entity))
    }

    /// The entity of several words of which a reference was given the first: "FK → Crew Task" beside `crew_task_id`.
    pub(crate) fn entity_called(&self, first: &str, field: &str) -> Option<EntityId> {
        let words = words(field);
        let name = words.strip_suffix(&["id".into()])?;
        let begins = name.len() > 1 && name[0] == first.to_lowercase().as_str();
        let name = name.iter().map(SmolStr::as_str).collect::<Vec<_>>().join(" ");
        begins.then(|| self.entity(&name))?
    }

    /// The entity and the field in `stocks.ticker`, where both are known.
    pub(crate) fn field_path<'p>(&self, path: &'p str) -> Option<(EntityId, &'p str)> {
        let (entity, field) = path.rsplit_once('.')?;
        let entity = self.entity(entity)?;
        self.field(entity, field).map(|_| (entity, field))
    }

    /// The entity of another system that a name means; only where no document describes one of
    /// that name.
    pub(crate) fn external(&self, name: &str) -> Option<ExternalId> {
        if self.entity_in_phrase(name).is_some() {
            return None;
        }
        outside_keys(name).iter().find_map(|key| self.externals.get(key)).copied()
    }

    /// Makes an entity of another system known under this name, or adds the spelling.
    pub(crate) fn add_external(&mut self, name: &str, origin: Origin, source: Span) -> ExternalId {
        let [whole, bare] = outside_keys(name);
        let taken = self.entities.contains_key(&bare);
        let known = self.externals.get(&whole).or_else(|| self.externals.get(&bare)).copied();
        let id = known.unwrap_or_else(|| {
            let (name, origin) = (name.to_owned(), origin.clone());
            self.model.externals.push(External { name, aliases: Vec::new(), origin, source });
            ExternalId::from_index(self.model.externals.len() - 1)
        });
        self.externals.entry(whole).or_insert(id);
        if !taken {
            self.externals.entry(bare).or_insert(id);
        }
        let plain = !is_outside_name(name);
        let external = &mut self.model.externals[id.index()];
        if origin == Origin::Stated {
            external.origin = origin;
        }
        if external.name != name && !external.aliases.iter().any(|alias| alias == name) {
            let rank = |name: &str, plain| (plain, spelling_rank(name));
            let old = rank(&external.name, !is_outside_name(&external.name));
            if rank(name, plain) > old {
                let old = std::mem::replace(&mut external.name, name.to_owned());
                external.aliases.push(old);
            } else {
                external.aliases.push(name.to_owned());
            }
        }
        id
    }

    /// The known name that looks most like `name`.
    pub(crate) fn nearest_entity(&mut self, name: &str) -> Option<&str> {
        if self.looked_for >= LOOKED_FOR {
            return None;
        }
        self.looked_for += 1;
        nearest(name, self.model.entities.iter().map(|entity| entity.name.as_str()))
    }

    /// Adds a field at the end of its entity.
    pub(crate) fn add_field(&mut self, field: Field) -> FieldId {
        let id = FieldId::from_index(self.model.fields.len());
        self.fields.entry((field.entity, fold_field(&field.name))).or_insert(id);
        if self.is_counted(&field.name) {
            self.counted.entry(field.entity).or_default().push((id, words(&field.name)));
        }
        self.model.entities[field.entity.index()].fields.push(id);
        self.model.fields.push(field);
        id
    }

    /// Whether a name ends with what it is counted in.
    fn is_counted(&mut self, name: &str) -> bool {
        if let Some(&known) = self.counting_names.get(name) {
            return known;
        }
        let counts = unit_words::of_name(name).is_some();
        self.counting_names.insert(name.to_owned(), counts);
        counts
    }

    /// The fields of an entity whose names say what they are counted in, with the words of each name.
    pub(crate) fn counted_fields(&self, entity: EntityId) -> &[(FieldId, Vec<SmolStr>)] {
        self.counted.get(&entity).map_or(&[], Vec::as_slice)
    }

    /// The field of a name in an entity, whatever its spelling.
    pub(crate) fn field(&self, entity: EntityId, name: &str) -> Option<FieldId> {
        let name = name.trim().trim_matches(|c| matches!(c, '`' | '"' | '*' | '[' | ']'));
        self.fields.get(&(entity, fold_field(name))).copied()
    }

    /// The field of a name that may leave off the `id` of a reference, and may be qualified.
    pub(crate) fn field_in_phrase(&self, entity: EntityId, phrase: &str) -> Option<FieldId> {
        if let Some(found) = self.field(entity, phrase) {
            return Some(found);
        }
        if let Some((front, name)) = phrase.rsplit_once('.') {
            let entity = self.entity_in_phrase(front)?;
            return self.field(entity, name);
        }
        if phrase.trim().is_empty() {
            return None;
        }
        self.field(entity, &format!("{phrase} id"))
            .or_else(|| self.reference_without_id(entity, phrase))
    }

    /// The reference that a mapper calls `owner` and whose column is `owner_id`.
    fn reference_without_id(&self, entity: EntityId, phrase: &str) -> Option<FieldId> {
        let name = fold_field(phrase);
        let front = name.strip_suffix("id").filter(|front| !front.is_empty())?;
        let found = self.fields.get(&(entity, front.to_owned())).copied()?;
        self.model.field(found).references.is_some().then_some(found)
    }

    /// As [`Self::field_in_phrase`], where the field must be the entity's own: a key, an index or a
    /// protection cannot name a field of another entity.
    pub(crate) fn own_field_in_phrase(&self, entity: EntityId, phrase: &str) -> Option<FieldId> {
        let found = self.field_in_phrase(entity, phrase)?;
        (self.model.field(found).entity == entity).then_some(found)
    }

    /// Whether an entity has no rows of its own.
    pub(crate) fn is_value_object(&self, id: EntityId) -> bool {
        self.model.entity(id).kind == EntityKind::ValueObject
    }

    /// Changes a field.
    pub(crate) fn field_mut(&mut self, id: FieldId) -> &mut Field {
        &mut self.model.fields[id.index()]
    }

    /// Lets a field refer to an entity.
    pub(crate) fn refer(&mut self, id: FieldId, reference: Reference) {
        let owner = self.model.field(id).entity;
        self.referring.entry(reference.entity).or_default().insert(owner);
        self.field_mut(id).references = Some(reference);
    }

    /// The entities that may have fields which refer to both of these.
    pub(crate) fn referring_to_both(
        &self,
        one: EntityId,
        other: EntityId,
    ) -> impl Iterator<Item = EntityId> {
        let of = |id: EntityId| self.referring.get(&id);
        let fewer = match (of(one), of(other)) {
            (Some(one), Some(other)) => Some(if one.len() < other.len() { one } else { other }),
            _ => None,
        };
        fewer.into_iter().flatten().copied()
    }

    /// Changes an entity.
    pub(crate) fn entity_mut(&mut self, id: EntityId) -> &mut Entity {
        &mut self.model.entities[id.index()]
    }

    /// All ids of entities.
    pub(crate) fn entity_ids(&self) -> impl Iterator<Item = EntityId> + use<> {
        (0..self.model.entities.len()).map(EntityId::from_index)
    }

    /// All ids of fields.
    pub(crate) fn field_ids(&self) -> impl Iterator<Item = FieldId> + use<> {
        (0..self.model.fields.len()).map(FieldId::from_index)
    }

    /// The named list that is called after an entity and one of its fields: `OrderStatus` of `Order.status`.
    pub(crate) fn named_list_of(&self, entity: EntityId, field: &str) -> Option<EnumId> {
        // Most documents name few lists or none.
        (!self.enumerations.is_empty())
            .then(|| self.enumeration(&format!("{} {field}", self.model.entity(entity).name)))?
    }

    /// Adds a list of values.
    pub(crate) fn add_enumeration(&mut self, enumeration: Enumeration) -> EnumId {
        let id = EnumId::from_index(self.model.enums.len());
        if enumeration.named {
            self.enumerations.entry(fold_entity(&enumeration.name)).or_insert(id);
        }
        self.model.enums.push(enumeration);
        id
    }

    /// The list of values that documents call by this name.
    pub(crate) fn enumeration(&self, name: &str) -> Option<EnumId> {
        self.enumerations.get(&fold_entity(name)).copied()
    }

    /// The list of values of a field.
    pub(crate) fn enumeration_of(&self, field: FieldId) -> Option<EnumId> {
        let mut kind = &self.model.field(field).kind;
        while let FieldKind::List(inner) = kind {
            kind = inner;
        }
        if let FieldKind::Enumeration(id) = kind { Some(*id) } else { None }
    }

    /// Tells the user something.
    pub(crate) fn report(&mut self, mut diagnostic: Diagnostic) {
        // A name may hold anything, a message only what can be printed.
        let printable = |text: &mut String| {
            if text.chars().any(char::is_control) {
                *text = text.replace(char::is_control, "\u{fffd}");
            }
        };
        printable(&mut diagnostic.message);
        diagnostic.labels.iter_mut().for_each(|label| printable(&mut label.text));
        diagnostic.help.iter_mut().for_each(printable);
        self.model.diagnostics.push(diagnostic);
    }

    /// Reports that a statement is about an unknown entity and was left out.
    pub(crate) fn report_unknown_subject(&mut self, what: &str, name: &str, span: Span) {
        let message = format!("{what} is about `{name}`, which no document describes; left out");
        let help = match self.nearest_entity(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("describe the entity `{name}` with its fields"),
        };
        self.report(
            Diagnostic::warning(codes::UNKNOWN_SUBJECT, message)
                .at(span, "not an entity of the model")
                .help(help),
        );
    }

    /// Reports that a statement names a field that its entity lacks.
    pub(crate) fn report_unknown_field(
        &mut self,
        what: &str,
        entity: EntityId,
        name: &str,
        span: Span,
    ) {
        let owner = self.model.entity(entity);
        let known = owner.fields.iter().map(|&id| self.model.field(id).name.as_str());
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add the field `{name}` to `{}`, or correct the name", owner.name),
        };
        let message = format!(
            "{what} names `{name}`, which is not a field of `{}`; it was left out there",
            owner.name
        );
        self.report(
            Diagnostic::warning(codes::UNKNOWN_FIELD, message)
                .at(span, format!("`{}` has no such field", owner.name))
                .help(help),
        );
    }

    /// Asks what the documents leave open. `kind` and `subject` make the id, so that a question
    /// keeps its id from run to run.
    pub(crate) fn ask(
        &mut self,
        kind: &str,
        subject: &str,
        text: impl Into<String>,
        assumed: impl Into<String>,
        source: Option<Span>,
    ) {
        self.ask_about(kind, subject, subject, text, assumed, source);
    }

    /// As [`Self::ask`], where the words that make the id are not those that name the subject.
    pub(crate) fn ask_about(
        &mut self,
        kind: &str,
        words: &str,
        subject: &str,
        text: impl Into<String>,
        assumed: impl Into<String>,
        source: Option<Span>,
    ) {
        self.ask_question(Some(Question {
            id: question_id(kind, words),
            subject: subject.to_owned(),
            text: text.into(),
            assumed: assumed.into(),
            source,
        }));
    }

    /// Asks a question, if there is one, once.
    pub(crate) fn ask_question(&mut self, question: Option<Question>) {
        if let Some(question) = question
            && self.told.insert(format!("? {}", question.id))
        {
            self.model.questions.push(question);
        }
    }

    /// Takes back a question or an assumption that another statement settled.
    pub(crate) fn withdraw(&mut self, kind: &str, subject: &str) {
        let id = format!("{}.{kind}", slug(subject));
        if self.told.remove(&format!("? {id}")) {
            self.model.questions.retain(|question| question.id != id);
        }
        if self.told.remove(&format!("! {id}")) {
            self.model.assumptions.retain(|assumption| assumption.id != id);
        }
    }

    /// Notes what was chosen for want of a statement.
    pub(crate) fn assume(
        &mut self,
        kind: &str,
        subject: &str,
        text: impl Into<String>,
        reason: impl Into<String>,
    ) {
        let id = format!("{}.{kind}", slug(subject));
        if !self.told.insert(format!("! {id}")) {
            return;
        }
        self.model.assumptions.push(Assumption {
            id,
            subject: subject.to_owned(),
            text: text.into(),
            reason: reason.into(),
        });
    }
}

/// The id of a question of a kind, made of words that stay the same from run to run.
pub(crate) fn question_id(kind: &str, words: &str) -> String {
    format!("{}.{kind}", slug(words))
}

/// The keys under which an entity of another system is known: its whole name, and that without its
/// schema or the prefix of its framework.
fn outside_keys(name: &str) -> [String; 2] {
    let bare = name.rsplit_once('.').map_or(name, |(_, bare)| bare).trim();
    let bare = bare.strip_prefix("AspNet").filter(|rest| !rest.is_empty()).unwrap_or(bare);
    [fold_entity(name), fold_entity(bare)]
}

/// Whether a name says by itself that it belongs to another system.
pub(crate) fn is_outside_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(schema, _)| is_outside_schema(schema))
        || name.starts_with("AspNet")
}

/// Whether tables of this schema belong to somebody else.
pub(crate) fn is_outside_schema(schema: &str) -> bool {
    matches!(
        schema.trim().to_lowercase().as_str(),
        "auth" | "storage" | "extensions" | "realtime" | "pg_catalog" | "information_schema"
    )
}

/// The origin of a fact.
pub(crate) fn origin_of(statement: &Statement) -> Origin {
    match (&statement.assumed, &statement.inferred) {
        (Some(reason), _) => Origin::Assumed(reason.clone()),
        (None, Some(reason)) => Origin::Inferred(reason.clone()),
        (None, None) => Origin::Stated,
    }
}
