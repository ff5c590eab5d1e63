//! The wire types of the control socket, shared by the daemon and `bedrudctl`. Serde only; no decisions.
//! Names on the wire are those of the public API.

mod logs;
mod status;

pub use logs::{LogLine, LogsQuery};
pub use status::{Database, Status};

/// Where the daemon listens for the operator unless told otherwise.
pub const DEFAULT_SOCKET: &str = "/run/bedrud/control.sock";

/// Members of this group may do everything.
pub const ADMIN_GROUP: &str = "bedrud-admin";

/// Members of this group may look at rooms, kick, ban and mute.
pub const MODERATOR_GROUP: &str = "bedrud-mod";
