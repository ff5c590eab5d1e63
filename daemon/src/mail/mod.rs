//! Mail: waits in the store, is carried by an SMTP server or a program of this machine, again when that failed. What a letter
//! says, and to whom, is decided elsewhere.

mod carry;
mod language;
mod letter;
mod queue;
mod words;

pub use language::Language;
pub use letter::{Button, Letter};

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;

use crate::{
    config::{Mail as Section, MailSecurity},
    error::{Error, Kind, Result},
    store::{Connection, Store, mails},
};

/// How long somebody waits to see a letter leave.
const WATCHED: Duration = Duration::from_secs(9);
/// Mails that may wait at a time.
const MOST: i64 = 10_000;

/// A mail to be written and sent.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it is about.
    pub kind: &'static str,
    /// Of a kind, one waits for each of these.
    pub key: String,
    /// The mail address it goes to.
    pub to: String,
    /// What the letter needs to know, as JSON; no secret, since it may lie in a queue for hours.
    pub payload: String,
}

/// The mail of this server. Cheap to clone.
#[derive(Clone)]
pub struct Mail(Arc<Inner>);

struct Inner {
    store: Store,
    section: ArcSwap<Section>,
    hello: String,
    /// As counted by the last look at the queue, and left since.
    waiting: AtomicI64,
}

impl Mail {
    /// `host` is what this server calls itself.
    pub fn new(store: Store, section: Section, host: Option<&str>) -> Self {
        let hello = host.unwrap_or("localhost").to_owned();
        let section = ArcSwap::from_pointee(section);
        Self(Arc::new(Inner { store, section, hello, waiting: AtomicI64::new(0) }))
    }

    /// Has somebody else carry it from now on.
    pub fn change(&self, section: Section) {
        self.0.section.store(Arc::new(section));
    }

    /// Whether anybody carries mail.
    pub fn is_on(&self) -> bool {
        self.0.section.load().is_on()
    }

    /// By whom it is carried, for people; empty where nobody is.
    pub fn carrier(&self) -> String {
        let section = self.0.section.load();
        match (&section.host, &section.sendmail) {
            (Some(host), _) => {
                let security = match section.security {
                    MailSecurity::Starttls => "starttls",
                    MailSecurity::Tls => "tls",
                    MailSecurity::None => "no encryption",
                };
                format!("{host}, port {}, {security}", section.port())
            }
            (None, Some(program)) => program.display().to_string(),
            (None, None) => String::new(),
        }
    }

    /// Refuses where a mail could not be left: nobody carries any, or too much waits already.
    pub fn must_take(&self) -> Result<()> {
        if !self.is_on() {
            let s = "This server sends no mail. Ask its administrator.";
            return Err(Error::forbidden("mail_off", s));
        }
        if self.0.waiting.load(Ordering::Relaxed) >= MOST {
            let s = "Too much mail waits already. Try again later, or ask the server's administrator.";
            return Err(Error::new(Kind::Unavailable, "mail_queue_full", s));
        }
        Ok(())
    }

    /// Leaves a mail to be sent when the transaction is committed, where [`Self::must_take`] refuses nothing. Nobody waits for it.
    pub fn leave(&self, connection: &mut Connection, wanted: &Wanted) -> Result<()> {
        if self.must_take().is_err() {
            return Ok(());
        }
        self.0.waiting.fetch_add(1, Ordering::Relaxed);
        mails::leave(connection, wanted.kind, &wanted.key, &wanted.to, &wanted.payload)
    }

    /// Sends a letter now, while somebody waits; what is wrong is an error that says what the other side said.
    pub async fn send(&self, letter: &Letter) -> Result<()> {
        self.send_within(WATCHED, &uuid::Uuid::new_v4().to_string(), letter).await
    }

    async fn send_within(&self, limit: Duration, id: &str, letter: &Letter) -> Result<()> {
        if !self.is_on() {
            let s = "No mail is sent: set mail.host (or mail.sendmail) and mail.from, then: systemctl reload bedrud";
            return Err(Error::conflict("mail_off", s));
        }
        let section = self.0.section.load_full();
        let from = section.from.clone().unwrap_or_default();
        let message = letter.message(&from, id)?;
        carry::carry(&section, &self.0.hello, &message, limit).await
    }

    /// What waits, in figures, and the newest of it.
    pub async fn queue(&self, limit: i64) -> Result<(mails::Figures, Vec<mails::Waiting>)> {
        self.0.store.run(move |c| Ok((mails::figures(c)?, mails::list(c, limit)?))).await
    }

    /// Has everything tried at once; says how much.
    pub async fn again(&self) -> Result<u64> {
        self.0.store.run(mails::again).await
    }
}
