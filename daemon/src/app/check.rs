//! What a start would find wrong, without starting: nothing is made, bound or changed, so that it may be asked beside a
//! daemon that runs, as the daemon's own user.

use std::{net::TcpListener, path::Path};

use crate::{
    config::{Config, Paths, Problems, usable},
    livekit, store,
    tls::Tls,
};

/// Everything that LiveKit, rustls, SQLite or the system would refuse of it later.
pub fn check(config: &Config, paths: &Paths, problems: &mut Problems) {
    paths.check(problems);
    config.check_ports(problems);
    if let Some(host) = config.server.host
        && let Err(e) = TcpListener::bind((host, 0))
    {
        let s = format!("{host} cannot be bound: {e}. Give an address of this machine, or remove the line.");
        problems.add("address_unusable", "server.host", s);
    }
    let file = config.database.path.clone().unwrap_or_else(|| paths.state.join("bedrud.db"));
    database(&file, problems);
    livekit::check(&config.livekit, problems);
    Tls::check(&config.tls, config.server.domain.as_deref(), problems);
}

fn database(file: &Path, problems: &mut Problems) {
    if let Err(e) = store::look(file) {
        problems.add(e.code, "database.path", e.sentence);
    } else if let Some(directory) = file.parent()
        && let Err(e) = usable(directory)
    {
        let s = format!(
            "The directory {} cannot be used: {e}. SQLite writes files of its own beside the database; give it to the daemon's user.",
            directory.display()
        );
        problems.add("directory_unusable", "database.path", s);
    }
}
