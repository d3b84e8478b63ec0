//! The built-in functions, group by group.

use super::super::context::Context;
use super::super::env::Env;
use super::super::expression::{Expression, evaluate};
use super::super::value::Value;
use super::{check, check_null};

#[test]
fn conversion() {
    check(&[
        ("string(1.10)", "\"1.1\""),
        ("string(null)", "null"),
        ("string([1, \"a\", {b: @\"P1D\"}])", "\"[1, \\\"a\\\", {b:P1D}]\""),
        ("string(@\"2026-04-01T10:00:00Z\")", "\"2026-04-01T10:00:00Z\""),
        ("string(10 ** 40)", "\"10000000000000000000000000000000000000000\""),
        ("number(\"1500.5\")", "1500.5"),
        ("number(\"1 000,5\", \" \", \",\")", "1000.5"),
        ("number(\"1,000.5\", \",\", \".\")", "1000.5"),
        ("date(2026, 4, 1)", "2026-04-01"),
        ("date(@\"2026-04-01T10:00:00Z\")", "2026-04-01"),
        ("time(10, 30, 5.5)", "10:30:05.5"),
        ("time(10, 30, 0, @\"PT2H\")", "10:30:00+02:00"),
        ("date and time(\"2026-04-01\")", "2026-04-01T00:00:00"),
        ("date and time(@\"2026-04-01\", @\"10:00:00Z\")", "2026-04-01T10:00:00Z"),
        ("duration(\"P1DT2H\")", "P1DT2H"),
        ("years and months duration(@\"2024-02-29\", @\"2026-02-28\")", "P1Y11M"),
    ]);
    check_null(&[
        "number(\"abc\")",
        "number(\"1,5\", \",\", \",\")",
        "date(2026, 2, 29)",
        "date(\"2026-02-29\")",
        "time(25, 0, 0)",
        "duration(\"P1Y1D\")",
        "date and time(\"2026-04-01T10:00:00@Europe/Nowhere\")",
        "@\"10:00:00@Europe/Nowhere\"",
        "@\"nonsense\"",
    ]);
}

#[test]
fn boolean() {
    check(&[
        ("is defined(nothing)", "false"),
        ("is defined(amount)", "true"),
        ("is defined(missing)", "false"),
        ("get or else(nothing, 5)", "5"),
        ("get or else(1, 5)", "1"),
        ("assert(5, true)", "5"),
    ]);
}

#[test]
fn strings() {
    check(&[
        ("substring(\"foobar\", 3, 3)", "\"oba\""),
        ("substring(\"foobar\", -2)", "\"ar\""),
        ("substring(\"a😀b\", 2, 1)", "\"😀\""),
        ("string length(\"a😀b\")", "3"),
        ("upper case(\"aß\")", "\"ASS\""),
        ("lower case(\"ÄB\")", "\"äb\""),
        ("substring before(\"foobar\", \"bar\")", "\"foo\""),
        ("substring after(\"foobar\", \"o\")", "\"obar\""),
        ("contains(\"foobar\", \"oba\")", "true"),
        ("starts with(\"foobar\", \"bar\")", "false"),
        ("ends with(\"foobar\", \"bar\")", "true"),
        ("split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]"),
        ("split(\"a.b\", \"\\.\")", "[\"a\", \"b\"]"),
        ("trim(\"  a \")", "\"a\""),
        ("is blank(\" \\t\")", "true"),
        ("string join([\"a\", null, \"b\"], \", \", \"[\", \"]\")", "\"[a, b]\""),
        ("replace(\"a-b-c\", \"-\", \"+\")", "\"a+b+c\""),
        ("matches(\"foobar\", \"oba\")", "true"),
        ("replace(\"abc\", \"[ab]\", \"x\")", "\"xxc\""),
        ("matches(\"abc\", \"a.c\")", "true"),
        ("split(\"a1b\", \"\\d\")", "[\"a\", \"b\"]"),
        ("extract(\"banana\", \"an\")", "[\"an\", \"an\"]"),
    ]);
    check_null(&[
        "substring(\"foobar\", 0)",
        "substring(\"foobar\", -7)",
        "substring(\"foobar\", 1, -1)",
        "contains(1, \"a\")",
        "upper case(null)",
        "string join([1], \"a\")",
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("decimal(1.115, 2)", "1.12"),
        ("decimal(2.5, 0)", "2"),
        ("floor(-1.5)", "-2"),
        ("ceiling(1.56, 1)", "1.6"),
        ("round up(-5.5, 0)", "-6"),
        ("round down(-5.5, 0)", "-5"),
        ("round half up(2.5, 0)", "3"),
        ("round half down(2.5, 0)", "2"),
        ("round half up(1234, -2)", "1200"),
        ("abs(-3)", "3"),
        ("abs(@\"-P1D\")", "P1D"),
        ("modulo(-12, 5)", "3"),
        ("modulo(10.1, -4.5)", "-3.4"),
        ("sqrt(2)", "1.414213562373095048801688724209698"),
        ("odd(5)", "true"),
        ("even(5)", "false"),
        ("even(1.5)", "false"),
    ]);
    check_null(&[
        "decimal(1, 7000)",
        "modulo(1, 0)",
        "sqrt(-1)",
        "floor(\"1\")",
        "random number()",
        "exp(1e5)",
        "log(0)",
    ]);
}

#[test]
fn lists() {
    check(&[
        ("list contains([1, null], null)", "true"),
        ("count([1, 2])", "2"),
        ("is empty([])", "true"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("min(3, 1, 2)", "1"),
        ("max([\"a\", \"c\", \"b\"])", "\"c\""),
        ("min([])", "null"),
        ("sum([1, 2.5])", "3.5"),
        ("sum([])", "null"),
        ("sum([@\"P1D\", @\"PT2H\"])", "P1DT2H"),
        ("product(2, 3, 4)", "24"),
        ("mean([1, 2, 4])", "2.333333333333333333333333333333333"),
        ("median([5, 1, 3])", "3"),
        ("median(1, 2, 3, 4)", "2.5"),
        ("mode([3, 6, 1, 6, 1])", "[1, 6]"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ("all([true, false, null])", "false"),
        ("any([false, true, null])", "true"),
        ("all([])", "true"),
        ("is(@\"P1D\", @\"PT24H\")", "true"),
        ("is(1, \"1\")", "false"),
    ]);
    check_null(&[
        "all([true, null])",
        "any(1)",
        "sum([1, \"a\"])",
        "min([1, \"a\"])",
        "min([true])",
        "count(null)",
        "stddev([1])",
    ]);
}

#[test]
fn changes_of_lists() {
    check(&[
        ("append([1], 2, [3])", "[1, 2, [3]]"),
        ("concatenate([1], [2, 3], 4)", "[1, 2, 3, 4]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("insert before([1, 2], 3, 3)", "[1, 2, 3]"),
        ("insert before([1, 2], -1, 9)", "[1, 9, 2]"),
        ("remove([1, 2, 3], 2)", "[1, 3]"),
        ("remove([1, 2, 3], -1)", "[1, 2]"),
        ("list replace([1, 2, 3], 2, 9)", "[1, 9, 3]"),
        ("list replace([1, 2, 3], function(item, new) item < new, 3)", "[3, 3, 3]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("sublist([1, 2, 3, 4], 2, 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2)", "[2, 3]"),
        ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
        ("flatten([1, [2, [3, []]], [[4]]])", "[1, 2, 3, 4]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 1.0, \"a\", null, [1], [1], null])", "[1, \"a\", null, [1]]"),
        ("duplicate values([1, 2, 1, [3], [3]])", "[1, [3]]"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        (
            "sort([{a: 2, b: 1}, {a: 1}, {a: 2, b: 2}], function(x, y) x.a < y.a)",
            "[{a: 1}, {a: 2, b: 1}, {a: 2, b: 2}]",
        ),
    ]);
    check_null(&[
        "insert before([1], 5, 1)",
        "remove([1], 0)",
        "sublist([1], 2)",
        "partition([1], 0)",
        "sort([1, \"a\"])",
        "sort([1, 2], function(x, y) 5)",
        "append(null, 1)",
    ]);
}

#[test]
fn contexts() {
    check(&[
        ("get value({a: 1}, \"a\")", "1"),
        ("get value({a: {b: 2}}, [\"a\", \"b\"])", "2"),
        ("get value({a: 1}, \"b\")", "null"),
        ("get entries({a: 1})", "[{key: \"a\", value: 1}]"),
        ("context put({a: 1}, \"b\", 2)", "{a: 1, b: 2}"),
        ("context put({a: {b: 1}}, [\"a\", \"b\"], 2)", "{a: {b: 2}}"),
        ("context merge([{a: 1, b: 1}, {b: 2}])", "{a: 1, b: 2}"),
        ("put all({a: 1}, {b: 2})", "{a: 1, b: 2}"),
        ("context([{key: \"a\", value: 1}])", "{a: 1}"),
    ]);
    check_null(&["context merge([1])", "context([{key: 1, value: 1}])", "get value(1, \"a\")"]);
}

#[test]
fn ranges_from_text() {
    check(&[("2 in range(\"[1..3]\")", "true"), ("range(\"(1..3]\") = (1..3]", "true")]);
    check_null(&["range(\"1\")", "range(\"[3..1]\")", "range(\"[a..b]\")", "range(\"\")"]);
}

#[test]
fn randomness_is_what_the_caller_says() {
    let draw = |key: &[u8; 32], draw: u64| u64::MAX / 4 * (draw + u64::from(key[0]));
    let Ok(expression) = Expression::parse("[random number(), random number()]") else {
        panic!("it parses")
    };
    let mut env = Env::new(0).with_random([0; 32], draw);
    let value = evaluate(&expression, &Context::new(), &mut env);
    let expected = ["0.249999999999999999", "0.499999999999999999"]
        .map(|it| it.parse().map(Value::Number).unwrap_or_default());
    assert_eq!(value, Ok(expected.to_vec().into()));
}
