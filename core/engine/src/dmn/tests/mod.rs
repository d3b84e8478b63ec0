//! Unit tests of the reader and of what an evaluation leaves behind; what decisions mean is shown in tests/spec/dmn.

mod hostile;
mod traces;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Model, Problem, Resource, XmlLimits};

/// Wraps elements into a model.
fn model_text(elements: &str) -> String {
    format!(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" id=\"m\" name=\"m\" namespace=\"n\">{elements}</definitions>"
    )
}

fn parse(text: &str) -> Result<Model, Vec<Problem>> {
    let resource = Resource { name: "m.dmn", bytes: text.as_bytes() };
    Model::parse(resource, &[], &XmlLimits::default())
}

fn compile(text: &str) -> Result<Model, Vec<Problem>> {
    Model::compile(Resource { name: "m.dmn", bytes: text.as_bytes() }, &[])
}

fn codes(text: &str) -> Vec<&'static str> {
    let problems = parse(text).err().unwrap_or_default();
    problems.iter().map(|it| it.code.as_str()).collect()
}
