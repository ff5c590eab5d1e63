//! What the older server had, taken over: people with their passwords and passkeys, rooms, settings. All of it in one
//! transaction, and as often as one likes: what is here already stays as it is.

mod people;
mod rest;
mod rooms;

use std::{cell::RefCell, path::PathBuf};

use aws_lc_rs::digest;
use people::People;

use crate::{
    actor::Actor,
    error::{self, Error, Result},
    store::{
        Connection, Store, audit,
        locks::{self, Lock},
        older,
    },
};

/// Ends the transaction of a dry run.
const DRY_RUN: &str = "import_dry_run";

/// Something that comes.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `account`, `room` or `setting`.
    pub kind: &'static str,
    /// A mail address, a room's name, a setting's name.
    pub name: String,
    /// What it becomes.
    pub becomes: String,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// What is here now.
    pub entries: Vec<Entry>,
    /// Accounts among them.
    pub users: u64,
    /// Those of them who administer the server.
    pub administrators: u64,
    /// Their passkeys.
    pub passkeys: u64,
    /// Rooms among them, archived ones too.
    pub rooms: u64,
    /// Settings among them.
    pub settings: u64,
    /// Accounts and rooms that came before, and stay as they are.
    pub known: u64,
    /// What was left out: whose or what, and why.
    pub left: Vec<(String, String)>,
}

impl Taken {
    fn leave(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.left.push((what.into(), why.into()));
    }

    fn enter(&mut self, kind: &'static str, name: impl Into<String>, becomes: impl Into<String>) {
        self.entries.push(Entry { kind, name: name.into(), becomes: becomes.into() });
    }
}

/// Takes over what is in the file `path`, a copy of the older server's database, or says what would be. No room gets more seats
/// than `most_seats`.
pub async fn take_over(
    store: &Store,
    actor: &Actor,
    path: PathBuf,
    most_seats: i64,
    is_dry: bool,
) -> Result<Taken> {
    error::permitted(actor.administers(), "Only an administrator may import.")?;
    let line = audit::Line::by(actor, "config.import");
    let taken = store.run(move |connection| {
        let older = older::read(&path)?;
        let taken = RefCell::new(Taken::default());
        let done = connection.transaction(|connection| {
            let all = all(connection, &older, &line.actor, most_seats)?;
            let line = audit::Line {
                detail: format!(
                    "{} accounts, {} passkeys, {} rooms, {} settings",
                    all.users, all.passkeys, all.rooms, all.settings
                ),
                ..line.clone()
            };
            if !all.entries.is_empty() {
                audit::write(connection, &line)?;
            }
            *taken.borrow_mut() = all;
            if is_dry { Err(Error::conflict(DRY_RUN, "Nothing has changed.")) } else { Ok(()) }
        });
        match done {
            Err(e) if e.code != DRY_RUN => Err(e),
            _ => Ok(taken.into_inner()),
        }
    });
    taken.await
}

fn all(connection: &mut Connection, older: &older::Older, actor: &str, most_seats: i64) -> Result<Taken> {
    // an administrator may come: the set-up link looks before it makes one
    locks::hold(connection, Lock::Administrators)?;
    let mut taken = Taken::default();
    let people = People::take(connection, older, &mut taken)?;
    rooms::take(connection, older, &people, actor, most_seats, &mut taken)?;
    rest::settings(connection, older, actor, &mut taken)?;
    rest::tables(older, &mut taken);
    Ok(taken)
}

/// The id here of what had the id `older` there: the same where that is a UUID, as ours are, else one that is made of it.
fn id_of(kind: &str, older: &str) -> Option<String> {
    if older.is_empty() {
        return None;
    }
    let id = uuid::Uuid::parse_str(older).unwrap_or_else(|_| {
        let made = digest::digest(&digest::SHA256, format!("older {kind} {older}").as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(made.as_ref()).for_each(|(byte, made)| *byte = *made);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    });
    Some(id.to_string())
}
