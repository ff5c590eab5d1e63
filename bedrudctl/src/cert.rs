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
            let next = now.next_try.as_deref().map(|next| format!(" The next try is {}.", moment(next)));
            return Err(Failure::new(Exit::Failed, "renewal_failed", now.last_error)
                .hint(format!("The certificate that was there serves on.{}", next.unwrap_or_default())));
        }
        if asked.elapsed() > PATIENCE {
            let message = format!("No new certificate after {} s.", PATIENCE.as_secs());
            return Err(Failure::new(Exit::TimedOut, "timed_out", message).hint("bedrudctl cert status"));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
