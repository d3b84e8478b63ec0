//! The purity probe: the core as bare Wasm. It imports nothing, exports what stands here, and says
//! the same as the native core about the same bytes.

use dacapo_engine::feel::json;
use dacapo_engine::kernel::{ByteSink, StateDigest, row_hash};

/// Gives the host room for `length` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(length: usize) -> *mut u8 {
    Box::leak(vec![0; length].into_boxed_slice()).as_mut_ptr()
}

/// Takes the room back, filled, and returns what [`digest`] says about it.
///
/// # Safety
///
/// `bytes` must come from [`alloc`], called with the same length, and is gone afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn replay(bytes: *mut u8, length: usize) -> u64 {
    // SAFETY: the caller hands back what `alloc` leaked.
    let bytes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(bytes, length)) };
    digest(&bytes)
}

/// Returns the first eight bytes of the digest of a table whose rows are lines of JSON.
pub fn digest(bytes: &[u8]) -> u64 {
    let mut digest = StateDigest::default();
    for (key, line) in (0_u64..).zip(String::from_utf8_lossy(bytes).lines()) {
        let value = json::parse(line, &json::JsonLimits::default());
        let shown = value.map_or_else(|error| error.to_string(), |value| json::print(&value));
        digest.add(row_hash(&mut ByteSink::default(), 1, &key, &shown));
    }
    u64::from_le_bytes(digest.short())
}
