//! The `erd.svg` artifact: the entity diagram as a picture.

use super::ArtifactKind;
use crate::{Artifact, context::Context};

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: "erd.svg", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    vec![Artifact::text("erd.svg", context.diagram().to_owned())]
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn the_picture_is_well_formed_and_names_every_table() {
        for design in [sample::Sample::new(), sample::nasty()] {
            let svg = design.text("erd.svg");
            let document = roxmltree::Document::parse(&svg).expect("well-formed");
            let titles = document
                .descendants()
                .filter(|node| node.attribute("class") == Some("erd-title"))
                .count();
            assert_eq!(titles, design.physical.schema.tables.len());
            assert!(document.descendants().all(|node| node.tag_name().name() != "script"));
            assert_eq!(document.root_element().attribute("role"), Some("img"));
        }
    }
}
