//! The seven ways to round.

use super::wide::power_of_ten;
use super::{DIGITS_MAX, Dec34};

/// Which neighbour a number between two takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The nearer one; between both the even one.
    HalfEven,
    /// The nearer one; between both the one farther from zero.
    HalfUp,
    /// The nearer one; between both the one nearer to zero.
    HalfDown,
    /// The one farther from zero.
    Up,
    /// The one nearer to zero.
    Down,
    /// The lower one.
    Floor,
    /// The higher one.
    Ceiling,
}

impl Dec34 {
    /// Rounds to `scale` digits behind the point (before it when negative); `None` when that is too large.
    pub fn round(self, scale: i32, mode: Rounding) -> Option<Self> {
        let target = scale.checked_neg()?;
        let drop = i64::from(target) - i64::from(self.exponent);
        if drop <= 0 || self.is_zero() {
            return Some(self);
        }
        let coefficient = self.coefficient();
        let drop = u32::try_from(drop).unwrap_or(u32::MAX);
        let (kept, up) = if drop > DIGITS_MAX {
            // far below the last kept digit: less than a tenth of it
            (0, is_up(mode, self.negative, 0, 1, 10, false))
        } else {
            let unit = power_of_ten(drop);
            let kept = coefficient / unit;
            (kept, is_up(mode, self.negative, kept, coefficient % unit, unit, false))
        };
        Self::rounded(self.negative, kept + u128::from(up), target, false)
    }

    /// Returns the largest integer that is not greater.
    pub fn floor(self) -> Option<Self> {
        self.round(0, Rounding::Floor)
    }

    /// Returns the smallest integer that is not less.
    pub fn ceiling(self) -> Option<Self> {
        self.round(0, Rounding::Ceiling)
    }
}

/// Tells whether a magnitude `kept + rest / unit` rounds away from zero.
pub(super) fn is_up(
    mode: Rounding,
    negative: bool,
    kept: u128,
    rest: u128,
    unit: u128,
    sticky: bool,
) -> bool {
    let exact = rest == 0 && !sticky;
    let half = rest.cmp(&(unit / 2));
    let (above, tie) = (half.is_gt() || half.is_eq() && sticky, half.is_eq() && !sticky);
    match mode {
        _ if exact => false,
        Rounding::HalfEven => above || tie && kept % 2 == 1,
        Rounding::HalfUp => above || tie,
        Rounding::HalfDown => above,
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Floor => negative,
        Rounding::Ceiling => !negative,
    }
}
