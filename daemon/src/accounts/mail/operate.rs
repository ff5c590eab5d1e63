//! Mail on its way, for whoever looks after the server.

use crate::{
    accounts::{Accounts, administer::permitted, rules},
    actor::Actor,
    error::{Error, Result},
    limits::Rule,
    mail::{Language, Letter},
    store::{audit, mails},
};

impl Accounts {
    /// Who carries mail, the queue in figures, and the newest of it.
    pub async fn mail_queue(
        &self,
        actor: &Actor,
        limit: i64,
    ) -> Result<(String, mails::Figures, Vec<mails::Waiting>)> {
        permitted(actor, "")?;
        let (figures, newest) = self.0.mail.queue(limit).await?;
        Ok((self.0.mail.carrier(), figures, newest))
    }

    /// Has everything tried at once; says how much.
    pub async fn retry_mail(&self, actor: &Actor) -> Result<u64> {
        let line = permitted(actor, "mail.retry")?;
        self.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await?;
        self.0.mail.again().await
    }

    /// Sends one mail now. An error says what the mail server said.
    pub async fn test_mail(&self, actor: &Actor, to: &str, url: &str) -> Result<()> {
        let line = permitted(actor, "mail.test")?;
        if let Some(person) = actor.person() {
            self.0.limits.by_account(Rule::Auth, "mail-test", &person.id)?;
        }
        let s = "Give a valid mail address.";
        let to = rules::mail(to).ok_or_else(|| Error::invalid("mail_invalid", s))?;
        let line = audit::Line { target: to.clone(), ..line };
        self.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await?;
        let server = self.0.settings.get().await?.server_name.clone();
        let letter = Letter {
            to,
            language: Language::En,
            subject: format!("Test mail of {server}"),
            text: vec![format!("This is a test: the mail of {server} arrives.")],
            button: None,
            after: Vec::new(),
            footer: format!("Sent by {server} ({url}), since its administrator asked for it."),
            server,
        };
        self.0.mail.send(&letter).await
    }
}
