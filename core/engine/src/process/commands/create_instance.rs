//! `instance.create`: creates an instance of a process.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::feel::Context;
use crate::kernel::Cx;
use crate::process::Process;
use crate::record::{Key, Rejection};

/// Create an instance of a process, by id or by definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateInstance {
    /// The id of the process; the newest version unless one is named.
    #[serde(rename = "pr", default, skip_serializing_if = "Option::is_none")]
    pub process_id: Option<Arc<str>>,
    /// The version of the process with this id.
    #[serde(rename = "vn", default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The definition, instead of an id.
    #[serde(rename = "pd", default, skip_serializing_if = "Option::is_none")]
    pub process_definition_key: Option<Key>,
    /// The variables to begin with.
    #[serde(rename = "vs")]
    pub variables: Context,
    /// The user's own labels.
    #[serde(rename = "tg", default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Arc<str>>>,
    /// The user's own id.
    #[serde(rename = "bi", default, skip_serializing_if = "Option::is_none")]
    pub business_id: Option<Arc<str>>,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &CreateInstance) -> Result<(), Rejection> {
    Ok(())
}
