//! The changed file into the running daemon: checked first by the daemon's own program, so that one with a mistake is never
//! in its place; then a restart, which ends no meeting.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{MetadataExt, chown},
    path::Path,
    process::Command,
    time::Duration,
};

use bedrud_control::Status;

use super::file::Edited;
use crate::{
    anew,
    client::Client,
    failure::{Exit, Failure, Outcome},
    printer::Printer,
    unit, whole,
};

const DAEMON: &str = "bedrud.service";
const SFU: &str = "bedrud-livekit.service";
/// A daemon that starts, on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Puts it in its place, with owner and mode of the one before.
pub(super) fn write(edited: &Edited, status: Option<&Status>) -> Outcome<()> {
    let (draft, made) = whole::draft(&edited.path);
    let result = made
        .and_then(|file| put(file, &draft, edited))
        .map_err(|e| unit::unwritable(&edited.path, &e))
        .and_then(|()| {
            check(&draft, &edited.path, status)?;
            fs::rename(&draft, &edited.path).map_err(|e| unit::unwritable(&edited.path, &e))
        });
    if result.is_err() {
        // what is not there needs no removal, and what cannot be removed was told
        let _ = fs::remove_file(&draft);
    }
    result
}

fn put(mut file: File, draft: &Path, edited: &Edited) -> io::Result<()> {
    file.write_all(edited.text.as_bytes())?;
    if let Ok(before) = fs::metadata(&edited.path) {
        fs::set_permissions(draft, before.permissions())?;
        chown(draft, Some(before.uid()), Some(before.gid()))?;
    }
    file.sync_all()
}

fn check(draft: &Path, file: &Path, status: Option<&Status>) -> Outcome<()> {
    let daemon = unit::beside("bedrud")?;
    let mut asked = Command::new(&daemon);
    asked.arg("check-config").arg("--config").arg(draft);
    if let Some(status) = status {
        asked.args(["--state-dir", &status.state_dir, "--runtime-dir", &status.runtime_dir]);
    }
    let output = asked.output()?;
    if output.status.success() {
        return Ok(());
    }
    let message = format!("{} stays as it was; the daemon would refuse it so:", file.display());
    let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(Exit::Failed, "config_refused", message).hint(why))
}

/// Restarts what has to read the file, and waits for the daemon; `None` where no service manager runs it.
pub(super) async fn restart(before: &Status, client: &Client, printer: Printer) -> Outcome<Option<Status>> {
    if unit::told(DAEMON, "MainPID") != before.pid.to_string() {
        printer.note("The file is written. Restart the daemon to apply it.");
        return Ok(None);
    }
    if unit::told(SFU, "ActiveState") == "active" {
        if before.participants == 0 {
            unit::command("systemctl", &["restart", SFU])?;
        } else {
            printer.note(&format!(
                "People are in a meeting, so the media server keeps what it has. When they have left: systemctl restart {SFU}"
            ));
        }
    }
    unit::command("systemctl", &["restart", DAEMON])
        .map_err(|failure| failure.hint("Why: journalctl -u bedrud -n 20"))?;
    anew::daemon(before.pid, PATIENCE, client).await.map(Some)
}
