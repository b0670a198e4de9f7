//! The model file says all that the documents said: it designs to the same database.

use std::fs;
use std::path::Path;

use underpin_testkit::{temp_dir, without_sources};

use crate::{root, underpin};

fn script(input: &Path, out: &Path) -> String {
    let _ = underpin()
        .args(["design", "--no-verify", "--out"])
        .arg(out)
        .arg(input)
        .current_dir(root())
        .run()
        .expect_code(0);
    without_sources(&fs::read_to_string(out.join("schema.sql")).unwrap())
}

#[track_caller]
fn comes_back(example: &str) {
    let place = temp_dir();
    let (first, second) = (place.path().join("first"), place.path().join("second"));
    let stated = script(Path::new(example), &first);
    let read_again = script(&first.join("underpin.yaml"), &second);
    assert!(stated.lines().count() > 100, "{stated}");
    same_lines(&stated, &read_again);
}

/// The first lines that differ say more than two whole scripts.
#[track_caller]
fn same_lines(stated: &str, read_again: &str) {
    let differs = stated.lines().zip(read_again.lines()).find(|(one, other)| one != other);
    assert_eq!(differs, None);
    assert_eq!(stated.lines().count(), read_again.lines().count());
}

#[test]
fn shop_comes_back() {
    comes_back("examples/shop");
}

#[test]
fn retail_comes_back() {
    comes_back("examples/retail");
}
