//! A certificate chain with its key: read, checked against each other, and what it says of itself.

use std::{net::IpAddr, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::{extensions::GeneralName, parse_x509_certificate, prelude::X509Certificate};

use crate::error::{Error, Result};

/// Ready to be served.
#[derive(Debug)]
pub struct Certificate {
    /// For rustls.
    pub(super) key: Arc<CertifiedKey>,
    /// What it says of itself.
    pub facts: Facts,
}

/// What a certificate says of itself.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Host names and addresses that it is for.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// True where it signed itself.
    pub is_self_signed: bool,
    /// Valid from this moment.
    pub not_before: DateTime<Utc>,
    /// Valid until this moment.
    pub not_after: DateTime<Utc>,
}

impl Certificate {
    /// Reads a chain, its own certificate first, and the key, both PEM. The dates are not looked at.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|e| wrong("certificate_unreadable", "The certificate is no PEM file").caused_by(e))?;
        let Some(first) = chain.first() else {
            return Err(wrong("certificate_missing", "There is no certificate in the file"));
        };
        let facts = facts(first)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|e| wrong("key_unreadable", "The key is no PEM file with a private key").caused_by(e))?;
        let key =
            CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(|e| match e {
                rustls::Error::InconsistentKeys(_) => {
                    wrong("key_mismatch", "The key does not belong to the certificate")
                }
                e => wrong("key_unusable", "The key cannot be used").caused_by(e),
            })?;
        Ok(Self { key: Arc::new(key), facts })
    }

    /// An error where it is not valid at `now`.
    pub fn check_dates(&self, now: DateTime<Utc>) -> Result<()> {
        let Facts { not_before, not_after, .. } = &self.facts;
        if now < *not_before {
            let s = format!("The certificate is valid only from {not_before}. Is the clock right?");
            return Err(Error::invalid("certificate_not_yet_valid", s));
        }
        if now >= *not_after {
            let s = format!("The certificate expired on {not_after}. Renew it.");
            return Err(Error::invalid("certificate_expired", s));
        }
        Ok(())
    }

    /// True where every one of these names stands in it. A wildcard stands for itself only.
    pub fn is_for(&self, names: &[String]) -> bool {
        names.iter().all(|name| self.facts.names.iter().any(|own| own.eq_ignore_ascii_case(name)))
    }

    /// The chain that is sent, for people who want to trust it.
    pub fn chain_pem(&self) -> String {
        let mut text = String::new();
        for one in &self.key.cert {
            text.push_str("-----BEGIN CERTIFICATE-----\n");
            for line in STANDARD.encode(one).as_bytes().chunks(64) {
                text.extend(line.iter().map(|byte| char::from(*byte)));
                text.push('\n');
            }
            text.push_str("-----END CERTIFICATE-----\n");
        }
        text
    }
}

fn facts(der: &CertificateDer<'_>) -> Result<Facts> {
    let unreadable = || wrong("certificate_unreadable", "The certificate cannot be read");
    let (_, parsed) = parse_x509_certificate(der).map_err(|e| unreadable().caused_by(e))?;
    let date = |time: x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    let validity = parsed.validity();
    let (Some(not_before), Some(not_after)) = (date(validity.not_before), date(validity.not_after)) else {
        return Err(unreadable());
    };
    Ok(Facts {
        names: names(&parsed),
        issuer: parsed.issuer().to_string(),
        is_self_signed: parsed.issuer() == parsed.subject(),
        not_before,
        not_after,
    })
}

fn names(parsed: &X509Certificate<'_>) -> Vec<String> {
    let alternative = parsed.subject_alternative_name().ok().flatten();
    let all = alternative.iter().flat_map(|found| &found.value.general_names);
    all.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|a| a.to_string()),
        _ => None,
    })
    .collect()
}

/// Four or sixteen bytes (RFC 5280, 4.2.1.6).
fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn wrong(code: &'static str, what: &str) -> Error {
    let s =
        format!("{what}. Give the full chain, its own certificate first, and the key that belongs to it.");
    Error::invalid(code, s)
}
