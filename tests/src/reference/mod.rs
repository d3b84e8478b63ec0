//! The reference: a naive token game that says what may become of a process, to hold the engine against (I-TOK-5).
//!
//! The game itself is written from BPMN and knows nothing of the engine but the parsed model: no tables, no keys, no
//! records, no agenda. A [`World`] is a tree that is copied for every change. Where the order of things is open, [`Game`]
//! tries all of them and returns every world in which things can come to rest; the engine must stand in one of these.
//!
//! [`world`], [`game`], `flow`, `places` and `reading` are the game. [`watch`] and `seen` say what an engine does and shows
//! in the same words, [`reach`] makes every choice in both. The game leaves out what is no business of tokens: who has a
//! job and how long, and which of several that wait for a message has waited longest.

pub mod world;

pub mod game;

mod flow;
mod places;
mod reading;

pub mod watch;

mod seen;

pub mod reach;

pub use game::{Act, Choice, Game};
pub use watch::{Watch, check, model};
pub use world::{Job, Message, Place, Wait, World};
