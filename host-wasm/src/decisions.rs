//! DMN by itself: a decision model that is read once and evaluated again and again.

use dacapo_engine::dmn::{
    DecisionInfo, DecisionTrace, Evaluation, Failure, InputTrace, Model, OutputTrace, Problem,
    Resource, RuleTrace, Violation, Warning, XmlLimits,
};
use dacapo_engine::feel::{Context, Dialect, Env};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::problem;
use crate::given::Given;
use crate::outcome::{outcome, put, steps};
use crate::values::{array, object, text, value};
use crate::{ask, input};

/// A decision model: a DMN file, with those that it imports.
#[wasm_bindgen]
pub struct Decisions {
    model: Model,
    dialect: Dialect,
}

/// One of the ways to evaluate a part of a model.
type Ask = fn(&Model, &str, &Context, &mut Env) -> Result<Option<Evaluation>, Failure>;

#[wasm_bindgen]
impl Decisions {
    /// Reads a model: the first file, and of the others those that it imports, directly or not.
    ///
    /// # Errors
    ///
    /// Throws `model_malformed` with all `problems`, each with file, line and column.
    pub fn open(
        #[wasm_bindgen(unchecked_param_type = "File[]")] files: &Array,
        #[wasm_bindgen(unchecked_optional_param_type = "DecisionsOptions")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let dialect = Given::read(options, &["dialect"])?.dialect;
        let files = ask::files(files)?;
        let resources = files.iter().map(|(name, bytes)| Resource { name, bytes });
        let resources: Vec<_> = resources.collect();
        let Some((own, imports)) = resources.split_first() else {
            return Err(crate::error::argument("expected at least one file, found none"));
        };
        let model = Model::parse(*own, imports, &XmlLimits::default());
        model.map(|model| Self { model, dialect }).map_err(|problems| malformed(&problems))
    }

    /// The decisions of the model itself, in the order of its file.
    #[wasm_bindgen(getter, unchecked_return_type = "DecisionInfo[]")]
    pub fn decisions(&self) -> JsValue {
        array(self.model.decisions().iter().map(info))
    }

    /// Evaluates a decision, named by id or by name, with all that it requires.
    ///
    /// # Errors
    ///
    /// Throws `decision_not_found`, and `evaluation_failed` if it takes too much fuel, grows too large or nests too deep, or
    /// if an `assert` does not hold.
    #[wasm_bindgen(unchecked_return_type = "DecisionsEvaluation")]
    pub fn evaluate(
        &self,
        decision: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Variables")] context: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "EvaluateOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        self.ask(Model::evaluate, decision, context, options)
    }

    /// Evaluates a decision service, named by id or by name; the context holds its input data and input decisions.
    ///
    /// # Errors
    ///
    /// As [`Decisions::evaluate`].
    #[wasm_bindgen(js_name = evaluateService, unchecked_return_type = "DecisionsEvaluation")]
    pub fn evaluate_service(
        &self,
        service: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Variables")] context: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "EvaluateOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        self.ask(Model::evaluate_service, service, context, options)
    }

    /// Calls a business knowledge model, named by id or by name; the context holds its arguments.
    ///
    /// # Errors
    ///
    /// As [`Decisions::evaluate`].
    #[wasm_bindgen(js_name = evaluateKnowledge, unchecked_return_type = "DecisionsEvaluation")]
    pub fn evaluate_knowledge(
        &self,
        knowledge: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "Variables")] context: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "EvaluateOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        self.ask(Model::evaluate_knowledge, knowledge, context, options)
    }

    /// Gives the memory back. The model is of no use any more.
    pub fn close(self) {}
}

impl Decisions {
    fn ask(
        &self,
        ask: Ask,
        name: &str,
        context: &JsValue,
        options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = Given::read(options, &["now", "fuel", "trace"])?;
        let mut env = options.env(self.dialect);
        let done = ask(&self.model, name, &input::context(context)?, &mut env);
        let shown = |it: &[DecisionTrace]| {
            array(it.iter().map(|it| decision(&self.model, it, options.is_traced)))
        };
        match done {
            Ok(Some(done)) => {
                let fuel = options.fuel.saturating_sub(env.fuel());
                let warnings = done.warnings.iter().map(warning).collect();
                let it = outcome(&done.value, &warnings, fuel).into();
                put(&it, "decisions", &shown(&done.decisions));
                Ok(it)
            }
            Ok(None) => {
                let message = format!("expected the name of a part of the model, found '{name}'");
                Err(problem("decision_not_found", &message))
            }
            Err(failure) => {
                let it = problem("evaluation_failed", &failure.to_string());
                let stop = failure.stop.as_ref();
                put(&it, "decisionId", &text(failure.decision_id.as_ref()));
                put(&it, "elementId", &text(failure.element_id.as_ref()));
                put(&it, "expression", &text(stop.map(|it| &it.source)));
                put(&it, "part", &text(stop.map(|it| &it.part)));
                put(&it, "decisions", &shown(&failure.decisions));
                Err(it)
            }
        }
    }
}

fn info(it: &DecisionInfo) -> JsValue {
    object([
        ("decisionId", text(Some(&it.id))),
        ("name", text(Some(&it.name))),
        ("versionTag", text(it.version_tag.as_ref())),
        ("requires", array(it.required.iter().map(|it| text(Some(it))))),
    ])
}

fn decision(model: &Model, it: &DecisionTrace, is_traced: bool) -> JsValue {
    let shown = object([
        ("decisionId", text(Some(&it.id))),
        ("file", text(model.resources().get(it.file as usize))),
        ("name", text(Some(&it.name))),
        ("logic", it.logic.into()),
        ("output", value(&it.output)),
        ("inputs", array(it.inputs.iter().map(input_of))),
        ("rules", array(it.rules.iter().map(rule))),
        ("violation", it.violation.as_ref().map_or(JsValue::NULL, violation)),
        ("warnings", array(it.warnings.iter().map(warning))),
    ]);
    if is_traced {
        put(&shown, "trace", &steps(&it.steps));
    }
    shown
}

fn input_of(it: &InputTrace) -> JsValue {
    object([
        ("id", text(it.id.as_ref())),
        ("name", text(Some(&it.name))),
        ("value", value(&it.value)),
    ])
}

fn rule(it: &RuleTrace) -> JsValue {
    object([
        ("id", text(it.id.as_ref())),
        ("index", it.index.into()),
        ("outputs", array(it.outputs.iter().map(output))),
    ])
}

fn output(it: &OutputTrace) -> JsValue {
    object([
        ("id", text(it.id.as_ref())),
        ("name", text(Some(&it.name))),
        ("value", value(&it.value)),
    ])
}

fn violation(it: &Violation) -> JsValue {
    let rules = array(it.rules.iter().map(|rule| (*rule).into()));
    object([("reason", text(Some(&it.reason))), ("rules", rules)])
}

fn warning(it: &Warning) -> JsValue {
    let span = |place: Option<u32>| place.map_or(JsValue::NULL, JsValue::from);
    object([
        ("code", text(it.code.map(|it| it.as_str()))),
        ("elementId", text(it.element_id.as_ref())),
        ("expression", text(it.source.as_ref())),
        ("start", span(it.span.map(|it| it.start))),
        ("end", span(it.span.map(|it| it.end))),
        ("part", text(it.part())),
        ("reason", text(Some(&it.reason))),
    ])
}

/// Makes the error of files that are no model.
fn malformed(problems: &[Problem]) -> JsValue {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let it = problem("model_malformed", &lines.join("\n"));
    let problems = array(problems.iter().map(|it| {
        object([
            ("file", text(Some(&it.resource))),
            ("line", it.line.into()),
            ("column", it.column.into()),
            ("elementId", text(it.element_id.as_ref())),
            ("code", it.code.as_str().into()),
            ("message", text(Some(&it.message))),
        ])
    }));
    put(&it, "problems", &problems);
    it
}
