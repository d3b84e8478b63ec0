//! Parallel gateway: waits for one token of each incoming flow and leaves by every outgoing flow.
//! The waiting is done by the tokens of the scope: the gateway is entered when they are all there; surplus tokens stay.
//!
//! Waits: never · Reads: — · Emits: lifecycle + `flow.taken` for each outgoing flow
//! Incidents: —
//! Standard: BPMN 2.0.2 §13.4.1 · Not supported: — · Spec: tests/spec/elements/parallel_gateway.md

use super::Behavior;

/// One token of each incoming flow in, one on each outgoing flow out.
pub struct ParallelGateway;

impl Behavior for ParallelGateway {}
