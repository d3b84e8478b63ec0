//! `deployment.create`: deploys files, all or none.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::kernel::Cx;
use crate::process::state::Bytes;
use crate::process::{Process, deployment};
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

/// Deploys the files: what is new gets a version, and its start events take over from the version before.
pub(crate) fn decide(cx: &mut Cx<'_, Process>, it: &Deploy) -> Result<(), Rejection> {
    let deployment = deployment::check(cx, &it.resources)?;
    deployment::deploy(cx, deployment);
    Ok(())
}
