//! What the server counts, as Prometheus reads it.

use std::sync::OnceLock;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Commands that were stepped; labels `intent` and `outcome`.
pub const COMMANDS: &str = "dacapo_commands_total";
/// Refused commands; label `code`.
pub const REJECTIONS: &str = "dacapo_rejections_total";
/// Records that were appended.
pub const RECORDS: &str = "dacapo_records_total";
/// Bytes that were appended.
pub const LOG_BYTES: &str = "dacapo_log_bytes_total";
/// Frames in one commit.
pub const BATCH_FRAMES: &str = "dacapo_batch_frames";
/// Seconds of one commit.
pub const COMMIT_SECONDS: &str = "dacapo_commit_seconds";
/// Commits whose outcome had to be looked up.
pub const UNKNOWN_COMMITS: &str = "dacapo_unknown_commits_total";
/// The last committed position.
pub const HEAD: &str = "dacapo_head_position";
/// The last projected position.
pub const PROJECTED: &str = "dacapo_projection_position";
/// Records that the read model is behind the log.
pub const LAG: &str = "dacapo_projection_lag_records";
/// Requests that wait for a job.
pub const LONG_POLLS: &str = "dacapo_long_polls_waiting";
/// Streams of live records.
pub const LIVE_STREAMS: &str = "dacapo_live_streams";
/// HTTP answers; labels `operation` and `status`.
pub const HTTP_ANSWERS: &str = "dacapo_http_answers_total";
/// Seconds until an HTTP answer; label `operation`.
pub const HTTP_SECONDS: &str = "dacapo_http_seconds";
/// Commands that were turned away because the queue was full.
pub const TURNED_AWAY: &str = "dacapo_commands_turned_away_total";
/// Seconds that a command waited and worked until its answer.
pub const COMMAND_SECONDS: &str = "dacapo_command_seconds";

/// Begins to count, once per program.
pub fn install() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        // The names are right, so there is nothing that could be refused.
        let builder = builder
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)
            .and_then(|it| it.set_buckets_for_metric(Matcher::Full(BATCH_FRAMES.into()), FRAMES))
            .unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if let Err(error) = metrics::set_global_recorder(recorder) {
            tracing::warn!(%error, "another recorder counts already");
        }
        describe();
        handle
    })
}

fn describe() {
    describe_counter!(COMMANDS, "Commands that were stepped, by intent and outcome");
    describe_counter!(REJECTIONS, "Refused commands, by code");
    describe_counter!(RECORDS, "Records that were appended");
    describe_counter!(LOG_BYTES, Unit::Bytes, "Bytes that were appended");
    describe_histogram!(BATCH_FRAMES, "Frames in one commit");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "Time of one commit");
    describe_counter!(UNKNOWN_COMMITS, "Commits whose outcome had to be looked up");
    describe_gauge!(HEAD, "The last committed position");
    describe_gauge!(PROJECTED, "The last projected position");
    describe_gauge!(LAG, "Records that the read model is behind the log");
    describe_gauge!(LONG_POLLS, "Requests that wait for a job");
    describe_gauge!(LIVE_STREAMS, "Streams of live records");
    describe_counter!(HTTP_ANSWERS, "HTTP answers, by operation and status");
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time until an HTTP answer");
    describe_counter!(TURNED_AWAY, "Commands that were turned away because the queue was full");
    describe_histogram!(COMMAND_SECONDS, Unit::Seconds, "Time from a command to its answer");
}

const SECONDS: &[f64] =
    &[0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const FRAMES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];
