//! The bytes of the log: frames come back as they were, and nothing else is taken for a frame.

mod damage;
mod files;
mod fixture;
mod frames;
mod render;
