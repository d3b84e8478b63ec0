//! What the control records say, as state.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Corrupt, visit_fields};
use crate::record::{Control, Genesis, Header, Limits, PartitionId};

/// The terms that the log runs under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlState {
    /// The partition.
    pub partition: PartitionId,
    /// The source of all randomness.
    pub seed: (u64, u64),
    /// The life of the log.
    pub incarnation: u32,
    /// The writer's epoch; 0 before the first writer.
    pub epoch: u64,
    /// The semantics that decide.
    pub semantics: u32,
    /// The version of the time zone rules.
    pub tzdb: Arc<str>,
    /// What the host adds to its clock, in milliseconds.
    pub clock_offset_ms: i64,
    /// The tenant of commands that name none.
    pub default_tenant: Arc<str>,
    /// The limits.
    pub limits: Limits,
}
visit_fields!(ControlState, "control" {
    partition, seed, incarnation, epoch, semantics, tzdb, clock_offset_ms, default_tenant, limits
});
visit_fields!(Limits, "limits" {
    command_bytes, step_events, step_bytes, step_fuel, instance_elements, scope_depth, request_retention_ms,
    clock_jump_ms
});

impl ControlState {
    pub(super) fn new(genesis: &Genesis) -> Self {
        Self {
            partition: genesis.partition,
            seed: genesis.seed,
            incarnation: genesis.incarnation,
            epoch: 0,
            semantics: genesis.semantics,
            tzdb: genesis.tzdb.clone(),
            clock_offset_ms: 0,
            default_tenant: genesis.default_tenant.clone(),
            limits: genesis.limits.clone(),
        }
    }

    pub(super) fn evolve(&mut self, control: &Control, header: &Header) -> Result<(), Corrupt> {
        let corrupt = |reason: &str| Corrupt { position: header.position, reason: reason.into() };
        match control {
            Control::Genesis(_) => return Err(corrupt("expected genesis only at position 1")),
            Control::LeaderStarted { epoch, incarnation, .. } => {
                // Invariant I-LOG-2: incarnation and epoch never go back.
                if (*incarnation, *epoch) < (self.incarnation, self.epoch) {
                    return Err(corrupt("expected a later epoch than the last one"));
                }
                (self.epoch, self.incarnation) = (*epoch, *incarnation);
            }
            Control::VersionBarrier { semantics } => self.semantics = *semantics,
            Control::LimitsChanged { limits } => self.limits = limits.clone(),
            Control::TzdbChanged { tzdb } => self.tzdb = tzdb.clone(),
            Control::ClockOffsetChanged { offset_ms } => self.clock_offset_ms = *offset_ms,
            Control::Floor { .. } => {}
            Control::TailLost { incarnation, .. } => self.incarnation = *incarnation,
        }
        Ok(())
    }
}
