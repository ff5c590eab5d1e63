//! Table `users` as administrators look through it: by any of what is known, in any order, a page at a time.

use crate::{
    actor::Role,
    error::Result,
    names::folded,
    store::{
        Connection, Param, Timestamp,
        users::{self, User, containing},
    },
};

/// By what a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// When the account was made.
    #[default]
    Created,
    /// What people are called.
    Name,
    /// The mail address.
    Email,
}

/// Which accounts are wanted; what is missing does not matter.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What name or mail address contain.
    pub text: String,
    /// `local` or `guest`.
    pub provider: Option<String>,
    /// Guests are listed only where they are asked for.
    pub role: Option<Role>,
    /// Whether they may come in.
    pub is_active: Option<bool>,
    /// Whether the mail address is proven.
    pub is_verified: Option<bool>,
    /// Made then or later.
    pub since: Option<Timestamp>,
    /// By what they are ordered.
    pub order: Order,
    /// From the smallest on, or the oldest.
    pub is_ascending: bool,
}

/// The accounts on one page, and how many there are on all of them.
pub fn find(
    connection: &mut Connection,
    wanted: &Wanted,
    limit: i64,
    offset: i64,
) -> Result<(Vec<User>, i64)> {
    let pattern = containing(&folded(&wanted.text));
    let mut params: Vec<&dyn Param> = Vec::new();
    let mut conditions = Vec::new();
    let asks_for_guests = wanted.role == Some(Role::Guest) || wanted.provider.as_deref() == Some("guest");
    conditions.push(if asks_for_guests { "u.role = 'guest'" } else { "u.role <> 'guest'" }.to_owned());
    if !wanted.text.is_empty() {
        params.push(&pattern);
        let n = params.len();
        conditions.push(format!("(u.name_folded LIKE ${n} ESCAPE '\\' OR u.email LIKE ${n} ESCAPE '\\')"));
    }
    if let Some(provider) = &wanted.provider {
        params.push(provider);
        conditions.push(format!("u.provider = ${}", params.len()));
    }
    if let Some(role) = &wanted.role {
        params.push(role);
        conditions.push(format!("u.role = ${}", params.len()));
    }
    if let Some(is_active) = &wanted.is_active {
        params.push(is_active);
        conditions.push(format!("u.is_active = ${}", params.len()));
    }
    if let Some(since) = &wanted.since {
        params.push(since);
        conditions.push(format!("u.created_at >= ${}", params.len()));
    }
    match wanted.is_verified {
        Some(true) => conditions.push("u.email_verified_at IS NOT NULL".to_owned()),
        Some(false) => conditions.push("u.email_verified_at IS NULL".to_owned()),
        None => {}
    }
    let filter = conditions.join(" AND ");
    let direction = if wanted.is_ascending { "ASC" } else { "DESC" };
    let column = match wanted.order {
        Order::Created => "u.created_at",
        Order::Name => "u.name_folded",
        Order::Email => "u.email",
    };
    let total = format!("SELECT count(*) FROM users u WHERE {filter}");
    let total = connection.first(&total, &params, |row| row.get(0))?.unwrap_or(0);
    let (limited, skipped) = (params.len() + 1, params.len() + 2);
    let sql = format!(
        "SELECT {} FROM users u WHERE {filter} ORDER BY {column} {direction}, u.id {direction}
          LIMIT ${limited} OFFSET ${skipped}",
        users::COLUMNS
    );
    params.extend([&limit as &dyn Param, &offset as &dyn Param]);
    let found = connection.query(&sql, &params, |row| users::read(&row))?;
    Ok((found, total))
}
