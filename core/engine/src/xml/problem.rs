//! What is wrong with a resource: where, in whose element, and what was expected instead.

use alloc::string::String;
use core::fmt;

/// One thing that is wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem<Code> {
    /// The file, as its author named it.
    pub resource: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// The element it is about; none for the file as a whole.
    pub element_id: Option<String>,
    /// Which rule is broken.
    pub code: Code,
    /// What was expected and what was found.
    pub message: String,
}

/// A line and a column of a resource, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Why bytes are no XML that may be read, whatever they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum XmlProblem {
    TooLarge,
    NotUtf8,
    DoctypeNotAllowed,
    TooDeep,
    TooManyNodes,
    TooManyAttributes,
    TooManyNamespaces,
    MalformedXml,
}

impl<Code> Problem<Code> {
    pub(crate) fn new(
        resource: &str,
        location: Location,
        element_id: Option<&str>,
        code: Code,
        message: impl Into<String>,
    ) -> Self {
        Self {
            resource: resource.into(),
            line: location.line,
            column: location.column,
            element_id: element_id.map(Into::into),
            code,
            message: message.into(),
        }
    }

    pub(crate) fn location(&self) -> Location {
        Location { line: self.line, column: self.column }
    }
}

impl Location {
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

impl<Code> fmt::Display for Problem<Code> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: ", self.resource, self.line, self.column)?;
        if let Some(id) = &self.element_id {
            write!(out, "element '{id}': ")?;
        }
        out.write_str(&self.message)
    }
}

impl<Code: fmt::Debug> core::error::Error for Problem<Code> {}

/// Defines the codes of a notation with their stable names; those of XML come first and are the same for all.
macro_rules! problem_codes {
    (@all $($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
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

        impl core::fmt::Display for ProblemCode {
            fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        $crate::xml::problem_codes! {
            @all
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
            $($(#[doc = $doc])+ $variant = $name,)+
        }

        impl From<$crate::xml::XmlProblem> for ProblemCode {
            fn from(problem: $crate::xml::XmlProblem) -> Self {
                use $crate::xml::XmlProblem;
                match problem {
                    XmlProblem::TooLarge => Self::TooLarge,
                    XmlProblem::NotUtf8 => Self::NotUtf8,
                    XmlProblem::DoctypeNotAllowed => Self::DoctypeNotAllowed,
                    XmlProblem::TooDeep => Self::TooDeep,
                    XmlProblem::TooManyNodes => Self::TooManyNodes,
                    XmlProblem::TooManyAttributes => Self::TooManyAttributes,
                    XmlProblem::TooManyNamespaces => Self::TooManyNamespaces,
                    XmlProblem::MalformedXml => Self::MalformedXml,
                }
            }
        }
    };
}

pub(crate) use problem_codes;
