//! The names of fields in the log: one to three letters each, unique over all bodies of the machine.

use crate::record::Field;

/// The names on the wire and for people, sorted by the latter.
pub static FIELDS: &[Field] = &[
    field("bo", "backoff_ms"),
    field("bu", "backoff_until"),
    field("bi", "business_id"),
    field("bc", "content"),
    field("hs", "content_hash"),
    field("ck", "correlation_key"),
    field("cl", "clause_id"),
    field("cy", "cycle"),
    field("dl", "deadline"),
    field("di", "decision_id"),
    field("dc", "decision_key"),
    field("dr", "decision_requirements_id"),
    field("dq", "decision_requirements_key"),
    field("dt", "decision_type"),
    field("dk", "deployment_key"),
    field("da", "due_date"),
    field("e", "element_id"),
    field("ei", "element_instance_key"),
    field("ty", "element_type"),
    field("ec", "error_code"),
    field("em", "error_message"),
    field("ek", "evaluation_key"),
    field("fv", "fetch_variables"),
    field("fl", "flow_id"),
    field("im", "imports"),
    field("ik", "incident_key"),
    field("it", "incident_kind"),
    field("ix", "index"),
    field("iv", "inputs"),
    field("ip", "interrupted_key"),
    field("ib", "is_bound"),
    field("ic", "is_caught"),
    field("lo", "is_local"),
    field("op", "is_open"),
    field("pn", "is_pending"),
    field("ig", "is_triggered"),
    field("jk", "job_key"),
    field("jt", "job_type"),
    field("mx", "jobs_max"),
    field("jn", "joins"),
    field("mi", "message_id"),
    field("mk", "message_key"),
    field("mn", "message_name"),
    field("na", "name"),
    data("ou", "output"),
    field("os", "outputs"),
    field("pd", "process_definition_key"),
    field("pr", "process_id"),
    field("pi", "process_instance_key"),
    field("rp", "repetitions"),
    field("rk", "resource_key"),
    field("rn", "resource_name"),
    field("rs", "resources"),
    field("rt", "retries"),
    field("ry", "retry"),
    field("rd", "root_decision_key"),
    field("ri", "rule_id"),
    field("ru", "rules"),
    field("sc", "scope_key"),
    field("sk", "subscription_key"),
    field("tg", "tags"),
    field("tt", "time_to_live_ms"),
    field("to", "timeout_ms"),
    field("tm", "timer_key"),
    field("tk", "tokens"),
    field("un", "unchanged"),
    data("va", "value"),
    data("vs", "variables"),
    field("vn", "version"),
    field("vt", "version_tag"),
    field("wa", "warnings"),
    field("wk", "worker"),
    field("ac", "activate"),
    field("af", "after_key"),
    field("cp", "complete"),
    field("de", "deliver"),
    field("en", "enter"),
    field("sn", "start_next"),
    field("ts", "task"),
    field("te", "terminate"),
    field("tc", "terminate_children"),
    field("th", "throw_error"),
];

const fn field(short: &'static str, long: &'static str) -> Field {
    Field { short, long, is_data: false }
}

const fn data(short: &'static str, long: &'static str) -> Field {
    Field { short, long, is_data: true }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_name_stands_for_one_other() {
        let short: BTreeSet<_> = FIELDS.iter().map(|it| it.short).collect();
        let long: BTreeSet<_> = FIELDS.iter().map(|it| it.long).collect();
        assert_eq!((short.len(), long.len()), (FIELDS.len(), FIELDS.len()));
        assert!(short.iter().all(|it| (1..=3).contains(&it.len())));
    }
}
