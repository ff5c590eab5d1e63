//! `bedrudctl`: the operator's tool. Speaks HTTP over the daemon's control socket; never opens the database.

mod anew;
mod ask;
mod audit;
mod backup;
mod bugreport;
mod cert;
mod client;
mod completion;
mod config;
mod database;
mod doctor;
mod events;
mod failure;
mod holder;
mod invite;
mod keys;
mod livekit;
mod lobby;
mod logs;
mod mail;
mod manual;
mod moderation;
mod names;
mod older;
mod path;
mod printer;
mod room;
mod settings;
mod setup;
mod status;
mod stream;
mod top;
mod unit;
mod user;
mod webhook;
mod whole;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    printer::Printer,
};

/// Looks after a Bedrud server from its shell.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Arguments {
    /// The daemon's control socket
    #[arg(long, global = true, value_name = "PATH", env = "BEDRUD_SOCKET", default_value = bedrud_control::DEFAULT_SOCKET)]
    socket: PathBuf,
    /// Print JSON: one document, or one line each in a stream
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 usage, 3 daemon unreachable, 4 not found, 5 not permitted, \
6 conflict, 7 would change (dry run), 8 something is wrong (doctor), 9 timed out.";

#[derive(Subcommand)]
enum Verb {
    /// Say what runs, where, and who is in it
    Status,
    /// Accounts
    #[command(subcommand)]
    User(user::Verb),
    /// Rooms and the people inside
    #[command(subcommand)]
    Room(room::Verb),
    /// Links by which people make accounts
    #[command(subcommand)]
    Invite(invite::Verb),
    /// Whom outside the server tells what happens
    #[command(subcommand)]
    Webhook(webhook::Verb),
    /// The certificate that is served
    #[command(subcommand)]
    Cert(cert::Verb),
    /// What signs what
    #[command(subcommand)]
    Keys(keys::Verb),
    /// What this server writes to people
    #[command(subcommand)]
    Mail(mail::Verb),
    /// Where accounts and rooms are kept
    #[command(subcommand)]
    Database(database::Verb),
    /// The SFU
    #[command(subcommand)]
    Livekit(livekit::Verb),
    /// What acts at once: registration, guests, and the like
    Settings {
        #[command(subcommand)]
        verb: Option<settings::Verb>,
    },
    /// Print the one-time link for the first administrator; or with a name, make a server of that name out of it
    Setup(setup::Setup),
    /// Print the newest log lines of daemon and SFU
    Logs(logs::Logs),
    /// Print what happened: joins, leaves, moderation, the SFU, the certificate, settings
    Events(events::Events),
    /// Say who did what to whom, from where
    Audit(audit::Wanted),
    /// The whole server in one file
    #[command(subcommand)]
    Backup(backup::Verb),
    /// The configuration of the file, as it runs
    #[command(subcommand)]
    Config(config::Verb),
    /// Show meetings, people and what the programs use, again and again
    Top(top::Top),
    /// Write one file for whoever is asked for help; no secret is in it
    Bugreport(bugreport::Report),
    /// Look for what is wrong with the server or its machine, and say what mends it
    Doctor(doctor::Doctor),
    /// Print figures as Prometheus reads them (OpenMetrics)
    Metrics,
    /// Print the versions of tool and daemon
    Version,
    /// Print a completion script for a shell
    Completion(completion::Completion),
    /// The services, on a machine without the package
    #[command(subcommand)]
    Unit(unit::Verb),
    /// Write the manual pages into a directory
    #[command(hide = true)]
    Manual {
        /// Where to
        directory: PathBuf,
    },
}

fn main() -> ExitCode {
    // the shell asks what could stand here; else it returns at once
    clap_complete::CompleteEnv::with_factory(Arguments::command).complete();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let printer = Printer::new(arguments.json);
    let exit = run(arguments, printer).unwrap_or_else(|failure| {
        printer.failure(&failure);
        failure.exit
    });
    ExitCode::from(exit as u8)
}

fn run(arguments: Arguments, printer: Printer) -> Outcome {
    let client = Client::new(arguments.socket);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.verb {
            Verb::Status => status::show(&client, printer).await,
            Verb::User(verb) => user::run(verb, &client, printer).await,
            Verb::Room(verb) => room::run(verb, &client, printer).await,
            Verb::Invite(verb) => invite::run(verb, &client, printer).await,
            Verb::Webhook(verb) => webhook::run(verb, &client, printer).await,
            Verb::Cert(verb) => cert::run(verb, &client, printer).await,
            Verb::Keys(verb) => keys::run(verb, &client, printer).await,
            Verb::Mail(verb) => mail::run(verb, &client, printer).await,
            Verb::Database(verb) => database::run(verb, &client, printer).await,
            Verb::Livekit(verb) => livekit::run(verb, &client, printer).await,
            Verb::Settings { verb } => settings::run(verb, &client, printer).await,
            Verb::Setup(wanted) => setup::run(wanted, &client, printer).await,
            Verb::Logs(wanted) => logs::show(wanted, &client, printer).await,
            Verb::Events(wanted) => events::show(wanted, &client, printer).await,
            Verb::Audit(wanted) => audit::show(wanted, &client, printer).await,
            Verb::Backup(verb) => backup::run(verb, &client, printer).await,
            Verb::Config(verb) => config::run(verb, &client, printer).await,
            Verb::Top(wanted) => top::show(wanted, &client, printer).await,
            Verb::Bugreport(wanted) => bugreport::write(wanted, &client, printer).await,
            Verb::Doctor(wanted) => doctor::examine(wanted, &client, printer).await,
            Verb::Metrics => metrics(&client).await,
            Verb::Version => status::version(&client, printer).await,
            Verb::Completion(shell) => completion::print(&shell, printer),
            Verb::Unit(verb) => unit::run(&verb, printer),
            Verb::Manual { directory } => manual::write::<Arguments>(&directory),
        }
    })
}

/// As the daemon writes it: it is for programs.
async fn metrics(client: &Client) -> Outcome {
    client.download("/v1/metrics", &mut std::io::stdout()).await?;
    Ok(Exit::Done)
}

/// A wrong command line, also for programs; help and version come this way too.
fn refuse(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|argument| argument == "--json");
    if !json || !error.use_stderr() {
        error.exit();
    }
    let text = error.to_string();
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    // what may have been meant stands on a line of its own
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: ")).unwrap_or("bedrudctl --help");
    Printer::new(true).failure(&Failure::usage("usage", message, tip));
    ExitCode::from(Exit::Usage as u8)
}
