//! One PostgreSQL: made, started, killed, followed by another one. It listens on a Unix socket in its own directory, and on a
//! port of loopback where a test wants that.
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The superuser; who comes through the socket is believed.
pub const USER: &str = "bedrud";
const PREFIX: &str = "bedrud-postgres-";
const PATIENCE: Duration = Duration::from_secs(60);

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A cluster of databases with a server of its own.
pub struct Cluster {
    directory: PathBuf,
    options: Vec<String>,
    port: u16,
    running: Mutex<Option<Running>>,
}

struct Running {
    pid: u32,
    waits: JoinHandle<()>,
}

impl Cluster {
    /// A new one with these settings (`name=value`), which does not run yet. What is acknowledged is on the disk.
    pub fn new(options: &[&str]) -> Self {
        let cluster = Self::directory(options);
        let mut initdb = as_user("initdb");
        initdb
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER])
            .arg("-D")
            .arg(cluster.data());
        done(&mut initdb);
        cluster
    }

    /// A place for a copy of another one.
    pub fn empty(options: &[&str]) -> Self {
        Self::directory(options)
    }

    /// Becomes a copy of `other`, which runs, in place of what was here, and follows it.
    pub fn follow(&self, other: &Self) {
        self.kill();
        let _ = fs::remove_dir_all(self.data());
        let mut copy = as_user("pg_basebackup");
        copy.args(["-R", "--checkpoint=fast", "--no-sync", "-U", USER, "-h"]).arg(&other.directory);
        copy.args(["-p", &other.port.to_string(), "-D"]).arg(self.data());
        done(&mut copy);
        self.start();
    }

    fn directory(options: &[&str]) -> Self {
        forget_those_of_dead_programs();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let directory = env::temp_dir().join(format!("{PREFIX}{}-{number}", std::process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).expect("its mode");
        if let Some((uid, gid)) = user() {
            chown(&directory, Some(uid), Some(gid)).expect("its owner");
        }
        let options = options.iter().map(|&option| option.to_owned()).collect();
        Self { directory, options, port: crate::free_port(), running: Mutex::default() }
    }

    /// Where its socket is.
    pub fn socket_directory(&self) -> &Path {
        &self.directory
    }

    /// Its port, on loopback (with `listen_addresses`) as in the name of its socket.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A file of its data directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data().join(name)
    }

    /// Writes a file of its data directory that only it may read.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.file(name);
        fs::write(&file, text).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
        if let Some((uid, gid)) = user() {
            chown(&file, Some(uid), Some(gid)).expect("its owner");
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Starts it and waits until it answers.
    pub fn start(&self) {
        let mut server = as_user("postgres");
        server.arg("-D").arg(self.data()).arg("-k").arg(&self.directory);
        server.args(["-p", &self.port.to_string(), "-c", "listen_addresses="]);
        for option in &self.options {
            server.arg("-c").arg(option);
        }
        let log = fs::File::options().append(true).create(true).open(self.directory.join("log"));
        let log = log.expect("a log file");
        server.stdin(Stdio::null()).stdout(log.try_clone().expect("the log")).stderr(log);
        let (told, pid) = mpsc::channel();
        // the kernel ends it with the thread that started it, so that thread stays
        let waits = thread::spawn(move || {
            let mut child = server.spawn().expect("postgres");
            told.send(child.id()).expect("whoever started it");
            child.wait().expect("its end");
        });
        let pid = pid.recv().expect("its number");
        let began = Instant::now();
        while !self.is_ready() {
            assert!(!waits.is_finished(), "it ended:\n{}", self.log());
            assert!(began.elapsed() < PATIENCE, "it does not answer:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
        *self.running.lock().expect("nobody panicked") = Some(Running { pid, waits });
    }

    /// Ends it at once, without a word to anybody and without a checkpoint.
    pub fn kill(&self) {
        self.end("-QUIT");
    }

    /// Ends it in order; whoever is connected is told.
    pub fn stop(&self) {
        self.end("-INT");
    }

    fn end(&self, signal: &str) {
        let Some(running) = self.running.lock().expect("nobody panicked").take() else { return };
        let sent = Command::new("kill").args([signal, &running.pid.to_string()]).status();
        assert!(sent.expect("kill(1)").success(), "no such process");
        running.waits.join().expect("its end");
    }

    /// Makes a copy the one that writes.
    pub fn promote(&self) {
        self.sql("postgres", "SELECT pg_promote(true, 60)");
    }

    /// Runs `text` in the database `name` and gives back what it printed, without headings.
    pub fn sql(&self, name: &str, text: &str) -> String {
        let output = self.psql(name, text).output().expect("psql");
        assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub(super) fn psql(&self, name: &str, text: &str) -> Command {
        let mut psql = Command::new(program("psql"));
        psql.args(["-XqtA", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", name, "-c", text]);
        psql.args(["-p", &self.port.to_string()]).arg("-h").arg(&self.directory);
        psql
    }

    /// The URL of the database `name` by the socket.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://{USER}@{}:{}/{name}", self.place(), self.port)
    }

    /// The directory of its socket as a host of a URL.
    pub fn place(&self) -> String {
        self.directory.display().to_string().replace('/', "%2F")
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    fn is_ready(&self) -> bool {
        let mut asked = Command::new(program("pg_isready"));
        asked.arg("-q").arg("-h").arg(&self.directory);
        asked.args(["-p", &self.port.to_string(), "-U", USER, "-d", "postgres"]);
        asked.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.kill();
        } else if let Ok(mut running) = self.running.lock()
            && let Some(running) = running.take()
        {
            let _ = Command::new("kill").args(["-QUIT", &running.pid.to_string()]).status();
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn done(command: &mut Command) {
    let output = command.output().expect("a program of PostgreSQL: apt-get install postgresql");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// PostgreSQL refuses to run as root.
fn as_user(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = user() {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    command.arg("--pdeathsig=QUIT").arg(program(name)).env("LC_ALL", "C.UTF-8").current_dir("/");
    command
}

/// Whom it runs as where we are root.
fn user() -> Option<(u32, u32)> {
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    if !is_root {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let line = passwd.lines().find(|line| line.starts_with("postgres:"));
    let line = line.expect("the user postgres: apt-get install postgresql");
    let mut fields = line.split(':').skip(2).map(|field| field.parse().expect("a number"));
    Some((fields.next().expect("uid"), fields.next().expect("gid")))
}

/// A program of the PostgreSQL in `BEDRUD_TEST_POSTGRES` (a directory of programs, which may leave out those of its clients), else of the newest one of this
/// machine; Debian keeps them out of the path.
pub fn program(name: &str) -> PathBuf {
    let given = env::var_os("BEDRUD_TEST_POSTGRES").map(|place| PathBuf::from(place).join(name));
    if let Some(program) = given.filter(|program| program.exists()) {
        return program;
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|entry| entry.path().join("bin").join(name)).filter(|path| path.exists());
    let version =
        |path: &PathBuf| path.components().nth(4).and_then(|v| v.as_os_str().to_str()?.parse::<u32>().ok());
    found.max_by_key(version).unwrap_or_else(|| PathBuf::from(name))
}

fn forget_those_of_dead_programs() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(pid) = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next())
            && !Path::new("/proc").join(pid).exists()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
