//! A real PostgreSQL for the suites: one cluster a test program, on a Unix socket of its own, and a database for each server.
//! `BEDRUD_TEST_DATABASE=postgres` gives every [`crate::Server`] one of these instead of SQLite.
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The superuser of the cluster; who comes through the socket is believed.
const USER: &str = "bedrud";
const START: Duration = Duration::from_secs(60);

static CLUSTER: OnceLock<PathBuf> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// True when the suites shall run on PostgreSQL.
pub fn is_wanted() -> bool {
    env::var("BEDRUD_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

/// An empty database, and the `database.url` of it.
pub fn database() -> String {
    let name = format!("meet_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    sql("postgres", &format!("CREATE DATABASE {name}"));
    url(&name)
}

/// The URL of the database `name`.
pub fn url(name: &str) -> String {
    let place = socket_directory().display().to_string().replace('/', "%2F");
    format!("postgres://{USER}@{place}/{name}")
}

/// Runs `text` in the database `name` and gives back what it printed, without headings.
pub fn sql(name: &str, text: &str) -> String {
    let mut psql = Command::new(program("psql"));
    psql.args(["-XqtA", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", name, "-c", text])
        .arg("-h")
        .arg(socket_directory());
    let output = psql.output().expect("psql");
    assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn socket_directory() -> &'static Path {
    CLUSTER.get_or_init(start)
}

/// Makes a cluster and starts it; it ends with this program.
fn start() -> PathBuf {
    forget_those_of_dead_programs();
    let directory = env::temp_dir().join(format!("bedrud-postgres-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).expect("its mode");
    let user = if nix_is_root() { Some(uid_of_postgres()) } else { None };
    if let Some((uid, gid)) = user {
        chown(&directory, Some(uid), Some(gid)).expect("its owner");
    }
    let data = directory.join("data");
    let mut initdb = as_user("initdb", user);
    initdb
        .args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER, "-D"])
        .arg(&data);
    let made = initdb.output().expect("initdb");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let mut server = as_user("postgres", user);
    server.arg("-D").arg(&data).arg("-k").arg(&directory);
    for option in ["listen_addresses=", "fsync=off", "max_connections=500", "shared_buffers=64MB"] {
        server.arg("-c").arg(option);
    }
    let log = fs::File::create(directory.join("log")).expect("a log file");
    server.stdin(Stdio::null()).stdout(log.try_clone().expect("the log")).stderr(log);
    // the kernel ends it with the thread that started it, so that thread stays
    thread::spawn(move || server.spawn().expect("postgres").wait());
    let socket = directory.join(".s.PGSQL.5432");
    let began = Instant::now();
    while !is_ready(&directory) {
        assert!(began.elapsed() < START, "{} does not answer", socket.display());
        thread::sleep(Duration::from_millis(20));
    }
    directory
}

fn is_ready(directory: &Path) -> bool {
    let mut asked = Command::new(program("pg_isready"));
    asked.arg("-q").arg("-h").arg(directory).args(["-U", USER, "-d", "postgres"]);
    asked.status().is_ok_and(|status| status.success())
}

/// PostgreSQL refuses to run as root.
fn as_user(name: &str, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = user {
        command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    }
    command.arg("--pdeathsig=QUIT").arg(program(name)).env("LC_ALL", "C.UTF-8").current_dir("/");
    command
}

fn uid_of_postgres() -> (u32, u32) {
    let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let line = passwd
        .lines()
        .find(|line| line.starts_with("postgres:"))
        .expect("the user postgres: apt-get install postgresql");
    let mut fields = line.split(':').skip(2).map(|field| field.parse().expect("a number"));
    (fields.next().expect("uid"), fields.next().expect("gid"))
}

fn nix_is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0)
}

/// A program of the newest PostgreSQL of this machine; Debian keeps them out of the path.
pub fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = versions.map(|entry| entry.path().join("bin").join(name)).filter(|path| path.exists());
    let version =
        |path: &PathBuf| path.components().nth(4).and_then(|v| v.as_os_str().to_str()?.parse::<u32>().ok());
    found.max_by_key(version).unwrap_or_else(|| PathBuf::from(name))
}

fn forget_those_of_dead_programs() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(pid) = name.strip_prefix("bedrud-postgres-")
            && !Path::new("/proc").join(pid).exists()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
