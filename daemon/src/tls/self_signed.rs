//! A certificate made here, for servers without a public name: an end certificate with every name in it, kept over
//! restarts, because people tell their browsers to believe exactly this one.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};

use super::Certificate;
use crate::{
    error::{Error, Result},
    files::{self, Lasts},
};

/// Apple's systems take no longer life, even where a person trusts it (support.apple.com/103769).
const LIFE: TimeDelta = TimeDelta::days(800);
/// Made anew when it has no longer to live.
const REST: TimeDelta = TimeDelta::days(30);
/// id-ce-basicConstraints (RFC 5280, 4.2.1.9).
const BASIC_CONSTRAINTS: [u64; 4] = [2, 5, 29, 19];
/// All of it left at its default, which is "no authority".
const EMPTY_SEQUENCE: [u8; 2] = [0x30, 0x00];

/// When `certificate` is made anew.
pub(super) fn due(certificate: &Certificate) -> DateTime<Utc> {
    certificate.facts.not_after - REST
}

/// The kept one in `directory` when it is for all of `names` and long enough, else a new one. Reads and writes files.
pub(super) fn keep(directory: &Path, names: &[String]) -> Result<Certificate> {
    let file = file(directory);
    let now = Utc::now();
    // whatever is wrong with the kept one, the cure is a new one
    let kept = std::fs::read(file).ok().and_then(|pem| Certificate::from_pem(&pem, &pem).ok());
    let fits = |c: &Certificate| c.is_for(names) && c.check_dates(now).is_ok() && now < due(c);
    if let Some(kept) = kept.filter(fits) {
        return Ok(kept);
    }
    renew(directory, names)
}

/// A new one, kept in `directory`. Reads and writes files.
pub(super) fn renew(directory: &Path, names: &[String]) -> Result<Certificate> {
    let file = file(directory);
    let pem = make(names, Utc::now())?;
    let written = files::private_directory(directory)
        .and_then(|()| files::replace(&file, pem.as_bytes(), Lasts::PowerCut));
    written.map_err(|e| {
        let s = format!("{} cannot be written. Check the owner of the state directory", file.display());
        Error::unavailable("certificate_unwritable", s).caused_by(e)
    })?;
    tracing::info!(?names, "made a self-signed certificate");
    Certificate::from_pem(pem.as_bytes(), pem.as_bytes())
}

fn file(directory: &Path) -> PathBuf {
    directory.join("self-signed.pem")
}

/// Key and certificate as PEM.
fn make(names: &[String], now: DateTime<Utc>) -> Result<String> {
    let mut wanted = CertificateParams::new(names.to_vec()).map_err(Error::internal)?;
    let name = names.first().map_or("bedrud", String::as_str);
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.distinguished_name.push(DnType::OrganizationName, "Bedrud, self-signed");
    // LiveKit's own clients refuse a certificate authority as a server's certificate. Written out by hand, because the
    // library spells the default in full, which DER forbids (X.690, 11.5) and strict readers refuse
    let mut no_authority = CustomExtension::from_oid_content(&BASIC_CONSTRAINTS, EMPTY_SEQUENCE.to_vec());
    no_authority.set_criticality(true);
    wanted.custom_extensions.push(no_authority);
    wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let midnight =
        |day: DateTime<Utc>| rcgen::date_time_ymd(day.year(), small(day.month()), small(day.day()));
    // a day before, for clocks that are behind
    (wanted.not_before, wanted.not_after) = (midnight(now - TimeDelta::days(1)), midnight(now + LIFE));
    let key = KeyPair::generate().map_err(Error::internal)?;
    let made = wanted.self_signed(&key).map_err(Error::internal)?;
    Ok(format!("{}{}", key.serialize_pem(), made.pem()))
}
