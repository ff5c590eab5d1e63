//! Who acts: a signed-in user, a guest, an operator at the shell, or the system itself.

use std::net::IpAddr;

/// What an account may do on the whole server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Administers the server.
    Admin,
    /// Has an account.
    User,
    /// Came with a name only.
    Guest,
}

impl Role {
    /// The `accesses` array of the wire contract.
    pub fn accesses(self) -> &'static [&'static str] {
        match self {
            Role::Admin => &["superadmin", "user"],
            Role::User => &["user"],
            Role::Guest => &["guest"],
        }
    }

    /// The word in the database and for the operator: `admin`, `user` or `guest`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::User => "user",
            Role::Guest => "guest",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Role::Admin, Role::User, Role::Guest].into_iter().find(|role| role.name() == name)
    }
}

/// A person behind a session: an account or a guest.
#[derive(Clone, Debug)]
pub struct Person {
    /// User id; also the identity in rooms.
    pub id: String,
    /// The session this request came with.
    pub session_id: String,
    /// Display name.
    pub name: String,
    /// What they may do on the server.
    pub role: Role,
    /// Client address, as the trusted proxies tell it.
    pub address: Option<IpAddr>,
}

/// How far an operator's group reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Group `bedrud-mod`: kick, ban, mute and look at rooms.
    Moderate,
    /// Root, the daemon's own user, or group `bedrud-admin`: everything.
    Administer,
}

/// Who acts, for policy and for the audit log.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody with an account.
    User(Person),
    /// Somebody with a name only.
    Guest(Person),
    /// Somebody at the shell, told by the kernel (SO_PEERCRED, unix(7)).
    Operator {
        /// Peer's user id.
        uid: u32,
        /// What their groups allow.
        reach: Reach,
        /// The account that logged in, where that is another one: who is behind `sudo`.
        login: Option<String>,
    },
    /// Clock, webhook, start-up.
    System,
}

impl Actor {
    /// The person, where there is one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Actor::User(p) | Actor::Guest(p) => Some(p),
            Actor::Operator { .. } | Actor::System => None,
        }
    }

    /// True for administrators of the server, operators who may administer, and the system.
    pub fn administers(&self) -> bool {
        match self {
            Actor::User(p) => p.role == Role::Admin,
            Actor::Guest(_) => false,
            Actor::Operator { reach, .. } => *reach == Reach::Administer,
            Actor::System => true,
        }
    }

    /// A short stable name for audit lines: `user:ID`, `guest:ID`, `operator:UID`, `system`.
    pub fn label(&self) -> String {
        match self {
            Actor::User(p) => format!("user:{}", p.id),
            Actor::Guest(p) => format!("guest:{}", p.id),
            Actor::Operator { uid, .. } => format!("operator:{uid}"),
            Actor::System => "system".to_owned(),
        }
    }

    /// From where, for audit lines: the client's address, or `login:NAME` of an operator who became somebody else; empty where
    /// there is neither.
    pub fn address(&self) -> String {
        if let Actor::Operator { login: Some(login), .. } = self {
            return format!("login:{login}");
        }
        self.person().and_then(|p| p.address).map(|a| a.to_string()).unwrap_or_default()
    }
}
