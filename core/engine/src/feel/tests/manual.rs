//! Every built-in function is in the table of the manual, and called on the page of its group.

use alloc::vec::Vec;

use super::super::builtins;
use super::super::env::Dialect;

#[test]
fn every_built_in_function_is_on_the_page_of_its_group() {
    let rows: Vec<(&str, &str)> = GUIDE
        .lines()
        .filter_map(|line| line.split_once("](../../../tests/spec/feel/")?.1.split_once(") |"))
        .collect();
    assert_eq!(rows.len(), PAGES.len());
    let mut count = 0;
    for name in builtins::names(Dialect::Camunda).chain(builtins::names(Dialect::Dmn)) {
        let quoted = alloc::format!("`{name}`");
        let called = alloc::format!("{name}(");
        let Some((file, _)) = rows.iter().find(|(_, names)| names.contains(&quoted)) else {
            panic!("expected {name} in the table of built-in functions, found none");
        };
        let page = PAGES.iter().find(|(page, _)| page == file).map(|(_, text)| *text);
        assert!(page.is_some_and(|it| it.contains(&called)), "no example of {name} in {file}");
        count += 1;
    }
    assert!(count > 150, "{count}");
}

#[test]
fn nothing_is_in_the_table_that_is_no_function() {
    let known: Vec<&str> = builtins::names(Dialect::Camunda).collect();
    let rows = GUIDE.lines().filter(|line| line.contains("](../../../tests/spec/feel/"));
    let cells = rows.filter_map(|row| row.rsplit('|').nth(1));
    for name in cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)) {
        assert!(known.contains(&name), "expected a built-in function, found {name}");
    }
}

const GUIDE: &str = include_str!("../../../docs/feel.md");
const PAGES: &[(&str, &str)] = &[
    ("conversion.md", include_str!("../../../../../tests/spec/feel/conversion.md")),
    ("boolean.md", include_str!("../../../../../tests/spec/feel/boolean.md")),
    ("string.md", include_str!("../../../../../tests/spec/feel/string.md")),
    ("pattern.md", include_str!("../../../../../tests/spec/feel/pattern.md")),
    ("number.md", include_str!("../../../../../tests/spec/feel/number.md")),
    ("list.md", include_str!("../../../../../tests/spec/feel/list.md")),
    ("interval.md", include_str!("../../../../../tests/spec/feel/interval.md")),
    ("temporal.md", include_str!("../../../../../tests/spec/feel/temporal.md")),
];
