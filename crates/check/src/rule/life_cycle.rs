//! A state column against the life cycle that documents give it.

use std::collections::BTreeSet;

use underpin_pg::introspect::MadeType;
use underpin_pg::{Column, Ident, Table, TriggerEvent, Type};
use underpin_physical::MachineDesign;

use crate::finding::{Finding, Object, short};
use crate::names::sql_words;
use crate::subject::{Home, Subject};

underpin_base::codes! {
    /// A state column does not hold the states of its life cycle.
    ///
    /// The documents list the states. The column's CHECK or enumeration refuses one of them, so that a legal life cannot be
    /// lived; or lets in a value that is none; or there is neither, and anything is let in.
    ///
    /// ```markdown
    /// ## Parcel
    ///
    /// - id: uuid, primary key
    /// - state: string, required
    ///
    /// States of Parcel: `waiting → sent → delivered`
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE parcels (
    ///   id uuid PRIMARY KEY,
    ///   state text NOT NULL CHECK (state IN ('waiting', 'delivered'))
    /// );
    /// CREATE FUNCTION parcels_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    /// BEGIN
    ///   IF (OLD.state, NEW.state) NOT IN (('waiting', 'sent'), ('sent', 'delivered')) THEN
    ///     RAISE EXCEPTION 'a parcel cannot go from % to %', OLD.state, NEW.state;
    ///   END IF;
    ///   RETURN NEW;
    /// END $$;
    /// CREATE TRIGGER parcels_guard BEFORE UPDATE OF state ON parcels
    ///   FOR EACH ROW EXECUTE FUNCTION parcels_guard();
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE parcels (
    ///   id uuid PRIMARY KEY,
    ///   state text NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered'))
    /// );
    /// CREATE FUNCTION parcels_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    /// BEGIN
    ///   IF (OLD.state, NEW.state) NOT IN (('waiting', 'sent'), ('sent', 'delivered')) THEN
    ///     RAISE EXCEPTION 'a parcel cannot go from % to %', OLD.state, NEW.state;
    ///   END IF;
    ///   RETURN NEW;
    /// END $$;
    /// CREATE TRIGGER parcels_guard BEFORE UPDATE OF state ON parcels
    ///   FOR EACH ROW EXECUTE FUNCTION parcels_guard();
    /// ```
    STATES_DIFFER = "C100", "states-differ";
    /// Nothing holds the transitions of a life cycle.
    ///
    /// The documents say which state may follow which. A CHECK sees one row at one time and cannot know the state before
    /// (manual, section 5.4.1); only a trigger on UPDATE can, and the table has none.
    ///
    /// ```markdown
    /// ## Parcel
    ///
    /// - id: uuid, primary key
    /// - state: string, required
    ///
    /// States of Parcel: `waiting → sent → delivered`
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE parcels (
    ///   id uuid PRIMARY KEY,
    ///   state text NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered'))
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE parcels (
    ///   id uuid PRIMARY KEY,
    ///   state text NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered'))
    /// );
    /// CREATE FUNCTION parcels_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    /// BEGIN
    ///   IF (OLD.state, NEW.state) NOT IN (('waiting', 'sent'), ('sent', 'delivered')) THEN
    ///     RAISE EXCEPTION 'a parcel cannot go from % to %', OLD.state, NEW.state;
    ///   END IF;
    ///   RETURN NEW;
    /// END $$;
    /// CREATE TRIGGER parcels_guard BEFORE UPDATE OF state ON parcels
    ///   FOR EACH ROW EXECUTE FUNCTION parcels_guard();
    /// ```
    UNGUARDED_LIFE_CYCLE = "C101", "unguarded-life-cycle";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    for design in &documents.physical.tables {
        let Some(home) = documents.home(&design.table) else { continue };
        let Some(table) = subject.schema.tables.get(&home.table) else { continue };
        for machine in &design.machines {
            judge(subject, home, table, machine, findings);
        }
    }
}

fn judge(
    subject: &Subject<'_>,
    home: &Home,
    table: &Table,
    machine: &MachineDesign,
    findings: &mut Vec<Finding>,
) {
    let Some(column) = home.column(&machine.column).and_then(|name| table.column(name)) else {
        return;
    };
    let object = || Object::part(&table.name, &column.name);
    let place = format!("{}.{}", short(&table.name), column.name.as_str());
    let named = |names: Vec<&String>| {
        names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let states: BTreeSet<String> = machine.states.iter().cloned().collect();
    match values(subject, table, column) {
        None if column.data_type == Type::Text => findings.push(
            Finding::warning(
                STATES_DIFFER,
                object(),
                format!(
                    "`{place}` lets in any text; its states are {}",
                    named(states.iter().collect())
                ),
            )
            .help("add a CHECK that lists the states"),
        ),
        // A number or a lookup table may stand for a state in a way that is not known here.
        None => return,
        Some(values) => {
            let refused: Vec<&String> = states.difference(&values).collect();
            let foreign: Vec<&String> = values.difference(&states).collect();
            // Other words for all of them are a translation, not a fault.
            if refused.len() == states.len() {
                return;
            }
            if !refused.is_empty() {
                findings.push(
                    Finding::error(
                        STATES_DIFFER,
                        object(),
                        format!(
                            "`{place}` refuses {}, which its life cycle goes through",
                            named(refused)
                        ),
                    )
                    .help("add it to the values that are let in"),
                );
            }
            if !foreign.is_empty() {
                findings.push(
                    Finding::warning(
                        STATES_DIFFER,
                        object(),
                        format!(
                            "`{place}` lets in {}, which is no state of its life cycle",
                            named(foreign)
                        ),
                    )
                    .help("take it out, or add the state to the documents"),
                );
            }
        }
    }
    let is_guarded = subject.schema.triggers_of(&table.name).any(|trigger| {
        trigger.events.contains(&TriggerEvent::Update)
            && (trigger.update_columns.is_empty() || trigger.update_columns.contains(&column.name))
            && reads(subject, trigger.function.name.as_str(), &column.name)
    });
    if !machine.transitions.is_empty() && !is_guarded {
        findings.push(
            Finding::warning(
                UNGUARDED_LIFE_CYCLE,
                object(),
                format!("nothing keeps `{place}` to the transitions of its life cycle: any state may follow any other"),
            )
            .help("add a trigger BEFORE UPDATE that refuses what the life cycle does not allow"),
        );
    }
}

/// Whether the function speaks of the column.
fn reads(subject: &Subject<'_>, function: &str, column: &Ident) -> bool {
    let of_schema = subject.schema.functions.values().map(|it| (it.name.name.as_str(), &*it.body));
    let of_catalog =
        subject.surroundings.routines.iter().map(|it| (it.name.name.as_str(), &*it.body));
    of_schema.chain(of_catalog).any(|(name, body)| {
        let mut words = body.split(|c: char| !c.is_alphanumeric() && c != '_');
        name == function && words.any(|word| word.eq_ignore_ascii_case(column.as_str()))
    })
}

/// The values that a column is held to.
fn values(subject: &Subject<'_>, table: &Table, column: &Column) -> Option<BTreeSet<String>> {
    if let Type::Named(name) = &column.data_type {
        if let Some(MadeType::Enumeration(labels)) = subject.surroundings.types.get(name) {
            return Some(labels.iter().cloned().collect());
        }
    }
    table.checks.iter().find_map(|check| {
        let text = check.expression.to_string();
        let read: Vec<&str> = sql_words(&text);
        let reads_only_it = read.contains(&column.name.as_str())
            && !table
                .columns
                .iter()
                .any(|other| other.name != column.name && read.contains(&other.name.as_str()));
        let is_list = text.contains("= ANY (") || text.contains(" IN (");
        // Every other piece between quotes is a text.
        (reads_only_it && is_list)
            .then(|| text.split('\'').skip(1).step_by(2).map(str::to_owned).collect())
    })
}
