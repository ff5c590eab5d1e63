//! A certificate made here, for servers without a public name: an end certificate with every name in it, kept over
//! restarts, because people tell their browsers to believe exactly this one.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};

use super::Certificate;
use crate::error::{Error, Result};

/// Apple's systems take no longer life, even where a person trusts it (support.apple.com/103769).
const LIFE: TimeDelta = TimeDelta::days(800);
/// Made anew when it has no longer to live.
const REST: TimeDelta = TimeDelta::days(30);

/// The kept one in `directory` when it is for all of `names` and long enough, else a new one.
pub(super) fn keep(directory: &Path, names: &[String]) -> Result<Certificate> {
    let file = directory.join("self-signed.pem");
    let now = Utc::now();
    // whatever is wrong with the kept one, the cure is a new one
    let kept = std::fs::read(&file).ok().and_then(|pem| Certificate::from_pem(&pem, &pem).ok());
    let fits =
        |c: &Certificate| c.is_for(names) && c.check_dates(now).is_ok() && c.facts.not_after - now > REST;
    if let Some(kept) = kept.filter(fits) {
        return Ok(kept);
    }
    let pem = make(names, now)?;
    write(directory, &file, &pem).map_err(|e| {
        let s = format!("{} cannot be written. Check the owner of the state directory", file.display());
        Error::unavailable("certificate_unwritable", s).caused_by(e)
    })?;
    tracing::info!(?names, "made a self-signed certificate");
    Certificate::from_pem(pem.as_bytes(), pem.as_bytes())
}

/// Key and certificate as PEM.
fn make(names: &[String], now: DateTime<Utc>) -> Result<String> {
    let mut wanted = CertificateParams::new(names.to_vec()).map_err(Error::internal)?;
    let name = names.first().map_or("bedrud", String::as_str);
    wanted.distinguished_name.push(DnType::CommonName, name);
    wanted.distinguished_name.push(DnType::OrganizationName, "Bedrud, self-signed");
    // LiveKit's own clients refuse a certificate authority as a server's certificate
    wanted.is_ca = IsCa::ExplicitNoCa;
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

fn write(directory: &Path, file: &Path, pem: &str) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let draft = file.with_extension("new");
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(pem.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&draft, file)
}
