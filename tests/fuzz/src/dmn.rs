//! Files of DMN: reading ends, problems have places in the file, and every decision ends within its fuel.

use dacapo_engine::dmn::{Model, Resource, XmlLimits};
use dacapo_engine::feel::{Context, Dialect, Env};

/// Reads a file of DMN and asks every decision of it, given nothing.
pub fn dmn_xml(bytes: &[u8]) {
    let resource = Resource { name: "m.dmn", bytes };
    let model = match Model::parse(resource, &[], &XmlLimits::default()) {
        Ok(model) => model,
        Err(problems) => {
            assert!(!problems.is_empty(), "a file is refused for a reason");
            let lines = bytes.split(|it| *it == b'\n').count();
            for problem in problems {
                assert!((1..=lines).contains(&(problem.line as usize)), "{problem}");
                assert!(problem.column >= 1, "{problem}");
            }
            // what was deployed once must be rebuilt, however strict the rules have become
            let Ok(model) = Model::compile(resource, &[]) else { return };
            model
        }
    };
    for decision in model.decisions().into_iter().take(DECISIONS_MAX) {
        for dialect in [Dialect::Camunda, Dialect::Dmn] {
            let mut env = Env::new(0).with_fuel(FUEL).with_dialect(dialect);
            let evaluation = model.evaluate(&decision.id, &Context::new(), &mut env);
            assert!(!matches!(evaluation, Ok(None)), "the decision '{}' is listed", decision.id);
            assert!(env.fuel() <= FUEL, "fuel only gets less");
        }
    }
}

const DECISIONS_MAX: usize = 20;
const FUEL: u64 = 20_000;
