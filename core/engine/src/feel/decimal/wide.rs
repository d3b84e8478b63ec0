//! The few operations on more than 128 bits that exact decimals need.

/// Returns ten to the power of `exponent`; from 39 on, which 128 bits cannot hold, their maximum.
pub(super) fn power_of_ten(exponent: u32) -> u128 {
    POWERS_OF_TEN.get(exponent as usize).copied().unwrap_or(u128::MAX)
}

/// Returns the number of decimal digits; zero has none.
pub(super) fn digits(value: u128) -> u32 {
    let bits = 128 - value.leading_zeros();
    // 1233 / 4096 is just above log10(2): the estimate is right or one too low
    let estimate = (bits * 1233) >> 12;
    if value >= power_of_ten(estimate) && value != 0 { estimate + 1 } else { estimate }
}

/// A 256-bit unsigned integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    /// Multiplies two 128-bit integers.
    pub(super) fn product(left: u128, right: u128) -> Self {
        let (low, high) = left.carrying_mul(right, 0);
        Self { high, low }
    }

    /// Divides by ten to the power of `digits` (at most 38); the quotient must fit 128 bits.
    pub(super) fn split(self, digits: u32) -> (u128, u128) {
        let first = digits.min(19);
        let second = digits.saturating_sub(19).min(19);
        let (quotient, low) = self.divide(power_of_ten(first) as u64);
        let (quotient, high) = quotient.divide(power_of_ten(second) as u64);
        // high < 10^19 and low < 10^19: the sum stays below 10^38
        (quotient.low, u128::from(high) * power_of_ten(first) + u128::from(low))
    }

    /// Returns the largest integer whose square is not greater, and whether the square is smaller.
    pub(super) fn square_root(self) -> (u128, bool) {
        let mut root: u128 = 0;
        for shift in (0..128).rev() {
            let candidate = root | (1 << shift);
            if Self::product(candidate, candidate) <= self {
                root = candidate;
            }
        }
        (root, Self::product(root, root) < self)
    }

    /// Returns how many digits it has more than `digits_max`, at most 38.
    pub(super) fn excess(self, digits_max: u32) -> u32 {
        let bits = if self.high == 0 {
            128 - self.low.leading_zeros()
        } else {
            256 - self.high.leading_zeros()
        };
        // at most one too low, as in `digits`
        let mut excess = ((bits * 1233) >> 12).saturating_sub(digits_max);
        while excess < 38 && self >= Self::product(power_of_ten(digits_max), power_of_ten(excess)) {
            excess += 1;
        }
        excess
    }

    fn divide(self, divisor: u64) -> (Self, u64) {
        let (first, rest) = divide_step(0, (self.high >> 64) as u64, divisor);
        let (second, rest) = divide_step(rest, self.high as u64, divisor);
        let (third, rest) = divide_step(rest, (self.low >> 64) as u64, divisor);
        let (fourth, rest) = divide_step(rest, self.low as u64, divisor);
        let join = |high: u64, low: u64| (u128::from(high) << 64) | u128::from(low);
        (Self { high: join(first, second), low: join(third, fourth) }, rest)
    }
}

fn divide_step(rest: u64, limb: u64, divisor: u64) -> (u64, u64) {
    let value = (u128::from(rest) << 64) | u128::from(limb);
    let divisor = u128::from(divisor.max(1));
    ((value / divisor) as u64, (value % divisor) as u64)
}

const POWERS_OF_TEN: [u128; 39] = [
    1,
    10,
    100,
    1000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
    10_000_000_000_000_000,
    100_000_000_000_000_000,
    1_000_000_000_000_000_000,
    10_000_000_000_000_000_000,
    100_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000_000_000_000_000,
    1_000_000_000_000_000_000_000_000_000_000_000_000,
    10_000_000_000_000_000_000_000_000_000_000_000_000,
    100_000_000_000_000_000_000_000_000_000_000_000_000,
];
