//! Decodes only those records of a frame that may be what is looked for.

use dacapo_engine::kernel::{AnyCommand, AnyEvent, EventRecord, Machine};
use dacapo_engine::record::{Control, Position, Rejection};

use super::body::{decode_command, decode_control, decode_event, is_control};
use super::decode::rejection;
use super::view::{FrameView, RecordView};
use super::{WireError, WireProblem};

/// A record that was decoded alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Sifted<M: Machine> {
    /// A control record.
    Control(Control),
    /// What was asked.
    Command(AnyCommand<M>),
    /// What happened.
    Event(EventRecord<AnyEvent<M>>),
    /// Why it was refused.
    Rejection(Rejection),
}

/// Decodes the records of a frame that was read before, but for those that a look at the intent and the bytes of the body rules
/// out. A refusal is looked at by the intent of its command.
///
/// # Errors
///
/// One of them is malformed.
pub fn sift<M: Machine>(
    view: &FrameView<'_>,
    is_wanted: impl Fn(u16, &[u8]) -> bool,
    mut told: impl FnMut(Position, Sifted<M>),
) -> Result<(), WireError> {
    let found = |problem: WireProblem| WireError::new(0, problem).at(view.position);
    let asked = &view.command;
    if is_wanted(asked.intent, asked.body) {
        let record = if is_control(asked.intent) {
            decode_control(asked.intent, asked.version, asked.body).map(Sifted::Control)
        } else {
            decode_command(asked.intent, asked.version, asked.body).map(Sifted::Command)
        };
        told(view.position, record.map_err(found)?);
    }
    for (record, offset) in view.records.iter().zip(1..) {
        let (intent, bytes) = match *record {
            RecordView::Event { intent, body, .. } => (intent, body),
            RecordView::Rejection { body } => (asked.intent, body),
        };
        if is_wanted(intent, bytes) {
            let record = match *record {
                RecordView::Event { intent, version, key, body } => {
                    let event = decode_event(intent, version, body);
                    event.map(|event| Sifted::Event(EventRecord { key, event }))
                }
                RecordView::Rejection { body } => rejection::<M>(body).map(Sifted::Rejection),
            };
            told(view.position.plus(offset), record.map_err(found)?);
        }
    }
    Ok(())
}

/// Tells whether bytes hold letters, which are given in small ones, whatever the case of their own.
pub fn has_letters(bytes: &[u8], letters: &str) -> bool {
    let letters = letters.as_bytes();
    let [first, rest @ ..] = letters else { return true };
    let Some(last) = bytes.len().checked_sub(letters.len()) else { return false };
    let starts = bytes.get(..=last).unwrap_or_default();
    let is_same = |(one, other): (&u8, &u8)| one | SMALL == *other;
    // A letter in capitals or not is the same but for one bit; what else has the rest of its bits is no letter, and rare.
    starts.iter().enumerate().any(|(at, byte)| {
        byte | SMALL == *first
            && bytes.get(at + 1..).unwrap_or_default().iter().zip(rest).all(is_same)
    })
}

/// The bit that tells small letters of ASCII from capitals.
const SMALL: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::has_letters;

    #[test]
    fn letters_are_found_wherever_they_stand() {
        for (bytes, letters, is_there) in [
            ("order", "order", true),
            ("my ORDER", "order", true),
            ("orde", "order", false),
            ("oorder", "order", true),
            ("or-der", "order", false),
            ("", "order", false),
            ("", "", true),
        ] {
            assert_eq!(has_letters(bytes.as_bytes(), letters), is_there, "{bytes} {letters}");
        }
    }
}
