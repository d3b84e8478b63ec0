//! Results of Python's `decimal` with 34 digits, and the edges.

use alloc::string::ToString;

use super::{Dec34, Rounding};

fn number(text: &str) -> Dec34 {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn calculate(operator: &str, left: Dec34, right: Dec34) -> Option<Dec34> {
    let rounded = |mode| left.round(right.to_i64()? as i32, mode);
    match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        "%" => left.checked_rem(right),
        "p" => left.checked_pow(right.to_i64()?),
        "s" => left.square_root(),
        "x" => left.exponential(),
        "l" => left.logarithm(),
        "w" => left.raised(right),
        "c" => Some(Dec34::from(left.cmp(&right) as i32)),
        "E" => rounded(Rounding::HalfEven),
        "H" => rounded(Rounding::HalfUp),
        "h" => rounded(Rounding::HalfDown),
        "U" => rounded(Rounding::Up),
        "D" => rounded(Rounding::Down),
        "F" => rounded(Rounding::Floor),
        "C" => rounded(Rounding::Ceiling),
        _ => panic!("an operator of the table"),
    }
}

#[test]
fn agrees_with_python() {
    let tables = [include_str!("../testdata/decimal.txt"), include_str!("../testdata/series.txt")];
    assert!(tables.iter().map(|table| table.lines().count()).sum::<usize>() >= 2500);
    for line in tables.iter().flat_map(|table| table.lines()) {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_else(|| panic!("four words: {line}"));
        let (operator, left, right, result) = (word(), number(word()), number(word()), word());
        let expected = (result != "!").then(|| number(result));
        assert_eq!(calculate(operator, left, right), expected, "{line}");
    }
}

#[test]
fn prints_every_number_so_that_it_reads_back() {
    for line in include_str!("../testdata/decimal.txt").lines() {
        let number = number(line.split(' ').nth(1).unwrap_or_default());
        assert_eq!(number.to_string().parse(), Ok(number), "{line}");
    }
}

#[test]
fn prints_plain_notation_without_trailing_zeros() {
    let cases = [
        ("0", "0"),
        ("-0.00", "0"),
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("-1.5E+2", "-150"),
        ("1e-7", "0.0000001"),
        ("123.456", "123.456"),
        ("100.001", "100.001"),
        (".5", "0.5"),
        ("9999999999999999999999999999999999", "9999999999999999999999999999999999"),
        ("99999999999999999999999999999999995", "100000000000000000000000000000000000"),
        ("12345678901234567890123456789012345", "12345678901234567890123456789012340"),
        ("0.10000000000000000000000000000000005", "0.1"),
        ("0.100000000000000000000000000000000051", "0.1000000000000000000000000000000001"),
    ];
    for (text, printed) in cases {
        assert_eq!(number(text).to_string(), printed, "{text}");
    }
}

#[test]
fn refuses_what_is_no_number() {
    for text in
        ["", "-", ".", "1.2.3", "1e", "e5", "1e+", "0x1", "1_0", " 1", "--1", "1e99999", "٣"]
    {
        assert!(text.parse::<Dec34>().is_err(), "{text:?}");
    }
}

#[test]
fn stays_within_its_range() {
    let largest = number("9999999999999999999999999999999999e6111");
    assert_eq!(largest.checked_add(largest), None);
    assert_eq!(largest.checked_add(number("5e6110")), None);
    assert_eq!(largest.checked_add(Dec34::ONE), Some(largest));
    assert_eq!(number("1e-6176").checked_div(Dec34::from(2)), Some(Dec34::ZERO));
    assert_eq!(number("3e-6176").checked_div(Dec34::from(2)), Some(number("2e-6176")));
    assert_eq!(number("10").checked_pow(7000), None);
    assert_eq!(number("10").checked_pow(-7000), Some(Dec34::ZERO));
    assert_eq!(Dec34::ZERO.checked_pow(-1), None);
    assert_eq!(Dec34::from(-1).checked_pow(i64::MIN), Some(Dec34::ONE));
}

#[test]
fn converts_integers_exactly() {
    for value in [0, 1, -1, i64::MAX, i64::MIN] {
        assert_eq!(Dec34::from(value).to_i64(), Some(value));
    }
    assert_eq!(number("1e3").to_i64(), Some(1000));
    assert_eq!(number("1.0").to_i64(), Some(1));
    assert_eq!(number("1.5").to_i64(), None);
    assert_eq!(number("9223372036854775808").to_i64(), None);
    assert_eq!(Dec34::from(u64::MAX).to_string(), u64::MAX.to_string());
}

#[test]
fn takes_the_sign_of_the_divisor_for_modulo() {
    let cases = [(10, 4, 2), (-10, 4, 2), (10, -4, -2), (-10, -4, -2), (8, 4, 0)];
    for (left, right, rest) in cases {
        let result = Dec34::from(left).checked_modulo(Dec34::from(right));
        assert_eq!(result, Some(Dec34::from(rest)), "{left} mod {right}");
    }
}

#[test]
fn is_observed_by_value_only() {
    let (held, plain) = (number("1.000e100"), number("1e100"));
    assert_eq!(held, plain);
    assert_eq!(held.bulk(), plain.bulk());
    assert_eq!(held.to_parts(), plain.to_parts());
}
