//! The target `unary_tests` of the fuzzer.
#![cfg_attr(fuzzing, no_main)]

dacapo_fuzz::target!(dacapo_fuzz::unary_tests);
