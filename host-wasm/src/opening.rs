//! A log file that comes bit by bit.

use dacapo_engine::kernel::DigestMode;
use dacapo_log::replay;
use dacapo_log::wire::ReadLimits;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::refused;
use crate::replay::Replay;

/// A log file that is being read; `Replay.open` drives it.
#[wasm_bindgen]
pub struct Opening {
    opening: replay::Opening,
}

#[wasm_bindgen]
impl Opening {
    /// Begins a file of about so many bytes; 0 if that is not known.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes_expected: f64) -> Self {
        Self { opening: replay::Opening::new(bytes_expected as usize, ReadLimits::UNTRUSTED) }
    }

    /// How many frames were read.
    #[wasm_bindgen(getter)]
    pub fn frames(&self) -> f64 {
        self.opening.frame_count() as f64
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.opening.push(bytes);
    }

    /// Reads at most so many frames; returns whether there may be more to read at once.
    ///
    /// # Errors
    ///
    /// Throws if the file is damaged or begins after genesis.
    pub fn read(&mut self, frames_max: u32) -> Result<bool, JsValue> {
        self.opening.read(frames_max).map_err(|error| refused(&error))
    }

    /// Ends: no more bytes come. The digest of every step is compared with the log's, unless it is not wanted.
    ///
    /// # Errors
    ///
    /// Throws as [`Opening::read`], and if the file is cut off.
    pub fn finish(&mut self, digests: Option<bool>) -> Result<Replay, JsValue> {
        let none = replay::Opening::new(0, ReadLimits::UNTRUSTED);
        let opening = core::mem::replace(&mut self.opening, none);
        let is_wanted = digests.unwrap_or(true);
        let mode = if is_wanted { DigestMode::Every } else { DigestMode::OnDemand };
        let player = opening.finish(mode).map_err(|error| refused(&error))?;
        Ok(Replay::of(player))
    }
}
