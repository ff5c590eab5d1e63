//! Names of what is there, while somebody types: asked of the daemon, and none where it does not answer.

use std::{ffi::OsStr, path::PathBuf, time::Duration};

use bedrud_control::{PageQuery, Rooms, Users};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use serde::de::DeserializeOwned;

use crate::{client::Client, path::asking};

/// A keystroke waits for this.
const PATIENCE: Duration = Duration::from_millis(700);
const MOST: u32 = 50;

/// Live rooms, by slug.
pub fn rooms() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let found = ask::<Rooms>("rooms", typed).map(|list| list.rooms).unwrap_or_default();
        matching(typed, found.into_iter().map(|room| room.name))
    })
}

/// Accounts, by mail address.
pub fn users() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let found = ask::<Users>("users", typed).map(|list| list.users).unwrap_or_default();
        matching(typed, found.into_iter().map(|user| user.email))
    })
}

fn ask<T: DeserializeOwned>(what: &str, typed: &OsStr) -> Option<T> {
    let socket = std::env::var_os("BEDRUD_SOCKET").unwrap_or_else(|| bedrud_control::DEFAULT_SOCKET.into());
    let client = Client::new(PathBuf::from(socket));
    let wanted = PageQuery { q: typed.to_str()?.to_owned(), limit: Some(MOST), ..PageQuery::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let path = asking([what], &wanted).ok()?;
    let answer = async { tokio::time::timeout(PATIENCE, client.get(&path)).await };
    runtime.block_on(answer).ok()?.ok()
}

fn matching(typed: &OsStr, names: impl Iterator<Item = String>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    names.filter(|name| name.starts_with(&*typed)).map(CompletionCandidate::new).collect()
}
