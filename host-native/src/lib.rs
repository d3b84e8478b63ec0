//! The host of dacapo: drives the pure core with a database and HTTP.

pub mod config;
