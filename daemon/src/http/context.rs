//! What handlers are given: the deciding modules, built once by `app`.

use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{cookies::Cookies, same_site::Origins, sfu_url::SfuUrl, sites::Sites};
use crate::{
    accounts::Accounts, limits::Limits, rooms::Rooms, settings::Settings, store::Store, tls::Tls,
    webhooks::Webhooks,
};

/// What every handler of this door is given.
pub type Context = crate::door::Context<Parts>;

/// The parts behind a [`Context`].
pub struct Parts {
    /// For plain reads without a decision.
    pub store: Store,
    /// Who somebody is.
    pub accounts: Accounts,
    /// What may happen in a room.
    pub rooms: Rooms,
    /// How often somebody may try.
    pub limits: Limits,
    /// What an administrator may change while the server runs.
    pub settings: Settings,
    /// Whom outside we tell what happens.
    pub webhooks: Webhooks,
    /// The served certificate, where this server ends TLS.
    pub tls: Option<Tls>,
    /// When the daemon began to serve.
    pub started: Instant,
    /// Lifetimes and manner of our cookies.
    pub cookies: Cookies,
    /// Whose pages may sign people in.
    pub origins: Origins,
    /// Where clients find the SFU.
    pub sfu_url: SfuUrl,
    /// Other web sites that may call, or show the page.
    pub sites: Sites,
    /// Ends answers that have no end of their own.
    pub stop: CancellationToken,
}
