//! Skeleton.
pub mod http;
