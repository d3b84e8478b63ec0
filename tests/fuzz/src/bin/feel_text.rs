//! The target `feel_text` of the fuzzer.
#![cfg_attr(fuzzing, no_main)]

dacapo_fuzz::target!(dacapo_fuzz::feel_text);
