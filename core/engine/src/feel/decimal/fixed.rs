//! Binary fixed-point numbers with 256 bits behind the point, for the functions that are series.

use core::cmp::Ordering;

use super::wide::power_of_ten;
use super::{DIGITS_MAX, Dec34};

/// A magnitude below 2^128 with 256 bits behind the point, in 64-bit limbs from the lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fixed([u64; LIMBS]);

impl Fixed {
    pub(super) const ONE: Self = Self([0, 0, 0, 0, 1, 0]);
    /// The natural logarithm of 2.
    pub(super) const LN_2: Self = Self([
        0x8a0d_175b_8baa_fa2c,
        0x40f3_4326_7298_b62d,
        0xc9e3_b398_03f2_f6af,
        0xb172_17f7_d1cf_79ab,
        0,
        0,
    ]);
    /// The natural logarithm of 10.
    pub(super) const LN_10: Self = Self([
        0x0f18_7a08_07c0_b5ca,
        0x8a3f_b3e7_6977_e43a,
        0xa95b_58ae_0b4c_28a3,
        0x4d76_3776_aaa2_b05b,
        2,
        0,
    ]);

    pub(super) const fn one_and_a_half() -> Self {
        Self([0, 0, 0, 1 << 63, 1, 0])
    }

    /// Returns `coefficient × 10^exponent`, cut; `None` when it is not below 2^128.
    pub(super) fn from_decimal(coefficient: u128, exponent: i32) -> Option<Self> {
        if exponent >= 0 {
            let unit = 10u128.checked_pow(exponent.unsigned_abs())?;
            return Some(Self::from_integer(coefficient.checked_mul(unit)?));
        }
        let mut value = Self::from_integer(coefficient);
        let mut left = exponent.unsigned_abs();
        while left > 0 && value != Self::default() {
            let step = left.min(19);
            value = value.divided(power_of_ten(step) as u64);
            left -= step;
        }
        Some(value)
    }

    pub(super) fn from_integer(value: u128) -> Self {
        Self([0, 0, 0, 0, value as u64, (value >> 64) as u64])
    }

    /// Returns the part before the point.
    pub(super) fn integer(self) -> u128 {
        let [.., low, high] = self.0;
        (u128::from(high) << 64) | u128::from(low)
    }

    pub(super) fn has_fraction(self) -> bool {
        self.0.iter().take(FRACTION_LIMBS).any(|limb| *limb != 0)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let mut carry = false;
        self.zipped(other, |left, right| {
            let (sum, is_over) = left.carrying_add(right, carry);
            carry = is_over;
            sum
        })
    }

    /// Subtracts a number that is not larger.
    pub(super) fn minus(self, other: Self) -> Self {
        let mut borrow = false;
        self.zipped(other, |left, right| {
            let (difference, is_under) = left.borrowing_sub(right, borrow);
            borrow = is_under;
            difference
        })
    }

    /// Multiplies; the product must stay below 2^128.
    pub(super) fn times(self, other: Self) -> Self {
        let mut product = [0u64; 2 * LIMBS];
        for (place, left) in self.0.iter().enumerate() {
            let mut carry = 0;
            let factors = other.0.iter().copied().chain([0]);
            for (slot, right) in product.iter_mut().skip(place).zip(factors) {
                (*slot, carry) = left.carrying_mul_add(right, *slot, carry);
            }
        }
        let mut kept = Self::default();
        for (limb, slot) in kept.0.iter_mut().zip(product.iter().skip(FRACTION_LIMBS)) {
            *limb = *slot;
        }
        kept
    }

    /// Multiplies by an integer; the product must stay below 2^128.
    pub(super) fn multiplied(mut self, factor: u64) -> Self {
        let mut carry = 0;
        for limb in &mut self.0 {
            (*limb, carry) = limb.carrying_mul(factor, carry);
        }
        self
    }

    /// Divides by an integer other than zero.
    pub(super) fn divided(mut self, divisor: u64) -> Self {
        let divisor = u128::from(divisor.max(1));
        let mut rest = 0u128;
        for limb in self.0.iter_mut().rev() {
            let value = (rest << 64) | u128::from(*limb);
            *limb = (value / divisor) as u64;
            rest = value % divisor;
        }
        self
    }

    /// Divides by a larger number.
    pub(super) fn ratio(self, divisor: Self) -> Self {
        let (mut rest, mut quotient) = (self, Self::default());
        for _ in 0..FRACTION_LIMBS * 64 {
            rest = rest.plus(rest);
            quotient = quotient.plus(quotient);
            if rest.compare(divisor).is_ge() {
                rest = rest.minus(divisor);
                let [lowest, ..] = &mut quotient.0;
                *lowest |= 1;
            }
        }
        quotient
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }

    /// Returns it times `10^exponent`, rounded to a decimal number; `None` when that is too large.
    pub(super) fn to_decimal(self, negative: bool, exponent: i32) -> Option<Dec34> {
        let (mut value, mut exponent) = (self, exponent);
        // three digits more than are kept; a number so small that this ends early is zero
        for _ in 0..SCALE_MAX {
            if value.integer() >= power_of_ten(DIGITS_MAX + 2) {
                break;
            }
            value = value.multiplied(10);
            exponent -= 1;
        }
        Dec34::rounded(negative, value.integer(), exponent, value.has_fraction())
    }

    fn zipped(mut self, other: Self, mut join: impl FnMut(u64, u64) -> u64) -> Self {
        for (left, right) in self.0.iter_mut().zip(other.0) {
            *left = join(*left, right);
        }
        self
    }
}

const LIMBS: usize = 6;
const FRACTION_LIMBS: usize = 4;
const SCALE_MAX: u32 = 112;
