//! Reading and printing JSON.

use alloc::string::ToString;

use super::super::value::Value;
use super::{JsonLimits, parse, print};

#[test]
fn reads_and_prints_canonically() {
    for (text, printed) in [
        (" null ", "null"),
        ("[true,\tfalse ,{}]", "[true,false,{}]"),
        ("{\"b\": 1.50, \"a\": [ ]}", "{\"b\":1.5,\"a\":[]}"),
        ("-0", "0"),
        ("1e3", "1000"),
        ("0.1e-2", "0.001"),
        ("12345678901234567890.12345", "12345678901234567890.12345"),
        ("\"a\\u00e9\\ud83d\\ude00\\/\\n\\u0001\"", "\"aé😀/\\n\\u0001\""),
        ("\"\\\"\\\\\"", "\"\\\"\\\\\""),
    ] {
        let value =
            parse(text, &JsonLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(print(&value), printed, "{text}");
        assert_eq!(parse(printed, &JsonLimits::default()), Ok(value), "{text}");
    }
}

#[test]
fn names_the_place_of_an_error() {
    for (text, offset) in [
        ("", 0),
        ("[1,]", 3),
        ("[1 2]", 3),
        ("{\"a\" 1}", 5),
        ("{\"a\":1,\"a\":2}", 7),
        ("{a:1}", 1),
        ("01", 0),
        ("1.", 2),
        ("+1", 0),
        (".5", 0),
        ("1e", 2),
        ("nul", 0),
        ("\"a", 2),
        ("\"\\ud83d\"", 1),
        ("\"\\x\"", 1),
        ("\"\u{1}\"", 1),
        ("\"\\", 1),
        ("\"\\u00", 1),
        ("1 1", 2),
        ("NaN", 0),
        ("1e999999", 0),
        ("[", 1),
    ] {
        let error = parse(text, &JsonLimits::default()).err();
        assert_eq!(error.map(|error| error.offset), Some(offset), "{text:?}");
    }
}

#[test]
fn keeps_its_limits() {
    let limits = JsonLimits { depth_max: 3, bytes_max: 10 };
    assert!(parse("[[[1]]]", &limits).is_ok());
    let error = parse("[[[[1]]]]", &limits).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("expected less nesting, found '[' at byte 3"));
    assert!(parse("[1,2,3,4,5]", &limits).is_err());
    assert!(parse(&"[".repeat(100_000), &JsonLimits::default()).is_err());
}

#[test]
fn prints_temporal_values_as_text() {
    let value = Value::Date("2026-04-01".parse().unwrap_or(super::super::calendar::Date::EPOCH));
    assert_eq!(print(&value), "\"2026-04-01\"");
}
