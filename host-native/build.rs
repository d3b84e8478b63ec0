//! Puts the built studio into the binary: every file as it is, and compressed as its build compressed it.
//!
//! Without a built studio the list is empty, and the server tells how to build one.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let studio = root.join("../js/packages/studio");
    let dist = studio.join("dist");
    // A folder that is not there would make every build begin again; its parent tells when it comes.
    let watched = if dist.is_dir() { &dist } else { &studio };
    println!("cargo:rerun-if-changed={}", watched.display());
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &mut files)?;
    }
    files.sort_unstable();
    let mut text = String::from("[\n");
    for file in files.iter().filter(|it| !is_compressed(it)) {
        let name = file.strip_prefix(&dist).unwrap_or(file).display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "    Asset {{ path: {:?}, plain: include_bytes!({file:?}), gzip: {}, brotli: {} }},",
            name.replace('\\', "/"),
            compressed(file, "gz"),
            compressed(file, "br"),
        );
    }
    text.push_str("]\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("studio.rs"), text)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for it in fs::read_dir(folder)? {
        let path = it?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "gz" || it == "br")
}

fn compressed(file: &Path, extension: &str) -> String {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{extension}"));
    let file = PathBuf::from(name);
    if file.is_file() { format!("Some(include_bytes!({file:?}))") } else { "None".to_owned() }
}
