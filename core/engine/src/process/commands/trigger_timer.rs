//! `timer.trigger`: goes on where a time has come. Internal.

use alloc::format;
use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::{Cx, Symbol};
use crate::process::events::TimerTriggered;
use crate::process::lifecycle::{self, Begin};
use crate::process::state::{Repeat, State, TimerRow};
use crate::process::{Process, rejections, timers, waits};
use crate::record::{Key, Rejection, Timestamp};

/// Go on where a time has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerTimer {
    /// The timer.
    #[serde(rename = "tm")]
    pub timer_key: Key,
}

/// Lets the time have come: for the element that waits, or as the beginning of an instance.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &TriggerTimer) -> Result<(), Rejection> {
    let row = check(cx.state(), cx.tenant(), it.timer_key, cx.now())?;
    cx.emit(it.timer_key, TimerTriggered { process_instance_key: row.instance });
    let event_id = cx.symbols().name(row.element);
    let now = cx.now();
    let again = |it: &Repeat| timers::next(&it.cycle, it.repetitions, row.due, now);
    let next = row.repeat.as_ref().and_then(again);
    match row.instance {
        Some(instance) => {
            if let Some(due) = next {
                waits::arm(cx, row.owner, instance, event_id.clone(), due);
            }
            lifecycle::trigger(cx, row.owner, &event_id, &Context::new());
        }
        None => {
            if let Some(due) = next {
                waits::arm_start(cx, row.owner, event_id.clone(), due);
            }
            start(cx, row.owner, &event_id);
        }
    }
    Ok(())
}

fn check(state: &State, tenant: Symbol, key: Key, now: Timestamp) -> Result<TimerRow, Rejection> {
    let Some(row) = state.timers.get(&key).filter(|row| row.tenant == tenant) else {
        let reason = format!("expected an armed timer with key {key}, found none");
        return Err(Rejection::new(rejections::TIMER_NOT_FOUND, reason).blame("timer_key"));
    };
    if row.due > now {
        let (due, now) = (row.due.0, now.0);
        let reason = format!("expected timer {key} to be due at {due}, found the time {now}");
        return Err(Rejection::new(rejections::TIMER_NOT_DUE, reason).blame("timer_key"));
    }
    Ok(row.clone())
}

fn start(cx: &mut Cx<'_, Process>, definition: Key, element_id: &Arc<str>) {
    let Some(row) = cx.state().definitions.get(&definition).cloned() else { return };
    let (models, state, symbols) = cx.cache();
    let Some(model) = models.get(state, symbols, definition) else { return };
    if let Some((_, start)) = model.find(element_id) {
        lifecycle::begin(cx, definition, &row, start, Begin::default(), |_, _| ());
    }
}
