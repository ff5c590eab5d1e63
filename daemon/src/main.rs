//! `bedrud`: the daemon. Reads what it was told, checks all of it, runs one of its verbs.

mod manual;

use std::{path::PathBuf, process::ExitCode};

use bedrud::{app, config, telemetry};
use clap::{CommandFactory, Parser, Subcommand};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Gives argon2's blocks of 9 MiB back to the system at once; glibc would keep them in its arenas.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Self-hosted video meetings.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Configuration file; without it all defaults
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database and secrets [default: $STATE_DIRECTORY, else /var/lib/bedrud]
    #[arg(long, global = true, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Control socket and generated files [default: $RUNTIME_DIRECTORY, else /run/bedrud]
    #[arg(long, global = true, value_name = "DIR")]
    runtime_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the meeting server
    Run,
    /// Run only the SFU, so that restarts of the server leave meetings alone
    Livekit,
    /// Check the configuration and say everything that is wrong with it
    CheckConfig,
    /// Make a service of these programs, where there is no package: short for `bedrudctl unit install`
    Install,
    /// Print the API document
    #[command(hide = true)]
    Openapi,
    /// Write the manual pages into a directory
    #[command(hide = true)]
    Manual {
        /// Where to
        directory: PathBuf,
    },
}

fn main() -> ExitCode {
    // before the first thread: huge pages would make 36 MB of the 20 that an idle daemon uses
    let _ = nix::sys::prctl::set_thp_disable(true);
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{}", e.to_string().trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Becomes the operator's tool, which lies beside; returns only what kept it from that.
fn install() -> String {
    use std::os::unix::process::CommandExt;
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.join("bedrudctl")));
    let tool = beside.filter(|tool| tool.exists()).unwrap_or_else(|| "bedrudctl".into());
    let failed = std::process::Command::new(&tool).args(["unit", "install"]).exec();
    format!("{} cannot be run: {failed}. Put bedrudctl beside bedrud.", tool.display())
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    match &arguments.command {
        Command::Openapi => {
            use std::io::Write;
            writeln!(std::io::stdout(), "{}", bedrud::http::document().to_pretty_json()?)?;
            return Ok(());
        }
        Command::Manual { directory } => return Ok(manual::write(Arguments::command(), directory)?),
        Command::Install => return Err(install().into()),
        Command::Run | Command::Livekit | Command::CheckConfig => {}
    }
    if let Command::CheckConfig = arguments.command {
        let (config, mut problems) = config::read(arguments.config.as_deref());
        app::check(&config, &config::Paths::named(arguments.state_dir, arguments.runtime_dir), &mut problems);
        problems.or(())?;
        eprintln!("The configuration is valid.");
        return Ok(());
    }
    // SIGHUP means "read it again"; until somebody listens it waits, for its default is the end
    app::hold_hangups();
    let config = config::load(arguments.config.as_deref())?;
    // database and secrets are nobody else's, wherever the configuration puts them
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
    // every connection is a descriptor, and the usual soft limit of 1024 is for programs that use select(2)
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    }
    let paths = config::Paths::find(arguments.state_dir, arguments.runtime_dir)?;
    let logs = telemetry::start(&config.log);
    let reload = app::Reload::new(arguments.config, config, logs.level);
    // one thread: connections have theirs (serve)
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments.command {
        Command::Livekit => runtime.block_on(app::run_alone(reload, paths, logs.recent))?,
        _ => runtime.block_on(app::run(reload, paths, logs.recent))?,
    }
    Ok(())
}
