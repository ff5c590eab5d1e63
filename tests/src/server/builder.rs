//! How a server shall be, and its start.
use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::{Server, free_port, merge};
use crate::{bedrud, livekit, postgres, until};

/// Says how a server shall be; [`Builder::start`] runs it.
pub struct Builder {
    config: Value,
    alone: bool,
    database: Kind,
    program: PathBuf,
    variables: Vec<(String, String)>,
}

/// Which database a server has.
#[derive(PartialEq, Eq)]
enum Kind {
    Wanted,
    File,
    Postgres,
}

impl Builder {
    pub(super) fn new(config: Value) -> Self {
        Self { config, alone: false, database: Kind::Wanted, program: bedrud(), variables: Vec::new() }
    }

    /// Merges this into the configuration, section by section.
    pub fn config(mut self, more: Value) -> Self {
        merge(&mut self.config, more);
        self
    }

    /// Runs the daemon with a real LiveKit as its child.
    pub fn sfu(mut self) -> Self {
        if let Value::Object(sections) = &mut self.config {
            sections.insert(
                "livekit".into(),
                json!({
                    "binary": livekit(), "port": 0, "tcpPort": 0, "udpPort": 0, "webhookPort": 0,
                    "turn": {"udpPort": 0, "tcpPort": 0},
                }),
            );
        }
        self
    }

    /// On SQLite, whatever the suites run on: `why` says what the test has to do with the file.
    pub fn on_file(mut self, why: &str) -> Self {
        assert!(!why.is_empty(), "no reason");
        self.database = Kind::File;
        self
    }

    /// On PostgreSQL, whatever the suites run on.
    pub fn on_postgres(mut self) -> Self {
        self.database = Kind::Postgres;
        self
    }

    /// Another build of the daemon than the one under test.
    pub fn program(mut self, path: PathBuf) -> Self {
        self.program = path;
        self
    }

    /// Ends TLS itself, as this section says; on loopback and on free ports.
    pub fn tls(self, section: Value) -> Self {
        let server = json!({"host": "127.0.0.1", "httpPort": 0});
        self.config(json!({"tls": section, "server": server, "livekit": {"webhookPort": 0}}))
    }

    /// With a real LiveKit whose supervisor is a process of its own (`bedrud livekit`), as in the package: the daemon
    /// may then be restarted without the SFU.
    pub fn sfu_alone(mut self) -> Self {
        self = self.sfu();
        self.alone = true;
        // the SFU's webhooks outlive one daemon, so its port has to be known before
        self.config(json!({"server": {"port": free_port()}}))
    }

    /// Sets a variable in the daemon's environment, which is empty otherwise.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes the configuration, starts the daemon and waits until it serves (and the SFU, where it has one).
    pub async fn start(self) -> Server {
        let alone = self.alone;
        let mut server = self.prepare();
        if alone {
            server.supervisor = Some(server.launch("livekit"));
            // a daemon that finds no supervisor would run the SFU itself
            let record = server.path("run/livekit.json");
            until("bedrud livekit to say what it runs", async || record.exists().then_some(())).await;
        }
        server.spawn();
        server.ready().await;
        server
    }

    /// Everything but starting; for tests in which the start itself is tried.
    pub fn prepare(mut self) -> Server {
        let mut database = None;
        let on_postgres = match self.database {
            Kind::Wanted => postgres::is_wanted() && self.config["database"].is_null(),
            Kind::File => false,
            Kind::Postgres => true,
        };
        if on_postgres {
            let made = postgres::Database::new();
            self = self.config(json!({"database": {"url": made.url()}}));
            database = Some(made);
        }
        let directory = TempDir::with_prefix("bedrud-test-").expect("a temporary directory");
        fs::write(directory.path().join("config.yaml"), self.config.to_string()).expect("the configuration");
        let ours = self.config["livekit"]["external"] != json!(true);
        let scheme = if self.config["tls"]["mode"] == json!("off") { "http" } else { "https" };
        Server {
            scheme,
            directory,
            _database: database,
            program: self.program,
            variables: self.variables,
            child: None,
            supervisor: None,
            address: None,
            plain: None,
            has_sfu: ours,
            administrator: Mutex::default(),
        }
    }
}
