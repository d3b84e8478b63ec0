//! The commands that the machine asks for by itself: whatever is due first, whatever it is about.

use alloc::collections::BTreeSet;

use super::commands::{
    Command, DeliverMessage, EndBackoff, ExpireMessage, TimeOutJob, TriggerTimer,
};
use super::state::State;
use crate::kernel::{Internal, Symbol, Table, View};
use crate::record::{Key, Timestamp};

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    // Before expiry, so that a message without time to live reaches those who waited for it.
    Message,
    Expiry,
    Timer,
    Deadline,
    Backoff,
}

/// Returns the command for what was due first, if anything is due at `now`.
pub(super) fn next_command(
    view: &View<'_, State>,
    now: Timestamp,
    held: &BTreeSet<Key>,
) -> Option<Internal<Command>> {
    let (due, key, kind) = first(view.tables, held)?;
    if due > now {
        return None;
    }
    let (tenant, command) = command(view.tables, key, kind)?;
    Some(Internal { tenant: view.kernel.symbols.name(tenant), key, command })
}

/// Returns when something is due.
pub(super) fn next_due(view: &View<'_, State>, held: &BTreeSet<Key>) -> Option<Timestamp> {
    first(view.tables, held).map(|(due, _, _)| due)
}

fn first(state: &State, held: &BTreeSet<Key>) -> Option<(Timestamp, Key, Kind)> {
    let free = |table: &Table<(Timestamp, Key), ()>, kind| {
        let &(due, key) = table.iter().map(|it| it.0).find(|it| !held.contains(&it.1))?;
        Some((due, kind, key))
    };
    let due = [
        free(&state.messages_pending, Kind::Message),
        free(&state.message_deadlines, Kind::Expiry),
        free(&state.timers_due, Kind::Timer),
        free(&state.job_deadlines, Kind::Deadline),
        free(&state.job_backoffs, Kind::Backoff),
    ];
    due.into_iter().flatten().min().map(|(due, kind, key)| (due, key, kind))
}

fn command(state: &State, key: Key, kind: Kind) -> Option<(Symbol, Command)> {
    let job = || state.jobs.get(&key).map(|row| row.tenant);
    let message = || state.messages.get(&key).map(|row| row.correlation.tenant);
    Some(match kind {
        Kind::Message => (message()?, DeliverMessage { message_key: key }.into()),
        Kind::Expiry => (message()?, ExpireMessage { message_key: key }.into()),
        Kind::Timer => (state.timers.get(&key)?.tenant, TriggerTimer { timer_key: key }.into()),
        Kind::Deadline => (job()?, TimeOutJob { job_key: key }.into()),
        Kind::Backoff => (job()?, EndBackoff { job_key: key }.into()),
    })
}
