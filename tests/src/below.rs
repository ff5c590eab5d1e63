//! What no door offers: the database from below, as an older version or a failure in the middle would have left it, and the
//! SFU without us before it.
use std::time::Duration;

use http::Method;
use rusqlite::Connection;

use crate::Server;

impl Server {
    /// The database of the running daemon, opened a second time.
    pub fn database(&self) -> Connection {
        let connection = Connection::open(self.path("state/bedrud.db")).expect("the database");
        connection.busy_timeout(Duration::from_secs(5)).expect("a time-out");
        connection
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
