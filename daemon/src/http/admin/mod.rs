//! The administration of the server, for the page and for scripts; whoever administers it, and nobody else.

pub(super) mod deliveries;
pub(super) mod invitations;
pub(super) mod overview;
pub(super) mod settings;
pub(super) mod users;
pub(super) mod visits;
mod wanted;
pub(super) mod webhooks;
