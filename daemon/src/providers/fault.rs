//! What may be wrong with a provider, told to a person; why, is for the log.

use std::fmt::Display;

use crate::error::{Error, Kind};

/// It does not answer.
pub(super) fn away(name: &str, why: &dyn Display) -> Error {
    let s = format!("{name} does not answer at the moment. Try again later, or sign in another way.");
    Error::new(Kind::Unavailable, "provider_unreachable", s).caused_by(why.to_string())
}

/// It answers what makes no sense, or what may be forged.
pub(super) fn invalid(name: &str, why: &dyn Display) -> Error {
    let s = format!("What {name} answered cannot be believed. Try again later, or sign in another way.");
    Error::new(Kind::Unavailable, "provider_invalid", s).caused_by(why.to_string())
}

/// It does not take this server for who it says it is, or something else of the configuration is wrong.
pub(super) fn refused(name: &str, why: &dyn Display) -> Error {
    let s = format!("{name} refuses this server. Its administrator finds the reason in the log.");
    Error::new(Kind::Unavailable, "provider_refused", s).caused_by(why.to_string())
}

/// What somebody came back with has served already, or is too old.
pub const STALE: &str = "sign_in_stale";

/// The failure of that code.
pub fn stale() -> Error {
    let s = "This sign-in has served, took too long, or was begun in another browser. Begin again.";
    Error::invalid(STALE, s)
}
