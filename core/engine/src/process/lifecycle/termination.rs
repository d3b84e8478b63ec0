//! Ending from outside: an element instance with all that is active inside, from the inside out.

use super::{child_ended, open, schedule};
use crate::kernel::Cx;
use crate::process::elements::behavior;
use crate::process::events::{ElementTerminated, ElementTerminating, InstanceTerminated};
use crate::process::lifecycle::instances;
use crate::process::state::ElementState;
use crate::process::{Process, Task, waits};
use crate::record::Key;

/// Ends an element instance, or begins to: a scope ends when all inside has.
pub(super) fn terminate(cx: &mut Cx<'_, Process>, key: Key) {
    let Some(mut at) = open(cx, key) else { return };
    let (instance, row) = (at.row.instance, at.row.clone());
    if row.state != ElementState::Terminating {
        let model = at.model.clone();
        if let Some(element) = model.element(at.index) {
            behavior(row.element_type).terminate(&mut at, element);
        }
        waits::drop_all(cx, key, instance);
    }
    if row.children > 0 {
        if row.state != ElementState::Terminating {
            cx.emit(key, ElementTerminating { process_instance_key: instance });
            let task = Task::TerminateChildren { scope_key: key, after_key: Key(0) };
            schedule(cx, instance, task);
        }
        return;
    }
    let Some(scope) = row.scope else {
        let begun = instances::begun_by(cx, key);
        cx.emit(key, InstanceTerminated {});
        instances::start_next(cx, key, begun);
        return;
    };
    cx.emit(key, ElementTerminated { process_instance_key: instance });
    if let Some(boundary) = row.interrupted_by {
        schedule(cx, instance, Task::Activate { element_instance_key: boundary });
    }
    child_ended(cx, scope);
}

/// Ends what is active in a scope, a bounded number at a time.
pub(super) fn terminate_children(cx: &mut Cx<'_, Process>, instance: Key, scope: Key, after: Key) {
    let children = cx.state().children_after(scope, after, CHILDREN_PER_TASK);
    for child in &children {
        schedule(cx, instance, Task::Terminate { element_instance_key: *child });
    }
    match children.last() {
        Some(last) if children.len() == CHILDREN_PER_TASK => {
            let task = Task::TerminateChildren { scope_key: scope, after_key: *last };
            schedule(cx, instance, task);
        }
        _ => {}
    }
}

/// Few enough that a step's budget is looked at in between.
const CHILDREN_PER_TASK: usize = 64;
