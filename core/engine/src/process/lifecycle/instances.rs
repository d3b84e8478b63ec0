//! How process instances begin, and what follows when one has ended.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{activation, schedule};
use crate::bpmn::Element;
use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::events::InstanceCreated;
use crate::process::state::DefinitionRow;
use crate::process::{Process, Task, variables};
use crate::record::Key;

/// What a process instance begins with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begin {
    pub tags: Option<Vec<Arc<str>>>,
    pub business_id: Option<Arc<str>>,
    /// The variables of the instance.
    pub variables: Context,
    /// Whether the start event has happened already, with what it carries.
    pub payload: Option<Context>,
}

/// The process and the correlation key of the message that began an instance.
pub(crate) type Begun = Option<(Arc<str>, Arc<str>)>;

/// Begins an instance of a definition at one of its start events. What follows the creation of the instance itself is
/// put off until `created` has written what belongs right behind it.
pub(crate) fn begin(
    cx: &mut Cx<'_, Process>,
    definition: Key,
    row: &DefinitionRow,
    start: &Element,
    begin: Begin,
    created: impl FnOnce(&mut Cx<'_, Process>, Key),
) -> Key {
    let instance = cx.next_key();
    let event = InstanceCreated {
        process_definition_key: definition,
        process_id: cx.symbols().name(row.process_id),
        version: row.version,
        tags: begin.tags,
        business_id: begin.business_id,
    };
    cx.emit(instance, event);
    created(cx, instance);
    variables::set_local(cx, instance, instance, &begin.variables);
    match begin.payload {
        Some(payload) => {
            activation::enter_triggered(cx, instance, instance, start, 0, None, &payload);
        }
        None => {
            let element_id = start.id.clone();
            schedule(cx, instance, Task::Enter { scope_key: instance, element_id, tokens: 0 });
        }
    }
    instance
}

/// Returns what message began an instance; asked before the instance ends.
pub(crate) fn begun_by(cx: &Cx<'_, Process>, instance: Key) -> Begun {
    let row = cx.state().instances.get(&instance)?;
    Some((cx.symbols().name(row.process_id), row.begun_by.clone()?))
}

/// Lets the next message with the same correlation key begin an instance.
pub(crate) fn start_next(cx: &mut Cx<'_, Process>, ended: Key, begun: Begun) {
    if let Some((process_id, correlation_key)) = begun {
        schedule(cx, ended, Task::StartNext { process_id, correlation_key });
    }
}
