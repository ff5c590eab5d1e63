//! Accounts as an operator names them: by id, mail address, display name or unique beginning of an id.

use super::{Accounts, User, administer::permitted, rules};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    names,
    store::{Connection, users},
};

/// Candidates that an ambiguous name lists.
const CANDIDATES: i64 = 10;
/// Accounts that are looked through for whom somebody may have meant, the newest.
const LOOKED_THROUGH: i64 = 5000;
/// A shorter beginning of an id is none.
const SHORTEST_PREFIX: usize = 4;

impl Accounts {
    /// The one account, or guest by id, that is called `wanted`. Several of that name are a conflict that lists them.
    pub async fn find_user(&self, actor: &Actor, wanted: &str) -> Result<User> {
        permitted(actor, "")?;
        let wanted = wanted.trim().to_owned();
        self.0.store.run(move |connection| find(connection, &wanted)).await
    }
}

impl Accounts {
    /// The id of the account with that mail address, however it is spelled; `None` where there is none.
    pub async fn id_of_mail(&self, wanted: &str) -> Result<Option<String>> {
        let Some(mail) = rules::mail(wanted) else { return Ok(None) };
        let found = self.0.store.run(move |connection| users::by_email(connection, &mail)).await?;
        Ok(found.map(|user| user.id))
    }
}

fn find(connection: &mut Connection, wanted: &str) -> Result<User> {
    if let Some(mail) = rules::mail(wanted) {
        return match users::by_email(connection, &mail)? {
            Some(user) => Ok(user),
            None => Err(nobody(connection, wanted)?),
        };
    }
    if let Some(user) = users::by_id(connection, wanted)? {
        return Ok(user);
    }
    let mut found = users::by_name(connection, wanted, CANDIDATES)?;
    if found.is_empty() && wanted.len() >= SHORTEST_PREFIX {
        found = users::by_id_prefix(connection, wanted, CANDIDATES)?;
    }
    match found.len() {
        0 => Err(nobody(connection, wanted)?),
        1 => Ok(found.remove(0)),
        _ => {
            let called =
                |user: &User| format!("{} ({})", user.name, user.email.as_deref().unwrap_or(&user.id));
            let several: Vec<String> = found.iter().map(called).collect();
            let s = format!(
                "Several users match {wanted:?}: {}. Name one by mail address or id.",
                several.join(", ")
            );
            Err(Error::conflict("ambiguous", s).with("candidates", several))
        }
    }
}

/// 404 with those who may have been meant.
fn nobody(connection: &mut Connection, wanted: &str) -> Result<Error> {
    let known = users::called(connection, LOOKED_THROUGH)?;
    let known = known.iter().map(|(name, email)| {
        let before_at = email.split('@').next().unwrap_or_default();
        (format!("{name} ({email})"), vec![name.as_str(), email.as_str(), before_at])
    });
    let near = names::nearest(wanted, known);
    let s = format!("There is no user {wanted:?}.{}", names::did_you_mean(&near));
    Ok(Error::new(Kind::NotFound, "not_found", s).with("candidates", near))
}
