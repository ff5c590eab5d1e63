//! What the older server had, taken over, for the operator.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::{
    Extension, Json,
    extract::{Request, State},
};
use bedrud_control::{ChangeQuery, Imported, ImportedEntry, LeftOut};

use crate::control::Context;
use crate::{
    actor::Actor,
    door::{self, Query, Takes},
    error::{Error, Result},
    import::{self, Taken},
};

/// Of a database that comes in.
const TAKES: Takes = Takes { bytes: 16 << 30, within: Duration::from_secs(3600) };

/// A directory, for what SQLite puts beside a file; gone with this. Nobody else looks into it: hashes of passwords are in there.
struct Place(PathBuf);

impl Place {
    fn new(runtime: &Path) -> io::Result<Self> {
        let path = runtime.join(format!("import-{}", uuid::Uuid::new_v4()));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // else it goes with the runtime directory, when the service stops
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `POST /v1/import`; the body is the file of the older server's database.
pub(in crate::control) async fn take_over(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Query(query): Query<ChangeQuery>,
    mut request: Request,
) -> Result<Json<Imported>> {
    request.extensions_mut().insert(TAKES);
    let place = Place::new(&context.runtime).map_err(Error::internal)?;
    let path = place.0.join("older.db");
    let mut file = tokio::fs::File::create(&path).await.map_err(Error::internal)?;
    door::write(request, &mut file).await?;
    // to its end, also when whoever asked is gone: what is known of settings and the set-up has to follow it
    let work = tokio::spawn(async move {
        let most_seats = context.rooms.most_seats();
        let taken = import::take_over(&context.store, &actor, path, most_seats, query.dry_run).await;
        drop(place);
        context.settings.forget();
        // an administrator who came ends the set-up
        context.accounts.is_setup_required().await?;
        taken
    });
    work.await.map_err(Error::internal)?.map(shown)
}

fn shown(taken: Taken) -> Json<Imported> {
    let entry = |one: import::Entry| ImportedEntry {
        kind: one.kind.to_owned(),
        name: one.name,
        becomes: one.becomes,
    };
    Json(Imported {
        entries: taken.entries.into_iter().map(entry).collect(),
        users: taken.users,
        administrators: taken.administrators,
        passkeys: taken.passkeys,
        rooms: taken.rooms,
        settings: taken.settings,
        known: taken.known,
        left: taken.left.into_iter().map(|(what, why)| LeftOut { what, why }).collect(),
    })
}
