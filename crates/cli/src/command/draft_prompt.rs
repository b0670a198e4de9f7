//! `underpin model --draft-prompt`: all that a person or an agent needs to draft what was not read.

use std::fmt::Write as _;

use underpin_read::Fate;

use crate::pipeline::Understood;
use crate::wire;

const INSTRUCTIONS: &str = "\
# Draft what these documents say and Underpin did not read

Underpin reads documents by rules and leaves out what it is not sure of. Read the documents yourself, and write what they
say beyond the model below as a draft: one YAML file. Hand it over with

    underpin model PATH… --draft draft.yaml

Rules:
- Each statement carries `quote`: the words of a document that say it, copied letter for letter. White space, case and
  Markdown marks do not count, nothing else may differ. Quote the whole sentence, row or list item.
- A quote must mention its subject: the entity, or the field by a word of its name; for a relationship both ends. A
  heading above the quote may name the entity. Where a name of yours differs from the document's words, take theirs.
- Where several documents hold the same words, `document` names the one that is meant; without it the first is taken.
- A statement without `quote` is taken as assumed and becomes a question. Leave `quote` out rather than bend one.
- A quote that stands nowhere, does not mention its subject or is a lone word is refused, with the line of the draft.
- Say only what the documents say: leave `type`, `required` and the like out where no sentence tells.
- Do not repeat what was read already. Where you read it otherwise, say it: the contradiction is shown at both places.
- Do not invent entities for generic nouns (system, user interface, information, data).
";

const EXAMPLE: &str = "\
entities:
  - name: Order
    quote: \"An order contains at least one line and belongs to one customer\"
    fields:
      - name: total
        type: money(12,2)
        required: true
        quote: \"each order states its total in euros\"
      - name: note
        type: text
relationships:
  - from: Customer
    to: Order
    cardinality: \"1:N\"
    from_required: true
    quote: \"An order contains at least one line and belongs to one customer\"
lifecycles:
  - entity: Order
    field: status
    transitions:
      - from: paid
        to: shipped
        quote: \"A paid order is shipped within two days\"
access_patterns:
  - name: list orders of a customer
    kind: read
    entity: Order
    filter: [customer_id]
    sort: [created_at desc]
    quote: \"customers see their orders, newest first\"
";

/// The prompt: the same documents give the same bytes.
pub(super) fn text(understood: &Understood) -> String {
    let mut text = INSTRUCTIONS.to_owned();
    let _ = write!(text, "\n## An example (of another project)\n\n```yaml\n{EXAMPLE}```\n");
    let _ =
        write!(text, "\n## The form: JSON Schema\n\n```json\n{}```\n", wire::draft_schema_json());
    let model = underpin_model::model_text(&understood.model, &understood.sources);
    let (open, read): (Vec<&str>, Vec<&str>) =
        model.split_terminator('\n').partition(|line| line.starts_with("question "));
    let list = |text: &mut String, title: &str, lines: &[&str], none: &str| {
        let _ = write!(text, "\n## {title}\n\n");
        if lines.is_empty() {
            let _ = writeln!(text, "{none}");
        } else {
            let _ = writeln!(text, "```text\n{}\n```", lines.join("\n"));
        }
    };
    list(&mut text, "What was read already, with its places", &read, "Nothing.");
    list(&mut text, "Open questions, with what is assumed meanwhile", &open, "None.");
    unread(&mut text, understood);
    text
}

/// The lines that no statement stands on, under the headings that they stand under.
fn unread(text: &mut String, understood: &Understood) {
    text.push_str("\n## What is still unread\n");
    let before = text.len();
    for (id, document) in understood.sources.iter() {
        let mut heading = None;
        let mut lines = Vec::new();
        for line in understood.reading.lines(&understood.sources, id) {
            let shown = || format!("{:>6}  {}", line.number, line.text.trim_end());
            match line.fate {
                Fate::NoData("a heading") => heading = Some(shown()),
                Fate::NotUnderstood
                | Fate::InPart(_)
                | Fate::NoData("text" | "an item that names no field") => {
                    lines.extend(heading.take());
                    lines.push(shown());
                }
                Fate::Understood(_) if line.text.trim_start().starts_with('#') => {
                    heading = Some(shown());
                }
                Fate::Understood(_) | Fate::SetAside(_) | Fate::NoData(_) => {}
            }
        }
        if !lines.is_empty() {
            let fence = fence(&lines);
            let _ = write!(
                text,
                "\n### {}\n\n{fence}text\n{}\n{fence}\n",
                document.path(),
                lines.join("\n")
            );
        }
    }
    if text.len() == before {
        text.push_str("\nNothing: every line of text was read.\n");
    }
}

/// A fence that no line closes.
fn fence(lines: &[String]) -> String {
    let longest =
        lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
