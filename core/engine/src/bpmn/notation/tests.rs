use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::to_xml;
use crate::bpmn::{
    BoundaryTrigger, BusinessRuleSpec, CatchTrigger, EndKind, MessageSpec, ScriptSpec,
    StartTrigger, StaticOrExpression, TimerSpec,
};
use crate::bpmn::{ElementKind, ExecutableProcess, Problem, XmlLimits, parse};

fn read(notation: &str) -> ExecutableProcess {
    let xml = to_xml("p", notation).unwrap();
    let processes = parse("p.bpmn", xml.as_bytes(), &XmlLimits::default());
    processes.unwrap_or_else(|it| panic!("{it:#?}\n{xml}")).remove(0)
}

/// Prints a process so that every part of a model that a notation can say is seen.
fn print(process: &ExecutableProcess) -> Vec<String> {
    let elements = process.elements().iter().skip(1).map(|it| {
        let mut line = format!("{}:{}", it.id, kind(&it.kind));
        let scope = it.scope.and_then(|it| process.element(it)).unwrap();
        if scope.scope.is_some() {
            line += &format!(" in {}", scope.id);
        }
        if let Some(host) = it.attached_to.and_then(|it| process.element(it)) {
            line += &format!(" on {}", host.id);
        }
        for (word, mappings) in [("in", &it.inputs), ("out", &it.outputs)] {
            for mapping in mappings {
                line += &format!(" {word}({}<{})", mapping.target.join("."), text(&mapping.source));
            }
        }
        line
    });
    let flows = process.flows().iter().map(|it| {
        let id = |at| process.element(at).unwrap().id.clone();
        let condition = it.condition.as_ref().map(|it| format!("[{}]", it.source()));
        let default = if it.is_default { "[else]" } else { "" };
        format!("{}-{}{default}>{}", id(it.source), condition.unwrap_or_default(), id(it.target))
    });
    elements.chain(flows).collect()
}

fn kind(kind: &ElementKind) -> String {
    match kind {
        ElementKind::Process(_) | ElementKind::SubProcess(_) => "scope".into(),
        ElementKind::StartEvent(StartTrigger::None) => "start".into(),
        ElementKind::StartEvent(StartTrigger::Message(it)) => format!("start {}", message(it)),
        ElementKind::StartEvent(StartTrigger::Timer(it)) => format!("start {}", timer(it)),
        ElementKind::EndEvent(EndKind::None) => "end".into(),
        ElementKind::EndEvent(EndKind::Terminate) => "terminate".into(),
        ElementKind::EndEvent(EndKind::Error(it)) => format!("throw {}", text(&it.code)),
        ElementKind::ServiceTask(it)
        | ElementKind::ScriptTask(ScriptSpec::Job(it))
        | ElementKind::BusinessRuleTask(BusinessRuleSpec::Job(it)) => {
            format!("job {} {} {:?}", text(&it.job_type), text(&it.retries), it.headers)
        }
        ElementKind::ScriptTask(ScriptSpec::Expression { expression, result_variable }) => {
            format!("script {result_variable}<{}", expression.source())
        }
        ElementKind::BusinessRuleTask(BusinessRuleSpec::Decision(it)) => {
            format!("rule {}<{} {:?}", it.result_variable, text(&it.decision_id), it.binding)
        }
        ElementKind::ManualTask => "manual".into(),
        ElementKind::UndefinedTask => "task".into(),
        ElementKind::ReceiveTask(it) => format!("receive {}", message(it)),
        ElementKind::ExclusiveGateway { default } => format!("xor {}", default.is_some()),
        ElementKind::ParallelGateway => "and".into(),
        ElementKind::EventBasedGateway => "events".into(),
        ElementKind::IntermediateCatchEvent(CatchTrigger::Message(it)) => message(it),
        ElementKind::IntermediateCatchEvent(CatchTrigger::Timer(it)) => timer(it),
        ElementKind::BoundaryEvent { interrupting, trigger } => {
            let trigger = match trigger {
                BoundaryTrigger::Message(it) => message(it),
                BoundaryTrigger::Timer(it) => timer(it),
                BoundaryTrigger::Error(it) => format!("error {:?}", it.code),
            };
            format!("{}{trigger}", if *interrupting { "!" } else { "?" })
        }
    }
}

fn message(message: &MessageSpec) -> String {
    let key = message.correlation_key.as_ref().map(|it| format!(" key {}", it.source()));
    format!("message {}{}", text(&message.name), key.unwrap_or_default())
}

fn timer(timer: &TimerSpec) -> String {
    match timer {
        TimerSpec::Date(it) => format!("date {}", text(it)),
        TimerSpec::Duration(it) => format!("duration {}", text(it)),
        TimerSpec::Cycle(it) => format!("cycle {}", text(it)),
    }
}

fn text(text: &StaticOrExpression) -> String {
    match text {
        StaticOrExpression::Static(it) => it.to_string(),
        StaticOrExpression::Expression(it) => format!("={}", it.source()),
    }
}

#[test]
fn every_kind_survives_the_way_through_xml() {
    for (notation, expected) in KINDS {
        assert_eq!(print(&read(notation)), *expected, "{notation}");
    }
}

#[test]
fn names_and_odd_characters_are_kept() {
    let process = read("start -> w:task -> w2:task ; w.name(a < b & \"c\") ; w2.in(x = a\tb)");
    let (_, element) = process.find("w").unwrap();
    assert_eq!(element.name, Some(Arc::from("a < b & \"c\"")));
    let (_, element) = process.find("w2").unwrap();
    assert_eq!(text(&element.inputs[0].source), "a\tb");
}

#[test]
fn flows_have_ids_of_their_own() {
    let process = read("start -> f:and ; f -> j:and ; f -> j ; j -> f_to_j:end");
    let ids: Vec<_> = process.flows().iter().map(|it| it.id.to_string()).collect();
    assert_eq!(ids, ["start_to_f", "f_to_j_2", "f_to_j_3", "j_to_f_to_j"]);
}

#[test]
fn says_where_a_notation_is_wrong() {
    for (notation, expected) in [
        ("start -> b", "1:10: expected a node with a kind, found 'b'"),
        ("start ->", "1:9: expected the id of a node, found the end"),
        ("start end", "1:7: expected an arrow, ';' or the end of the line, found 'end'"),
        ("start -> w:service", "1:19: expected the job type in brackets, found the end"),
        ("start -> w:service()", "1:20: expected the job type in brackets, found ')'"),
        ("start -> w:service(a", "1:21: expected ')', found the end"),
        ("start -> x:xor(a)", "1:16: expected nothing in these brackets, found 'a)'"),
        (
            "start\n -> x:robot(a)",
            "2:7: expected a kind: start, end, service, script, rule, receive, manual, task, xor, and, events, catch, timer, boundary or sub, found 'robot(a)'",
        ),
        ("x:rule(fee)", "1:8: expected a decision such as 'result = decision', found 'fee)'"),
        ("x:rule(a = b, c)", "1:15: expected 'deployment', or 'tag' and a tag, found 'c)'"),
        ("a:task\na:task", "2:1: expected a node that has no kind yet, found 'a:task'"),
        ("x -[a-> y", "1:10: expected ']', found the end"),
        ("x:task -[a] y", "1:12: expected '->' after the condition, found 'y'"),
        ("b:boundary(timer PT1S) -> end", "1:12: expected 'on=' and an activity, found 'timer'"),
        ("b:catch(signal s)", "1:9: expected message, timer, error or terminate, found 'signal'"),
        ("b:catch(message)", "1:16: expected the name of a message, found ')'"),
        (
            "b:catch(message a, b, c)",
            "1:23: expected nothing after the correlation key, found 'c)'",
        ),
        ("s:sub{ start", "1:13: expected '}', found the end"),
        ("start }", "1:7: expected a statement, found '}'"),
        (
            "start ; start.speed(3)",
            "1:15: expected in, out, header, retries or name, found 'speed(3)'",
        ),
        ("start ; start.in(3)", "1:18: expected two texts with '=' between, found '3)'"),
        ("start ; start.retries(3)", "1:9: expected a task with a job, found 'start.retries(3)'"),
        ("nobody.in(a = b)", "1:1: expected a node with a kind, found 'nobody.in(a'"),
        ("é:task ; 1", "1:10: expected the id of a node, found '1'"),
    ] {
        assert_eq!(to_xml("p", notation).unwrap_err().to_string(), expected, "{notation}");
    }
    let deep = "s:sub{".repeat(30);
    assert!(to_xml("p", &deep).is_err());
}

#[test]
fn no_piece_of_a_notation_makes_it_panic() {
    let whole = "start -> w:service(=\"é\\\"\") -[a > \"]\"]-> s:sub{ x:start } ; w.in(a.b = =c)\n\
                 b:boundary(message m, =k, on=w, noninterrupting) -> end:end(error X)";
    for (start, _) in whole.char_indices() {
        for (end, _) in whole.char_indices().filter(|(end, _)| *end >= start) {
            if let Ok(xml) = to_xml("p", &whole[start..end]) {
                let _: Result<_, Vec<Problem>> = parse("p", xml.as_bytes(), &XmlLimits::default());
            }
        }
    }
}

/// A notation, and every element and flow that comes of it.
const KINDS: &[(&str, &[&str])] = &[
    ("start -> end", &["start:start", "end:end", "start->end"]),
    ("a:start->b:task->c:end", &["a:start", "b:task", "c:end", "a->b", "b->c"]),
    (
        "start -> w:service(a-b.c) -> end",
        &["start:start", "w:job a-b.c 3 []", "end:end", "start->w", "w->end"],
    ),
    (
        "start -> w:service(= \"a\" + b) ; w.retries(=n) ; w.header(k=v, w) ; w.header(l = 1)",
        &["start:start", "w:job = \"a\" + b =n [(\"k\", \"v, w\"), (\"l\", \"1\")]", "start->w"],
    ),
    (
        "start -> w:script(r = concatenate([1], [2, \")\"]))",
        &["start:start", "w:script r<concatenate([1], [2, \")\"])", "start->w"],
    ),
    ("start -> w:script(job x) ; w.retries(1)", &["start:start", "w:job x 1 []", "start->w"]),
    (
        "start -> w:receive(paid, orderId)",
        &["start:start", "w:receive message paid key orderId", "start->w"],
    ),
    (
        "start -> manual -> xor -> and",
        &[
            "start:start",
            "manual:manual",
            "xor:xor false",
            "and:and",
            "start->manual",
            "manual->xor",
            "xor->and",
        ],
    ),
    (
        "start -> x:xor\nx -[a < 1 and b = \"]\"]-> m:manual\n x -[else]->\n t:task",
        &[
            "start:start",
            "x:xor true",
            "m:manual",
            "t:task",
            "start->x",
            "x-[a < 1 and b = \"]\"]>m",
            "x-[else]>t",
        ],
    ),
    (
        "start -> g:events ; g -> t:timer(PT1S) ; g -> m:catch(message =n, =k)",
        &[
            "start:start",
            "g:events",
            "t:duration PT1S",
            "m:message =n key k",
            "start->g",
            "g->t",
            "g->m",
        ],
    ),
    (
        "start -> w:rule(fee = fees) -> x:rule(fee = =which, deployment) -> y:rule(fee = fees, tag v 1)",
        &[
            "start:start",
            "w:rule fee<fees Latest",
            "x:rule fee<=which Deployment",
            "y:rule fee<fees VersionTag(\"v 1\")",
            "start->w",
            "w->x",
            "x->y",
        ],
    ),
    ("start -> w:rule(job score) ; w.retries(5)", &["start:start", "w:job score 5 []", "start->w"]),
    ("s:start(message go, key)", &["s:start message go"]),
    ("s:start(timer R/PT1H)", &["s:start cycle R/PT1H"]),
    (
        "s:start(timer cycle =\"R/\" + string(duration(\"PT1H\")))",
        &["s:start cycle =\"R/\" + string(duration(\"PT1H\"))"],
    ),
    (
        "start -> t:catch(timer 2030-01-01T00:00:00Z)",
        &["start:start", "t:date 2030-01-01T00:00:00Z", "start->t"],
    ),
    ("start -> t:timer(date =due)", &["start:start", "t:date =due", "start->t"]),
    ("start -> a:end(terminate)", &["start:start", "a:terminate", "start->a"]),
    ("start -> a:end(error OOPS)", &["start:start", "a:throw OOPS", "start->a"]),
    ("start -> a:end(error =code)", &["start:start", "a:throw =code", "start->a"]),
    (
        "start -> w:task ; b:boundary(error, on=w) -> end ; c:boundary(error A, on = w) -> end",
        &[
            "start:start",
            "w:task",
            "b:!error None on w",
            "end:end",
            "c:!error Some(\"A\") on w",
            "start->w",
            "b->end",
            "c->end",
        ],
    ),
    (
        "start -> w:task ; b:boundary(message m, =k, on=w, noninterrupting) -> end",
        &["start:start", "w:task", "b:?message m key k on w", "end:end", "start->w", "b->end"],
    ),
    (
        "start -> s:sub{ i:start -> j:end\n t:sub { k:start } } -> end ; s.in(a.b = =c) ; s.out(d = e)",
        &[
            "start:start",
            "s:scope in(a.b<=c) out(d<e)",
            "i:start in s",
            "j:end in s",
            "t:scope in s",
            "k:start in t",
            "end:end",
            "i->j",
            "start->s",
            "s->end",
        ],
    ),
];
