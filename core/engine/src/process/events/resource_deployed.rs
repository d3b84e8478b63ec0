//! `resource.deployed`: a file with new content was deployed.

use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::{Corrupt, Evolve};
use crate::process::state::{Bytes, ResourceRow, State};
use crate::record::Key;

/// A file was deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceDeployed {
    /// The deployment.
    #[serde(rename = "dk")]
    pub deployment_key: Key,
    /// The name of the file.
    #[serde(rename = "rn")]
    pub resource_name: Arc<str>,
    /// The content of the file.
    #[serde(rename = "bc")]
    pub content: Bytes,
    /// The BLAKE3 hash of the content.
    #[serde(rename = "hs", with = "crate::record::hash")]
    pub content_hash: [u8; 32],
}

/// Takes it into the state.
#[inline]
pub(crate) fn evolve(state: &mut Evolve<'_, State>, it: &ResourceDeployed) -> Result<(), Corrupt> {
    let row = ResourceRow {
        name: it.resource_name.clone(),
        content: it.content.clone(),
        hash: it.content_hash,
    };
    state.tables.resources.insert(state.at.key, row);
    Ok(())
}
