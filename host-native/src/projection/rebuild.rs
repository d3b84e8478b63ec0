//! The read model from the log alone.

use dacapo_engine::kernel::Frame;
use dacapo_engine::record::{PartitionId, Position};
use tokio::sync::watch;

use super::follow::Writer;
use super::{Fold, ProjectionError};
use crate::store::Store;

/// Removes all rows of a partition and folds its log again, while nothing else writes them. An interrupted rebuild is
/// continued by the next start.
///
/// # Errors
/// The log cannot be read, or the rows cannot be written.
pub async fn rebuild<F>(
    store: &Store,
    partition: PartitionId,
    fold: F,
) -> Result<Position, ProjectionError>
where
    F: Fold,
    Frame<F::Machine>: Send + Sync,
{
    store.projector(partition).clear().await?;
    catch_up(store, partition, fold).await
}

/// Folds what the log has beyond the read model, while nothing else writes either, and returns where both end.
///
/// # Errors
/// The log cannot be read, or the rows cannot be written.
pub(super) async fn catch_up<F>(
    store: &Store,
    partition: PartitionId,
    fold: F,
) -> Result<Position, ProjectionError>
where
    F: Fold,
    Frame<F::Machine>: Send + Sync,
{
    let (sender, reached) = watch::channel(Position(0));
    let mut writer = Writer::new(store, partition, fold, sender);
    writer.begin().await?;
    let position = *reached.borrow();
    Ok(position)
}
