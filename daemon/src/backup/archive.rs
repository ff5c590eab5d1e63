//! The file of a backup: tar, compressed. First a manifest with the size and SHA-256 (FIPS 180-4) of every file, then the files.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Component, Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};

use super::place::{DATABASE, Place, failed};
use crate::{
    error::{Error, Kind, Result},
    store::Timestamp,
};

const MANIFEST: &str = "manifest.json";
/// Another layout has another number.
const FORMAT: u32 = 1;
/// A manifest that is longer is none.
const LONGEST_MANIFEST: u64 = 8 << 20;

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    format: u32,
    /// The version that made it.
    pub version: String,
    /// RFC 3339.
    pub created_at: String,
    /// The number of the last migration of its database.
    pub schema: i64,
    /// What is in it, in this order.
    pub files: Vec<Entry>,
}

/// One file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Below the state directory.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
    sha256: String,
}

/// Puts one together of the copy of the database in the draft and of the state directory.
pub(super) fn write(place: &Place, schema: i64) -> Result<File> {
    let draft = place.draft();
    let mut sources = vec![(PathBuf::from(DATABASE), draft.join(DATABASE))];
    // what is written again meanwhile is another file under the same name: a copy is one of them
    for (index, path) in place.files()?.into_iter().enumerate() {
        let (from, to) = (place.state.join(&path), draft.join(format!("{index}")));
        match fs::copy(&from, &to) {
            Ok(_) => sources.push((path, to)),
            // gone since it was listed, such as a set-up link that was used
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(failed(&from, &e)),
        }
    }
    let mut files = Vec::new();
    for (path, source) in &sources {
        let (bytes, sha256) = File::open(source).and_then(summed).map_err(|e| failed(source, &e))?;
        files.push(Entry { path: path.clone(), bytes, sha256 });
    }
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: Timestamp::now().to_string(),
        schema,
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    let archive = super::tempfile_in(&place.state)?;
    packed(archive, &text, &sources).map_err(|e| failed(&draft, &e))
}

fn packed(archive: File, manifest: &[u8], sources: &[(PathBuf, PathBuf)]) -> io::Result<File> {
    let mut tar = tar::Builder::new(GzEncoder::new(archive, Compression::fast()));
    let header = |bytes: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header
    };
    tar.append_data(&mut header(manifest.len() as u64), MANIFEST, manifest)?;
    for (path, source) in sources {
        let file = File::open(source)?;
        tar.append_data(&mut header(file.metadata()?.len()), path, file)?;
    }
    let mut archive = tar.into_inner()?.finish()?;
    archive.flush()?;
    archive.seek(SeekFrom::Start(0))?;
    Ok(archive)
}

/// Unpacks into `directory` and compares every file with the manifest.
pub(super) fn read(mut archive: File, directory: &Path) -> Result<Manifest> {
    archive.seek(SeekFrom::Start(0)).map_err(|e| failed(directory, &e))?;
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let mut entries = tar.entries().map_err(|e| unreadable(&e))?;
    let first = entries.next().ok_or_else(|| broken("it is empty"))?.map_err(|e| unreadable(&e))?;
    if first.path().map_err(|e| unreadable(&e))?.as_ref() != Path::new(MANIFEST) {
        return Err(broken("it does not begin with a manifest"));
    }
    let text = io::read_to_string(first.take(LONGEST_MANIFEST)).map_err(|e| unreadable(&e))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|e| broken(&format!("its manifest cannot be read: {e}")))?;
    if manifest.format != FORMAT {
        let s = format!(
            "This backup was made by version {} in a way that this version does not know. Install that version.",
            manifest.version
        );
        return Err(Error::new(Kind::Invalid, "backup_newer", s));
    }
    for expected in &manifest.files {
        let entry = entries.next().ok_or_else(|| broken("it ends too early"))?.map_err(|e| unreadable(&e))?;
        let name = entry.path().map_err(|e| unreadable(&e))?.into_owned();
        let is_inside = name.components().all(|part| matches!(part, Component::Normal(_)));
        if name != expected.path || !is_inside || !entry.header().entry_type().is_file() {
            return Err(broken("its files are not those of its manifest"));
        }
        let to = directory.join(&name);
        let (bytes, sha256) = unpack(entry, &to)?;
        if (bytes, &sha256) != (expected.bytes, &expected.sha256) {
            return Err(broken(&format!("{} is not what it was", name.display())));
        }
    }
    if !manifest.files.iter().any(|entry| entry.path == Path::new(DATABASE)) {
        return Err(broken("it has no database"));
    }
    if entries.next().is_some() {
        return Err(broken("it has more than its manifest says"));
    }
    // to its last byte: what stands between the files is summed up by the compression only, at its end (RFC 1952)
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(|e| unreadable(&e))?;
    Ok(manifest)
}

/// Writes the file; its length and SHA-256.
fn unpack(mut entry: impl Read, to: &Path) -> Result<(u64, String)> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(|e| failed(parent, &e))?;
    }
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let mut file = made.map_err(|e| failed(to, &e))?;
    let mut sum = Sum::default();
    let mut piece = vec![0; 64 << 10];
    loop {
        let read = entry.read(&mut piece).map_err(|e| unreadable(&e))?;
        if read == 0 {
            return file.sync_all().map(|()| sum.done()).map_err(|e| failed(to, &e));
        }
        let piece = piece.get(..read).unwrap_or_default();
        sum.write_all(piece).and_then(|()| file.write_all(piece)).map_err(|e| failed(to, &e))?;
    }
}

/// Length and SHA-256.
fn summed(mut file: File) -> io::Result<(u64, String)> {
    let mut sum = Sum::default();
    io::copy(&mut file, &mut sum)?;
    Ok(sum.done())
}

/// Of what is written to it.
struct Sum(Context, u64);

impl Default for Sum {
    fn default() -> Self {
        Self(Context::new(&SHA256), 0)
    }
}

impl Sum {
    fn done(self) -> (u64, String) {
        (self.1, self.0.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        self.1 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unreadable(error: &io::Error) -> Error {
    broken(&error.to_string())
}

/// It is no backup, or not all of one.
pub(super) fn broken(what: &str) -> Error {
    let s = format!("This is no whole backup of Bedrud: {what}. Take another one.");
    Error::new(Kind::Invalid, "backup_broken", s)
}
