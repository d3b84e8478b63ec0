//! Every input of the corpus, those that once made a crash among them, holds.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_input_of_the_corpus_holds() {
    for (name, check) in dacapo_fuzz::CHECKS {
        let files = files(&corpus().join(name));
        assert!(files.len() >= 10, "{name}: expected a corpus, found {} files", files.len());
        for file in files {
            let bytes = fs::read(&file).expect("the file can be read");
            // a panic says what does not hold, this says where
            println!("{}", file.display());
            check(&bytes);
        }
    }
}

#[test]
fn the_corpus_is_small() {
    let folders = dacapo_fuzz::CHECKS.map(|(name, _)| files(&corpus().join(name)));
    let bytes: u64 = folders.iter().flatten().map(|it| size(it)).sum();
    assert!(bytes < BYTES_MAX, "expected less than {BYTES_MAX} bytes, found {bytes}");
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the corpus has a folder for every check");
    let mut files: Vec<_> = entries.map(|it| it.expect("a file").path()).collect();
    files.sort();
    files
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).expect("the file is there").len()
}

const BYTES_MAX: u64 = 300_000;
