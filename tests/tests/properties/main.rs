//! What holds for every process and every life of its instances.

mod fixture;

mod batching;
mod decisions;
mod lives;
mod replaying;
mod searching;
mod slices;
