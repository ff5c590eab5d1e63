//! `bedrudctl setup` alone: the pending one-time link.

use bedrud_control::Setup;

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    path::path,
    printer::Printer,
};

/// Prints the link on which the first administrator is made.
pub async fn show(client: &Client, printer: Printer) -> Outcome {
    let setup: Setup = client.get(&path(["setup"])).await?;
    printer.result(&setup, |setup| setup.url.clone())?;
    printer.note(match (setup.registration_enabled, setup.guest_login_enabled) {
        (true, true) => {
            "Anybody who reaches this server may make an account, and come in with a name only. To close that: bedrudctl settings set registrationEnabled false, and guestLoginEnabled false."
        }
        (true, false) => {
            "Anybody who reaches this server may make an account. To close that: bedrudctl settings set registrationEnabled false."
        }
        (false, true) => {
            "Guests may come in with a name only. To close that: bedrudctl settings set guestLoginEnabled false."
        }
        (false, false) => "Accounts are made by you alone: bedrudctl user add.",
    });
    Ok(Exit::Done)
}
