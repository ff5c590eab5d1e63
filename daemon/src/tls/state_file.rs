//! Writes files of the state directory: whole or not at all, for nobody else's eyes.

use std::{
    fs::{DirBuilder, File, OpenOptions, rename},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// Makes `directory` where it is missing, and exchanges `file` in it, which is on the disk afterwards.
pub(super) fn write(directory: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let draft = file.with_extension("new");
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    rename(&draft, file)?;
    File::open(directory)?.sync_all()
}
