//! Bedrud, the self-hosted video meeting server. One line per module: the map.

pub mod accounts; // who somebody is: accounts, guests, passwords, sessions
pub mod actor; // who acts
pub mod app; // builds every part once, in order, and runs them
pub mod backup; // everything that a server is, in one file
pub mod config; // the file, checked as a whole
pub mod control; // the operator's door
pub mod door; // what both doors are made of
pub mod error; // the one error type
pub mod files; // whole files
pub mod http; // the public door: REST, proxy to the SFU, the page
pub mod jobs; // the clock
pub mod limits; // how often somebody may try
pub mod livekit; // the SFU: runs it, talks to it, lets people through
pub mod names; // what people and rooms may be called
pub mod network; // addresses and networks
pub mod outbox; // commit, then effect, once
pub mod rooms; // what may happen in a room
pub mod serve; // bytes to requests
pub mod settings; // what an administrator may change while the server runs
pub mod store; // all SQL
pub mod telemetry; // logs
pub mod tls; // the certificate that is served
