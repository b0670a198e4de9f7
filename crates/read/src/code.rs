//! The diagnostic codes of reading.

underpin_base::codes! {
    /// A table was not understood.
    ///
    /// No notation recognised the header of the table, so nothing in it reached the model. A field
    /// table needs a column for names (Field, Column, Attribute, Property) and one for types or
    /// constraints, under a heading that names the entity.
    UNREAD_TABLE = "R001", "unread-table";
    /// A code block was not understood.
    ///
    /// The block looks like data (SQL, a diagram, a type definition), but no notation could read
    /// it, so nothing in it reached the model.
    UNREAD_CODE_BLOCK = "R002", "unread-code-block";
    /// List items that look like fields were not understood.
    ///
    /// Items that name a field and its type were found where no entity is named. Put them under a
    /// heading that names the entity, or give the list a label such as "Fields:".
    UNREAD_BULLETS = "R003", "unread-bullets";
    /// A row of a table was not understood.
    ///
    /// The table was read, but this row does not name what the other rows name.
    UNREAD_ROW = "R004", "unread-row";
    /// A line was not understood.
    ///
    /// A line of a code block whose other lines were read has a form that the notation does not know; or a
    /// chain of states stands where no entity is named, or a sentence among relationships names something
    /// that no document describes.
    UNREAD_LINE = "R005", "unread-line";
    /// An SQL statement could not be parsed.
    ///
    /// None of the PostgreSQL, MySQL, SQLite and generic dialects accepts the statement. The other
    /// statements of the block were read.
    SQL_SYNTAX = "R006", "sql-syntax";
    /// Fields were left out, because the document says that they are not stored.
    ///
    /// A heading or sentence calls the thing computed, a projection, a response or the like. Such
    /// things get no table.
    NOT_STORED = "R007", "not-stored";
    /// The model file could not be read.
    ///
    /// `underpin.yaml` is not valid YAML, or a part of it has another shape than
    /// `schema/underpin.schema.json` describes.
    MODEL_FILE = "R008", "model-file";
    /// A file of JSON or YAML describes no data.
    ///
    /// Of these formats, JSON Schema, OpenAPI documents and our own model file are read. Configuration,
    /// pipelines and records are not; nor is an OpenAPI document with neither a schema of something stored nor an
    /// operation that asks for rows.
    OTHER_FILE = "R009", "other-file";
    /// A schema or an interface description could not be parsed.
    ///
    /// It is neither JSON nor YAML of the kind that is read: without anchors and tags.
    /// Nothing in it reached the model.
    SCHEMA_SYNTAX = "R010", "schema-syntax";
    /// A sentence asks for rows and does not say of what.
    ///
    /// "Filter by status" is read where the sentence, the one before it or its section names an entity,
    /// or where one entity alone has most of the fields. Elsewhere no query is built for it.
    UNCLEAR_QUERY = "R011", "unclear-query";
    /// Lines say how contexts or backend systems work together.
    ///
    /// Context maps and integration patterns connect parts of the software: events, interfaces, copies.
    /// No relationship between entities follows from them, and so no foreign key.
    CONTEXT_INTEGRATION = "R012", "context-integration";
    /// Lines are left open, or say what is out of scope.
    ///
    /// "TODO: ask whether a visit has a fee" and "Out of scope: fees" mention data and state nothing. Neither
    /// a field nor a relationship follows from them.
    UNSAID = "R013", "unsaid";
    /// Lines ask for what no design here has.
    ///
    /// Row-level security and functions of the database are not designed. The lines are listed so that nobody takes
    /// them for done: write them by hand in a migration of their own.
    UNMET_REQUEST = "R014", "unmet-request";
    /// A sentence seems to state something of a thing in the model, and nothing was read of it.
    ///
    /// "Paused swimmers cannot book" binds, names a thing that is stored, and became no rule. Its line counts as
    /// understood in part where another sentence of it was read, and else not at all. Say it of one thing with the
    /// names of its fields and values: "`status` must be `active` when a booking is made".
    UNREAD_CLAUSE = "R015", "unread-clause";
    /// A draft has not the form of one.
    ///
    /// A file of `--draft` is YAML with the keys that `schema/underpin-draft.schema.json` describes and
    /// no others. Nothing was read: half a draft would give half a model.
    DRAFT_FORM = "R030", "draft-form";
    /// A drafted statement quotes words that stand in no document.
    ///
    /// The statement was left out. A quotation is found whatever its white space, its case and the
    /// Markdown around it; its words and signs must stand in the document in their order.
    QUOTE_NOT_FOUND = "R031", "quote-not-found";
    /// The quotation of a drafted statement does not mention what the statement is about.
    ///
    /// The statement was left out. The name of the entity or field must stand in the quotation in any
    /// spelling, or for an entity in a heading above it.
    QUOTE_WITHOUT_SUBJECT = "R032", "quote-without-subject";
    /// The quotation of a drafted statement is too short to say anything.
    ///
    /// The statement was left out. A name alone stands in many sentences and proves nothing: quote the
    /// whole sentence, row or list item.
    QUOTE_TOO_SHORT = "R033", "quote-too-short";
    /// The quotation of a drafted statement does not hold a value, a state or a number of it.
    ///
    /// It stands in a document and speaks of the same thing, but says something else or less: "the total is at most
    /// 500" says nothing of 900. The statement is taken as assumed, with a question.
    QUOTE_WITHOUT_VALUE = "R034", "quote-without-value";
}
