//! One diagnostic in every shape.

use expect_test::expect;
use underpin_base::{Diagnostic, Sources, Span, codes, render};

codes! {
    /// A test failed to mind its colons.
    ///
    /// There is nothing more to say of it.
    TEST_CODE = "T001", "test-code";
}

fn example() -> (Diagnostic, Sources) {
    let mut sources = Sources::default();
    let id = sources.add("docs/a,b.md", "# Title\n| name | text |\n| größe | int |\n");
    let text = sources.get(id).text();
    let at = text.find("größe").expect("it stands there");
    let first = text.find("name").expect("it stands there");
    let diagnostic = Diagnostic::warning(TEST_CODE, "`größe` is 100% strange: it has no unit")
        .at(Span::new(id, at..at + "größe".len()), "this one")
        .at(Span::new(id, first..first + 4), "unlike this")
        .help("give it one");
    (diagnostic, sources)
}

#[test]
fn terminal() {
    let (diagnostic, sources) = example();
    let expected = expect![[r#"
        warning[T001]: `größe` is 100% strange: it has no unit
         --> docs/a,b.md:3:3
          |
        2 | | name | text |
          |   ---- unlike this
        3 | | größe | int |
          |   ^^^^^ this one
          |
          = help: give it one
    "#]];
    expected.assert_eq(&render::terminal::render(&diagnostic, &sources, false));
}

#[test]
fn json() {
    let (diagnostic, sources) = example();
    let expected = expect![[r#"
        {
          "code": "T001",
          "severity": "warning",
          "message": "`größe` is 100% strange: it has no unit",
          "document": "docs/a,b.md",
          "line": 3,
          "column": 3,
          "help": "give it one"
        }
    "#]];
    expected.assert_eq(&format!("{:#}\n", render::json::value(&diagnostic, &sources)));
}

#[test]
fn github() {
    let (diagnostic, sources) = example();
    let expected = expect![[r#"
        ::warning file=docs/a%2Cb.md,line=3,col=3,title=T001::`größe` is 100%25 strange: it has no unit%0Agive it one
    "#]];
    expected.assert_eq(&render::github::render(&diagnostic, &sources));
}

#[test]
fn sarif() {
    let (diagnostic, sources) = example();
    let expected = expect![[r#"
        {
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "underpin",
                  "version": "0.0.0",
                  "rules": [
                    {
                      "id": "T001",
                      "name": "test-code",
                      "fullDescription": {
                        "text": "A test failed to mind its colons.\n\n There is nothing more to say of it."
                      }
                    }
                  ]
                }
              },
              "results": [
                {
                  "ruleId": "T001",
                  "level": "warning",
                  "message": {
                    "text": "`größe` is 100% strange: it has no unit"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "docs/a,b.md"
                        },
                        "region": {
                          "startLine": 3,
                          "startColumn": 3
                        }
                      }
                    }
                  ]
                }
              ]
            }
          ]
        }
    "#]];
    expected.assert_eq(&format!("{:#}\n", render::sarif::log(&[diagnostic], &sources, "0.0.0")));
}

#[test]
fn a_label_past_the_end_does_not_panic() {
    let (mut diagnostic, sources) = example();
    diagnostic.labels[0].span.end = 9_999;
    diagnostic.labels[1].span.start = 9_000;
    let text = render::terminal::render(&diagnostic, &sources, true);
    assert!(text.contains("T001"));
}
