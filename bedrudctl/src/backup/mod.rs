//! `bedrudctl backup`: the whole server in one file, made while it runs, checked by opening it, put back.

mod keep;
mod secret;

use std::{
    fs::File,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use bedrud_control::{BackupFound, RestoreQuery, Status};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::{
    anew,
    ask::Destroy,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::{asking, path},
    printer::{Printer, facts, moment, people},
    whole,
};
use secret::{Key, Recipient};

/// How long the daemon may take to come back with what was restored.
const PATIENCE: Duration = Duration::from_secs(60);

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Make one: database, secrets and certificates as of this moment, while people meet
    Create(Create),
    /// Open one and check all of it: every file, the whole database, the version
    Verify {
        /// The backup
        file: PathBuf,
        #[command(flatten)]
        key: Key,
    },
    /// Put one back: the daemon is started anew with it. Refuses to lose what was done since
    Restore(Restore),
}

/// How one is made.
#[derive(Args)]
#[command(group(clap::ArgGroup::new("where").required(true).args(["file", "directory"])))]
pub struct Create {
    /// Where it is written
    file: Option<PathBuf>,
    /// Write it here, under a name made of the time
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Of those made so in that directory, keep the newest so many
    #[arg(long, value_name = "COUNT", requires = "directory")]
    keep: Option<usize>,
    #[command(flatten)]
    recipient: Recipient,
}

/// How one is put back.
#[derive(Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    /// Lose what was done since it was made
    #[arg(long)]
    lose_newer: bool,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    destroy: Destroy,
}

/// What was made.
#[derive(Serialize)]
struct Made {
    file: PathBuf,
    bytes: u64,
    encrypted: bool,
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Create(create) => make(create, client, printer).await,
        Verb::Verify { file, key } => {
            let found: BackupFound = client.upload(&path(["backup", "verify"]), opened(&file, &key)?).await?;
            printer.result(&found, shown)?;
            Ok(Exit::Done)
        }
        Verb::Restore(restore) => put_back(restore, client, printer).await,
    }
}

async fn make(create: Create, client: &Client, printer: Printer) -> Outcome {
    let to = match (create.file, &create.directory) {
        (Some(file), _) => file,
        (None, directory) => directory.clone().unwrap_or_default().join(keep::name()),
    };
    if let Some(directory) = &create.directory {
        keep::directory(directory)?;
    }
    let made = whole::written(&to, "backup_unwritable", async |file| {
        let mut sink = create.recipient.sink(file)?;
        client.download(&path(["backup"]), &mut sink).await?;
        sink.finish().map_err(Failure::from)
    })
    .await?;
    let encrypted = create.recipient.is_there();
    let Some(bytes) = made else {
        // what went into it has to stay alone in it
        printer.note("The backup is written. Whether it arrived whole: bedrudctl backup verify FILE");
        return Ok(Exit::Done);
    };
    printer.result(&Made { bytes, encrypted, file: to.clone() }, |made| {
        let how = if made.encrypted { "encrypted" } else { "not encrypted: keep it as safe as the server" };
        format!("{} was made, {} kB, {how}.", made.file.display(), made.bytes.div_ceil(1024))
    })?;
    if let (Some(directory), Some(count)) = (&create.directory, create.keep) {
        for gone in keep::forget(directory, count)? {
            printer.note(&format!("{} was removed.", gone.display()));
        }
    }
    Ok(Exit::Done)
}

async fn put_back(restore: Restore, client: &Client, printer: Printer) -> Outcome {
    let at = |dry_run: bool| {
        asking(["backup", "restore"], &RestoreQuery { dry_run, lose_newer: restore.lose_newer })
    };
    let before: Status = client.get(&path(["status"])).await?;
    if restore.destroy.dry_run || !restore.destroy.yes {
        // whoever is asked first has to be told what it is
        let found: BackupFound = client.upload(&at(true)?, opened(&restore.file, &restore.key)?).await?;
        let effect = format!(
            "The server goes back to {} ({} accounts, {} rooms) and is started anew; {} in a call.",
            moment(&found.created_at),
            found.users,
            found.rooms,
            people(before.participants)
        );
        if restore.destroy.dry_run {
            return printer.would(&effect);
        }
        restore.destroy.confirm(&effect)?;
    }
    let found: BackupFound = client.upload(&at(false)?, opened(&restore.file, &restore.key)?).await?;
    anew::daemon(before.pid, PATIENCE, client).await.map_err(|_| {
        let message = "The backup is ready, and the daemon does not come back to put it in place.";
        Failure::new(Exit::TimedOut, "timed_out", message)
            .hint("Start it: systemctl start bedrud. Its log says more: journalctl -u bedrud")
    })?;
    printer.result(&found, shown)?;
    printer.note("It is in place. What was there before is in before-restore in the state directory.");
    Ok(Exit::Done)
}

/// A backup, decrypted where it has to be. It is read once, from beginning to end: a pipe does as well.
fn opened(path: &Path, key: &Key) -> Outcome<Box<dyn Read + Send>> {
    let unreadable = |e: std::io::Error| {
        let exit = if e.kind() == std::io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Failed };
        Failure::new(exit, "backup_unreadable", format!("{} cannot be read: {e}.", path.display()))
    };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut first = Vec::new();
    let beginning = u64::try_from(secret::BEGINNING.len()).unwrap_or(u64::MAX);
    file.by_ref().take(beginning).read_to_end(&mut first).map_err(unreadable)?;
    let is_encrypted = first == secret::BEGINNING;
    let whole = Cursor::new(first).chain(file);
    if is_encrypted { key.open(whole) } else { Ok(Box::new(whole)) }
}

fn shown(found: &BackupFound) -> String {
    facts([
        ("made", moment(&found.created_at)),
        ("by version", found.version.clone()),
        ("schema", found.schema.to_string()),
        ("files", format!("{}, {} kB", found.files, found.bytes.div_ceil(1024))),
        ("accounts", found.users.to_string()),
        ("rooms", found.rooms.to_string()),
    ])
}
