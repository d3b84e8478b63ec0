//! What the generated models say in text: names, durations, sums and comparisons, and nothing more.

use dacapo_engine::bpmn::{CatchTrigger, MessageSpec, StaticOrExpression, TimerSpec};

use super::places::variable;
use super::world::{Wait, World};

pub(super) fn catch(
    world: &World,
    scope: &[usize],
    id: &str,
    trigger: &CatchTrigger,
    now: i64,
) -> Wait {
    match trigger {
        CatchTrigger::Message(spec) => message(world, scope, id, spec),
        CatchTrigger::Timer(spec) => timer(id, spec, now),
    }
}

pub(super) fn message(world: &World, scope: &[usize], event: &str, spec: &MessageSpec) -> Wait {
    let key = spec.correlation_key.as_ref().expect("a correlation key").source();
    let key = variable(world, scope, key).expect("the key is a variable").to_string();
    let (event, name) = (event.into(), text(&spec.name).into());
    Wait::Message { event, name, key, since: world.counts.1 }
}

/// Durations of whole seconds are all that this game knows.
pub(super) fn timer(event: &str, spec: &TimerSpec, now: i64) -> Wait {
    let TimerSpec::Duration(duration) = spec else { unreachable!("a duration") };
    let seconds = text(duration).trim_start_matches("PT").trim_end_matches('S');
    let seconds: i64 = seconds.parse().expect("a duration such as PT5S");
    Wait::Timer { event: event.into(), due: now + seconds * 1_000 }
}

/// Scripts are sums of a variable and a number.
pub(super) fn sum(world: &World, scope: &[usize], source: &str) -> i64 {
    let (name, number) = source.split_once('+').expect("a sum such as n + 1");
    let value = variable(world, scope, name.trim()).expect("a variable");
    value + number.trim().parse::<i64>().expect("a number")
}

/// Conditions compare a variable with a number.
pub(super) fn is_at_most(world: &World, scope: &[usize], source: &str) -> bool {
    let (name, number) = source.split_once("<=").expect("a comparison such as n <= 1");
    let value = variable(world, scope, name.trim()).expect("a variable");
    value <= number.trim().parse::<i64>().expect("a number")
}

pub(super) fn text(source: &StaticOrExpression) -> &str {
    match source {
        StaticOrExpression::Static(text) => text,
        StaticOrExpression::Expression(it) => {
            unreachable!("expected a text, found {}", it.source())
        }
    }
}
