//! A program that a supervisor keeps running: what it is called, how it is started, and how one learns that it works.

use std::{ffi::OsString, path::PathBuf};

/// Everything that tells one supervised program from another.
pub struct Program {
    /// One word: its record and its lock in the runtime directory are called so, and it is counted under it.
    pub name: &'static str,
    /// In sentences, such as `The SFU`.
    pub title: &'static str,
    /// The key of the configuration that names the file.
    pub key: &'static str,
    /// The file.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its environment; of ours it gets nothing.
    pub environment: &'static [(&'static str, &'static str)],
    /// Writes one of its lines into our log.
    pub log: fn(&str),
    /// What to check where it answers and still does nothing.
    pub advice: &'static str,
}

/// How a supervisor learns that its program works. The caller bounds the time.
pub trait Working: Send + Sync + 'static {
    /// Waits until it answers at all.
    fn answers(&self) -> impl Future<Output = ()> + Send;
    /// Waits until it does its work.
    fn serves(&self) -> impl Future<Output = ()> + Send;
}
