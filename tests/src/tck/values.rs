//! From the values of test files to values of FEEL, and whether a result is the expected one.

use dacapo_engine::feel::{Context, Dec34, Value};

use super::cases::Expected;

/// Makes a value of what a test file writes.
///
/// # Errors
///
/// The text is none of its type.
pub fn value(expected: &Expected) -> Result<Value, String> {
    match expected {
        Expected::Null => Ok(Value::Null),
        Expected::Text(kind, text) => typed(kind, text)
            .ok_or_else(|| format!("expected a text of type {kind}, found '{text}'")),
        Expected::List(items) => items.iter().map(value).collect::<Result<Value, _>>(),
        Expected::Components(components) => {
            let mut context = Context::new();
            for (name, component) in components {
                context.insert(name.as_str(), value(component)?);
            }
            Ok(context.into())
        }
    }
}

/// Tells whether a result is the expected one. Numbers may differ by less than the files can say: they give irrational
/// results with eight decimals.
pub fn is_expected(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => is_near(*found, *expected),
        (Value::List(found), Value::List(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected.iter()).all(|(found, it)| is_expected(found, it))
        }
        (Value::Context(found), Value::Context(expected)) => {
            found.len() == expected.len()
                && expected.iter().all(|(name, expected)| {
                    found.get(name).is_some_and(|found| is_expected(found, expected))
                })
        }
        // the types of XML Schema have offsets, but no names of time zones
        (Value::DateTime(found), Value::DateTime(expected)) if expected.time().zone().is_none() => {
            found.with_plain_offset() == *expected
        }
        (Value::Time(found), Value::Time(expected)) if expected.zone().is_none() => {
            found.with_offset(found.offset()) == *expected
        }
        (found, expected) => found == expected,
    }
}

fn typed(kind: &str, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    Some(match kind {
        "boolean" => Value::Bool(match trimmed {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        }),
        "decimal" | "double" | "integer" | "int" | "long" | "float" => {
            trimmed.parse::<Dec34>().ok()?.into()
        }
        "date" => Value::Date(trimmed.parse().ok()?),
        "time" => Value::Time(trimmed.parse().ok()?),
        "dateTime" => Value::DateTime(trimmed.parse().ok()?),
        "duration" => match trimmed.parse() {
            Ok(duration) => Value::DaysDuration(duration),
            Err(_) => Value::MonthsDuration(trimmed.parse().ok()?),
        },
        "string" => text.into(),
        _ => return None,
    })
}

fn is_near(found: Dec34, expected: Dec34) -> bool {
    if found == expected {
        return true;
    }
    let Some(distance) = found.checked_sub(expected).map(Dec34::absolute) else { return false };
    let least = |text: &str| text.parse::<Dec34>().expect("a number");
    let share = expected.absolute().checked_mul(least("0.0000001"));
    distance <= least("0.00000001") && share.is_some_and(|share| distance <= share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        typed("decimal", text).expect("a number")
    }

    #[test]
    fn numbers_may_differ_in_the_ninth_decimal_and_nothing_else() {
        assert!(is_expected(&number("54.598150033144239"), &number("54.59815003")));
        assert!(!is_expected(&number("54.5981501"), &number("54.59815003")));
        assert!(!is_expected(&number("0.000000001"), &number("0")));
        assert!(!is_expected(&"a".into(), &"b".into()));
        assert!(!is_expected(&Value::Null, &Value::from(false)));
    }

    #[test]
    fn the_name_of_a_time_zone_is_more_than_a_file_can_say() {
        let moment = |text: &str| typed("dateTime", text).expect("a date and time");
        let zoned = moment("2026-04-01T10:00:00@Europe/Paris");
        assert!(is_expected(&zoned, &moment("2026-04-01T10:00:00+02:00")));
        assert!(!is_expected(&zoned, &moment("2026-04-01T08:00:00Z")));
        assert!(!is_expected(&zoned, &moment("2026-04-01T10:00:00")));
        assert!(!is_expected(&moment("2026-04-01T10:00:00+02:00"), &zoned));
        let time = |text: &str| typed("time", text).expect("a time");
        assert!(is_expected(&time("10:00:00@Etc/UTC"), &time("10:00:00Z")));
        assert!(!is_expected(&time("10:00:00@Etc/UTC"), &time("10:00:00")));
    }
}
