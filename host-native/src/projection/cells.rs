//! The rows of core as rows of a store, and back: one list of fields per table, in the order of its columns.

use std::borrow::Cow;
use std::sync::Arc;

use dacapo_engine::process::rows::{
    DecisionDefinitionRow, DecisionInstanceRow, DecisionRequirementsRow, ElementInstanceRow,
    IncidentRow, JobRow, MessageSubscriptionRow, ProcessDefinitionRow, ProcessInstanceRow,
    TimerRow, VariableRow,
};
use dacapo_engine::process::state::Bytes;
use dacapo_engine::record::{Key, Position, Timestamp};

use crate::store::{Cell, Row, Table};

/// A row that a table of the store holds.
pub(super) trait Stored: Sized {
    /// The table.
    const TABLE: Table;

    /// Makes the row of the store.
    fn to_row(&self) -> Row;

    /// Reads the row of the store; none if it is of another table.
    fn from_row(row: &Row) -> Option<Self>;
}

macro_rules! stored {
    ($($row:ident in $table:ident { $($field:ident),* $(,)? })*) => {$(
        impl Stored for $row {
            const TABLE: Table = Table::$table;

            fn to_row(&self) -> Row {
                Row { table: Self::TABLE, cells: vec![$(self.$field.to_cell()),*] }
            }

            fn from_row(row: &Row) -> Option<Self> {
                let [$($field),*] = row.cells.as_slice() else { return None };
                Some(Self { $($field: Value::from_cell($field)?),* })
            }
        }
    )*};
}

stored! {
    ProcessDefinitionRow in ProcessDefinition {
        key, process_id, name, version, version_tag, resource_name, deployment_key, xml, tenant, position,
    }
    ProcessInstanceRow in ProcessInstance {
        key, process_definition_key, process_id, process_name, version, version_tag, state, start_date, end_date,
        incidents, parent_process_instance_key, parent_element_instance_key, tags, business_id, tenant, position,
    }
    ElementInstanceRow in ElementInstance {
        key, process_instance_key, process_definition_key, process_id, element_id, element_name, element_type, state,
        start_date, end_date, scope_key, incident_key, tenant, position,
    }
    VariableRow in Variable { key, name, value, scope_key, process_instance_key, tenant, position }
    JobRow in Job {
        key, job_type, state, worker, retries, deadline, element_id, element_instance_key, process_instance_key,
        process_definition_key, process_id, headers, error_code, error_message, creation_time, last_update_time,
        end_time, has_failed_with_retries_left, priority, tenant, position,
    }
    IncidentRow in Incident {
        key, error_type, error_message, state, creation_time, resolved_time, element_id, element_instance_key,
        process_instance_key, process_definition_key, process_id, job_key, tenant, position,
    }
    MessageSubscriptionRow in MessageSubscription {
        key, message_name, correlation_key, state, subscription_type, element_id, element_instance_key,
        process_instance_key, process_definition_key, process_id, last_updated, tenant, position,
    }
    TimerRow in Timer {
        key, state, due_date, repetitions, element_id, element_instance_key, process_instance_key,
        process_definition_key, process_id, tenant, position,
    }
    DecisionRequirementsRow in DecisionRequirements {
        key, decision_requirements_id, name, version, resource_name, deployment_key, xml, tenant, position,
    }
    DecisionDefinitionRow in DecisionDefinition {
        key, decision_id, name, version, version_tag, decision_requirements_key, decision_requirements_id,
        decision_requirements_name, decision_requirements_version, tenant, position,
    }
    DecisionInstanceRow in DecisionInstance {
        key, instance_key, evaluation_key, state, evaluation_date, evaluation_failure, decision_definition_key,
        decision_id, decision_name, version, decision_type, decision_requirements_key,
        root_decision_definition_key, element_instance_key, process_instance_key, process_definition_key,
        process_id, result, inputs, rules, warnings, tenant, position,
    }
}

/// A value that a cell holds.
trait Value: Sized {
    fn to_cell(&self) -> Cell;
    fn from_cell(cell: &Cell) -> Option<Self>;
}

impl<T: Value> Value for Option<T> {
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, Value::to_cell)
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        if cell.is_null() { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}

impl Value for Arc<str> {
    fn to_cell(&self) -> Cell {
        Cell::text(Self::clone(self))
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_text().map(Into::into)
    }
}

impl Value for Cow<'static, str> {
    fn to_cell(&self) -> Cell {
        Cell::text(&**self)
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_text().map(|it| Self::Owned(it.to_owned()))
    }
}

impl Value for Bytes {
    fn to_cell(&self) -> Cell {
        Cell::Bytes(Arc::clone(&self.0))
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_bytes().map(|it| Self(it.into()))
    }
}

impl Value for bool {
    fn to_cell(&self) -> Cell {
        Cell::Int(i64::from(*self))
    }

    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_int().map(|it| it != 0)
    }
}

/// Numbers, by way of 64 bits.
macro_rules! number {
    ($($type:ty: |$it:ident| $to:expr, |$cell:ident| $from:expr;)*) => {$(
        impl Value for $type {
            fn to_cell(&self) -> Cell {
                let $it = *self;
                Cell::Int($to)
            }

            fn from_cell(cell: &Cell) -> Option<Self> {
                let $cell = cell.as_int()?;
                $from
            }
        }
    )*};
}

number! {
    i32: |it| i64::from(it), |cell| Self::try_from(cell).ok();
    u32: |it| i64::from(it), |cell| Self::try_from(cell).ok();
    Key: |it| it.0.cast_signed(), |cell| Some(Self(cell.cast_unsigned()));
    Position: |it| it.0.cast_signed(), |cell| Some(Self(cell.cast_unsigned()));
    Timestamp: |it| it.0, |cell| Some(Self(cell));
}
