//! The `mail` section: who carries our mail, and what makes no sense of it.

use std::{path::PathBuf, str::FromStr};

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

use super::{Problems, host};

/// Who carries our mail: an SMTP server, or a program of this machine; nobody where neither is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Mail {
    /// The SMTP server.
    pub host: Option<String>,
    /// Its port; without it 587, with `security: tls` 465, with `security: none` 25.
    pub port: Option<u16>,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// The account there.
    pub user: Option<String>,
    /// Its password in the file itself; `passwordFile` is better.
    pub password: Option<String>,
    /// File that holds the password; read for every mail.
    pub password_file: Option<PathBuf>,
    /// PEM of whom to believe that it is the server, beside those this machine trusts.
    pub root_file: Option<PathBuf>,
    /// Who writes, such as `Bedrud <bedrud@example.org>`.
    pub from: Option<String>,
    /// A program that takes a message as sendmail(8) does, instead of a server.
    pub sendmail: Option<PathBuf>,
}

/// How a connection to an SMTP server is kept private, a closed set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Begins in the clear, and is encrypted before anything is said; refused where the server cannot (RFC 3207).
    #[default]
    Starttls,
    /// Encrypted from its first byte (RFC 8314).
    Tls,
    /// Not at all: for a server on this machine.
    None,
}

impl Mail {
    /// Whether anybody carries mail.
    pub fn is_on(&self) -> bool {
        self.host.is_some() || self.sendmail.is_some()
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            MailSecurity::Starttls => 587,
            MailSecurity::Tls => 465,
            MailSecurity::None => 25,
        })
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let bad = "invalid_value";
        if self.host.is_some() && self.sendmail.is_some() {
            let s = "Give a server (mail.host) or a program (mail.sendmail), not both.";
            problems.add(bad, "mail.sendmail", s);
        }
        if self.host.as_deref().is_some_and(|name| host::canonical(name).is_err()) {
            problems.add(bad, "mail.host", "Give a host name or an address, such as smtp.example.org.");
        }
        if self.port == Some(0) {
            problems.add(bad, "mail.port", "Give the port of the SMTP server, such as 587.");
        }
        match self.from.as_deref().map(Mailbox::from_str) {
            None if self.is_on() => {
                let s = "Say who writes, such as Bedrud <bedrud@example.org>.";
                problems.add("missing_value", "mail.from", s);
            }
            Some(Err(_)) => {
                let s = "Give one mail address, with or without a name: Bedrud <bedrud@example.org>.";
                problems.add(bad, "mail.from", s);
            }
            _ => {}
        }
        let files = [
            ("mail.passwordFile", &self.password_file),
            ("mail.rootFile", &self.root_file),
            ("mail.sendmail", &self.sendmail),
        ];
        for (key, file) in files {
            if file.as_deref().is_some_and(|file| !file.is_absolute()) {
                problems.add(bad, key, "Give an absolute path.");
            }
        }
        self.check_account(problems);
    }

    fn check_account(&self, problems: &mut Problems) {
        let has_password = self.password.is_some() || self.password_file.is_some();
        if self.password.is_some() && self.password_file.is_some() {
            let s = "Give the password (mail.password) or its file (mail.passwordFile), not both.";
            problems.add("invalid_value", "mail.passwordFile", s);
        }
        if self.user.is_some() != has_password {
            let s = "An account (mail.user) and its password (mail.passwordFile) go together. Give both, or neither.";
            problems.add("missing_value", if has_password { "mail.user" } else { "mail.passwordFile" }, s);
        }
        let is_local = ["localhost", "127.0.0.1", "::1"].contains(&self.host.as_deref().unwrap_or_default());
        if self.security == MailSecurity::None && self.user.is_some() && !is_local {
            let s = "The password would go over the network in the clear. Use starttls or tls.";
            problems.add("password_in_the_clear", "mail.security", s);
        }
    }
}
