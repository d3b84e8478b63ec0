//! Logs played forward and back, compared, forked and verified.

mod fixture;
mod play;
mod properties;
mod verify;
