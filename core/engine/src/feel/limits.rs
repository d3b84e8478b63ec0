//! Constants of the language: the same everywhere, or replay would differ between machines.

/// The longest expression, in bytes.
pub const EXPRESSION_BYTES_MAX: u32 = 16 * 1024;
/// How deep an expression may nest.
pub const NESTING_MAX: u32 = 64;
/// How many parameters a function may have.
pub const PARAMETERS_MAX: u32 = 64;
/// How many nested evaluations, calls included, may be under way.
pub const EVALUATION_DEPTH_MAX: u32 = 192;
/// How deep lists, contexts, ranges and functions may nest in a value.
pub const VALUE_DEPTH_MAX: u32 = 64;
/// The largest value, by weight: one per value and per byte of text. Parts that a value holds several times count as often:
/// it is written out in full wherever it goes.
pub const VALUE_WEIGHT_MAX: u64 = 4 * 1024 * 1024;
/// The fuel of one evaluation when the caller says nothing else.
pub const FUEL_DEFAULT: u64 = 1_000_000;
/// How many warnings one evaluation keeps.
pub const WARNINGS_MAX: u32 = 64;
