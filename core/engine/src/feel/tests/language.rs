//! Literals, operators, names, control.

use super::super::context::Context;
use super::super::env::Env;
use super::super::expression::{Expression, UnaryTests, evaluate, evaluate_unary_tests};
use super::super::text;
use super::super::value::Value;
use super::{check, check_null, scope};

#[test]
fn literals() {
    check(&[
        ("null", "null"),
        ("true", "true"),
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1.5E-2", "0.015"),
        ("-7", "-7"),
        ("\"a\\n\\t\\\"\\\\\"", "\"a\\n\\t\\\"\\\\\""),
        ("\"\\u00e9\\uD83D\\uDE00\\U01F40E\"", "\"é😀🐎\""),
        ("\"\\d+\"", "\"\\\\d+\""),
        ("[1, \"a\", [null]]", "[1, \"a\", [null]]"),
        ("{a: 1, \"b c\": 2, d e: 3}", "{a: 1, b c: 2, d e: 3}"),
        ("{}", "{}"),
        ("1 /* one */ + // two\n 2", "3"),
        ("12345678901234567890123456789012345", "12345678901234567890123456789012340"),
    ]);
}

#[test]
fn arithmetic() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("100 / 10 / 2", "5"),
        ("2 ** 3 ** 2", "64"),
        ("-2 ** 2", "4"),
        ("2 ** -2", "0.25"),
        ("9 ** 0.5", "3"),
        ("--3", "3"),
        ("5--3", "8"),
        ("1/3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ("amount * 1.19 + 3.5", "1134"),
        ("\"a\" + \"b\" + \"c\"", "\"abc\""),
    ]);
    check_null(&[
        "1 / 0",
        "1 + \"a\"",
        "\"a\" - \"b\"",
        "nothing + 1",
        "true + true",
        "10 ** 7000",
        "(-2) ** 0.3",
        "(-1) ** 0.5",
        "-\"a\"",
        "[1] * 2",
        "1e9999",
    ]);
}

#[test]
fn comparison_and_logic() {
    check(&[
        ("1 = 1.0", "true"),
        ("1 != 2", "true"),
        ("\"a\" < \"b\"", "true"),
        ("null = null", "true"),
        ("1 = null", "false"),
        ("null != 1", "true"),
        ("[1, 2] = [1, 2.0]", "true"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("[1..3] = [1..3]", "true"),
        ("5 between 1 and 5 and true", "true"),
        ("0 between 1 and 5", "false"),
        ("amount > 100 and status = \"open\"", "true"),
        ("false and nothing", "false"),
        ("nothing and false", "false"),
        ("true and nothing", "null"),
        ("true or nothing", "true"),
        ("nothing or false", "null"),
        ("true and 1", "null"),
        ("not(false)", "true"),
        ("not(null)", "null"),
        ("true or 1 / 0 = 1", "true"),
        ("yes and not(false or false)", "true"),
    ]);
    check_null(&[
        "1 = \"1\"",
        "1 < \"2\"",
        "true < false",
        "nothing < 1",
        "1 between null and 2",
        "not(1)",
    ]);
}

#[test]
fn membership() {
    check(&[
        ("5 in [1..10]", "true"),
        ("1 in (1..10]", "false"),
        ("1 in ]1..10]", "false"),
        ("10 in [1..10[", "false"),
        ("10 in [1..10)", "false"),
        ("5 in > 4", "true"),
        ("5 in (> 6, < 3)", "false"),
        ("5 in (1, 2, 5)", "true"),
        ("5 in [1, [4..6]]", "true"),
        ("[1, 2] in [[1, 2], [3]]", "true"),
        ("\"b\" in (\"a\"..\"c\")", "true"),
        ("5 in (? * 2 = 10)", "true"),
        ("5 in ([1, 5])[2]", "true"),
        ("5 in (2 + 3) * 1 and true", "true"),
        ("5 in (? > 3 and ? < 5)", "false"),
        ("5 in 5", "true"),
        ("5 in != 5", "false"),
        ("null in [1, null]", "true"),
        ("amount in [items[1].price..1000]", "true"),
        ("3 in (< 5)", "true"),
        ("{r: [1..3]}.r.start", "1"),
        ("(> 5).end", "null"),
        ("[1..3].end included", "true"),
    ]);
    check_null(&["5 in [1..null]", "[3..1]", "[1..\"a\"]", "5 in > \"a\""]);
}

#[test]
fn control() {
    check(&[
        ("if amount > 500 then \"high\" else \"low\"", "\"high\""),
        ("if nothing then 1 else 2", "2"),
        ("if false then 1 else if false then 2 else if true then 3 else 4", "3"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1..3) return i", "[1, 2]"),
        ("for i in (1..2) return i", "[]"),
        ("for i in (0..0) return i", "[]"),
        ("for i in [1, 2], j in [i..2] return i * 10 + j", "[11, 12, 22]"),
        (
            "for i in 1..6 return if i < 3 then 1 else partial[-1] + partial[-2]",
            "[1, 1, 2, 3, 5, 8]",
        ),
        ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
        ("for i in 1..2 return partial", "[[], [[]]]"),
        ("for i in [] return i", "[]"),
        ("for i in @\"2026-01-30\"..@\"2026-02-01\" return i.day", "[30, 31, 1]"),
        ("for item name in items return item name.price", "[5, 15, 25]"),
        ("some i in items satisfies i.price > 20", "true"),
        ("every i in items satisfies i.price > 20", "false"),
        ("some x in [] satisfies true", "false"),
        ("every x in [] satisfies false", "true"),
        ("every x in [1, null] satisfies x = null or x > 0", "true"),
        ("some x in [1, 2], y in [3, 4] satisfies x + y = 6", "true"),
        ("some i in 1..1000000000000 satisfies i = 3", "true"),
        ("3 in [1..1000000000000]", "true"),
    ]);
    check_null(&[
        "for i in nothing return i",
        "for i in 5 return i",
        "for i in 1..nothing return i",
        "for i in 1.5..3 return i",
    ]);
}

#[test]
fn paths_and_filters() {
    check(&[
        ("customer.address.city", "\"Paris\""),
        ("items.price", "[5, 15, 25]"),
        ("items[1].name", "\"a\""),
        ("items[-1].name", "\"c\""),
        ("items[price > 10].name", "[\"b\", \"c\"]"),
        ("items[item.price > 10][1].name", "\"b\""),
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][count([1, 2])]", "2"),
        ("[][item > 1]", "[]"),
        ("[{a: 1}, {b: 2}].a", "[1, null]"),
        ("{a: 1, b: a + 1, c: b + 1}.c", "3"),
        ("{item: 5, x: [{item: 1}, {item: 2}][item > 1]}.x", "[{item: 2}]"),
        ("{`a b`: 1}.`a b`", "1"),
        ("`first-name`", "\"Eve\""),
        ("{if: 1}.if", "1"),
        ("items[price > amount / 100].name", "[\"b\", \"c\"]"),
    ]);
    check_null(&[
        "5[item > 1]",
        "5[1]",
        "missing",
        "customer.missing",
        "nothing.a",
        "\"a\".b",
        "[1][2]",
        "[1][0]",
        "nothing[1]",
        "[1][1.5]",
    ]);
}

#[test]
fn functions() {
    check(&[
        ("(function(x, y) x + y)(1, 2)", "3"),
        ("{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", "4"),
        ("{k: 3, f: function(x) x * k, r: f(4)}.r", "12"),
        ("{f: function(n: number) n, r: f(1)}.r", "1"),
        ("{make: function(n) function(m) n + m, r: make(1)(2)}.r", "3"),
        ("(function() amount)()", "950"),
        ("{f: function(g, n) if n = 0 then 1 else n * g(g, n - 1), r: f(f, 5)}.r", "120"),
        ("{abs: function(x) \"mine\", r: abs(1)}.r", "\"mine\""),
        ("sort([3, 1, 2], function(a, b) a < b)", "[1, 2, 3]"),
        ("if date = null then 1 else 2", "1"),
        ("substring(start position: 3, string: \"foobar\")", "\"obar\""),
    ]);
    check_null(&[
        "(function(x) x)(1, 2)",
        "{f: function(n: number) n, r: f(\"a\")}.r",
        "1(2)",
        "nofunction(1)",
        "abs()",
        "abs(m: 1)",
    ]);
}

#[test]
fn types() {
    check(&[
        ("1 instance of number", "true"),
        ("\"a\" instance of number", "false"),
        ("null instance of number", "false"),
        ("null instance of Null", "true"),
        ("1 instance of Any", "true"),
        ("[1, 2] instance of list<number>", "true"),
        ("[1, \"a\"] instance of list<number>", "false"),
        ("{a: 1} instance of context<a: number>", "true"),
        ("{a: 1} instance of context<a: string>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ("@\"P1D\" instance of days and time duration", "true"),
        ("@\"P1Y\" instance of years and months duration", "true"),
        ("@\"2026-01-01T10:00:00\" instance of date and time", "true"),
        ("(function(x) x) instance of function", "true"),
        ("1 + 1 instance of number", "true"),
    ]);
}

#[test]
fn unary_tests() {
    let table: &[(&str, &str, &str)] = &[
        ("-", "1", "true"),
        ("5", "5", "true"),
        ("\"a\", \"b\"", "\"b\"", "true"),
        ("> 5", "6", "true"),
        (">= 5, < 2", "3", "false"),
        ("[1..3]", "2", "true"),
        ("not(1, 2)", "2", "false"),
        ("not([1..3])", "4", "true"),
        ("not(true)", "false", "true"),
        ("true", "true", "true"),
        ("? > 3 and ? < 5", "4", "true"),
        ("starts with(?, \"a\")", "\"abc\"", "true"),
        ("[1, 2]", "2", "true"),
        ("amount", "950", "true"),
        ("< amount / 10", "94", "true"),
        ("null", "null", "true"),
        ("> 5", "null", "null"),
        ("@\"2026-01-01\"", "@\"2026-01-01\"", "true"),
        ("amount > 900", "\"a\"", "true"),
    ];
    for (source, input, expected) in table {
        let tests = UnaryTests::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let mut env = Env::new(0);
        let input = Expression::parse(input).map(|it| evaluate(&it, &scope(), &mut env));
        let Ok(Ok(input)) = input else { panic!("{source}: the input has a value") };
        let result = evaluate_unary_tests(&tests, &input, &scope(), &mut env);
        assert_eq!(result.map(|it| text::print(&it)).as_deref(), Ok(*expected), "{source}");
    }
}

#[test]
fn names_of_the_caller() {
    let names = ["Applicant Age", "tax-free", "a+b", "count"];
    let mut scope: Context =
        names.iter().zip([20, 1, 2, 3]).map(|(name, value)| (*name, value)).collect();
    scope.insert("a", 5);
    for (source, expected) in [
        ("Applicant Age + 1", 21),
        ("Applicant  Age + tax-free", 21),
        ("a+b + a", 7),
        ("if Applicant Age > 18 then tax-free else a", 1),
        ("count", 3),
    ] {
        let expression = Expression::parse_with_names(source, &names);
        let value = expression.map(|it| evaluate(&it, &scope, &mut Env::new(0)));
        assert_eq!(value, Ok(Ok(Value::from(expected))), "{source}");
    }
}

#[test]
fn variables() {
    for (source, expected) in [
        ("a + b * a", "a, b"),
        ("for i in x return i + y", "x, y"),
        ("{a: b, c: a}.c", "b"),
        ("(function(p) p + q)(r)", "q, r"),
        ("abs(n) + date and time(d)", "n, d"),
        ("items[price > limit]", "items, price, limit"),
        ("some x in [1] satisfies x > y", "y"),
        ("z in (? > 1, w)", "z, w"),
        ("`a b` + 1", "a b"),
        ("1 + 2", ""),
        ("for i in 1..2 return partial", ""),
    ] {
        let expression =
            Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(expression.variables().join(", "), expected, "{source}");
    }
}

#[test]
fn literals_are_known() {
    for (source, is_literal) in [
        ("1", true),
        ("-1", true),
        ("\"a\"", true),
        ("[1, 2]", true),
        ("1 + 1", false),
        ("a", false),
    ] {
        assert_eq!(Expression::parse(source).map(|it| it.is_literal()), Ok(is_literal), "{source}");
    }
}
