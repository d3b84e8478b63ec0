//! What is evaluated.

use dacapo_engine::feel::{Context, Dialect, Env, Expression, Value, evaluate, json};
use serde_json::Value as Json;

/// An expression and its variables.
pub struct Case {
    /// The expression.
    pub source: String,
    /// The variables as FEEL writes them.
    pub given: String,
    /// The variables.
    pub variables: Context,
}

/// Reads all cases.
pub fn read() -> Vec<Case> {
    let mut cases = Vec::new();
    let (mut given, mut variables) = (String::from("{}"), Context::new());
    for line in include_str!("../expressions.txt").lines().filter(|it| !it.starts_with("# ")) {
        match line.strip_prefix("given ") {
            Some(context) => {
                given = context.into();
                variables = context_of(context);
            }
            None => {
                let (source, given) = (line.into(), given.clone());
                cases.push(Case { source, given, variables: variables.clone() });
            }
        }
    }
    cases
}

/// Evaluates a case as DMN has it.
pub fn value(case: &Case) -> Json {
    let Ok(expression) = Expression::parse(&case.source) else { return error() };
    let mut env = Env::new(0).with_dialect(Dialect::Dmn);
    evaluate(&expression, &case.variables, &mut env).map_or_else(|_| error(), |it| to_json(&it))
}

/// Returns what stands for an expression that is refused.
pub fn error() -> Json {
    "(an error)".into()
}

/// Returns a value as JSON.
pub fn to_json(value: &Value) -> Json {
    serde_json::from_str(&json::print(value)).expect("JSON")
}

/// Returns 20 variables, two of which the condition names.
pub fn twenty() -> Context {
    let mut scope: Context = (0..18).map(|it| (format!("variable{it}"), it)).collect();
    scope.insert("amount", 950);
    scope.insert("status", "open");
    scope
}

fn context_of(source: &str) -> Context {
    let expression = Expression::parse(source).expect("a context");
    let value = evaluate(&expression, &Context::new(), &mut Env::new(0)).expect("a context");
    value.as_context().cloned().expect("a context")
}

/// What is measured by itself.
pub const CONDITION: &str = "amount > 100 and status = \"open\"";
