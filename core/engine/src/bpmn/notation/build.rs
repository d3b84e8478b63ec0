//! Reads the statements of a notation.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::NotationError;
use super::draft::{Draft, Flow, Kind, Node, Pair};
use super::kinds;
use super::scan::{Piece, Scanner};

/// Reads a whole notation.
pub(super) fn build(text: &str) -> Result<Draft, NotationError> {
    let mut builder = Builder::new(text);
    builder.statements(None, 0)?;
    if !builder.scanner.rest().is_empty() {
        return Err(builder.scanner.error(builder.scanner.at(), "a statement"));
    }
    builder.finish()
}

struct Builder<'a> {
    scanner: Scanner<'a>,
    nodes: Vec<Mentioned<'a>>,
    places: BTreeMap<&'a str, usize>,
    flows: Vec<Flow>,
    remarks: Vec<Remark<'a>>,
}

/// A node at its first mention; its kind may come later.
struct Mentioned<'a> {
    id: Piece<'a>,
    kind: Option<Kind>,
    scope: Option<usize>,
}

/// A statement such as `a.in(x = =y)`.
struct Remark<'a> {
    node: Piece<'a>,
    name: Piece<'a>,
    inside: Piece<'a>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            nodes: Vec::new(),
            places: BTreeMap::new(),
            flows: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Reads statements up to the end or to the `}` of a sub-process.
    fn statements(&mut self, scope: Option<usize>, depth: u32) -> Result<(), NotationError> {
        if depth > DEPTH_MAX {
            return Err(self.scanner.error(self.scanner.at(), "fewer sub-processes in another"));
        }
        loop {
            self.scanner.skip_space();
            if self.scanner.take(";") {
                continue;
            }
            if self.scanner.rest().is_empty() || self.scanner.rest().starts_with('}') {
                return Ok(());
            }
            self.statement(scope, depth)?;
            self.scanner.skip_blanks();
            if !self.scanner.rest().is_empty() && !self.scanner.rest().starts_with([';', '\n', '}'])
            {
                let expected = "an arrow, ';' or the end of the line";
                return Err(self.scanner.error(self.scanner.at(), expected));
            }
        }
    }

    fn statement(&mut self, scope: Option<usize>, depth: u32) -> Result<(), NotationError> {
        let id = self.scanner.word("the id of a node")?;
        if self.scanner.take(".") {
            let name = self.scanner.word("in, out, header, retries or name")?;
            let inside = self.brackets()?.unwrap_or(Piece { text: "", at: self.scanner.at() });
            self.remarks.push(Remark { node: id, name, inside });
            return Ok(());
        }
        self.node(id, scope, depth)?;
        let mut source = id;
        while let Some(condition) = self.arrow()? {
            self.scanner.skip_space();
            let target = self.scanner.word("the id of a node")?;
            self.node(target, scope, depth)?;
            let is_default = condition.is_some_and(|it| it.text == "else");
            let condition = condition.filter(|_| !is_default);
            self.flows.push(Flow {
                source: source.text.into(),
                target: target.text.into(),
                scope,
                condition: condition.map(|it| kinds::as_expression(it.text)),
                is_default,
            });
            source = target;
        }
        Ok(())
    }

    /// Takes an arrow with what stands in it, on this line or the next ones.
    fn arrow(&mut self) -> Result<Option<Option<Piece<'a>>>, NotationError> {
        let before = self.scanner;
        self.scanner.skip_space();
        if self.scanner.take("->") {
            return Ok(Some(None));
        }
        if self.scanner.take("-[") {
            let condition = self.scanner.until(']')?;
            if !self.scanner.take("->") {
                return Err(self.scanner.error(self.scanner.at(), "'->' after the condition"));
            }
            return Ok(Some(Some(condition)));
        }
        self.scanner = before;
        Ok(None)
    }

    /// Reads what follows the id of a node: its kind, brackets and braces, all or nothing of it.
    fn node(
        &mut self,
        id: Piece<'a>,
        scope: Option<usize>,
        depth: u32,
    ) -> Result<(), NotationError> {
        let place = self.mention(id, scope);
        if !self.scanner.take(":") {
            return Ok(());
        }
        let name = self.scanner.word("a kind")?;
        let inside = self.brackets()?;
        let kind = kinds::kind(&self.scanner, name, inside)?;
        let is_sub_process = matches!(kind, Kind::SubProcess);
        let Some(node) = self.nodes.get_mut(place) else { return Ok(()) };
        if node.kind.is_some() {
            return Err(self.scanner.error(id.at, "a node that has no kind yet"));
        }
        (node.kind, node.scope) = (Some(kind), scope);
        if is_sub_process {
            self.scanner.skip_space();
            if !self.scanner.take("{") {
                return Err(self.scanner.error(self.scanner.at(), "'{'"));
            }
            self.statements(Some(place), depth + 1)?;
            if !self.scanner.take("}") {
                return Err(self.scanner.error(self.scanner.at(), "'}'"));
            }
        }
        Ok(())
    }

    fn mention(&mut self, id: Piece<'a>, scope: Option<usize>) -> usize {
        let next = self.nodes.len();
        let place = *self.places.entry(id.text).or_insert(next);
        if place == next {
            self.nodes.push(Mentioned { id, kind: None, scope });
        }
        place
    }

    fn brackets(&mut self) -> Result<Option<Piece<'a>>, NotationError> {
        if self.scanner.take("(") { self.scanner.until(')').map(Some) } else { Ok(None) }
    }

    fn finish(self) -> Result<Draft, NotationError> {
        let mut draft = Draft { nodes: Vec::new(), flows: self.flows };
        for Mentioned { id, kind, scope } in self.nodes {
            let kind = kind.or_else(|| kinds::bare(id.text));
            let kind = kind.ok_or_else(|| self.scanner.error(id.at, "a node with a kind"))?;
            draft.nodes.push(node(id.text, kind, scope));
        }
        for remark in &self.remarks {
            let place = self.places.get(remark.node.text);
            let node = place.and_then(|it| draft.nodes.get_mut(*it));
            let node =
                node.ok_or_else(|| self.scanner.error(remark.node.at, "a node with a kind"))?;
            remark.apply(&self.scanner, node)?;
        }
        Ok(draft)
    }
}

impl Remark<'_> {
    fn apply(&self, scanner: &Scanner<'_>, node: &mut Node) -> Result<(), NotationError> {
        let has_job = matches!(node.kind, Kind::Service(_) | Kind::ScriptJob(_) | Kind::RuleJob(_));
        match self.name.text {
            "header" | "retries" if !has_job => {
                return Err(scanner.error(self.node.at, "a task with a job"));
            }
            "in" => node.inputs.push(self.pair(scanner)?),
            "out" => node.outputs.push(self.pair(scanner)?),
            "header" => node.headers.push(self.pair(scanner)?),
            "retries" => node.retries = Some(self.inside.text.into()),
            "name" => node.name = Some(self.inside.text.into()),
            _ => return Err(scanner.error(self.name.at, "in, out, header, retries or name")),
        }
        Ok(())
    }

    fn pair(&self, scanner: &Scanner<'_>) -> Result<Pair, NotationError> {
        let (left, right) = self
            .inside
            .split_equals()
            .ok_or_else(|| scanner.error(self.inside.at, "two texts with '=' between"))?;
        Ok(Pair { left: left.text.into(), right: right.text.into() })
    }
}

fn node(id: &str, kind: Kind, scope: Option<usize>) -> Node {
    Node {
        id: String::from(id),
        name: None,
        kind,
        scope,
        inputs: Vec::new(),
        outputs: Vec::new(),
        headers: Vec::new(),
        retries: None,
    }
}

const DEPTH_MAX: u32 = 24;
