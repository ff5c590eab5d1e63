//! Hands one message over: to an SMTP server, or to a program of this machine.

use std::{error::Error as _, fs, path::Path, process::Stdio, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use crate::{
    config::{Mail, MailSecurity},
    error::{Error, Kind, Result},
};

/// How long one step of the talk with a server may take.
const STEP: Duration = Duration::from_secs(15);

/// The code of a failure that another try does not mend: who takes the mail says that there is nobody of that address.
pub(super) const REFUSED: &str = "mail_refused";
const NOT_SENT: &str = "mail_not_sent";

pub(super) async fn carry(section: &Mail, hello: &str, message: &Message, limit: Duration) -> Result<()> {
    let carried = async {
        match &section.sendmail {
            Some(program) => by_program(program, message).await,
            None => by_server(section, hello, message).await,
        }
    };
    let late = || not_sent(format!("It took longer than {} seconds.", limit.as_secs()));
    timeout(limit, carried).await.unwrap_or_else(|_| Err(late()))
}

fn not_sent(why: String) -> Error {
    Error::new(Kind::Unavailable, NOT_SENT, format!("The mail was not sent: {why}"))
}

async fn by_server(section: &Mail, hello: &str, message: &Message) -> Result<()> {
    let host = section.host.clone().unwrap_or_default();
    let (wanted, hello) = (section.clone(), hello.to_owned());
    // reads files: those of authorities, and the password
    let made = tokio::task::spawn_blocking(move || transport(&wanted, hello)).await;
    let transport = made.map_err(Error::internal)??;
    let sent = transport.send_raw(message.envelope(), &message.formatted()).await;
    sent.map(drop).map_err(|e| {
        let code = e.status().map_or(0, u16::from);
        // of the mailbox, its name, or the message; not of who may send (RFC 5321, 4.2.2)
        let code = if matches!(code, 550..=554) { REFUSED } else { NOT_SENT };
        let mut said = e.to_string();
        let mut cause = e.source();
        while let Some(e) = cause {
            let more = e.to_string();
            if !said.contains(&more) {
                said = format!("{said}: {more}");
            }
            cause = e.source();
        }
        Error { code, ..not_sent(format!("{host}, port {}: {said}", section.port())) }
    })
}

/// Made anew for every mail, so that files are read as they are, and nothing is kept of them. Blocking.
fn transport(section: &Mail, hello: String) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let host = section.host.clone().unwrap_or_default();
    let tls = match section.security {
        MailSecurity::None => Tls::None,
        MailSecurity::Starttls => Tls::Required(parameters(section, &host)?),
        MailSecurity::Tls => Tls::Wrapper(parameters(section, &host)?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(section.port())
        .hello_name(ClientId::Domain(hello))
        .timeout(Some(STEP))
        .tls(tls);
    if let Some(user) = &section.user {
        let password = match (&section.password, &section.password_file) {
            (Some(password), _) => password.clone(),
            (None, Some(file)) => read(file)?.trim_end_matches(['\r', '\n']).to_owned(),
            (None, None) => String::new(),
        };
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(builder.build())
}

fn parameters(section: &Mail, host: &str) -> Result<TlsParameters> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(file) = &section.root_file {
        let root = Certificate::from_pem(read(file)?.as_bytes());
        let wrong = |e| not_sent(format!("{} holds no certificate: {e}.", file.display()));
        builder = builder.add_root_certificate(root.map_err(wrong)?);
    }
    builder.build().map_err(|e| not_sent(e.to_string()))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|e| {
        not_sent(format!("{} cannot be read: {e}. Give it to the daemon's user.", file.display()))
    })
}

/// As sendmail(8) takes it: the message on its input, the addresses after `--`.
async fn by_program(program: &Path, message: &Message) -> Result<()> {
    let failed = |e: std::io::Error| not_sent(format!("{}: {e}", program.display()));
    let envelope = message.envelope();
    let mut command = Command::new(program);
    command.arg("-i");
    if let Some(from) = envelope.from() {
        command.arg("-f").arg(from);
    }
    command.arg("--").args(envelope.to().iter().map(ToString::to_string));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(failed)?;
    let mut input = child.stdin.take();
    let text = message.formatted();
    let fed = async move {
        if let Some(input) = &mut input {
            // a program that ends early says why by its exit
            input.write_all(&text).await.ok();
            input.shutdown().await.ok();
        }
    };
    let ((), ended) = tokio::join!(fed, child.wait_with_output());
    let ended = ended.map_err(failed)?;
    if ended.status.success() {
        return Ok(());
    }
    let said: String = String::from_utf8_lossy(&ended.stderr).chars().take(300).collect();
    Err(not_sent(format!("{} ended with {}: {}", program.display(), ended.status, said.trim())))
}
