//! What every part of the reader needs: the files, what they define, expressions, problems.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::graph::{Element, ElementIndex, Graph, Requirement};
use super::super::problem::{ProblemCode, Report};
use super::super::types::{Type, TypeDefinition};
use super::super::xml::{self, Node};
use super::files::File;
use super::words::Names;
use crate::feel::{Expression, ParseError, UnaryTests};
use crate::xml::Location;

/// Reads some files into one graph.
pub(super) struct Reader<'a> {
    pub(super) files: Vec<File<'a>>,
    pub(super) drafts: Vec<Draft<'a>>,
    /// Elements by file and id.
    pub(super) ids: BTreeMap<(u32, &'a str), ElementIndex>,
    /// Types by file and name.
    pub(super) type_names: BTreeMap<(u32, &'a str), u32>,
    pub(super) types: Vec<TypeDefinition>,
    /// The file that is being read.
    pub(super) file: u32,
    /// The names that the expression to come may use, innermost last.
    pub(super) names: Names,
    /// Names behind a dot that are no plain words.
    pub(super) properties: Names,
    /// The names that expressions took from outside since this was last emptied.
    pub(super) used: BTreeSet<Arc<str>>,
    pub(super) elements: Vec<Element>,
    report: Report,
}

/// An element before its expressions are read.
pub(super) struct Draft<'a> {
    pub(super) node: Node<'a>,
    pub(super) file: u32,
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) label: Arc<str>,
    pub(super) type_of: Option<Type>,
    pub(super) requires: Vec<Requirement>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(files: Vec<File<'a>>, report: Report) -> Self {
        Self {
            files,
            drafts: Vec::new(),
            ids: BTreeMap::new(),
            type_names: BTreeMap::new(),
            types: Vec::new(),
            file: 0,
            names: Names::default(),
            properties: Names::default(),
            used: BTreeSet::new(),
            elements: Vec::new(),
            report,
        }
    }

    pub(super) fn into_graph(self) -> (Graph, Report) {
        let type_names = self.visible_types();
        let mut graph =
            Graph { elements: self.elements, types: self.types, type_names, ..Graph::default() };
        graph.resources = self.files.iter().map(|it| it.resource.into()).collect();
        if let Some(file) = self.files.first() {
            graph.id = xml::attribute(file.root, "id").map(Into::into);
            graph.name = xml::attribute(file.root, "name").unwrap_or_default().into();
            graph.namespace = file.namespace.into();
            let named = file.imports.iter().filter(|it| !it.name.is_empty());
            graph.imports = named.map(|it| (it.name.clone(), it.file)).collect();
            graph.location = file.positions.locate(file.root.range().start);
        }
        graph.note_orders();
        (graph, self.report)
    }

    /// Returns for each file the types that it sees, imported ones behind the name of the import.
    fn visible_types(&self) -> Vec<BTreeMap<Arc<str>, u32>> {
        let own = |file: u32| self.type_names.iter().filter(move |((it, _), _)| *it == file);
        let mut visible = Vec::new();
        for (place, file) in (0u32..).zip(&self.files) {
            let mut names: BTreeMap<Arc<str>, u32> = BTreeMap::new();
            for import in &file.imports {
                for ((_, name), type_of) in own(import.file) {
                    let name = match &*import.name {
                        "" => Arc::from(*name),
                        prefix => Arc::from(format!("{prefix}.{name}")),
                    };
                    names.insert(name, *type_of);
                }
            }
            names.extend(own(place).map(|((_, name), type_of)| (Arc::from(*name), *type_of)));
            visible.push(names);
        }
        visible
    }

    /// Returns where a node of the file that is being read stands.
    pub(super) fn location(&self, node: Node<'a>) -> Location {
        let file = self.files.get(self.file as usize);
        file.map(|it| it.positions.locate(node.range().start)).unwrap_or_default()
    }

    /// Notes a problem with a node of the file that is being read.
    pub(super) fn problem(
        &mut self,
        node: Node<'a>,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        self.problem_at(node, node.range().start, code, message);
    }

    /// Tells whether nobody will read another problem.
    pub(super) fn is_full(&self) -> bool {
        self.report.is_full()
    }

    fn problem_at(
        &mut self,
        node: Node<'a>,
        byte: usize,
        code: ProblemCode,
        message: impl Into<String>,
    ) {
        if let Some(file) = self.files.get(self.file as usize) {
            let location = file.positions.locate(byte);
            self.report.add(file.resource, location, owner_id(node), code, message);
        }
    }

    /// Reads an expression, which must be there.
    pub(super) fn expression(&mut self, node: Node<'a>) -> Result<Expression, String> {
        let source = xml::content(node);
        let result = self.with_names(&source, |names| Expression::parse_with_names(&source, names));
        match result {
            Ok(expression) => {
                self.used.extend(expression.variables().iter().cloned());
                Ok(expression)
            }
            Err(error) => Err(self.invalid(node, &source, &error)),
        }
    }

    /// Reads unary tests, which must be there.
    pub(super) fn tests(&mut self, node: Node<'a>) -> Result<UnaryTests, String> {
        let source = xml::content(node);
        let result = self.with_names(&source, |names| UnaryTests::parse_with_names(&source, names));
        match result {
            Ok(tests) => {
                self.used.extend(tests.variables().iter().cloned());
                Ok(tests)
            }
            Err(error) => Err(self.invalid(node, &source, &error)),
        }
    }

    /// Reads a piece of unary tests that were read as a whole before.
    pub(super) fn piece(&self, source: &str) -> Option<UnaryTests> {
        self.with_names(source, |names| UnaryTests::parse_with_names(source, names)).ok()
    }

    /// Does something while more names are in scope.
    pub(super) fn within<T>(
        &mut self,
        names: impl IntoIterator<Item = Arc<str>>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mark = self.names.len();
        names.into_iter().for_each(|name| self.names.push(name));
        let result = read(self);
        self.names.truncate(mark);
        result
    }

    /// Returns the type that an attribute or element names.
    pub(super) fn type_of(&mut self, node: Node<'a>, name: &str) -> Option<Type> {
        let found = self.find_type(name);
        if found.is_none() {
            let message = format!("expected a type, found '{name}', which is not defined");
            self.problem(node, ProblemCode::TypeUnknown, message);
        }
        found
    }

    /// Returns the type that the attribute `typeRef` names.
    pub(super) fn type_reference(&mut self, node: Node<'a>) -> Option<Type> {
        xml::attribute(node, "typeRef").and_then(|name| self.type_of(node, name))
    }

    /// Returns the type of that name, if there is one.
    pub(super) fn known_type(&self, name: &str) -> Option<Type> {
        self.find_type(name)
    }

    fn find_type(&self, name: &str) -> Option<Type> {
        let defined =
            |file: u32, name: &str| self.type_names.get(&(file, name)).copied().map(Type::Defined);
        if let Some(found) = defined(self.file, name) {
            return Some(found);
        }
        let file = self.files.get(self.file as usize)?;
        for import in &file.imports {
            let rest = match &*import.name {
                "" => Some(name),
                prefix => name.strip_prefix(prefix).and_then(|it| it.strip_prefix('.')),
            };
            if let Some(found) = rest.and_then(|it| defined(import.file, it.trim())) {
                return Some(found);
            }
        }
        // DMN 1.1 writes `feel:string`
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        let imported = |name| file.imports.iter().find_map(|import| defined(import.file, name));
        defined(self.file, local).or_else(|| Type::built_in(local)).or_else(|| {
            // a prefix may stand for the namespace of another file
            if local == name { None } else { imported(local) }
        })
    }

    fn with_names<T>(&self, source: &str, parse: impl FnOnce(&[&str]) -> T) -> T {
        let mut names = self.names.within(source);
        names.extend(self.properties.within(source));
        parse(&names)
    }

    /// Notes what is wrong with an expression, at the very character if it stands in the file as it is.
    fn invalid(&mut self, node: Node<'a>, source: &str, error: &ParseError) -> String {
        let (expected, found) = (&error.expected, &error.found);
        let message = format!("expected {expected}, found {found}");
        let start = text_start(node, source, self.files.get(self.file as usize).map(|it| it.text));
        let byte = start.map_or(node.range().start, |start| {
            start.saturating_add(usize::try_from(error.span.start).unwrap_or_default())
        });
        let shown = format!("{message}\n{}", indent(&error.caret(source)));
        self.problem_at(node, byte, ProblemCode::ExpressionInvalid, shown);
        message
    }
}

/// Returns where the text of a node begins, if it stands in the file without entities or comments.
fn text_start(node: Node<'_>, source: &str, text: Option<&str>) -> Option<usize> {
    let start = node.first_child()?.range().start;
    let raw = text?.get(start..start.checked_add(source.len())?)?;
    (raw == source).then_some(start)
}

fn indent(text: &str) -> String {
    text.split('\n').map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Returns the id of the element right below the root that a node belongs to.
fn owner_id(node: Node<'_>) -> Option<&str> {
    let owner = node
        .ancestors()
        .find(|it| it.parent_element().is_some_and(|parent| parent.parent_element().is_none()))?;
    owner.attribute("id").or_else(|| owner.attribute("name"))
}
