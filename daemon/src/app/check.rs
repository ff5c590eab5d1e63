//! What a start would find wrong, without starting: nothing is made, bound or changed, so that it may be asked beside a
//! daemon that runs, as the daemon's own user.

use std::net::TcpListener;

use super::open;
use crate::{
    config::{Config, Paths, Problems, usable},
    livekit,
    store::{self, Place},
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
    if let Some((key, place)) = open::place(config, paths, problems) {
        database(key, &place, problems);
    }
    livekit::check(&config.livekit, problems);
    Tls::check(&config.tls, config.server.domain.as_deref(), problems);
}

fn database(key: &'static str, place: &Place, problems: &mut Problems) {
    if let Err(e) = store::look(place) {
        problems.add(e.code, key, e.sentence);
    } else if let Place::File(file) = place
        && let Some(directory) = file.parent()
        && let Err(e) = usable(directory)
    {
        let s = format!(
            "The directory {} cannot be used: {e}. SQLite writes files of its own beside the database; give it to the daemon's user.",
            directory.display()
        );
        problems.add("directory_unusable", key, s);
    }
}
