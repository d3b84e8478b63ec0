//! What nobody writes by accident.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::{Model, ProblemCode, Resource, XmlLimits};
use super::{codes, compile, model_text, parse};
use crate::feel::{Context, Dialect, Env, EvaluationErrorKind, Value};

#[test]
fn limits_of_a_file_are_told() {
    let attributes: String = (0..200).map(|it| format!(" a{it}=\"\"")).collect();
    let namespaces: String = (0..11_000).map(|it| format!("<x xmlns:n{it}=\"u\"/>")).collect();
    let (open, close) =
        ("<context><contextEntry>".repeat(40), "</contextEntry></context>".repeat(40));
    let deep = model_text(&format!("<decision id=\"d\" name=\"d\">{open}{close}</decision>"));
    for (text, code) in [
        (model_text(&format!("<decision{attributes}/>")), "too_many_attributes"),
        (model_text(&namespaces), "too_many_namespaces"),
        (model_text(&"<x/>".repeat(200_001)), "too_many_nodes"),
        (model_text(&" ".repeat(4 * 1024 * 1024)), "too_large"),
        (deep, "too_deep"),
        (String::from("<?xml version=\"1.0\" encoding=\"latin-1\"?><definitions/>"), "not_utf8"),
        (String::from("<definitions/>"), "not_dmn"),
        (String::new(), "malformed_xml"),
        (String::from("<!DOCTYPE a []><a/>"), "doctype_not_allowed"),
    ] {
        assert_eq!(codes(&text), [code]);
    }
    let resource = Resource { name: "m", bytes: &[0xff, 0xfe] };
    let problems = Model::parse(resource, &[], &XmlLimits::default()).expect_err("no text");
    assert_eq!(problems.iter().map(|it| it.code).collect::<Vec<_>>(), [ProblemCode::NotUtf8]);
}

#[test]
fn not_more_problems_than_anybody_reads() {
    let decisions: String =
        (0..1000).map(|it| format!("<decision id=\"d{it}\" name=\"n{it}\"/>")).collect();
    assert_eq!(codes(&model_text(&decisions)).len(), 100);
}

#[test]
fn a_chain_of_ten_thousand_decisions_is_evaluated() {
    let mut text = String::from(
        "<decision id=\"d0\" name=\"d0\"><literalExpression><text>0</text></literalExpression></decision>",
    );
    for it in 1..10_000 {
        let before = it - 1;
        text += &format!(
            "<decision id=\"d{it}\" name=\"d{it}\"><informationRequirement><requiredDecision href=\"#d{before}\"/></informationRequirement><literalExpression><text>d{before} + 1</text></literalExpression></decision>"
        );
    }
    let model = parse(&model_text(&text)).expect("a model");
    let mut env = Env::new(0);
    let evaluation = model.evaluate("d9999", &Context::new(), &mut env).expect("within fuel");
    let evaluation = evaluation.expect("the decision is there");
    assert_eq!((evaluation.value, evaluation.decisions.len()), (Value::from(9_999), 10_000));
}

#[test]
fn a_chain_of_ten_thousand_knowledge_models_is_too_deep() {
    let logic = |body: &str| {
        format!(
            "<encapsulatedLogic><literalExpression><text>{body}</text></literalExpression></encapsulatedLogic>"
        )
    };
    let mut text = format!(
        "<businessKnowledgeModel id=\"b0\" name=\"b0\">{}</businessKnowledgeModel>",
        logic("0")
    );
    for it in 1..10_000 {
        let before = it - 1;
        text += &format!(
            "<businessKnowledgeModel id=\"b{it}\" name=\"b{it}\">{}<knowledgeRequirement><requiredKnowledge href=\"#b{before}\"/></knowledgeRequirement></businessKnowledgeModel>",
            logic(&format!("b{before}() + 1"))
        );
    }
    let model = parse(&model_text(&text)).expect("a model");
    let called = |name: &str| model.evaluate_knowledge(name, &Context::new(), &mut Env::new(0));
    let few = called("b20").expect("few levels").expect("a knowledge model");
    assert_eq!(few.value, Value::from(20));
    let failure = called("b9999").expect_err("too many levels");
    assert_eq!(failure.error, EvaluationErrorKind::TooDeep { limit: 192 }.into());
}

#[test]
fn a_circle_that_was_deployed_once_ends() {
    let text = model_text(
        "<itemDefinition name=\"t\"><typeRef>t</typeRef></itemDefinition>
         <decision id=\"a\" name=\"a\"><variable name=\"a\" typeRef=\"t\"/>
         <informationRequirement><requiredDecision href=\"#b\"/></informationRequirement>
         <literalExpression><text>b</text></literalExpression></decision>
         <decision id=\"b\" name=\"b\"><informationRequirement><requiredDecision href=\"#a\"/></informationRequirement>
         <literalExpression><text>1</text></literalExpression></decision>",
    );
    assert_eq!(codes(&text), ["cycle", "cycle"]);
    let model = compile(&text).expect("a model");
    let mut env = Env::new(0).with_dialect(Dialect::Dmn);
    let failure = model.evaluate("a", &Context::new(), &mut env).expect_err("no end");
    assert_eq!(failure.error, EvaluationErrorKind::TooDeep { limit: 192 }.into());
    assert_eq!(failure.decision_id.as_deref(), Some("a"));
}

#[test]
fn a_type_that_contains_itself_is_a_tree() {
    let model = parse(&model_text(
        "<itemDefinition name=\"tNode\"><itemComponent name=\"children\" isCollection=\"true\"><typeRef>tNode</typeRef></itemComponent></itemDefinition>
         <decision id=\"d\" name=\"d\"><variable name=\"d\" typeRef=\"tNode\"/>
         <literalExpression><text>{children: [{children: []}]}</text></literalExpression></decision>",
    ))
    .expect("a model");
    let mut env = Env::new(0).with_dialect(Dialect::Dmn);
    let evaluation = model.evaluate("d", &Context::new(), &mut env).expect("within fuel");
    assert!(!evaluation.expect("the decision is there").value.is_null());
}

#[test]
fn what_grows_inside_of_functions_does_not_overflow_when_it_is_dropped() {
    let model = parse(&model_text(
        "<decision id=\"d\" name=\"d\"><for iteratorVariable=\"i\">
           <in><literalExpression><text>[1..100000]</text></literalExpression></in>
           <return><functionDefinition><literalExpression><text>partial[-1]</text></literalExpression></functionDefinition></return>
         </for></decision>",
    ))
    .expect("a model");
    let mut env = Env::new(0).with_fuel(u64::MAX);
    let failure = model.evaluate("d", &Context::new(), &mut env).expect_err("too deep or large");
    assert!(
        !matches!(failure.error.kind(), EvaluationErrorKind::FuelExhausted { .. }),
        "{failure}"
    );
}

#[test]
fn many_names_do_not_make_many_expressions_slow() {
    let mut text = String::from("<itemDefinition name=\"t\">");
    for it in 0..5_000 {
        text +=
            &format!("<itemComponent name=\"part {it}\"><typeRef>number</typeRef></itemComponent>");
    }
    text += "</itemDefinition><decision id=\"d\" name=\"d\"><context>";
    for it in 0..5_000 {
        text += &format!(
            "<contextEntry><variable name=\"v{it} x\"/><literalExpression><text>{it} + 1</text></literalExpression></contextEntry>"
        );
    }
    let model = parse(&model_text(&format!("{text}</context></decision>"))).expect("a model");
    let evaluation = model.evaluate("d", &Context::new(), &mut Env::new(0)).expect("within fuel");
    let value = evaluation.expect("the decision is there").value;
    assert_eq!(value.as_context().map(Context::len), Some(5_000));
}
