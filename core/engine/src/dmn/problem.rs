//! What is wrong with a decision model: where, in whose element, and what was expected instead.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One thing that is wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file, as its author named it.
    pub resource: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// The decision, knowledge model, service, input or type it is about; none for the file as a whole.
    pub element_id: Option<String>,
    /// Which rule is broken.
    pub code: ProblemCode,
    /// What was expected and what was found.
    pub message: String,
}

/// Collects the problems of some resources.
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: Vec<Problem>,
}

/// A line and a column, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Report {
    /// Adds a problem; all beyond [`PROBLEMS_MAX`] are dropped.
    pub(super) fn add(
        &mut self,
        resource: &str,
        place: Place,
        element_id: Option<&str>,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        self.problems.push(Problem {
            resource: resource.to_owned(),
            line: place.line,
            column: place.column,
            element_id: element_id.map(ToOwned::to_owned),
            code,
            message: message.into(),
        });
    }

    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS_MAX
    }

    /// Returns the problems by resource in the order of each, each once.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.problems
            .sort_by(|one, other| one.resource.cmp(&other.resource).then(one.order(other)));
        self.problems.dedup();
        self.problems
    }
}

impl Problem {
    fn order(&self, other: &Self) -> core::cmp::Ordering {
        (self.line, self.column).cmp(&(other.line, other.column))
    }
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: ", self.resource, self.line, self.column)?;
        if let Some(id) = &self.element_id {
            write!(out, "element '{id}': ")?;
        }
        out.write_str(&self.message)
    }
}

impl core::error::Error for Problem {}

impl fmt::Display for ProblemCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Defines the codes with their stable names.
macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// Which rule of deployment is broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ProblemCode { $($(#[doc = $doc])+ $variant,)+ }

        impl ProblemCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the stable name, in snake case.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

problem_codes! {
    /// The file is longer than allowed.
    TooLarge = "too_large",
    /// The file is not UTF-8.
    NotUtf8 = "not_utf8",
    /// The file has a document type declaration.
    DoctypeNotAllowed = "doctype_not_allowed",
    /// Elements are nested deeper than allowed.
    TooDeep = "too_deep",
    /// There are more XML nodes than allowed.
    TooManyNodes = "too_many_nodes",
    /// An element has more attributes than allowed.
    TooManyAttributes = "too_many_attributes",
    /// There are more namespace declarations than allowed.
    TooManyNamespaces = "too_many_namespaces",
    /// The file is not well-formed XML.
    MalformedXml = "malformed_xml",
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
