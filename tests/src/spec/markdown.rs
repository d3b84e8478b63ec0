//! Reads a spec suite: headings, and the fenced blocks under them.

use std::ops::Range;

/// One section with a `run` block: a test.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The line of the heading, counted from 1.
    pub line: usize,
    /// The `process` blocks: one model each.
    pub processes: Vec<String>,
    /// The `model` and `table` blocks: parts of a decision model.
    pub models: Vec<(String, String)>,
    /// The `xml` blocks: files to deploy by name.
    pub files: Vec<(String, String)>,
    /// The `given` block: lines that run first and whose records are not shown.
    pub given: String,
    /// The `run` block, or the `evaluate` block of a decision model.
    pub run: String,
    /// The `log` block: what must be in the log; or the `result` block of a decision model.
    pub log: String,
    /// Where that block's text stands in the file, in bytes.
    pub log_place: Range<usize>,
}

/// Splits a suite into its tests. A section without a `run` block is prose; its processes and models hold for the sections
/// below it that have none.
pub fn sections(text: &str) -> Vec<Section> {
    let (mut tests, mut shared, mut current) = (Vec::new(), Section::default(), Section::default());
    let (mut fence, mut block_start): (Option<String>, usize) = (None, 0);
    let mut offset = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        match (&fence, bare.strip_prefix("```")) {
            (None, Some(kind)) => {
                (fence, block_start) = (Some(kind.to_string()), offset + line.len())
            }
            (Some(kind), Some("")) => {
                current.take_block(kind, text, block_start..offset);
                fence = None;
            }
            (None, None) if bare.starts_with('#') => {
                finish(&mut tests, &mut shared, std::mem::take(&mut current));
                current.title = bare.trim_start_matches('#').trim().to_string();
                current.line = number + 1;
            }
            _ => {}
        }
        offset += line.len();
    }
    finish(&mut tests, &mut shared, current);
    tests
}

impl Section {
    fn take_block(&mut self, kind: &str, text: &str, place: Range<usize>) {
        let body = text[place.clone()].to_string();
        if let Some(name) = kind.strip_prefix("xml ") {
            self.files.push((name.trim().to_string(), body));
            return;
        }
        match kind {
            "process" => self.processes.push(body),
            "given" => self.given = body,
            "run" | "evaluate" => self.run = body,
            "log" | "result" => (self.log, self.log_place) = (body, place),
            other if other == "model" || other.starts_with("table ") => {
                self.models.push((kind.to_string(), body));
            }
            _ => {}
        }
    }
}

fn finish(tests: &mut Vec<Section>, shared: &mut Section, mut section: Section) {
    if section.run.is_empty() {
        shared.processes.extend(section.processes);
        shared.models.extend(section.models);
        return;
    }
    if section.processes.is_empty() {
        section.processes.clone_from(&shared.processes);
    }
    if section.models.is_empty() {
        section.models.clone_from(&shared.models);
    }
    tests.push(section);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_with_a_run_block_is_a_test() {
        let text = "# A\n```process\nx\n```\n## B\nprose\n```run\ncreate\n```\n```log\n1 C\n```\n";
        let [test] = &sections(text)[..] else { panic!("expected one test") };
        assert_eq!((test.title.as_str(), test.line), ("B", 5));
        assert_eq!(test.processes, ["x\n"]);
        assert_eq!(test.run, "create\n");
        assert_eq!(&text[test.log_place.clone()], "1 C\n");
    }
}
