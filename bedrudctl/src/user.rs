//! `bedrudctl user`: accounts. A user is named by display name, mail address, id or unique prefix of it.

use bedrud_control::{
    Deletion, NewPassword, NewRole, NewStatus, NewUser, PageQuery, ResetLink, Sessions, User, Users,
    WithPassword,
};
use clap::{Args, Subcommand, ValueEnum};
use http::Method;
use serde::Serialize;
use serde_json::Value;

use crate::{
    ask::{Change, Destroy, Password},
    client::Client,
    failure::{Exit, Outcome},
    path::{asking, changing, path},
    printer::{Printer, facts, moment, table, yes},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Make an account
    Add(Add),
    /// List accounts, newest first
    List(List),
    /// Show one account
    Show {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
    },
    /// Set a password; ends every session and removes every passkey
    Passwd {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        /// Leave the passkeys: nobody but the user had the account
        #[arg(long)]
        keep_passkeys: bool,
        #[command(flatten)]
        password: Password,
        #[command(flatten)]
        change: Change,
    },
    /// Print a link by which somebody sets a new password once, to be handed to them
    ResetLink {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        #[command(flatten)]
        change: Change,
    },
    /// Take your word that somebody's mail address is theirs
    Verify {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        #[command(flatten)]
        change: Change,
    },
    /// Make an administrator of somebody, or a plain user again
    Role {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        role: Role,
        #[command(flatten)]
        change: Change,
    },
    /// Keep somebody out, at once
    Disable {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        #[command(flatten)]
        change: Change,
    },
    /// Let somebody in again
    Enable {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        #[command(flatten)]
        change: Change,
    },
    /// Delete an account
    Delete {
        /// Name, mail address or id
        #[arg(add = crate::names::users())]
        user: String,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// List somebody's devices, or end their sessions
    Sessions(OfSessions),
}

/// A new account.
#[derive(Args)]
pub struct Add {
    /// Mail address
    email: String,
    /// Display name; else what stands before the @
    #[arg(long)]
    name: Option<String>,
    /// Administers the server
    #[arg(long)]
    admin: bool,
    #[command(flatten)]
    password: Password,
    #[command(flatten)]
    change: Change,
}

/// Which accounts.
#[derive(Args)]
pub struct List {
    /// Only those with this in their name or mail address
    query: Option<String>,
    /// Counted from 1
    #[arg(long)]
    page: Option<u32>,
    /// The most to list [default: 50]
    #[arg(long)]
    limit: Option<u32>,
}

/// What an account may do on the whole server.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Role {
    /// Administers the server
    Admin,
    /// Has an account
    User,
}

/// Whose sessions, and whether they end.
#[derive(Args)]
pub struct OfSessions {
    /// Name, mail address or id
    #[arg(add = crate::names::users())]
    user: String,
    /// End this one
    #[arg(long, value_name = "ID")]
    end: Option<String>,
    /// End all of them
    #[arg(long, conflicts_with = "end")]
    end_all: bool,
    #[command(flatten)]
    change: Change,
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    let desk = Desk { client, printer };
    match verb {
        Verb::Add(new) => desk.add(new).await,
        Verb::List(wanted) => desk.list(wanted).await,
        Verb::Show { user } => desk.show(&user).await,
        Verb::Passwd { user, keep_passkeys, password, change } => {
            desk.passwd(&user, keep_passkeys, &password, &change).await
        }
        Verb::ResetLink { user, change } => desk.reset_link(&user, &change).await,
        Verb::Verify { user, change } => {
            let is_so = |user: &User| user.email_verified_at.is_some();
            desk.put(
                &user,
                "verified",
                &Value::Null,
                &change,
                is_so,
                "counts as the owner of that mail address",
            )
            .await
        }
        Verb::Role { user, role, change } => {
            let (name, sentence) = match role {
                Role::Admin => ("admin", "is an administrator now"),
                Role::User => ("user", "is a plain user now"),
            };
            let is_so = |u: &User| u.is_admin() == matches!(role, Role::Admin);
            let body = NewRole { role: name.to_owned() };
            desk.put(&user, "role", &body, &change, is_so, sentence).await
        }
        Verb::Disable { user, change } => {
            let body = NewStatus { active: false };
            desk.put(&user, "status", &body, &change, |u| !u.is_active, "is disabled").await
        }
        Verb::Enable { user, change } => {
            let body = NewStatus { active: true };
            desk.put(&user, "status", &body, &change, |u| u.is_active, "is enabled").await
        }
        Verb::Delete { user, destroy } => desk.delete(&user, &destroy).await,
        Verb::Sessions(wanted) => desk.sessions(&wanted).await,
    }
}

struct Desk<'a> {
    client: &'a Client,
    printer: Printer,
}

impl Desk<'_> {
    async fn add(&self, new: Add) -> Outcome {
        let before_at = || new.email.split('@').next().unwrap_or_default().to_owned();
        let name = new.name.unwrap_or_else(before_at);
        if new.change.dry_run {
            return self.printer.would(&format!("Would make an account for {name} ({}).", new.email));
        }
        let password = new.password.choose()?;
        let body = NewUser { email: new.email, name, password, admin: new.admin };
        let made = self.client.change(Method::POST, &path(["users"]), &body).await?;
        self.told(&made, "has an account now")
    }

    async fn passwd(&self, user: &str, keep_passkeys: bool, password: &Password, change: &Change) -> Outcome {
        let found: User = self.client.get(&path(["users", user])).await?;
        if change.dry_run {
            let and = if keep_passkeys { "" } else { " and remove their passkeys" };
            let s = format!("Would set the password of {}, end their sessions{and}.", called(&found));
            return self.printer.would(&s);
        }
        let body = NewPassword { password: password.choose()?, keep_passkeys };
        let at = path(["users", &found.id, "password"]);
        let set: WithPassword = self.client.change(Method::PUT, &at, &body).await?;
        let gone = match set.passkeys_removed {
            0 => String::new(),
            1 => ", and 1 passkey is removed".to_owned(),
            many => format!(", and {many} passkeys are removed"),
        };
        self.told(&set, &format!("has a new password; every session ended{gone}"))
    }

    fn told(&self, account: &WithPassword, sentence: &str) -> Outcome {
        self.printer.result(account, |told| {
            let first = format!("{} {sentence}.", called(&told.user));
            match &told.password {
                Some(password) => format!("{first}\nPassword, shown this once: {password}"),
                None => first,
            }
        })?;
        Ok(Exit::Done)
    }

    async fn list(&self, wanted: List) -> Outcome {
        let query = PageQuery { q: wanted.query.unwrap_or_default(), page: wanted.page, limit: wanted.limit };
        let users: Users = self.client.get(&asking(["users"], &query)?).await?;
        self.printer.result(&users, |list| {
            let rows = list.users.iter().map(|u| {
                let role = if u.is_admin() { "admin" } else { "user" };
                [
                    u.name.clone(),
                    u.email.clone(),
                    role.to_owned(),
                    yes(u.is_active),
                    moment(&u.created_at),
                    u.id.clone(),
                ]
            });
            table(["NAME", "MAIL", "ROLE", "ACTIVE", "SINCE", "ID"], rows)
        })?;
        self.printer.rest(users.users.len(), users.total);
        Ok(Exit::Done)
    }

    async fn show(&self, user: &str) -> Outcome {
        let user: User = self.client.get(&path(["users", user])).await?;
        self.printer.result(&user, |u| {
            facts([
                ("name", u.name.clone()),
                ("mail", u.email.clone()),
                ("role", (if u.is_admin() { "admin" } else { "user" }).to_owned()),
                ("active", yes(u.is_active)),
                ("id", u.id.clone()),
                ("provider", u.provider.clone()),
                ("since", moment(&u.created_at)),
                ("password set", u.password_changed_at.as_deref().map(moment).unwrap_or_default()),
            ])
        })?;
        Ok(Exit::Done)
    }

    async fn reset_link(&self, user: &str, change: &Change) -> Outcome {
        if change.dry_run {
            return self.printer.would(&format!("Would make a link by which {user} sets a new password."));
        }
        let at = path(["users", user, "reset-link"]);
        let made: ResetLink = self.client.change(Method::POST, &at, &Value::Null).await?;
        self.printer.result(&made, |one| {
            format!(
                "{}\nServes once, until {}. Whoever has it gets the account.",
                one.link,
                moment(&one.expires_at)
            )
        })?;
        Ok(Exit::Done)
    }

    async fn put(
        &self,
        user: &str,
        what: &str,
        body: &impl Serialize,
        change: &Change,
        is_so: impl Fn(&User) -> bool,
        sentence: &str,
    ) -> Outcome {
        let at = changing(["users", user, what], change.dry_run)?;
        let user: User = self.client.change(Method::PUT, &at, body).await?;
        if change.dry_run && is_so(&user) {
            return self.printer.would_not(&format!("{} is so already.", called(&user)));
        }
        if change.dry_run {
            return self.printer.would(&format!("Would change the {what} of {}.", called(&user)));
        }
        self.printer.result(&user, |u| format!("{} {sentence}.", called(u)))?;
        Ok(Exit::Done)
    }

    async fn delete(&self, user: &str, destroy: &Destroy) -> Outcome {
        let all: Deletion = self.client.get(&path(["users", user, "deletion"])).await?;
        let (whose, rooms) = (called(&all.user), rooms_of(&all));
        if destroy.dry_run {
            return self.printer.would(&format!("Would delete the account of {whose}{rooms}."));
        }
        destroy.confirm(&format!("This deletes the account of {whose} for good{rooms}."))?;
        let at = path(["users", &all.user.id]);
        let user: User = self.client.change(Method::DELETE, &at, &Value::Null).await?;
        self.printer.result(&user, |u| format!("{} has no account any more.", called(u)))?;
        Ok(Exit::Done)
    }

    async fn sessions(&self, wanted: &OfSessions) -> Outcome {
        let listed: Sessions = self.client.get(&path(["users", &wanted.user, "sessions"])).await?;
        if wanted.end.is_none() && !wanted.end_all {
            self.printer.result(&listed, |list| {
                let rows = list.sessions.iter().map(|s| {
                    [
                        s.id.clone(),
                        moment(&s.created_at),
                        moment(&s.last_used_at),
                        s.address.clone(),
                        s.agent.clone(),
                    ]
                });
                table(["ID", "SINCE", "LAST USED", "ADDRESS", "AGENT"], rows)
            })?;
            return Ok(Exit::Done);
        }
        if wanted.change.dry_run {
            let count = wanted.end.as_ref().map_or(listed.sessions.len(), |_| 1);
            return self.printer.would(&format!("Would end {count} sessions of {}.", called(&listed.user)));
        }
        let id = &listed.user.id;
        let at = match &wanted.end {
            Some(session) => path(["users", id, "sessions", session]),
            None => path(["users", id, "sessions"]),
        };
        let left: Sessions = self.client.change(Method::DELETE, &at, &Value::Null).await?;
        self.printer.result(&left, |left| {
            format!("{} has {} open sessions now.", called(&left.user), left.sessions.len())
        })?;
        Ok(Exit::Done)
    }
}

/// What goes with the account: ` and closes 2 rooms (standup, planning) with 3 people inside`.
fn rooms_of(all: &Deletion) -> String {
    let count =
        |number: i64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    if all.room_count == 0 {
        return String::new();
    }
    let more = if all.room_count > i64::try_from(all.rooms.len()).unwrap_or(0) { ", ..." } else { "" };
    let inside = match all.people_inside {
        0 => String::new(),
        people => format!(" with {} inside", count(people, "person", "people")),
    };
    let rooms = count(all.room_count, "room", "rooms");
    format!(" and closes {rooms} ({}{more}){inside}", all.rooms.join(", "))
}

fn called(user: &User) -> String {
    let known_by = if user.email.is_empty() { &user.id } else { &user.email };
    format!("{} ({known_by})", user.name)
}
