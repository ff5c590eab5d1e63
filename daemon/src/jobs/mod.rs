//! The clock: what happens without anybody asking. One file per job; each only says when, `rooms` says what.

mod clean_up;
mod effects;
mod follow_sfu;
mod mails;
mod states;
mod sweep;

pub use mails::Letters;
pub use states::Parts;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{outbox::Outbox, rooms::Rooms, settings::Settings};

/// Starts every job on `tasks`; all of them end with `stop`.
pub fn start(
    rooms: &Rooms,
    outbox: &Outbox,
    settings: &Settings,
    states: states::Parts,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    tasks.spawn(stop.clone().run_until_cancelled_owned(effects::run(outbox.clone(), rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(follow_sfu::run(rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(states::run(states)));
    tasks.spawn(stop.clone().run_until_cancelled_owned(sweep::run(rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(clean_up::run(rooms.clone(), settings.clone())));
}

/// Sends the mail that waits, on `tasks`, until `stop`.
pub fn send(letters: Letters, tasks: &TaskTracker, stop: &CancellationToken) {
    tasks.spawn(stop.clone().run_until_cancelled_owned(mails::run(letters)));
}
