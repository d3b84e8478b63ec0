//! `dacapo feel`, `dacapo dmn` and `dacapo lint` of decision models: what needs no server.

use std::path::Path;

use dacapo_tests::binary::{Said, command, run};
use serde_json::json;

fn dacapo(folder: &Path, args: &[&str]) -> Said {
    run(&mut command(folder, args))
}

/// Returns a folder with decision models and variables.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [
        ("fee.dmn", FEE),
        ("shared.dmn", SHARED),
        ("wrong.dmn", &FEE.replace("base * 2", "base *")),
        ("member.json", "{\"age\": 17}"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

#[test]
fn feel_prints_the_value_and_marks_what_is_null() {
    let folder = folder();
    let said = dacapo(folder.path(), &["feel", "age + 0.1", "--context", "@member.json"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "17.1\n", ""));
    let said = dacapo(folder.path(), &["feel", "[1, agee]", "--context", "{\"age\": 1}"]);
    assert_eq!((said.code, said.out.as_str()), (0, "[1,null]\n"));
    assert!(said.err.contains("warning: expected a variable 'agee', found none"), "{}", said.err);
    assert!(said.err.contains("\n  [1, agee]\n      ^^^^\n"), "{}", said.err);
    let said = dacapo(folder.path(), &["feel", "-x y + 1", "--context", "{\"x y\": 3}"]);
    assert_eq!((said.code, said.out.as_str()), (0, "-2\n"));
}

#[test]
fn feel_is_written_in_one_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = dacapo(folder.path(), &["feel", "=1+  2*( 3 )", "--format"]);
    assert_eq!((said.code, said.out.as_str()), (0, "1 + 2 * 3\n"), "{}", said.err);
    let again = dacapo(folder.path(), &["feel", said.out.trim(), "--format"]);
    assert_eq!(again.out, said.out);
}

#[test]
fn feel_traces_every_part() {
    let folder = folder();
    let source = "if age < 18 then [age, fee(2)][1] else 0";
    let context = "{\"age\": 17}";
    let said = dacapo(folder.path(), &["feel", source, "--context", context, "--trace"]);
    let lines = "17\nif age < 18 then [age, fee(2)][1] else 0 = 17\n├ age < 18 = true\n│ └ age = 17\n\
                 └ [age, fee(2)][1] = 17\n  └ [age, fee(2)] = [17,null]\n    ├ age = 17\n    └ fee(2) = null\n";
    assert_eq!((said.code, said.out.as_str()), (0, lines));
    let args = ["feel", "age * 2", "--context", context, "--trace", "--json"];
    let trace = &dacapo(folder.path(), &args).json()["trace"];
    assert_eq!(trace[0]["text"], "age * 2");
    assert_eq!(trace[0]["value"], 34);
    assert_eq!(trace[0]["parts"][0]["text"], "age");
    let without = dacapo(folder.path(), &["feel", "1", "--json"]);
    assert!(without.json().get("trace").is_none(), "{}", without.out);
    let endless = ["feel", "1 + count(for i in 1..1e9 return i)", "--fuel", "100", "--trace"];
    let said = dacapo(folder.path(), &endless);
    assert!(said.err.contains("└ count(for i in 1..1e9 return i): no value"), "{}", said.err);
}

#[test]
fn dmn_traces_the_functions_that_a_decision_calls() {
    let folder = folder();
    std::fs::write(folder.path().join("called.dmn"), CALLED).expect("a file");
    let said = dacapo(folder.path(), &["dmn", "evaluate", "called.dmn", "--trace"]);
    let lines = "sum = 12\n  double(5) + 2 = 12\n  └ double(5) = 10\n    └ double = 10\n      └ x * 2 = 10\n        └ x = 5\n";
    assert_eq!((said.code, said.out.as_str()), (0, lines));
}

#[test]
fn feel_tells_scripts_and_people_what_it_cannot_do() {
    let folder = folder();
    let said = dacapo(folder.path(), &["feel", "[1,\n 2 +]", "--json"]);
    let found = json!({"error": "expected an expression, found ']'", "line": 2, "column": 5, "start": 8, "end": 9});
    assert_eq!((said.code, said.json()), (1, found), "{}", said.err);
    assert!(said.err.contains("expected an expression, found ']'"), "{}", said.err);
    let source = "assert(age, age > 18, \"too young\")";
    let said = dacapo(folder.path(), &["feel", source, "--context", "@member.json", "--json"]);
    let found = said.json();
    let error = found["error"].as_str().expect("a text");
    assert!(error.contains("too young") && error.ends_with("; age = 17"), "{error}");
    assert_eq!(said.code, 1);
}

#[test]
fn feel_points_at_what_it_cannot_read() {
    let folder = folder();
    let said = dacapo(folder.path(), &["feel", "1 + * 2"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("expected an expression, found '*'\n1 + * 2\n    ^"), "{}", said.err);
    let said =
        dacapo(folder.path(), &["feel", "count(for i in 1..1e9 return i)", "--fuel", "1000"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("expected an evaluation within 1000 units of fuel"), "{}", said.err);
    for (context, text) in [
        ("[1]", "--context: expected a JSON object, found a list"),
        ("{", "--context: expected"),
        ("@gone.json", "expected a readable file at gone.json"),
    ] {
        let said = dacapo(folder.path(), &["feel", "1", "--context", context]);
        assert_eq!(said.code, 2, "{context}");
        assert!(said.err.contains(text), "{context}: {}", said.err);
    }
}

#[test]
fn feel_speaks_json_and_both_dialects() {
    let folder = folder();
    let said = dacapo(folder.path(), &["feel", "x", "--json"]);
    let found = said.json();
    assert_eq!((said.code, &found["value"]), (0, &serde_json::Value::Null));
    assert_eq!(found["warnings"][0]["code"], "NO_VARIABLE_FOUND");
    assert_eq!(dacapo(folder.path(), &["feel", "1", "--dialect", "dmn"]).out, "1\n");
    assert_eq!(dacapo(folder.path(), &["feel", "1", "--dialect", "other"]).code, 2);
}

#[test]
fn a_decision_is_shown_with_all_that_led_to_it() {
    let folder = folder();
    let args =
        ["dmn", "evaluate", "fee.dmn", "--import", "shared.dmn", "--context", "@member.json"];
    let said = dacapo(folder.path(), &args);
    let expected = "base of shared.dmn = 10\nFee = 20\n  input age = 17\n  rule 1: fee = 20\n";
    assert_eq!((said.code, said.out.as_str()), (0, expected), "{}", said.err);
    let found = dacapo(folder.path(), &[&args[..], &["--json"]].concat()).json();
    assert_eq!(found["value"], 20);
    let fee = &found["decisions"][1];
    assert_eq!((&fee["id"], &fee["rules"][0]["index"]), (&"fee".into(), &1.into()));
    let base = [&args[..], &["--decision", "base"]].concat();
    assert_eq!(dacapo(folder.path(), &base).out, "base of shared.dmn = 10\n");
}

#[test]
fn an_adult_matches_two_rules_and_both_are_named() {
    let folder = folder();
    let args =
        ["dmn", "evaluate", "fee.dmn", "--import", "shared.dmn", "--context", "{\"age\": 18}"];
    let said = dacapo(folder.path(), &args);
    assert_eq!(said.code, 0);
    assert!(said.out.contains("Fee = null\n"), "{}", said.out);
    assert!(said.out.contains("violation: expected at most one rule to match, found rules 1, 2"));
}

#[test]
fn a_decision_that_is_not_there_names_the_ones_that_are() {
    let folder = folder();
    let args = ["dmn", "evaluate", "fee.dmn", "--import", "shared.dmn", "--decision", "feee"];
    let said = dacapo(folder.path(), &args);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("expected a decision of the file, found 'feee'"), "{}", said.err);
    assert!(said.err.contains("decisions: fee"), "{}", said.err);
}

#[test]
fn a_model_with_problems_is_refused_with_place_and_caret() {
    let folder = folder();
    let line = 1 + FEE.lines().position(|it| it.contains("base * 2")).expect("a rule");
    let column = 1 + FEE.lines().nth(line - 1).expect("a line").find("base * 2").expect("it");
    // the cell ends where an operand is missing
    let place = format!("wrong.dmn:{line}:{}: expression_invalid: fee: ", column + "base *".len());
    for args in [
        &["dmn", "evaluate", "wrong.dmn", "--import", "shared.dmn"][..],
        &["lint", "wrong.dmn", "shared.dmn", "fee.dmn"],
    ] {
        let said = dacapo(folder.path(), args);
        let shown = format!("{}{}", said.out, said.err);
        assert_eq!(said.code, 1, "{args:?}: {shown}");
        assert!(shown.contains(&place), "{args:?}: {place}\n{shown}");
    }
    let said = dacapo(folder.path(), &["lint", "fee.dmn"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("import_unknown"), "{}", said.out);
}

const FEE: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="fees" namespace="fees">
  <import name="shared" namespace="shared" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
  <decision id="fee" name="Fee">
    <informationRequirement><requiredDecision href="shared#base"/></informationRequirement>
    <context>
      <contextEntry><variable name="base"/><literalExpression><text>shared.base</text></literalExpression></contextEntry>
      <contextEntry><decisionTable>
        <input label="age"><inputExpression><text>age</text></inputExpression></input>
        <output name="fee"/>
        <rule><inputEntry><text>&lt;= 18</text></inputEntry><outputEntry><text>base * 2</text></outputEntry></rule>
        <rule><inputEntry><text>&gt;= 18</text></inputEntry><outputEntry><text>base</text></outputEntry></rule>
      </decisionTable></contextEntry>
    </context>
  </decision>
</definitions>
"##;
const SHARED: &str = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="shared" namespace="shared">
  <decision id="base" name="base"><literalExpression><text>10</text></literalExpression></decision>
</definitions>
"#;
const CALLED: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m" namespace="n">
<businessKnowledgeModel id="double" name="double"><encapsulatedLogic><formalParameter name="x"/>
<literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="sum" name="sum"><knowledgeRequirement><requiredKnowledge href="#double"/></knowledgeRequirement>
<literalExpression><text>double(5) + 2</text></literalExpression></decision></definitions>"##;
