//! `deployment.create`: deploys files, all or none.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::Process;
use crate::process::state::Bytes;
use crate::record::Rejection;

/// A file to deploy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its name.
    #[serde(rename = "rn")]
    pub resource_name: Arc<str>,
    /// Its content.
    #[serde(rename = "bc")]
    pub content: Bytes,
}

/// Deploy files, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// The files.
    #[serde(rename = "rs")]
    pub resources: Vec<Resource>,
}

/// Decides.
pub(crate) fn decide(_: &mut Cx<'_, Process>, _: &Deploy) -> Result<(), Rejection> {
    Ok(())
}
