//! Whole files as the Modeler saves them.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{in_process, read};
use crate::bpmn::{
    BoundaryTrigger, ElementKind, EndKind, ExecutableProcess, Location, ScriptSpec,
    StaticOrExpression, compile,
};

const ORDER: &str = include_str!("../../../../../tests/spec/models/order.bpmn");
const ONBOARDING: &str = include_str!("../../../../../tests/spec/models/onboarding.bpmn");
const SUBSCRIPTION: &str = include_str!("../../../../../tests/spec/models/subscription.bpmn");
const OTHERS: [&str; 5] = [
    include_str!("../../../../../tests/spec/models/claim.bpmn"),
    include_str!("../../../../../tests/spec/models/fulfilment.bpmn"),
    include_str!("../../../../../tests/spec/models/payment.bpmn"),
    include_str!("../../../../../tests/spec/models/quotation.bpmn"),
    include_str!("../../../../../tests/spec/models/report.bpmn"),
];

fn only(xml: &str) -> ExecutableProcess {
    let mut processes = read(xml).unwrap_or_else(|it| panic!("{it:#?}"));
    assert_eq!(processes.len(), 1);
    processes.remove(0)
}

fn ids(process: &ExecutableProcess, flows: &[crate::bpmn::FlowIndex]) -> Vec<String> {
    flows.iter().filter_map(|it| process.flow(*it)).map(|it| it.id.to_string()).collect()
}

#[test]
fn an_order_is_read_completely() {
    let process = only(ORDER);
    assert_eq!(&**process.process_id(), "order");
    assert_eq!(process.name().map(|it| &**it), Some("Order"));
    let (_, check) = process.find("check_order").unwrap();
    assert_eq!(check.location, Location { line: 39, column: 5 });
    let ElementKind::ServiceTask(job) = &check.kind else { panic!("{:?}", check.kind) };
    assert_eq!(job.job_type.source(), "check-order");
    assert_eq!(job.retries.source(), "if order.total > 10000 then 5 else 3");
    let headers: Vec<_> = job.headers.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(headers, ["queue=sales"]);
    let targets: Vec<_> = check.inputs.iter().map(|it| it.target.join(".")).collect();
    assert_eq!(targets, ["order", "discount.max"]);

    let (_, gateway) = process.find("is_large").unwrap();
    assert_eq!(ids(&process, &gateway.outgoing), ["Flow_0l4rge1", "Flow_0sm4ll1"]);
    let ElementKind::ExclusiveGateway { default } = gateway.kind else { panic!("no gateway") };
    assert_eq!(default, process.find_flow("Flow_0sm4ll1").map(|(index, _)| index));
    let (_, flow) = process.find_flow("Flow_0l4rge1").unwrap();
    let condition = flow.condition.as_ref().map(|it| it.source());
    assert_eq!(condition, Some("order.total > 1000 and count(order.items) > 0"));

    let (index, ship) = process.find("ship_parcel").unwrap();
    let (late, event) = process.find("ship_late").unwrap();
    assert_eq!((event.attached_to, &ship.boundary[..]), (Some(index), &[late][..]));
    let ElementKind::BoundaryEvent { interrupting, trigger: BoundaryTrigger::Timer(_) } =
        event.kind
    else {
        panic!("{:?}", event.kind)
    };
    assert!(!interrupting);
}

#[test]
fn sub_processes_hold_what_stands_in_them() {
    let process = only(ONBOARDING);
    let (outer, element) = process.find("prepare_accounts").unwrap();
    let scope = process.scope(outer).unwrap();
    assert_eq!(scope.none_start, process.find("accounts_start").map(|(index, _)| index));
    assert_eq!(scope.children.len(), 8);
    assert_eq!(element.scope, Some(process.root()));
    assert_eq!(process.scope(process.root()).unwrap().children.len(), 8);
    let (_, end) = process.find("cannot_continue").unwrap();
    assert!(matches!(end.kind, ElementKind::EndEvent(EndKind::Terminate)));
    assert_eq!(end.scope, Some(outer));
    let (_, greet) = process.find("greet").unwrap();
    let ElementKind::ScriptTask(ScriptSpec::Expression { result_variable, .. }) = &greet.kind
    else {
        panic!("{:?}", greet.kind)
    };
    assert_eq!(&**result_variable, "greeting");
}

#[test]
fn version_tags_and_messages_are_read() {
    let process = only(SUBSCRIPTION);
    assert_eq!(process.version_tag().map(|it| &**it), Some("2.1"));
    let (_, receive) = process.find("wait_for_notice").unwrap();
    let ElementKind::ReceiveTask(message) = &receive.kind else { panic!("{:?}", receive.kind) };
    assert_eq!(message.name.source(), "notice-given");
    assert_eq!(message.correlation_key.as_ref().map(|it| it.source()), Some("customerId"));
}

#[test]
fn every_model_can_be_deployed_and_rebuilt() {
    for xml in [ORDER, ONBOARDING, SUBSCRIPTION].into_iter().chain(OTHERS) {
        let process = only(xml);
        let rebuilt = compile("f", xml.as_bytes()).unwrap().remove(0);
        assert_eq!(format!("{process:?}"), format!("{rebuilt:?}"));
        let types: Vec<_> = process.elements().iter().map(|it| it.kind.type_name()).collect();
        assert_eq!(types[0], "PROCESS");
    }
}

#[test]
fn what_was_deployed_is_rebuilt_under_stricter_rules() {
    let xml = in_process(
        "<bpmn:userTask id='u'/><bpmn:serviceTask id='w'/><bpmn:task/>\
         <bpmn:sequenceFlow id='f' sourceRef='u' targetRef='w'/>\
         <bpmn:sequenceFlow id='g' sourceRef='u' targetRef='gone'/>",
    );
    assert!(read(&xml).is_err());
    let process = compile("f", xml.as_bytes()).unwrap().remove(0);
    assert_eq!(process.elements().len(), 3);
    assert_eq!(process.flows().len(), 1);
    let (_, element) = process.find("w").unwrap();
    let ElementKind::ReceiveTask(message) = &element.kind else { panic!("{:?}", element.kind) };
    assert!(matches!(&message.name, StaticOrExpression::Expression(it) if it.source() == "null"));
    assert!(compile("f", b"<a/>").is_err());
}
