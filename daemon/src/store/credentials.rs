//! Table `credentials`: how somebody can prove who they are. One row for each way: kind and subject name it, the secret is what
//! it is checked against.

use super::{Connection, Row, Timestamp};
use crate::error::Result;

/// The kind of a password; its subject is the user's id, its secret a PHC string.
const PASSWORD: &str = "password";
/// The kind of a passkey; its subject is the credential's id in base64url, its secret what an answer is checked against.
const PASSKEY: &str = "passkey";
/// The kind of a provider's word; its subject is the provider's URL and what that calls somebody, with a space between.
const PROVIDER: &str = "provider";

/// One passkey.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// The id that its device gave it, base64url.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Its public key and what else an answer is checked against, as JSON.
    pub key: String,
    /// How often it was used, as its device counts; 0 where it does not.
    pub counter: i64,
    /// What its owner calls it; may be empty.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub last_used_at: Option<Timestamp>,
}

/// The hash of somebody's password; `None` where they cannot sign in by one.
pub fn password(connection: &mut Connection, user_id: &str) -> Result<Option<String>> {
    let sql = "SELECT secret FROM credentials WHERE kind = $1 AND subject = $2";
    connection
        .first(sql, &[&PASSWORD, &user_id], |row| row.get::<Option<String>>(0))
        .map(|found| found.flatten())
}

/// True while somebody has a password whose hash the older server made.
pub fn has_foreign(connection: &mut Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM credentials WHERE kind = $1 AND secret LIKE $2)";
    Ok(connection.first(sql, &[&PASSWORD, &"$2%"], |row| row.get(0))?.unwrap_or(false))
}

/// Sets the password's hash.
pub fn set_password(connection: &mut Connection, user_id: &str, hash: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO credentials (kind, subject, user_id, secret, created_at) VALUES ($1, $2, $2, $3, $4)
         ON CONFLICT (kind, subject) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at,
                last_used_at = NULL",
        &[&PASSWORD, &user_id, &hash, &Timestamp::now()],
    )?;
    Ok(())
}

/// Notes that the password was right.
pub fn password_used(connection: &mut Connection, user_id: &str) -> Result<()> {
    let sql = "UPDATE credentials SET last_used_at = $3 WHERE kind = $1 AND subject = $2";
    connection.execute(sql, &[&PASSWORD, &user_id, &Timestamp::now()])?;
    Ok(())
}

const PASSKEY_COLUMNS: &str = "subject, user_id, secret, counter, name, created_at, last_used_at";

fn read(row: &Row<'_>) -> Result<Passkey> {
    Ok(Passkey {
        id: row.get(0)?,
        user_id: row.get(1)?,
        key: row.get::<Option<String>>(2)?.unwrap_or_default(),
        counter: row.get(3)?,
        name: row.get(4)?,
        created_at: row.get(5)?,
        last_used_at: row.get(6)?,
    })
}

/// Somebody's passkeys, newest first.
pub fn passkeys(connection: &mut Connection, user_id: &str) -> Result<Vec<Passkey>> {
    let sql = format!(
        "SELECT {PASSKEY_COLUMNS} FROM credentials WHERE user_id = $1 AND kind = $2
          ORDER BY created_at DESC, subject"
    );
    connection.query(&sql, &[&user_id, &PASSKEY], |row| read(&row))
}

/// The passkey of that id.
pub fn passkey(connection: &mut Connection, id: &str) -> Result<Option<Passkey>> {
    let sql = format!("SELECT {PASSKEY_COLUMNS} FROM credentials WHERE kind = $1 AND subject = $2");
    connection.first(&sql, &[&PASSKEY, &id], |row| read(&row))
}

/// The ids of the passkeys of the account with that mail address.
pub fn passkeys_of_mail(connection: &mut Connection, email: &str) -> Result<Vec<String>> {
    let sql = "SELECT c.subject FROM users u JOIN credentials c ON c.user_id = u.id
                WHERE u.email = $1 AND c.kind = $2 ORDER BY c.created_at, c.subject";
    connection.query(sql, &[&email, &PASSKEY], |row| row.get(0))
}

/// Adds a passkey; one whose id is known is a conflict.
pub fn insert_passkey(connection: &mut Connection, passkey: &Passkey) -> Result<()> {
    connection.execute(
        "INSERT INTO credentials (kind, subject, user_id, secret, counter, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &PASSKEY,
            &passkey.id,
            &passkey.user_id,
            &passkey.key,
            &passkey.counter,
            &passkey.name,
            &passkey.created_at,
        ],
    )?;
    Ok(())
}

/// Notes that somebody signed in by it; false where it is gone, or its device counts less than it did.
pub fn passkey_used(connection: &mut Connection, id: &str, key: &str, counter: i64) -> Result<bool> {
    let changed = connection.execute(
        "UPDATE credentials SET secret = $3, counter = $4, last_used_at = $5
          WHERE kind = $1 AND subject = $2 AND (counter < $4 OR (counter = 0 AND $4 = 0))",
        &[&PASSKEY, &id, &key, &counter, &Timestamp::now()],
    )?;
    Ok(changed == 1)
}

/// Calls somebody's passkey something else; false where it is not theirs.
pub fn rename_passkey(connection: &mut Connection, user_id: &str, id: &str, name: &str) -> Result<bool> {
    let sql = "UPDATE credentials SET name = $4 WHERE kind = $1 AND subject = $2 AND user_id = $3";
    Ok(connection.execute(sql, &[&PASSKEY, &id, &user_id, &name])? == 1)
}

/// Deletes somebody's passkey; false where it is not theirs.
pub fn delete_passkey(connection: &mut Connection, user_id: &str, id: &str) -> Result<bool> {
    let sql = "DELETE FROM credentials WHERE kind = $1 AND subject = $2 AND user_id = $3";
    Ok(connection.execute(sql, &[&PASSKEY, &id, &user_id])? == 1)
}

/// Deletes every passkey of somebody; says which there were.
pub fn delete_passkeys(connection: &mut Connection, user_id: &str) -> Result<Vec<String>> {
    let sql = "SELECT subject FROM credentials WHERE kind = $1 AND user_id = $2 ORDER BY created_at, subject";
    let ids = connection.query(sql, &[&PASSKEY, &user_id], |row| row.get(0))?;
    connection.execute("DELETE FROM credentials WHERE kind = $1 AND user_id = $2", &[&PASSKEY, &user_id])?;
    Ok(ids)
}

/// How many ways in somebody has for which nobody else is needed: passwords and passkeys.
pub fn ways_in(connection: &mut Connection, user_id: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM credentials WHERE user_id = $1 AND kind <> $2";
    Ok(connection.first(sql, &[&user_id, &PROVIDER], |row| row.get(0))?.unwrap_or(0))
}

/// Somebody as a provider knows them.
#[derive(Clone, Debug)]
pub struct Link {
    /// The provider's URL.
    pub issuer: String,
    /// What it calls them.
    pub subject: String,
    /// Whose account that opens.
    pub user_id: String,
    /// What people know them by there: a mail address or a name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub last_used_at: Option<Timestamp>,
}

impl Link {
    fn key(&self) -> String {
        link_key(&self.issuer, &self.subject)
    }
}

/// No URL has a space in it.
fn link_key(issuer: &str, subject: &str) -> String {
    format!("{issuer} {subject}")
}

fn read_link(row: &Row<'_>) -> Result<Link> {
    let key: String = row.get(0)?;
    let (issuer, subject) = key.split_once(' ').unwrap_or((&key, ""));
    Ok(Link {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        user_id: row.get(1)?,
        name: row.get(2)?,
        created_at: row.get(3)?,
        last_used_at: row.get(4)?,
    })
}

const LINK_COLUMNS: &str = "subject, user_id, name, created_at, last_used_at";

/// The link of that person of that provider.
pub fn link(connection: &mut Connection, issuer: &str, subject: &str) -> Result<Option<Link>> {
    let sql = format!("SELECT {LINK_COLUMNS} FROM credentials WHERE kind = $1 AND subject = $2");
    connection.first(&sql, &[&PROVIDER, &link_key(issuer, subject)], |row| read_link(&row))
}

/// Somebody's links, newest first.
pub fn links(connection: &mut Connection, user_id: &str) -> Result<Vec<Link>> {
    let sql = format!(
        "SELECT {LINK_COLUMNS} FROM credentials WHERE user_id = $1 AND kind = $2 ORDER BY created_at DESC, subject"
    );
    connection.query(&sql, &[&user_id, &PROVIDER], |row| read_link(&row))
}

/// Adds a link; one that there is is a conflict.
pub fn insert_link(connection: &mut Connection, link: &Link) -> Result<()> {
    connection.execute(
        "INSERT INTO credentials (kind, subject, user_id, name, created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[&PROVIDER, &link.key(), &link.user_id, &link.name, &link.created_at, &link.last_used_at],
    )?;
    Ok(())
}

/// Notes that somebody signed in by it, under that name; false where it is gone.
pub fn link_used(connection: &mut Connection, link: &Link) -> Result<bool> {
    let sql = "UPDATE credentials SET last_used_at = $4, name = $5 WHERE kind = $1 AND subject = $2 AND user_id = $3";
    let changed =
        connection.execute(sql, &[&PROVIDER, &link.key(), &link.user_id, &Timestamp::now(), &link.name])?;
    Ok(changed == 1)
}

/// Deletes somebody's link; false where it is not there.
pub fn delete_link(connection: &mut Connection, link: &Link) -> Result<bool> {
    let sql = "DELETE FROM credentials WHERE kind = $1 AND subject = $2 AND user_id = $3";
    Ok(connection.execute(sql, &[&PROVIDER, &link.key(), &link.user_id])? == 1)
}

/// Deletes every link of somebody; says which there were.
pub fn delete_links(connection: &mut Connection, user_id: &str) -> Result<Vec<Link>> {
    let gone = links(connection, user_id)?;
    connection.execute("DELETE FROM credentials WHERE kind = $1 AND user_id = $2", &[&PROVIDER, &user_id])?;
    Ok(gone)
}
