//! `bedrudctl setup`: the first minute. Alone it prints the one-time link; with a name it looks what is in the way of a
//! certificate, writes the configuration, has it applied, makes the first administrator and waits for the certificate.

mod apply; // the file into the running daemon
mod file; // values into the file, comments kept
mod link; // the one-time link

use std::path::PathBuf;

use bedrud_control::{NewUser, Obstacles, ObstaclesQuery, PageQuery, Status, Users, WithPassword};
use clap::Args;
use http::Method;
use serde::Serialize;

use crate::{
    ask::{Change, Password},
    cert,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::{asking, path},
    printer::Printer,
    unit,
};
use file::Edited;

/// What the server shall be.
#[derive(Args)]
pub struct Setup {
    /// The host name of this server, such as meet.example.org; written into the configuration, and a certificate is ordered
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// Where the authority may write to when something is wrong with the certificate
    #[arg(long, value_name = "MAIL", requires = "domain")]
    email: Option<String>,
    /// Make the first administrator, with this mail address
    #[arg(long, value_name = "MAIL")]
    admin: Option<String>,
    /// The configuration file of the daemon
    #[arg(long, value_name = "FILE", default_value = unit::CONFIG.0)]
    config: PathBuf,
    /// Do not wait until the certificate is there
    #[arg(long)]
    no_wait: bool,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    change: Change,
}

/// What was done, for programs.
#[derive(Serialize)]
struct Done {
    changed: Vec<String>,
    obstacles: Vec<bedrud_control::Obstacle>,
    url: Option<String>,
    administrator: Option<WithPassword>,
}

/// Runs it.
pub async fn run(wanted: Setup, client: &Client, printer: Printer) -> Outcome {
    if wanted.domain.is_none() && wanted.admin.is_none() {
        return link::show(client, printer).await;
    }
    let edited = wanted.domain.as_deref().map(|domain| wanted.edit(domain)).transpose()?;
    let status: Outcome<Status> = client.get(&path(["status"])).await;
    let (status, unreachable) = match status {
        Ok(status) => (Some(status), None),
        // it may be this very file that keeps it from running
        Err(failure) if failure.exit == Exit::Unreachable && edited.is_some() => (None, Some(failure)),
        Err(failure) => return Err(failure),
    };
    let obstacles = match (&wanted.domain, &status) {
        (Some(domain), Some(_)) => obstacles(domain, client, printer).await?,
        _ => Vec::new(),
    };
    if wanted.change.dry_run {
        return would(&wanted, edited.as_ref(), printer);
    }
    let first = match (&wanted.admin, &status) {
        (Some(email), Some(status)) => wanted.administrator(email, status, client, printer).await?,
        _ => None,
    };
    let mut url = status.as_ref().map(|status| status.public_url.clone());
    if let Some(edited) = edited.as_ref().filter(|edited| !edited.changed.is_empty()) {
        apply::write(edited, status.as_ref())?;
        if let Some(status) = &status {
            url = apply::restart(status, client, printer).await?.map(|now| now.public_url).or(url);
        }
    }
    if let Some(failure) = unreachable {
        let message = format!("{} The configuration is written; no more could be done.", failure.message);
        let hint = "Start it and run this again: systemctl start bedrud. Why it does not run: journalctl -u bedrud -n 20";
        return Err(Failure::new(failure.exit, &failure.code, message).hint(hint));
    }
    let administrator = match first {
        Some(new) => Some(client.change(Method::POST, &path(["users"]), &new).await?),
        None => None,
    };
    let changed = edited.map(|edited| edited.changed).unwrap_or_default();
    printer.result(&Done { changed, obstacles, url, administrator }, told)?;
    match &wanted.domain {
        Some(domain) if !wanted.no_wait => cert::first(domain, client, printer).await,
        _ => Ok(Exit::Done),
    }
}

impl Setup {
    /// The file as it shall be. An operator's own certificate files, and a front end's TLS, are left alone.
    fn edit(&self, domain: &str) -> Outcome<Edited> {
        let mut file = file::read(&self.config)?;
        file.set("server", "domain", domain)?;
        if let Some(mode) = file.get("tls", "mode").filter(|mode| ["files", "off"].contains(mode)) {
            if self.email.is_some() {
                let message =
                    format!("{} has tls.mode {mode}: no authority is asked.", self.config.display());
                return Err(Failure::usage(
                    "email_unused",
                    message,
                    "Leave --email out, or remove tls.mode.",
                ));
            }
            return Ok(file);
        }
        file.set("tls", "mode", "acme")?;
        if let Some(email) = &self.email {
            file.set("tls", "email", email)?;
        }
        Ok(file)
    }

    /// Who is to be made; `None` where somebody administers this server already.
    async fn administrator(
        &self,
        email: &str,
        status: &Status,
        client: &Client,
        printer: Printer,
    ) -> Outcome<Option<NewUser>> {
        if !status.setup_required {
            let query = PageQuery { q: email.to_owned(), ..PageQuery::default() };
            let known: Users = client.get(&asking(["users"], &query)?).await?;
            let is_it =
                known.users.iter().any(|user| user.is_admin() && user.email.eq_ignore_ascii_case(email));
            if !is_it {
                printer.note(
                    "Somebody administers this server already. Another one: bedrudctl user add --admin MAIL",
                );
            }
            return Ok(None);
        }
        let name = email.split('@').next().unwrap_or_default().to_owned();
        let password = self.password.choose()?;
        Ok(Some(NewUser { email: email.to_owned(), name, password, admin: true }))
    }
}

/// Asks the daemon what is in the way, and says so at once: none of it keeps the rest from being done.
async fn obstacles(
    domain: &str,
    client: &Client,
    printer: Printer,
) -> Outcome<Vec<bedrud_control::Obstacle>> {
    let query = ObstaclesQuery { domain: domain.to_owned() };
    let at = asking(["certificate", "obstacles"], &query)?;
    match client.get::<Obstacles>(&at).await {
        Ok(found) => {
            for one in &found.obstacles {
                printer.note(&format!("Warning: {}", one.sentence));
            }
            Ok(found.obstacles)
        }
        Err(failure) if failure.code == "tls_off" => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn would(wanted: &Setup, edited: Option<&Edited>, printer: Printer) -> Outcome {
    let mut steps: Vec<String> = edited.iter().flat_map(|edited| edited.changed.clone()).collect();
    if let Some(email) = &wanted.admin {
        steps.push(format!("the first administrator: {email}"));
    }
    if steps.is_empty() {
        return printer.would_not("The configuration says so already.");
    }
    printer.would(&format!("Would set\n  {}", steps.join("\n  ")))
}

fn told(done: &Done) -> String {
    let mut lines: Vec<String> = done.changed.iter().map(|one| format!("Set {one}")).collect();
    if let Some(made) = &done.administrator {
        lines.push(format!("{} administers this server now.", made.user.email));
        lines.extend(made.password.iter().map(|password| format!("Password, shown this once: {password}")));
    }
    lines.extend(done.url.clone());
    lines.join("\n")
}
