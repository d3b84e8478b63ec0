//! The syntax tree. Chains of operators are flat, so that their length does not count as depth.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::super::builtins::Builtin;
use super::super::expression::Span;
use super::super::value::{RangeForm, Value};

/// A part of an expression.
#[derive(Debug)]
pub(in super::super) struct Node {
    pub(in super::super) kind: Kind,
    pub(in super::super) span: Span,
    /// The levels below and including this one.
    pub(in super::super) depth: u32,
}

/// What a part of an expression is. Nodes are moved often while they are read: what is larger than a value is boxed.
#[derive(Debug)]
pub(in super::super) enum Kind {
    Constant(Value),
    /// Null, for the reason.
    Failed(String),
    /// A value that only Camunda writes like that; null in the dialect of DMN, for the reason.
    Loose(Value, String),
    Variable(Arc<str>),
    Negate(Box<Node>),
    /// Additions and subtractions, or multiplications and divisions, or powers, from the left.
    Arithmetic(Box<(Node, Vec<(Arithmetic, Node)>)>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Comparison, Box<(Node, Node)>),
    Between(Box<(Node, Node, Node)>),
    In(Box<(Node, Vec<Test>)>),
    InstanceOf(Box<(Node, Type)>),
    /// Conditions and results, and the result when no condition is true.
    If(Box<(Vec<(Node, Node)>, Node)>),
    For(Box<(Vec<Iterator>, For)>),
    Quantified(Quantifier, Box<(Vec<Iterator>, Node)>),
    Path(Box<Node>, Arc<str>),
    Filter(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Context(Vec<(Arc<str>, Node)>),
    Range(Box<RangeNode>),
    Function(Arc<FunctionNode>),
    Call(Box<(Callee, Arguments)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

// As wide as what stands beside it in a node, which is moved as whole words then.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Quantifier {
    Some,
    Every,
}

/// One test of a value, which is named `?` inside.
#[derive(Debug)]
pub(in super::super) enum Test {
    /// Anything passes.
    Any,
    Compare(Comparison, Node),
    /// Equal, one of a list, within a range; a condition when it uses `?`.
    Value {
        node: Node,
        is_condition: bool,
    },
    /// None of them holds.
    Not(Vec<Test>),
}

/// A name and what it goes through.
#[derive(Debug)]
pub(in super::super) struct Iterator {
    pub(in super::super) name: Arc<str>,
    pub(in super::super) domain: Domain,
}

#[derive(Debug)]
pub(in super::super) enum Domain {
    Items(Node),
    /// From one to another, in either direction.
    Span(Node, Node),
}

#[derive(Debug)]
pub(in super::super) struct For {
    pub(in super::super) body: Node,
    /// Whether the body uses the results so far.
    pub(in super::super) uses_partial: bool,
}

#[derive(Debug)]
pub(in super::super) struct RangeNode {
    pub(in super::super) start: Option<Node>,
    pub(in super::super) is_start_included: bool,
    pub(in super::super) end: Option<Node>,
    pub(in super::super) is_end_included: bool,
    /// Both ends are `start` unless it is written with its ends.
    pub(in super::super) form: RangeForm,
    /// Its value, if that is the same in every scope.
    pub(in super::super) constant: Option<Value>,
}

#[derive(Debug)]
pub(in super::super) struct FunctionNode {
    pub(in super::super) parameters: Vec<Arc<str>>,
    pub(in super::super) types: Vec<Option<Type>>,
    pub(in super::super) body: Node,
    /// The names of the body that are not its own.
    pub(in super::super) captures: Vec<Arc<str>>,
}

#[derive(Debug)]
pub(in super::super) enum Callee {
    Builtin(&'static Builtin),
    Node(Box<Node>),
}

#[derive(Debug)]
pub(in super::super) enum Arguments {
    Positional(Vec<Node>),
    Named(Vec<(Arc<str>, Node)>),
}

/// A type as `instance of` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Type {
    Any,
    Null,
    Boolean,
    Number,
    String,
    Date,
    Time,
    DateTime,
    DaysDuration,
    MonthsDuration,
    List(Box<Type>),
    Context(Vec<(Arc<str>, Type)>),
    Range(Box<Type>),
    Function(Vec<Type>, Box<Type>),
    /// A type of the caller, or none at all.
    Named(Arc<str>),
}

impl Comparison {
    /// Tells whether it holds of two values in that order.
    pub(in super::super) fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Node {
    /// Visits the nodes directly below.
    pub(in super::super) fn depth_below<'a>(nodes: impl IntoIterator<Item = &'a Self>) -> u32 {
        nodes.into_iter().map(|node| node.depth).max().unwrap_or(0)
    }
}
