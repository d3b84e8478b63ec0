//! `dacapo why`: what an instance waits for, as one tree.

use std::io::{Write as _, stdout};

use clap::Args;
use dacapo_engine::record::Key;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, ServerArgs};
use super::failure::{Exit, Failure, Outcome};
use super::paint::Paint;

/// Tells what an instance waits for, down to the cause
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct WhyArgs {
    /// The instance's key, or @last (the newest) or @incident (the newest with an incident)
    #[arg(value_name = "INSTANCE")]
    instance: String,
    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// A node of the tree: an element instance.
#[derive(Debug, Deserialize)]
struct Node {
    element_id: String,
    #[serde(rename = "type")]
    element_type: String,
    state: String,
    #[serde(default)]
    waits: Vec<Wait>,
    #[serde(default)]
    children: Vec<Node>,
}

/// One thing that an element waits for.
#[derive(Debug, Deserialize)]
struct Wait {
    kind: String,
    text: String,
    #[serde(default)]
    near_misses: Vec<NearMiss>,
    #[serde(default)]
    calls: Vec<Call>,
}

/// What nearly ended a wait.
#[derive(Debug, Deserialize)]
struct NearMiss {
    text: String,
}

/// A call that would move a wait on.
#[derive(Debug, Deserialize)]
struct Call {
    method: String,
    path: String,
    body: Value,
}

/// Runs the command: exit 0 if nothing holds the instance up, 3 if it waits, 4 if it has an incident.
pub async fn run(args: &WhyArgs) -> Outcome {
    let client = args.server.client()?;
    let key = resolve(&client, &args.instance).await?;
    let mut answer = client.get(&format!("/v1/instances/{key}/why")).await?;
    let tree: Node = serde_json::from_value(answer.clone()).map_err(|it| {
        Failure::refused(format!("expected a tree of waits from the server: {it}"))
    })?;
    let mut out = stdout().lock();
    if args.json {
        add_commands(&mut answer, client.address());
        writeln!(out, "{answer:#}")?;
    } else {
        let page = Page { address: client.address(), paint: Paint::stdout() };
        for line in page.lines(&tree, key) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(exit(&tree))
}

/// Finds the instance that an argument names.
pub async fn resolve(client: &Client, argument: &str) -> Result<Key, Failure> {
    let filter = match argument {
        "@last" => json!({}),
        "@incident" => json!({ "hasIncident": true }),
        other => {
            return other.parse().map(Key).map_err(|_| {
                Failure::usage(format!(
                    "expected an instance key, @last or @incident, found `{other}`"
                ))
            });
        }
    };
    let search = json!({
        "filter": filter,
        "sort": [{ "field": "startDate", "order": "DESC" }, { "field": "processInstanceKey", "order": "DESC" }],
        "page": { "limit": 1 },
    });
    let found = client.post("/v2/process-instances/search", search).await?;
    let key = found["items"][0]["processInstanceKey"].as_str().and_then(|it| it.parse().ok());
    key.map(Key)
        .ok_or_else(|| Failure::refused(format!("expected an instance for {argument}, found none")))
}

fn exit(tree: &Node) -> Exit {
    let (mut waits, mut is_incident) = (false, false);
    visit(tree, &mut |it| {
        waits = true;
        is_incident |= it.kind == "incident";
    });
    if is_incident {
        Exit::Incident
    } else if waits {
        Exit::Waiting
    } else {
        Exit::Ok
    }
}

fn visit(node: &Node, each: &mut impl FnMut(&Wait)) {
    node.waits.iter().for_each(&mut *each);
    node.children.iter().for_each(|it| visit(it, each));
}

/// How the tree is printed.
struct Page<'a> {
    address: &'a str,
    paint: Paint,
}

impl Page<'_> {
    fn lines(&self, tree: &Node, key: Key) -> Vec<String> {
        let title = format!("{} {key}", tree.element_id);
        let mut lines =
            vec![format!("{}  {}", self.paint.bold(title), self.paint.dim(state(tree)))];
        self.below(tree, "", &mut lines);
        if exit(tree) == Exit::Ok {
            lines.push("waits for nothing".to_owned());
        }
        lines
    }

    /// Adds what stands below a node: its waits, then its children, joined by branches.
    fn below(&self, node: &Node, indent: &str, lines: &mut Vec<String>) {
        let mut left = node.waits.len() + node.children.len();
        let mut branch = || {
            left -= 1;
            if left == 0 { ("└─ ", "   ") } else { ("├─ ", "│  ") }
        };
        for wait in &node.waits {
            let (joint, rest) = branch();
            let text = wait.text.replace('\n', &format!("\n{indent}{rest}"));
            lines.push(format!("{indent}{joint}{} {text}", self.kind(&wait.kind)));
            let below = |text: String| format!("{indent}{rest}{text}");
            for it in &wait.near_misses {
                lines.push(below(self.paint.dim(format!("nearly: {}", it.text))));
            }
            if wait.kind == "incident" {
                lines.push(below(self.paint.dim("when what is wrong is repaired:")));
            }
            let commands = wait.calls.iter().map(|it| it.command(self.address));
            lines.extend(commands.map(|it| below(self.paint.cyan(it))));
        }
        for child in &node.children {
            let (joint, rest) = branch();
            let name = self.paint.bold(&child.element_id);
            lines.push(format!("{indent}{joint}{name}  {}", self.paint.dim(state(child))));
            self.below(child, &format!("{indent}{rest}"), lines);
        }
    }

    fn kind(&self, kind: &str) -> String {
        let text = format!("{}:", kind.replace('_', " "));
        if kind == "incident" { self.paint.red(text) } else { self.paint.yellow(text) }
    }
}

impl Call {
    /// Writes it as a line for a shell.
    fn command(&self, address: &str) -> String {
        let Self { method, path, body } = self;
        let body = body.to_string().replace('\'', r"'\''");
        format!(
            "curl --fail -X {method} '{address}{path}' -H 'content-type: application/json' -d '{body}'"
        )
    }
}

/// Adds to each wait of the answer the lines that would move it on.
fn add_commands(node: &mut Value, address: &str) {
    let parts = |node: &mut Value, name| node[name].as_array_mut().map(std::mem::take);
    let mut waits = parts(node, "waits").unwrap_or_default();
    for wait in &mut waits {
        let calls: Vec<Call> = serde_json::from_value(wait["calls"].clone()).unwrap_or_default();
        let commands: Vec<String> = calls.iter().map(|it| it.command(address)).collect();
        wait["commands"] = commands.into();
    }
    let mut children = parts(node, "children").unwrap_or_default();
    children.iter_mut().for_each(|it| add_commands(it, address));
    node["waits"] = waits.into();
    node["children"] = children.into();
}

fn state(node: &Node) -> String {
    format!("{} {}", node.element_type.to_lowercase(), node.state.to_lowercase())
}

const HELP: &str = "\
Each wait is told with what nearly ended it, such as a message with another key, and the line that would move it on.

Exit codes: 0 it waits for nothing, 3 it waits for something outside, 4 it has an incident.

Examples:
  dacapo why @incident            the newest instance with an incident
  dacapo why 4503599627370501     one instance
  dacapo why @last --json | jq .  for scripts";
