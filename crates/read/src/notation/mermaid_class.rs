//! `mermaid` class diagrams of stored things.

use crate::diagram::class::Classes;
use crate::diagram::mermaid::{Diagram, diagrams};
use crate::document::Document;
use crate::notation::Output;
use crate::words::unquote;

pub(super) const DOC: &str = "A `mermaid` `classDiagram` of entities, value objects and enumerations; services are passed over.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (diagram, code, block) in
        diagrams(out.blocks(document), &["classDiagram", "classDiagram-v2"])
    {
        let classes = classes(&diagram);
        if !classes.is_empty() && classes.state(document, code, block, out) {
            diagram.set_drawing_aside(document, code, out);
        }
    }
}

fn classes(diagram: &Diagram<'_>) -> Classes {
    let mut classes = Classes::default();
    let mut within: Option<String> = None;
    let mut namespaces = 0_usize;
    // A stereotype stands below the members as often as above them.
    for (line, at) in &diagram.lines {
        if let (true, Some(name)) = (line.starts_with("class "), class_head(line)) {
            classes.class(&name, at);
        }
    }
    for (line, at, name) in bodies(diagram) {
        if line.starts_with("<<") {
            classes.stereotype(&name, line.split(">>").next().unwrap_or(line));
        } else if let Some((_, rest)) = line.split_once("<<").filter(|_| line.starts_with("class "))
        {
            classes.class(&name, &at);
            classes.stereotype(&name, rest.split(">>").next().unwrap_or(rest));
        }
    }
    for (line, at) in &diagram.lines {
        if line.starts_with('}') {
            if within.take().is_none() {
                namespaces = namespaces.saturating_sub(1);
            }
            classes.other.push(at.clone());
        } else if let Some(name) = &within {
            if line.starts_with("<<") {
                classes.other.push(at.clone());
            } else {
                let (text, closes) = match line.strip_suffix('}') {
                    Some(text) => (text, true),
                    None => (*line, false),
                };
                classes.member(name, text, at);
                if closes {
                    within = None;
                }
            }
        } else if line.starts_with("namespace ") {
            namespaces += 1;
            classes.other.push(at.clone());
        } else if line.starts_with("note ") || line.starts_with("<<") {
            classes.other.push(at.clone());
        } else if line.starts_with("class ") {
            let Some(name) = class_head(line) else {
                classes.unread.push((at.clone(), (*line).to_owned()));
                continue;
            };
            if let Some((_, body)) = line.split_once('{') {
                let body = body.trim();
                if let Some(body) = body.strip_suffix('}') {
                    for text in body.split(';').filter(|text| !text.trim().is_empty()) {
                        classes.member(&name, text, at);
                    }
                } else {
                    within = Some(name);
                }
            }
        } else if !classes.line(line, at) {
            match line.split_once(':') {
                // `User : +String name`
                Some((name, text)) if !name.trim().contains(' ') => {
                    let name = name.trim().to_owned();
                    classes.class(&name, at);
                    classes.member(&name, text.trim(), at);
                }
                _ => classes.unread.push((at.clone(), (*line).to_owned())),
            }
        }
    }
    classes
}

/// The lines that may carry a stereotype, each with the class that it is about.
fn bodies<'d>(diagram: &Diagram<'d>) -> Vec<(&'d str, std::ops::Range<usize>, String)> {
    let mut found = Vec::new();
    let mut within: Option<String> = None;
    for (line, at) in &diagram.lines {
        if line.starts_with('}') {
            within = None;
        } else if line.starts_with("class ") {
            let name = class_head(line);
            if let Some(name) = &name {
                found.push((*line, at.clone(), name.clone()));
            }
            if line.contains('{') && !line.ends_with('}') {
                within = name;
            }
        } else if let Some((_, name)) = line.split_once(">>").filter(|_| line.starts_with("<<")) {
            let outside = unquote(name.trim()).to_owned();
            let name = if outside.is_empty() { within.clone() } else { Some(outside) };
            found.extend(name.map(|name| (*line, at.clone(), name)));
        }
    }
    found
}

/// The name in `class Name~T~["label"]:::style {`.
fn class_head(line: &str) -> Option<String> {
    let rest = line.strip_prefix("class ")?.trim();
    let end = rest.find([' ', '{', '[', '~', ':', '<', '(']).unwrap_or(rest.len());
    let name = if let Some(quoted) = rest.strip_prefix('`') {
        quoted.split('`').next().unwrap_or(quoted)
    } else {
        &rest[..end]
    };
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn classes_enumerations_and_lines() {
        check(
            "# Domain Model\n```mermaid\nclassDiagram\n  direction LR\n  class Order {\n    <<Aggregate Root>>\n    +UUID id\n    +OrderStatus status\n    -decimal(10,2) total\n    +note: string [0..1]\n    +List~OrderLine~ lines\n    +Address address\n    +place() void\n  }\n  class OrderLine {\n    +int quantity\n  }\n  class OrderStatus {\n    <<enumeration>>\n    OPEN\n    PAID\n  }\n  class Address\n  <<value object>> Address\n  Address : +String street\n  class Person {\n    <<abstract>>\n    +name String\n  }\n  class Customer\n  Person <|-- Customer\n  class OrderService {\n    -int retries\n    +create(o: Order) Order\n  }\n  Order \"1\" *-- \"1..*\" OrderLine : contains\n  Customer \"1\" --> \"0..*\" Order : places\n  OrderService ..> Order\n  Order --> OrderStatus\n  Order \"0..*\" -- \"1\" Shop\n  what is this line\n```\n",
            &expect![[r#"
                5 mermaid-class  entity Order
                5 mermaid-class  aggregate Order: OrderLine
                7 mermaid-class  field Order.id UUID
                8 mermaid-class  field Order.status OrderStatus
                9 mermaid-class  field Order.total decimal(10,2)
                10 mermaid-class  field Order.note string optional
                11 mermaid-class  relationship Order 1:N OrderLine
                12 mermaid-class  field Order.address Address
                15 mermaid-class  entity OrderLine
                16 mermaid-class  field OrderLine.quantity int
                18 mermaid-class  enumeration OrderStatus: OPEN | PAID
                23 mermaid-class  value object Address
                25 mermaid-class  field Address.street String
                30 mermaid-class  entity Customer
                30 mermaid-class  field Customer.name String
                36 mermaid-class  relationship Order 1:N OrderLine from:required to:required "contains"
                37 mermaid-class  relationship Customer 1:N Order from:required to:optional "places"
                40 mermaid-class  entity Shop [inferred: an end of a relationship in a diagram]
                40 mermaid-class  relationship Shop 1:N Order from:required to:optional
                41 R005 `what is this line` was not understood
            "#]],
        );
    }

    #[test]
    fn an_arrow_without_numbers_is_a_reference_unless_its_label_is_a_deed() {
        let head = "# Domain model\n```mermaid\nclassDiagram\n  class Order {\n    +UUID id\n  }\n  class User {\n    +UUID id\n  }\n";
        let lines = [
            "Order --> User : placed by",
            "Order --> User",
            "Order --> User : belongs to",
            "User <-- Order",
            "User --> Order : places",
            "User -- Order",
        ];
        let lines = lines.map(|line| format!("  {line}\n")).concat();
        check(
            &format!("{head}{lines}```\n"),
            &expect![[r#"
            4 mermaid-class  entity Order
            5 mermaid-class  field Order.id UUID
            7 mermaid-class  entity User
            8 mermaid-class  field User.id UUID
            10 mermaid-class  relationship User ? Order "placed by"
            11 mermaid-class  relationship User ? Order
            12 mermaid-class  relationship User ? Order "belongs to"
            13 mermaid-class  relationship User ? Order
            14 mermaid-class  relationship User ? Order "places"
            15 mermaid-class  relationship User ? Order
        "#]],
        );
    }

    #[test]
    fn classes_of_a_program_are_not_stored() {
        check(
            "# Architecture\n```mermaid\nclassDiagram\n  class UserController {\n    -UserService service\n    +get() User\n  }\n  class UserService {\n    +find()\n  }\n  UserController --> UserService\n```\n",
            &expect![[r#"
                2 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }
}
