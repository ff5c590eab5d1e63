//! A certificate chain with its key: read, checked against each other, and what it says of itself.

use std::{net::IpAddr, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use rustls::{
    client::verify_server_name,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use x509_parser::{extensions::GeneralName, parse_x509_certificate, prelude::X509Certificate};

use super::pem::{self, wrong};
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
    /// True where nothing in it says that it is for something else.
    pub is_for_servers: bool,
    /// Valid from this moment.
    pub not_before: DateTime<Utc>,
    /// Valid until this moment.
    pub not_after: DateTime<Utc>,
}

impl Certificate {
    /// Reads a chain, its own certificate first, and the key, both PEM. The dates are not looked at.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self> {
        let (chain, key) = (pem::chain(chain)?, pem::key(key)?);
        let facts = facts_of(&chain)?;
        let provider = aws_lc_rs::default_provider();
        let belongs =
            |chain: Vec<CertificateDer<'static>>| CertifiedKey::from_der(chain, key.clone_key(), &provider);
        let key = belongs(chain.clone()).map_err(|e| match e {
            rustls::Error::InconsistentKeys(_)
                if chain.iter().any(|one| belongs(vec![one.clone()]).is_ok()) =>
            {
                wrong("certificate_order", "The server's own certificate stands behind another one")
            }
            rustls::Error::InconsistentKeys(_) => {
                wrong("key_mismatch", "The key does not belong to the certificate")
            }
            e => wrong("key_unusable", "The key cannot be used").caused_by(e),
        })?;
        Ok(Self { key: Arc::new(key), facts })
    }

    /// An error where it is not valid at `now`.
    pub fn check_dates(&self, now: DateTime<Utc>) -> Result<()> {
        self.facts.check_dates(now)
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

impl Facts {
    /// An error where browsers would not take it for that of `domain`, a host name or address, or of any server.
    pub(super) fn check_purpose(&self, first: &CertificateDer<'_>, domain: Option<&str>) -> Result<()> {
        if self.names.is_empty() {
            let s = "The certificate names hosts in its common name only, which browsers do not read. Have it made with a \
                     subject alternative name.";
            return Err(Error::invalid("certificate_without_names", s));
        }
        if !self.is_for_servers {
            let s = "The certificate is not for servers (extended key usage). Have it made for TLS servers.";
            return Err(Error::invalid("certificate_purpose", s));
        }
        let Some(domain) = domain else { return Ok(()) };
        let wanted = ServerName::try_from(domain).map_err(Error::internal)?;
        let parsed = ParsedCertificate::try_from(first)
            .map_err(|e| wrong("certificate_unreadable", "The certificate cannot be read").caused_by(e))?;
        verify_server_name(&parsed, &wanted).map_err(|_| {
            let s = format!(
                "The certificate is for {} and not for {domain}, which is server.domain. Have it made for that name, or \
                 correct server.domain.",
                self.names.join(", ")
            );
            Error::invalid("certificate_for_other_names", s)
        })
    }

    /// An error where the certificate is not valid at `now`.
    pub fn check_dates(&self, now: DateTime<Utc>) -> Result<()> {
        let Self { not_before, not_after, .. } = self;
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
}

/// What the first of a chain says of itself; an error where the second did not sign it and a later one did.
pub(super) fn facts_of(chain: &[CertificateDer<'_>]) -> Result<Facts> {
    let missing = || wrong("certificate_missing", "There is no certificate in the file");
    let (first, rest) = chain.split_first().ok_or_else(missing)?;
    let issuer = issuer_and_subject(first).map(|(issuer, _)| issuer);
    let signs = |one: &CertificateDer<'_>| issuer_and_subject(one).map(|(_, subject)| subject) == issuer;
    if rest.split_first().is_some_and(|(second, later)| !signs(second) && later.iter().any(signs)) {
        return Err(wrong(
            "certificate_order",
            "The certificates of the chain are not in the order of their signatures",
        ));
    }
    facts(first)
}

/// As they are written.
fn issuer_and_subject(der: &CertificateDer<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let (_, parsed) = parse_x509_certificate(der).ok()?;
    Some((parsed.issuer().as_raw().to_vec(), parsed.subject().as_raw().to_vec()))
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
        is_for_servers: is_for_servers(&parsed),
        not_before,
        not_after,
    })
}

fn is_for_servers(parsed: &X509Certificate<'_>) -> bool {
    let usage = parsed.extended_key_usage().ok().flatten();
    usage.is_none_or(|usage| usage.value.any || usage.value.server_auth)
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
