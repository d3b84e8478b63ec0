//! Compiled models by definition, for what the follower tells about elements.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::bpmn::{ExecutableProcess, compile};
use dacapo_engine::kernel::Symbols;
use dacapo_engine::process::State;
use dacapo_engine::record::Key;

/// Compiled models.
#[derive(Default)]
pub(super) struct Models(BTreeMap<Key, Arc<ExecutableProcess>>);

impl Models {
    pub(super) fn get(
        &mut self,
        state: &State,
        symbols: &Symbols,
        definition: Key,
    ) -> Option<Arc<ExecutableProcess>> {
        if let Some(model) = self.0.get(&definition) {
            return Some(model.clone());
        }
        let row = state.definitions.get(&definition)?;
        let resource = state.resources.get(&row.resource)?;
        let process_id = symbols.name(row.process_id);
        let processes = compile(&resource.name, &resource.content.0).ok()?;
        let model = Arc::new(processes.into_iter().find(|it| *it.process_id() == process_id)?);
        self.0.insert(definition, model.clone());
        Some(model)
    }
}
