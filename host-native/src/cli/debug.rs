//! `dacapo debug`: the studio on an instance of a server, or on a log file that no server holds.

use std::io::{Write as _, stdout};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use dacapo::http::{listen, studio_of_file};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::client::{Client, ServerArgs};
use super::failure::{Exit, Failure, Outcome};
use super::paint::Paint;
use super::why::resolve;

/// Opens the studio on an instance, or on a log file
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub struct DebugArgs {
    /// A log file, or an instance: its key, @last (the newest) or @incident (the newest with an incident)
    #[arg(value_name = "FILE | INSTANCE")]
    target: String,
    /// Print the address and open nothing
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs the command: for a file until it is stopped, for an instance at once.
pub async fn run(args: &DebugArgs) -> Outcome {
    let path = Path::new(&args.target);
    if path.is_file() {
        return file(path.to_path_buf(), args.no_open).await;
    }
    let is_path = args.target.contains(['/', '\\', '.']);
    if is_path {
        return Err(Failure::usage(format!("expected a log file at {}, found none", args.target)));
    }
    let client: Client = args.server.client()?;
    let key = resolve(&client, &args.target).await?;
    show(&format!("{}/#/instance/{key}", client.address()), args.no_open)?;
    Ok(Exit::Ok)
}

/// Serves the page and the file to this machine alone, until Ctrl-C.
async fn file(path: PathBuf, no_open: bool) -> Outcome {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let router = studio_of_file(path);
    let serving = tokio::spawn(listen(listener, router, stopped));
    show(&format!("http://{address}/?file=log"), no_open)?;
    eprintln!("serving to this machine; stop: Ctrl-C");
    tokio::signal::ctrl_c().await?;
    // Nobody listens any more if it ended by itself.
    let _ = stop.send(true);
    let _ = serving.await;
    Ok(Exit::Ok)
}

fn show(address: &str, no_open: bool) -> Result<(), Failure> {
    writeln!(stdout(), "{}", Paint::stdout().cyan(address))?;
    if !no_open && !open(address) {
        eprintln!("no browser was found: open the address by hand");
    }
    Ok(())
}

/// Asks the system to open an address; returns whether it could be asked.
fn open(address: &str) -> bool {
    let (program, args): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(args).arg(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

const HELP: &str = "\
A file is served to this machine alone, with the page, until Ctrl-C. Nothing of it leaves the machine.

Examples:
  dacapo debug @incident          the newest instance with an incident, on the record that raised it
  dacapo debug order.log          a log file from anywhere
  dacapo debug @last --no-open    print the address";
