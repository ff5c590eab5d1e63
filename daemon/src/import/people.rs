//! Accounts of the older server. Their ids stay, so that rooms and links know their people; guests were only there for a
//! meeting.

use std::collections::{HashMap, HashSet};

use super::{Taken, id_of};
use crate::{
    accounts,
    actor::Role,
    error::Result,
    names,
    store::{
        Connection, Timestamp, credentials,
        older::{Older, Row},
        users::{self, User},
    },
};

/// How long the preferences of a person may be, in bytes.
const PREFERENCES: usize = 4096;

/// Who is who.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Ids here, by those there.
    here: HashMap<String, String>,
    /// Ids here of the accounts that came now.
    new: HashSet<String>,
    /// Ids there of those who came with a name only.
    guests: HashSet<String>,
}

impl People {
    /// Takes all of them over, with whatever is theirs alone.
    pub(super) fn take(connection: &mut Connection, older: &Older, taken: &mut Taken) -> Result<Self> {
        let mut people = Self::default();
        // there an address may have had several accounts: the one that a password opens is whose it was
        let mut rows: Vec<&Row> = older.users.iter().collect();
        rows.sort_by_key(|row| (row.text("password").is_empty(), row.text("provider") != "local"));
        let mut passkeys = HashMap::<_, Vec<_>>::new();
        for key in &older.passkeys {
            passkeys.entry(key.id("userid")).or_default().push(key);
        }
        for row in rows {
            let keys = passkeys.get(&row.id("id")).map(Vec::as_slice).unwrap_or_default();
            people.take_one(connection, row, keys, taken)?;
        }
        if !people.guests.is_empty() {
            taken.leave(format!("{} guests", people.guests.len()), "they came with a name only");
        }
        people.preferences(connection, older)?;
        Ok(people)
    }

    /// The id here of the account with that id there.
    pub(super) fn id(&self, there: &str) -> Option<&str> {
        self.here.get(there).map(String::as_str)
    }

    /// Whether somebody with that id there came with a name only.
    pub(super) fn is_guest(&self, there: &str) -> bool {
        self.guests.contains(there)
    }

    fn take_one(
        &mut self,
        connection: &mut Connection,
        row: &Row,
        keys: &[&Row],
        taken: &mut Taken,
    ) -> Result<()> {
        let (there, given) = (row.id("id"), row.text("email"));
        let accesses = words(row.text("accesses"));
        if row.text("provider") == "guest" || accesses == ["guest"] {
            self.guests.insert(there);
            return Ok(());
        }
        let Some(email) = accounts::plain_mail(given) else {
            taken.leave(format!("account {given:?}"), "this is no mail address");
            return Ok(());
        };
        let Some(id) = id_of("user", &there) else {
            taken.leave(format!("account {email}"), "it has no id");
            return Ok(());
        };
        if users::by_id(connection, &id)?.is_some() {
            self.here.insert(there, id);
            taken.known += 1;
            return Ok(());
        }
        if let Some(before) = users::by_email(connection, &email)? {
            let what = format!("account {email} ({})", provider(row));
            // else somebody who only claims the address would come by its rooms
            if before.email_verified_at.is_some() {
                self.here.insert(there, before.id);
                taken.leave(
                    what,
                    "there is an account of this address here, which stays as it is and gets its rooms",
                );
            } else {
                taken.leave(what, "there is an account of this address here, which stays as it is; it has not proven the address, so it gets no rooms");
            }
            return Ok(());
        }
        let user = account(row, id.clone(), email.clone(), &accesses, taken);
        users::insert(connection, &user)?;
        let becomes = ways_in(connection, row, &user, keys, taken)?;
        taken.users += 1;
        taken.administrators += u64::from(user.role == Role::Admin);
        taken.enter("account", email, becomes);
        self.new.insert(id.clone());
        self.here.insert(there, id);
        Ok(())
    }

    fn preferences(&self, connection: &mut Connection, older: &Older) -> Result<()> {
        for row in &older.preferences {
            let text = row.text("preferencesjson");
            let is_object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok();
            let whose = self.id(&row.id("userid")).filter(|id| self.new.contains(*id));
            if let Some(id) = whose.filter(|_| is_object && text.len() <= PREFERENCES) {
                users::set_preferences(connection, id, text)?;
            }
        }
        Ok(())
    }
}

fn account(row: &Row, id: String, email: String, accesses: &[&str], taken: &mut Taken) -> User {
    let given = row.text("name");
    let name = name(given, &email);
    if name != given.trim() {
        taken.leave(format!("name of {email}"), format!("as it was no name may be here; it is {name:?} now"));
    }
    if accesses.contains(&"moderator") {
        taken.leave(
            format!("role moderator of {email}"),
            "here somebody moderates a room, or administers the server",
        );
    }
    if !row.text("avatarurl").is_empty() {
        taken.leave(format!("picture of {email}"), "pictures are not kept here");
    }
    let now = Timestamp::now();
    User {
        id,
        email: Some(email),
        name,
        provider: "local".to_owned(),
        role: if accesses.iter().any(|word| matches!(*word, "superadmin" | "admin")) {
            Role::Admin
        } else {
            Role::User
        },
        avatar_url: String::new(),
        is_active: row.is("isactive", true),
        email_verified_at: row.moment("emailverifiedat"),
        password_changed_at: row.moment("passwordchangedat"),
        created_at: row.moment("createdat").unwrap_or(now),
        updated_at: now,
    }
}

/// The password and the passkeys; says what the account became.
fn ways_in(
    connection: &mut Connection,
    row: &Row,
    user: &User,
    keys: &[&Row],
    taken: &mut Taken,
) -> Result<String> {
    let email = user.email.as_deref().unwrap_or_default();
    let mut ways = Vec::new();
    let hash = row.text("password");
    if accounts::is_usable_older_hash(hash) {
        credentials::set_password(connection, &user.id, hash)?;
        ways.push("password".to_owned());
    } else if !hash.is_empty() {
        let s = "its hash cannot be read: give it another one with `bedrudctl user passwd`";
        taken.leave(format!("password of {email}"), s);
    }
    let mut passkeys = 0_u64;
    for key in keys {
        let kept = accounts::Kept {
            id: key.bytes("credentialid"),
            key: key.bytes("publickey"),
            // in its first versions it took no others
            algorithm: key.number("algorithm").filter(|kind| *kind != 0).unwrap_or(-7),
            counter: key.number("counter").unwrap_or(0),
            name: key.text("name"),
        };
        let at = key.moment("createdat").unwrap_or(user.created_at);
        let made = accounts::of_older(kept, &user.id, at);
        match made {
            Ok(passkey) if credentials::passkey(connection, &passkey.id)?.is_some() => {
                taken.leave(format!("a passkey of {email}"), "somebody here has it already");
            }
            Ok(passkey) => {
                credentials::insert_passkey(connection, &passkey)?;
                passkeys += 1;
            }
            Err(why) => {
                taken.leave(format!("a passkey of {email}"), format!("{why}: it has to be made again"))
            }
        }
    }
    taken.passkeys += passkeys;
    match passkeys {
        0 => {}
        1 => ways.push("1 passkey".to_owned()),
        many => ways.push(format!("{many} passkeys")),
    }
    if ways.is_empty() {
        let s = match (provider(row), user.email_verified_at) {
            (name @ ("google" | "github" | "twitter"), Some(_)) => format!(
                "it was opened by {name}: set that up in auth.providers, or give it a password with `bedrudctl user passwd`"
            ),
            (name @ ("google" | "github" | "twitter"), None) => format!(
                "it was opened by {name}, which opens it here when auth.providers has it and the address is proven (`bedrudctl user verify`); or give it a password with `bedrudctl user passwd`"
            ),
            _ => "give it a password with `bedrudctl user passwd`".to_owned(),
        };
        taken.leave(format!("ways into {email}"), s);
        ways.push("nothing opens it yet".to_owned());
    }
    let role = if user.role == Role::Admin { "administrator" } else { "account" };
    let off = if user.is_active { "" } else { ", disabled" };
    Ok(format!("{role}{off}: {}", ways.join(", ")))
}

/// What the account was opened by there.
fn provider(row: &Row) -> &str {
    match row.text("provider") {
        "" => "local",
        provider => provider,
    }
}

/// The name, or what of it may be one; else what stands before the `@`.
fn name(given: &str, email: &str) -> String {
    let plain: String = given.chars().map(|c| if names::is_control(c) { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(50).collect();
    let before_at = email.split('@').next().unwrap_or_default();
    [given, &short, before_at]
        .iter()
        .find_map(|name| names::person(name, 2).ok())
        .unwrap_or_else(|| "User".to_owned())
}

/// `{superadmin,user}`, as the older server wrote lists.
fn words(list: &str) -> Vec<&str> {
    list.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect()
}
