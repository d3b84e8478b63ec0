//! One row per thing that the reader refuses: the file, then code, line, column, element and text.

use alloc::format;

use super::{in_definitions, in_process, problems};

/// A process with a start event, to which `body` is added on line 4.
fn with_start(body: &str) -> alloc::string::String {
    in_process(&format!("<bpmn:startEvent id=\"s\"/>\n{body}"))
}

#[test]
fn elements_that_are_not_supported() {
    for (body, expected) in NOT_SUPPORTED {
        let found = problems(&with_start(body));
        assert!(found.iter().any(|it| it == *expected), "{body}\n{found:#?}");
    }
}

#[test]
fn jobs_scripts_and_mappings() {
    for (tag, inside, expected) in JOBS {
        let body = format!(
            "<bpmn:{tag} id='w'><bpmn:extensionElements>\n{inside}\n\
             </bpmn:extensionElements></bpmn:{tag}>"
        );
        assert_eq!(problems(&with_start(&body)), [*expected], "{body}");
    }
}

#[test]
fn events_and_what_they_refer_to() {
    let catch = |inside: &str| {
        format!("<bpmn:intermediateCatchEvent id='c'>\n{inside}\n</bpmn:intermediateCatchEvent>")
    };
    let timer = |inside: &str| {
        catch(&format!("<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"))
    };
    for (body, expected) in [
        (catch(""), "event_definition_not_unique 9:1: element 'c': expected an event definition in intermediateCatchEvent, found none"),
        (timer("<bpmn:timeDate>=d</bpmn:timeDate></bpmn:timerEventDefinition>\n<bpmn:timerEventDefinition>"), "event_definition_not_unique 11:1: element 'c': expected at most one event definition, found also timerEventDefinition"),
        (timer(""), "timer_definition_not_unique 10:1: element 'c': expected one of timeDate, timeDuration and timeCycle, found none"),
        (timer("<bpmn:timeDate>=d</bpmn:timeDate>\n<bpmn:timeDuration>PT1S</bpmn:timeDuration>"), "timer_definition_not_unique 11:1: element 'c': expected one of timeDate, timeDuration and timeCycle, found also timeDuration"),
        (timer("<bpmn:timeDate> </bpmn:timeDate>"), "value_missing 10:28: element 'c': expected a text in timeDate, found none"),
        (timer("<bpmn:timeDate>soon</bpmn:timeDate>"), "timer_invalid 10:28: element 'c': expected a date and time such as 2026-04-01T10:30:00Z, found 'soon'"),
        (timer("<bpmn:timeDuration>5 s</bpmn:timeDuration>"), "timer_invalid 10:28: element 'c': expected a duration such as P1DT12H or P1Y2M, found '5 s'"),
        (timer("<bpmn:timeCycle>R/PT1S</bpmn:timeCycle>"), "timer_cycle_not_allowed 9:1: element 'c': expected a date or a duration, found a cycle where a timer fires only once"),
        (catch("<bpmn:messageEventDefinition/>"), "value_missing 10:1: element 'c': expected an attribute 'messageRef' on messageEventDefinition, found none"),
        (catch("<bpmn:messageEventDefinition messageRef='nothing'/>"), "reference_unknown 10:30: element 'c': expected the id of a message, found 'nothing'"),
        (catch("<bpmn:messageEventDefinition messageRef='no_name'/>"), "value_missing 2:1: element 'no_name': expected an attribute 'name' on message, found none"),
        (catch("<bpmn:messageEventDefinition messageRef='no_key'/>"), "correlation_key_missing 10:1: element 'c': expected a zeebe:subscription with a correlation key on the message, found none"),
        (catch("<bpmn:messageEventDefinition messageRef='static_key'/>"), "expression_expected 4:84: element 'static_key': expected an expression, which begins with '=', found 'k'"),
        ("<bpmn:endEvent id='c'><bpmn:errorEventDefinition/></bpmn:endEvent>".into(), "value_missing 9:23: element 'c': expected an attribute 'errorRef' on errorEventDefinition, found none"),
        ("<bpmn:endEvent id='c'><bpmn:errorEventDefinition errorRef='no_code'/></bpmn:endEvent>".into(), "error_code_missing 5:1: element 'no_code': expected an errorCode on the error that is thrown, found none"),
        ("<bpmn:task id='t'/><bpmn:boundaryEvent id='b' attachedToRef='t'><bpmn:outgoing/><bpmn:errorEventDefinition errorRef='computed'/></bpmn:boundaryEvent><bpmn:sequenceFlow id='f' sourceRef='b' targetRef='t'/>".into(), "expression_not_allowed 6:27: element 'computed': expected a text, found the expression '=code'"),
    ] {
        let body = in_definitions(&format!(
            "<bpmn:message id='no_name'><bpmn:extensionElements><zeebe:subscription correlationKey='=k'/></bpmn:extensionElements></bpmn:message>\n\
             <bpmn:message id='no_key' name='m'/>\n\
             <bpmn:message id='static_key' name='m'><bpmn:extensionElements><zeebe:subscription correlationKey='k'/></bpmn:extensionElements></bpmn:message>\n\
             <bpmn:error id='no_code'/>\n\
<bpmn:error id='computed' errorCode='=code'/>\n\
             <bpmn:process id='p' isExecutable='true'>\n<bpmn:startEvent id='s'/>\n{body}\n</bpmn:process>"
        ));
        assert_eq!(problems(&body), [expected], "{body}");
    }
}

#[test]
fn ids_and_references() {
    for (body, expected) in [
        ("<bpmn:task/>", "id_missing 4:1: expected an id on task, found none"),
        (
            "<bpmn:task id='a'/>\n<bpmn:task id='a'/>",
            "id_not_unique 5:1: element 'a': expected a unique id, found it first at 4:1",
        ),
        (
            "<bpmn:task id='p'/>",
            "id_not_unique 4:1: element 'p': expected a unique id, found it first at 2:1",
        ),
        (
            "<bpmn:sequenceFlow id='f' sourceRef='s'/>",
            "value_missing 4:1: element 'f': expected an attribute 'targetRef' on sequenceFlow, found none",
        ),
        (
            "<bpmn:sequenceFlow id='f' sourceRef='s' targetRef='gone'/>",
            "reference_unknown 4:41: element 'f': expected the id of an element, found 'gone'",
        ),
        (
            "<bpmn:subProcess id='u'><bpmn:startEvent id='i'/></bpmn:subProcess><bpmn:sequenceFlow id='f' sourceRef='s' targetRef='i'/>",
            "flow_crosses_scope 4:108: element 'f': expected an element of the same scope, found 'i'",
        ),
        (
            "<bpmn:boundaryEvent id='b'><bpmn:errorEventDefinition/></bpmn:boundaryEvent><bpmn:endEvent id='e'/><bpmn:sequenceFlow id='f' sourceRef='b' targetRef='e'/>",
            "value_missing 4:1: element 'b': expected an attribute 'attachedToRef' on boundaryEvent, found none",
        ),
        (
            "<bpmn:boundaryEvent id='b' attachedToRef='s'><bpmn:errorEventDefinition/></bpmn:boundaryEvent><bpmn:endEvent id='e'/><bpmn:sequenceFlow id='f' sourceRef='b' targetRef='e'/>",
            "attachment_invalid 4:28: element 'b': expected an activity of the same scope, found 's'",
        ),
        (
            "<bpmn:exclusiveGateway id='g' default='f'/><bpmn:endEvent id='e'/><bpmn:sequenceFlow id='f' sourceRef='s' targetRef='e'/>",
            "default_flow_invalid 4:31: element 'g': expected a flow out of the gateway, found 'f'",
        ),
        (
            "<bpmn:exclusiveGateway id='g'/><bpmn:endEvent id='e'/><bpmn:sequenceFlow id='f' sourceRef='g' targetRef='e'><bpmn:conditionExpression>a</bpmn:conditionExpression></bpmn:sequenceFlow>",
            "expression_expected 4:109: element 'f': expected an expression, which begins with '=', found 'a'",
        ),
    ] {
        assert_eq!(problems(&with_start(body)), [expected], "{body}");
    }
}

#[test]
fn all_problems_are_told_at_once_and_in_order() {
    let body = "<bpmn:inclusiveGateway id='g'/>\n<bpmn:task/>\n<bpmn:serviceTask id='w'/>";
    let codes: alloc::vec::Vec<_> = problems(&in_process(body));
    assert_eq!(
        codes,
        [
            "start_event_missing 2:1: element 'p': expected a start event in the process, found none",
            "element_not_supported 3:1: element 'g': inclusiveGateway is not supported yet",
            "id_missing 4:1: expected an id on task, found none",
            "task_definition_missing 5:1: element 'w': expected a zeebe:taskDefinition with a job type, found none",
        ]
    );
    let many = "<bpmn:task/>\n".repeat(2000);
    assert_eq!(problems(&in_process(&many)).len(), 500);
}

#[test]
fn what_only_documents_is_ignored() {
    let body = "<bpmn:documentation>x</bpmn:documentation><bpmn:laneSet/><bpmn:group/><bpmn:dataObject/>\
        <bpmn:association/><bpmn:textAnnotation/><bpmn:dataStoreReference/><other:anything/>\
        <bpmn:task id='t'><bpmn:ioSpecification/><bpmn:extensionElements><other:thing/><zeebe:properties/>\
        <zeebe:unheardOf/></bpmn:extensionElements></bpmn:task>";
    assert_eq!(problems(&with_start(body)), [""; 0]);
}

#[test]
fn a_file_needs_an_executable_process() {
    let none =
        "no_executable_process 1:1: expected a process with isExecutable=\"true\", found none";
    assert_eq!(problems(&in_definitions("")), [none]);
    assert_eq!(
        problems(&in_definitions("<bpmn:process id='p'><bpmn:robot/></bpmn:process>")),
        [none]
    );
    let other = "<definitions xmlns='urn:other'/>";
    assert_eq!(
        problems(other),
        ["not_bpmn 1:1: expected a definitions element of BPMN 2.0 as the root, found another"]
    );
}

/// What stands in a process, and the problem with it.
const NOT_SUPPORTED: &[(&str, &str)] = &[
    (
        "<bpmn:inclusiveGateway id='g'/>",
        "element_not_supported 4:1: element 'g': inclusiveGateway is not supported yet",
    ),
    (
        " <bpmn:userTask id='u'><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>",
        "element_not_supported 4:2: element 'u': userTask is not supported yet",
    ),
    (
        "<bpmn:callActivity id='c'/>",
        "element_not_supported 4:1: element 'c': callActivity is not supported yet",
    ),
    (
        "<bpmn:intermediateThrowEvent id='t'/>",
        "element_not_supported 4:1: element 't': intermediateThrowEvent is not supported yet",
    ),
    (
        "<bpmn:subProcess id='e' triggeredByEvent='true'><bpmn:startEvent/></bpmn:subProcess>",
        "element_not_supported 4:1: element 'e': subProcess with triggeredByEvent=\"true\" is not supported yet",
    ),
    (
        "<bpmn:task id='m'><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>",
        "element_not_supported 4:19: element 'm': multiInstanceLoopCharacteristics is not supported yet",
    ),
    (
        "<bpmn:endEvent id='e'><bpmn:signalEventDefinition/></bpmn:endEvent>",
        "element_not_supported 4:23: element 'e': signalEventDefinition on endEvent is not supported yet",
    ),
    (
        "<bpmn:endEvent id='e'><bpmn:messageEventDefinition/></bpmn:endEvent>",
        "element_not_supported 4:23: element 'e': messageEventDefinition on endEvent is not supported yet",
    ),
    (
        "<bpmn:startEvent id='e'><bpmn:errorEventDefinition/></bpmn:startEvent>",
        "element_not_supported 4:25: element 'e': errorEventDefinition on startEvent is not supported yet",
    ),
    (
        "<bpmn:servicetask id='e'/>",
        "element_unknown 4:1: element 'e': expected an element of BPMN, found 'servicetask'; did you mean 'serviceTask'?",
    ),
    (
        "<bpmn:robot id='e'/>",
        "element_unknown 4:1: element 'e': expected an element of BPMN, found 'robot'",
    ),
    (
        "<bpmn:task id='e'><bpmn:timer/></bpmn:task>",
        "element_unknown 4:19: element 'e': expected an element of BPMN, found 'timer'",
    ),
    (
        "<bpmn:task\n id='e' isForCompensation='true'/>",
        "attribute_not_supported 5:9: element 'e': isForCompensation=\"true\" is not supported yet",
    ),
    (
        "<bpmn:receiveTask id='e' instantiate='true'/>",
        "attribute_not_supported 4:26: element 'e': instantiate=\"true\" is not supported yet",
    ),
    (
        "<bpmn:task id='e'><bpmn:extensionElements>\n<zeebe:executionListeners/></bpmn:extensionElements></bpmn:task>",
        "extension_not_supported 5:1: element 'e': zeebe:executionListeners is not supported yet",
    ),
    (
        "<bpmn:manualTask id='e'><bpmn:extensionElements><zeebe:taskDefinition type='a'/></bpmn:extensionElements></bpmn:manualTask>",
        "extension_misplaced 4:49: element 'e': expected no zeebe:taskDefinition on manualTask, where it has no effect",
    ),
    (
        "<bpmn:task id='e'><zeebe:ioMapping/></bpmn:task>",
        "extension_misplaced 4:19: element 'e': expected zeebe:ioMapping inside of extensionElements",
    ),
    (
        "<bpmn:task id='e'><bpmn:extensionElements><zeebe:ioMapping/><zeebe:ioMapping/></bpmn:extensionElements></bpmn:task>",
        "extension_not_unique 4:61: element 'e': expected one zeebe:ioMapping, found another",
    ),
];

/// A task, its extensions, and the problem with it.
const JOBS: &[(&str, &str, &str)] = &[
    (
        "businessRuleTask",
        "",
        "task_definition_missing 4:1: element 'w': expected a zeebe:calledDecision or a zeebe:taskDefinition, found neither",
    ),
    (
        "businessRuleTask",
        "<zeebe:calledDecision decisionId='a' resultVariable='b'/><zeebe:taskDefinition type='a'/>",
        "task_definition_ambiguous 5:1: element 'w': expected either zeebe:calledDecision or zeebe:taskDefinition, found both",
    ),
    (
        "businessRuleTask",
        "<zeebe:calledDecision resultVariable='b'/>",
        "value_missing 5:1: element 'w': expected an attribute 'decisionId' on calledDecision, found none",
    ),
    (
        "businessRuleTask",
        "<zeebe:calledDecision decisionId='a' resultVariable='=b'/>",
        "variable_name_invalid 5:38: element 'w': expected a name of letters, digits and '_', found '=b'",
    ),
    (
        "businessRuleTask",
        "<zeebe:calledDecision decisionId='a' resultVariable='b' bindingType='newest'/>",
        "binding_invalid 5:57: element 'w': expected latest, deployment or versionTag, found 'newest'",
    ),
    (
        "businessRuleTask",
        "<zeebe:calledDecision decisionId='a' resultVariable='b' bindingType='versionTag' versionTag='=t'/>",
        "expression_not_allowed 5:82: element 'w': expected a text, found the expression '=t'",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:calledDecision decisionId='a' resultVariable='b'/>",
        "extension_misplaced 5:33: element 'w': expected no zeebe:calledDecision on serviceTask, where it has no effect",
    ),
    (
        "serviceTask",
        "",
        "task_definition_missing 4:1: element 'w': expected a zeebe:taskDefinition with a job type, found none",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition/>",
        "value_missing 5:1: element 'w': expected an attribute 'type' on taskDefinition, found none",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type=' '/>",
        "value_missing 5:1: element 'w': expected an attribute 'type' on taskDefinition, found an empty one",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='= 1 +'/>",
        "expression_invalid 5:23: element 'w': expected an expression, found the end\n   1 +\n      ^",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a' retries='many'/>",
        "retries_invalid 5:32: element 'w': expected retries as a whole number or an expression, found 'many'",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:taskHeaders><zeebe:header value='1'/></zeebe:taskHeaders>",
        "value_missing 5:52: element 'w': expected an attribute 'key' on header, found none",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:taskHeaders><zeebe:header key='a' value='1'/>\n<zeebe:header key='a' value='2'/></zeebe:taskHeaders>",
        "header_not_unique 6:1: element 'w': expected each header once, found 'a' again",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:taskHeaders><zeebe:header key='io.camunda.zeebe:x' value='1'/></zeebe:taskHeaders>",
        "header_invalid 5:52: element 'w': expected no header of the engine's own, found 'io.camunda.zeebe:x'",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:ioMapping><zeebe:input target='a'/></zeebe:ioMapping>",
        "value_missing 5:50: element 'w': expected an attribute 'source' on input, found none",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:ioMapping><zeebe:input source='=a' target='a.b-c'/></zeebe:ioMapping>",
        "mapping_target_invalid 5:75: element 'w': expected a name of letters, digits and '_', found 'b-c'",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:ioMapping><zeebe:output source='=a' target='a..b'/></zeebe:ioMapping>",
        "mapping_target_invalid 5:76: element 'w': expected a name of letters, digits and '_', found ''",
    ),
    (
        "serviceTask",
        "<zeebe:taskDefinition type='a'/><zeebe:ioMapping><zeebe:output source='=a' target='null'/></zeebe:ioMapping>",
        "mapping_target_invalid 5:76: element 'w': expected a name, found the reserved word 'null'",
    ),
    (
        "scriptTask",
        "",
        "task_definition_missing 4:1: element 'w': expected a zeebe:script or a zeebe:taskDefinition, found neither",
    ),
    (
        "scriptTask",
        "<zeebe:script expression='1' resultVariable='a'/>",
        "expression_expected 5:15: element 'w': expected an expression, which begins with '=', found '1'",
    ),
    (
        "scriptTask",
        "<zeebe:script expression='=1'/>",
        "value_missing 5:1: element 'w': expected an attribute 'resultVariable' on script, found none",
    ),
    (
        "scriptTask",
        "<zeebe:script expression='=1' resultVariable='a b'/>",
        "variable_name_invalid 5:31: element 'w': expected a name of letters, digits and '_', found 'a b'",
    ),
    (
        "scriptTask",
        "<zeebe:taskDefinition type='a'/>\n<zeebe:script expression='=1' resultVariable='a'/>",
        "task_definition_ambiguous 6:1: element 'w': expected either zeebe:script or zeebe:taskDefinition, found both",
    ),
];
