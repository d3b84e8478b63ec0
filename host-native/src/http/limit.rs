//! How much of a body is read. What is too much is read to its end and thrown away, within bounds, so that the caller gets
//! the answer instead of a broken connection.

use std::error::Error;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};

/// The body was larger than the limit.
#[derive(Debug, thiserror::Error)]
#[error("expected a body of at most {BODY_BYTES_MAX} bytes")]
pub struct TooLarge;

/// Bounds the body of a request.
pub async fn bound(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let bounded = Bounded { body: body.into_data_stream(), seen: 0 };
    let body = Body::from_stream(stream::try_unfold(bounded, Bounded::next));
    next.run(Request::from_parts(parts, body)).await
}

/// Returns whether an error comes from a body that was larger than the limit.
pub fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    error.is::<TooLarge>() || error.source().is_some_and(is_too_large)
}

struct Bounded {
    body: BodyDataStream,
    seen: usize,
}

impl Bounded {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Box<dyn Error + Send + Sync>> {
        let Some(piece) = self.body.next().await.transpose()? else { return Ok(None) };
        self.seen += piece.len();
        if self.seen <= BODY_BYTES_MAX {
            return Ok(Some((piece, self)));
        }
        drop(piece);
        while self.seen <= THROWN_AWAY_MAX {
            match self.body.next().await {
                Some(Ok(piece)) => self.seen += piece.len(),
                Some(Err(_)) | None => break,
            }
        }
        Err(TooLarge.into())
    }
}

/// The greatest body that is read; deployments included.
pub const BODY_BYTES_MAX: usize = 8 << 20;

const THROWN_AWAY_MAX: usize = 64 << 20;
