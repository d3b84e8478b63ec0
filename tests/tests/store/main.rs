//! One conformance suite for every store: memory is the measure, SQLite and PostgreSQL are held to it, and both really run.

mod appending;
mod beside;
mod clock;
mod contract;
mod faults;
mod fixture;
mod processes;
mod projecting;
mod rows;
mod searching;
mod tls;
mod views;

/// Makes one test of a case for every store.
macro_rules! on_every_store {
    ($($(#[$doc:meta])* $case:path as $name:ident;)*) => {
        mod memory {
            $($(#[$doc])* #[test] fn $name() { crate::fixture::run(crate::fixture::Kind::Memory, $case); })*
        }
        mod sqlite {
            $($(#[$doc])* #[test] fn $name() { crate::fixture::run(crate::fixture::Kind::Sqlite, $case); })*
        }
        mod postgres {
            $($(#[$doc])* #[test] fn $name() { crate::fixture::run(crate::fixture::Kind::Postgres, $case); })*
        }
    };
}

on_every_store! {
    /// I-LOG-1, I-LOG-5: what was appended is read back, byte by byte and without a gap.
    crate::appending::reads_what_was_appended as reads_what_was_appended;
    /// What was refused is found without reading the rest, the newest first.
    crate::appending::finds_what_was_refused as finds_what_was_refused;
    /// P2, I-ACK-6: another epoch, position, hash or incarnation appends nothing.
    crate::appending::refuses_another_head as refuses_another_head;
    /// P10: sending the very same batch again is harmless and says that it is done.
    crate::appending::takes_the_same_batch_again as takes_the_same_batch_again;
    /// E2, P3: twenty writers, one winner, nineteen fenced, nothing lost.
    crate::appending::lets_one_of_twenty_win as lets_one_of_twenty_win;
    /// P2: a writer that was overtaken is fenced, and takeover continues from the same head.
    crate::appending::fences_the_overtaken as fences_the_overtaken;
    /// P9: a reader beside a writer sees a prefix, never a hole.
    crate::appending::shows_a_prefix_to_readers as shows_a_prefix_to_readers;
    /// I-LOG-1: batches that contradict themselves are refused before they are sent.
    crate::appending::refuses_a_gap as refuses_a_gap;
    /// P4: resolving says whether a batch is stored.
    crate::appending::resolves_doubt as resolves_doubt;
    /// D4: a time means the last record at or before it.
    crate::appending::finds_positions_by_time as finds_positions_by_time;
    /// A17: partitions do not see each other.
    crate::appending::keeps_partitions_apart as keeps_partitions_apart;
    /// I-SNAP-2, S3: a snapshot that does not fit the log, or lacks a chunk, is ignored.
    crate::beside::ignores_snapshots_that_do_not_fit as ignores_snapshots_that_do_not_fit;
    /// DESIGN §8: a snapshot is never newer than the read model.
    crate::beside::refuses_snapshots_before_their_rows as refuses_snapshots_before_their_rows;
    /// D8: pruning keeps the newest.
    crate::beside::prunes_old_snapshots as prunes_old_snapshots;
    /// C16: the inbox takes the same command twice, another one under the same id never.
    crate::beside::keeps_the_inbox as keeps_the_inbox;
    /// Decision 1: a command leaves the inbox in the very transaction that appends its step.
    crate::beside::empties_the_inbox_with_the_append as empties_the_inbox_with_the_append;
    /// P1, P2, P18: rows written inline, later, or all again are the same.
    crate::rows::are_the_same_however_written as rows_are_the_same_however_written;
    /// P4: the projection has one writer and moves from where it is.
    crate::rows::are_fenced as rows_are_fenced;
    /// P1: rows that cannot be written take the append back with them.
    crate::rows::fail_the_append_with_them as rows_fail_the_append_with_them;
    /// A4: text with NUL does not stop the read model.
    crate::rows::survive_nul as rows_survive_nul;
    /// P18, D2: inline, following and rebuilt give the same rows.
    crate::projecting::gives_the_same_rows_every_way as projection_gives_the_same_rows_every_way;
    /// P2, P3: the projection follows in order, finds what it was not told, and readers can wait for it.
    crate::projecting::follows_the_log as projection_follows_the_log;
    /// P13: filters, sorts and pages mean the same on every store.
    crate::searching::means_the_same_everywhere as search_means_the_same_everywhere;
    /// P13: cursors walk every row once, forwards and backwards, with empty values in between.
    crate::searching::walks_by_cursor as search_walks_by_cursor;
    /// A10: queries that do not fit are refused with a reason, and hostile text is only text.
    crate::searching::refuses_what_does_not_fit as search_refuses_what_does_not_fit;
    /// The statistics of elements count states and leave the process out.
    crate::searching::counts_elements as search_counts_elements;
}
