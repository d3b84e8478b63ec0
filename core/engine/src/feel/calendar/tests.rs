//! Reading, printing and calculating dates, times and durations.

use alloc::string::ToString;

use super::{
    CalendarError, Cycle, Date, DateTime, DaysDuration, Duration, MonthsDuration, Time,
    parse_duration, parse_interval,
};

fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn date_time(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn counts_days_through_the_whole_range() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("2000-02-29", 11_016),
        ("2100-03-01", 47_541),
        ("0000-03-01", -719_468),
        ("-999999999-01-01", -365_243_219_162),
        ("999999999-12-31", 365_241_780_471),
    ] {
        assert_eq!(date(text).epoch_days(), days, "{text}");
        assert_eq!(date(text).to_string(), text);
    }
    // every day of a cycle of leap years, both ways
    for days in -150_000..150_000 {
        let (year, month, day) = Date::from_epoch_days(days).unwrap_or(Date::EPOCH).parts();
        assert_eq!(Date::new(year, month, day).map(Date::epoch_days), Some(days));
    }
}

#[test]
fn refuses_days_that_do_not_exist() {
    for text in [
        "2023-02-29",
        "2100-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-04-31",
        "26-01-01",
        "02026-01-01",
        "2026-1-1",
        "2026-01-01T",
        "+2026-01-01",
        "1000000000-01-01",
        "2026-01-01Z",
        "",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text:?}");
    }
}

#[test]
fn knows_weekdays_and_weeks() {
    for (text, weekday, week, day_of_year) in [
        ("1970-01-01", 4, 1, 1),
        ("2021-01-03", 7, 53, 3),
        ("2021-01-04", 1, 1, 4),
        ("2020-12-31", 4, 53, 366),
        ("2018-12-31", 1, 1, 365),
    ] {
        let date = date(text);
        assert_eq!(
            (date.weekday(), date.week(), date.day_of_year()),
            (weekday, week, day_of_year),
            "{text}"
        );
    }
}

#[test]
fn adds_months_within_the_month() {
    for (text, months, sum) in [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("0000-01-01", -1, "-0001-12-01"),
    ] {
        let result = date(text).checked_add_months(MonthsDuration::new(months));
        assert_eq!(result, Some(date(sum)), "{text} + {months}");
    }
    assert_eq!(date("999999999-12-31").checked_add_months(MonthsDuration::new(1)), None);
    assert_eq!(date("2026-01-01").checked_add_months(MonthsDuration::new(i64::MAX)), None);
}

#[test]
fn reads_and_prints_times() {
    for (text, printed) in [
        ("10:30:00", "10:30:00"),
        ("T10:30:00Z", "10:30:00Z"),
        ("10:30:00.120", "10:30:00.12"),
        ("10:30:00.1234567899", "10:30:00.123456789"),
        ("10:30:00+02:00", "10:30:00+02:00"),
        ("10:30:00-00:00", "10:30:00Z"),
        ("10:30:00+02:45:55", "10:30:00+02:45:55"),
    ] {
        assert_eq!(
            text.parse::<Time>().map(|time| time.to_string()),
            Ok(printed.to_string()),
            "{text}"
        );
    }
    for text in [
        "24:00:00",
        "10:60:00",
        "10:30",
        "10:30:60",
        "10:30:00+19:00",
        "10:30:00+2",
        "10:30:00.",
        "1:30:00",
    ] {
        assert!(text.parse::<Time>().is_err(), "{text:?}");
    }
    assert_eq!("10:30:00@Europe/Nowhere".parse::<Time>(), Err(CalendarError::UnknownZone));
}

#[test]
fn turns_instants_into_epoch_milliseconds_and_back() {
    for (text, epoch_ms) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-04-01T12:00:00+02:00", 1_775_037_600_000),
    ] {
        assert_eq!(date_time(text).to_epoch_ms(), Some(epoch_ms), "{text}");
        let back = DateTime::from_epoch_ms(epoch_ms);
        assert_eq!(back.compare(date_time(text)), Some(core::cmp::Ordering::Equal), "{text}");
    }
    assert_eq!(date_time("2026-04-01T10:00:00").to_epoch_ms(), None);
    assert_eq!(date_time("2026-04-01T10:00:00").to_epoch_ms_as_utc(), Some(1_775_037_600_000));
    assert_eq!(date_time("999999999-12-31T00:00:00Z").to_epoch_ms(), None);
    for epoch_ms in [i64::MIN, i64::MAX] {
        assert_eq!(DateTime::from_epoch_ms(epoch_ms).to_epoch_ms(), Some(epoch_ms));
    }
}

#[test]
fn reads_and_prints_durations() {
    for (text, printed) in [
        ("P1D", "P1D"),
        ("PT24H", "P1D"),
        ("-PT1H2M", "-PT1H2M"),
        ("PT0.S", "PT0S"),
        ("P0D", "PT0S"),
        ("P1W", "P7D"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("P26M", "P2Y2M"),
        ("-P100M", "-P8Y4M"),
        ("P0Y", "P0M"),
    ] {
        let duration = match parse_duration(text) {
            Ok(Duration::Days(days)) => days.to_string(),
            Ok(Duration::Months(months)) => months.to_string(),
            Err(error) => panic!("{text}: {error}"),
        };
        assert_eq!(duration, printed, "{text}");
    }
    for text in [
        "P",
        "PT",
        "P1",
        "P1H",
        "PT1D",
        "1D",
        "P1Y1D",
        "P1M1Y",
        "PT1S1M",
        "P-1D",
        "P1.5D",
        "P99999999999999999999D",
        "P1DT",
        "",
    ] {
        assert!(parse_duration(text).is_err(), "{text:?}");
    }
}

#[test]
fn adds_intervals_of_months_and_days() {
    let interval = parse_interval("P1M10DT2H").unwrap_or_default();
    assert_eq!(interval.to_string(), "P1M10DT2H");
    let sum = date_time("2026-01-31T23:00:00Z").checked_add_interval(interval);
    assert_eq!(sum, Some(date_time("2026-03-11T01:00:00Z")));
}

#[test]
fn moves_times_around_midnight() {
    let time: Time = "23:00:00".parse().unwrap_or(Time::MIDNIGHT);
    let moved = time.wrapping_add(DaysDuration::from_seconds(2 * 3600));
    assert_eq!(moved.to_string(), "01:00:00");
    assert_eq!(moved.wrapping_add(DaysDuration::from_seconds(-2 * 3600)), time);
}

#[test]
fn reads_cycles() {
    for text in ["R3/PT10S", "R/P1D", "R5/2026-04-01T10:00:00Z/P1M", "R/2026-04-01T10:00:00Z/PT1H"]
    {
        assert_eq!(Cycle::parse(text).map(|cycle| cycle.to_string()), Ok(text.to_string()));
    }
    assert_eq!(Cycle::parse("R//P1D").map(|cycle| cycle.start), Ok(None));
    assert_eq!(Cycle::parse("R0/P1D").map(|cycle| cycle.repetitions), Ok(Some(0)));
    for text in [
        "R3",
        "3/PT10S",
        "R-1/PT10S",
        "Rx/PT10S",
        "R3/PT0S",
        "R3/-PT1S",
        "R3/2026/PT1S",
        "R99999999999/PT1S",
        "R/",
    ] {
        assert!(Cycle::parse(text).is_err(), "{text:?}");
    }
}
