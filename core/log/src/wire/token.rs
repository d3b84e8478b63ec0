//! What MessagePack is made of.

/// One value, or the head of a list or map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Nil,
    Boolean(bool),
    Unsigned(u64),
    Negative(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
    List(u32),
    Map(u32),
    Extension(i8, &'a [u8]),
}

pub(super) fn describe(token: Token<'_>) -> String {
    match token {
        Token::Nil => "nil".to_owned(),
        Token::Boolean(value) => value.to_string(),
        Token::Unsigned(value) => value.to_string(),
        Token::Negative(value) => value.to_string(),
        Token::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Token::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Token::List(count) => format!("a list of {count}"),
        Token::Map(count) => format!("a map of {count}"),
        Token::Extension(code, _) => format!("extension {code}"),
    }
}

/// The levels that a body may have: a value of 64 levels, and the fields around it.
pub const DEPTH_MAX: u32 = 72;
/// The extension of decimal numbers.
pub const EXTENSION_DECIMAL: i8 = 1;
/// The extension of dates, times and durations.
pub const EXTENSION_TIME: i8 = 2;
/// The extension reserved for sealed values.
pub const EXTENSION_SEALED: i8 = 3;
/// The extension reserved for references to blobs.
pub const EXTENSION_BLOB: i8 = 4;
