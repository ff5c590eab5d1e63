//! `bedrudctl setup`: the pending one-time link.

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
    Ok(Exit::Done)
}
