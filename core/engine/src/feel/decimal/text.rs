//! Decimal text: reads plain and scientific notation, writes plain notation only.

use core::fmt;
use core::str::FromStr;

use super::{Dec34, wide::digits};

/// Why a text is not a decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// It is not written like a number.
    #[error("expected a decimal number such as -1.5 or 2e3")]
    Malformed,
    /// It has more than 6,145 digits before the point.
    #[error("expected a number below 10^6145")]
    TooLarge,
}

impl FromStr for Dec34 {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        if let Some(number) = short(text) {
            return Ok(number.into());
        }
        let (negative, text) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, parse_power(power)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return Err(DecimalError::Malformed);
        }
        let mut coefficient: u128 = 0;
        let mut exponent = power.saturating_sub(fraction.len() as i64);
        let mut sticky = false;
        for byte in whole.bytes().chain(fraction.bytes()) {
            let digit = u128::from(byte.saturating_sub(b'0'));
            if digits(coefficient) < 37 {
                coefficient = coefficient * 10 + digit;
            } else {
                sticky |= digit != 0;
                exponent = exponent.saturating_add(1);
            }
        }
        let exponent = exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        Self::rounded(negative, coefficient, exponent, sticky).ok_or(DecimalError::TooLarge)
    }
}

impl fmt::Display for Dec34 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, coefficient, exponent) = self.to_parts();
        if negative {
            formatter.write_str("-")?;
        }
        if exponent >= 0 {
            return write!(formatter, "{coefficient}{:0<1$}", "", exponent.unsigned_abs() as usize);
        }
        let fraction = exponent.unsigned_abs();
        match 10u128.checked_pow(fraction) {
            Some(unit) if coefficient >= unit => {
                let width = fraction as usize;
                write!(formatter, "{}.{:0width$}", coefficient / unit, coefficient % unit)
            }
            _ => write!(formatter, "0.{coefficient:0width$}", width = fraction as usize),
        }
    }
}

impl fmt::Debug for Dec34 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads a number of a few digits and nothing else, as most are.
fn short(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > SHORT_MAX {
        return None;
    }
    text.bytes().try_fold(0u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(sum * 10 + digit)
    })
}

fn parse_power(text: &str) -> Result<i64, DecimalError> {
    let (negative, number) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..).unwrap_or_default()),
        Some(b'+') => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Malformed);
    }
    let digit = |byte: u8| i64::from(byte.saturating_sub(b'0'));
    let power =
        number.bytes().fold(0i64, |sum, it| sum.saturating_mul(10).saturating_add(digit(it)));
    Ok(if negative { -power } else { power })
}

/// So many digits fit into 64 bits.
const SHORT_MAX: usize = 19;
