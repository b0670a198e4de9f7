//! What random documents say of several rows together: limits, what the state of one allows others, and rows of one entity
//! that are rows of another.

use super::{Entity, KINDS, Kind, STATES, Said};

impl Said {
    /// A limit on the rows that refer to the first entity that these refer to.
    pub(super) fn limit(&self, at: usize, entity: &Entity) -> Option<String> {
        let (form, number) = entity.limit?;
        let own = self.name(at).to_lowercase();
        let references = self.references(at, entity);
        let (reference, _) = references.iter().find(|it| it.0.to % self.entities.len() != at)?;
        let to = reference.to % self.entities.len();
        let owner = self.name(to).to_lowercase();
        let article = if owner.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let whole = |entity: &Entity| {
            let fields = entity.fields();
            let is_whole =
                |kind: usize| KINDS[kind].1.ends_with("int") || KINDS[kind].1 == "integer";
            let found =
                fields.iter().find(|it| KINDS[it.kind].0 == Kind::Number && is_whole(it.kind));
            found.map(|it| it.name())
        };
        Some(match form {
            0 => format!("{article} {owner} has at most {number} {own}s"),
            1 => {
                let bound = whole(&self.entities[to])?;
                format!(
                    "{article} {owner} never has more {own}s than its {}",
                    bound.replace('_', " ")
                )
            }
            2 => {
                let amount = whole(entity)?.replace('_', " ");
                format!(
                    "The sum of the {amount} of the {own}s of {article} {owner} must not exceed {number}000"
                )
            }
            _ => {
                let cycle = entity.cycle.as_ref()?;
                let state = STATES[usize::from(number) % cycle.states];
                format!("{article} {owner} has at most {number} {state} {own}s")
            }
        })
    }

    /// What may be done to rows only beside a row of the first entity that they refer to that is in a state, or has a flag.
    pub(super) fn owner_state(&self, at: usize, entity: &Entity) -> Option<String> {
        let (form, about) = entity.owner_state?;
        let references = self.references(at, entity);
        let (reference, _) = references.iter().find(|it| it.0.to % self.entities.len() != at)?;
        let to = reference.to % self.entities.len();
        let (own, owner) = (self.name(at).to_lowercase(), self.name(to).to_lowercase());
        let article = if owner.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let state = || {
            let cycle = self.entities[to].cycle.as_ref()?;
            Some(STATES[usize::from(about) % cycle.states])
        };
        Some(match form {
            0 => format!("{own}s can only be added to {} {owner}s", state()?),
            // A state that leads back to the first one bars all rows, and for ever.
            1 => {
                let cycle = self.entities[to].cycle.as_ref().filter(|it| it.steps & 1 == 0)?;
                let later = STATES[1 + usize::from(about) % (cycle.states - 1)];
                format!("{own}s cannot be added once the {owner} is {later}")
            }
            2 => format!(
                "The {own}s of {article} {owner} can only be added, changed or removed while the {owner} is {}",
                state()?
            ),
            _ => {
                let fields = self.entities[to].fields();
                let flag = fields.iter().find(|it| KINDS[it.kind].0 == Kind::Flag)?.name();
                let flag = flag.strip_prefix("is_").unwrap_or(flag);
                format!("{article} {flag} {owner} cannot get new {own}s")
            }
        })
    }

    /// That the rows of an entity are rows of another, where both have keys of one type and neither refers to the other.
    pub(super) fn kind(&self, at: usize, entity: &Entity) -> Option<String> {
        let (special, base) = self.special?;
        let base = base % self.entities.len();
        let same_key = |key: u8| key.min(2);
        let refers = |from: usize, to: usize| {
            let references = self.references(from, &self.entities[from]);
            references.iter().any(|it| it.0.to % self.entities.len() == to)
        };
        let is_it = special % self.entities.len() == at
            && base != at
            && !(self.is_of_tenants && (base == 0 || at == 0))
            && !self.is_in_contexts
            && same_key(entity.key) == same_key(self.entities[base].key)
            && !refers(at, base)
            && !refers(base, at);
        is_it.then(|| format!("{} is a kind of {}", self.name(at), self.name(base)))
    }
}
