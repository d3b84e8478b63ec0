//! The built-in functions, one file per group.

mod boolean;
mod call;
mod context;
mod conversion;
mod distinct;
mod interval;
mod list;
mod list_change;
mod numeric;
mod pattern;
mod range;
mod sort;
mod string;
mod temporal;
mod text_form;

use alloc::sync::Arc;

use super::env::Dialect;
use super::evaluation::{Call, Outcome};

/// A built-in function.
#[derive(Debug)]
pub(super) struct Builtin {
    pub(super) name: &'static str,
    /// The names of the parameters; several lists when some may be left out.
    pub(super) signatures: &'static [&'static [&'static str]],
    /// Whether any number of arguments may stand for the last parameter.
    is_variadic: bool,
    /// Whether Camunda has it and DMN has not.
    pub(super) is_extension: bool,
    pub(super) function: fn(&mut Call<'_, '_>) -> Outcome,
}

/// Returns the function of that name.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    GROUPS.iter().copied().flatten().find(|builtin| builtin.name == name)
}

/// Returns the names of all functions of a dialect.
pub(super) fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let is_known = move |it: &&Builtin| !it.is_extension || dialect == Dialect::Camunda;
    GROUPS.iter().copied().flatten().filter(is_known).map(|builtin| builtin.name)
}

impl Builtin {
    /// Tells whether it can be called with that many arguments.
    pub(super) fn accepts(&self, count: usize) -> bool {
        self.is_variadic && count > 0 || self.signatures.iter().any(|it| it.len() == count)
    }

    /// Returns the shortest list of parameters that has all these names; of several the one in their order.
    pub(super) fn signature(&self, names: &[Arc<str>]) -> Option<&'static [&'static str]> {
        let has_all = |it: &&&[&str]| names.iter().all(|name| it.contains(&&**name));
        let is_in_order = |it: &[&str]| it.iter().zip(names).all(|(left, right)| *left == &**right);
        let fit = self.signatures.iter().filter(has_all);
        fit.min_by_key(|it| (it.len(), !is_in_order(it))).copied()
    }
}

/// Describes a function with a fixed number of parameters, or several such.
const fn fixed(
    name: &'static str,
    signatures: &'static [&'static [&'static str]],
    function: fn(&mut Call<'_, '_>) -> Outcome,
) -> Builtin {
    Builtin { name, signatures, is_variadic: false, is_extension: false, function }
}

/// Describes a function that Camunda adds to those of DMN.
const fn extension(
    name: &'static str,
    signatures: &'static [&'static [&'static str]],
    function: fn(&mut Call<'_, '_>) -> Outcome,
) -> Builtin {
    Builtin { is_extension: true, ..fixed(name, signatures, function) }
}

/// Describes a function that takes any number of arguments.
const fn variadic(
    name: &'static str,
    signatures: &'static [&'static [&'static str]],
    function: fn(&mut Call<'_, '_>) -> Outcome,
) -> Builtin {
    Builtin { name, signatures, is_variadic: true, is_extension: false, function }
}

static GROUPS: &[&[Builtin]] = &[
    conversion::FUNCTIONS,
    boolean::FUNCTIONS,
    string::FUNCTIONS,
    pattern::FUNCTIONS,
    numeric::FUNCTIONS,
    list::FUNCTIONS,
    list_change::FUNCTIONS,
    sort::FUNCTIONS,
    range::FUNCTIONS,
    interval::FUNCTIONS,
    context::FUNCTIONS,
    temporal::FUNCTIONS,
    text_form::FUNCTIONS,
];
