//! `underpin model -i`: a walk through the model on a terminal. Each thing that is confirmed is written at once, whole.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use underpin_base::Diagnostic;
use underpin_model::{Assumptions, Context, EntityId, Model, Origin};

use crate::arguments::ModelArguments;
use crate::exit::{Exit, Failure};
use crate::model_file::{self, MODEL_FILE};
use crate::pipeline::{self, Understood};
use crate::progress::Progress;
use crate::report::counted;
use crate::{codes, interrupt, output};

pub(super) fn run(arguments: &ModelArguments, progress: &mut Progress) -> Result<Exit, Failure> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::usage(
            Diagnostic::error(
                codes::NO_TERMINAL,
                "`underpin model -i` asks questions, and there is no terminal to ask them on",
            )
            .help(format!("run it in a terminal, or answer under `answers` in {MODEL_FILE}")),
        ));
    }
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from("persistence"));
    output::check(&out, true)?;
    let (given, drafts) = super::asked(&arguments.documents);
    let assumptions = arguments.documents.assumptions();
    if let Some(exit) = super::profile(&arguments.documents, &given) {
        return Ok(exit);
    }
    let understood = pipeline::understand(&given, &drafts, assumptions, Some(&out), progress);
    if !understood.usable {
        return Ok(super::judge(&understood.diagnostics, &understood.sources));
    }
    super::model::write(&out, &understood)?;
    interrupt::steps_are_kept();
    // From here on the file is there.
    let understood = pipeline::understand(&given, &drafts, assumptions, Some(&out), progress);
    let mut session = Session { out: &out, understood, assumptions };
    let ended = session.walk()?;
    let model = &session.understood.model;
    let left = if ended { "" } else { "\nstopped here; what was confirmed is kept" };
    super::product(&format!(
        "{left}\n{} has the model: {}, {}\n",
        out.join(MODEL_FILE).display(),
        counted(model.entities.len(), "entity"),
        counted(model.questions.len(), "open question")
    ))?;
    Ok(Exit::Success)
}

struct Session<'a> {
    out: &'a Path,
    understood: Understood,
    assumptions: Assumptions,
}

/// Whether a change was taken.
enum Taken {
    Yes,
    No(String),
}

impl Session<'_> {
    /// All steps in their order; false where the input ended before the last.
    fn walk(&mut self) -> Result<bool, Failure> {
        for group in self.groups() {
            let names = |model: &Model| group.names(model);
            loop {
                let mut text = format!("\nBackend System: {}\n\nProposed Entities:\n", group.name);
                for id in names(&self.understood.model) {
                    let entity = self.understood.model.entity(id);
                    let about = entity.description.as_deref().unwrap_or("no description");
                    let _ = writeln!(text, "- {}: {about}", entity.name);
                }
                text.push_str(
                    "\nDoes this look complete? (Enter: yes, +Name adds, -Name removes) ",
                );
                let Some(said) = ask(&text)? else { return Ok(false) };
                let file = self.text();
                let change = match said.split_at_checked(1) {
                    Some(("+", name)) => {
                        let item = [("name", name.trim()), ("kind", "entity")];
                        Some(model_file::add(&file, "", "entities", &item))
                    }
                    Some(("-", name)) => model_file::remove(&file, "", "entities", name.trim()),
                    _ if is_yes(&said) => break,
                    _ => None,
                };
                self.offer(change)?;
            }
            for name in names(&self.understood.model)
                .into_iter()
                .map(|id| self.understood.model.entity(id).name.clone())
                .collect::<Vec<_>>()
            {
                if !self.fields(&name)? {
                    return Ok(false);
                }
            }
        }
        Ok(self.relationships()? && self.storage()? && self.questions()?)
    }

    fn fields(&mut self, entity: &str) -> Result<bool, Failure> {
        loop {
            let model = &self.understood.model;
            let Some((id, _)) = model.entities().find(|(_, it)| it.name == entity) else {
                return Ok(true);
            };
            let mut text = format!(
                "\nEntity: {entity}\n\n| Field | Type | Constraints |\n| --- | --- | --- |\n"
            );
            for (field, it) in model.fields_of(id) {
                let mut constraints = Vec::new();
                if model.entity(id).primary_key.contains(&field) {
                    constraints.push("PK");
                }
                if it.unique {
                    constraints.push("UNIQUE");
                }
                if it.required == Some(true) {
                    constraints.push("NOT NULL");
                }
                if it.references.is_some() {
                    constraints.push("FK");
                }
                if matches!(it.origin, Origin::Assumed(_)) {
                    constraints.push("assumed");
                }
                let kind = it.type_text.as_deref().unwrap_or("-");
                let _ = writeln!(text, "| {} | {kind} | {} |", it.name, constraints.join(", "));
            }
            text.push_str("\nAre these its fields? (Enter: yes, +name type adds, -name removes) ");
            let Some(said) = ask(&text)? else { return Ok(false) };
            let file = self.text();
            let path = model_file::entity_path(entity);
            let change = match said.split_at_checked(1) {
                Some(("+", field)) => {
                    let (name, kind) =
                        field.trim().split_once(' ').unwrap_or((field.trim(), "text"));
                    let item = [("name", name), ("type", kind.trim())];
                    Some(model_file::add(&file, &path, "fields", &item))
                }
                Some(("-", name)) => model_file::remove(&file, &path, "fields", name.trim()),
                _ if is_yes(&said) => return Ok(true),
                _ => None,
            };
            self.offer(change)?;
        }
    }

    fn relationships(&mut self) -> Result<bool, Failure> {
        loop {
            let model = &self.understood.model;
            let mut text = "\nRelationships:\n\n".to_owned();
            for (at, it) in model.relationships.iter().enumerate() {
                let (from, to) = (&model.entity(it.from).name, &model.entity(it.to).name);
                let (one, other) = it.cardinality.as_str().split_once(':').unwrap_or(("1", "N"));
                let by = it.field.map(|id| format!("by {to}.{}", model.field(id).name));
                let via = it.through.map(|id| format!("via {}", model.entity(id).name));
                let how: String = by.or(via).map(|how| format!(" ({how})")).unwrap_or_default();
                let _ = writeln!(text, "{}. {from} {one} ──── {other} {to}{how}", at + 1);
            }
            text.push_str(
                "\nAre they right? (Enter: yes, +A 1:N B adds, -N removes the one of that number) ",
            );
            let Some(said) = ask(&text)? else { return Ok(false) };
            if is_yes(&said) {
                return Ok(true);
            }
            let number = said.strip_prefix('-').and_then(|it| it.trim().parse::<usize>().ok());
            let change = match (said.strip_prefix('+'), number.and_then(|it| it.checked_sub(1))) {
                (Some(new), _) => self.new_relationship(new),
                (None, Some(at)) => self.without_relationship(at),
                (None, None) => Err("that was not understood".to_owned()),
            };
            self.offer_or_say(change)?;
        }
    }

    /// The file with a relationship more, as `User 1:N Order` names it.
    fn new_relationship(&self, said: &str) -> Result<String, String> {
        let words: Vec<&str> = said.split_whitespace().collect();
        let [from, cardinality @ ("1:1" | "1:N" | "N:M"), to] = words[..] else {
            return Err(format!("`{said}` is no relationship, such as `User 1:N Order`"));
        };
        let (from, to) = (self.known(from)?, self.known(to)?);
        let item = [("from", &*from), ("to", &*to), ("cardinality", cardinality)];
        Ok(model_file::add(&self.text(), "", "relationships", &item))
    }

    /// The file without a relationship, and without the field that was made for it. A field that a document states would
    /// bring the relationship back.
    fn without_relationship(&self, at: usize) -> Result<String, String> {
        let file = self.understood.model_file();
        let it = file.relationships.get(at).ok_or("there is none of that number")?;
        let values = [
            ("from", Some(&*it.from)),
            ("to", Some(&*it.to)),
            ("through", it.through.as_deref()),
            ("field", it.field.as_deref()),
            ("label", it.label.as_deref()),
        ];
        let missing = || format!("{MODEL_FILE} does not list it");
        let text = model_file::remove_where(&self.text(), "relationships", &values);
        let text = text.ok_or_else(missing)?;
        let Some((entity, field)) = it.field.as_deref().and_then(|it| it.rsplit_once('.')) else {
            return Ok(text);
        };
        let model = &self.understood.model;
        let is_stated = model.entities().filter(|(_, it)| it.name == entity).any(|(id, _)| {
            let mut fields = model.fields_of(id);
            fields.any(|(_, it)| it.name == field && matches!(it.origin, Origin::Stated))
        });
        if is_stated {
            return Err(format!(
                "a document states `{entity}.{field}`: take that field out instead"
            ));
        }
        model_file::remove(&text, &model_file::entity_path(entity), "fields", field)
            .ok_or_else(missing)
    }

    fn storage(&mut self) -> Result<bool, Failure> {
        loop {
            let model = &self.understood.model;
            let mut text = "\nStorage:\n\n| Entity | Backend System | Technology | Purpose |\n\
                            | --- | --- | --- | --- |\n"
                .to_owned();
            for (id, entity) in model.entities() {
                let owner = model.contexts.iter().find(|it| it.entities.contains(&id));
                let system = owner.map_or("-", system_of);
                let _ = writeln!(
                    text,
                    "| {} | {system} | PostgreSQL | relational data with rules between rows |",
                    entity.name
                );
            }
            for it in &model.externals {
                let _ = writeln!(text, "| {} | - | elsewhere | only its keys are kept |", it.name);
            }
            text.push_str(
                "\nIs each stored there? (Enter: yes, +Entity System gives it to that system, -Entity keeps it elsewhere) ",
            );
            let Some(said) = ask(&text)? else { return Ok(false) };
            if is_yes(&said) {
                return Ok(true);
            }
            let change = match said.split_at_checked(1) {
                Some(("+", said)) => self.stored_in(said.trim()),
                Some(("-", name)) => self.stored_elsewhere(name.trim()),
                _ => Err("that was not understood".to_owned()),
            };
            self.offer_or_say(change)?;
        }
    }

    /// The file with an entity in a system, as `Order backend-shop` says.
    fn stored_in(&self, said: &str) -> Result<String, String> {
        let (entity, system) = said
            .split_once(char::is_whitespace)
            .ok_or_else(|| format!("`{said}` names no system, such as in `Order backend-shop`"))?;
        let (entity, system) = (self.known(entity)?, system.trim());
        let contexts = &self.understood.model.contexts;
        let meant = |it: &&Context| {
            [it.name.as_str(), system_of(it)].iter().any(|name| name.eq_ignore_ascii_case(system))
        };
        let context = contexts.iter().find(meant).map_or(system, |it| &it.name);
        Ok(model_file::move_to_context(&self.text(), &entity, Some(context)))
    }

    /// The file with an entity that another system stores, so that of its rows only the keys are kept here.
    fn stored_elsewhere(&self, name: &str) -> Result<String, String> {
        let entity = self.known(name)?;
        let text = model_file::move_to_context(&self.text(), &entity, None);
        let text = model_file::remove(&text, "", "entities", &entity)
            .ok_or_else(|| format!("{MODEL_FILE} does not list it"))?;
        Ok(model_file::add(&text, "", "external_entities", &[("name", &entity)]))
    }

    /// The name of an entity, in its own spelling.
    fn known(&self, name: &str) -> Result<String, String> {
        let mut entities = self.understood.model.entities.iter();
        let found = entities.find(|it| it.name.eq_ignore_ascii_case(name));
        found.map(|it| it.name.clone()).ok_or_else(|| format!("there is no entity `{name}`"))
    }

    fn offer_or_say(&mut self, change: Result<String, String>) -> Result<(), Failure> {
        match change {
            Ok(text) => self.offer(Some(text)),
            Err(why) => super::product(&format!("{why}; nothing was changed\n")),
        }
    }

    fn questions(&mut self) -> Result<bool, Failure> {
        let mut done: Vec<String> = Vec::new();
        loop {
            let questions = &self.understood.model.questions;
            let Some(question) = questions.iter().find(|it| !done.contains(&it.id)).cloned() else {
                return Ok(true);
            };
            let default = underpin_model::default_answer(&question).to_owned();
            let takes = underpin_model::takes(&question);
            let text = format!("\n{}\n  {takes}; `?` leaves it open\n[{default}] ", question.text);
            let Some(said) = ask(&text)? else { return Ok(false) };
            if said == "?" {
                done.push(question.id);
                continue;
            }
            let value = if said.is_empty() { "default" } else { &said };
            let change = model_file::answer(&self.text(), &question.id, value);
            match self.take(change)? {
                Taken::Yes => done.push(question.id),
                Taken::No(why) => super::product(&format!("{why}\n"))?,
            }
        }
    }

    /// The entities of each backend system, and those of none.
    fn groups(&self) -> Vec<Group> {
        let model = &self.understood.model;
        let mut groups: Vec<Group> = model
            .contexts
            .iter()
            .filter(|it| !it.entities.is_empty())
            .map(|it| Group { name: system_of(it).to_owned(), context: Some(it.name.clone()) })
            .collect();
        let all = Group { name: String::new(), context: None };
        if groups.is_empty() || !all.names(model).is_empty() {
            let rest = if groups.is_empty() { "the project" } else { "of no system" };
            let name = model.project.clone().filter(|_| groups.is_empty());
            groups.push(Group { name: name.unwrap_or_else(|| rest.to_owned()), context: None });
        }
        groups
    }

    fn text(&self) -> String {
        self.understood.file.clone().unwrap_or_default()
    }

    fn offer(&mut self, change: Option<String>) -> Result<(), Failure> {
        let taken = match change {
            Some(text) => self.take(text)?,
            None => Taken::No("that was not understood; nothing was changed".to_owned()),
        };
        match taken {
            Taken::Yes => Ok(()),
            Taken::No(why) => super::product(&format!("{why}\n")),
        }
    }

    /// Takes a change where the model can take it, and writes it.
    fn take(&mut self, text: String) -> Result<Taken, Failure> {
        let known =
            |it: &Diagnostic, all: &[Diagnostic]| all.iter().any(|a| a.message == it.message);
        let tried = pipeline::with_text(&self.understood, text, self.assumptions);
        let error = tried.diagnostics.iter().find(|it| {
            it.severity == underpin_base::Severity::Error
                && !known(it, &self.understood.diagnostics)
        });
        if let Some(error) = error {
            return Ok(Taken::No(format!("{}; nothing was changed", error.message)));
        }
        if !tried.usable {
            return Ok(Taken::No("nothing would be left; nothing was changed".to_owned()));
        }
        let written = self.text();
        let mut files = output::Files::new();
        files.insert(MODEL_FILE.to_owned(), tried.file_bytes());
        // What lies there is still what this session wrote last.
        let last = self.understood.held.as_ref().map(|it| it.with_text(written));
        output::is_unchanged(self.out, last.as_ref())?;
        output::write_some(self.out, &files)?;
        self.understood = tried;
        Ok(Taken::Yes)
    }
}

/// A backend system, or what belongs to none.
struct Group {
    name: String,
    context: Option<String>,
}

impl Group {
    fn names(&self, model: &Model) -> Vec<EntityId> {
        let owned = |id: &EntityId, name: Option<&String>| {
            model
                .contexts
                .iter()
                .any(|it| name.is_none_or(|name| it.name == *name) && it.entities.contains(id))
        };
        model
            .entities()
            .map(|(id, _)| id)
            .filter(|id| match &self.context {
                Some(name) => owned(id, Some(name)),
                None => !owned(id, None),
            })
            .collect()
    }
}

/// What a context is called where it is a backend system.
fn system_of(context: &Context) -> &str {
    context.backend.as_deref().unwrap_or(&context.name)
}

fn is_yes(said: &str) -> bool {
    matches!(said.to_lowercase().as_str(), "" | "y" | "yes")
}

/// One line of a person's; none at the end of the input (Ctrl-D).
fn ask(text: &str) -> Result<Option<String>, Failure> {
    super::product(text)?;
    let mut line = String::new();
    match io::stdin().read_line(&mut line) {
        Ok(0) | Err(_) => Ok(None),
        Ok(_) => Ok(Some(line.trim().to_owned())),
    }
}
