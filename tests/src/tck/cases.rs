//! Test files: which there are, and what they ask and expect.

use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};

/// A test case.
#[derive(Debug)]
pub struct Case {
    /// Its id within the file.
    pub id: String,
    /// What is asked.
    pub target: Target,
    /// The values given, still as XML text of their nodes: name and place.
    pub inputs: Vec<(String, Expected)>,
    /// The results expected.
    pub results: Vec<ResultNode>,
}

/// What a case asks.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// The decisions named by its results.
    Decisions,
    /// A decision service.
    Service(String),
    /// A business knowledge model.
    Knowledge(String),
}

/// A result that a case expects.
#[derive(Debug)]
pub struct ResultNode {
    /// The name of the decision.
    pub name: String,
    /// Its value.
    pub expected: Expected,
}

/// A value as a test file writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Nothing, or an error, which is the same.
    Null,
    /// A type and a text.
    Text(String, String),
    /// Items.
    List(Vec<Self>),
    /// Named values.
    Components(Vec<(String, Self)>),
}

/// A test file.
#[derive(Debug)]
pub struct TestFile {
    /// The model file beside it.
    pub model: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// Returns the test files below a folder, sorted.
pub fn test_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let (mut agenda, mut files) = (vec![folder.to_path_buf()], Vec::new());
    while let Some(folder) = agenda.pop() {
        let listed =
            std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in listed.flatten().map(|it| it.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                agenda.push(path);
            } else if name.contains("-test-") && name.ends_with(".xml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a test file.
pub fn read(text: &str) -> Result<TestFile, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    if root.tag_name().name() != "testCases" {
        return Err(format!("expected testCases, found {}", root.tag_name().name()));
    }
    let model = child(root, "modelName").and_then(|it| it.text()).unwrap_or_default().trim().into();
    let cases = named(root, "testCase").map(case).collect();
    Ok(TestFile { model, cases })
}

fn case(node: Node<'_, '_>) -> Case {
    let name = |node: Node<'_, '_>| node.attribute("name").unwrap_or_default().to_string();
    let invocable = node.attribute("invocableName").unwrap_or_default().to_string();
    Case {
        id: node.attribute("id").unwrap_or_default().into(),
        target: match node.attribute("type") {
            Some("decisionService") => Target::Service(invocable),
            Some("bkm") => Target::Knowledge(invocable),
            _ => Target::Decisions,
        },
        inputs: named(node, "inputNode").map(|it| (name(it), value(it))).collect(),
        results: named(node, "resultNode")
            .map(|it| {
                let is_error = it.attribute("errorResult") == Some("true");
                let expected = child(it, "expected").filter(|_| !is_error);
                ResultNode { name: name(it), expected: expected.map_or(Expected::Null, value) }
            })
            .collect(),
    }
}

fn value(node: Node<'_, '_>) -> Expected {
    if is_nil(node) {
        return Expected::Null;
    }
    if let Some(text) = child(node, "value") {
        if is_nil(text) {
            return Expected::Null;
        }
        let kind = text.attribute((INSTANCE, "type")).unwrap_or("string");
        let kind = kind.rsplit(':').next().unwrap_or(kind);
        return Expected::Text(kind.into(), text.text().unwrap_or_default().into());
    }
    if let Some(list) = child(node, "list") {
        return match is_nil(list) {
            true => Expected::Null,
            false => Expected::List(named(list, "item").map(value).collect()),
        };
    }
    let components = named(node, "component")
        .map(|it| (it.attribute("name").unwrap_or_default().to_string(), value(it)));
    match components.collect::<Vec<_>>() {
        components if components.is_empty() => Expected::Null,
        components => Expected::Components(components),
    }
}

fn is_nil(node: Node<'_, '_>) -> bool {
    matches!(node.attribute((INSTANCE, "nil")), Some("true" | "1"))
}

fn child<'a>(node: Node<'a, 'a>, tag: &'static str) -> Option<Node<'a, 'a>> {
    named(node, tag).next()
}

fn named<'a>(node: Node<'a, 'a>, tag: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |it| it.is_element() && it.tag_name().name() == tag)
}

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_inputs_and_results() {
        let text = r#"<testCases xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>m.dmn</modelName>
            <testCase id="1" type="decisionService" invocableName="s">
            <inputNode name="a"><value xsi:type="xsd:decimal">1</value></inputNode>
            <inputNode name="b"><component name="c"><value xsi:nil="true"/></component></inputNode>
            <resultNode name="d"><expected><list><item><value>x</value></item></list></expected></resultNode>
            <resultNode name="e" errorResult="true"><expected><value>x</value></expected></resultNode>
            </testCase></testCases>"#;
        let file = read(text).expect("a test file");
        let [case] = &file.cases[..] else { panic!("expected one case") };
        assert_eq!((file.model.as_str(), &case.target), ("m.dmn", &Target::Service("s".into())));
        assert_eq!(case.inputs[0].1, Expected::Text("decimal".into(), "1".into()));
        assert_eq!(case.inputs[1].1, Expected::Components(vec![("c".into(), Expected::Null)]));
        let item = Expected::Text("string".into(), "x".into());
        assert_eq!(case.results[0].expected, Expected::List(vec![item]));
        assert_eq!(case.results[1].expected, Expected::Null);
    }
}
