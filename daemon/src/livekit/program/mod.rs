//! The SFU as a program: found, configured, started, watched, stopped, and what it needs of this machine.

pub(crate) mod address; // the address told to clients
pub(crate) mod binary; // where the program is
pub(crate) mod check; // what it would refuse
pub(crate) mod child; // one life of the process
pub(crate) mod external; // somebody else's SFU
pub(crate) mod follow; // the SFU of `bedrud livekit`
pub(crate) mod generated; // its configuration file
pub(crate) mod moved; // another address while it runs
pub(crate) mod nat; // is that address this machine's
pub(crate) mod output; // its pipes into our log
pub(crate) mod ports; // free ones, taken ones
pub(crate) mod prepare; // problems before the start
pub(crate) mod process; // pids that stay the same process
pub(crate) mod ready; // is it ready, asked
pub(crate) mod record; // livekit.json
pub(crate) mod relay; // TURN through TLS, as clients are told of it
pub(crate) mod status; // how it fares
pub(crate) mod supervised; // what can be kept running
pub(crate) mod supervisor; // keeps it running
