//! A real mail server for one test (`tests/browser/post.mjs`): STARTTLS, an account, and the mail it took, read back.
use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{free_port, repository, tls, until};

/// The account there.
const USER: &str = "bedrud@example.org";
const PASSWORD: &str = "secret of the mail server";

/// A mail server. Dropping it ends it.
pub struct Post {
    directory: TempDir,
    port: u16,
    secure: bool,
    child: Option<Child>,
}

impl Post {
    /// One that is encrypted after STARTTLS.
    pub fn start() -> Self {
        Self::new(false)
    }

    /// One that is encrypted from the first byte.
    pub fn with_tls() -> Self {
        Self::new(true)
    }

    fn new(secure: bool) -> Self {
        let directory = TempDir::with_prefix("bedrud-post-").expect("a directory");
        let (certificate, key) = tls::pair("localhost", 30);
        for (name, text) in
            [("certificate.pem", certificate), ("key.pem", key), ("password", format!("{PASSWORD}\n"))]
        {
            fs::write(directory.path().join(name), text).expect("a file");
        }
        fs::create_dir(directory.path().join("mail")).expect("a directory");
        let mut post = Self { directory, port: free_port(), secure, child: None };
        post.open();
        post
    }

    /// Serves again, at the same port.
    pub fn open(&mut self) {
        let read = |name: &str| fs::read_to_string(self.path(name)).expect("a file");
        let options = json!({
            "directory": self.path("mail"), "port": self.port, "secure": self.secure,
            "key": read("key.pem"), "cert": read("certificate.pem"), "user": USER, "password": PASSWORD,
        });
        let mut child = Command::new("node")
            .arg(repository().join("tests/browser/post.mjs"))
            .arg(options.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        assert_eq!(
            line.trim(),
            self.port.to_string(),
            "the mail server did not start: npm ci in tests/browser?"
        );
        self.child = Some(child);
    }

    /// Is away.
    pub fn close(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("ours");
            child.wait().expect("it ends");
        }
    }

    /// The section of the configuration.
    pub fn section(&self) -> Value {
        json!({
            "host": "localhost", "port": self.port, "security": if self.secure { "tls" } else { "starttls" },
            "user": USER, "passwordFile": self.path("password"), "rootFile": self.path("certificate.pem"),
            "from": "Bedrud <bedrud@example.org>",
        })
    }

    /// The password, to be found nowhere.
    pub fn secret(&self) -> &'static str {
        PASSWORD
    }

    /// A file of it: `password`, `certificate.pem`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What has arrived and was not taken out, oldest first.
    fn arrived(&self) -> Vec<(PathBuf, Value)> {
        let entries = fs::read_dir(self.path("mail")).expect("a directory").flatten();
        let mut files: Vec<_> =
            entries.map(|e| e.path()).filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
        files.sort();
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("a mail");
            (path, serde_json::from_str(&text).expect("JSON"))
        };
        files.into_iter().map(read).collect()
    }

    /// The next mail to that address, taken out.
    pub async fn mail_to(&self, address: &str) -> Value {
        until(&format!("a mail to {address}"), async || {
            let found = self.arrived().into_iter().find(|(_, mail)| mail["to"][0] == address);
            let (path, mail) = found?;
            fs::remove_file(path).expect("a mail");
            Some(mail)
        })
        .await
    }

    /// How many have arrived and were not taken out.
    pub fn count(&self) -> usize {
        self.arrived().len()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.close();
    }
}

/// The secret of the link that a mail asks to follow, the same in text and HTML: what stands behind `page#`.
#[track_caller]
pub fn link_of(mail: &Value, page: &str) -> String {
    let text = mail["text"].as_str().expect("plain text");
    let secret = |text: &str| {
        let (_, rest) =
            text.split_once(&format!("{page}#")).unwrap_or_else(|| panic!("no link to {page}: {mail}"));
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>()
    };
    let found = secret(text);
    assert_eq!(found, secret(mail["html"].as_str().expect("HTML")), "{mail}");
    found
}
