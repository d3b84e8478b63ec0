//! Addition, multiplication, division, powers and roots; every result is rounded half even once.

use super::wide::{Wide, digits, power_of_ten};
use super::{DIGITS_MAX, Dec34};

impl Dec34 {
    /// Adds; `None` when the sum is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.exponent == other.exponent {
            let (left, right) = (self.coefficient(), other.coefficient());
            let exponent = self.exponent.into();
            return Self::sum(self.negative, left, other.negative, right, exponent, false);
        }
        match (self.is_zero(), other.is_zero()) {
            (true, _) => Some(other),
            (_, true) => Some(self),
            _ if self.exponent > other.exponent => self.add_shifted(other),
            _ => other.add_shifted(self),
        }
    }

    /// Subtracts; `None` when the difference is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.negate())
    }

    /// Multiplies; `None` when the product is too large.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let negative = self.negative != other.negative;
        let exponent = i32::from(self.exponent) + i32::from(other.exponent);
        if self.high == 0 && other.high == 0 {
            let product = u128::from(self.low) * u128::from(other.low);
            return Self::rounded(negative, product, exponent, false);
        }
        let product = Wide::product(self.coefficient(), other.coefficient());
        // four digits more than needed, so that `rounded` sees the rounding digit and the sticky rest
        let drop = product.excess(DIGITS_MAX).saturating_sub(4);
        let (kept, rest) = product.split(drop);
        Self::rounded(negative, kept, exponent + drop as i32, rest != 0)
    }

    /// Divides; `None` when the divisor is zero or the quotient too large.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        let (left, right) = (self.coefficient(), other.coefficient());
        let mut quotient = left.checked_div(right)?;
        let mut rest = left - quotient * right;
        let mut exponent = i32::from(self.exponent) - i32::from(other.exponent);
        // as many digits at a time as 128 bits can take; two more than kept for correct rounding
        let room = 38 - digits(right);
        while rest != 0 && digits(quotient) < DIGITS_MAX + 2 {
            let step = room.min(DIGITS_MAX + 2 - digits(quotient)).max(1);
            let unit = power_of_ten(step);
            let scaled = rest.checked_mul(unit)?;
            let part = scaled / right;
            // multiplying back is much cheaper than a second division
            rest = scaled - part * right;
            quotient = quotient.checked_mul(unit)?.checked_add(part)?;
            exponent -= step as i32;
        }
        Self::rounded(self.negative != other.negative, quotient, exponent, rest != 0)
    }

    /// Returns the rest of the division truncated towards zero; `None` when the divisor is zero.
    pub fn checked_rem(self, other: Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        if self.compare_magnitude(other).is_lt() {
            return Some(self);
        }
        let (left, right) = (self.coefficient(), other.coefficient());
        let shift = i32::from(self.exponent) - i32::from(other.exponent);
        if shift >= 0 {
            let rest = shifted_remainder(left, shift.unsigned_abs(), right)?;
            return Some(Self::new(self.negative, rest, other.exponent));
        }
        // the dividend is the larger number, so the padded divisor has no more digits than it
        let divisor = right.checked_mul(power_of_ten(shift.unsigned_abs()))?;
        Some(Self::new(self.negative, left % divisor, self.exponent))
    }

    /// Returns the rest with the sign of the divisor; `None` when the divisor is zero.
    pub fn checked_modulo(self, other: Self) -> Option<Self> {
        let rest = self.checked_rem(other)?;
        match rest.is_zero() || rest.negative == other.negative {
            true => Some(rest),
            false => rest.checked_add(other),
        }
    }

    /// Raises to an integer power; `None` when the result is too large or is one divided by zero.
    pub fn checked_pow(self, power: i64) -> Option<Self> {
        match self.power(power.unsigned_abs()) {
            Some(result) if power < 0 => Self::ONE.checked_div(result),
            // one divided by something too large
            None if power < 0 => Some(Self::ZERO),
            result => result,
        }
    }
    /// Returns the square root; `None` for a negative number.
    pub fn square_root(self) -> Option<Self> {
        if self.negative {
            return None;
        }
        if self.is_zero() {
            return Some(Self::ZERO);
        }
        // an even exponent and a radicand of 71 or 72 digits, whose root has 36
        let coefficient = self.coefficient();
        let mut shift = 72 - digits(coefficient);
        if (i32::from(self.exponent) - shift as i32) % 2 != 0 {
            shift -= 1;
        }
        let first = shift.min(38 - digits(coefficient));
        let scaled = coefficient.checked_mul(power_of_ten(first))?;
        let radicand = Wide::product(scaled, power_of_ten(shift - first));
        let (root, inexact) = radicand.square_root();
        Self::rounded(false, root, (i32::from(self.exponent) - shift as i32) / 2, inexact)
    }

    fn power(self, exponent: u64) -> Option<Self> {
        let mut left = exponent;
        let (mut result, mut square) = (Self::ONE, self);
        while left > 0 {
            if left % 2 == 1 {
                result = result.checked_mul(square)?;
            }
            left /= 2;
            // the square behind the last used one may be too large without harm
            if left > 0 {
                square = square.checked_mul(square)?;
            }
        }
        Some(result)
    }

    /// Adds a number of a smaller exponent; neither is zero.
    fn add_shifted(self, lower: Self) -> Option<Self> {
        let distance = (i32::from(self.exponent) - i32::from(lower.exponent)).unsigned_abs();
        if self.high == 0 && distance <= 18 {
            let high = u128::from(self.low) * power_of_ten(distance);
            return Self::sum(
                self.negative,
                high,
                lower.negative,
                lower.coefficient(),
                lower.exponent.into(),
                false,
            );
        }
        let coefficient = self.coefficient();
        let shift = distance.min(37 - digits(coefficient).min(37));
        let high = coefficient.checked_mul(power_of_ten(shift))?;
        let exponent = i32::from(self.exponent) - shift as i32;
        let cut = distance - shift;
        let low = lower.coefficient();
        let (low, sticky) = match cut {
            0 => (low, false),
            1..=38 => (low / power_of_ten(cut), !low.is_multiple_of(power_of_ten(cut))),
            _ => (0, true),
        };
        // a cut-off part makes the magnitude of a subtrahend larger than `low`
        let low = low + u128::from(sticky && self.negative != lower.negative);
        Self::sum(self.negative, high, lower.negative, low, exponent, sticky)
    }

    /// Adds two coefficients of the same exponent.
    fn sum(
        left_negative: bool,
        left: u128,
        right_negative: bool,
        right: u128,
        exponent: i32,
        sticky: bool,
    ) -> Option<Self> {
        if left_negative == right_negative {
            Self::rounded(left_negative, left.checked_add(right)?, exponent, sticky)
        } else if left >= right {
            Self::rounded(left_negative, left - right, exponent, sticky)
        } else {
            Self::rounded(right_negative, right - left, exponent, sticky)
        }
    }
}

/// Returns `value × 10^shift mod divisor`.
fn shifted_remainder(value: u128, shift: u32, divisor: u128) -> Option<u128> {
    let step_max = (38 - digits(divisor)).max(1);
    let mut rest = value.checked_rem(divisor)?;
    let mut left = shift;
    while left > 0 && rest != 0 {
        let step = left.min(step_max);
        rest = rest.checked_mul(power_of_ten(step))? % divisor;
        left -= step;
    }
    Some(rest)
}
