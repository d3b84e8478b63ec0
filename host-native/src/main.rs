//! The dacapo binary.
fn main() {}
