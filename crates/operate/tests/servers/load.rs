//! What COPY brings in is what was given, whatever it holds.

use underpin_operate::{apply, copy_in};
use underpin_pg::{Schema, Script, Table, Type};

use crate::everything::{column, id, ids, public};
use crate::harness::scratch;

#[test]
fn every_text_comes_in_as_it_is() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let mut table = Table::new(public("Ta\"ble"));
    table.columns =
        vec![column("number", Type::Integer), column("text", Type::Text), column("🦀", Type::Date)];
    let mut schema = Schema::default();
    schema.add_table(table);
    apply(session, &Script::create(&schema)).unwrap();

    let mut texts: Vec<Option<String>> = [
        "",
        "\\N",
        "\\.",
        "\\",
        "a\tb",
        "a\nb\r\nc\r",
        "N",
        "\\t",
        "it's \"so\"",
        "שלום 🦀",
        "\u{1}\u{b}\u{7f}",
    ]
    .into_iter()
    .map(|text| Some(text.to_owned()))
    .collect();
    texts.push(None);
    // More than one chunk, cut in the middle of characters.
    texts.extend((0..5_000).map(|number| Some("ü🦀\\".repeat(number % 13))));
    let rows =
        texts.iter().enumerate().map(|(number, text)| vec![text.clone(), Some(number.to_string())]);
    let loaded = copy_in(session, &public("Ta\"ble"), &[id("text"), id("number")], rows).unwrap();
    assert_eq!(usize::try_from(loaded).unwrap(), texts.len());

    let stored =
        session.text("SELECT text, \"🦀\" FROM public.\"Ta\"\"ble\" ORDER BY number").unwrap();
    let read: Vec<Option<String>> = stored.rows.iter().map(|row| row[0].clone()).collect();
    assert!(read == texts, "not what was given");
    assert!(stored.rows.iter().all(|row| row[1].is_none()));
}

#[test]
fn a_row_that_is_refused_takes_all_with_it() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let mut table = Table::new(public("t"));
    table.columns = vec![column("number", Type::Integer)];
    let mut schema = Schema::default();
    schema.add_table(table);
    apply(session, &Script::create(&schema)).unwrap();
    let rows = [[Some("1")], [Some("one")]];
    let error = copy_in(session, &public("t"), &ids(&["number"]), rows).unwrap_err();
    assert_eq!(error.sqlstate(), Some("22P02"));
    let count = session.text("SELECT count(*) FROM public.t").unwrap();
    assert_eq!(count.rows, [[Some("0".to_owned())]]);
}
