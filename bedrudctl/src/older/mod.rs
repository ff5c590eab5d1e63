//! `bedrudctl config import`: what an older server had, taken over. Its configuration becomes one of ours, its database goes to
//! the daemon; neither is written to.

mod keys;

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use bedrud_control::Imported;
use clap::Args;
use serde::Serialize;

use crate::{
    ask::Destroy,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::changing,
    printer::{Printer, facts, table},
    whole,
};
use keys::{Became, Database, Translated};

/// What is taken over, and where to.
#[derive(Args)]
pub struct Import {
    /// The older server's configuration
    #[arg(required_unless_present = "database")]
    file: Option<PathBuf>,
    /// The older server's database, a file of SQLite; without it the one that the configuration names
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Where the new configuration is written, a file that is not there yet; without it it is shown, without its secrets
    #[arg(long, value_name = "FILE", requires = "file")]
    out: Option<PathBuf>,
    #[command(flatten)]
    destroy: Destroy,
}

/// What became of everything.
#[derive(Serialize)]
struct Done {
    keys: Vec<Became>,
    configuration: String,
    database: Option<Imported>,
}

/// Takes it over, or says what would become of it (exit code 7). Whoever does not say yes beforehand is told first.
pub async fn run(wanted: Import, client: &Client, printer: Printer) -> Outcome {
    let translated = wanted.file.as_deref().map(translated).transpose()?.unwrap_or_default();
    if let Some(out) = wanted.out.as_deref().filter(|out| out.exists()) {
        let message = format!("{} is there already, and is not written over.", out.display());
        return Err(Failure::new(Exit::Conflict, "import_out_taken", message).hint("Name another file."));
    }
    let database = match (&wanted.database, &translated.database) {
        (Some(database), _) => Some(database.clone()),
        (None, Database::File(named)) => Some(beside(wanted.file.as_deref(), named)),
        (None, Database::Elsewhere | Database::Unnamed) => None,
    };
    let ask_daemon = async |dry_run: bool| match &database {
        Some(database) => taken_over(database, dry_run, client).await.map(Some),
        None => Ok(None),
    };
    let is_told_first = wanted.destroy.dry_run || !wanted.destroy.yes;
    let mut done = Done {
        keys: translated.became.clone(),
        configuration: translated.shown()?,
        database: if is_told_first { ask_daemon(true).await? } else { None },
    };
    let would_change = done.database.as_ref().is_some_and(changes) || wanted.out.is_some();
    if !wanted.destroy.dry_run {
        if is_told_first && would_change {
            wanted.destroy.confirm(&effect(&done, &wanted))?;
        }
        done.database = ask_daemon(false).await?;
        if let Some(out) = wanted.out.as_deref() {
            write(out, &translated.text).await?;
        }
    }
    let is_shown = wanted.out.is_none() || wanted.destroy.dry_run;
    printer.result(&done, |done| told(done, is_shown))?;
    if !printer.is_for_programs() && matches!((&translated.database, &database), (Database::Elsewhere, None))
    {
        printer.note("Its database is no file of SQLite, and is not read: move it into one first, and name that with --database.");
    }
    Ok(if wanted.destroy.dry_run && would_change { Exit::WouldChange } else { Exit::Done })
}

fn changes(all: &Imported) -> bool {
    !all.entries.is_empty()
}

fn effect(done: &Done, wanted: &Import) -> String {
    let mut parts = Vec::new();
    if let Some(all) = done.database.as_ref().filter(|all| changes(all)) {
        parts.push(format!(
            "{} accounts ({} of them administrators), {} rooms and {} settings come; {} things are left out.",
            all.users,
            all.administrators,
            all.rooms,
            all.settings,
            all.left.len()
        ));
    }
    if let Some(out) = &wanted.out {
        parts.push(format!("{} is written.", out.display()));
    }
    parts.push("--dry-run lists all of it.".to_owned());
    parts.join(" ")
}

async fn write(out: &Path, text: &str) -> Outcome<()> {
    let written = whole::written(out, "import_unwritable", async |mut file| {
        file.write_all(text.as_bytes())?;
        Ok(file)
    });
    written.await.map(drop)
}

fn unreadable(file: &Path, code: &str, e: &io::Error) -> Failure {
    let exit = if e.kind() == io::ErrorKind::NotFound { Exit::NotFound } else { Exit::Failed };
    Failure::new(exit, code, format!("{} cannot be read: {e}.", file.display()))
}

fn translated(file: &Path) -> Outcome<Translated> {
    let text = fs::read_to_string(file).map_err(|e| unreadable(file, "import_unreadable", &e))?;
    keys::translate(&text).map_err(|why| {
        let message = format!("{} is no configuration of the older server: {why}.", file.display());
        Failure::new(Exit::Failed, "import_not_yaml", message)
            .hint("Name the YAML file with which the older server was started.")
    })
}

/// A relative path was meant from where the older server ran: from here, or beside its configuration.
fn beside(file: Option<&Path>, named: &Path) -> PathBuf {
    let place = file.and_then(Path::parent).filter(|_| !named.exists());
    place.map_or_else(|| named.to_owned(), |place| place.join(named))
}

async fn taken_over(database: &Path, dry_run: bool, client: &Client) -> Outcome<Imported> {
    // what SQLite keeps beside a file for as long as somebody has it open, or when nobody closed it
    for end in ["-wal", "-journal"] {
        let mut beside = database.as_os_str().to_owned();
        beside.push(end);
        if fs::metadata(&beside).is_ok_and(|beside| beside.len() > 0) {
            let message = format!(
                "{} is not whole: the rest of it is in {} still.",
                database.display(),
                Path::new(&beside).display()
            );
            let hint = "Stop the older server, which puts it into the file. Does it stay, as after a crash? Copy both into another folder, type there: sqlite3 COPY 'PRAGMA wal_checkpoint(TRUNCATE)', and name the copy.";
            return Err(Failure::new(Exit::Failed, "import_not_whole", message).hint(hint));
        }
    }
    let file = File::open(database).map_err(|e| unreadable(database, "import_unreadable", &e))?;
    if file.metadata()?.is_dir() {
        return Err(unreadable(database, "import_unreadable", &io::ErrorKind::IsADirectory.into()));
    }
    client.upload(&changing(["import"], dry_run)?, Box::new(file)).await
}

fn told(done: &Done, is_shown: bool) -> String {
    let mut parts = Vec::new();
    if !done.keys.is_empty() {
        let rows = done.keys.iter().map(|one| [one.key.clone(), one.became.clone()]);
        parts.push(table(["KEY", "BECAME"], rows));
    }
    if is_shown && !done.configuration.is_empty() {
        parts.push(format!("# the new configuration\n{}", done.configuration.trim_end()));
    }
    if let Some(all) = &done.database {
        if !all.entries.is_empty() {
            let rows =
                all.entries.iter().map(|one| [one.kind.clone(), one.name.clone(), one.becomes.clone()]);
            parts.push(table(["WHAT", "NAME", "BECOMES"], rows));
        }
        if !all.left.is_empty() {
            let rows = all.left.iter().map(|one| [one.what.clone(), one.why.clone()]);
            parts.push(table(["LEFT OUT", "WHY"], rows));
        }
        parts.push(facts([
            ("accounts", all.users.to_string()),
            ("administrators", all.administrators.to_string()),
            ("passkeys", all.passkeys.to_string()),
            ("rooms", all.rooms.to_string()),
            ("settings", all.settings.to_string()),
            ("here before", all.known.to_string()),
        ]));
        if all.passkeys > 0 {
            parts.push(
                "Passkeys open an account only where server.domain is the name that the older server had."
                    .to_owned(),
            );
        }
    }
    parts.join("\n\n")
}
