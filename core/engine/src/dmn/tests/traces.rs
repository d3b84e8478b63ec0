//! What is told about a model and about an evaluation.

use alloc::vec::Vec;

use super::super::{Model, Resource};
use super::{compile, model_text, parse};
use crate::feel::{Context, Dialect, Env, Value};

const TABLE: &str = r##"
    <inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>
    <decision id="base_id" name="Base"><variable name="base"/><literalExpression id="x"><text>10</text></literalExpression></decision>
    <decision id="fee_id" name="Fee">
      <variable name="fee"/>
      <informationRequirement><requiredInput href="#i"/></informationRequirement>
      <informationRequirement><requiredDecision href="#base_id"/></informationRequirement>
      <decisionTable id="t" hitPolicy="COLLECT">
        <input id="in" label="Age"><inputExpression><text>age</text></inputExpression></input>
        <output id="out" name="fee"/>
        <rule id="r1"><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>base</text></outputEntry></rule>
        <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>base * "2"</text></outputEntry></rule>
      </decisionTable>
    </decision>"##;

#[test]
fn a_model_lists_its_decisions() {
    let model = parse(&model_text(TABLE)).expect("a model");
    assert_eq!((model.id(), model.name(), model.namespace()), (Some("m"), "m", "n"));
    let decisions = model.decisions();
    let shown: Vec<_> =
        decisions.iter().map(|it| (&*it.id, &*it.name, it.required.len())).collect();
    assert_eq!(shown, [("base_id", "Base", 0), ("fee_id", "Fee", 1)]);
}

#[test]
fn an_evaluation_tells_inputs_rules_outputs_and_warnings() {
    let model = parse(&model_text(TABLE)).expect("a model");
    let given = Context::from_iter([("age", 7)]);
    let evaluation = model.evaluate("fee_id", &given, &mut Env::new(0)).expect("within fuel");
    let evaluation = evaluation.expect("the decision is there");
    assert_eq!(evaluation.value, [Value::from(10), Value::Null].into_iter().collect());
    let [base, fee] = evaluation.decisions.as_slice() else { panic!("expected two decisions") };
    assert_eq!((&*base.id, base.logic, &base.output), ("base_id", "literalExpression", &10.into()));
    assert_eq!((&*fee.id, &*fee.name, fee.logic), ("fee_id", "Fee", "decisionTable"));
    let [input] = fee.inputs.as_slice() else { panic!("expected one input") };
    assert_eq!((input.id.as_deref(), &*input.name, &input.value), (Some("in"), "Age", &7.into()));
    let rules: Vec<_> = fee.rules.iter().map(|it| (it.id.as_deref(), it.index)).collect();
    assert_eq!(rules, [(Some("r1"), 1), (Some("r2"), 2)]);
    let [output] = fee.rules.first().map(|it| it.outputs.as_slice()).unwrap_or_default() else {
        panic!("expected one output")
    };
    assert_eq!((output.id.as_deref(), &*output.name), (Some("out"), "fee"));
    let [warning] = fee.warnings.as_slice() else { panic!("expected one warning") };
    assert_eq!((warning.element_id.as_deref(), warning.part()), (Some("r2"), Some("base * \"2\"")));
}

#[test]
fn a_failure_names_the_decision_and_what_came_before() {
    let model = parse(&model_text(TABLE)).expect("a model");
    let mut env = Env::new(0).with_fuel(6);
    let failure = model.evaluate("Fee", &Context::new(), &mut env).expect_err("little fuel");
    assert_eq!(failure.decision_id.as_deref(), Some("fee_id"));
    assert_eq!(failure.decisions.len(), 1);
}

#[test]
fn what_cannot_be_read_any_more_is_null_with_a_warning() {
    let text = model_text(
        "<decision id=\"d\" name=\"d\"><literalExpression><text>1 +</text></literalExpression></decision>
         <decision id=\"e\" name=\"e\"/>
         <decision id=\"f\" name=\"f\"><decisionTable><input><inputExpression><text>)</text></inputExpression></input><output/>
         <rule><inputEntry><text>&lt;</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>",
    );
    assert!(parse(&text).is_err());
    let model = compile(&text).expect("a model");
    for name in ["d", "e", "f"] {
        let evaluation = model.evaluate(name, &Context::new(), &mut Env::new(0));
        let evaluation = evaluation.expect("within fuel").expect("the decision is there");
        assert_eq!(evaluation.value, Value::Null);
        let warnings = evaluation.decisions.first().map_or(0, |it| it.warnings.len());
        assert!(warnings > 0, "{name}");
    }
}

#[test]
fn warnings_of_the_caller_stay_with_the_caller() {
    let model = parse(&model_text(TABLE)).expect("a model");
    let mut env = Env::new(0).with_dialect(Dialect::Camunda);
    for _ in 0..100 {
        let given = Context::from_iter([("age", "x")]);
        let evaluation = model.evaluate("Fee", &given, &mut env).expect("within fuel");
        let warnings = evaluation.expect("the decision is there").decisions;
        assert_eq!(warnings.last().map(|it| it.warnings.len()), Some(2));
    }
    assert_eq!(env.warnings.len(), 0);
}

#[test]
fn files_are_found_by_their_namespace() {
    let main = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"main\" namespace=\"main\">
        <import name=\"o\" namespace=\"n\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>
        <import name=\"s\" namespace=\"s\" importType=\"http://www.w3.org/2001/XMLSchema\"/>
        <decision id=\"d\" name=\"d\"><informationRequirement><requiredDecision href=\"n#base_id\"/></informationRequirement>
        <literalExpression><text>o.base</text></literalExpression></decision></definitions>";
    let other = model_text(TABLE);
    let resource = |name, bytes| Resource { name, bytes };
    let imports = [resource("other", other.as_bytes())];
    let model = Model::compile(resource("main", main.as_bytes()), &imports).expect("a model");
    assert_eq!(model.decisions().len(), 1);
    let evaluation = model.evaluate("d", &Context::new(), &mut Env::new(0)).expect("within fuel");
    assert_eq!(evaluation.expect("the decision is there").value, Value::from(10));
}
