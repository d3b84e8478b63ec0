//! Deduplication: a request id is remembered with the place of its outcome, for a recorded time.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Symbol, Table, visit_fields, visit_newtype};
use crate::record::{BodyHash, Header, Position, RejectionClass, RejectionCode, Timestamp};

/// Whose request, and the id that they gave it.
pub type RequestKey = (Symbol, Arc<str>);

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// The command's position.
    pub position: Position,
    /// The hash of the command's body.
    pub body_hash: [u8; 16],
    /// From then on it is forgotten.
    pub until: Timestamp,
}
visit_fields!(RequestRow, "request" { position, body_hash, until });
visit_newtype!(BodyHash);

/// The requests that are remembered, and when each is forgotten.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    pub(super) rows: Table<RequestKey, RequestRow>,
    pub(super) expiry: Table<(Timestamp, Position), RequestKey>,
}

/// What a request id says about a command.
pub(super) enum Repeat {
    New,
    Same(Position),
    Conflict(Position),
}

impl Requests {
    pub(super) const CONFLICT: RejectionCode =
        RejectionCode { name: "request_conflict", class: RejectionClass::Conflict };

    pub(super) const fn new() -> Self {
        Self { rows: Table::new(3, "request"), expiry: Table::new(4, "request_expiry") }
    }

    pub(super) fn find(&self, tenant: Option<Symbol>, header: &Header) -> Repeat {
        let Some((tenant, id)) = tenant.zip(header.request_id.clone()) else { return Repeat::New };
        match self.rows.get(&(tenant, id)) {
            None => Repeat::New,
            Some(row) if row.until <= header.timestamp => Repeat::New,
            Some(row) if row.body_hash == header.body_hash.0 => Repeat::Same(row.position),
            Some(row) => Repeat::Conflict(row.position),
        }
    }

    pub(super) fn position(&self, tenant: Symbol, request_id: &str) -> Option<Position> {
        self.rows.get(&(tenant, request_id.into())).map(|row| row.position)
    }

    /// Remembers the request of a step, unless its id is taken: a conflict does not replace the original.
    pub(super) fn remember(&mut self, tenant: Symbol, header: &Header, retention_ms: i64) {
        let Some(id) = header.request_id.clone() else { return };
        let key = (tenant, id);
        if let Some(row) = self.rows.get(&key) {
            if header.timestamp < row.until {
                return;
            }
            self.expiry.remove(&(row.until, row.position));
        }
        let (position, until) = (header.position, header.timestamp.plus_ms(retention_ms));
        let row = RequestRow { position, body_hash: header.body_hash.0, until };
        self.rows.insert(key.clone(), row);
        self.expiry.insert((until, position), key);
    }

    /// Forgets what is due, a bounded number per step.
    pub(super) fn expire(&mut self, now: Timestamp) {
        for _ in 0..EXPIRED_PER_STEP {
            let Some((&due, key)) = self.expiry.first() else { return };
            if due.0 > now {
                return;
            }
            let key = key.clone();
            self.expiry.remove(&due);
            self.rows.remove(&key);
        }
    }
}

/// More than one, so that a burst of requests is forgotten faster than it came.
const EXPIRED_PER_STEP: u32 = 4;
