//! Harness of the suites: starts the real programs and speaks to them as a person or a client would.
//!
//! A test reads like a story, and every sentence of it goes through a door that somebody uses:
//!
//! ```no_run
//! use bedrud_tests::{Server, json, lk::Participant};
//! # async fn story() {
//! let server = Server::with_sfu().await; // `bedrud run`, its own directories, its own free ports, a real LiveKit
//! let admin = server.admin().await; //      through the set-up link that the daemon printed
//! let alice = server.user("alice").await; // POST /api/auth/register
//! let room = alice.room("standup").await; // POST /api/room/create
//! let join = alice.post("/api/room/join").json(json!({"roomName": "standup"})).await.ok();
//! let inside = Participant::join(&join.text("livekitHost"), &join.text("token")).await.expect("a seat");
//! inside.publish_both().await;
//! server.ctl(["room", "kick", "standup", "alice"]).await.ok(); // bedrudctl over the control socket
//! inside.until("removed", |seen| seen.left.is_some()).await;
//! # }
//! ```
//!
//! - [`Server`] starts the daemon: a directory of its own under the temporary one, every port 0, ready when it says so
//!   itself. Dropping it kills daemon and SFU. When the test panics, the tail of the log is printed.
//! - [`Client`] is one person's browser: a base address, a bearer token, a cookie jar. Requests are awaited;
//!   [`Answer::ok`], [`Answer::refused`] state what the test expects and show the whole answer when it is not so.
//! - [`Server::ctl`] runs the real `bedrudctl` against the server's socket.
//! - [`tls`] shakes hands as the test says, [`stun`] writes and reads what TURN clients say.
//! - [`lk`] is a small LiveKit client for calls without a browser; tests with browsers are in `tests/browser`.
//! - Waiting is always for a condition ([`until`], `Participant::until`), never for an amount of time.
//!
//! Programs (built before, `cargo build`; testing one package does not build the others): `BEDRUD_BIN` and `BEDRUDCTL_BIN`, else those beside the test executable; `BEDRUD_LIVEKIT`, else
//! `build/livekit-server`.
pub mod authority;
pub mod lk;
pub mod postgres;
pub mod stun;
pub mod tls;

mod answer;
mod below;
mod client;
mod control;
mod ctl;
mod document;
mod following;
mod passkey;
mod people;
mod post;
mod programs;
mod provider;
mod receiver;
mod server;
mod sign;
mod wait;

pub use answer::Answer;
pub use below::{Below, quoted};
pub use client::{Client, Request};
pub use control::ask_socket;
pub use ctl::Told;
pub use following::Following;
pub use passkey::Passkey;
pub use people::PASSWORD;
pub use post::{Post, link_of};
pub use programs::{bedrud, bedrudctl, crowd, livekit, repository};
pub use provider::{Provider, sent};
pub use receiver::{Call, Manner, Receiver};
pub use serde_json::{Value, json};
pub use server::{Builder, Server, free_port};
pub use sign::{access_token, jwt, now_seconds, webhook_token};
pub use tempfile::TempDir;
pub use wait::{PATIENCE, until, until_within};
