//! What belongs to one meeting beside moderation: the lobby before it, the links that lead past it,
//! the chat in it.

pub(super) mod chat;
pub(super) mod invitations;
pub(super) mod lobby;
