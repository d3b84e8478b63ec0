//! The host of dacapo: drives the pure core with a database and HTTP.

pub mod config;
pub mod effects;
pub mod embedded;
pub mod export;
pub mod http;
pub mod metrics;
pub mod names;
pub mod partition;
pub mod projection;
pub mod server;
pub mod store;
