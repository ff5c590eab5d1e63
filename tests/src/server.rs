//! A running server for one test: `bedrud run` with directories and ports of its own.
mod builder;

pub use builder::Builder;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    net::{SocketAddr, TcpListener, UdpSocket},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::PoisonError,
};

use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::{Answer, Client, ask_socket, postgres, until};

/// Lines of the log that are shown when a test fails.
const SHOWN_LINES: usize = 80;

/// A running `bedrud run`.
pub struct Server {
    directory: TempDir,
    // gone after the daemon
    _database: Option<postgres::Database>,
    program: PathBuf,
    variables: Vec<(String, String)>,
    child: Option<Child>,
    supervisor: Option<Child>,
    address: Option<SocketAddr>,
    plain: Option<SocketAddr>,
    scheme: &'static str,
    has_sfu: bool,
    administrator: Mutex<Option<Client>>,
}

impl Server {
    /// How a server without an SFU is made: rate limits off, port 0, an external LiveKit that is not there.
    pub fn builder() -> Builder {
        let off = json!({"max": 0, "windowSeconds": 60});
        let config = json!({
            "server": {"port": 0},
            "tls": {"mode": "off"},
            "livekit": {
                "external": true, "host": "ws://127.0.0.1:9/livekit", "internalHost": "http://127.0.0.1:9",
                "apiKey": "APItest", "apiSecret": "a-secret-of-the-suites-0123456789abcdef",
            },
            "rateLimit": {"auth": off, "guest": off, "join": off, "api": off},
            "log": {"level": "debug", "format": "json"},
        });
        Builder::new(config)
    }

    /// A server without an SFU: enough for everything that is no call.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// A server with a real LiveKit.
    pub async fn with_sfu() -> Self {
        Self::builder().sfu().start().await
    }

    /// Somebody who is not signed in and keeps no cookies.
    pub fn stranger(&self) -> Client {
        Client::new(self.url())
    }

    /// `http://127.0.0.1:port`, or `https`
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address())
    }

    /// With TLS, where plain HTTP is sent to https.
    pub fn plain_address(&self) -> SocketAddr {
        self.plain.expect("a running server with TLS")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address.expect("a running server")
    }

    /// Its directory; `state`, `run`, `config.yaml` and `log` are in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Its control socket.
    pub fn socket(&self) -> PathBuf {
        self.path("run/control.sock")
    }

    /// Asks the control socket.
    pub async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        ask_socket(&self.socket(), method, path, body).await.expect("an answer of the control socket")
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The one-time token of the set-up link, while there is one.
    pub fn setup_token(&self) -> Option<String> {
        let token = fs::read_to_string(self.path("state/setup-token")).ok()?;
        Some(token.trim().to_owned()).filter(|token| !token.is_empty())
    }

    /// Process id of the daemon.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running server").id()
    }

    /// Process id of its `bedrud livekit`.
    pub fn supervisor_pid(&self) -> u32 {
        self.supervisor.as_ref().expect("a supervisor of its own").id()
    }

    /// Every process that names this server's directory on its command line: daemon, supervisor, SFU.
    pub fn processes(&self) -> Vec<u32> {
        let directory = self.directory.path().as_os_str().as_bytes();
        let numbers = fs::read_dir("/proc").expect("/proc").flatten();
        let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let ours = |pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.windows(directory.len()).any(|part| part == directory)
        };
        numbers.filter(ours).collect()
    }

    pub(crate) fn administrator(&self) -> &Mutex<Option<Client>> {
        &self.administrator
    }

    /// The daemon's command line, for another process on the same directories.
    pub fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(self.path("config.yaml"));
        command
            .arg("--state-dir")
            .arg(self.path("state"))
            .arg("--runtime-dir")
            .arg(self.path("run"))
            .arg(verb);
        command.env_clear().envs(self.variables.iter().cloned()).current_dir(self.directory.path());
        command
    }

    /// Starts the daemon.
    pub fn spawn(&mut self) {
        self.child = Some(self.launch("run"));
    }

    /// Starts the daemon by systemd-socket-activate(1), which holds these sockets and starts it when somebody comes.
    pub fn spawn_activated(&mut self, sockets: &[String]) {
        let daemon = self.command("run");
        for directory in ["state", "run"] {
            fs::create_dir_all(self.path(directory)).expect("a directory");
        }
        let log = File::options().append(true).create(true).open(self.path("log")).expect("a log file");
        let mut command = Command::new("systemd-socket-activate");
        for socket in sockets {
            command.arg("-l").arg(socket);
        }
        command.arg(daemon.get_program()).args(daemon.get_args()).current_dir(self.directory.path());
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("the log file")).stderr(log);
        self.child = Some(command.spawn().expect("systemd-socket-activate"));
    }

    /// Sends SIGTERM and does not wait.
    pub fn terminate(&self) {
        let asked = Command::new("kill").arg(self.pid().to_string()).status().expect("kill(1)");
        assert!(asked.success(), "no such process");
    }

    /// Waits for the end of the daemon; gives back its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        let status = until("bedrud to stop", async || child.try_wait().ok().flatten()).await;
        status.code()
    }

    fn launch(&self, verb: &str) -> Child {
        let log = File::options().append(true).create(true).open(self.path("log")).expect("a log file");
        let mut command = self.command(verb);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("the log file")).stderr(log);
        command.spawn().expect("bedrud starts")
    }

    /// Waits until it serves, by asking it: the control socket tells the address, `/api/ready` the rest.
    pub async fn ready(&mut self) {
        let socket = self.socket();
        let log = self.path("log");
        let child = self.child.as_mut().expect("a started server");
        let address = until("bedrud to answer on its control socket", async || {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("bedrud ended with {status}:\n{}", tail(&log));
            }
            let answer = ask_socket(&socket, Method::GET, "/v1/status", None).await.ok()?;
            let status = answer.json();
            // a socket that a killed daemon left behind answers nobody; a daemon that is still stopping is not ours
            if status["pid"].as_u64() != Some(child.id().into()) {
                return None;
            }
            let plain = status["plainAddress"].as_str().and_then(|address| address.parse().ok());
            Some((status["httpAddress"].as_str()?.parse().ok()?, plain))
        });
        let (address, plain): (SocketAddr, _) = address.await;
        self.plain = plain;
        self.address = Some(address);
        self.keep_port(address.port());
        let path = if self.has_sfu { "/api/ready" } else { "/api/health" };
        until("bedrud to be ready", async || {
            let answer = self.stranger().get(path).await;
            (answer.status == 200).then_some(())
        })
        .await;
    }

    /// A restarted daemon listens where the one before did, or nobody would find it again.
    fn keep_port(&self, port: u16) {
        self.reconfigure(json!({"server": {"port": port}}));
    }

    /// Merges this into the configuration of a server that does not run.
    pub fn reconfigure(&self, more: Value) {
        let file = self.path("config.yaml");
        let text = fs::read_to_string(&file).expect("the configuration");
        let mut config: Value = serde_json::from_str(&text).expect("JSON");
        merge(&mut config, more);
        fs::write(file, config.to_string()).expect("the configuration");
    }

    /// Sets a variable in the environment of a server that does not run.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The address that clients of the SFU are told.
    pub async fn node_address(&self) -> String {
        let status = self.control(Method::GET, "/v1/status", None).await.json();
        status["livekit"]["nodeIp"].as_str().expect("an address").to_owned()
    }

    /// Kills the daemon (-9) and waits for its end.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks the daemon to stop (SIGTERM) and waits for its end; gives back its exit code.
    pub async fn stop(&mut self) -> Option<i32> {
        self.child.as_ref()?;
        self.terminate();
        self.ended().await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if let Some(mut supervisor) = self.supervisor.take() {
            let _ = supervisor.kill();
            let _ = supervisor.wait();
        }
        for orphan in self.processes() {
            let _ = Command::new("kill").args(["-9", &orphan.to_string()]).status();
        }
        if std::thread::panicking() {
            eprintln!("--- log of {}\n{}", self.directory.path().display(), tail(&self.path("log")));
        }
    }
}

/// A port that nobody holds at the moment, for where 0 will not do. It is below those that the kernel gives to whoever asks for
/// any (ip(7), `ip_local_port_range`), of which the same one comes again and to others, and is given once.
pub fn free_port() -> u16 {
    static GIVEN: std::sync::Mutex<BTreeSet<u16>> = std::sync::Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let port = rand::random_range(10_000..30_000);
        let is_free =
            TcpListener::bind(("127.0.0.1", port)).is_ok() && UdpSocket::bind(("127.0.0.1", port)).is_ok();
        if is_free && given.insert(port) {
            return port;
        }
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

pub(crate) fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}
