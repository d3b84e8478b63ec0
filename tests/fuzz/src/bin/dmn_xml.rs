//! The target `dmn_xml` of the fuzzer.
#![cfg_attr(fuzzing, no_main)]

dacapo_fuzz::target!(dacapo_fuzz::dmn_xml);
