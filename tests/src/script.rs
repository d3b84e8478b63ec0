//! Random histories of counters.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use dacapo_engine::kernel::Engine;
use dacapo_engine::record::{Control, Limits};

use crate::drive::{Drive, small_limits};
use crate::toy::{
    Add, Break, Command, Decimal, Drain, FanOut, Label, Loop, Roll, SetTimer, Subtract, Toy,
};

/// Something that happens to a log.
#[derive(Clone, Debug)]
pub enum Act {
    /// A client asks, perhaps with a request id.
    Ask(Command, Option<u8>),
    /// Time passes, in milliseconds.
    Pause(u16),
    /// The machine's own commands are stepped, at most so many.
    Internal(u8),
    /// A refusal is imposed.
    Impose,
    /// The limit of events per step changes.
    Limit(u8),
}

/// Makes random histories.
pub fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 1..most)
}

/// Plays a history into a log.
pub fn play(drive: &mut Drive<Toy>, acts: &[Act]) {
    for act in acts {
        match act {
            Act::Ask(command, id) => {
                let id = id.map(|id| format!("r-{id}"));
                drive.request(id.as_deref(), command.clone());
            }
            Act::Pause(ms) => drive.now.0 += i64::from(*ms),
            Act::Internal(most) => {
                drive.internal(usize::from(*most));
            }
            Act::Impose => {
                let rejection = Engine::<Toy>::fault_rejection("tried twice");
                drive.impose(Add { name: "a".into(), amount: 1 }, rejection);
            }
            Act::Limit(events) => {
                let limits = Limits { step_events: u32::from(*events), ..small_limits() };
                drive.control(Control::LimitsChanged { limits });
            }
        }
    }
}

/// Makes the log of a history.
pub fn log(acts: &[Act]) -> Drive<Toy> {
    let mut drive = Drive::new(small_limits());
    play(&mut drive, acts);
    drive
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (command(), prop::option::of(0_u8..6)).prop_map(|(command, id)| Act::Ask(command, id)),
        2 => (0_u16..5_000).prop_map(Act::Pause),
        3 => (1_u8..8).prop_map(Act::Internal),
        1 => Just(Act::Impose),
        1 => (1_u8..20).prop_map(Act::Limit),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let name = || (0_usize..4).prop_map(|at| Arc::<str>::from(["a", "b", "c", "d"][at]));
    prop_oneof![
        (name(), 0_u64..100).prop_map(|(name, amount)| Add { name, amount }.into()),
        (name(), 0_u64..100).prop_map(|(name, amount)| Subtract { name, amount }.into()),
        (name(), 0_u32..40).prop_map(|(name, times)| FanOut { name, times }.into()),
        (name(), 0_u32..40).prop_map(|(name, times)| Loop { name, times }.into()),
        (name(), 0_i64..4_000).prop_map(|(name, after_ms)| SetTimer { name, after_ms }.into()),
        name().prop_map(|name| Break { name }.into()),
        name().prop_map(|name| Drain { name }.into()),
        name().prop_map(|name| Roll { name }.into()),
        (name(), prop::option::of("[0-9]{1,3}\\.[0-9]"), "\\PC{0,20}").prop_map(
            |(name, ratio, text)| {
                let ratio = ratio.map(|digits| Decimal(digits.into()));
                let data = BTreeMap::from([(Arc::from("text"), text.into())]);
                Label { name, ratio, data }.into()
            }
        ),
    ]
}
