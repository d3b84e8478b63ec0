//! `instance.cancel`: ends an instance and all that is active in it.

use serde::{Deserialize, Serialize};

use super::guards::RunningInstance;
use crate::kernel::Cx;
use crate::process::state::{ElementState, State};
use crate::process::{Process, Task, lifecycle, rejections};
use crate::record::{Key, Rejection};

/// End an instance and all that is active in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelInstance {
    /// The process instance.
    #[serde(rename = "pi")]
    pub process_instance_key: Key,
}

/// Ends the instance. Parked work is no reason to wait: an instance that runs in circles must be stoppable.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &CancelInstance) -> Result<(), Rejection> {
    let instance = RunningInstance::check(cx.state(), cx.tenant(), it.process_instance_key)?;
    let key = instance.key;
    check_active(cx.state(), key)?;
    lifecycle::schedule(cx, key, Task::Terminate { element_instance_key: key });
    Ok(())
}

fn check_active(state: &State, key: Key) -> Result<(), Rejection> {
    let row = state.elements.get(&key);
    if row.is_some_and(|row| row.state == ElementState::Terminating) {
        let reason =
            alloc::format!("expected process instance {key} to be active, found it ending");
        let code = rejections::INSTANCE_NOT_ACTIVE;
        return Err(Rejection::new(code, reason).blame("process_instance_key"));
    }
    Ok(())
}
