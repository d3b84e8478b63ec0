//! Random processes that have lived.

use dacapo_engine::bpmn::notation;
use dacapo_engine::process::Process;
use dacapo_engine::record::Limits;
use dacapo_tests::drive::Drive;
use dacapo_tests::generate::{self, Block};
use dacapo_tests::schedule::{Move, deployed, play};

/// Limits under which most steps are parked.
pub fn small() -> Limits {
    Limits { step_events: 6, ..Limits::default() }
}

pub fn live(block: &Block, life: &[Move], limits: Limits) -> Drive<Process> {
    let mut drive = deployed(&xml(block), limits);
    life.iter().for_each(|step| play(&mut drive, *step));
    drive
}

pub fn xml(block: &Block) -> String {
    let text = generate::notation(block);
    notation::to_xml("p", &text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}
