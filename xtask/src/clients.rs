//! The steps that walk through a process with the official clients of Camunda 8, unmodified.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::step::Stop;
use crate::work::{Work, write};
use crate::{javascript, rust};

/// Walks with the client for Node.
pub fn node(work: &mut Work) -> Result<(), Stop> {
    javascript::install(work, NODE)?;
    rust::build(work)?;
    let mut walk = work.command("node");
    walk.current_dir(work.root.join(NODE)).arg("walk.mjs").env("DACAPO_BIN", rust::binary(work));
    Ok(work.run(&mut walk, WALK_MAX)?)
}

/// Walks with the client for Python.
pub fn python(work: &mut Work) -> Result<(), Stop> {
    let python = environment(work)?;
    rust::build(work)?;
    let mut walk = work.command(python);
    walk.current_dir(work.root.join(PYTHON)).arg("walk.py").env("DACAPO_BIN", rust::binary(work));
    walk.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1");
    Ok(work.run(&mut walk, WALK_MAX)?)
}

/// Makes the virtual environment that the requirements name, unless it is there.
fn environment(work: &mut Work) -> Result<PathBuf, String> {
    let requirements = work.root.join(PYTHON).join("requirements.txt");
    let wanted =
        fs::read(&requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let folder = work.target().join("python");
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.txt");
    if fs::read(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(python);
    }
    let mut create = work.command("python3");
    work.run(create.args(["-m", "venv", "--clear"]).arg(&folder), INSTALL_MAX)?;
    let mut install = work.command(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements);
    work.run(&mut install, INSTALL_MAX)?;
    write(&stamp, &wanted)?;
    Ok(python)
}

const NODE: &str = "tests/clients/node";
const PYTHON: &str = "tests/clients/python";
const WALK_MAX: Duration = Duration::from_mins(10);
const INSTALL_MAX: Duration = Duration::from_mins(10);
