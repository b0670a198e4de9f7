//! The model's diagnostic codes. The doc comment of each is its documentation page.

underpin_base::codes! {
    /// Something refers to an entity that no document describes.
    ///
    /// A reference needs a table to point at. Where the name is nearly that of a described entity,
    /// it is taken for a slip of the pen and must be corrected. Otherwise the entity is taken to
    /// live in another system: it is listed among `external_entities`, its keys are kept without a
    /// foreign key, and a question asks whether that is so. Describe the entity, or correct the
    /// name.
    UNKNOWN_ENTITY = "M001", "unknown-entity";
    /// One document describes two entities of one name.
    ///
    /// Both descriptions were taken together, which is rarely what is meant. Rename one of them,
    /// or write one description. The same entity in two notations (a diagram and a field table) or
    /// in two documents is no mistake and is merged without a word.
    DUPLICATE_ENTITY = "M002", "duplicate-entity";
    /// Two places contradict each other.
    ///
    /// The message shows both and says which counts: what is written in the more exact notation (a
    /// model file, then SQL, Prisma and DBML, then tables, diagrams and code, then lists, then
    /// sentences), of equally exact ones what is stated before what was derived, and then the place
    /// that comes first. `underpin model --explain` shows it for one thing. Change one of the
    /// places.
    CONFLICTING_STATEMENTS = "M003", "conflicting-statements";
    /// Something names a field that its entity does not have.
    ///
    /// What was said of the field was left out of the design; the rest of the statement stands.
    UNKNOWN_FIELD = "M004", "unknown-field";
    /// Entities require each other in a circle.
    ///
    /// Each reference in the circle is required, so that no row of any of these entities can be
    /// written first. Make one of the references optional.
    REQUIRED_CIRCLE = "M005", "required-circle";
    /// No sequence of transitions leads to a state.
    ///
    /// A row could never be in it. Add the transition that leads there, or take the state away.
    UNREACHABLE_STATE = "M006", "unreachable-state";
    /// A transition names a state that the list of states lacks.
    ///
    /// The state was added. Add it to the list, or correct the transition.
    UNKNOWN_STATE = "M007", "unknown-state";
    /// A life cycle and the values of its field disagree.
    ///
    /// Both were taken together: the field takes all of the values. Make them the same.
    STATES_DISAGREE = "M008", "states-disagree";
    /// An entity has no fields.
    ///
    /// It becomes a table that holds nothing but an identifier and its references. Describe its
    /// fields, or take the heading away where it is no entity.
    ENTITY_WITHOUT_FIELDS = "M009", "entity-without-fields";
    /// PostgreSQL cannot hold a name.
    ///
    /// A name must not be empty and must not hold the character NUL.
    IMPOSSIBLE_NAME = "M010", "impossible-name";
    /// A name is longer than PostgreSQL keeps.
    ///
    /// Names end after 63 bytes. The design shortens the name and keeps it distinct.
    LONG_NAME = "M011", "long-name";
    /// A reference and the key that it refers to have different types.
    ///
    /// A foreign key compares values of one type, so the reference takes the type of the key.
    KEY_TYPE_MISMATCH = "M012", "key-type-mismatch";
    /// A statement is about something that no document describes as an entity.
    ///
    /// The statement was left out. Describe the entity, or correct the name.
    UNKNOWN_SUBJECT = "M013", "unknown-subject";
    /// No document describes an entity.
    ///
    /// There is nothing to design. Describe each entity under a heading, with its fields in a
    /// table or in bullets, in a mermaid `erDiagram`, or as SQL `CREATE TABLE`.
    NO_ENTITY = "M014", "no-entity";
    /// One description names a field twice.
    ///
    /// Both lines were taken together as one field. Rename or remove one of them.
    DUPLICATE_FIELD = "M015", "duplicate-field";
    /// A reference leads to a table of another system.
    ///
    /// The value is kept without a foreign key, since the table is not part of this design.
    OUTSIDE_REFERENCE = "M016", "outside-reference";
    /// A rule names no entity of the model.
    ///
    /// Nothing in the database enforces it.
    RULE_WITHOUT_ENTITY = "M017", "rule-without-entity";
    /// An answer names a question that nobody asks.
    ///
    /// Ids of questions are stable: they are made of what the question is about. The answer changes
    /// nothing. Correct its id, or take the line out.
    UNKNOWN_QUESTION = "M018", "unknown-question";
    /// An answer is none that its question can take.
    ///
    /// The question stays open with what was assumed. The message says what can be answered.
    IMPOSSIBLE_ANSWER = "M019", "impossible-answer";
    /// An entity has more fields than a table can have columns.
    ///
    /// PostgreSQL keeps at most 1600 columns in a table, and fewer where they are wide. Put the
    /// fields into several entities, or into one field that holds JSON.
    TOO_MANY_FIELDS = "M020", "too-many-fields";
    /// Two statements cannot both be true.
    ///
    /// One says that rows are kept for ever, another that they are deleted after a time. Nothing is
    /// deleted until the documents say which one holds: what is deleted does not come back.
    CONTRADICTION = "M021", "contradiction";
    /// A sentence binds the rows of an entity and was not understood.
    ///
    /// "Must", "only" and "never" often make a rule that a database can keep, and as often speak of people or of pages.
    /// Nothing enforces it. Say it of fields and states by their names, or let the application keep it.
    UNENFORCED_SENTENCE = "M022", "unenforced-sentence";
    /// Words of an access pattern were not understood.
    ///
    /// A statement of the rest would give other rows than the document asks for. It stands as a draft in comments under
    /// `queries/`; no index is built for it and nothing is claimed of it. The words stand among the open points. Say what they mean with names of fields: by which field, `where`
    /// a field has which value, sorted by which field, and with which limit; or give the SQL.
    PARTLY_READ_QUERY = "M023", "partly-read-query";
}
