//! Rules about a whole process, in the arrow notation.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::bpmn::{ProblemCode, XmlLimits, notation, parse};

fn problems(text: &str) -> Vec<String> {
    let xml = notation::to_xml("p", text).unwrap();
    let found = parse("p.bpmn", xml.as_bytes(), &XmlLimits::default()).err().unwrap_or_default();
    found
        .iter()
        .map(|it| it.element_id.clone().unwrap_or_default() + ": " + it.code.as_str())
        .collect()
}

#[test]
fn rules_of_scopes_and_flows() {
    for (text, expected) in [
        ("a:task", "p: start_event_missing"),
        ("a:start ; b:start", "b: start_event_not_unique"),
        ("start ; s:sub{ a:task }", "s: start_event_missing"),
        ("start ; s:sub{ a:start ; b:start }", "b: start_event_not_unique"),
        ("start ; s:sub{ a:start(timer PT1S) }", "a: start_event_not_none"),
        ("s:start ; t:task -> s", "t_to_s: incoming_not_allowed"),
        ("start -> end -> t:task", "end_to_t: outgoing_not_allowed"),
        (
            "start -> t:task ; b:boundary(error, on=t) -> end ; t -> b",
            "t_to_b: incoming_not_allowed",
        ),
        ("start -> t:task ; b:boundary(error, on=t)", "b: outgoing_missing"),
        ("start -> t:task -[a]-> end", "t_to_end: condition_not_allowed"),
        ("start -> g:and -[a]-> end", "g_to_end: condition_not_allowed"),
        ("start -> x:xor ; x -[a]-> b:end ; x -> c:end", "x_to_c: condition_missing"),
        ("start -> x:xor ; x -[else]-> b:end ; x -> c:end", "x_to_c: condition_missing"),
    ] {
        assert_eq!(problems(text), [expected], "{text}");
    }
}

#[test]
fn rules_of_events() {
    for (text, expected) in [
        ("start -> g:events -> t:timer(PT1S)", "g: outgoing_missing"),
        (
            "start -> g:events ; g -> t:timer(PT1S) ; g -> u:task",
            "g_to_u: event_gateway_target_invalid",
        ),
        (
            "start -> g:events ; g -> t:timer(PT1S) ; g -> r:receive(m, k)",
            "g_to_r: event_gateway_target_invalid",
        ),
        (
            "start -> g:events ; g -> t:timer(PT1S) ; g -> u:timer(PT2S) ; t -> u",
            "g_to_u: event_gateway_target_invalid",
        ),
        (
            "start -> g:events ; g -> a:catch(message m, k) ; g -> b:catch(message m, j)",
            "b: event_not_unique",
        ),
        ("a:start(message m) ; b:start(message m)", "b: event_not_unique"),
        (
            "start -> t:task ; b:boundary(message m, k, on=t) -> end ; c:boundary(message m, j, on=t) -> end",
            "c: event_not_unique",
        ),
        (
            "start -> t:task ; b:boundary(error A, on=t) -> end ; c:boundary(error A, on=t) -> end",
            "c: event_not_unique",
        ),
        (
            "start -> t:task ; b:boundary(error, on=t) -> end ; c:boundary(error, on=t) -> end",
            "c: event_not_unique",
        ),
        (
            "start -> t:task ; b:boundary(error A, on=t, noninterrupting) -> end",
            "b: error_must_interrupt",
        ),
        ("start -> t:task ; b:boundary(timer R/PT1S, on=t) -> end", "b: timer_cycle_not_allowed"),
        ("start -> t:timer(cycle =c)", "t: timer_cycle_not_allowed"),
        ("start:start(message =name)", "start: expression_not_constant"),
        ("start:start(timer cycle =c)", "start: expression_not_constant"),
        ("start:start(timer soon)", "start: timer_invalid"),
        ("start:start(timer 0 0 * * *)", "start: timer_invalid"),
        ("start:start(timer 0 0 0 31 2 *)", "start: timer_invalid"),
    ] {
        assert_eq!(problems(text), [expected], "{text}");
    }
}

#[test]
fn loops_need_something_to_wait_for() {
    for (text, expected) in [
        ("start -> a:task -> b:manual -> a", Some("b: loop_without_wait")),
        ("start -> a:task -> a", Some("a: loop_without_wait")),
        (
            "start -> x:xor ; y:xor ; x -[a]-> y -> x ; x -[else]-> end",
            Some("y: loop_without_wait"),
        ),
        (
            "start -> a:task -> s:sub{ i:start -> x:xor ; x -[c]-> w:service(w) -> j:end ; x -[else]-> k:end } -> a",
            Some("s: loop_without_wait"),
        ),
        ("start -> a:task -> s:sub{ i:start -> w:service(w) -> k:end } -> a", None),
        ("start -> a:task -> w:service(w) -> a", None),
        ("start -> a:task -> t:timer(PT1S) -> a", None),
        ("start -> a:task -> r:receive(m, k) -> a", None),
        ("start -> x:xor ; x -[n < 9]-> s:script(n = n + 1) -> x ; x -[else]-> end", None),
        ("start -> a:task ; b:boundary(timer PT1S, on=a) -> a ; a -> end", None),
        ("start -> f:and ; f -> a:task -> j:and ; f -> j ; j -> end", None),
        ("s:sub{ i:start -> a:task -> a } ; start", Some("a: loop_without_wait")),
    ] {
        assert_eq!(problems(text), Vec::from_iter(expected), "{text}");
    }
}

#[test]
fn a_long_process_is_checked_without_recursion() {
    let mut text = String::from("start");
    for count in 0..5000 {
        text += &alloc::format!(" -> t{count}:task");
    }
    assert_eq!(problems(&text), [""; 0]);
    assert_eq!(problems(&(text + " -> t0")), ["t4999: loop_without_wait"]);
}

#[test]
fn codes_have_unique_names_in_snake_case() {
    let mut names: Vec<_> = ProblemCode::ALL.iter().map(ToString::to_string).collect();
    let count = names.len();
    assert!(names.iter().all(|it| {
        it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
    }));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
