//! The wire types of the control socket, shared by the daemon and `bedrudctl`. Serde only; no decisions.

/// Where the daemon listens for the operator unless told otherwise.
pub const DEFAULT_SOCKET: &str = "/run/bedrud/control.sock";
