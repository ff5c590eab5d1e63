//! What administrators ask of a list of accounts, in the words of the query.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    actor::Role,
    door::{USUAL_PAGE, page},
    error::{Error, Result},
    store::{
        Timestamp,
        search::{Order, Wanted},
    },
};

const DAY_SECONDS: i64 = 86_400;

/// Which accounts; `all` and nothing are the same.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UserQuery {
    /// What name or mail address contain.
    q: String,
    /// `local` or `guest`.
    provider: String,
    /// `superadmin`, `user` or `guest`.
    role: String,
    /// `active` or `disabled`.
    status: String,
    /// `true` or `false`: whether the mail address is proven.
    verified: String,
    /// Made within so many days: `7d`; also `today`, `week` and `month`.
    created: String,
    /// `created`, `name` or `email`.
    sort: String,
    /// `asc` or `desc`.
    order: String,
    /// Counted from 1.
    page: Option<u32>,
    /// 50 unless told otherwise, at most 1000.
    limit: Option<u32>,
}

impl UserQuery {
    /// Page and length, within their bounds.
    pub(super) fn bounds(&self) -> (i64, i64) {
        page(self.page, self.limit, USUAL_PAGE)
    }

    /// The same as the store has it.
    pub(super) fn wanted(&self) -> Result<Wanted> {
        Ok(Wanted {
            text: self.q.trim().to_owned(),
            provider: given(&self.provider).map(str::to_owned),
            role: given(&self.role).map(role_of).transpose()?,
            is_active: match given(&self.status) {
                None => None,
                Some("active") => Some(true),
                Some("disabled" | "inactive" | "banned" | "deactivated") => Some(false),
                Some(_) => return Err(unknown("status", "active or disabled")),
            },
            is_verified: match given(&self.verified) {
                None => None,
                Some("true" | "verified" | "yes" | "1") => Some(true),
                Some("false" | "unverified" | "no" | "0") => Some(false),
                Some(_) => return Err(unknown("verified", "true or false")),
            },
            since: given(&self.created).map(since).transpose()?,
            order: match given(&self.sort) {
                None | Some("created" | "createdAt" | "created_at") => Order::Created,
                Some("name") => Order::Name,
                Some("email" | "mail") => Order::Email,
                Some(_) => return Err(unknown("sort", "created, name or email")),
            },
            is_ascending: match given(&self.order) {
                None | Some("desc") => false,
                Some("asc") => true,
                Some(_) => return Err(unknown("order", "asc or desc")),
            },
        })
    }
}

/// The role that a word of the wire contract means.
pub(super) fn role_of(access: &str) -> Result<Role> {
    match access {
        "superadmin" | "admin" => Ok(Role::Admin),
        "user" | "moderator" => Ok(Role::User),
        "guest" => Ok(Role::Guest),
        _ => Err(Error::invalid("role_invalid", "An account has the role superadmin or user.")),
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty() && *text != "all")
}

fn since(text: &str) -> Result<Timestamp> {
    let days = match text {
        "today" => Some(1),
        "week" => Some(7),
        "month" => Some(30),
        _ => text.strip_suffix('d').and_then(|days| days.parse::<u16>().ok()).map(i64::from),
    };
    let days = days.ok_or_else(|| unknown("created", "today, week, month or a number of days such as 7d"))?;
    Ok(Timestamp::now().plus_seconds(-days * DAY_SECONDS))
}

fn unknown(name: &str, known: &str) -> Error {
    Error::invalid("query_invalid", format!("{name} is {known}."))
}
