//! Invitations to an account: a link that makes one account, for whoever has it or for one mail address.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{Accounts, administer::permitted, line_of, mail::send_invitation, rules};
use crate::{
    actor::Actor,
    error::{Error, Result},
    store::{
        Connection, Timestamp, audit,
        invitations::{self, Invitation},
    },
};

/// How long one serves unless somebody says otherwise.
const USUAL_HOURS: u32 = 72;
/// A year.
const MOST_HOURS: u32 = 8760;
/// Bytes of an id and of what proves it.
const ID: usize = 16;

/// An invitation and the secret of its link.
pub struct Invited {
    /// What is known about it.
    pub invitation: Invitation,
    /// What makes an account.
    pub token: String,
    /// Whether it still does.
    pub serves: bool,
    /// Whether it is on its way to its address.
    pub is_mailed: bool,
}

impl Accounts {
    /// Invites whoever has the link, or the holder of one mail address, who is sent it where this server sends mail; for 72
    /// hours unless told otherwise. `languages` are those of who invites.
    pub async fn invite(
        &self,
        actor: &Actor,
        email: Option<&str>,
        hours: Option<u32>,
        languages: &str,
    ) -> Result<Invited> {
        let beginning = permitted(actor, "invitation.create")?;
        let email = match email.map(str::trim).filter(|email| !email.is_empty()) {
            Some(email) => rules::mail(email).ok_or_else(rules::mail_invalid)?,
            None => String::new(),
        };
        let hours = hours.unwrap_or(USUAL_HOURS);
        if !(1..=MOST_HOURS).contains(&hours) {
            let s = format!("An invitation serves for 1 to {MOST_HOURS} hours.");
            return Err(Error::invalid("hours_invalid", s));
        }
        let now = Timestamp::now();
        let invitation = Invitation {
            id: Uuid::new_v4().to_string(),
            email,
            created_by: actor.label(),
            created_at: now,
            expires_at: now.plus_seconds(i64::from(hours) * 3600),
            used_at: None,
            used_by: String::new(),
            is_backed: true,
        };
        let line =
            audit::Line { target: invitation.id.clone(), detail: invitation.email.clone(), ..beginning };
        let (stored, mail, languages) = (invitation.clone(), self.0.mail.clone(), languages.to_owned());
        let made = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                invitations::insert(connection, &stored)?;
                if !stored.email.is_empty() {
                    send_invitation(&mail, connection, &stored.id, &stored.email, &languages)?;
                }
                audit::write(connection, &line)
            })
        });
        made.await?;
        let is_mailed = !invitation.email.is_empty() && self.0.mail.is_on();
        Ok(Invited { is_mailed, ..self.invited(invitation) })
    }

    /// The secret of an invitation that still serves, and until when it does.
    pub(super) async fn invitation_link(&self, id: &str) -> Result<Option<(String, Timestamp)>> {
        let wanted = id.to_owned();
        let found = self.0.store.run(move |connection| invitations::by_id(connection, &wanted)).await?;
        let invited = found.filter(serves).map(|one| self.invited(one));
        Ok(invited.map(|one| (one.token, one.invitation.expires_at)))
    }

    /// Invitations, newest first, used ones too; pages count from 1. And how many there are.
    pub async fn list_invitations(
        &self,
        actor: &Actor,
        page: i64,
        limit: i64,
    ) -> Result<(Vec<Invited>, i64)> {
        permitted(actor, "")?;
        let offset = (page - 1).saturating_mul(limit);
        let (found, total) = self.0.store.run(move |c| invitations::list(c, limit, offset)).await?;
        Ok((found.into_iter().map(|one| self.invited(one)).collect(), total))
    }

    /// Takes one back. An account that was made by it stays.
    pub async fn revoke_invitation(&self, actor: &Actor, id: &str) -> Result<()> {
        permitted(actor, "")?;
        let (line, id) = (line_of(actor, "invitation.revoke", id), id.to_owned());
        let revoked = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                if !invitations::delete(connection, &id)? {
                    return Err(Error::not_found("invitation"));
                }
                audit::write(connection, &line)
            })
        });
        revoked.await
    }

    fn invited(&self, invitation: Invitation) -> Invited {
        let token = self.invitation_token(&invitation.id);
        Invited { serves: serves(&invitation), invitation, token, is_mailed: false }
    }

    /// The id, and what only this server can say about it: by the newest key first.
    fn tokens_of(&self, id: &str) -> Vec<String> {
        let uuid = Uuid::parse_str(id).unwrap_or_default();
        let marks = self.0.signer.marks("invitation", id).into_iter();
        let bytes = marks.map(|mark| uuid.as_bytes().iter().chain(&mark).take(2 * ID).copied().collect());
        bytes.map(|bytes: Vec<u8>| BASE64_URL_SAFE_NO_PAD.encode(bytes)).collect()
    }

    /// The id that a token names, where it is of this server. Nothing is asked of the store.
    pub(super) fn invitation_in(&self, token: &str) -> Option<String> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        let id = Uuid::from_slice(bytes.get(..ID)?).ok()?.to_string();
        let is_given = |ours: &String| {
            aws_lc_rs::constant_time::verify_slices_are_equal(ours.as_bytes(), token.trim().as_bytes())
                .is_ok()
        };
        self.tokens_of(&id).iter().any(is_given).then_some(id)
    }

    /// The token of that id again, for whoever has shown it before.
    pub(super) fn invitation_token(&self, id: &str) -> String {
        self.tokens_of(id).into_iter().next().unwrap_or_default()
    }

    /// The id of the invitation that a token opens, where it still does for that mail address.
    pub(super) async fn invitation_of(&self, token: &str, email: &str) -> Result<Option<String>> {
        let Some(id) = self.invitation_in(token) else { return Ok(None) };
        let wanted = id.clone();
        let found = self.0.store.run(move |connection| invitations::by_id(connection, &wanted)).await?;
        let fits = |one: &Invitation| serves(one) && (one.email.is_empty() || one.email == email);
        Ok(found.filter(fits).map(|_| id))
    }
}

/// Whether one still makes an account for whom it is meant: not used, not over, and by somebody who may invite.
fn serves(one: &Invitation) -> bool {
    one.used_at.is_none() && one.expires_at > Timestamp::now() && one.is_backed
}

/// Uses an invitation up in the transaction that makes the account, so that a failed try leaves it as it was.
pub(super) fn serve(connection: &mut Connection, id: &str, email: &str, user_id: &str) -> Result<()> {
    if invitations::serve(connection, id, email, user_id, Timestamp::now())? {
        return Ok(());
    }
    let s = "Somebody else has just used this invitation. Ask for another one.";
    Err(Error::conflict("invitation_used", s))
}
