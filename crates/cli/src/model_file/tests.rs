//! Edits and changed documents, against each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn document(entities: &str) -> String {
    format!("# head\nproject: null\nanswers: {{}}\nentities:\n{entities}rules: []\nquestions: []\n")
}

/// The file as it is first written.
fn first(documents: &str) -> String {
    finish(&update(None, documents, &BTreeMap::new()), documents)
}

struct After {
    text: String,
    edits: Vec<(String, EditKind)>,
    conflicts: Vec<(String, Option<String>, Option<String>)>,
}

fn run(file: &str, documents: &str) -> After {
    let answers: BTreeMap<String, Side> = parsed(file)
        .get(ANSWERS)
        .map(Node::pairs)
        .unwrap_or_default()
        .iter()
        .map(|(id, it)| {
            let side = if it.text() == Some("mine") { Side::Person } else { Side::Documents };
            (id.text().unwrap().to_owned(), side)
        })
        .collect();
    let update = update(Some(file), documents, &answers);
    After {
        text: finish(&update, documents),
        edits: update.edits.iter().map(|it| (subject(&it.path), it.kind)).collect(),
        conflicts: update
            .conflicts
            .iter()
            .map(|it| (it.id.clone(), it.documents.clone(), it.person.clone()))
            .collect(),
    }
}

const ORDER: &str = "- name: Order\n  kind: entity\n  fields:\n  - name: id\n    type: uuid\n    required: true\n    enum_values: null\n    source:\n      document: m.md\n      line: 5\n  - name: total\n    type: integer\n    required: null\n    enum_values: null\n    source:\n      document: m.md\n      line: 6\n";

/// The text without the digests.
fn body(text: &str) -> &str {
    text.split("# Digests").next().unwrap()
}

/// What the first of two runs makes of the file; the second must have nothing to do.
#[track_caller]
fn run_twice(file: &str, documents: &str) -> After {
    let after = run(file, documents);
    let again = run(&after.text, documents);
    assert_eq!(after.text, again.text, "a second run changes nothing");
    assert_eq!(after.conflicts, again.conflicts, "and forgets no conflict");
    after
}

#[track_caller]
fn check(file: &str, documents: &str, expected: &Expect) -> After {
    let after = run_twice(file, documents);
    let mut said = String::new();
    for (path, kind) in &after.edits {
        writeln!(said, "{kind:?} {path}").unwrap();
    }
    for (id, documents, person) in &after.conflicts {
        writeln!(said, "conflict {id}: {documents:?} or {person:?}").unwrap();
    }
    expected.assert_eq(&format!("{said}{}", body(&after.text)));
    after
}

#[test]
fn what_only_the_documents_changed_is_followed_between_a_persons_lines() {
    let before =
        first(&document(ORDER)).replace("  - name: total", "\n  # money!\n  - name: total");
    let before = before.replace("type: integer\n", "type: integer  # in cents?\n");
    let now = document(
        &ORDER.replace("type: integer", "type: bigint").replace("line: 6", "line: 7"),
    )
    .replace(
        "rules: []",
        "rules:\n- entity: Order\n  text: a rule\n  source:\n    document: m.md\n    line: 9",
    );
    check(
        &before,
        &now,
        &expect![[r#"
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5

          # money!
          - name: total
            type: bigint  # in cents?
            required: null
            enum_values: null
            source:
              document: m.md
              line: 7
        rules:
        - entity: Order
          text: a rule
          source:
            document: m.md
            line: 9
        questions: []
    "#]],
    );
}

#[test]
fn what_only_the_person_changed_stays() {
    let before = first(&document(ORDER))
        .replace("    type: integer\n", "    type: 'decimal(12,2)'\n")
        .replace("rules: []", "rules:\n  - {entity: Order, text: total >= 0} # ours");
    let added =
        before.replace("  - name: total", "  - name: note\n    type: text\n  - name: total");
    check(
        &added,
        &document(ORDER),
        &expect![[r#"
        Added Order.note
        Changed Order.total.type
        Added rule Order total >= 0
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
          - name: note
            type: text
          - name: total
            type: 'decimal(12,2)'
            required: null
            enum_values: null
            source:
              document: m.md
              line: 6
        rules:
          - {entity: Order, text: total >= 0} # ours
        questions: []
    "#]],
    );
}

#[test]
fn what_both_changed_is_a_conflict_until_it_is_answered() {
    let before = first(&document(ORDER)).replace("type: integer", "type: decimal");
    let now = document(&ORDER.replace("type: integer", "type: bigint"));
    let after = check(
        &before,
        &now,
        &expect![[r#"
        conflict order-total-type.conflict: Some("bigint") or Some("decimal")
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
          - name: total
            type: decimal
            required: null
            enum_values: null
            source:
              document: m.md
              line: 6
        rules: []
        questions: []
    "#]],
    );
    let mine = after.text.replace("answers: {}", "answers:\n  order-total-type.conflict: mine");
    let settled = run_twice(&mine, &now);
    assert_eq!(settled.edits, [("Order.total.type".to_owned(), EditKind::Changed)]);
    assert_eq!((settled.conflicts.len(), body(&settled.text)), (0, body(&after.text)));
    let documents =
        after.text.replace("answers: {}", "answers: {order-total-type.conflict: documents}");
    let settled = run_twice(&documents, &now);
    assert_eq!((settled.conflicts.len(), settled.edits.len()), (0, 0));
    assert_eq!(body(&settled.text), body(&after.text).replace("type: decimal", "type: bigint"));
}

#[test]
fn what_one_side_took_out() {
    let total = &ORDER[ORDER.find("  - name: total").unwrap()..];
    // The documents, and the person had only a comment there.
    let before = first(&document(ORDER)).replace("required: null", "required: null # why");
    check(
        &before,
        &document(&ORDER.replace(total, "")),
        &expect![[r#"
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
          # why
        rules: []
        questions: []
    "#]],
    );
    // The documents, and the person had changed it.
    let before = first(&document(ORDER)).replace("required: null", "required: true");
    check(
        &before,
        &document(&ORDER.replace(total, "")),
        &expect![[r#"
        conflict order-total.conflict: None or Some("it")
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
          - name: total
            type: integer
            required: true
            enum_values: null
            source:
              document: m.md
              line: 6
        rules: []
        questions: []
    "#]],
    );
    // The person.
    let before = first(&document(ORDER)).replace(total, "");
    check(
        &before,
        &document(ORDER),
        &expect![[r#"
        Removed Order.total
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
        rules: []
        questions: []
    "#]],
    );
    // The person, and the documents changed it.
    check(
        &before,
        &document(&ORDER.replace("type: integer", "type: bigint")),
        &expect![[r#"
        conflict order-total.conflict: Some("it") or None
        # head
        project: null
        answers: {}
        entities:
        - name: Order
          kind: entity
          fields:
          - name: id
            type: uuid
            required: true
            enum_values: null
            source:
              document: m.md
              line: 5
        rules: []
        questions: []
    "#]],
    );
}

#[test]
fn other_ways_of_writing_are_kept() {
    let before = first(&document(ORDER)).replace('\n', "\r\n");
    let after = run(&before, &document(&ORDER.replace("type: integer", "type: bigint")));
    assert!(after.edits.is_empty() && after.conflicts.is_empty());
    assert!(!after.text.replace("\r\n", "").contains('\n'));
    assert!(after.text.contains("type: bigint\r\n"));
    // In brackets, without what says nothing, in another order.
    let flow = document(
        "- {kind: entity, name: Order, fields: [{type: uuid, name: id, required: true}, {name: total, type: integer}]}\n",
    );
    let digests = first(&document(ORDER));
    let flow = format!("{flow}{}", &digests[digests.find("# Digests").unwrap()..]);
    let line = "  - name: note\n    type: text\n    required: true\n    enum_values:\n    - a b\n    - 'null'\n    source:\n      document: m.md\n      line: 7\n";
    check(
        &flow,
        &document(&format!("{ORDER}{line}").replace("integer", "bigint")),
        &expect![[r##"
        # head
        project: null
        answers: {}
        entities:
        - {kind: entity, name: Order, fields: [{type: uuid, name: id, required: true, source: {"document": "m.md", "line": 5}}, {name: total, type: "bigint", source: {"document": "m.md", "line": 6}}, {"name": "note", "type": "text", "required": true, "enum_values": ["a b", "null"], "source": {"document": "m.md", "line": 7}}]}
        rules: []
        questions: []
    "##]],
    );
}

/// A model in small: entities with fields of a type, each in the order of the names.
type Small = BTreeMap<u8, BTreeMap<u8, u8>>;

fn yaml_of(model: &Small) -> String {
    let mut entities = String::new();
    for (entity, fields) in model {
        write!(entities, "- name: E{entity}\n  kind: entity\n  fields:").unwrap();
        entities.push_str(if fields.is_empty() { " []\n" } else { "\n" });
        for (field, kind) in fields {
            write!(
                entities,
                "  - name: f{field}\n    type: t{kind}\n    source:\n      document: m.md\n      line: {field}\n"
            )
            .unwrap();
        }
    }
    if model.is_empty() {
        return document("").replace("entities:", "entities: []");
    }
    document(&entities)
}

/// What a file says, without its digests.
fn small_of(text: &str) -> Small {
    let number = |it: &Node| it.text().unwrap()[1..].parse::<u8>().unwrap();
    let fields = |entity: &Node| {
        let items = entity.get("fields").map(Node::items).unwrap_or_default().iter();
        items.map(|it| (number(it.get("name").unwrap()), number(it.get("type").unwrap()))).collect()
    };
    parsed(text)
        .get("entities")
        .unwrap()
        .items()
        .iter()
        .map(|it| (number(it.get("name").unwrap()), fields(it)))
        .collect()
}

fn small() -> impl Strategy<Value = Small> {
    prop::collection::btree_map(0..4_u8, prop::collection::btree_map(0..4_u8, 0..3_u8, 0..4), 0..4)
}

/// One value of a model, to compare three of them.
fn value(model: &Small, entity: u8, field: u8) -> Option<u8> {
    model.get(&entity)?.get(&field).copied()
}

/// A field may be called by a whole list of values; YAML takes no key so long without a mark.
#[test]
fn a_name_longer_than_a_yaml_key_is_read_again() {
    let documents =
        document(&ORDER.replace("name: total", &format!("name: {}", "kind_".repeat(300))));
    let file = first(&documents);
    assert_eq!(run_twice(&file, &documents).text, file);
    let mine = file.replace("type: integer", "type: bigint");
    assert_eq!(run_twice(&mine, &documents).edits.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_edit_is_lost_and_no_conflict_is_silent(
        base in small(),
        person in small(),
        documents in small(),
        comments in prop::collection::vec(0..60_usize, 0..4),
    ) {
        let written = first(&yaml_of(&base));
        let digests = &written[written.find("# Digests").unwrap()..];
        let mut lines: Vec<String> = yaml_of(&person).lines().map(str::to_owned).collect();
        for (index, at) in comments.iter().enumerate() {
            let line = at % lines.len();
            write!(lines[line], " # remark {index}").unwrap();
        }
        let edited = format!("{}\n{digests}", lines.join("\n"));
        let now = yaml_of(&documents);
        let after = run(&edited, &now);
        let merged = small_of(&after.text);

        for index in 0..comments.len() {
            let remark = format!("# remark {index}");
            prop_assert!(after.text.contains(&remark), "{} is gone\n{}", remark, after.text);
        }
        for entity in 0..4 {
            for field in 0..4 {
                let of = |model: &Small| value(model, entity, field);
                let (was, mine, theirs, is) = (of(&base), of(&person), of(&documents), of(&merged));
                let in_conflict = |id: &str| after.conflicts.iter().any(|it| it.0 == id);
                let conflict = in_conflict(&format!("e{entity}-f{field}-type.conflict"))
                    || in_conflict(&format!("e{entity}-f{field}.conflict"))
                    || in_conflict(&format!("e{entity}.conflict"));
                if mine != was && mine != theirs {
                    prop_assert_eq!(is, mine, "an edit is lost at E{}.f{}\n{}", entity, field, after.text);
                    // Two that are changed differently are never settled without a word.
                    prop_assert!(theirs == was || conflict, "silent at E{}.f{}", entity, field);
                } else if !conflict {
                    prop_assert_eq!(is, theirs, "not followed at E{}.f{}\n{}", entity, field, after.text);
                }
            }
        }
        let again = run(&after.text, &now);
        prop_assert_eq!(&again.text, &after.text);
        prop_assert_eq!(again.conflicts, after.conflicts);

        // Without edits the file is what a first run writes.
        prop_assert_eq!(run(&written, &now).text, first(&now));
    }
}
