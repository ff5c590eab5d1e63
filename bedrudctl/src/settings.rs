//! `bedrudctl settings`: what acts at once in the running daemon.

use bedrud_control::{NewSetting, Setting, Settings};
use clap::Subcommand;
use http::Method;

use crate::{
    ask::Change,
    client::Client,
    failure::{Exit, Outcome},
    path::{changing, path},
    printer::{Printer, table},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List every setting with its value and its default
    #[command(alias = "list")]
    Show,
    /// Print the value of one, and nothing else
    Get {
        /// Its name, as `settings show` lists it
        name: String,
    },
    /// Change one, at once: registrationEnabled false closes registration
    Set {
        /// Its name, as `settings show` lists it
        name: String,
        /// true or false, a number, or a text
        #[arg(allow_hyphen_values = true)]
        value: String,
        #[command(flatten)]
        change: Change,
    },
}

/// Runs one verb; without one, the settings are shown.
pub async fn run(verb: Option<Verb>, client: &Client, printer: Printer) -> Outcome {
    match verb.unwrap_or(Verb::Show) {
        Verb::Show => show(client, printer).await,
        Verb::Get { name } => get(&name, client, printer).await,
        Verb::Set { name, value, change } => set(&name, value, &change, client, printer).await,
    }
}

async fn show(client: &Client, printer: Printer) -> Outcome {
    let settings: Settings = client.get(&path(["settings"])).await?;
    printer.result(&settings, |all| {
        let rows = all.settings.iter().map(|s| [s.name.clone(), s.value.clone(), s.default.clone()]);
        table(["NAME", "VALUE", "DEFAULT"], rows)
    })?;
    Ok(Exit::Done)
}

async fn get(name: &str, client: &Client, printer: Printer) -> Outcome {
    let setting: Setting = client.get(&path(["settings", name])).await?;
    printer.result(&setting, |one| one.value.clone())?;
    Ok(Exit::Done)
}

async fn set(name: &str, value: String, change: &Change, client: &Client, printer: Printer) -> Outcome {
    let at = changing(["settings", name], change.dry_run)?;
    let new = NewSetting { value };
    let setting: Setting = client.change(Method::PUT, &at, &new).await?;
    if change.dry_run && setting.value == new.value {
        return printer.would_not(&format!("{name} is {} already.", setting.value));
    }
    if change.dry_run {
        return printer.would(&format!("Would change {name} from {} to {}.", setting.value, new.value));
    }
    printer.result(&setting, |s| format!("{} is {} now.", s.name, s.value))?;
    Ok(Exit::Done)
}
