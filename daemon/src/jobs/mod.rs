//! The clock: what happens without anybody asking. One file per job; each only says when, `rooms` says what.

mod clean_up;
mod deliveries;
mod effects;
mod follow_sfu;
mod mails;
mod states;
mod sweep;

pub use mails::Letters;
pub use states::Parts;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{outbox::Outbox, rooms::Rooms, settings::Settings, webhooks::Webhooks};

/// Who says what is to be done.
pub struct Deciding {
    /// Meetings.
    pub rooms: Rooms,
    /// What decisions left.
    pub outbox: Outbox,
    /// How long things are kept.
    pub settings: Settings,
    /// Whom outside we tell what happens.
    pub webhooks: Webhooks,
}

/// Starts every job on `tasks`; all of them end with `stop`.
pub fn start(deciding: Deciding, states: states::Parts, tasks: &TaskTracker, stop: &CancellationToken) {
    let Deciding { rooms, outbox, settings, webhooks } = deciding;
    tasks.spawn(stop.clone().run_until_cancelled_owned(effects::run(outbox, rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(follow_sfu::run(rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(states::run(states)));
    tasks.spawn(stop.clone().run_until_cancelled_owned(sweep::run(rooms.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(deliveries::run(webhooks.clone())));
    tasks.spawn(stop.clone().run_until_cancelled_owned(clean_up::run(rooms, settings, webhooks)));
}

/// Sends the mail that waits, on `tasks`, until `stop`.
pub fn send(letters: Letters, tasks: &TaskTracker, stop: &CancellationToken) {
    tasks.spawn(stop.clone().run_until_cancelled_owned(mails::run(letters)));
}
