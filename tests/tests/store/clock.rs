//! The store's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::fixture::{Fixture, Kind, run};

/// P17: PostgreSQL has a clock to compare the host's with; a file and the memory have none but the host's.
#[test]
fn only_a_server_has_a_clock_of_its_own() {
    run(Kind::Postgres, async |it: Fixture| {
        let found = it.store.clock_ms().await.unwrap().expect("a clock");
        let here = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        assert!(found.abs_diff(i64::try_from(here).unwrap()) < 60_000, "{found} and {here}");
    });
    for kind in [Kind::Sqlite, Kind::Memory] {
        run(kind, async |it: Fixture| assert_eq!(it.store.clock_ms().await.unwrap(), None));
    }
}
