//! Comma-separated rows under a heading: the first names the columns.

use std::ops::Range;

use crate::document::{BlockKind, Code, Document};
use crate::entity_name::{EntityTitle, read_title};
use crate::notation::Output;
use crate::words::{is_identifier, lower_words, unquote};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "Comma-separated rows under the name of their file or of what they hold, with the columns in the first.";

const REASON: &str = "a header of columns names it, with values of such a type below";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Code(code) = &block.kind else { continue };
        if !matches!(code.language.as_str(), "csv" | "tsv" | "" | "text" | "txt")
            || !out.is_open(document, block.range.start)
        {
            continue;
        }
        let Some(title) = owner(document, index, &code.language) else { continue };
        if title.not_stored.is_some() || out.has_fields(&title.name) {
            continue;
        }
        let Some((fields, header)) = columns(code) else { continue };
        let section = block.section;
        let place = document.span(block.range.clone());
        out.state_entity(document, section, &title, place);
        for field in fields {
            let fact = Fact::Field { entity: title.name.clone(), field };
            out.infer(document, document.code_span(code, header.clone()), fact, REASON);
        }
    }
}

/// What the rows are of: by the name of a file in the words before them or in the heading, or by the
/// heading of rows that are marked as such.
fn owner(document: &Document<'_>, index: usize, language: &str) -> Option<EntityTitle> {
    let section = document.blocks[index].section.map(|section| document.title(section));
    let file = |text: &str| {
        let name = unquote(text.trim().trim_end_matches(':').trim());
        let name = name.rsplit(['/', ' ']).next()?;
        let stem = unquote(name.trim_matches(['`', '*'])).strip_suffix(".csv")?;
        is_identifier(stem).then(|| read_title(stem)).flatten()
    };
    let is_marked = matches!(language, "csv" | "tsv");
    let is_topic = |title: &&str| {
        lower_words(title).iter().any(|word| {
            matches!(
                word.as_str(),
                "example"
                    | "sample"
                    | "format"
                    | "import"
                    | "export"
                    | "output"
                    | "report"
                    | "data"
            )
        })
    };
    document.lead(index).and_then(file).or_else(|| section.and_then(file)).or_else(|| {
        section.filter(|_| is_marked).filter(|title| !is_topic(title)).and_then(read_title)
    })
}

/// The columns with the types that all values below allow, and the place of the header.
fn columns(code: &Code) -> Option<(Vec<FieldFact>, Range<usize>)> {
    let separator = if code.language == "tsv" { '\t' } else { ',' };
    let mut lines = code.lines().filter(|(line, _)| !line.trim().is_empty());
    let (header, at) = lines.next()?;
    let names: Vec<&str> = header.split(separator).map(|name| unquote(name.trim())).collect();
    let rows: Vec<Vec<&str>> = lines
        .map(|(line, _)| line.split(separator).map(|cell| unquote(cell.trim())).collect())
        .collect();
    let are_names = names.len() > 1 && names.iter().all(|name| is_identifier(name));
    if !are_names || rows.is_empty() || rows.iter().any(|row| row.len() != names.len()) {
        return None;
    }
    let fields = names.iter().enumerate().map(|(column, name)| {
        let values = || rows.iter().map(move |row| row[column]).filter(|cell| !cell.is_empty());
        FieldFact {
            name: (*name).to_owned(),
            type_text: kind(values).map(str::to_owned),
            ..FieldFact::default()
        }
    });
    Some((fields.collect(), at))
}

/// The type that fits all values: none where there are none, or only words.
fn kind<'v, I: Iterator<Item = &'v str>>(values: impl Fn() -> I) -> Option<&'static str> {
    values().next()?;
    let is_date = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        matches!(parts.as_slice(), [year, month, day] if year.len() == 4
            && month.len() == 2
            && day.len() == 2
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())))
    };
    // A number that begins with a zero is a code.
    let is_number =
        |text: &str| text.parse::<f64>().is_ok() && !(text.len() > 1 && text.starts_with('0'));
    if values().all(|text| is_number(text) && text.parse::<i64>().is_ok()) {
        Some("integer")
    } else if values().all(is_number) {
        Some("decimal")
    } else if values().all(is_date) {
        Some("date")
    } else if values().all(|text| matches!(text, "true" | "false")) {
        Some("boolean")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn the_first_row_names_the_columns() {
        check(
            "# Files\n\n## orders.csv\n\n```\norder_id,placed_at,total,zip\n1,2024-01-01,12.50,01234\n2,2024-01-02,9,10115\n```\n\n## Customers\n\n```csv\ncustomer_id,active\n7,true\n```\n",
            &expect![[r#"
                5 csv-columns  entity orders
                6 csv-columns  field orders.order_id integer [inferred: a header of columns names it, with values of such a type below]
                6 csv-columns  field orders.placed_at date [inferred: a header of columns names it, with values of such a type below]
                6 csv-columns  field orders.total decimal [inferred: a header of columns names it, with values of such a type below]
                6 csv-columns  field orders.zip [inferred: a header of columns names it, with values of such a type below]
                13 csv-columns  entity Customers
                14 csv-columns  field Customers.customer_id integer [inferred: a header of columns names it, with values of such a type below]
                14 csv-columns  field Customers.active boolean [inferred: a header of columns names it, with values of such a type below]
            "#]],
        );
    }

    #[test]
    fn rows_of_something_else_are_left() {
        check(
            "# Notes\n\n## Export format\n\n```csv\nid,total\n1,2\n```\n\n## Colours\n\n```\nred,green\nblue,yellow\n```\n\n## Uneven\n\n```csv\na,b\n1,2,3\n```\n",
            &expect![[r#""#]],
        );
    }
}
