//! Backups that only some can read: encrypted as age(1) does it, to a public key or with a passphrase.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
};

use age::{Decryptor, Encryptor, IdentityFile, scrypt, secrecy::SecretString, stream::StreamWriter, x25519};
use clap::Args;

use crate::failure::{Exit, Failure, Outcome};

/// How such a file begins (age-encryption.org/v1).
pub const BEGINNING: [u8; 21] = *b"age-encryption.org/v1";

/// For whom one is encrypted.
#[derive(Args)]
pub struct Recipient {
    /// Encrypt it to this public key (age1…); may be given several times
    #[arg(long, value_name = "KEY", conflicts_with = "passphrase_file")]
    recipient: Vec<x25519::Recipient>,
    /// Encrypt it with the passphrase in this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// What opens one.
#[derive(Args)]
pub struct Key {
    /// The private key of an encrypted backup, as age-keygen(1) writes it
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    identity: Option<PathBuf>,
    /// The file with the passphrase of an encrypted backup
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Where a backup is written to.
pub enum Sink {
    /// As it is.
    Plain(File),
    /// Encrypted on the way.
    Secret(Box<StreamWriter<File>>),
}

impl Recipient {
    /// True where it is encrypted.
    pub fn is_there(&self) -> bool {
        !self.recipient.is_empty() || self.passphrase_file.is_some()
    }

    /// Writes into `file` for them.
    pub fn sink(&self, file: File) -> Outcome<Sink> {
        let encryptor = match &self.passphrase_file {
            Some(path) => Encryptor::with_user_passphrase(passphrase(path)?),
            None if self.recipient.is_empty() => return Ok(Sink::Plain(file)),
            None => {
                let all = self.recipient.iter().map(|one| one as &dyn age::Recipient);
                Encryptor::with_recipients(all)
                    .map_err(|e| Failure::new(Exit::Failed, "backup_not_encrypted", e.to_string()))?
            }
        };
        Ok(Sink::Secret(Box::new(encryptor.wrap_output(file)?)))
    }
}

impl Sink {
    /// Writes what is left, and gives the file back.
    pub fn finish(self) -> io::Result<File> {
        match self {
            Self::Plain(file) => Ok(file),
            Self::Secret(writer) => writer.finish(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Secret(writer) => writer.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Secret(writer) => writer.flush(),
        }
    }
}

impl Key {
    /// Reads an encrypted file. A broken one is found out while it is read.
    pub fn open(&self, file: impl Read + Send + 'static) -> Outcome<Box<dyn Read + Send>> {
        let wrong = |e: &dyn std::fmt::Display| {
            let message = format!("The backup cannot be decrypted: {e}.");
            Failure::new(Exit::Failed, "backup_not_decrypted", message)
                .hint("Is it the right --identity, or the right passphrase in --passphrase-file?")
        };
        let decryptor = Decryptor::new_buffered(io::BufReader::new(file)).map_err(|e| wrong(&e))?;
        let identities: Vec<Box<dyn age::Identity>> = match (&self.identity, &self.passphrase_file) {
            (Some(path), _) => {
                let file = IdentityFile::from_file(path.display().to_string()).map_err(|e| wrong(&e))?;
                file.into_identities().map_err(|e| wrong(&e))?
            }
            (None, Some(path)) => vec![Box::new(scrypt::Identity::new(passphrase(path)?))],
            (None, None) => {
                let message = "This backup is encrypted.";
                let hint = "Name what opens it: --identity FILE, or --passphrase-file FILE.";
                return Err(Failure::usage("backup_encrypted", message, hint));
            }
        };
        let all = identities.iter().map(|one| one.as_ref() as &dyn age::Identity);
        Ok(Box::new(decryptor.decrypt(all).map_err(|e| wrong(&e))?))
    }
}

/// The first line of a file.
fn passphrase(path: &PathBuf) -> Outcome<SecretString> {
    let text = fs::read_to_string(path)
        .map_err(|e| Failure::new(Exit::Failed, "io", format!("{} cannot be read: {e}.", path.display())))?;
    match text.lines().next().unwrap_or_default() {
        "" => {
            Err(Failure::usage("passphrase_missing", "The passphrase is empty.", "Write one into the file."))
        }
        line => Ok(SecretString::from(line.to_owned())),
    }
}
