//! Classes of characters: `[…]`, `\d`, `\p{Lu}`.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::env::Dialect;
use super::PatternError;
use super::blocks::block;
use super::categories::{categories, category};
use super::parse::Parser;
use super::set::Set;

/// What stands behind a backslash.
pub(super) enum Escaped {
    Char(char),
    Set(Set),
}

/// Parses `a-z^…]` or `…-[…]]`, the opening bracket being behind.
pub(super) fn bracket(parser: &mut Parser<'_>) -> Result<Set, PatternError> {
    parser.enter()?;
    let is_negated = parser.take('^');
    let (mut sets, mut ranges) = (Vec::new(), Vec::new());
    let mut removed = None;
    loop {
        let is_first = sets.is_empty() && ranges.is_empty();
        match parser.peek() {
            None => return Err(PatternError("a closing bracket")),
            Some(']') if !is_first => break,
            Some('-') if !is_first && parser.second() == Some('[') => {
                parser.advance();
                parser.advance();
                removed = Some(bracket(parser)?);
                if parser.peek() != Some(']') {
                    return Err(PatternError("a closing bracket behind the subtraction"));
                }
            }
            Some(_) => match member(parser)? {
                Escaped::Set(set) => sets.push(set),
                Escaped::Char(first) => insert(&mut ranges, range_from(parser, first)?)?,
            },
        }
        if removed.is_some() {
            break;
        }
    }
    parser.advance();
    parser.leave();
    if !ranges.is_empty() {
        let ranges = joined(&ranges);
        sets.push(if parser.is_insensitive { Set::Folded(ranges) } else { Set::Ranges(ranges) });
    }
    let set = if is_negated { Set::AnyOf(sets).inverted() } else { Set::AnyOf(sets) };
    Ok(match removed {
        Some(removed) => Set::Without(Box::new((set, removed))),
        None => set,
    })
}

/// Reads what `it` means behind a backslash.
pub(super) fn escaped(parser: &mut Parser<'_>, it: char) -> Result<Escaped, PatternError> {
    if it.is_ascii_alphabetic() && !matches!(it, 'n' | 'r' | 't') {
        parser.count_category()?;
    }
    let set = match it {
        'n' => return Ok(Escaped::Char('\n')),
        'r' => return Ok(Escaped::Char('\r')),
        't' => return Ok(Escaped::Char('\t')),
        'p' | 'P' => {
            let name = match parser.take('{') {
                true => parser.until('}'),
                false => None,
            };
            let set = name.and_then(|name| match name.strip_prefix("Is") {
                Some(block_name) => block(block_name),
                None => category(name),
            });
            set.ok_or(PatternError("the name of a category or block, such as \\p{Lu}"))?
        }
        _ => match letter_class(parser.dialect, it.to_ascii_lowercase()) {
            Some(set) => set,
            None if is_escapable(parser.dialect, it) => return Ok(Escaped::Char(it)),
            None => return Err(PatternError("a character that may stand behind a backslash")),
        },
    };
    Ok(Escaped::Set(if it.is_ascii_uppercase() { set.inverted() } else { set }))
}

fn letter_class(dialect: Dialect, it: char) -> Option<Set> {
    Some(match (it, dialect) {
        ('s', Dialect::Dmn) => Set::of(&[('\t', '\n'), ('\r', '\r'), (' ', ' ')]),
        ('s', Dialect::Camunda) => Set::of(&[('\t', '\r'), (' ', ' ')]),
        ('d', Dialect::Dmn) => category("Nd")?,
        ('d', Dialect::Camunda) => Set::of(&[('0', '9')]),
        ('w', Dialect::Dmn) => categories(&["P", "Z", "C"])?.inverted(),
        ('w', Dialect::Camunda) => Set::of(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
        ('i', Dialect::Dmn) => Set::of(NAME_START),
        ('c', Dialect::Dmn) => Set::AnyOf(alloc::vec![Set::of(NAME_START), Set::of(NAME_MORE)]),
        _ => return None,
    })
}

fn is_escapable(dialect: Dialect, it: char) -> bool {
    match dialect {
        Dialect::Dmn => ESCAPABLE.contains(it),
        Dialect::Camunda => !it.is_alphanumeric(),
    }
}

fn member(parser: &mut Parser<'_>) -> Result<Escaped, PatternError> {
    match parser.advance() {
        Some('\\') => match parser.advance() {
            Some(it) => escaped(parser, it),
            None => Err(PatternError("a character behind the backslash")),
        },
        Some('[') => Err(PatternError("an escaped bracket inside brackets")),
        Some(it) => Ok(Escaped::Char(it)),
        None => Err(PatternError("a closing bracket")),
    }
}

/// Goes on with a range that may have started: `a-z`. A hyphen in front of the end stands for itself.
fn range_from(parser: &mut Parser<'_>, first: char) -> Result<(u32, u32), PatternError> {
    let is_range = parser.peek() == Some('-') && !matches!(parser.second(), Some(']' | '[') | None);
    if !is_range {
        return Ok((first as u32, first as u32));
    }
    parser.advance();
    match member(parser)? {
        Escaped::Char(last) if first <= last => Ok((first as u32, last as u32)),
        _ => Err(PatternError("a range of characters, the lower one first")),
    }
}

/// Puts a range among others by its start.
fn insert(ranges: &mut Vec<(u32, u32)>, range: (u32, u32)) -> Result<(), PatternError> {
    if ranges.len() >= RANGES_MAX {
        return Err(PatternError("at most 500 characters and ranges in brackets"));
    }
    let place = ranges.partition_point(|it| *it <= range);
    ranges.insert(place, range);
    Ok(())
}

/// Joins ranges that are in order and overlap.
fn joined(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some((_, end)) if *first <= end.saturating_add(1) => *end = (*end).max(*last),
            _ => joined.push((*first, *last)),
        }
    }
    joined
}

const RANGES_MAX: usize = 500;
/// What XPath allows behind a backslash.
const ESCAPABLE: &str = "\\|.?*+(){}[]-^$";
/// The characters that a name in XML may start with.
const NAME_START: &[(char, char)] = &[
    (':', ':'),
    ('A', 'Z'),
    ('_', '_'),
    ('a', 'z'),
    ('\u{C0}', '\u{D6}'),
    ('\u{D8}', '\u{F6}'),
    ('\u{F8}', '\u{2FF}'),
    ('\u{370}', '\u{37D}'),
    ('\u{37F}', '\u{1FFF}'),
    ('\u{200C}', '\u{200D}'),
    ('\u{2070}', '\u{218F}'),
    ('\u{2C00}', '\u{2FEF}'),
    ('\u{3001}', '\u{D7FF}'),
    ('\u{F900}', '\u{FDCF}'),
    ('\u{FDF0}', '\u{FFFD}'),
    ('\u{10000}', '\u{EFFFF}'),
];
/// What it may go on with beside them.
const NAME_MORE: &[(char, char)] = &[
    ('-', '.'),
    ('0', '9'),
    ('\u{B7}', '\u{B7}'),
    ('\u{300}', '\u{36F}'),
    ('\u{203F}', '\u{2040}'),
];
