//! Which module of the core may use which: the layer table of the design.

use super::rust_source::{RustSource, Word};
use super::{Problem, Repository, problem};

/// One row of the layer table.
struct Layer {
    module: &'static str,
    /// Modules of its own crate.
    own: &'static [&'static str],
    /// Modules of the engine crate, for the log crate.
    engine: &'static [&'static str],
}

/// Checks every path from one module of the core to another.
pub fn layers(repository: &Repository) -> Vec<Problem> {
    let engine = repository.below("core/engine/src/", ".rs");
    let log = repository.below("core/log/src/", ".rs");
    let engine = engine.flat_map(|file| check(file, "core/engine/src/", &ENGINE));
    engine.chain(log.flat_map(|file| check(file, "core/log/src/", &LOG))).collect()
}

/// Checks that the modules that any machine shares know nothing of processes.
pub fn kernel_words(repository: &Repository) -> Vec<Problem> {
    let is_shared = |path: &str| SHARED.iter().any(|it| path.starts_with(it));
    let files = repository.below("core/", ".rs").filter(|(path, _)| is_shared(path));
    let mut problems = Vec::new();
    for (path, text) in files {
        let source = RustSource::new(text);
        for word in source.words() {
            let lower = word.text.to_lowercase();
            if let Some(name) = PROCESS_WORDS.iter().find(|it| lower.contains(**it)) {
                let text = format!(
                    "expected no word of processes here, found `{name}` in `{}`",
                    word.text
                );
                problems.push(problem(path, source.line_of(word.start), text));
            }
        }
    }
    problems
}

fn check((path, text): (&str, &str), folder: &str, table: &[Layer]) -> Vec<Problem> {
    let module = path.strip_prefix(folder).unwrap_or(path);
    let module = module.split('/').next().unwrap_or(module).trim_end_matches(".rs");
    if module == "lib" {
        return Vec::new();
    }
    let Some(layer) = table.iter().find(|it| it.module == module) else {
        return vec![problem(
            path,
            0,
            format!("expected a module of the layer table, found `{module}`"),
        )];
    };
    let source = RustSource::new(text);
    let uses = |root: &str| -> Vec<(usize, String)> {
        let words = source.words();
        let roots = words.iter().filter(|it| it.text == root);
        roots.flat_map(|it| targets(&source, it)).collect()
    };
    let own = uses("crate")
        .into_iter()
        .filter(|(_, it)| it != module && !layer.own.contains(&it.as_str()));
    let engine =
        uses("dacapo_engine").into_iter().filter(|(_, it)| !layer.engine.contains(&it.as_str()));
    let found = own.chain(engine).map(|(line, target)| {
        problem(
            path,
            line,
            format!("expected `{module}` not to use `{target}`, found a path to it"),
        )
    });
    found.chain(root_by_super(path, &source)).collect()
}

/// A chain of `super` that reaches the root leaves the module without naming the one it enters.
fn root_by_super(path: &str, source: &RustSource) -> Vec<Problem> {
    let inner = path.split_once("/src/").map_or(path, |(_, inner)| inner);
    let depth = inner.trim_end_matches("/mod.rs").split('/').count();
    let chain = "super::".repeat(depth);
    let found = source.code.match_indices(chain.as_str());
    let text = "expected a path from `crate`, found `super` up to the root";
    found.map(|(at, _)| problem(path, source.line_of(at), text)).collect()
}

/// Returns the modules that a path from `crate` enters, with lines; a group names several.
fn targets(source: &RustSource, root: &Word<'_>) -> Vec<(usize, String)> {
    let after = source.after(root.start + root.text.len());
    let Some(path) = after.trim_start().strip_prefix("::") else { return Vec::new() };
    let path = path.trim_start();
    let line = source.line_of(root.start);
    if let Some(group) = path.strip_prefix('{') {
        return group_heads(group).into_iter().map(|it| (line, it)).collect();
    }
    let name: String = path.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
    let is_macro = path.get(name.len()..).is_some_and(|it| it.starts_with('!'));
    if name.is_empty() || is_macro { Vec::new() } else { vec![(line, name)] }
}

/// Returns the first name of each path of a group, up to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let mut heads = vec![String::new()];
    let mut depth = 0_usize;
    let mut in_head = true;
    for char in group.chars() {
        match char {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(String::new());
                in_head = true;
                continue;
            }
            _ => {}
        }
        let is_word = char.is_alphanumeric() || char == '_';
        if let Some(head) = heads.last_mut()
            && in_head
            && depth == 0
        {
            if is_word {
                head.push(char);
            } else if !head.is_empty() {
                in_head = false;
            }
        }
    }
    heads.retain(|it| !it.is_empty());
    heads
}

const ENGINE: [Layer; 8] = [
    Layer { module: "record", own: &[], engine: &[] },
    Layer { module: "kernel", own: &["record"], engine: &[] },
    Layer { module: "xml", own: &[], engine: &[] },
    Layer { module: "feel", own: &[], engine: &[] },
    Layer { module: "dmn", own: &["xml", "feel"], engine: &[] },
    Layer { module: "bpmn", own: &["xml", "feel"], engine: &[] },
    Layer { module: "process", own: &["record", "kernel", "feel", "dmn", "bpmn"], engine: &[] },
    Layer { module: "stream", own: &["record", "kernel", "feel"], engine: &[] },
];
const LOG: [Layer; 3] = [
    Layer { module: "wire", own: &[], engine: &["record", "kernel", "feel"] },
    Layer { module: "replay", own: &["wire"], engine: &["record", "kernel"] },
    Layer { module: "partition", own: &["wire"], engine: &["record", "kernel"] },
];
const SHARED: [&str; 3] =
    ["core/engine/src/kernel/", "core/log/src/replay/", "core/log/src/partition/"];
const PROCESS_WORDS: [&str; 6] =
    ["bpmn", "zeebe", "gateway", "subprocess", "processinstance", "process_instance"];

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        let repository = Repository::of(&[(path, text)]);
        let found = layers(&repository).into_iter().chain(kernel_words(&repository));
        found.map(|it| it.to_string()).collect()
    }

    #[test]
    fn a_path_to_a_higher_layer_is_found() {
        let found = texts(
            "core/engine/src/kernel/cx.rs",
            "use crate::record::Key;\nuse crate::process::State;\n",
        );
        assert_eq!(
            found,
            [
                "core/engine/src/kernel/cx.rs:2: expected `kernel` not to use `process`, found a path to it"
            ]
        );
    }

    #[test]
    fn a_path_in_a_group_is_found() {
        let text =
            "use crate::{\n    feel::{Value, value::Dec34},\n    bpmn::Model, record::Key,\n};\n";
        assert_eq!(texts("core/engine/src/dmn/table.rs", text).len(), 2);
        assert_eq!(texts("core/engine/src/process/machine.rs", text), [""; 0]);
    }

    #[test]
    fn a_path_inside_code_is_found_and_a_macro_is_none() {
        assert_eq!(
            texts("core/log/src/wire/frame.rs", "fn f() { dacapo_engine::process::f() }").len(),
            1
        );
        assert_eq!(
            texts("core/engine/src/kernel/cx.rs", "fn f() { crate::invariant!(true) }"),
            [""; 0]
        );
        assert_eq!(
            texts("core/engine/src/kernel/cx.rs", "// crate::process\nuse crate::kernel::Cx;"),
            [""; 0]
        );
    }

    #[test]
    fn a_module_outside_the_table_is_found() {
        assert_eq!(texts("core/engine/src/helpers.rs", "").len(), 1);
        assert_eq!(texts("core/engine/src/lib.rs", "pub use crate::process::State;"), [""; 0]);
    }

    #[test]
    fn super_up_to_the_root_is_found() {
        let text = "use super::super::kernel::Cx;";
        assert_eq!(texts("core/engine/src/record/key.rs", text).len(), 1);
        assert_eq!(texts("core/engine/src/feel/json/parse.rs", text), [""; 0]);
    }

    #[test]
    fn a_word_of_processes_in_the_kernel_is_found() {
        assert_eq!(texts("core/engine/src/kernel/cx.rs", "struct ProcessInstance;").len(), 1);
        assert_eq!(texts("core/log/src/replay/why.rs", "fn gateway_of() {}").len(), 1);
        assert_eq!(
            texts("core/engine/src/kernel/cx.rs", "// as a gateway does\nfn f() {}"),
            [""; 0]
        );
    }
}
