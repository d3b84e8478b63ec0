//! The process machine end to end, without a log.

mod drive;

mod commands;
mod elements;
mod messages;
