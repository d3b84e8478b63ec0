//! Decimal numbers of 34 digits, as IEEE 754 decimal128 has them, without NaN, infinities and negative zero.
//!
//! A number is observed by its value only: `1.10` and `1.1` are the same number in every operation,
//! print the same and are stored as the same bytes.

mod arithmetic;
mod fixed;
mod rounding;
mod series;
mod text;
mod wide;

#[cfg(test)]
mod tests;

pub use rounding::Rounding;
pub use text::DecimalError;

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use wide::{digits, power_of_ten};

/// A decimal number of up to 34 digits, between ±10^-6176 and ±(10^6145 - 10^6111).
#[derive(Clone, Copy)]
pub struct Dec34 {
    // two halves instead of one u128, whose alignment would make every value a third larger
    high: u64,
    low: u64,
    exponent: i16,
    negative: bool,
}

impl Dec34 {
    /// Zero.
    pub const ZERO: Self = Self { high: 0, low: 0, exponent: 0, negative: false };
    /// One.
    pub const ONE: Self = Self { high: 0, low: 1, exponent: 0, negative: false };

    /// Builds `±coefficient × 10^exponent`, rounded half even to 34 digits; `None` when it is too large.
    pub fn from_parts(negative: bool, coefficient: u128, exponent: i32) -> Option<Self> {
        Self::rounded(negative, coefficient, exponent, false)
    }

    /// Returns sign, coefficient and exponent without trailing zeros in the coefficient.
    pub fn to_parts(self) -> (bool, u128, i32) {
        let mut coefficient = self.coefficient();
        let mut exponent = i32::from(self.exponent);
        while coefficient != 0 && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        (self.negative, coefficient, if coefficient == 0 { 0 } else { exponent })
    }

    /// Returns the integer it is, or `None` when it has a fraction or does not fit.
    pub fn to_i64(self) -> Option<i64> {
        i64::try_from(self.to_i128()?).ok()
    }

    /// Returns the integer it is, or `None` when it has a fraction or does not fit.
    pub fn to_i128(self) -> Option<i128> {
        let magnitude = match self.exponent {
            0 => self.coefficient(),
            _ => {
                let (_, coefficient, exponent) = self.to_parts();
                coefficient.checked_mul(10u128.checked_pow(u32::try_from(exponent).ok()?)?)?
            }
        };
        let magnitude = i128::try_from(magnitude).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// Tells whether it has no fraction.
    pub fn is_integer(self) -> bool {
        self.exponent >= 0 || self.to_parts().2 >= 0
    }

    /// Tells whether it is zero.
    pub fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// Tells whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// Returns it with the other sign.
    pub fn negate(self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self }
    }

    /// Returns it without its sign.
    pub fn absolute(self) -> Self {
        Self { negative: false, ..self }
    }

    /// Returns how large it is when written out, if that is remarkable: its distance from the point in digits.
    pub(crate) fn bulk(self) -> u64 {
        // with 34 digits these are within 64 in any case
        if (-30..=30).contains(&self.exponent) {
            return 0;
        }
        // only the value counts here, not how it is held: trailing zeros cancel out
        let top = i64::from(digits(self.coefficient())) + i64::from(self.exponent);
        if top.unsigned_abs() > BULK_MIN { top.unsigned_abs() } else { 0 }
    }

    fn coefficient(self) -> u128 {
        (u128::from(self.high) << 64) | u128::from(self.low)
    }

    fn new(negative: bool, coefficient: u128, exponent: i16) -> Self {
        let exponent = if coefficient == 0 { 0 } else { exponent };
        Self {
            high: (coefficient >> 64) as u64,
            low: coefficient as u64,
            exponent,
            negative: negative && coefficient != 0,
        }
    }

    /// Rounds half even; `sticky` tells that something above zero was cut off below the coefficient.
    fn rounded(negative: bool, coefficient: u128, exponent: i32, sticky: bool) -> Option<Self> {
        if !sticky && coefficient < COEFFICIENT_END && PLAIN_EXPONENTS.contains(&exponent) {
            return Some(Self::new(negative, coefficient, exponent as i16));
        }
        let length = digits(coefficient);
        let below = i64::from(EXPONENT_MIN) - i64::from(exponent);
        let drop = i64::from(length).saturating_sub(DIGITS_MAX.into()).max(below).max(0);
        if drop > i64::from(length) || drop > 38 {
            return Some(Self::ZERO);
        }
        let drop = u32::try_from(drop).unwrap_or(u32::MAX);
        let (mut kept, mut exponent) = (coefficient, i64::from(exponent));
        if drop > 0 {
            let unit = power_of_ten(drop);
            kept = coefficient / unit;
            let up = rounding::is_up(
                Rounding::HalfEven,
                negative,
                kept,
                coefficient % unit,
                unit,
                sticky,
            );
            kept += u128::from(up);
            exponent += i64::from(drop);
        }
        if kept >= COEFFICIENT_END {
            kept /= 10;
            exponent += 1;
        }
        if kept == 0 {
            return Some(Self::ZERO);
        }
        if exponent + i64::from(digits(kept)) - 1 > i64::from(EXPONENT_ADJUSTED_MAX) {
            return None;
        }
        Some(Self::new(negative, kept, i16::try_from(exponent).ok()?))
    }

    #[inline]
    fn compare_magnitude(self, other: Self) -> Ordering {
        if self.exponent == other.exponent {
            return (self.high, self.low).cmp(&(other.high, other.low));
        }
        self.compare_scaled(other)
    }

    fn compare_scaled(self, other: Self) -> Ordering {
        let (left, right) = (self.coefficient(), other.coefficient());
        if left == 0 || right == 0 {
            return left.cmp(&right);
        }
        let adjusted = |coefficient, exponent| digits(coefficient) as i32 + i32::from(exponent);
        let (left_top, right_top) =
            (adjusted(left, self.exponent), adjusted(right, other.exponent));
        // the same number of digits before the point: the shorter one is padded to the longer, ≤ 34 digits
        left_top.cmp(&right_top).then_with(|| {
            let shift = i32::from(self.exponent) - i32::from(other.exponent);
            let unit = power_of_ten(shift.unsigned_abs());
            match shift > 0 {
                true => left.saturating_mul(unit).cmp(&right),
                false => left.cmp(&right.saturating_mul(unit)),
            }
        })
    }
}

impl Default for Dec34 {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Ord for Dec34 {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_magnitude(*other),
            (true, true) => other.compare_magnitude(*self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Dec34 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Dec34 {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Dec34 {}

impl Hash for Dec34 {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_parts().hash(state);
    }
}

impl From<i64> for Dec34 {
    fn from(value: i64) -> Self {
        Self { high: 0, low: value.unsigned_abs(), exponent: 0, negative: value < 0 }
    }
}

impl From<u64> for Dec34 {
    fn from(value: u64) -> Self {
        Self { high: 0, low: value, exponent: 0, negative: false }
    }
}

impl From<i32> for Dec34 {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<u32> for Dec34 {
    fn from(value: u32) -> Self {
        u64::from(value).into()
    }
}

const BULK_MIN: u64 = 64;
const DIGITS_MAX: u32 = 34;
/// Ten to the power of 34.
const COEFFICIENT_END: u128 = 10_000_000_000_000_000_000_000_000_000_000_000;
/// With these, 34 digits are neither too large nor too small.
const PLAIN_EXPONENTS: core::ops::RangeInclusive<i32> = -6176..=6111;
const EXPONENT_MIN: i32 = -6176;
const EXPONENT_ADJUSTED_MAX: i32 = 6144;
