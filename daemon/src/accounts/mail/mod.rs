//! What this server writes to people, and the links in it: a new password, a mail address that is theirs, and what happened to
//! their account.

mod letters;
mod operate;
mod prove;
mod reset;
mod tokens;

use serde::{Deserialize, Serialize};

use super::{Origin, Session, User};
use crate::{
    error::{Error, Result},
    mail::{Language, Mail, Wanted},
    store::{Connection, Timestamp, sessions, users},
};

/// The letters there are, by their names in the queue.
pub(super) const RESET: &str = "reset";
pub(super) const VERIFY: &str = "verify";
const ADDRESS: &str = "address";
const PASSWORD: &str = "password";
const DEVICE: &str = "device";
const INVITATION: &str = "invitation";

/// What a letter needs to know beside its kind and its address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct About {
    /// Whose account it is about.
    user: String,
    /// The language it was asked for in, where the account has none of its own.
    language: Option<String>,
    /// The new mail address.
    mail: String,
    /// When it happened, in Unix milliseconds.
    at: i64,
    /// Where the device is.
    address: String,
    /// What the device says it is.
    device: String,
    /// The invitation.
    invitation: String,
}

impl About {
    fn by(origin: &Origin) -> Self {
        Self { at: Timestamp::now().0, language: wanted(&origin.languages), ..Self::default() }
    }

    fn of(user: &User) -> Self {
        Self { user: user.id.clone(), at: Timestamp::now().0, ..Self::default() }
    }

    fn letter(&self, kind: &'static str, key: &str, to: &str) -> Result<Wanted> {
        let payload = serde_json::to_string(self).map_err(Error::internal)?;
        Ok(Wanted { kind, key: key.to_owned(), to: to.to_owned(), payload })
    }
}

/// The tag of the language that somebody wants, where there is one of it.
pub(super) fn wanted(languages: &str) -> Option<String> {
    Language::of(languages).map(|language| language.tag().to_owned())
}

/// Leaves a letter by which somebody proves that the mail address is theirs. Whether there is such an account is asked when it
/// is written.
pub(super) fn ask_to_verify(
    mail: &Mail,
    connection: &mut Connection,
    email: &str,
    origin: &Origin,
) -> Result<()> {
    mail.leave(connection, &About::by(origin).letter(VERIFY, email, email)?)
}

/// Tells the address that the account had before.
pub(super) fn tell_of_address(
    mail: &Mail,
    connection: &mut Connection,
    before: &User,
    now: &str,
) -> Result<()> {
    let Some(old) = &before.email else { return Ok(()) };
    let about = About { mail: now.to_owned(), ..About::of(before) };
    mail.leave(connection, &about.letter(ADDRESS, &before.id, old)?)
}

/// Tells that the password has changed.
pub(super) fn tell_of_password(mail: &Mail, connection: &mut Connection, user: &User) -> Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    mail.leave(connection, &About::of(user).letter(PASSWORD, &user.id, email)?)
}

/// Tells of a sign-in by a device that was never seen: none of the account's sessions was of this cookie, or of this address and
/// program. The first session of an account is no news. Before the session is stored.
pub(super) fn tell_of_device(
    mail: &Mail,
    connection: &mut Connection,
    user: &User,
    session: &Session,
    cookie_of: Option<&str>,
) -> Result<()> {
    let Some(email) = user.email.as_ref().filter(|_| mail.is_on()) else { return Ok(()) };
    if !sessions::is_new_device(connection, &user.id, cookie_of, &session.address, &session.agent)? {
        return Ok(());
    }
    let about = About { address: session.address.clone(), device: session.agent.clone(), ..About::of(user) };
    mail.leave(connection, &about.letter(DEVICE, &session.id, email)?)
}

/// Sends an invitation to the address that it is for.
pub(super) fn send_invitation(
    mail: &Mail,
    connection: &mut Connection,
    id: &str,
    email: &str,
    languages: &str,
) -> Result<()> {
    let about = About { invitation: id.to_owned(), language: wanted(languages), ..About::default() };
    mail.leave(connection, &about.letter(INVITATION, id, email)?)
}

/// The language of somebody: as they chose, else as was asked for.
fn language_of(connection: &mut Connection, about: &About, user_id: &str) -> Result<Language> {
    let preferences = users::preferences(connection, user_id)?.unwrap_or_default();
    let chosen = serde_json::from_str::<serde_json::Value>(&preferences).ok();
    let chosen = chosen.as_ref().and_then(|all| all.get("language")?.as_str()).and_then(Language::of);
    Ok(chosen.or_else(|| Language::of(about.language.as_deref()?)).unwrap_or_default())
}
