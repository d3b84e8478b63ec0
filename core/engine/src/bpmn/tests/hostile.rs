//! Bytes made to hurt: each gives problems, soon, and never a panic.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{in_definitions, in_process, problems};
use crate::bpmn::{ProblemCode, XmlLimits, compile, parse};

fn code(bytes: &[u8]) -> Option<ProblemCode> {
    parse("f", bytes, &XmlLimits::default()).err()?.first().map(|it| it.code)
}

#[test]
fn document_types_are_refused_wherever_they_stand() {
    for xml in [
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>",
        "<?xml version=\"1.0\"?>\n<!-- c --> <!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>",
        "<!doctype html><html/>",
        "<x><!ENTITY a \"b\"></x>",
    ] {
        assert_eq!(code(xml.as_bytes()), Some(ProblemCode::DoctypeNotAllowed), "{xml}");
    }
    let found = problems("<?xml version=\"1.0\"?>\n <!DOCTYPE x><x/>");
    assert_eq!(
        found,
        ["doctype_not_allowed 2:2: expected no document type declaration, found '<!'"]
    );
}

#[test]
fn only_utf8_is_read() {
    assert_eq!(code(b"\xff\xfe<\0x\0/\0>\0"), Some(ProblemCode::NotUtf8));
    assert_eq!(
        code(b"<?xml version='1.0' encoding='ISO-8859-1'?><x/>"),
        Some(ProblemCode::NotUtf8)
    );
    let problems = parse("f", b"<x>\n a\xe4</x>", &XmlLimits::default()).unwrap_err();
    assert_eq!(
        alloc::string::ToString::to_string(&problems[0]),
        "f:2:3: expected UTF-8, found byte 0xe4"
    );
    let with_mark = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>{}",
        in_process("<bpmn:startEvent id='s'/>")
    );
    assert_eq!(code(with_mark.as_bytes()), None);
}

#[test]
fn limits_hold_before_the_tree_is_built() {
    let deep = "<a>".repeat(65) + &"</a>".repeat(65);
    assert_eq!(code(deep.as_bytes()), Some(ProblemCode::TooDeep));
    let very_deep = "<a>".repeat(1_000_000);
    assert_eq!(code(very_deep.as_bytes()), Some(ProblemCode::TooDeep));
    let attributes = |count| (0..count).map(|it| format!(" a{it}='1'")).collect::<String>();
    assert_eq!(
        code(format!("<a{}/>", attributes(129)).as_bytes()),
        Some(ProblemCode::TooManyAttributes)
    );
    assert_eq!(
        code(format!("<a{}/>", attributes(300_000)).as_bytes()),
        Some(ProblemCode::TooManyAttributes)
    );
    assert_eq!(code(format!("<a{}/>", attributes(128)).as_bytes()), Some(ProblemCode::NotBpmn));
    let namespaces = "<b xmlns:x='1' xmlns:y='2'/>".repeat(5001);
    assert_eq!(
        code(format!("<a>{namespaces}</a>").as_bytes()),
        Some(ProblemCode::TooManyNamespaces)
    );
    let nodes = "<b/>".repeat(200_000);
    assert_eq!(code(format!("<a>{nodes}</a>").as_bytes()), Some(ProblemCode::TooManyNodes));
    let comments = "<!---->".repeat(500_000);
    assert_eq!(code(format!("<a>{comments}</a>").as_bytes()), Some(ProblemCode::NotBpmn));
    assert_eq!(code(" ".repeat(5_000_000).as_bytes()), Some(ProblemCode::TooLarge));
    let limits = XmlLimits { depth: u32::MAX, ..XmlLimits::default() };
    assert_eq!(parse("f", deep.as_bytes(), &limits).unwrap_err()[0].code, ProblemCode::TooDeep);
}

#[test]
fn malformed_xml_is_told_with_its_place() {
    for (xml, expected) in [
        ("", "malformed_xml 1:1"),
        ("no xml", "malformed_xml 1:1"),
        ("<a>\n<b></a>", "malformed_xml 2:4"),
        ("<a>\n &what; </a>", "malformed_xml 2:2"),
        ("<a x='1' x='2'/>", "malformed_xml 1:10"),
        (
            "<x:a/>",
            "malformed_xml 1:2: expected a namespace declaration for the prefix 'x', found none",
        ),
        ("<a>\u{1}</a>", "malformed_xml 1:4"),
        ("<a", "malformed_xml 1"),
        ("<a x='", "malformed_xml 1"),
        ("<!-- ", "malformed_xml 1"),
        ("<?xml", "malformed_xml 1"),
        ("<a><![CDATA[", "malformed_xml 1"),
    ] {
        let found = problems(xml);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{xml} {found:?}");
        assert!(
            !found[0].trim_end_matches(|it: char| it.is_ascii_digit()).ends_with(" at 1:"),
            "{found:?}"
        );
    }
}

#[test]
fn sub_processes_may_be_nested_as_deep_as_xml() {
    let nested = |depth: usize| {
        let open: String = (0..depth)
            .map(|it| format!("<bpmn:subProcess id='s{it}'><bpmn:startEvent id='i{it}'/>"))
            .collect();
        in_process(&format!(
            "<bpmn:startEvent id='s'/>{open}{}",
            "</bpmn:subProcess>".repeat(depth)
        ))
    };
    assert_eq!(problems(&nested(61)), [""; 0]);
    assert_eq!(code(nested(62).as_bytes()), Some(ProblemCode::TooDeep));
}

#[test]
fn large_files_are_checked_in_linear_time() {
    let body: String = (0..10_000)
        .map(|it| format!("<bpmn:exclusiveGateway id='g{it}' default='f{it}'/><bpmn:sequenceFlow id='f{it}' sourceRef='g{it}' targetRef='e'/>"))
        .collect();
    let xml = in_process(&format!("<bpmn:startEvent id='s'/><bpmn:endEvent id='e'/>{body}"));
    assert_eq!(problems(&xml), [""; 0]);
    let empty: String = (0..20_000).map(|it| format!("<bpmn:subProcess id='s{it}'/>")).collect();
    assert_eq!(problems(&in_process(&empty)).len(), 500);
}

#[test]
fn no_cut_and_no_changed_byte_makes_it_panic() {
    let whole = in_definitions(
        "<bpmn:process id='p' isExecutable='true'><bpmn:startEvent id='s'><bpmn:timerEventDefinition>\
         <bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>\
         <bpmn:serviceTask id='é'><bpmn:extensionElements><zeebe:taskDefinition type='=&quot;a&quot; + b'/>\
         </bpmn:extensionElements></bpmn:serviceTask>\
         <bpmn:sequenceFlow id='f' sourceRef='s' targetRef='é'/></bpmn:process>",
    );
    assert_eq!(problems(&whole), [""; 0]);
    for at in 0..whole.len() {
        let cut = &whole.as_bytes()[..at];
        assert!(parse("f", cut, &XmlLimits::default()).is_err());
        for byte in [b'<', b'>', b'"', b'\'', b'&', b'=', b'/', b'!', 0, 0xff] {
            let mut changed = Vec::from(whole.as_bytes());
            changed[at] = byte;
            let _: Result<_, _> = parse("f", &changed, &XmlLimits::default());
            let _: Result<_, _> = compile("f", &changed);
        }
    }
}
