//! From a schema that is there to one that is wanted, as far as that takes nothing but making what is
//! missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    CommentTarget, Ddl, Difference, Ident, Object, Property, QualifiedName, Schema, Script, diff,
};

/// What to run, and what that leaves different.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Makes what is missing.
    pub script: Script,
    /// What would need a change or a removal of something that is there, or a new column in a table
    /// that is.
    pub remaining: Vec<Difference>,
}

/// The plan from what was found to what is desired; empty where they are equal. Both must have their
/// expressions in the form that one server prints them in.
pub fn plan(found: &Schema, desired: &Schema) -> Plan {
    let mut missing = Schema::default();
    let mut additions = Additions::default();
    let mut remaining = Vec::new();
    for difference in diff(desired, found) {
        let added = match (difference.property, &difference.wanted) {
            (Property::Existence, Some(_)) => {
                additions.object(&difference.object, desired, found, &mut missing)
            }
            (Property::Comment, Some(text)) => {
                additions.comment(&difference.object, text);
                true
            }
            _ => false,
        };
        if !added {
            remaining.push(difference);
        }
    }
    // First what tables rest on; then the keys and indexes that references of new tables may need.
    let ground = Schema { tables: BTreeMap::new(), ..missing.clone() };
    let mut statements = Script::create(&ground).statements;
    statements.extend(additions.partitions);
    statements.extend(additions.keys);
    statements.extend(additions.indexes);
    let tables = Schema {
        namespaces: BTreeSet::new(),
        extensions: BTreeSet::new(),
        functions: BTreeMap::new(),
        ..missing
    };
    statements.extend(Script::create(&tables).statements);
    statements.extend(additions.others);
    statements.extend(additions.comments);
    Plan { script: Script { statements }, remaining }
}

/// What tables that are there get.
#[derive(Default)]
struct Additions {
    partitions: Vec<Ddl>,
    keys: Vec<Ddl>,
    indexes: Vec<Ddl>,
    others: Vec<Ddl>,
    comments: Vec<Ddl>,
}

impl Additions {
    /// Notes an object to be made; `false` where that would be a change of another.
    fn object(
        &mut self,
        object: &Object,
        desired: &Schema,
        found: &Schema,
        missing: &mut Schema,
    ) -> bool {
        match object {
            Object::Namespace(name) => {
                missing.namespaces.insert(name.clone());
            }
            Object::Extension(name) => {
                missing.extensions.insert(name.clone());
            }
            Object::Table(name) => missing.add_table(desired.tables[name].clone()),
            Object::Function(name) => missing.add_function(desired.functions[name].clone()),
            Object::Partition(table, name) => {
                let Some(partitioning) = &desired.tables[table].partitioning else { return false };
                // A partition of a table that has none, or of another key, would be a change of the table.
                let key = |it: &crate::Partitioning| it.to_string();
                if found.tables[table].partitioning.as_ref().map(key) != Some(key(partitioning)) {
                    return false;
                }
                if let Some(partition) = partitioning.partitions.iter().find(|it| it.name == *name)
                {
                    self.partitions.push(Ddl::CreatePartition(table.clone(), partition.clone()));
                    if let Some(text) = &partition.comment {
                        self.comment(object, text);
                    }
                }
            }
            Object::Column(..) => return false,
            Object::PrimaryKey(table, name) => {
                // A table has one primary key: another name for it is a change.
                if found.tables[table].primary_key.is_some() {
                    return false;
                }
                let Some(key) = &desired.tables[table].primary_key else { return false };
                self.keys.push(Ddl::AddPrimaryKey(table.clone(), key.clone()));
                self.constraint_comment(table, name, key.comment.as_ref());
            }
            Object::Unique(table, name) => {
                if let Some(key) =
                    desired.tables[table].uniques.iter().find(|item| item.name == *name)
                {
                    self.keys.push(Ddl::AddUnique(table.clone(), key.clone()));
                    self.constraint_comment(table, name, key.comment.as_ref());
                }
            }
            Object::Check(table, name) => {
                if let Some(check) =
                    desired.tables[table].checks.iter().find(|item| item.name == *name)
                {
                    self.others.push(Ddl::AddCheck(table.clone(), check.clone()));
                    self.constraint_comment(table, name, check.comment.as_ref());
                }
            }
            Object::Exclusion(table, name) => {
                if let Some(exclusion) =
                    desired.tables[table].exclusions.iter().find(|item| item.name == *name)
                {
                    self.others.push(Ddl::AddExclusion(table.clone(), exclusion.clone()));
                    self.constraint_comment(table, name, exclusion.comment.as_ref());
                }
            }
            Object::ForeignKey(table, name) => {
                if let Some(key) =
                    desired.tables[table].foreign_keys.iter().find(|item| item.name == *name)
                {
                    self.others.push(Ddl::AddForeignKey(table.clone(), key.clone()));
                    self.constraint_comment(table, name, key.comment.as_ref());
                }
            }
            Object::Index(name) => {
                let index = desired.indexes[name].clone();
                if found.tables.contains_key(&index.table) {
                    if let Some(text) = &index.comment {
                        self.comment(object, text);
                    }
                    self.indexes.push(Ddl::CreateIndex(index));
                } else {
                    missing.add_index(index);
                }
            }
            Object::Trigger(table, name) => {
                let trigger = desired.triggers[&(table.clone(), name.clone())].clone();
                if found.tables.contains_key(table) {
                    if let Some(text) = &trigger.comment {
                        self.comment(object, text);
                    }
                    self.others.push(Ddl::CreateTrigger(trigger));
                } else {
                    missing.add_trigger(trigger);
                }
            }
        }
        true
    }

    fn constraint_comment(&mut self, table: &QualifiedName, name: &Ident, text: Option<&String>) {
        if let Some(text) = text {
            let target = CommentTarget::Constraint(table.clone(), name.clone());
            self.comments.push(Ddl::Comment(target, text.clone()));
        }
    }

    fn comment(&mut self, object: &Object, text: &str) {
        let target = match object {
            // Neither has a comment in a schema, so that none is missing.
            Object::Namespace(_) | Object::Extension(_) => return,
            Object::Table(name) | Object::Partition(_, name) => CommentTarget::Table(name.clone()),
            Object::Column(table, name) => CommentTarget::Column(table.clone(), name.clone()),
            Object::PrimaryKey(table, name)
            | Object::Unique(table, name)
            | Object::Check(table, name)
            | Object::Exclusion(table, name)
            | Object::ForeignKey(table, name) => {
                CommentTarget::Constraint(table.clone(), name.clone())
            }
            Object::Index(name) => CommentTarget::Index(name.clone()),
            Object::Function(name) => CommentTarget::Function(name.clone()),
            Object::Trigger(table, name) => CommentTarget::Trigger(table.clone(), name.clone()),
        };
        self.comments.push(Ddl::Comment(target, text.to_owned()));
    }
}
