//! What a reader takes from bytes that it does not trust.

/// The greatest sizes that a reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// The greatest frame, in bytes.
    pub frame_bytes: u32,
    /// The greatest body of one record, in bytes.
    pub record_bytes: u32,
}

impl ReadLimits {
    /// The limits for bytes from the own store: a frame of 64 MiB.
    pub const TRUSTED: Self = Self { frame_bytes: FRAME_BYTES_MAX, record_bytes: FRAME_BYTES_MAX };
    /// The limits for bytes from anywhere: a frame of 64 MiB, a record of 4 MiB.
    pub const UNTRUSTED: Self = Self { frame_bytes: FRAME_BYTES_MAX, record_bytes: 4 << 20 };
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self::TRUSTED
    }
}

/// The greatest frame that is ever written, in bytes.
pub const FRAME_BYTES_MAX: u32 = 64 << 20;
