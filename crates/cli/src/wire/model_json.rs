//! The model file as JSON, as [`pretty`] shows it. Its entities are nearly all of a large model, so that their texts are made
//! side by side.

use std::io::{self, Write};
use std::mem::{ManuallyDrop, take};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};
use underpin_base::parallel;

use super::ModelFile;
use super::schema::pretty;

/// So many entities are printed before another thread would have begun.
const ENTITIES_OF_A_THREAD: usize = 64;

/// The list of entities where it is empty, as it stands among the keys of the file: within a text, a line break is escaped.
const NONE: &str = "\n  \"entities\": []";

/// Writes the model file.
pub(crate) fn write_model(file: ModelFile, out: &mut dyn Write) -> io::Result<()> {
    // Whoever prints it ends: giving it back piece by piece would take as long as printing it.
    let mut file = ManuallyDrop::new(file);
    let entities = ManuallyDrop::new(take(&mut file.entities));
    let rest = pretty(&*file);
    let (Some((before, behind)), false) = (rest.split_once(NONE), entities.is_empty()) else {
        return out.write_all(rest.as_bytes());
    };
    let some: Vec<_> = entities.chunks(ENTITIES_OF_A_THREAD).collect();
    let texts = parallel::map_uneven(&some, |some| in_list(some));
    write!(out, "{before}{}", NONE.trim_end_matches(']'))?;
    for (at, text) in texts.into_iter().enumerate() {
        let text = text?;
        out.write_all(if at == 0 { &text[1..] } else { &text })?;
    }
    write!(out, "\n  ]{behind}")
}

/// The texts of items in a list that is the value of a key of the file, a comma before each.
fn in_list(items: &[impl Serialize]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for item in items {
        text.extend_from_slice(b",\n    ");
        let mut formatter = PrettyFormatter::new();
        formatter.begin_object(&mut io::sink())?;
        formatter.begin_array(&mut io::sink())?;
        item.serialize(&mut Serializer::with_formatter(&mut text, formatter))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of so many entities, one of which is called like the place where their list stands.
    fn file(count: usize) -> ModelFile {
        let entity = |at: usize| {
            serde_json::json!({
                "name": format!("Thing {at} {NONE}"), "kind": "entity", "fields": [], "aliases": ["a", "b"],
            })
        };
        let entities: Vec<_> = (0..count).map(entity).collect();
        let rules = [serde_json::json!({ "entity": "Thing 0", "text": NONE })];
        serde_json::from_value(
            serde_json::json!({ "project": NONE, "entities": entities, "rules": rules }),
        )
        .unwrap()
    }

    #[test]
    fn as_it_would_be_printed_at_once() {
        for count in [0, 1, 2, ENTITIES_OF_A_THREAD, 3 * ENTITIES_OF_A_THREAD + 1] {
            let mut text = Vec::new();
            write_model(file(count), &mut text).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), pretty(&file(count)), "{count}");
        }
    }
}
