//! The fold of processes: core's, with its rows turned into rows of a store.

use std::collections::BTreeSet;
use std::sync::Arc;

use dacapo_engine::kernel::{AnyEvent, Content, Frame, Outcome};
use dacapo_engine::process::rows::{RowAt, RowTable, Rows, instances, project};
use dacapo_engine::process::{Event, Process};
use dacapo_engine::record::{Key, Position};

use super::Fold;
use super::cells::Stored;
use crate::store::{Row, RowBatch, Table};

/// The rows of processes, and what of them is in memory.
#[derive(Debug, Default)]
pub struct ProcessFold {
    rows: Rows,
    batch: RowBatch,
}

impl Fold for ProcessFold {
    type Machine = Process;

    fn needs(&self, frames: &[Arc<Frame<Process>>]) -> Vec<(Table, i64)> {
        let Some(first) = frames.first() else { return Vec::new() };
        let all = frames.iter().flat_map(|frame| events(frame));
        let missing =
            self.rows.missing(all.map(|(key, event, _)| (key, event)), first.header.position);
        let tables: [(Table, BTreeSet<Key>); 7] = [
            (Table::ProcessDefinition, missing.process_definitions),
            (Table::ProcessInstance, missing.process_instances),
            (Table::ElementInstance, missing.element_instances),
            (Table::Job, missing.jobs),
            (Table::Incident, missing.incidents),
            (Table::MessageSubscription, missing.message_subscriptions),
            (Table::Timer, missing.timers),
        ];
        let keys = |(table, keys): (Table, BTreeSet<Key>)| {
            keys.into_iter().map(move |key| (table, key.0.cast_signed()))
        };
        tables.into_iter().flat_map(keys).collect()
    }

    fn load(&mut self, loaded: Vec<Row>) {
        for row in loaded {
            match row.table {
                Table::ProcessDefinition => load(&mut self.rows.process_definitions, &row),
                Table::ProcessInstance => load(&mut self.rows.process_instances, &row),
                Table::ElementInstance => load(&mut self.rows.element_instances, &row),
                Table::Variable => load(&mut self.rows.variables, &row),
                Table::Job => load(&mut self.rows.jobs, &row),
                Table::Incident => load(&mut self.rows.incidents, &row),
                Table::MessageSubscription => load(&mut self.rows.message_subscriptions, &row),
                Table::Timer => load(&mut self.rows.timers, &row),
                Table::DecisionRequirements => load(&mut self.rows.decision_requirements, &row),
                Table::DecisionDefinition => load(&mut self.rows.decision_definitions, &row),
                Table::DecisionInstance => load(&mut self.rows.decision_instances, &row),
            }
        }
    }

    fn fold(&mut self, frame: &Frame<Process>) -> Result<(), String> {
        let header = &frame.header;
        for (key, event, position) in events(frame) {
            let at = RowAt { position, timestamp: header.timestamp, tenant: header.tenant.clone() };
            project(&mut self.rows, key, event, &at).map_err(|error| error.to_string())?;
        }
        for instance in instances(events(frame).map(|(key, event, _)| (key, event))) {
            self.batch.touch(instance, header.position);
        }
        Ok(())
    }

    fn take(&mut self) -> RowBatch {
        let mut batch = std::mem::take(&mut self.batch);
        let rows = &mut self.rows;
        let kept = take(&mut rows.process_definitions, &mut batch)
            + take(&mut rows.process_instances, &mut batch)
            + take(&mut rows.element_instances, &mut batch)
            + take(&mut rows.variables, &mut batch)
            + take(&mut rows.jobs, &mut batch)
            + take(&mut rows.incidents, &mut batch)
            + take(&mut rows.message_subscriptions, &mut batch)
            + take(&mut rows.timers, &mut batch)
            + take(&mut rows.decision_requirements, &mut batch)
            + take(&mut rows.decision_definitions, &mut batch)
            + take(&mut rows.decision_instances, &mut batch);
        if kept > ROWS_KEPT_MAX {
            rows.clear();
        }
        batch
    }
}

/// Lists the events of processes in a frame, with their entities and positions.
fn events(frame: &Frame<Process>) -> impl Iterator<Item = (Key, &Event, Position)> {
    let events = match &frame.content {
        Content::Step(_, Outcome::Events(events)) => events.as_slice(),
        Content::Step(_, Outcome::Rejected(_)) | Content::Control(_) => &[],
    };
    let first = frame.header.position.next();
    let positions = (0..).map(move |number| first.plus(number));
    events.iter().zip(positions).filter_map(|(record, position)| match &record.event {
        AnyEvent::Machine(event) => Some((record.key, event, position)),
        AnyEvent::Kernel(_) => None,
    })
}

fn load<T: Stored>(table: &mut RowTable<T>, row: &Row) {
    if let Some(stored) = T::from_row(row) {
        table.load(Key(row.key().cast_unsigned()), stored);
    }
}

/// Takes what has changed, and returns how many rows are in memory.
fn take<T: Stored>(table: &mut RowTable<T>, batch: &mut RowBatch) -> u64 {
    for (_, row) in table.take_changed() {
        batch.put(row.to_row());
    }
    table.count()
}

/// Rows that stay in memory, so that the next batch need not load them.
const ROWS_KEPT_MAX: u64 = 50_000;
