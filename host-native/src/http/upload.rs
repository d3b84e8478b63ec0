//! Deployments as they are sent: files and a tenant, in one multipart body.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use super::limit::is_too_large;
use super::{Problem, body};

/// The files of a deployment.
pub struct Upload {
    /// Names and contents, in the order of the request.
    pub resources: Vec<(Arc<str>, Bytes)>,
    /// The tenant, if one was named.
    pub tenant: Option<Arc<str>>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let multipart = Multipart::from_request(request, state).await.map_err(|_| {
            let detail = "expected content type multipart/form-data with a boundary";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", detail)
        })?;
        body::in_time(read(multipart)).await?
    }
}

async fn read(mut multipart: Multipart) -> Result<Upload, Problem> {
    let (mut resources, mut tenant) = (Vec::new(), None);
    while let Some(field) = multipart.next_field().await.map_err(problem)? {
        match field.name() {
            Some("resources") => resources.push(resource(field, resources.len()).await?),
            Some("tenantId") if tenant.is_none() => {
                tenant = Some(field.text().await.map_err(problem)?.into());
            }
            name => {
                let name = name.unwrap_or_default();
                let detail = format!("{name}: expected resources and at most one tenantId");
                return Err(Problem::malformed(name, detail));
            }
        }
    }
    if resources.is_empty() {
        return Err(Problem::malformed("resources", "resources: expected a file, found none"));
    }
    Ok(Upload { resources, tenant })
}

async fn resource(field: Field<'_>, index: usize) -> Result<(Arc<str>, Bytes), Problem> {
    let path = format!("resources[{index}]");
    if index >= RESOURCES_MAX {
        let detail = format!("{path}: expected at most {RESOURCES_MAX} files");
        return Err(Problem::malformed(&path, detail));
    }
    // Some clients send the path of the file.
    let name = field.file_name().unwrap_or_default();
    let name: Arc<str> = name.rsplit(['/', '\\']).next().unwrap_or_default().into();
    if name.is_empty() {
        let detail = format!("{path}: expected a file with a name, found none");
        return Err(Problem::malformed(&path, detail));
    }
    Ok((name, field.bytes().await.map_err(problem)?))
}

fn problem(error: MultipartError) -> Problem {
    if is_too_large(&error) {
        return body::too_large();
    }
    Problem::malformed("", error.body_text())
}

const RESOURCES_MAX: usize = 256;
