//! Typed ids: an index into one of the model's arenas, and nothing else.

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {$(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The id of the arena's element at `index`.
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("an arena holds fewer than 2^32 elements"))
            }

            /// The index of the element in its arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

ids! {
    /// An [`Entity`](crate::Entity) of the model.
    EntityId,
    /// An [`External`](crate::External) of the model.
    ExternalId,
    /// A [`Field`](crate::Field) of the model; fields of all entities share one arena.
    FieldId,
    /// An [`Enumeration`](crate::Enumeration) of the model.
    EnumId,
    /// A [`Rule`](crate::Rule) of the model.
    RuleId,
    /// A [`Lifecycle`](crate::Lifecycle) of the model.
    LifecycleId,
    /// A [`Pattern`](crate::Pattern) of the model.
    PatternId,
}
