//! The compiled models: a cache, built on demand from the files in the state. It is no part of state, digest or snapshot.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::state::State;
use crate::bpmn::{ExecutableProcess, compile};
use crate::dmn::{Model, Resource};
use crate::kernel::Symbols;
use crate::record::Key;

/// Compiled processes and decision models by definition, with the hashes of the files that each was compiled from: the key
/// of a definition whose deployment was rolled back is given again.
#[derive(Debug, Default)]
pub struct Models {
    compiled: BTreeMap<Key, ([u8; 32], Arc<ExecutableProcess>)>,
    decisions: BTreeMap<Key, (Vec<[u8; 32]>, Model)>,
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

    /// Returns a compiled decision model; none if there is no such one.
    pub fn decisions(&mut self, state: &State, requirements: Key) -> Option<Model> {
        let row = state.decision_requirements.get(&requirements)?;
        let files = core::iter::once(&row.resource).chain(&row.imports);
        let files: Vec<_> = files.filter_map(|key| state.resources.get(key)).collect();
        let hashes: Vec<_> = files.iter().map(|it| it.hash).collect();
        if let Some((known, model)) = self.decisions.get(&requirements)
            && *known == hashes
        {
            return Some(model.clone());
        }
        let files: Vec<_> =
            files.iter().map(|it| Resource { name: &it.name, bytes: &it.content.0 }).collect();
        let (own, imports) = files.split_first()?;
        let model = Model::compile(*own, imports).ok()?;
        self.decisions.insert(requirements, (hashes, model.clone()));
        Some(model)
    }
}
