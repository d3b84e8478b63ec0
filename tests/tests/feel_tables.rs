//! The generated tables of FEEL are those of their sources; `UPDATE=1` writes them anew.

use std::path::Path;

use regex_syntax::Parser;
use regex_syntax::hir::{Class, HirKind};

#[test]
fn categories_are_those_of_unicode() {
    agree("src/feel/pattern/categories.bin", &categories());
}

/// Compares a file with what it should be, or writes it.
fn agree(path: &str, expected: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/engine").join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, expected).expect("a table that can be written");
    }
    let found = std::fs::read(&path).expect("a table that can be read");
    assert!(
        found == expected,
        "expected {} as its source has it; run with UPDATE=1",
        path.display()
    );
}

/// Runs of characters of one category: five bits of name and three of length, or a longer length behind.
fn categories() -> Vec<u8> {
    let names: Vec<&str> = NAMES.split(' ').collect();
    let unassigned = names.iter().position(|it| *it == "Cn").expect("a known name");
    let surrogate = names.iter().position(|it| *it == "Cs").expect("a known name");
    let mut of = vec![unassigned; 0x11_0000];
    of[0xD800..=0xDFFF].fill(surrogate);
    for (number, name) in names.iter().enumerate() {
        for (first, last) in ranges(name) {
            of[first as usize..=last as usize].fill(number);
        }
    }
    let place = |name: &str| names.iter().position(|it| *it == name).expect("a known name");
    let (upper, lower) = (place("Lu"), place("Ll"));
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < of.len() {
        let pairs = of[at..].chunks(2).take_while(|pair| **pair == [upper, lower]).count();
        let (length, name) = match pairs {
            2.. => (pairs * 2, names.len()),
            _ => (of[at..].iter().take_while(|it| **it == of[at]).count(), of[at]),
        };
        push(&mut bytes, name, length);
        at += length;
    }
    bytes
}

fn ranges(category: &str) -> Vec<(u32, u32)> {
    if matches!(category, "Cs" | "Cn") {
        return Vec::new();
    }
    let parsed = Parser::new().parse(&format!(r"\p{{{category}}}")).expect("a known category");
    match parsed.into_kind() {
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().map(|it| (it.start() as u32, it.end() as u32)).collect()
        }
        HirKind::Literal(only) => {
            let text = std::str::from_utf8(&only.0).expect("one character");
            text.chars().map(|it| (it as u32, it as u32)).collect()
        }
        other => panic!("expected a class of characters, found {other:?}"),
    }
}

fn push(bytes: &mut Vec<u8>, name: usize, length: usize) {
    let tag = u8::try_from(name).expect("a small number") << 3;
    if length < 8 {
        bytes.push(tag | length as u8);
        return;
    }
    bytes.push(tag);
    let mut rest = length - 8;
    while rest >= 128 {
        bytes.push(rest as u8 | 128);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

const NAMES: &str =
    "Cc Cf Cn Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp Zs";
