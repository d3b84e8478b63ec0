//! The host protocol: nothing acknowledged is lost, nothing happens twice, and nobody guesses.

mod commits;
mod fixture;
mod queue;
mod recovery;
mod time;
