//! Writes the letters, when it is their turn: for the account as it is by then.

use super::{
    ADDRESS, About, DEVICE, INVITATION, PASSWORD, RESET, VERIFY, language_of, reset::may_reset, tokens,
    tokens::Purpose,
};
use crate::{
    accounts::{Accounts, User},
    error::Result,
    mail::{Button, Language, Letter},
    store::{Connection, Timestamp, mails::Waiting, users},
};

/// What a letter says, before its places are filled in.
struct Draft {
    subject: &'static str,
    text: &'static str,
    button: Option<(&'static str, String)>,
    after: &'static str,
    until: Timestamp,
}

impl Accounts {
    /// The letter for what waits; `None` where nobody needs it: there is no such account, or it is done already. `url` is where
    /// people come.
    pub async fn letter(&self, waiting: &Waiting, url: &str) -> Result<Option<Letter>> {
        let about: About = serde_json::from_str(&waiting.payload).unwrap_or_default();
        if waiting.kind == INVITATION {
            return self.invitation_letter(waiting, &about, url).await;
        }
        let (accounts, asked, site) = (self.clone(), waiting.clone(), url.to_owned());
        let known = about.clone();
        let drafted = self.0.store.run(move |connection| {
            connection.transaction(|connection| accounts.draft(connection, &asked, &known, &site))
        });
        let Some((language, draft)) = drafted.await? else { return Ok(None) };
        self.written(waiting, &about, language, draft, url).await.map(Some)
    }

    fn draft(
        &self,
        connection: &mut Connection,
        waiting: &Waiting,
        about: &About,
        url: &str,
    ) -> Result<Option<(Language, Draft)>> {
        let user = match waiting.kind.as_str() {
            RESET => users::by_email(connection, &waiting.recipient)?.filter(may_reset),
            VERIFY => users::by_email(connection, &waiting.recipient)?.filter(is_unproven),
            _ => users::by_id(connection, &about.user)?,
        };
        let Some(user) = user else { return Ok(None) };
        let language = language_of(connection, about, &user.id)?;
        let words = language.words();
        let notice = |subject, text| Draft {
            subject,
            text,
            button: None,
            after: words.not_you,
            until: Timestamp::now(),
        };
        let draft = match waiting.kind.as_str() {
            RESET => {
                let until = self.reset_until();
                let token = tokens::make(connection, Purpose::Reset, &user, until)?;
                Draft {
                    button: Some((words.reset_button, format!("{url}/reset#{token}"))),
                    after: words.reset_after,
                    until,
                    ..notice(words.reset_subject, words.reset_text)
                }
            }
            VERIFY => {
                let until = self.verify_until();
                let token = tokens::make(connection, Purpose::Verify, &user, until)?;
                Draft {
                    button: Some((words.verify_button, format!("{url}/verify#{token}"))),
                    after: words.verify_after,
                    until,
                    ..notice(words.verify_subject, words.verify_text)
                }
            }
            ADDRESS => notice(words.address_subject, words.address_text),
            PASSWORD => notice(words.password_subject, words.password_text),
            DEVICE => Draft {
                button: Some((words.device_button, format!("{url}/settings"))),
                ..notice(words.device_subject, words.device_text)
            },
            // of another version of the program
            _ => return Ok(None),
        };
        Ok(Some((language, draft)))
    }

    async fn invitation_letter(&self, waiting: &Waiting, about: &About, url: &str) -> Result<Option<Letter>> {
        let Some((token, until)) = self.invitation_link(&about.invitation).await? else { return Ok(None) };
        let language = about.language.as_deref().and_then(Language::of).unwrap_or_default();
        let words = language.words();
        let draft = Draft {
            subject: words.invitation_subject,
            text: words.invitation_text,
            button: Some((words.invitation_button, format!("{url}/signup#{token}"))),
            after: words.invitation_after,
            until,
        };
        self.written(waiting, about, language, draft, url).await.map(Some)
    }

    async fn written(
        &self,
        waiting: &Waiting,
        about: &About,
        language: Language,
        draft: Draft,
        url: &str,
    ) -> Result<Letter> {
        let server = self.0.settings.get().await?.server_name.clone();
        let words = language.words();
        let (until, at) = (moment(draft.until), moment(Timestamp(about.at)));
        let fill = |text: &str| {
            text.replace("{server}", &server)
                .replace("{url}", url)
                .replace("{until}", &until)
                .replace("{at}", &at)
                .replace("{mail}", &about.mail)
                .replace("{address}", &about.address)
                .replace("{device}", &about.device)
        };
        let button = draft.button.map(|(label, link)| Button {
            label: fill(label),
            link,
            hint: words.hint.to_owned(),
        });
        Ok(Letter {
            to: waiting.recipient.clone(),
            language,
            subject: fill(draft.subject),
            text: vec![fill(draft.text)],
            button,
            after: vec![fill(draft.after)],
            footer: fill(words.footer),
            server,
        })
    }
}

fn is_unproven(user: &User) -> bool {
    user.is_active && user.email_verified_at.is_none()
}

/// As people of every language read it: `2026-11-21 15:04 UTC`.
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} {} UTC", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}
