//! The compiled models: a cache, built on demand from the files in the state. It is no part of state, digest or snapshot.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use super::state::State;
use crate::bpmn::{ExecutableProcess, compile};
use crate::kernel::Symbols;
use crate::record::Key;

/// Compiled processes by definition, with the hash of the file that each was compiled from: the key of a definition
/// whose deployment was rolled back is given again.
#[derive(Debug, Default)]
pub struct Models {
    compiled: BTreeMap<Key, ([u8; 32], Arc<ExecutableProcess>)>,
}

impl Models {
    /// Returns the compiled process of a definition; none if there is no such definition.
    pub fn get(
        &mut self,
        state: &State,
        symbols: &Symbols,
        definition: Key,
    ) -> Option<Arc<ExecutableProcess>> {
        let row = state.definitions.get(&definition)?;
        let resource = state.resources.get(&row.resource)?;
        if let Some((hash, model)) = self.compiled.get(&definition)
            && *hash == resource.hash
        {
            return Some(model.clone());
        }
        let process_id = symbols.name(row.process_id);
        let processes = compile(&resource.name, &resource.content.0).ok()?;
        let model = Arc::new(processes.into_iter().find(|it| *it.process_id() == process_id)?);
        self.compiled.insert(definition, (resource.hash, model.clone()));
        Some(model)
    }
}
