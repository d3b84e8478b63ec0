//! The parser: its cursor, its limits, and the operators by precedence.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::expression::{ParseError, Span};
use super::super::limits::{EXPRESSION_BYTES_MAX, NESTING_MAX};
use super::super::value::Value;
use super::ast::{Arithmetic, Comparison, Kind, Node, Test};
use super::bindings::Bindings;
use super::lexer::{Token, TokenKind, tokens};

/// A syntax tree and the names it takes from the scope.
#[derive(Debug)]
pub(in super::super) struct Parsed<T> {
    pub(in super::super) tree: T,
    pub(in super::super) variables: Vec<Arc<str>>,
}

/// What a parse function returns.
pub(super) type Parse<T> = Result<T, ParseError>;

/// Parses a whole source as an expression.
pub(in super::super) fn parse_expression(source: &str, names: &[&str]) -> Parse<Parsed<Node>> {
    let mut parser = Parser::new(source, names)?;
    let tree = parser.expression()?;
    parser.finish(tree)
}

/// Parses a whole source as unary tests.
pub(in super::super) fn parse_unary_tests(
    source: &str,
    names: &[&str],
) -> Parse<Parsed<Vec<Test>>> {
    let mut parser = Parser::new(source, names)?;
    if !parser.may_be_negated() {
        let tree = parser.unary_tests()?;
        return parser.finish(tree);
    }
    // Where a `not(` ends is known when it is parsed: an interval closes with other signs than it opens with.
    let negated = parser.negated().and_then(|tree| parser.finish(tree));
    negated.or_else(|error| {
        let mut parser = Parser::new(source, names)?;
        let other = parser.unary_tests().and_then(|tree| parser.finish(tree));
        other.map_err(|other| if other.span.start > error.span.start { other } else { error })
    })
}

pub(super) struct Parser<'a> {
    pub(super) source: &'a str,
    tokens: Vec<Token>,
    place: usize,
    depth: u32,
    pub(super) bindings: Bindings,
    /// Whether a `[` may close an interval, as in `]1..x[`.
    pub(super) is_interval_end: bool,
    /// Whether `?` was used since this was last reset.
    pub(super) uses_input: bool,
    /// Whether `partial` was used since this was last reset.
    pub(super) uses_partial: bool,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str, names: &[&str]) -> Parse<Self> {
        if source.len() > EXPRESSION_BYTES_MAX as usize {
            let span = Span { start: EXPRESSION_BYTES_MAX, end: EXPRESSION_BYTES_MAX };
            let expected = format!("at most {EXPRESSION_BYTES_MAX} bytes");
            return Err(ParseError { span, expected, found: format!("{}", source.len()) });
        }
        Ok(Self {
            source,
            tokens: tokens(source)?,
            place: 0,
            depth: 0,
            bindings: Bindings::new(names)?,
            is_interval_end: false,
            uses_input: false,
            uses_partial: false,
        })
    }

    fn finish<T>(self, tree: T) -> Parse<Parsed<T>> {
        if self.peek().kind != TokenKind::End {
            return Err(self.error("the end"));
        }
        Ok(Parsed { tree, variables: self.bindings.into_free() })
    }

    /// Parses an expression of any kind.
    pub(super) fn expression(&mut self) -> Parse<Node> {
        let is_interval_end = core::mem::take(&mut self.is_interval_end);
        let node = self.nested(|parser| parser.binary(OR));
        self.is_interval_end = is_interval_end;
        node
    }

    /// Parses something one level deeper.
    pub(super) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.deeper(LEVEL, parse)
    }

    /// Parses the right side of an operator. It takes less stack than a level and counts as half of one.
    fn right(&mut self, power_min: u32) -> Parse<Node> {
        self.deeper(LEVEL / 2, |parser| parser.binary(power_min))
    }

    fn deeper<T>(&mut self, cost: u32, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth + cost > NESTING_MAX * LEVEL {
            return Err(self.nested_too_deep());
        }
        self.depth += cost;
        let result = parse(self);
        self.depth -= cost;
        result
    }

    #[cold]
    fn nested_too_deep(&self) -> ParseError {
        self.error(&format!("at most {NESTING_MAX} levels of nesting"))
    }

    /// Parses arithmetic, the operand of comparisons.
    pub(super) fn operand(&mut self) -> Parse<Node> {
        self.binary(INSTANCE)
    }

    /// Parses operands and the operators between them that bind at least as strongly as `power_min`.
    fn binary(&mut self, power_min: u32) -> Parse<Node> {
        let start = self.start();
        let first = self.negation()?;
        // a node is large: it is not handed on where nothing follows, here and below
        if self.operator(power_min).is_none() {
            return Ok(first);
        }
        self.binary_after(start, first, power_min)
    }

    /// Returns how strongly the operator here binds, if it binds that strongly.
    fn operator(&self, power_min: u32) -> Option<u32> {
        self.binding_power().filter(|power| *power >= power_min)
    }

    fn binary_after(&mut self, start: u32, first: Node, power_min: u32) -> Parse<Node> {
        let mut left = first;
        while let Some(power) = self.operator(power_min) {
            left = match power {
                OR | AND => self.connected(start, left, power)?,
                COMPARISON => self.comparison(start, left)?,
                INSTANCE => self.instance(start, left)?,
                _ => self.arithmetic(start, left, power)?,
            };
        }
        Ok(left)
    }

    /// Returns how strongly the operator here binds, if there is one.
    fn binding_power(&self) -> Option<u32> {
        let token = self.peek();
        match token.kind {
            TokenKind::Symbol("+" | "-") => Some(SUM),
            TokenKind::Symbol("*" | "/") => Some(PRODUCT),
            TokenKind::Symbol("**") => Some(POWER),
            TokenKind::Symbol("=" | "!=" | "<" | "<=" | ">" | ">=") => Some(COMPARISON),
            TokenKind::Word => match self.text(token) {
                "and" => Some(AND),
                "or" => Some(OR),
                "between" | "in" => Some(COMPARISON),
                "instance" => Some(INSTANCE),
                _ => None,
            },
            _ => None,
        }
    }

    #[inline(never)]
    fn connected(&mut self, start: u32, first: Node, power: u32) -> Parse<Node> {
        let mut nodes = Vec::with_capacity(CONNECTED);
        nodes.push(first);
        while self.binding_power() == Some(power) {
            self.advance();
            nodes.push(self.right(power + 1)?);
        }
        let depth = Node::depth_below(&nodes);
        self.node(start, depth, if power == OR { Kind::Or(nodes) } else { Kind::And(nodes) })
    }

    #[inline(never)]
    fn comparison(&mut self, start: u32, left: Node) -> Parse<Node> {
        let (depth, kind) = if self.take_word("between") {
            let low = self.right(INSTANCE)?;
            self.expect_word("and")?;
            let high = self.right(INSTANCE)?;
            let depth = Node::depth_below([&left, &low, &high]);
            (depth, Kind::Between(Box::new((left, low, high))))
        } else if self.take_word("in") {
            let tests = self.membership()?;
            (left.depth.max(Test::depth_below(&tests)), Kind::In(Box::new((left, tests))))
        } else {
            let operator = self.take_comparison().ok_or_else(|| self.error("a comparison"))?;
            let right = self.right(INSTANCE)?;
            (left.depth.max(right.depth), Kind::Compare(operator, Box::new((left, right))))
        };
        self.node(start, depth, kind)
    }

    #[inline(never)]
    fn arithmetic(&mut self, start: u32, first: Node, power: u32) -> Parse<Node> {
        let mut rest = Vec::new();
        while self.binding_power() == Some(power) {
            let operator = match self.peek().kind {
                TokenKind::Symbol("+") => Arithmetic::Add,
                TokenKind::Symbol("-") => Arithmetic::Subtract,
                TokenKind::Symbol("*") => Arithmetic::Multiply,
                TokenKind::Symbol("/") => Arithmetic::Divide,
                _ => Arithmetic::Power,
            };
            self.advance();
            rest.push((operator, self.right(power + 1)?));
        }
        let depth = first.depth.max(Node::depth_below(rest.iter().map(|(_, node)| node)));
        self.node(start, depth, Kind::Arithmetic(Box::new((first, rest))))
    }

    fn negation(&mut self) -> Parse<Node> {
        let start = self.start();
        if !self.take("-") {
            return self.postfix();
        }
        let operand = self.nested(Self::negation)?;
        let depth = operand.depth;
        match operand.kind {
            Kind::Constant(Value::Number(number)) => {
                self.node(start, 0, Kind::Constant(number.negate().into()))
            }
            _ => self.node(start, depth, Kind::Negate(Box::new(operand))),
        }
    }

    /// Goes on with an operand that started with a node in parentheses.
    pub(super) fn operand_after(&mut self, start: u32, first: Node) -> Parse<Node> {
        let node = self.postfix_after(start, first)?;
        self.binary_after(start, node, INSTANCE)
    }

    fn instance(&mut self, start: u32, operand: Node) -> Parse<Node> {
        self.advance();
        self.expect_word("of")?;
        let wanted = self.type_name()?;
        self.node(start, operand.depth, Kind::InstanceOf(Box::new((operand, wanted))))
    }

    pub(super) fn take_comparison(&mut self) -> Option<Comparison> {
        let (_, comparison) = COMPARISONS.iter().find(|(symbol, _)| self.take(symbol))?;
        Some(*comparison)
    }

    /// Builds a node from `start` to here, above others of that depth.
    #[inline]
    pub(super) fn node(&self, start: u32, depth: u32, kind: Kind) -> Parse<Node> {
        let end =
            self.tokens.get(self.place.saturating_sub(1)).map_or(start, |token| token.span.end);
        let span = Span { start, end: end.max(start) };
        if depth >= NESTING_MAX {
            return Err(too_deep(span));
        }
        Ok(Node { kind, span, depth: depth + 1 })
    }

    /// Returns where the next token starts.
    pub(super) fn start(&self) -> u32 {
        self.peek().span.start
    }

    pub(super) fn peek(&self) -> Token {
        self.peek_at(0)
    }

    /// Returns the token that many places ahead; behind the last there is only the end.
    #[inline]
    pub(super) fn peek_at(&self, ahead: usize) -> Token {
        let token = self.tokens.get(self.place.saturating_add(ahead)).or(self.tokens.last());
        token.copied().unwrap_or(Token { kind: TokenKind::End, span: Span::default() })
    }

    pub(super) fn advance(&mut self) {
        if self.place + 1 < self.tokens.len() {
            self.place += 1;
        }
    }

    /// Returns the source of a token.
    pub(super) fn text(&self, token: Token) -> &'a str {
        self.source.get(token.span.start as usize..token.span.end as usize).unwrap_or_default()
    }

    pub(super) fn is(&self, symbol: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Symbol(it) if it == symbol)
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let is_here = self.is(symbol);
        if is_here {
            self.advance();
        }
        is_here
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Parse<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.missing(symbol)) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Word && self.text(token) == word
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_here = self.is_word(word);
        if is_here {
            self.advance();
        }
        is_here
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parse<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.missing(word)) }
    }

    /// Builds the error that a symbol or word was expected at the next token.
    #[cold]
    fn missing(&self, text: &str) -> ParseError {
        self.error(&format!("'{text}'"))
    }

    /// Builds the error that something else was expected at the next token.
    #[cold]
    pub(super) fn error(&self, expected: &str) -> ParseError {
        let token = self.peek();
        let found = match token.kind {
            TokenKind::End => String::from("the end"),
            _ => {
                let text: String = self.text(token).chars().take(FOUND_CHARACTERS_MAX).collect();
                format!("'{text}'")
            }
        };
        ParseError { span: token.span, expected: expected.to_string(), found }
    }
}

impl Test {
    /// Returns the depth of the deepest node of the tests.
    pub(super) fn depth_below(tests: &[Self]) -> u32 {
        let nodes = tests.iter().flat_map(|test| match test {
            Self::Not(tests) => tests.as_slice(),
            test => core::slice::from_ref(test),
        });
        Node::depth_below(nodes.filter_map(|test| match test {
            Self::Compare(_, node) | Self::Value { node, .. } => Some(node),
            Self::Any | Self::Not(_) => None,
        }))
    }
}

#[cold]
fn too_deep(span: Span) -> ParseError {
    let expected = format!("at most {NESTING_MAX} levels of nesting");
    ParseError { span, expected, found: String::from("more") }
}

const COMPARISONS: &[(&str, Comparison)] = &[
    ("=", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];
/// What one level costs.
const LEVEL: u32 = 2;
// how strongly operators bind
pub(super) const OR: u32 = 1;
pub(super) const AND: u32 = 2;
pub(super) const COMPARISON: u32 = 3;
pub(super) const INSTANCE: u32 = 4;
pub(super) const SUM: u32 = 5;
pub(super) const PRODUCT: u32 = 6;
pub(super) const POWER: u32 = 7;
const FOUND_CHARACTERS_MAX: usize = 40;
/// How many parts most conjunctions have.
const CONNECTED: usize = 2;
