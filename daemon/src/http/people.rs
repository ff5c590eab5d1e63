//! How people look on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{accounts, store::Timestamp};

/// A person, to themselves and to administrators.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    id: String,
    /// Empty for guests.
    email: String,
    name: String,
    /// `local`, `guest`, or the id of the provider by which the account was made.
    provider: String,
    /// Empty without a picture.
    avatar_url: String,
    accesses: &'static [&'static str],
    is_active: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    password_changed_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<&accounts::User> for User {
    fn from(user: &accounts::User) -> Self {
        Self {
            id: user.id.clone(),
            email: user.email.clone().unwrap_or_default(),
            name: user.name.clone(),
            provider: user.provider.clone(),
            avatar_url: user.avatar_url.clone(),
            accesses: user.role.accesses(),
            is_active: user.is_active,
            email_verified_at: user.email_verified_at,
            password_changed_at: user.password_changed_at,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// The two tokens of a session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    access_token: String,
    refresh_token: String,
}

impl From<&accounts::Tokens> for Tokens {
    fn from(tokens: &accounts::Tokens) -> Self {
        Self { access_token: tokens.access.clone(), refresh_token: tokens.refresh.clone() }
    }
}

/// Somebody who has just signed in. The same tokens come as cookies.
#[derive(Serialize, ToSchema)]
pub(super) struct Login {
    user: User,
    tokens: Tokens,
}

impl From<&accounts::Login> for Login {
    fn from(login: &accounts::Login) -> Self {
        Self { user: login.user.as_ref().into(), tokens: (&login.tokens).into() }
    }
}
