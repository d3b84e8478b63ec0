//! What a model says about its elements beyond what stands in events: names and headers.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;

use super::ProcessDefinitionRow;
use crate::bpmn::{BusinessRuleSpec, Element, ElementKind, ScriptSpec, compile};
use crate::feel::{Context, Value, json};

/// What a model says.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub process_id: Arc<str>,
    pub name: Option<Arc<str>>,
    pub version_tag: Option<Arc<str>>,
    elements: BTreeMap<Arc<str>, (Option<Arc<str>>, String)>,
}

impl About {
    /// Reads the model of a definition; says nothing if there is none.
    pub fn read(process_id: &str, resource_name: &str, xml: &[u8]) -> Self {
        let processes = compile(resource_name, xml).unwrap_or_default();
        let Some(process) = processes.into_iter().find(|it| **it.process_id() == *process_id)
        else {
            return Self { process_id: process_id.into(), ..Self::default() };
        };
        let about = |it: &Element| (it.id.clone(), (it.name.clone(), headers(&it.kind)));
        Self {
            process_id: process_id.into(),
            name: process.name().cloned(),
            version_tag: process.version_tag().cloned(),
            elements: process.elements().iter().map(about).collect(),
        }
    }

    /// Reads the model of a row.
    pub fn of(row: &ProcessDefinitionRow) -> Self {
        Self::read(&row.process_id, &row.resource_name, &row.xml.0)
    }

    /// Returns the label of an element.
    pub fn element_name(&self, element_id: &str) -> Option<Arc<str>> {
        self.elements.get(element_id)?.0.clone()
    }

    /// Returns the headers of an element's job, as JSON.
    pub fn headers(&self, element_id: &str) -> Arc<str> {
        self.elements.get(element_id).map_or("{}", |(_, headers)| headers).into()
    }
}

fn headers(kind: &ElementKind) -> String {
    let headers = match kind {
        ElementKind::ServiceTask(spec)
        | ElementKind::ScriptTask(ScriptSpec::Job(spec))
        | ElementKind::BusinessRuleTask(BusinessRuleSpec::Job(spec)) => spec.headers.as_slice(),
        _ => &[],
    };
    let headers: Context =
        headers.iter().map(|(key, value)| (key.clone(), Value::String(value.clone()))).collect();
    json::print(&headers.into())
}
