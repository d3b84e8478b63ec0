//! A log file that comes bit by bit and is decided again, none of it kept.

use dacapo_engine::process::Process;
use dacapo_log::replay::Verifier;
use dacapo_log::wire::{LogFileError, LogFileStream, ReadLimits};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::refused;
use crate::names::names;
use crate::verify::{finish, report};

/// Verifies a log file of any size, whole or a slice, in the memory that its state takes.
#[wasm_bindgen]
pub struct Verifying {
    stream: LogFileStream,
    verifier: Option<Verifier<Process>>,
    /// The first thing that is wrong with the file; what a frame says wrong is in the report of the verifier.
    damage: Option<LogFileError>,
    is_over: bool,
}

#[wasm_bindgen]
impl Verifying {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has no other way to begin")]
    pub fn new() -> Self {
        let stream = LogFileStream::new(ReadLimits::UNTRUSTED);
        Self { stream, verifier: None, damage: None, is_over: false }
    }

    /// Takes the next bytes; returns whether more are of use: after the first failure they are not.
    ///
    /// # Errors
    ///
    /// Throws if the bytes do not begin as a log file does.
    pub fn push(&mut self, bytes: &[u8]) -> Result<bool, JsValue> {
        if self.is_over {
            return Ok(false);
        }
        self.stream.push(bytes);
        let Some(header) = self.stream.header().map_err(|error| refused(&error))? else {
            return Ok(true);
        };
        let before = header.before;
        let begin = || Verifier::from_chain(before, ReadLimits::UNTRUSTED, names().clone());
        let verifier = self.verifier.get_or_insert_with(begin);
        let mut has_failed = false;
        let read = self.stream.read(|item| {
            has_failed = verifier.push_item(&item).is_err();
            Ok::<_, LogFileError>(!has_failed)
        });
        self.damage = read.err();
        self.is_over = has_failed || self.damage.is_some();
        Ok(!self.is_over)
    }

    /// Ends: no more bytes come.
    ///
    /// # Errors
    ///
    /// Throws if the bytes do not begin as a log file does.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn finish(self) -> Result<JsValue, JsValue> {
        let cut = if self.is_over { None } else { self.stream.finish().err() };
        let damage = self.damage.or(cut);
        match (self.verifier, damage) {
            (Some(verifier), Some(damage)) => Ok(report(verifier.report(), Some(refused(&damage)))),
            (Some(verifier), None) => Ok(finish(&verifier)),
            (None, Some(damage)) => Err(refused(&damage)),
            (None, None) => Ok(finish(&Verifier::new(ReadLimits::UNTRUSTED, names().clone()))),
        }
    }
}
