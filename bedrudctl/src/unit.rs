//! `bedrudctl unit`: the services on a machine without the package. The same unit files as the package's, out of `systemd/`.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Subcommand;
use serde::Serialize;

use crate::{
    ask::{Change, Destroy},
    failure::{Exit, Failure, Outcome},
    holder,
    printer::{Printer, table},
};

const UNITS: [&str; 4] = ["bedrud.socket", "bedrud-livekit.service", "bedrud.service", "bedrud-backup.timer"];
const DAEMON: &str = "bedrud.service";
/// How systemd calls a unit that is not started by itself (systemctl(1), is-enabled).
const OFF: [&str; 3] = ["disabled", "masked", "masked-runtime"];
/// What is written, and what stands in it.
const FILES: [(&str, &str); 8] = [
    ("/etc/systemd/system/bedrud.service", include_str!("../../systemd/bedrud.service")),
    ("/etc/systemd/system/bedrud.socket", include_str!("../../systemd/bedrud.socket")),
    ("/etc/systemd/system/bedrud-livekit.service", include_str!("../../systemd/bedrud-livekit.service")),
    ("/etc/systemd/system/bedrud-backup.service", include_str!("../../systemd/bedrud-backup.service")),
    ("/etc/systemd/system/bedrud-backup.timer", include_str!("../../systemd/bedrud-backup.timer")),
    ("/etc/sysusers.d/bedrud.conf", include_str!("../../systemd/sysusers.conf")),
    ("/etc/tmpfiles.d/bedrud.conf", include_str!("../../systemd/tmpfiles.conf")),
    ("/etc/sysctl.d/60-bedrud.conf", include_str!("../../systemd/sysctl.conf")),
];
/// The configuration file, and what stands in it at first.
pub const CONFIG: (&str, &str) = ("/etc/bedrud/bedrud.yaml", include_str!("../../config/config.yaml"));
/// Programs by the name they have beside this one, and where the units look for them.
const PROGRAMS: [(&str, &str); 3] = [
    ("bedrud", "/usr/sbin/bedrud"),
    ("bedrudctl", "/usr/bin/bedrudctl"),
    ("livekit-server", "/usr/lib/bedrud/livekit-server"),
];
/// What `bedrud.socket` opens.
const PORTS: [u16; 2] = [443, 80];
/// What only the package brings.
const PACKAGE: &str = "/usr/share/doc/bedrud/copyright";
/// What uninstalling keeps unless it is told otherwise.
const DATA: [&str; 2] = ["/var/lib/bedrud", "/etc/bedrud"];

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Copy programs and units to their places, make user and groups, and start everything
    Install {
        #[command(flatten)]
        change: Change,
    },
    /// Stop everything and take the files away again; keeps configuration and data
    Uninstall {
        /// Delete configuration, database, keys, user and groups too
        #[arg(long)]
        purge: bool,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// Say whether the units are there, and how they fare
    Status,
}

/// Runs one verb.
pub fn run(verb: &Verb, printer: Printer) -> Outcome {
    match verb {
        Verb::Install { change } => install(change.dry_run, printer),
        Verb::Uninstall { purge, destroy } => uninstall(*purge, destroy, printer),
        Verb::Status => status(printer),
    }
}

fn install(dry_run: bool, printer: Printer) -> Outcome {
    if dry_run {
        let parts = FILES.iter().chain([&CONFIG]).map(|(path, text)| format!("# {path}\n{text}"));
        printer.raw(parts.collect::<Vec<_>>().join("\n").as_bytes())?;
        return Ok(Exit::WouldChange);
    }
    allowed()?;
    for (name, place) in PROGRAMS {
        copy(&beside(name)?, Path::new(place))?;
    }
    for (path, text) in FILES {
        write(path, text)?;
    }
    if !Path::new(CONFIG.0).exists() {
        write(CONFIG.0, CONFIG.1)?;
    }
    command("systemd-sysusers", &["bedrud.conf"])?;
    command("systemd-tmpfiles", &["--create", "bedrud.conf"])?;
    // a container may not, and media only get less room in bursts
    let _ = command("sysctl", &["--quiet", "--load", "/etc/sysctl.d/60-bedrud.conf"]);
    command("systemctl", &["daemon-reload"])?;
    let enable: Vec<&str> = ["enable", "--now"].into_iter().chain(UNITS).collect();
    command("systemctl", &enable).map_err(|failure| failure.hint("journalctl -u bedrud -n 20"))?;
    printer.result(&serde_json::json!({"installed": UNITS}), |_| {
        "Bedrud runs. Make the first administrator on the link that this prints: bedrudctl setup".to_owned()
    })?;
    Ok(Exit::Done)
}

fn uninstall(purge: bool, destroy: &Destroy, printer: Printer) -> Outcome {
    let data =
        if purge { "deletes configuration, accounts and rooms" } else { "keeps configuration and data" };
    if destroy.dry_run {
        return printer.would(&format!("Would stop and remove the services; it {data}."));
    }
    allowed()?;
    destroy.confirm(&format!("This ends every meeting and removes the services; it {data}."))?;
    let disable: Vec<&str> = ["disable", "--now"].into_iter().chain(UNITS).collect();
    // units that are missing are as gone as they shall be
    let _ = command("systemctl", &disable);
    for path in FILES.iter().chain(&PROGRAMS.map(|(_, place)| (place, ""))).map(|(path, _)| path) {
        gone(fs::remove_file(path), path)?;
    }
    for path in ["/usr/lib/bedrud", "/run/bedrud"].iter().chain(DATA.iter().filter(|_| purge)) {
        gone(fs::remove_dir_all(path), path)?;
    }
    // backups outlive the server that they are of
    let _ = fs::remove_dir("/var/backups/bedrud");
    // a directory that others use is not empty, and stays
    let _ = fs::remove_dir("/etc/sysusers.d");
    if purge {
        for (program, name) in
            [("userdel", "bedrud"), ("groupdel", "bedrud-admin"), ("groupdel", "bedrud-mod")]
        {
            let _ = command(program, &[name]);
        }
    }
    command("systemctl", &["daemon-reload"])?;
    printer.result(&serde_json::json!({"removed": UNITS, "purged": purge}), |_| {
        format!("The services are removed; it {data}.")
    })?;
    Ok(Exit::Done)
}

/// How one unit fares.
#[derive(Serialize)]
struct Unit {
    name: &'static str,
    /// Whether it runs, as systemd calls it.
    state: String,
    /// Whether it is started with the machine.
    enabled: String,
    file: String,
    /// Whether the file is the one this program would write.
    is_ours: bool,
}

impl Unit {
    fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// Somebody does not want it. Without the daemon itself there is no server.
    fn is_off(&self) -> bool {
        self.name != DAEMON && self.state == "inactive" && OFF.contains(&self.enabled.as_str())
    }
}

fn status(printer: Printer) -> Outcome {
    let units: Vec<Unit> = UNITS.iter().map(|name| unit(name)).collect();
    printer.result(&units, |units| {
        let rows = units.iter().map(|unit| {
            let same = if unit.is_ours { "as shipped" } else { "another" };
            let state =
                if unit.is_off() { format!("{}, {}", unit.state, unit.enabled) } else { unit.state.clone() };
            [unit.name.to_owned(), state, unit.file.clone(), same.to_owned()]
        });
        table(["UNIT", "STATE", "FILE", "CONTENT"], rows)
    })?;
    if !units.iter().any(|unit| unit.name == "bedrud.socket" && unit.is_active()) {
        for port in PORTS {
            in_the_way(port, printer);
        }
    }
    Ok(if units.iter().all(|unit| unit.is_active() || unit.is_off()) { Exit::Done } else { Exit::Failed })
}

/// Says who holds a port that is wanted, and what to do about it.
fn in_the_way(port: u16, printer: Printer) {
    let Some(holder) = holder::of(port) else { return };
    let (unit, stop) = match &holder.unit {
        Some(unit) => (format!(", unit {unit}"), format!("systemctl disable --now {unit}")),
        None => (String::new(), format!("kill {}", holder.pid)),
    };
    printer.note(&format!(
        "Port {port} is held by {} (process {}{unit}). Stop it: {stop}; then: systemctl restart bedrud.socket bedrud. \
         Or keep it as a front end, with `tls.mode: \"off\"` in {}.",
        holder.name, holder.pid, CONFIG.0
    ));
}

/// A property of a unit, as systemd tells it; nothing where it cannot be asked.
pub fn told(name: &str, property: &str) -> String {
    let output = Command::new("systemctl").args(["show", "--value", "--property", property, name]).output();
    output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
}

fn unit(name: &'static str) -> Unit {
    let file = told(name, "FragmentPath");
    let shipped = FILES.iter().find(|(path, _)| path.ends_with(name)).map(|(_, text)| *text);
    let is_ours = fs::read_to_string(&file).ok().as_deref() == shipped;
    Unit { name, state: told(name, "ActiveState"), enabled: told(name, "UnitFileState"), file, is_ours }
}

fn allowed() -> Outcome<()> {
    if Path::new(PACKAGE).exists() {
        let message = "The Debian package is installed; it brings the services and takes them away.";
        return Err(Failure::new(Exit::Conflict, "package_installed", message)
            .hint("apt install bedrud, apt remove bedrud"));
    }
    if !Path::new("/run/systemd/system").exists() {
        let message = "This machine does not run systemd.";
        return Err(
            Failure::new(Exit::Failed, "no_systemd", message).hint("Start `bedrud run` by what runs it.")
        );
    }
    Ok(())
}

/// A program that was installed, or built, together with this one.
pub fn beside(name: &str) -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let directory = own.parent().unwrap_or(Path::new("/"));
    let found = ["", "../sbin", "../lib/bedrud"].iter().map(|step| directory.join(step).join(name));
    found.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let message = format!("{name} is not beside {}.", own.display());
        Failure::new(Exit::Failed, "program_missing", message)
            .hint("Put bedrud, bedrudctl and livekit-server together.")
    })
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    if fs::canonicalize(to).ok() == fs::canonicalize(from).ok() {
        return Ok(());
    }
    let draft = to.with_extension("new");
    let copied =
        to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::copy(from, &draft).map(drop));
    let moved = copied
        .and_then(|()| fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)))
        .and_then(|()| fs::rename(&draft, to));
    moved.map_err(|e| unwritable(to, &e))
}

fn write(path: &str, text: &str) -> Outcome<()> {
    let path = Path::new(path);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|e| unwritable(path, &e))
}

fn gone(removed: io::Result<()>, path: &str) -> Outcome<()> {
    match removed {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(unwritable(Path::new(path), &e)),
        _ => Ok(()),
    }
}

/// Why a file of the system is not changed.
pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let exit =
        if error.kind() == io::ErrorKind::PermissionDenied { Exit::NotPermitted } else { Exit::Failed };
    Failure::new(exit, "not_written", format!("{} cannot be changed: {error}.", path.display()))
        .hint("Use sudo.")
}

/// Runs one, and gives what it complained of.
pub fn command(program: &str, words: &[&str]) -> Outcome<()> {
    let failed = |why: String| {
        Failure::new(Exit::Failed, "command_failed", format!("{program} {} failed: {why}", words.join(" ")))
    };
    let output = Command::new(program).args(words).output().map_err(|e| failed(format!("{e}.")))?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
