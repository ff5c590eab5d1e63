//! A real provider for one test (`tests/browser/provider.mjs`), by which people sign in, and what a browser does there.
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{Answer, Client, Server, repository};

/// So often a browser is sent on at most.
const MOST_STEPS: usize = 12;

/// A provider. Dropping it ends it.
pub struct Provider {
    script: &'static str,
    port: u16,
    child: Option<Child>,
}

impl Provider {
    /// One with its usual settings: Anna signs in.
    pub fn start() -> Self {
        Self::with(json!({}))
    }

    /// One with these; `provider.mjs` says which there are.
    pub fn with(settings: Value) -> Self {
        Self::of("provider.mjs", settings)
    }

    /// What stands in for GitHub and X, of which nobody can run one.
    pub fn known(settings: Value) -> Self {
        Self::of("known-provider.mjs", settings)
    }

    fn of(script: &'static str, settings: Value) -> Self {
        let mut provider = Self { script, port: 0, child: None };
        provider.open(settings);
        provider
    }

    /// Serves again, at the same port, with other keys.
    pub fn open(&mut self, mut settings: Value) {
        settings["port"] = self.port.into();
        let mut child = Command::new("node")
            .arg(repository().join("tests/browser").join(self.script))
            .arg(settings.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()) // it warns of what is right in a test
            .spawn()
            .expect("node");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        self.port = line.trim().parse().expect("the provider did not start: npm ci in tests/browser?");
        self.child = Some(child);
    }

    /// Is away.
    pub fn close(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("ours");
            child.wait().expect("it ends");
        }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// An entry of `auth.providers`.
    pub fn section(&self) -> Value {
        json!({
            "id": "example", "name": "Example", "issuer": self.url(),
            "clientId": "bedrud", "clientSecret": self.secret(),
        })
    }

    /// The secret that it shares with the daemon, to be found nowhere.
    pub fn secret(&self) -> &'static str {
        "secret of the provider"
    }

    /// Changes its settings.
    pub async fn set(&self, settings: Value) {
        Client::new(self.url()).post("/control").json(settings).await.ok();
    }

    /// A server by which people may sign in by this provider, with its administrator.
    pub async fn server(&self) -> Server {
        self.server_with(json!({})).await
    }

    /// The same with more in the entry of the provider.
    pub async fn server_with(&self, more: Value) -> Server {
        let mut section = self.section();
        for (key, value) in more.as_object().expect("members") {
            section[key] = value.clone();
        }
        let server = Server::builder().config(json!({"auth": {"providers": [section]}})).start().await;
        server.admin().await;
        server
    }

    /// What a browser does that was sent to `url`: goes on until it is sent back; the path that it comes back to.
    pub async fn visit(&self, url: &str) -> String {
        let browser = Client::new(self.url()).with_cookies();
        let mut path = self.path_of(url).unwrap_or_else(|| panic!("{url} is not at the provider"));
        for _ in 0..MOST_STEPS {
            let answer = browser.get(path.clone()).await;
            let to = answer.header("location").to_owned();
            match self.path_of(&to) {
                Some(on) => path = on,
                None if to.starts_with("http") => {
                    let (_, rest) = to.split_once("://").expect("a URL");
                    return rest[rest.find('/').expect("a path")..].to_owned();
                }
                None => panic!("{answer} sends nobody on"),
            }
        }
        panic!("the provider sends people on for ever");
    }

    fn path_of(&self, url: &str) -> Option<String> {
        if url.starts_with('/') {
            return Some(url.to_owned());
        }
        url.strip_prefix(&self.url()).map(str::to_owned)
    }

    /// Has a browser sign in from the beginning to the daemon's last word.
    pub async fn sign_in(&self, browser: &Client) -> Answer {
        let back = self.visit(&sent(browser, "/api/auth/example/login").await).await;
        browser.get(back).await
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.close();
    }
}

/// Where the daemon sends a browser that asks for `path`.
pub async fn sent(browser: &Client, path: &str) -> String {
    let answer = browser.get(path).await.is(307);
    answer.header("location").to_owned()
}
