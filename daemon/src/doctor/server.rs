//! What the daemon keeps: the database, what was left undone, backups, the certificate.

use chrono::{TimeDelta, Utc};

use super::{Doctor, Finding, error, warning};
use crate::{
    error::Kind,
    store::{Timestamp, audit, effects, health, mails, webhooks::deliveries},
};

/// So long an effect may have been tried.
const STUCK_SECONDS: i64 = 600;
/// So old the newest backup may be.
const BACKUP_DAYS: i64 = 8;
/// Renewing begins weeks before.
const ENDING: TimeDelta = TimeDelta::days(7);

pub(super) async fn look(doctor: &Doctor) -> Vec<Finding> {
    let mut found = Vec::new();
    let now = Timestamp::now();
    let read = doctor.store.run(move |connection| {
        let stuck = effects::failing(connection, now.plus_seconds(-STUCK_SECONDS))?;
        let mail = mails::failing(connection, now.plus_seconds(-STUCK_SECONDS))?;
        let calls = deliveries::failing(connection, now.plus_seconds(-STUCK_SECONDS))?;
        let acts = audit::oldest(connection)?;
        let backup = audit::newest(connection, "backup.create")?;
        Ok((health::complaint(connection)?, stuck, (mail, calls), acts, backup))
    });
    match read.await {
        Err(e) if e.kind == Kind::Unavailable => {
            found.push(error("database.down", e.to_string(), "bedrudctl logs --level error"));
        }
        Err(e) => {
            let remedy =
                "bedrudctl backup restore FILE, of a backup that bedrudctl backup verify finds whole";
            found.push(error("database.integrity", format!("The database cannot be read: {e}."), remedy));
        }
        Ok((complaint, stuck, (mail, calls), first, backup)) => {
            if let Some(complaint) = complaint {
                let remedy =
                    "bedrudctl backup restore FILE, of a backup that bedrudctl backup verify finds whole";
                found.push(error("database.integrity", complaint, remedy));
            }
            if let Some((count, why)) = stuck {
                let evidence = format!(
                    "{count} things that were decided could not be done for ten minutes and more, one of them because: {why}"
                );
                found.push(warning("effects.stuck", evidence, "bedrudctl logs --level warn"));
            }
            if let Some((count, why)) = mail {
                let evidence = format!("{count} mails do not arrive, one of them because: {why}");
                let remedy = "bedrudctl mail status, then, when it is mended: bedrudctl mail retry";
                found.push(warning("mail.stuck", evidence, remedy));
            }
            if let Some((count, why)) = calls {
                let evidence = format!("{count} calls of webhooks do not arrive, one of them because: {why}");
                let remedy = "bedrudctl webhook list, then, when it is mended: bedrudctl webhook replay ID";
                found.push(warning("webhooks.stuck", evidence, remedy));
            }
            let limit = now.plus_seconds(-BACKUP_DAYS * 86_400);
            if doctor.store.is_file()
                && first.is_some_and(|at| at < limit)
                && backup.is_none_or(|at| at < limit)
            {
                let evidence = match backup {
                    Some(at) => format!("The newest backup is of {at}."),
                    None => "No backup was ever made.".to_owned(),
                };
                found.push(warning(
                    "backup.old",
                    evidence,
                    "bedrudctl backup create --directory /var/backups --keep 14",
                ));
            }
        }
    }
    if let Err(e) = doctor.store.disk().await {
        found.push(error("database.disk", e.to_string(), format!("df -h {}", doctor.state.display())));
    }
    if doctor.is_setup_required {
        let evidence = "Nobody administers this server yet: whoever has the set-up link may.";
        found.push(warning("setup.pending", evidence, "bedrudctl setup"));
    }
    if doctor.is_verbose {
        let evidence = "Much more is logged than a server needs (log.level debug or trace).";
        found.push(warning("log.verbose", evidence, "Set log.level: info, then: systemctl reload bedrud"));
    }
    found.extend(certificate(doctor));
    found
}

fn certificate(doctor: &Doctor) -> Vec<Finding> {
    let Some(tls) = &doctor.tls else { return Vec::new() };
    let (facts, mut found) = (tls.certificate().facts.clone(), Vec::new());
    if facts.not_after < Utc::now() + ENDING {
        let evidence = format!("The certificate ends {}.", facts.not_after.format("%F %H:%M UTC"));
        found.push(error(
            "certificate.ending",
            evidence,
            "bedrudctl cert renew, then: bedrudctl cert status",
        ));
    }
    if let Some(failure) = tls.progress().last_error {
        let evidence = format!("The certificate could not be renewed: {failure}");
        found.push(warning("certificate.renewal", evidence, "bedrudctl cert renew"));
    }
    if let Some(domain) = doctor.domain.as_ref().filter(|_| !tls.is_public()) {
        let evidence = format!(
            "Browsers warn of the certificate of {domain}: it is by {}, whom they do not know.",
            facts.issuer
        );
        let remedy = "Set tls.mode: acme, or give files of your own, then: systemctl restart bedrud";
        found.push(warning("certificate.untrusted", evidence, remedy));
    }
    found
}
