//! Everything that a server is, in one file: database, secrets, certificates. Made while it runs; checked by opening it; put
//! back by the next start, so that nothing is ever exchanged below a running database.

mod archive;
mod place;
mod restore;

use std::{fs, path::PathBuf, sync::Arc};

pub use archive::Manifest;
pub use restore::apply;

use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    store::{Store, Timestamp, audit, copy},
};
use place::Place;

/// Makes and takes backups. Cheap to clone.
#[derive(Clone)]
pub struct Backup(Arc<Inner>);

struct Inner {
    store: Store,
    place: Place,
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
    /// Of the server that keeps its things in `state`. `database` is the file; none where the database is a server of its own.
    pub fn new(store: Store, state: PathBuf, database: Option<PathBuf>) -> Self {
        let place = Place { state, database };
        Self(Arc::new(Inner { store, place, turn: tokio::sync::Mutex::default() }))
    }

    /// Makes one; the file has no name, and is gone when it is closed.
    pub async fn create(&self, actor: &Actor) -> Result<fs::File> {
        permitted(actor)?;
        let _turn = self.0.turn.lock().await;
        let place = self.0.place.clone();
        place.database()?;
        let draft = place.draft();
        let database = draft.join(archive::DATABASE);
        blocking({
            let draft = draft.clone();
            move || place::emptied(&draft)
        })
        .await?;
        let copied = self.0.store.run(move |connection| copy::make(connection, &database)).await;
        let made = match copied {
            Ok(schema) => blocking(move || archive::write(&place, schema)).await,
            Err(e) => Err(e),
        };
        // of no use to anybody now; the next one would remove it as well
        let _ = fs::remove_dir_all(draft);
        let file = made?;
        self.note(actor, "backup.create", "").await?;
        Ok(file)
    }

    /// Where an upload may be put, for [`Self::verify`] and [`Self::restore`]: a file without a name.
    pub fn upload(&self) -> Result<fs::File> {
        tempfile_in(&self.0.place.state)
    }

    /// Opens a backup and checks all of it: every file, the whole database, the version.
    pub async fn verify(&self, actor: &Actor, upload: fs::File) -> Result<Found> {
        permitted(actor)?;
        let _turn = self.0.turn.lock().await;
        let draft = self.0.place.draft();
        let found = blocking({
            let draft = draft.clone();
            move || unpacked(upload, &draft)
        })
        .await;
        let _ = fs::remove_dir_all(draft);
        found
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
        let place = self.0.place.clone();
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
                let laid = place.clone();
                blocking(move || restore::lay_ready(&laid)).await?;
                let made_at = found.manifest.created_at.clone();
                self.note(actor, "backup.restore", &made_at).await?;
            }
            Ok(found)
        };
        let laid = laid.await;
        let _ = fs::remove_dir_all(&draft);
        laid
    }

    async fn note(&self, actor: &Actor, verb: &'static str, detail: &str) -> Result<()> {
        tracing::info!(by = actor.label(), detail, "{verb}");
        let (actor, address) = (actor.label(), actor.address());
        let line = audit::Line { actor, address, verb, detail: detail.to_owned(), ..audit::Line::default() };
        self.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await
    }
}

/// Unpacks into `draft`, and checks what comes out.
fn unpacked(upload: fs::File, draft: &std::path::Path) -> Result<Found> {
    place::emptied(draft)?;
    let manifest = archive::read(upload, draft)?;
    let copy = copy::check(&draft.join(archive::DATABASE))?;
    if copy.schema != manifest.schema {
        return Err(archive::broken("its database is not the one that it names"));
    }
    Ok(Found { manifest, copy })
}

fn permitted(actor: &Actor) -> Result<()> {
    if actor.administers() {
        return Ok(());
    }
    Err(Error::forbidden("not_permitted", "Only an administrator may make and restore backups."))
}

fn tempfile_in(directory: &std::path::Path) -> Result<fs::File> {
    let path = directory.join(format!("upload-{}.new", uuid::Uuid::new_v4()));
    let made = fs::OpenOptions::new().read(true).write(true).create_new(true).open(&path);
    let file = made.map_err(|e| place::failed(&path, &e))?;
    fs::remove_file(&path).map_err(|e| place::failed(&path, &e))?;
    Ok(file)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The kind of a failure that is the file's own.
const OF_THE_FILE: Kind = Kind::Invalid;

/// `createdAt` of a manifest.
fn now() -> String {
    Timestamp::now().to_string()
}
