//! Loading what a fold needs before it folds.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::Frame;

use super::{Fold, ProjectionError};
use crate::store::{Row, StoreError, Table};

/// Where rows are loaded from.
pub(super) trait Load {
    /// Loads the rows with these keys.
    fn load(
        &mut self,
        table: Table,
        keys: Vec<i64>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
}

/// Loads rows until the fold needs no more, then folds the frames in order.
pub(super) async fn fold<F: Fold>(
    fold: &mut F,
    from: &mut impl Load,
    frames: &[Arc<Frame<F::Machine>>],
) -> Result<(), ProjectionError> {
    for _ in 0..ROUNDS_MAX {
        let mut needed: BTreeMap<Table, Vec<i64>> = BTreeMap::new();
        for (table, key) in fold.needs(frames) {
            needed.entry(table).or_default().push(key);
        }
        let mut found = 0;
        for (table, keys) in needed {
            let rows = from.load(table, keys).await?;
            found += rows.len();
            fold.load(rows);
        }
        // what was not found now will not be found later
        if found == 0 {
            break;
        }
    }
    for frame in frames {
        fold.fold(frame).map_err(ProjectionError::Rows)?;
    }
    Ok(())
}

/// A row names another one, which names a third: no chain is longer.
const ROUNDS_MAX: u32 = 8;
