//! The target `bpmn_xml` of the fuzzer.
#![cfg_attr(fuzzing, no_main)]

dacapo_fuzz::target!(dacapo_fuzz::bpmn_xml);
