//! Files that are written whole or not at all, and for their owner only, whatever was there before under that name.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::failure::{Exit, Failure, Outcome};

/// Has `write` fill a file that gets its name when it is whole; says how long it is. What is no file, such as a pipe at
/// `/dev/stdout`, gets everything as it comes, and has no length. `code` is that of a failure.
pub async fn written(
    to: &Path,
    code: &str,
    write: impl AsyncFnOnce(File) -> Outcome<File>,
) -> Outcome<Option<u64>> {
    let unwritable =
        |e: io::Error| Failure::new(Exit::Failed, code, format!("{} cannot be written: {e}.", to.display()));
    let there = fs::metadata(to).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        let stream = OpenOptions::new().write(true).open(to).map_err(unwritable)?;
        return write(stream).await.map(|_| None);
    }
    // a link, such as /dev/stdout, has to stay one
    let to = if there.is_some() { fs::canonicalize(to).map_err(unwritable)? } else { to.to_owned() };
    let (draft, made) = draft(&to);
    let whole = async {
        let file = write(made.map_err(unwritable)?).await?;
        file.sync_all().map_err(unwritable)?;
        fs::rename(&draft, &to).map_err(unwritable)?;
        Ok(Some(file.metadata().map_err(unwritable)?.len()))
    };
    let whole = whole.await;
    if whole.is_err() {
        // half of it is nothing
        let _ = fs::remove_file(&draft);
    }
    whole
}

/// A new file beside `path`, for its owner only. One of that name is a leftover, or somebody's trap: it is not written into.
pub fn draft(path: &Path) -> (PathBuf, io::Result<File>) {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let gone = match fs::remove_file(&draft) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    };
    let made = gone.and_then(|()| OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft));
    (draft, made)
}
