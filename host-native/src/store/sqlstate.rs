//! What a driver's error says about a transaction: that it is certainly gone, that it may be tried again, or nothing.

/// Returns whether the server said that the statement failed, so that its transaction is certainly rolled back.
///
/// Errors that end the connection say nothing: the server may send them after its commit.
pub(super) fn is_certainly_aborted(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            ABORTED_CLASSES.iter().any(|class| code.starts_with(class))
                || ABORTED.contains(&&*code)
                || is_sqlite_refusal(&code)
        }
        sqlx::Error::Encode(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        _ => false,
    }
}

/// Returns whether the same request may succeed later.
pub(super) fn is_temporary(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            TEMPORARY_CLASSES.iter().any(|class| code.starts_with(class))
                || TEMPORARY.contains(&&*code)
                || SQLITE_TEMPORARY.contains(&sqlite_primary(&code))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Returns whether a lock was held by others for too long.
pub(super) fn is_lock_timeout(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|it| it.code().as_deref() == Some("55P03"))
}

/// SQLite's codes are small numbers, PostgreSQL's have five characters.
fn sqlite_primary(code: &str) -> u32 {
    if code.len() == 5 { 0 } else { code.parse::<u32>().unwrap_or_default() & 0xff }
}

fn is_sqlite_refusal(code: &str) -> bool {
    SQLITE_ABORTED.contains(&sqlite_primary(code))
}

/// Data, constraint, syntax and privilege, check option, resources, program limits.
const ABORTED_CLASSES: &[&str] = &["22", "23", "42", "44", "53", "54"];
/// Raised, lock not available, object state, canceled, read-only, failed transaction, serialization, deadlock.
const ABORTED: &[&str] =
    &["P0001", "55P03", "55000", "55006", "57014", "25006", "25P02", "40001", "40P01"];
/// Connection, resources, operator intervention, serialization.
const TEMPORARY_CLASSES: &[&str] = &["08", "40", "53", "57"];
/// Lock not available, read-only transaction (a standby after a failover).
const TEMPORARY: &[&str] = &["55P03", "25006"];
/// Error in the statement, busy, locked, read-only, too big, constraint.
const SQLITE_ABORTED: &[u32] = &[1, 5, 6, 8, 18, 19];
/// Busy, locked, full.
const SQLITE_TEMPORARY: &[u32] = &[5, 6, 13];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_sqlite_and_postgres_are_told_apart() {
        assert_eq!(sqlite_primary("2067"), 19);
        assert_eq!(sqlite_primary("5"), 5);
        assert_eq!(sqlite_primary("40001"), 0);
        assert_eq!(sqlite_primary("57P01"), 0);
    }
}
