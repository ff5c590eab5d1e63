//! `bedrudctl cert`: the certificate that is served.

use std::time::{Duration, Instant};

use bedrud_control::Certificate;
use clap::Subcommand;
use http::Method;
use serde_json::Value;

use crate::{
    ask::Destroy,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::path,
    printer::{Printer, facts, moment, yes},
};

/// How long an order may take, by both kinds of proof, and how often it is looked at meanwhile.
const PATIENCE: Duration = Duration::from_secs(390);
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Say for whom it is, from whom, how long it lasts, and how renewing it goes
    Status,
    /// Order a new one now; with files read them again, and with a self-signed one make another
    Renew {
        #[command(flatten)]
        destroy: Destroy,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Status => show(&read(client).await?, printer),
        Verb::Renew { destroy } => renew(&destroy, client, printer).await,
    }
}

async fn read(client: &Client) -> Outcome<Certificate> {
    client.get(&path(["certificate"])).await
}

fn show(certificate: &Certificate, printer: Printer) -> Outcome {
    printer.result(certificate, |c| {
        let time = |text: &Option<String>| text.as_deref().map(moment).unwrap_or_default();
        facts([
            ("mode", c.mode.clone()),
            ("names", c.names.join(", ")),
            ("issuer", c.issuer.clone()),
            ("valid from", time(&c.not_before)),
            ("valid until", time(&c.not_after)),
            ("believed by browsers", if c.not_after.is_some() { yes(c.is_public) } else { String::new() }),
            ("authority", c.authority.clone().unwrap_or_default()),
            ("last try", time(&c.last_try)),
            ("last error", c.last_error.clone()),
            ("next try", if c.is_trying { "running".to_owned() } else { time(&c.next_try) }),
        ])
    })?;
    Ok(Exit::Done)
}

/// Waits for the first certificate for `domain`, and says what keeps it away. Nothing to wait for without an authority.
pub async fn first(domain: &str, client: &Client, printer: Printer) -> Outcome {
    let asked = Instant::now();
    loop {
        let now = read(client).await?;
        let is_there =
            now.names.iter().all(|name| name.eq_ignore_ascii_case(domain)) && !now.names.is_empty();
        if now.mode != "acme" {
            return Ok(Exit::Done);
        }
        if !now.is_trying && now.last_error.is_empty() && is_there {
            printer.note(&format!("The certificate of {} for {domain} is served.", now.issuer));
            return Ok(Exit::Done);
        }
        // a failure of an earlier order waits for its time: whoever sets up wants another one now
        if !now.is_trying && !now.last_error.is_empty() {
            return match now.last_try {
                None => renew(&Destroy { dry_run: false, yes: true }, client, printer).await,
                Some(_) => Err(refused(&now)),
            };
        }
        if asked.elapsed() > PATIENCE {
            return Err(late());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn refused(now: &Certificate) -> Failure {
    let next = now.next_try.as_deref().map(|next| format!(" The next try is {}.", moment(next)));
    Failure::new(Exit::Failed, "renewal_failed", now.last_error.clone()).hint(format!(
        "The certificate that was there serves on.{} At once: bedrudctl cert renew",
        next.unwrap_or_default()
    ))
}

fn late() -> Failure {
    let message = format!("No new certificate after {} s.", PATIENCE.as_secs());
    Failure::new(Exit::TimedOut, "timed_out", message).hint("bedrudctl cert status")
}

async fn renew(destroy: &Destroy, client: &Client, printer: Printer) -> Outcome {
    let before = read(client).await?;
    let effect = match before.mode.as_str() {
        "acme" => "A new certificate is ordered; authorities count how often.",
        "files" => "The certificate files are read again.",
        "self-signed" => "Whoever was told to trust the certificate has to be told again.",
        _ => "Nothing: this server ends no TLS.",
    };
    if destroy.dry_run {
        return printer.would(effect);
    }
    if before.mode == "self-signed" {
        destroy.confirm(effect)?;
    }
    let asked = Instant::now();
    let _: Certificate = client.change(Method::POST, &path(["certificate", "renew"]), &Value::Null).await?;
    loop {
        let now = read(client).await?;
        if now.last_try != before.last_try && !now.is_trying {
            if now.last_error.is_empty() {
                return show(&now, printer);
            }
            return Err(refused(&now));
        }
        if asked.elapsed() > PATIENCE {
            return Err(late());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
