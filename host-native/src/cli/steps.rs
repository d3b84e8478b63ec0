//! The parts of an expression with their values, as a tree.

use std::io::Write;

use dacapo_engine::feel::{Context, Step, Value};

use super::given::shown;

/// Writes a tree of steps; a part that says what it is, as a constant does, is left out.
pub fn print(out: &mut impl Write, steps: &[Step], indent: &str) -> std::io::Result<()> {
    for step in steps {
        writeln!(out, "{indent}{}", line(step))?;
        branches(out, &step.parts, indent)?;
    }
    Ok(())
}

/// Returns steps as programs read them; one without a value has none.
pub fn as_value(steps: &[Step]) -> Value {
    let value = |step: &Step| {
        let mut parts = Context::from_iter([("text", Value::from(&*step.text))]);
        if let Some(value) = &step.value {
            parts.insert("value", value.clone());
        }
        parts.insert("parts", as_value(&step.parts));
        Value::from(parts)
    };
    steps.iter().map(value).collect()
}

fn branches(out: &mut impl Write, steps: &[Step], indent: &str) -> std::io::Result<()> {
    let told: Vec<_> = steps.iter().filter(|it| !is_plain(it)).collect();
    for (place, step) in told.iter().enumerate() {
        let is_last = place + 1 == told.len();
        let (branch, below) = if is_last { ("└ ", "  ") } else { ("├ ", "│ ") };
        writeln!(out, "{indent}{branch}{}", line(step))?;
        branches(out, &step.parts, &format!("{indent}{below}"))?;
    }
    Ok(())
}

fn line(step: &Step) -> String {
    let text: Vec<_> = step.text.split_whitespace().collect();
    let text = text.join(" ");
    match &step.value {
        Some(value) => format!("{text} = {}", shown(value)),
        None => format!("{text}: no value, the evaluation ended here"),
    }
}

fn is_plain(step: &Step) -> bool {
    step.parts.is_empty() && step.value.as_ref().is_some_and(|it| shown(it) == *step.text)
}
