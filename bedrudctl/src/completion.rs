//! `bedrudctl completion`: a script for a shell, which asks this program what could stand where one types.

use clap::Args;
use clap_complete::env::Shells;

use crate::failure::{Exit, Failure, Outcome};
use crate::printer::Printer;

/// For which shell.
#[derive(Args)]
pub struct Completion {
    #[arg(value_parser = ["bash", "zsh", "fish"])]
    shell: String,
}

/// Prints the script.
pub fn print(wanted: &Completion, printer: Printer) -> Outcome {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(&wanted.shell) else {
        return Err(Failure::usage(
            "shell_unknown",
            "There is no script for this shell.",
            "bash, zsh or fish",
        ));
    };
    shell.write_registration("COMPLETE", "bedrudctl", "bedrudctl", "bedrudctl", &mut script)?;
    printer.raw(&script)?;
    Ok(Exit::Done)
}
