//! A program that a supervisor keeps running: what it is called, how it is started, and how one learns that it works.

use std::{ffi::OsString, path::PathBuf};

/// What is started.
pub(crate) struct Program {
    /// In sentences, such as `The SFU`.
    pub(crate) title: &'static str,
    /// The key of the configuration that names the file.
    pub(crate) key: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<OsString>,
}

/// How a supervisor learns that its program works. The caller bounds the time.
pub(crate) trait Working: Send {
    /// What to check where it answers and still does nothing.
    const CHECK: &'static str;
    /// Waits until it answers at all.
    fn answers(&self) -> impl Future<Output = ()> + Send;
    /// Waits until it does its work.
    fn serves(&self) -> impl Future<Output = ()> + Send;
}
