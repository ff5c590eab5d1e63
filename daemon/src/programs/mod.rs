//! Programs that we start and keep running, such as the SFU: each is one description, and what it does is not known here.

mod child; // one life of the process
mod claim; // whose it is, and what a killed supervisor left
mod follow; // one that another process of ours supervises
mod kept; // one that this process supervises
mod output; // its pipes into our log
mod ports; // free ones, taken ones
mod process; // pids that stay the same process
mod program; // what can be kept running
mod record; // what is told to other processes
mod seen; // for whoever counts
mod status; // how it fares
mod supervisor; // keeps it running
#[cfg(test)]
mod tests;

pub use claim::Claim;
pub use follow::Followed;
pub use kept::{Asker, Kept};
pub use ports::{Held, Protocol};
pub use program::{Program, Working};
pub use record::{Keeper, Who, path, read};
pub use seen::Seen;
pub use status::{State, Status};
