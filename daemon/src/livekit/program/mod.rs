//! The SFU as a program: found, configured, started, watched, stopped, and what it needs of this machine.

pub(crate) mod address; // the address told to clients
pub(crate) mod binary; // where the program is
pub(crate) mod check; // what it would refuse
pub(crate) mod external; // somebody else's SFU
pub(crate) mod generated; // its configuration file
pub(crate) mod lines; // its lines in our log
pub(crate) mod moved; // another address while it runs
pub(crate) mod nat; // is that address this machine's
pub(crate) mod ports; // its own
pub(crate) mod prepare; // problems before the start
pub(crate) mod ready; // is it ready, asked
pub(crate) mod relay; // TURN through TLS, as clients are told of it
pub(crate) mod status; // what it tells of itself
