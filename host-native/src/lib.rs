//! The native host of the core: stores, the partition loop, the API.

pub mod store;
