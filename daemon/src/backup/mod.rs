//! Everything that a server is, in one file: database, secrets, certificates. Made while it runs; checked by opening it; put
//! back by the next start, so that nothing is ever exchanged below a running database.

mod archive;
mod place;
mod restore;

use std::{fs, os::unix::fs::OpenOptionsExt, path::PathBuf, sync::Arc};

pub use archive::Manifest;
pub use restore::apply;

use crate::{
    actor::Actor,
    error::{self, Error, Result},
    store::{self, Store, audit, copy},
};
use place::{DATABASE, Place};

/// Makes and takes backups. Cheap to clone.
#[derive(Clone)]
pub struct Backup(Arc<Inner>);

struct Inner {
    store: Store,
    state: PathBuf,
    /// One at a time: they use the same directories.
    turn: tokio::sync::Mutex<()>,
}

/// What is in a backup, as it was found by opening it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What its database holds.
    pub copy: copy::Facts,
}

impl Backup {
    /// Of the server that keeps its things in `state`.
    pub fn new(store: Store, state: PathBuf) -> Self {
        Self(Arc::new(Inner { store, state, turn: tokio::sync::Mutex::default() }))
    }

    /// By where the database is now, which a move changes.
    fn place(&self) -> Place {
        let database = match self.0.store.place() {
            store::Place::File(path) => Some(path),
            store::Place::Server(_) => None,
        };
        Place { state: self.0.state.clone(), database }
    }

    /// Makes one; the file has no name, and is gone when it is closed.
    pub async fn create(&self, actor: &Actor) -> Result<fs::File> {
        permitted(actor)?;
        let _turn = self.0.turn.lock().await;
        let place = self.place();
        place.database()?;
        let draft = place.draft();
        let database = draft.join(DATABASE);
        blocking({
            let draft = draft.clone();
            move || place::emptied(&draft)
        })
        .await?;
        let copied = self.0.store.run(move |connection| copy::make(connection, &database)).await;
        let made = move || {
            let made = copied.and_then(|schema| archive::write(&place, schema));
            // of no use to anybody now; the next one would remove it as well
            let _ = fs::remove_dir_all(draft);
            made
        };
        let file = blocking(made).await?;
        self.note(actor, "backup.create", "").await?;
        Ok(file)
    }

    /// Where an upload may be put, for [`Self::verify`] and [`Self::restore`]: a file without a name.
    pub fn upload(&self) -> Result<fs::File> {
        tempfile_in(&self.0.state)
    }

    /// Opens a backup and checks all of it: every file, the whole database, the version.
    pub async fn verify(&self, actor: &Actor, upload: fs::File) -> Result<Found> {
        permitted(actor)?;
        let _turn = self.0.turn.lock().await;
        let draft = self.place().draft();
        let found = move || {
            let found = unpacked(upload, &draft);
            let _ = fs::remove_dir_all(draft);
            found
        };
        blocking(found).await
    }

    /// Checks a backup and lays it ready for the next start. Refuses one that would lose what was done since, unless `may_lose`.
    /// With `is_trial` nothing is laid ready.
    pub async fn restore(
        &self,
        actor: &Actor,
        upload: fs::File,
        may_lose: bool,
        is_trial: bool,
    ) -> Result<Found> {
        permitted(actor)?;
        let _turn = self.0.turn.lock().await;
        let place = self.place();
        place.database()?;
        let draft = place.draft();
        let laid = async {
            let found = blocking({
                let draft = draft.clone();
                move || unpacked(upload, &draft)
            })
            .await?;
            let newest = found.copy.newest_act.clone();
            let lost = self.0.store.run(move |connection| audit::count_after(connection, newest.as_deref()));
            let lost = lost.await?;
            if lost > 0 && !may_lose {
                let s = format!(
                    "Since that backup {lost} things were done here (bedrudctl audit shows them), and all of them would be lost. Make a backup of today first, then add --lose-newer."
                );
                return Err(Error::conflict("restore_loses_newer", s));
            }
            if !is_trial {
                // last of all: what is laid ready happens
                self.note(actor, "backup.restore", &found.manifest.created_at).await?;
                blocking(move || restore::lay_ready(&place)).await?;
            }
            Ok(found)
        };
        let laid = laid.await;
        let cleaned = move || {
            let _ = fs::remove_dir_all(&draft);
            laid
        };
        blocking(cleaned).await
    }

    async fn note(&self, actor: &Actor, verb: &'static str, detail: &str) -> Result<()> {
        tracing::info!(by = actor.label(), detail, "{verb}");
        let line = audit::Line { detail: detail.to_owned(), ..audit::Line::by(actor, verb) };
        self.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await
    }
}

/// Unpacks into `draft`, and checks what comes out.
fn unpacked(upload: fs::File, draft: &std::path::Path) -> Result<Found> {
    place::emptied(draft)?;
    let manifest = archive::read(upload, draft)?;
    let copy = copy::check(&draft.join(DATABASE))?;
    if copy.schema != manifest.schema {
        return Err(archive::broken("its database is not the one that it names"));
    }
    Ok(Found { manifest, copy })
}

fn permitted(actor: &Actor) -> Result<()> {
    error::permitted(actor.administers(), "Only an administrator may make and restore backups.")
}

fn tempfile_in(directory: &std::path::Path) -> Result<fs::File> {
    let path = directory.join(format!("upload-{}.new", uuid::Uuid::new_v4()));
    let made = fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
    let file = made.map_err(|e| place::failed(&path, &e))?;
    fs::remove_file(&path).map_err(|e| place::failed(&path, &e))?;
    Ok(file)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
