//! Files of BPMN: reading ends, and what is accepted is rebuilt.

use dacapo_engine::bpmn::{self, XmlLimits};

/// Reads a file of BPMN.
pub fn bpmn_xml(bytes: &[u8]) {
    let rebuilt = bpmn::compile("m.bpmn", bytes);
    match bpmn::parse("m.bpmn", bytes, &XmlLimits::default()) {
        Ok(processes) => {
            let rebuilt = rebuilt.expect("what is accepted is rebuilt");
            assert!(!processes.is_empty(), "a file is accepted for its processes");
            assert_eq!(format!("{processes:?}"), format!("{rebuilt:?}"));
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "a file is refused for a reason");
            let lines = bytes.split(|it| *it == b'\n').count();
            for problem in problems {
                assert!((1..=lines).contains(&(problem.line as usize)), "{problem}");
                assert!(problem.column >= 1, "{problem}");
            }
        }
    }
}
