//! What is wrong with a decision model: where, in whose element, and what was expected instead.

use alloc::string::String;
use alloc::vec::Vec;

use crate::xml::{self, Location};

/// One thing that is wrong with a resource.
pub type Problem = xml::Problem<ProblemCode>;

/// Collects the problems of some resources.
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// Adds a problem; all beyond [`PROBLEMS_MAX`] are dropped.
    pub(super) fn add(
        &mut self,
        resource: &str,
        location: Location,
        element_id: Option<&str>,
        code: impl Into<ProblemCode>,
        message: impl Into<String>,
    ) {
        if !self.is_full() {
            self.problems.push(Problem::new(resource, location, element_id, code.into(), message));
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Returns the problems by resource in the order of each, each once.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by(|a, b| (&a.resource, a.location()).cmp(&(&b.resource, b.location())));
        self.problems.dedup();
        self.problems
    }
}

xml::problem_codes! {
    /// The file is XML, but not DMN 1.1 to 1.5.
    NotDmn = "not_dmn",

    /// An id is used twice.
    IdNotUnique = "id_not_unique",
    /// An element has neither a name nor an id, or a part of a name is missing.
    NameMissing = "name_missing",
    /// Two things that are seen from the same place have the same name.
    NameNotUnique = "name_not_unique",
    /// A name cannot be written in FEEL.
    NameInvalid = "name_invalid",
    /// A reference names nothing, or something of another kind.
    ReferenceUnknown = "reference_unknown",
    /// Requirements or types go round in a circle.
    Cycle = "cycle",
    /// An imported model is not among the resources.
    ImportUnknown = "import_unknown",
    /// A type is neither built in nor defined.
    TypeUnknown = "type_unknown",

    /// A text cannot be parsed.
    ExpressionInvalid = "expression_invalid",
    /// An expression or a part of one is missing.
    ExpressionMissing = "expression_missing",
    /// An expression is not of a kind that DMN knows.
    ExpressionUnknown = "expression_unknown",
    /// An expression is written in a language other than FEEL.
    LanguageNotSupported = "language_not_supported",
    /// A hit policy or an aggregation does not exist or does not fit the table.
    HitPolicyInvalid = "hit_policy_invalid",
    /// A rule or a row has too many or too few cells.
    CellsMismatch = "cells_mismatch",
}

/// How many problems are told; who has more will ask again.
const PROBLEMS_MAX: usize = 100;
