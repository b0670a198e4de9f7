//! Class diagrams, as mermaid and PlantUML draw them: boxes with members, and lines between them.

use std::ops::Range;

use indexmap::{IndexMap, IndexSet};

use crate::diagram::line::{Line, Shape};
use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::code::{
    Declared, Found, Member, Navigation, Passing, Place, is_passing_name, place_of, settle,
};
use crate::notation::{Mark, Output, entity_fact, relationship};
use crate::words::{fold, is_identifier, split_once_any, unquote};
use crate::{EntityKind, Fact, FieldFact};

/// What a stereotype says of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stereotype {
    #[default]
    None,
    Stored,
    AggregateRoot,
    ValueObject,
    Enumeration,
    /// Only others that extend it are stored.
    Base,
    /// An interface, a service and the like.
    Passing,
}

/// A box.
#[derive(Debug, Default)]
struct Class {
    stereotype: Stereotype,
    bases: Vec<String>,
    members: Vec<Member>,
    values: Vec<String>,
    functions: usize,
    head: Range<usize>,
    end: usize,
}

/// A diagram while it is read.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    boxes: IndexMap<String, Class>,
    lines: Vec<Line>,
    /// The names of boxes by what lines call them.
    aliases: IndexMap<String, String>,
    pub(crate) other: Vec<Range<usize>>,
    pub(crate) unread: Vec<(Range<usize>, String)>,
}

impl Classes {
    /// Notes a box, at its first place.
    pub(crate) fn class(&mut self, name: &str, at: &Range<usize>) {
        let class = self.boxes.entry(name.to_owned()).or_default();
        if class.head.is_empty() {
            class.head = at.clone();
        }
        class.end = class.end.max(at.end);
    }

    /// `class "Long name" as x`.
    pub(crate) fn alias(&mut self, alias: &str, name: &str) {
        self.aliases.insert(alias.to_owned(), name.to_owned());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.boxes.values().all(|class| class.members.is_empty() && class.values.is_empty())
    }

    /// `<<Entity>>` and the like.
    pub(crate) fn stereotype(&mut self, name: &str, text: &str) {
        let words = fold(text.trim_matches(['<', '>', ' ']));
        let stereotype = match words.as_str() {
            "enumeration" | "enum" => Stereotype::Enumeration,
            "valueobject" | "vo" | "value" | "embeddable" | "valuetyp" | "datatyp" => {
                Stereotype::ValueObject
            }
            "aggregateroot" | "aggregat" | "root" | "entityaggregateroot" => {
                Stereotype::AggregateRoot
            }
            "entiti" | "tabl" | "persistent" | "model" | "domainentiti" => Stereotype::Stored,
            "abstract" | "mixin" | "mappedsuperclass" => Stereotype::Base,
            // A letter in a coloured circle is drawing.
            words if words.len() <= 1 => return,
            "interfac" | "servic" | "repositori" | "controller" | "control" | "boundari"
            | "factori" | "util" | "utiliti" | "component" | "dto" | "singleton"
            | "applicationservic" | "domainservic" | "event" | "domainevent" | "external"
            | "annotation" | "exception" => Stereotype::Passing,
            _ => return,
        };
        if let Some(class) = self.boxes.get_mut(name) {
            class.stereotype = stereotype;
        }
    }

    pub(crate) fn extend(&mut self, name: &str, base: &str) {
        if let Some(class) = self.boxes.get_mut(name) {
            class.bases.push(base.to_owned());
        }
    }

    /// A line of a box.
    pub(crate) fn member(&mut self, name: &str, text: &str, at: &Range<usize>) {
        let Some(class) = self.boxes.get_mut(name) else { return };
        class.end = class.end.max(at.end);
        if class.stereotype == Stereotype::Enumeration {
            let value = text.trim_end_matches([',', ';']).split(['=', '(', ':']).next();
            let value = unquote(value.unwrap_or_default()).trim_start_matches(['+', '-', ' ']);
            // What an enumeration computes is no value.
            if text.contains("()") {
                class.functions += 1;
            } else if !value.is_empty() && value.split_whitespace().count() <= 3 {
                class.values.push(value.to_owned());
            }
            return;
        }
        if is_function(text) {
            class.functions += 1;
            return;
        }
        match member(text) {
            Some(mut member) => {
                member.at = at.clone();
                class.members.push(member);
            }
            None => self.unread.push((at.clone(), text.to_owned())),
        }
    }

    /// A line between boxes; `false` where the text is none.
    pub(crate) fn line(&mut self, text: &str, at: &Range<usize>) -> bool {
        let Some(mut line) = Line::read(text, at) else { return false };
        for end in [&mut line.from, &mut line.to] {
            if let Some(name) = self.aliases.get(end) {
                end.clone_from(name);
            }
        }
        match line.shape {
            Shape::Extends => {
                self.class(&line.to, at);
                self.class(&line.from, at);
                self.extend(&line.from.clone(), &line.to);
                self.other.push(at.clone());
            }
            Shape::Uses => self.other.push(at.clone()),
            Shape::Association | Shape::Whole => {
                self.class(&line.from, at);
                self.class(&line.to, at);
                self.lines.push(line);
            }
        }
        true
    }

    /// States what the diagram says; `false` where nothing in it is stored.
    pub(crate) fn state(
        mut self,
        document: &Document<'_>,
        code: &Code,
        block: usize,
        out: &mut Output,
    ) -> bool {
        let names: IndexSet<String> = self
            .boxes
            .iter()
            .filter(|(_, class)| class.stereotype != Stereotype::Enumeration)
            .map(|(name, _)| name.clone())
            .collect();
        let extended: IndexSet<String> =
            self.boxes.values().flat_map(|class| class.bases.iter().cloned()).collect();
        let passing = place_of(document, block) == Place::Passing;
        let stored: IndexSet<String> = self
            .boxes
            .iter()
            .filter(|(name, class)| class.is_stored(name, passing, extended.contains(*name)))
            .map(|(name, _)| name.clone())
            .collect();
        let mut found = Found::default();
        for (name, class) in &mut self.boxes {
            let range = class.head.start..class.end;
            if class.stereotype == Stereotype::Enumeration {
                found.enumeration(block, name, std::mem::take(&mut class.values), range);
                continue;
            }
            for member in &mut class.members {
                let target = element(member.field.type_text.as_deref().unwrap_or_default());
                if names.contains(target.0) {
                    member.navigation = Some(Navigation {
                        target: target.0.to_owned(),
                        is_list: target.1,
                        ..Navigation::default()
                    });
                }
            }
            if class.members.is_empty() && class.bases.is_empty() {
                continue;
            }
            let mut declared = Declared::new(name, block, class.head.clone(), range);
            declared.is_marked = class.is_stored(name, passing, extended.contains(name));
            declared.functions = if declared.is_marked { 0 } else { usize::MAX };
            if class.stereotype == Stereotype::ValueObject {
                declared.kind = EntityKind::ValueObject;
            }
            declared.members.clone_from(&class.members);
            // What is stored itself keeps its members; only those of a mere base are taken over.
            declared.bases =
                class.bases.iter().filter(|it| !stored.contains(*it)).cloned().collect();
            found.types.push(declared);
        }
        let any = found.types.iter().any(|declared| declared.is_marked)
            || !found.values.is_empty() && found.types.is_empty();
        if !any && !names.iter().any(|name| out.known.get(name).is_some()) {
            return false;
        }
        settle(document, found, out);
        self.relationships(document, code, out);
        self.kinds(document, code, &stored, out);
        for at in &self.other {
            out.mark(document, document.code_span(code, at.clone()).range(), Mark::SetAside);
        }
        for (at, text) in &self.unread {
            let span = document.code_span(code, at.clone());
            out.unread_line(span, text, "a member is written `name : type` or `type name`");
        }
        true
    }

    /// What is a special kind of what, where both are stored.
    fn kinds(
        &self,
        document: &Document<'_>,
        code: &Code,
        stored: &IndexSet<String>,
        out: &mut Output,
    ) {
        for (name, class) in &self.boxes {
            for base in class.bases.iter().filter(|base| stored.contains(*base)) {
                if [name, base].iter().all(|it| out.known.get(it).is_some()) {
                    let span = document.code_span(code, class.head.clone());
                    let text = format!("{name} is a {base}");
                    let rule = Fact::Rule { entity: Some(name.clone()), field: None, text };
                    out.state(document, span, rule);
                }
            }
        }
    }

    fn stereotype_of(&self, name: &str) -> Stereotype {
        self.boxes.get(name).map_or(Stereotype::None, |class| class.stereotype)
    }

    fn relationships(&self, document: &Document<'_>, code: &Code, out: &mut Output) {
        for line in &self.lines {
            let span = document.code_span(code, line.at.clone());
            let ends = [&line.from, &line.to];
            let kinds = ends.map(|end| self.stereotype_of(end));
            let is_told = |kind: &Stereotype| {
                matches!(
                    kind,
                    Stereotype::Enumeration
                        | Stereotype::Passing
                        | Stereotype::Base
                        | Stereotype::ValueObject
                )
            };
            // Lines to enumerations and value objects draw what the members say.
            let any_stored = ends.iter().any(|end| out.known.get(end).is_some());
            if kinds.iter().any(is_told) || !any_stored {
                out.mark(document, span.range(), Mark::SetAside);
                continue;
            }
            let is_exact = line.shape == Shape::Whole || line.is_counted;
            for end in ends {
                let is_bare = self.boxes.get(end).is_some_and(|class| class.members.is_empty());
                if out.known.get(end).is_none()
                    && is_exact
                    && is_bare
                    && is_passing_name(end) == Passing::No
                {
                    out.infer(
                        document,
                        span,
                        entity_fact(end),
                        "an end of a relationship in a diagram",
                    );
                }
            }
            if ends.iter().any(|end| out.known.get(end).is_none()) {
                out.mark(document, span.range(), Mark::SetAside);
                continue;
            }
            let mut fact = relationship(
                line.from.clone(),
                line.from_end,
                line.to.clone(),
                line.to_end,
                line.label.clone(),
            );
            // An arrow without numbers says only that there is a relationship.
            if !is_exact {
                fact.cardinality = None;
                fact.from_required = None;
                fact.to_required = None;
            }
            out.state(document, span, Fact::Relationship(fact));
        }
        for (root, class) in &self.boxes {
            if class.stereotype != Stereotype::AggregateRoot || out.known.get(root).is_none() {
                continue;
            }
            let members = self.parts(root);
            if !members.is_empty() {
                let span = document.code_span(code, class.head.clone());
                out.state(document, span, Fact::Aggregate { root: root.clone(), members });
            }
        }
    }

    /// What a class is composed of, with the parts of the parts.
    fn parts(&self, root: &str) -> Vec<String> {
        let mut parts: IndexSet<String> = IndexSet::new();
        let mut open = vec![root.to_owned()];
        while let Some(whole) = open.pop() {
            for line in &self.lines {
                let is_part = line.shape == Shape::Whole && line.from == whole && line.to != root;
                let is_entity =
                    matches!(self.stereotype_of(&line.to), Stereotype::None | Stereotype::Stored);
                if is_part && is_entity && parts.insert(line.to.clone()) {
                    open.push(line.to.clone());
                }
            }
        }
        parts.into_iter().collect()
    }
}

impl Class {
    fn is_stored(&self, name: &str, passing: bool, is_extended: bool) -> bool {
        match self.stereotype {
            Stereotype::Stored | Stereotype::AggregateRoot | Stereotype::ValueObject => true,
            Stereotype::Enumeration | Stereotype::Base | Stereotype::Passing => false,
            Stereotype::None => {
                let scalars =
                    self.members.iter().filter(|member| member.navigation.is_none()).count();
                let has_key = self.members.iter().any(|member| {
                    fold(&member.field.name) == "id" || member.field.primary_key == Some(true)
                });
                let is_base =
                    is_extended && (name.starts_with("Base") || name.starts_with("Abstract"));
                !is_base
                    && is_passing_name(name) == Passing::No
                    && (scalars > 0 || !self.bases.is_empty() && self.functions == 0)
                    && (has_key || !passing && self.functions <= 2 * self.members.len() + 2)
            }
        }
    }
}

/// The type inside `List<Order>`, `Order[]` or `Order?`, and whether there are several.
fn element(text: &str) -> (&str, bool) {
    let text = text.trim().trim_end_matches('?');
    if let Some(inner) = text.strip_suffix("[]") {
        return (inner.trim(), true);
    }
    if let Some((outer, inner)) = text.split_once('<') {
        let is_list = !matches!(outer.trim(), "Optional" | "Option" | "Maybe" | "Nullable");
        return (inner.trim_end_matches('>').trim(), is_list);
    }
    (text, false)
}

/// `name()` and `name(a: int) : text`, but not `price decimal(10, 2)`.
fn is_function(text: &str) -> bool {
    let Some((before, inside)) = text.split_once('(') else { return false };
    let inside = inside.split(')').next().unwrap_or_default();
    let word = before.rsplit([' ', ':', '+', '-', '#', '~']).next().unwrap_or_default();
    let is_size =
        !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
    let is_values = word.eq_ignore_ascii_case("enum") || word.eq_ignore_ascii_case("set");
    let is_macro =
        matches!(word, "primary_key" | "pk" | "foreign_key" | "fk" | "not_null" | "unique");
    !(is_size || is_values || is_macro || before.trim().is_empty() || word.is_empty())
}

/// `+String name`, `- id : int <<PK>>`, `* name : text`, `+email`.
fn member(text: &str) -> Option<Member> {
    let mut field = FieldFact::default();
    let mut text = text.trim().trim_end_matches([';', ',']).replace('~', "<").replace("**", "");
    // `List<Order<` was `List~Order~`.
    if text.matches('<').count() > 1 && !text.contains('>') {
        if let Some(at) = text.rfind('<') {
            text.replace_range(at..=at, ">");
        }
    }
    for tag in ["{static}", "{field}", "{abstract}", "<b>", "</b>", "<u>", "</u>", "{readOnly}"] {
        text = text.replace(tag, "");
    }
    while let Some((before, mark, after)) = stereotype_in(&text) {
        for mark in mark.to_ascii_lowercase().split(',') {
            match mark.trim() {
                "pk" | "key" | "id" | "primary key" => field.primary_key = Some(true),
                "unique" | "uk" | "uq" => field.unique = Some(true),
                "fk" | "foreign key" => field.constraints.push("foreign key".to_owned()),
                "generated" | "auto" | "ai" | "auto increment" => {
                    field.constraints.push("auto-increment".to_owned());
                }
                "not null" | "notnull" | "required" => field.required = Some(true),
                "nullable" | "optional" => field.required = Some(false),
                _ => {}
            }
        }
        text = format!("{before}{after}");
    }
    let mut spec = text.trim();
    loop {
        let before = spec;
        if let Some(rest) = spec.strip_prefix('*') {
            field.required = Some(true);
            spec = rest.trim_start();
        }
        spec = spec.trim_start_matches(['+', '-', '#', '<', '/', ' ']);
        if let Some((macro_name, rest)) = spec.split_once('(') {
            if let Some((inside, after)) = rest.split_once(')') {
                let known = match macro_name.trim() {
                    "primary_key" | "pk" | "PK" => {
                        field.primary_key = Some(true);
                        true
                    }
                    "foreign_key" | "fk" | "FK" => {
                        field.constraints.push("foreign key".to_owned());
                        true
                    }
                    "not_null" => {
                        field.required = Some(true);
                        true
                    }
                    "unique" => {
                        field.unique = Some(true);
                        true
                    }
                    _ => false,
                };
                if known {
                    text = format!("{inside}{after}");
                    spec = text.trim();
                    continue;
                }
            }
        }
        if spec == before {
            break;
        }
    }
    let (spec, default) = match split_once_any(spec, &[" = ", "="]) {
        Some((spec, default)) => (spec.trim(), Some(default.trim().to_owned())),
        None => (spec, None),
    };
    field.default = default;
    let (spec, count) = multiplicity(spec);
    match count {
        Some("0..1") => field.required = Some(false),
        Some("1") => field.required = Some(true),
        _ => {}
    }
    let (name, kind) = match spec.split_once(':') {
        Some((name, kind)) => (name.trim(), kind.trim()),
        None => by_order(spec),
    };
    let (name, is_optional) = match name.strip_suffix('?') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let name = unquote(name.trim_end_matches(['$', '*'])).trim();
    if !is_identifier(name) {
        return None;
    }
    name.clone_into(&mut field.name);
    if !kind.is_empty() {
        let kind = kind.trim_end_matches(['$', '*']);
        let several = matches!(count, Some("*" | "0..*" | "1..*"));
        if several && !kind.ends_with("[]") && !kind.contains('<') {
            modifier::set_type(&format!("{kind}[]"), &mut field);
        } else {
            modifier::read_into(kind, true, &mut field);
        }
    }
    if is_optional {
        field.required = Some(false);
    }
    Some(Member { field, ..Member::default() })
}

fn stereotype_in(text: &str) -> Option<(String, String, String)> {
    let (before, rest) = text.split_once("<<")?;
    let (mark, after) = rest.split_once(">>")?;
    Some((before.to_owned(), mark.trim().to_owned(), after.to_owned()))
}

/// `name [0..1]` or `name : type [*]`.
fn multiplicity(spec: &str) -> (&str, Option<&str>) {
    let inside = spec.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match inside {
        Some((before, count @ ("0..1" | "1" | "*" | "0..*" | "1..*"))) => {
            (before.trim_end(), Some(count))
        }
        _ => (spec, None),
    }
}

/// The name and type of `String name`, or of `name String` where only that order makes sense.
fn by_order(spec: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    let first_end = spec.char_indices().find_map(|(at, c)| {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (c.is_whitespace() && depth == 0).then_some(at)
    });
    let Some(end) = first_end else { return (spec, "") };
    let (first, second) = (spec[..end].trim(), spec[end..].trim());
    let is_name_first = !modifier::is_scalar(first)
        && first.starts_with(|c: char| c.is_lowercase())
        && (modifier::is_scalar(second) || second.starts_with(char::is_uppercase));
    if is_name_first { (first, second) } else { (second, first) }
}
