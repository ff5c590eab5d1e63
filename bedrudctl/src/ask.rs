//! Questions to the person at the terminal: a yes, a password. Never asked of a pipe.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;

use crate::{
    failure::{Exit, Failure, Outcome},
    printer::printable,
};

/// Of verbs that change something.
#[derive(Args)]
pub struct Change {
    /// Say what would change, and change nothing (exit code 7)
    #[arg(long)]
    pub dry_run: bool,
}

/// Of verbs that destroy something.
#[derive(Args)]
pub struct Destroy {
    /// Say what would change, and change nothing (exit code 7)
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

/// How a verb comes by a password.
#[derive(Args)]
pub struct Password {
    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Make one up and show it once
    #[arg(long, conflicts_with = "password_stdin")]
    pub generate_password: bool,
}

impl Destroy {
    /// Goes on only after a yes to `question`, which names the effect.
    pub fn confirm(&self, question: &str) -> Outcome<()> {
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            return Err(Failure::usage("yes_missing", question, "Without a terminal to ask, add --yes."));
        }
        write!(io::stderr(), "{} Type yes to go on: ", printable(question))?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        if answer.trim().eq_ignore_ascii_case("yes") {
            return Ok(());
        }
        Err(Failure::new(Exit::Failed, "not_confirmed", "Nothing was changed."))
    }
}

impl Password {
    /// From standard input, or asked for twice without echo; `None` leaves it to the daemon to make one up.
    pub fn choose(&self) -> Outcome<Option<String>> {
        if self.generate_password {
            return Ok(None);
        }
        if self.password_stdin { from_stdin() } else { asked() }.map(Some)
    }
}

fn from_stdin() -> Outcome<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::usage("password_missing", "Standard input was empty.", "Pipe the password in."));
    }
    Ok(password.to_owned())
}

fn asked() -> Outcome<String> {
    if !io::stdin().is_terminal() {
        let hint = "Without a terminal to ask, add --password-stdin or --generate-password.";
        return Err(Failure::usage("password_missing", "A password is needed.", hint));
    }
    let first = rpassword::prompt_password("Password: ")?;
    if first != rpassword::prompt_password("Again: ")? {
        return Err(Failure::new(Exit::Failed, "passwords_differ", "The two passwords differ. Try again."));
    }
    Ok(first)
}
