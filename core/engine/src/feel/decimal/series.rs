//! Exponential function, natural logarithm and powers, by series in fixed-point arithmetic: the same digits on
//! every machine. Results are correct to the last of 34 digits but for ties closer than 10^-20 of it.

use super::fixed::Fixed;
use super::wide::digits;
use super::{Dec34, EXPONENT_ADJUSTED_MAX};

/// A fixed-point number with a sign.
#[derive(Clone, Copy)]
struct Signed {
    negative: bool,
    magnitude: Fixed,
}

impl Dec34 {
    /// Returns e to the power of this; `None` when that is too large.
    pub fn exponential(self) -> Option<Self> {
        let (negative, coefficient, exponent) = self.to_parts();
        match Fixed::from_decimal(coefficient, exponent) {
            Some(magnitude) => Signed { negative, magnitude }.exponential(),
            None if negative => Some(Self::ZERO),
            None => None,
        }
    }

    /// Returns the natural logarithm; `None` unless this is above zero.
    pub fn logarithm(self) -> Option<Self> {
        let logarithm = Signed::logarithm(self)?;
        logarithm.magnitude.to_decimal(logarithm.negative, 0)
    }

    /// Raises a number that is not negative to any power; `None` when the result is too large or does not exist.
    pub fn raised(self, power: Self) -> Option<Self> {
        if self.is_zero() {
            return (!power.is_negative() && !power.is_zero()).then_some(Self::ZERO);
        }
        let logarithm = Signed::logarithm(self)?;
        let (negative, coefficient, exponent) = power.to_parts();
        let negative = negative != logarithm.negative;
        if logarithm.magnitude == Fixed::default() {
            return Some(Self::ONE);
        }
        match Fixed::from_decimal(coefficient, exponent).filter(|it| it.integer() < POWER_END) {
            Some(power) => {
                let magnitude = logarithm.magnitude.times(power);
                Signed { negative, magnitude }.exponential()
            }
            None if negative => Some(Self::ZERO),
            None => None,
        }
    }
}

impl Signed {
    /// Returns e to the power of this: as `10^k × e^r` with `r` between 0 and the logarithm of 10.
    fn exponential(self) -> Option<Dec34> {
        let limit = Fixed::from_integer(EXPONENT_END);
        if self.magnitude.compare(limit).is_ge() {
            return self.negative.then_some(Dec34::ZERO);
        }
        let mut tens = 0u64;
        // 0.4342 is just below the number of tens in one
        let estimate = self.magnitude.integer() as u64 * 4342 / 10_000;
        let mut rest = self.magnitude.minus(Fixed::LN_10.multiplied(estimate));
        tens += estimate;
        while rest.compare(Fixed::LN_10).is_ge() {
            rest = rest.minus(Fixed::LN_10);
            tens += 1;
        }
        let mut exponent = tens as i32;
        if self.negative && rest != Fixed::default() {
            rest = Fixed::LN_10.minus(rest);
            exponent += 1;
        }
        exponential_of_small(rest)
            .to_decimal(false, if self.negative { -exponent } else { exponent })
    }

    fn logarithm(number: Dec34) -> Option<Self> {
        let (negative, coefficient, exponent) = number.to_parts();
        if negative || coefficient == 0 {
            return None;
        }
        // a mantissa from 1 to below 10
        let shift = digits(coefficient) as i32 - 1;
        let mut mantissa = Fixed::from_decimal(coefficient, -shift)?;
        let mut halvings = 0;
        while mantissa.compare(HALVED_ABOVE).is_gt() {
            mantissa = mantissa.divided(2);
            halvings += 1;
        }
        let negative = mantissa.compare(Fixed::ONE).is_lt();
        let distance = match negative {
            true => Fixed::ONE.minus(mantissa),
            false => mantissa.minus(Fixed::ONE),
        };
        let ratio = distance.ratio(mantissa.plus(Fixed::ONE));
        let tens = exponent.saturating_add(shift);
        let tens = Self {
            negative: tens < 0,
            magnitude: Fixed::LN_10.multiplied(tens.unsigned_abs().into()),
        };
        let twos = Self { negative: false, magnitude: Fixed::LN_2.multiplied(halvings) };
        let rest = Self { negative, magnitude: inverse_tangent(ratio).multiplied(2) };
        Some(tens.plus(twos).plus(rest))
    }

    fn plus(self, other: Self) -> Self {
        if self.negative == other.negative {
            return Self { magnitude: self.magnitude.plus(other.magnitude), ..self };
        }
        match self.magnitude.compare(other.magnitude).is_ge() {
            true => Self { magnitude: self.magnitude.minus(other.magnitude), ..self },
            false => Self { magnitude: other.magnitude.minus(self.magnitude), ..other },
        }
    }
}

/// Returns e to the power of a number up to the logarithm of 10.
fn exponential_of_small(power: Fixed) -> Fixed {
    let small = power.divided(1 << SQUARINGS);
    let (mut sum, mut term, mut count) = (Fixed::ONE, Fixed::ONE, 0);
    while term != Fixed::default() {
        count += 1;
        term = term.times(small).divided(count);
        sum = sum.plus(term);
    }
    (0..SQUARINGS).fold(sum, |root, _| root.times(root))
}

/// Returns the inverse hyperbolic tangent of a number up to 0.2.
fn inverse_tangent(ratio: Fixed) -> Fixed {
    let square = ratio.times(ratio);
    let (mut sum, mut power, mut count) = (ratio, ratio, 1);
    while power != Fixed::default() {
        count += 2;
        power = power.times(square);
        sum = sum.plus(power.divided(count));
    }
    sum
}

/// Each one halves the terms of the series and adds a bit of error.
const SQUARINGS: u32 = 8;
/// 1.5.
const HALVED_ABOVE: Fixed = Fixed::one_and_a_half();
/// e to the power of this is larger than any number, and its inverse smaller.
const EXPONENT_END: u128 = 3 * EXPONENT_ADJUSTED_MAX as u128;
/// Times a logarithm, which is below 2^14, this stays below 2^128.
const POWER_END: u128 = 1 << 113;
