//! The secrets of links in mail: of one purpose, for some hours, for the account as it was when the letter was written. Their
//! hashes are kept where the questions to passkeys are.

use serde::{Deserialize, Serialize};

use crate::{
    accounts::{User, secret},
    error::{Error, Result},
    store::{
        Connection, Timestamp,
        challenges::{self, Challenge},
        digest_of, users,
    },
};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Reset,
    Verify,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Reset => "mail.reset",
            Purpose::Verify => "mail.verify",
        }
    }
}

/// The account as it was: what has changed since ends the link.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Then {
    email: String,
    password_changed_at: Option<i64>,
}

impl Then {
    fn of(user: &User, purpose: Purpose) -> Self {
        let changed = user.password_changed_at.filter(|_| purpose == Purpose::Reset);
        Self { email: user.email.clone().unwrap_or_default(), password_changed_at: changed.map(|at| at.0) }
    }
}

/// Makes a link's secret.
pub(super) fn make(
    connection: &mut Connection,
    purpose: Purpose,
    user: &User,
    expires_at: Timestamp,
) -> Result<String> {
    let token = secret::fresh();
    let state = serde_json::to_string(&Then::of(user, purpose)).map_err(Error::internal)?;
    let challenge = Challenge {
        id: digest_of(&token),
        purpose: purpose.name(),
        user_id: Some(user.id.clone()),
        state,
        expires_at,
    };
    challenges::insert(connection, &challenge)?;
    Ok(token)
}

/// Whose account the link is for, where it still is for it; a link that serves once is gone then.
pub(super) fn of(connection: &mut Connection, purpose: Purpose, token: &str) -> Result<Found> {
    let (id, now) = (digest_of(token.trim()), Timestamp::now());
    let found = match purpose {
        Purpose::Reset => challenges::take(connection, &id, purpose.name(), now)?,
        // who follows it twice shall hear that it is done
        Purpose::Verify => challenges::look(connection, &id, purpose.name(), now)?,
    };
    let Some((Some(user_id), state)) = found else { return Ok(Found::Nothing) };
    let then: Then = serde_json::from_str(&state).map_err(Error::internal)?;
    let user = users::by_id(connection, &user_id)?.filter(|user| Then::of(user, purpose) == then);
    Ok(user.map_or(Found::Another, |user| Found::User(Box::new(user))))
}

/// Whom a link is for.
pub(super) enum Found {
    /// It is none of ours, has served, or is over.
    Nothing,
    /// The account is gone, or has changed.
    Another,
    /// This one.
    User(Box<User>),
}
