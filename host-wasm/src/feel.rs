//! FEEL by itself: an expression that is parsed once and evaluated again and again.

use dacapo_engine::feel::{Dialect, Expression, UnaryTests, evaluate, evaluate_unary_tests};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::problem;
use crate::given::{Given, Name, Needed};
use crate::outcome::{malformed, outcome, put, steps, warning};
use crate::values::{array, text};

/// An expression, or the unary tests of a cell of a decision table, parsed once and ready to be evaluated again and again.
#[wasm_bindgen]
pub struct Feel {
    parsed: Parsed,
    used: Vec<Name>,
    dialect: Dialect,
}

enum Parsed {
    Expression(Expression),
    Tests(UnaryTests),
}

#[wasm_bindgen]
impl Feel {
    /// Parses an expression, without a leading `=`.
    ///
    /// # Errors
    ///
    /// Throws `expression_malformed` with the place, what was expected there and what was found.
    pub fn parse(
        expression: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "FeelOptions")] options: &JsValue,
    ) -> Result<Self, JsValue> {
        let options = Given::read(options, &["dialect", "unaryTests", "names"])?;
        let names: Vec<&str> = options.names.iter().map(|it| &**it).collect();
        let parsed = match options.is_unary_tests {
            true => UnaryTests::parse_with_names(expression, &names).map(Parsed::Tests),
            false => Expression::parse_with_names(expression, &names).map(Parsed::Expression),
        };
        let parsed = parsed.map_err(|error| malformed(expression, &error))?;
        let used = match &parsed {
            Parsed::Expression(it) => it.variables(),
            Parsed::Tests(it) => it.variables(),
        };
        let used = used.iter().map(|name| (name.clone(), text(Some(name)))).collect();
        Ok(Self { parsed, used, dialect: options.dialect })
    }

    /// The text it was parsed from.
    #[wasm_bindgen(getter)]
    pub fn text(&self) -> String {
        self.source().into()
    }

    /// The variables that it uses, in order of appearance.
    #[wasm_bindgen(getter, unchecked_return_type = "string[]")]
    pub fn variables(&self) -> JsValue {
        array(self.used.iter().map(|(_, name)| name.clone()))
    }

    /// Writes it in one way, whatever its text looks like: parsed again, that is the same expression.
    pub fn format(&self) -> String {
        match &self.parsed {
            Parsed::Expression(it) => it.formatted(),
            Parsed::Tests(it) => it.formatted(),
        }
    }

    /// Evaluates it; of the context only the variables that it uses are read.
    ///
    /// # Errors
    ///
    /// Throws `evaluation_failed` if it takes too much fuel, grows too large or nests too deep, or if an `assert` does not
    /// hold.
    #[wasm_bindgen(unchecked_return_type = "FeelEvaluation")]
    pub fn evaluate(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Variables")] context: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FeelEvaluateOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = Given::read(options, &["now", "fuel", "trace", "input"])?;
        let scope = Needed::read(context, &self.used)?;
        let mut env = options.env(self.dialect);
        let done = match &self.parsed {
            Parsed::Expression(it) => evaluate(it, &scope, &mut env),
            Parsed::Tests(it) => evaluate_unary_tests(it, &options.input, &scope, &mut env),
        };
        let fuel = options.fuel.saturating_sub(env.fuel());
        let it: JsValue = match &done {
            Ok(value) => {
                let warnings = env.warnings.iter().map(|it| warning(it, self.source()));
                outcome(value, &warnings.collect(), fuel).into()
            }
            Err(error) => {
                let it = problem("evaluation_failed", &error.to_string());
                put(&it, "part", &text(env.stop().map(|it| &it.part)));
                it
            }
        };
        if options.is_traced {
            put(&it, "trace", &steps(&env.take_steps()));
        }
        if done.is_ok() { Ok(it) } else { Err(it) }
    }

    /// Gives the memory back. The expression is of no use any more.
    pub fn close(self) {}
}

impl Feel {
    fn source(&self) -> &str {
        match &self.parsed {
            Parsed::Expression(it) => it.source(),
            Parsed::Tests(it) => it.source(),
        }
    }
}
