//! The partition's clock: what the host's clock says, as far as it is to be trusted.

use dacapo_engine::kernel::{ControlState, Place};
use dacapo_engine::record::Timestamp;

/// What was observed of the clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    now_ms: i64,
    store_now_ms: Option<i64>,
    /// The last time of the host's clock that was near what was trusted before.
    trusted_ms: i64,
}

/// How far the host's clock is ahead of everything that is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Jump {
    pub(super) ahead_ms: i64,
}

impl Clock {
    /// Begins with what the host says; with nothing to compare it with but the store's clock, it is trusted.
    pub(super) fn new(now_ms: i64, store_now_ms: Option<i64>) -> Self {
        Self { now_ms, store_now_ms, trusted_ms: store_now_ms.unwrap_or(now_ms) }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    pub(super) fn has_store(&self) -> bool {
        self.store_now_ms.is_some()
    }

    pub(super) fn observe(&mut self, now_ms: i64, store_now_ms: Option<i64>) {
        (self.now_ms, self.store_now_ms) = (now_ms, store_now_ms);
    }

    pub(super) fn accept(&mut self) {
        self.trusted_ms = self.now_ms;
    }

    /// Returns the time of a step: the clock plus the offset, never before the last record.
    pub(super) fn stamp(&mut self, last: Place, control: &ControlState) -> Result<Timestamp, Jump> {
        let last_ms = last.timestamp.0.saturating_sub(control.clock_offset_ms);
        let known = self.store_now_ms.unwrap_or(i64::MIN).max(last_ms).max(self.trusted_ms);
        let ahead_ms = self.now_ms.saturating_sub(known);
        if ahead_ms > control.limits.clock_jump_ms {
            return Err(Jump { ahead_ms });
        }
        self.trusted_ms = self.now_ms;
        Ok(self.unchecked(last, control.clock_offset_ms))
    }

    /// Returns the time of genesis: the host's, unless the store's clock says that it jumped.
    pub(super) fn first(&self, jump_ms: i64) -> Timestamp {
        let is_jumped = self.now_ms.saturating_sub(self.trusted_ms) > jump_ms;
        Timestamp(if is_jumped { self.trusted_ms } else { self.now_ms })
    }

    /// Returns the time of a step without asking whether the clock is to be trusted.
    pub(super) fn unchecked(&self, last: Place, offset_ms: i64) -> Timestamp {
        last.timestamp.max(Timestamp(self.now_ms).plus_ms(offset_ms))
    }
}

#[cfg(test)]
mod tests {
    use dacapo_engine::kernel::StateDigest;
    use dacapo_engine::record::{Limits, PartitionId, Position};

    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1_000;

    fn control(clock_offset_ms: i64) -> ControlState {
        ControlState {
            partition: PartitionId(0),
            seed: (0, 0),
            incarnation: 1,
            epoch: 1,
            semantics: 1,
            tzdb: "none".into(),
            clock_offset_ms,
            default_tenant: "<default>".into(),
            limits: Limits::default(),
        }
    }

    fn place(timestamp: i64) -> Place {
        let (position, timestamp) = (Position(9), Timestamp(timestamp));
        Place { position, timestamp, digest: StateDigest::default() }
    }

    #[test]
    fn time_never_goes_back() {
        let mut clock = Clock::new(5_000, None);
        assert_eq!(clock.stamp(place(9_000), &control(0)), Ok(Timestamp(9_000)));
        clock.observe(10_000, None);
        assert_eq!(clock.stamp(place(9_000), &control(0)), Ok(Timestamp(10_000)));
        assert_eq!(clock.stamp(place(9_000), &control(500)), Ok(Timestamp(10_500)));
    }

    #[test]
    fn a_jump_is_not_stamped_until_the_store_or_an_operator_agrees() {
        let mut clock = Clock::new(0, None);
        clock.observe(2 * HOUR_MS, None);
        assert_eq!(clock.stamp(place(0), &control(0)), Err(Jump { ahead_ms: 2 * HOUR_MS }));
        let mut accepted = clock;
        accepted.accept();
        assert_eq!(accepted.stamp(place(0), &control(0)), Ok(Timestamp(2 * HOUR_MS)));
        clock.observe(2 * HOUR_MS, Some(2 * HOUR_MS - 5));
        assert_eq!(clock.stamp(place(0), &control(0)), Ok(Timestamp(2 * HOUR_MS)));
    }

    #[test]
    fn a_late_last_record_does_not_distrust_the_clock_at_the_start() {
        let mut clock = Clock::new(100 * HOUR_MS, None);
        assert_eq!(clock.stamp(place(0), &control(0)), Ok(Timestamp(100 * HOUR_MS)));
        let mut clock = Clock::new(100 * HOUR_MS, Some(3 * HOUR_MS));
        assert_eq!(clock.first(HOUR_MS), Timestamp(3 * HOUR_MS));
        assert_eq!(clock.stamp(place(0), &control(0)), Err(Jump { ahead_ms: 97 * HOUR_MS }));
    }
}
