//! From text to syntax tree: lexer, names, Pratt parser.

mod arguments;
pub(super) mod ast;
mod bindings;
mod control;
mod entries;
mod lexer;
mod literal;
mod membership;
mod parser;
mod primary;
mod print;
mod print_type;
mod types;

pub(super) use parser::{Parsed, parse_expression, parse_unary_tests};
pub(super) use print::{print_expression, print_unary_tests};
pub(super) use print_type::write_type;
