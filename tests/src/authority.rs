//! A certificate authority that servers order from: Debian's `pebble`, a real ACME server, and the name server that comes
//! with it, which sends it to loopback whatever name it asks for.
use std::{
    fs::{self, File},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::free_port,
    tls::{self, Believe},
    until_within,
};

/// Making keys and orders takes its time on a busy machine.
pub const LONG: Duration = Duration::from_secs(90);

/// A running authority. Dropping it ends it.
pub struct Authority {
    directory: TempDir,
    settings: Value,
    address: SocketAddr,
    management: SocketAddr,
    names: u16,
    leads_to: &'static str,
    children: Vec<Child>,
}

/// The ports on which an authority looks.
#[derive(Clone, Copy)]
pub struct Looks {
    /// For TLS-ALPN-01.
    pub https: u16,
    /// For HTTP-01.
    pub http: u16,
}

impl Looks {
    /// Ports that nobody holds, for a server to come.
    pub fn free() -> Self {
        Self { https: free_port(), http: free_port() }
    }
}

impl Authority {
    /// Starts one that looks there; `more` goes into pebble's configuration, such as `certificateValidityPeriod` (seconds).
    pub async fn start(looks: Looks, more: Value) -> Self {
        let mut authority = Self::prepare(looks, more);
        authority.begin().await;
        authority
    }

    /// Everything but starting it.
    pub fn prepare(looks: Looks, more: Value) -> Self {
        let directory = TempDir::with_prefix("bedrud-pebble-").expect("a temporary directory");
        let (certificate, key) = (directory.path().join("acme.pem"), directory.path().join("acme.key"));
        let pair = tls::pair("localhost", 2);
        fs::write(&certificate, &pair.0).expect("written");
        fs::write(&key, &pair.1).expect("written");
        let here = || SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (address, management) = (here(), here());
        let mut settings = json!({
            "listenAddress": address.to_string(), "managementListenAddress": management.to_string(),
            "certificate": certificate, "privateKey": key, "httpPort": looks.http, "tlsPort": looks.https,
        });
        crate::server::merge(&mut settings, more);
        Self {
            directory,
            settings,
            address,
            management,
            names: free_port(),
            leads_to: "127.0.0.1",
            children: Vec::new(),
        }
    }

    /// To whom no name leads anywhere.
    pub fn without_names(mut self) -> Self {
        self.leads_to = "";
        self
    }

    /// Starts it.
    pub async fn begin(&mut self) {
        let file = self.directory.path().join("pebble.json");
        fs::write(&file, json!({"pebble": self.settings}).to_string()).expect("written");
        let names = format!("127.0.0.1:{}", self.names);
        let mut servers = Command::new("pebble-challtestsrv");
        servers.args(["-defaultIPv4", self.leads_to, "-defaultIPv6", "", "-dns01", &names, "-management"]);
        servers.arg(format!("127.0.0.1:{}", free_port()));
        servers.args(["-http01", "", "-https01", "", "-tlsalpn01", ""]);
        let mut pebble = Command::new("pebble");
        // it waits for up to 15 s before it looks, unless it is told not to
        pebble.arg("-config").arg(file).args(["-dnsserver", &names]).env("PEBBLE_VA_NOSLEEP", "1");
        for mut command in [servers, pebble] {
            let log = File::options().append(true).create(true).open(self.log_file()).expect("a log file");
            command.stdin(Stdio::null()).stdout(log.try_clone().expect("the log file")).stderr(log);
            self.children.push(command.spawn().expect("pebble starts: apt-get install pebble"));
        }
        // it makes RSA keys first
        until_within(LONG, "pebble to answer", async || self.try_root().await.ok()).await;
    }

    /// Ends it. What it knew is lost, and the next one has another root.
    pub fn end(&mut self) {
        for mut child in self.children.drain(..) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The section `tls` of a server that orders here.
    pub fn section(&self) -> Value {
        json!({
            "mode": "acme", "email": "operator@example.org",
            "acmeDirectory": format!("https://{}/dir", self.address),
            "acmeRootFile": self.directory.path().join("acme.pem"),
        })
    }

    /// What people have to believe, PEM.
    pub async fn root(&self) -> String {
        self.try_root().await.expect("a root")
    }

    /// How many orders it was sent.
    pub fn orders(&self) -> usize {
        // not its requests: it refuses some of them for practice ("badNonce"), and those are sent again
        self.log().matches("Added order ").count()
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> std::path::PathBuf {
        self.directory.path().join("log")
    }

    async fn try_root(&self) -> anyhow::Result<String> {
        let settings = tls::settings(&Believe::Anything);
        let stream = tls::connect(self.management, "127.0.0.1", settings).await?;
        let (status, body) = tls::get(stream, "/roots/0").await?;
        anyhow::ensure!(status == 200, "{status} {body}");
        Ok(body)
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        self.end();
        if std::thread::panicking() {
            eprintln!("--- log of pebble\n{}", self.log());
        }
    }
}
