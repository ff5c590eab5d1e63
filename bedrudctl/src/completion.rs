//! `bedrudctl completion bash|zsh|fish`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{
    failure::{Exit, Outcome},
    printer::Printer,
};

/// For which shell.
#[derive(Args)]
pub struct Completion {
    #[arg(value_parser = ["bash", "zsh", "fish"])]
    shell: String,
}

/// Prints the script that `Tool`'s arguments make.
pub fn print<Tool: CommandFactory>(wanted: &Completion, printer: Printer) -> Outcome {
    let shell = match wanted.shell.as_str() {
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        _ => Shell::Bash,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Tool::command(), "bedrudctl", &mut script);
    printer.raw(&script)?;
    Ok(Exit::Done)
}
