//! `bedrud`: the daemon. Reads what it was told, checks all of it, runs one of four things.

use std::{path::PathBuf, process::ExitCode};

use bedrud::{app, config, telemetry};
use clap::{Parser, Subcommand};
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
    /// Print the API document
    #[command(hide = true)]
    Openapi,
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

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    if let Command::Openapi = arguments.command {
        use std::io::Write;
        writeln!(std::io::stdout(), "{}", bedrud::http::document().to_pretty_json()?)?;
        return Ok(());
    }
    // SIGHUP means "read it again"; until somebody listens it waits, for its default is the end
    app::hold_hangups();
    let config = config::load(arguments.config.as_deref())?;
    if let Command::CheckConfig = arguments.command {
        eprintln!("The configuration is valid.");
        return Ok(());
    }
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
        Command::Livekit => runtime.block_on(app::run_alone(reload, paths))?,
        _ => runtime.block_on(app::run(reload, paths, logs.recent))?,
    }
    Ok(())
}
