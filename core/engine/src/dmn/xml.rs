//! The elements of DMN in a tree of XML.

use alloc::format;
use alloc::string::String;

/// A node of the tree.
pub(super) type Node<'a> = roxmltree::Node<'a, 'a>;

/// Returns what is wrong with the root of a tree, if it is not the `definitions` of DMN.
pub(super) fn not_dmn(root: Node<'_>) -> Option<String> {
    let found = root.tag_name();
    let (name, namespace) = (found.name(), found.namespace());
    if name == "definitions" && is_dmn(namespace) {
        return None;
    }
    let namespace = namespace.unwrap_or("no namespace");
    Some(format!("expected definitions of DMN 1.1 to 1.5 as the root, found {name} of {namespace}"))
}

/// Returns the children of a node that are elements of DMN.
pub(super) fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.children().filter(|it| it.is_element() && is_dmn(it.tag_name().namespace()))
}

/// Returns the children of that name.
pub(super) fn named<'a>(node: Node<'a>, tag: &'static str) -> impl Iterator<Item = Node<'a>> {
    children(node).filter(move |it| it.tag_name().name() == tag)
}

/// Returns the first child of that name.
pub(super) fn child<'a>(node: Node<'a>, tag: &'static str) -> Option<Node<'a>> {
    named(node, tag).next()
}

/// Returns an attribute that is there and not blank, without blanks around it.
pub(super) fn attribute<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.attribute(name).map(str::trim).filter(|it| !it.is_empty())
}

/// Returns the text between the tags of a node.
pub(super) fn content(node: Node<'_>) -> String {
    node.children().filter(roxmltree::Node::is_text).filter_map(|it| it.text()).collect()
}

fn is_dmn(namespace: Option<&str>) -> bool {
    namespace.is_some_and(|it| NAMESPACES.contains(&it))
}

/// DMN 1.1 to 1.5.
const NAMESPACES: [&str; 5] = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
];
