//! Reads certificates and keys as operators have them in files, and says what is wrong in the words of whoever made them.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::error::{Error, Result};

/// The certificates of a PEM file, at least one.
pub(super) fn chain(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<_, _>>()
        .map_err(|e| wrong("certificate_unreadable", "The certificate is no PEM file").caused_by(e))?;
    if !chain.is_empty() {
        return Ok(chain);
    }
    Err(match kind(bytes) {
        Kind::Key | Kind::Encrypted => wrong(
            "certificate_missing",
            "There is a private key in the file and no certificate. Are tls.certFile and tls.keyFile exchanged?",
        ),
        Kind::Request => wrong(
            "certificate_missing",
            "There is a request for a certificate in the file, and no certificate. Take what the authority answered",
        ),
        Kind::Der => wrong(
            "certificate_missing",
            "The certificate is in DER. `openssl x509 -inform DER -in FILE -out FILE.pem` makes a PEM file of it",
        ),
        Kind::Certificate | Kind::Other => {
            wrong("certificate_missing", "There is no certificate in the file")
        }
    })
}

/// The private key of a PEM file.
pub(super) fn key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>> {
    if kind(bytes) == Kind::Encrypted {
        // nobody is there to type a passphrase when a server starts
        let s = "The key is encrypted with a passphrase, which nobody could type at a start. `openssl pkey -in FILE -out \
                 FILE.plain` takes it away; let only the daemon's user read the result.";
        return Err(Error::invalid("key_encrypted", s));
    }
    PrivateKeyDer::from_pem_slice(bytes).map_err(|e| {
        match kind(bytes) {
            Kind::Certificate => wrong(
                "key_unreadable",
                "There is a certificate in the file and no private key. Are tls.certFile and tls.keyFile exchanged?",
            ),
            Kind::Der => wrong(
                "key_unreadable",
                "The key is in DER. `openssl pkey -inform DER -in FILE -out FILE.pem` makes a PEM file of it",
            ),
            _ => wrong("key_unreadable", "The key is no PEM file with a private key"),
        }
        .caused_by(e)
    })
}

#[derive(PartialEq, Eq)]
enum Kind {
    Encrypted,
    Key,
    Certificate,
    Request,
    Der,
    Other,
}

/// What a file is, by the labels in it (RFC 7468; the fourth line of RFC 1421 for OpenSSL's old form of encryption).
fn kind(bytes: &[u8]) -> Kind {
    let text = String::from_utf8_lossy(bytes);
    let labelled = |label: &str| text.contains(&format!("-----BEGIN {label}"));
    let any_key = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"].iter().any(|label| labelled(label));
    if labelled("ENCRYPTED PRIVATE KEY") || (any_key && text.contains("4,ENCRYPTED")) {
        Kind::Encrypted
    } else if any_key {
        Kind::Key
    } else if labelled("CERTIFICATE-----")
        || labelled("X509 CERTIFICATE-----")
        || labelled("TRUSTED CERTIFICATE-----")
    {
        Kind::Certificate
    } else if labelled("CERTIFICATE REQUEST") || labelled("NEW CERTIFICATE REQUEST") {
        Kind::Request
    } else if bytes.starts_with(&[0x30, 0x82]) {
        Kind::Der
    } else {
        Kind::Other
    }
}

/// A failure about a file, with what to give instead.
pub(super) fn wrong(code: &'static str, what: &str) -> Error {
    let mark = if what.ends_with('?') { "" } else { "." };
    let s = format!(
        "{what}{mark} Give the full chain, its own certificate first, and the key that belongs to it."
    );
    Error::invalid(code, s)
}
