//! Bedrud, the self-hosted video meeting server. One line per module: the map. Only what the program and the tests of its
//! parts start from is public, so that the compiler names what nobody uses.

mod accounts; // who somebody is: accounts, guests, passwords, sessions
mod actor; // who acts
pub mod app; // builds every part once, in order, and runs them
mod backup; // everything that a server is, in one file
mod believe; // whose certificates our own connections believe
pub mod config; // the file, checked as a whole
mod control; // the operator's door
mod doctor; // what may be wrong
mod door; // what both doors are made of
pub mod error; // the one error type
mod files; // whole files
pub mod http; // the public door: REST, proxy to the SFU, the page
mod import; // what the older server had
mod jobs; // the clock
mod limits; // how often somebody may try
pub mod livekit; // the SFU: runs it, talks to it, lets people through
mod mail; // letters, and who carries them
mod names; // what people and rooms may be called
mod network; // addresses and networks
mod outbox; // commit, then effect, once
mod programs; // programs that are started and kept running
mod providers; // servers of others that say who somebody is
mod rooms; // what may happen in a room
pub mod serve; // bytes to requests
mod settings; // what an administrator may change while the server runs
mod store; // all SQL
pub mod telemetry; // logs
pub mod tls; // the certificate that is served
mod webhooks; // whom outside we tell what happens
