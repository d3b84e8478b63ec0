//! Logs to read and write.

use std::collections::BTreeMap;
use std::sync::Arc;

use dacapo_engine::kernel::Engine;
use dacapo_engine::record::{Control, Limits};
use dacapo_tests::drive::{Drive, small_limits};
use dacapo_tests::toy::{Add, Break, Decimal, FanOut, Label, Loop, Roll, SetTimer, Subtract, Toy};

/// A log with every kind of frame.
pub fn log() -> Drive<Toy> {
    let mut drive = Drive::<Toy>::new(small_limits());
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 5 });
    drive.request(Some("r-1"), Add { name: "a".into(), amount: 6 });
    drive.send(Subtract { name: "a".into(), amount: 100 });
    drive.send(Subtract { name: "none".into(), amount: 1 });
    drive.send(FanOut { name: "b".into(), times: 20 });
    drive.internal(10);
    drive.send(Loop { name: "c".into(), times: 3 });
    drive.send(SetTimer { name: "a".into(), after_ms: 500 });
    drive.now.0 += 600;
    drive.internal(10);
    drive.send(Break { name: "a".into() });
    drive.send(Roll { name: "a".into() });
    drive.send(label());
    drive.impose(Add { name: "a".into(), amount: 1 }, Engine::<Toy>::fault_rejection("twice"));
    drive.control(Control::ClockOffsetChanged { offset_ms: -5 });
    drive.control(Control::VersionBarrier { semantics: 1 });
    drive.control(Control::LimitsChanged { limits: Limits::default() });
    drive.control(Control::TzdbChanged { tzdb: "2025a".into() });
    drive.control(Control::Floor { hash: [200; 32] });
    drive.control(Control::TailLost { last_acknowledged: 70_000, incarnation: 2 });
    drive
}

pub fn label() -> Label {
    let data = BTreeMap::from([(Arc::from("schlüssel"), Arc::from("wert"))]);
    Label { name: "a".into(), ratio: Some(Decimal("12.50".into())), data }
}
