//! The `underpin` binary.
fn main() {}
