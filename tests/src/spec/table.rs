//! Decision tables as suites write them, made into XML.
//!
//! The head is `table <name> <hit policy>`, then come a line with the columns, inputs before and outputs after `||`, each
//! with a type if it has one, and a line per rule. A line may begin with `values` (the values that are allowed) or
//! `default` (the outputs when no rule matches). Every input is an input of the model.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Makes a decision of a table, and inputs unless they are known.
///
/// # Panics
/// There is no line with columns.
pub fn decision(head: &str, body: &str, known: &mut BTreeSet<String>) -> String {
    let (name, policy) = head.split_once(' ').unwrap_or((head, "UNIQUE"));
    let mut lines = body.lines().filter(|it| !it.trim().is_empty());
    let columns = Cells::of(lines.next().expect("a line with columns"));
    let (mut values, mut default, mut rules) = (None, None, String::new());
    for line in lines {
        match line.trim().split_once(' ') {
            Some(("values", rest)) => values = Some(Cells::of(rest)),
            Some(("default", rest)) => default = Some(Cells::of(rest)),
            _ => rules += &rule(&Cells::of(line)),
        }
    }
    let mut text = String::new();
    for (label, kind) in columns.inputs.iter().map(|it| label(it)) {
        if !known.insert(label.to_string()) {
            continue;
        }
        let kind = attribute("typeRef", kind);
        let _ = writeln!(
            text,
            "<inputData id=\"input_{label}\" name=\"{label}\"><variable name=\"{label}\"{kind}/></inputData>"
        );
    }
    let _ = writeln!(text, "<decision id=\"{name}_id\" name=\"{name}\">");
    for (label, _) in columns.inputs.iter().map(|it| label(it)) {
        let _ = writeln!(
            text,
            "<informationRequirement><requiredInput href=\"#input_{label}\"/></informationRequirement>"
        );
    }
    let (policy, aggregation) = match policy.strip_prefix("COLLECT ") {
        Some(aggregation) => ("COLLECT", attribute("aggregation", aggregation)),
        None => (policy, String::new()),
    };
    let _ = writeln!(text, "<decisionTable hitPolicy=\"{policy}\"{aggregation}>");
    for (place, column) in columns.inputs.iter().enumerate() {
        text += &input(column, values.as_ref().map_or("", |it| it.input(place)));
    }
    for (place, column) in columns.outputs.iter().enumerate() {
        let cell = |cells: &Option<Cells>| {
            cells.as_ref().map_or(String::new(), |it| it.output(place).to_string())
        };
        text += &output(column, &cell(&values), &cell(&default));
    }
    text + &rules + "</decisionTable></decision>\n"
}

struct Cells {
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl Cells {
    fn of(line: &str) -> Self {
        let (inputs, outputs) = line.split_once("||").unwrap_or(("", line));
        let cells = |text: &str| -> Vec<String> {
            text.split('|').map(|it| it.trim().to_string()).collect()
        };
        // a table may have no inputs
        let inputs = if inputs.trim().is_empty() { Vec::new() } else { cells(inputs) };
        Self { inputs, outputs: cells(outputs) }
    }

    fn input(&self, place: usize) -> &str {
        self.inputs.get(place).map_or("", String::as_str)
    }

    fn output(&self, place: usize) -> &str {
        self.outputs.get(place).map_or("", String::as_str)
    }
}

fn input(column: &str, values: &str) -> String {
    let (label, kind) = label(column);
    let kind = attribute("typeRef", kind);
    let values = part("inputValues", values);
    format!(
        "<input label=\"{label}\"><inputExpression{kind}><text>{label}</text></inputExpression>{values}</input>\n"
    )
}

fn output(column: &str, values: &str, default: &str) -> String {
    let (label, kind) = label(column);
    let (name, kind) = (attribute("name", label), attribute("typeRef", kind));
    let (values, default) = (part("outputValues", values), part("defaultOutputEntry", default));
    format!("<output{name}{kind}>{values}{default}</output>\n")
}

fn rule(cells: &Cells) -> String {
    let inputs: String = cells.inputs.iter().map(|it| cell("inputEntry", it)).collect();
    let outputs: String = cells.outputs.iter().map(|it| cell("outputEntry", it)).collect();
    format!("<rule>{inputs}{outputs}</rule>\n")
}

fn label(column: &str) -> (&str, &str) {
    let (label, kind) = column.split_once(':').unwrap_or((column, ""));
    (label.trim(), kind.trim())
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" {name}=\"{value}\"") }
}

fn part(tag: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { cell(tag, text) }
}

fn cell(tag: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<{tag}><text>{text}</text></{tag}>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_decision() {
        let text = decision(
            "Fee COLLECT SUM",
            "a: number | b || fee\nvalues [0..9] | - || 1, 2\ndefault || 0\n< 5 | - || 1\n",
            &mut BTreeSet::new(),
        );
        for part in [
            "<inputData id=\"input_a\" name=\"a\"><variable name=\"a\" typeRef=\"number\"/>",
            "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
            "<inputValues><text>[0..9]</text></inputValues>",
            "<outputValues><text>1, 2</text></outputValues>",
            "<defaultOutputEntry><text>0</text></defaultOutputEntry>",
            "<inputEntry><text>&lt; 5</text></inputEntry><inputEntry><text>-</text></inputEntry>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
