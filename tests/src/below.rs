//! What no door offers: the database from below, as an older version or a failure in the middle would have left it, and the
//! SFU without us before it.
use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use http::Method;
use postgres::{Client, NoTls, SimpleQueryMessage};
use rusqlite::{Connection, fallible_iterator::FallibleIterator, types::ValueRef};
use serde_json::{Value, json};

use crate::Server;

/// The database of a server, opened a second time, whichever it is. SQL is text without parameters, for both alike.
pub struct Below(Sender<Question>);

/// A row: each column as text.
type Row = Vec<Option<String>>;
type Question = (String, Sender<Result<Vec<Row>, String>>);

impl Below {
    /// Of a file.
    pub fn file(path: &std::path::Path) -> Self {
        let connection = Connection::open(path).expect("the database");
        connection.busy_timeout(Duration::from_secs(5)).expect("a time-out");
        Self::asked(move |sql| of_file(&connection, sql).map_err(|e| e.to_string()))
    }

    /// Of a server, by its URL.
    pub fn server(url: &str) -> Self {
        let url = url.to_owned();
        let (asked, questions) = channel();
        // its client may neither be used nor closed on a thread of the runtime
        thread::spawn(move || {
            let mut client = Client::connect(&url, NoTls).expect("the database");
            answer(&questions, |sql| of_server(&mut client, sql).map_err(|e| format!("{e:?}")));
        });
        Self(asked)
    }

    fn asked(mut run: impl FnMut(&str) -> Result<Vec<Row>, String> + Send + 'static) -> Self {
        let (asked, questions) = channel();
        thread::spawn(move || answer(&questions, &mut run));
        Self(asked)
    }

    /// The rows of one or more statements; the error is the database's own word.
    pub fn tried(&self, sql: &str) -> Result<Vec<Row>, String> {
        let (answer, answered) = channel();
        self.0.send((sql.to_owned(), answer)).map_err(|e| e.to_string())?;
        answered.recv().map_err(|e| e.to_string())?
    }

    /// The same, where it has to succeed.
    #[track_caller]
    pub fn rows(&self, sql: &str) -> Vec<Row> {
        self.tried(sql).unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// Runs it, without an answer.
    #[track_caller]
    pub fn run(&self, sql: &str) {
        self.rows(sql);
    }

    /// The one value of one row.
    #[track_caller]
    pub fn text(&self, sql: &str) -> String {
        let rows = self.rows(sql);
        rows.first().and_then(|row| row.first()).cloned().flatten().unwrap_or_else(|| panic!("no row: {sql}"))
    }

    /// The same as a number.
    #[track_caller]
    pub fn number(&self, sql: &str) -> i64 {
        self.text(sql).parse().expect("a number")
    }
}

fn answer(questions: &Receiver<Question>, mut run: impl FnMut(&str) -> Result<Vec<Row>, String>) {
    for (sql, answer) in questions {
        // whoever asked may have given up
        let _ = answer.send(run(&sql));
    }
}

fn of_file(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<Row>> {
    let mut batch = rusqlite::Batch::new(connection, sql);
    let mut found = Vec::new();
    while let Some(mut statement) = batch.next()? {
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let row = (0..columns).map(|at| {
                Ok(match row.get_ref(at)? {
                    ValueRef::Null => None,
                    ValueRef::Integer(number) => Some(number.to_string()),
                    ValueRef::Real(number) => Some(number.to_string()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        Some(String::from_utf8_lossy(bytes).into_owned())
                    }
                })
            });
            found.push(row.collect::<rusqlite::Result<Row>>()?);
        }
    }
    Ok(found)
}

fn of_server(client: &mut Client, sql: &str) -> Result<Vec<Row>, postgres::Error> {
    let told = client.simple_query(sql)?;
    let rows = told.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        }
        _ => None,
    });
    Ok(rows.collect())
}

/// Text as a literal of SQL.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Server {
    /// The database of this server, opened a second time.
    pub fn database(&self) -> Below {
        let section = self.database_section();
        match (section["url"].as_str(), section["path"].as_str()) {
            (Some(url), _) => Below::server(url),
            (None, path) => Below::file(std::path::Path::new(path.expect("a file"))),
        }
    }

    /// The section of the configuration with which another daemon uses the same database.
    pub fn database_section(&self) -> Value {
        let text = std::fs::read_to_string(self.path("config.yaml")).expect("the configuration");
        let config: Value = serde_json::from_str(&text).expect("JSON");
        let section = &config["database"];
        match (section["url"].as_str(), section["path"].as_str()) {
            (Some(url), _) => json!({"url": url}),
            (None, Some(path)) => json!({"path": path}),
            (None, None) => json!({"path": self.path("state/bedrud.db")}),
        }
    }

    /// The key under which a start tells what is wrong with the database.
    pub fn database_key(&self) -> &'static str {
        if self.database_section()["url"].is_string() { "database.url" } else { "database.path" }
    }

    /// Where the SFU listens behind the proxy, and the key pair that it believes: host, key, secret.
    pub async fn sfu(&self) -> (String, String, String) {
        let told = self.control(Method::GET, "/v1/livekit", None).await.ok().json();
        let port = told["ports"]["http"].as_u64().expect("a port");
        let keys = std::fs::read_to_string(self.path("state/livekit-keys")).expect("its key pair");
        let (key, secret) = keys.trim().split_once(": ").expect("key: secret");
        (format!("ws://127.0.0.1:{port}"), key.to_owned(), secret.to_owned())
    }
}
