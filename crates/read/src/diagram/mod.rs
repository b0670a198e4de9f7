//! What the notations of diagrams share: their lines without what is only drawing, the boxes and
//! lines of class diagrams, and edges between states.

pub(crate) mod boxes;
pub(crate) mod class;
pub(crate) mod line;
pub(crate) mod mermaid;
pub(crate) mod states;
