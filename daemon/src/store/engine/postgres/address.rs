//! Where the database is: a `postgres://` URL with libpq's parameters (PostgreSQL manual, 34.1), what its environment adds, and the
//! password file. Nothing here is ever printed with a password in it.

use std::{path::PathBuf, time::Duration};

use postgres::config::{Config, Host, SslMode, TargetSessionAttrs};
use url::form_urlencoded::{self, Serializer};

use super::{
    password::{self, Wanted},
    secure::Trust,
};

/// How long one host has to answer; libpq waits for ever.
const CONNECT: Duration = Duration::from_secs(5);
/// A statement of ours takes milliseconds; a lock is held as long. Whoever waits longer is told.
const OPTIONS: &str =
    "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s";

/// A database server, a database and who we are there.
#[derive(Clone)]
pub struct Address {
    pub(super) config: Config,
    pub(super) trust: Trust,
}

impl Address {
    /// Reads `url`. `environment` gives libpq's variables (`PGHOST`, `PGPASSFILE`, ...), which stand where the URL says nothing.
    /// The error is a sentence.
    pub fn read(url: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut file) = (None, None, None);
        let mut rest = Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                "passfile" => file = Some(PathBuf::from(value.into_owned())),
                _ => drop(rest.append_pair(&name, &value)),
            }
        }
        let rest = rest.finish().replace('+', "%20");
        let mut config: Config =
            format!("{place}{}{rest}", if rest.is_empty() { "" } else { "?" }).parse().map_err(
                |e: postgres::Error| format!("database.url is no address of PostgreSQL: {}.", cause(&e)),
            )?;
        fill(&mut config, &environment)?;
        if config.get_dbname().is_none() {
            return Err("database.url names no database. Write postgres://USER@HOST/DATABASE.".to_owned());
        }
        let mode = mode.or_else(|| environment("PGSSLMODE"));
        let roots = roots.or_else(|| environment("PGSSLROOTCERT").map(PathBuf::from));
        let trust = Trust::named(mode.as_deref(), roots, is_near(&config))?;
        config.ssl_mode(if trust == Trust::Off { SslMode::Disable } else { SslMode::Require });
        if config.get_password().is_none() {
            let home = || environment("HOME").map(|home| PathBuf::from(home).join(".pgpass"));
            let file = file.or_else(|| environment("PGPASSFILE").map(PathBuf::from)).or_else(home);
            if let Some(file) = file
                && let Some(found) = from_file(&config, &file)?
            {
                config.password(found);
            }
        }
        Ok(Self { config, trust })
    }

    /// `HOST:PORT/DATABASE`, for people.
    pub(super) fn shown(&self) -> String {
        let ports = self.config.get_ports();
        let hosts = self.config.get_hosts().iter().enumerate().map(|(at, host)| {
            let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
            format!("{}:{port}", name(host))
        });
        let hosts: Vec<_> = hosts.collect();
        format!("{}/{}", hosts.join(","), self.config.get_dbname().unwrap_or_default())
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

/// What the URL left open.
fn fill(config: &mut Config, environment: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
    if config.get_hosts().is_empty() {
        let host = environment("PGHOST").unwrap_or_else(|| "/run/postgresql".to_owned());
        for host in host.split(',') {
            config.host(host);
        }
    }
    if config.get_ports().is_empty()
        && let Some(ports) = environment("PGPORT")
    {
        for port in ports.split(',') {
            config.port(port.parse().map_err(|_| format!("PGPORT is no port: {port}."))?);
        }
    }
    if config.get_user().is_none()
        && let Some(user) = environment("PGUSER").or_else(own_name)
    {
        config.user(&user);
    }
    if config.get_password().is_none()
        && let Some(password) = environment("PGPASSWORD")
    {
        config.password(password);
    }
    if config.get_dbname().is_none()
        && let Some(database) = environment("PGDATABASE")
    {
        config.dbname(&database);
    }
    if config.get_options().is_none() {
        let own = environment("PGOPTIONS").unwrap_or_default();
        config.options(&format!("{OPTIONS} {own}"));
    }
    if config.get_application_name().is_none() {
        config.application_name("bedrud");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    // of several hosts only the one that writes is of use, also after a failover
    if config.get_target_session_attrs() == TargetSessionAttrs::Any && config.get_hosts().len() > 1 {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    Ok(())
}

fn own_name() -> Option<String> {
    nix::unistd::User::from_uid(nix::unistd::geteuid()).ok().flatten().map(|user| user.name)
}

fn from_file(config: &Config, file: &std::path::Path) -> Result<Option<String>, String> {
    let Some(host) = config.get_hosts().first() else { return Ok(None) };
    let wanted = Wanted {
        host: &name(host),
        port: config.get_ports().first().copied().unwrap_or(5432),
        database: config.get_dbname().unwrap_or_default(),
        user: config.get_user().unwrap_or_default(),
    };
    password::find(file, &wanted)
}

/// True where nobody can listen: a Unix socket, or this machine.
fn is_near(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    })
}

fn name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    }
}

/// What is behind an error of the client; its own words say where, not what.
pub(super) fn cause(error: &postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, String> {
        Address::read(url, |_| None)
    }

    #[test]
    fn a_url_says_where_and_never_shows_the_password() {
        let address =
            read("postgres://bedrud:s3cret@db.example:5433,db2.example:5434/meet?connect_timeout=3")
                .expect("an address");
        assert_eq!(format!("{address:?}"), "db.example:5433,db2.example:5434/meet");
        assert_eq!(address.config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(address.trust, Trust::Verified(None));
        for broken in [
            "postgres://bedrud:s3cret@db.example",
            "postgres://bedrud:s3cret@db:x/meet",
            "postgres://bedrud:s3cret@db/meet?sslmode=maybe",
        ] {
            let told = read(broken).expect_err(broken);
            assert!(!told.contains("s3cret"), "{told}");
        }
    }

    #[test]
    fn the_environment_stands_where_the_url_says_nothing() {
        let environment = |name: &str| match name {
            "PGHOST" => Some("db.example".to_owned()),
            "PGDATABASE" => Some("meet".to_owned()),
            "PGSSLMODE" => Some("require".to_owned()),
            _ => None,
        };
        let address = Address::read("postgres://", environment).expect("an address");
        assert_eq!(format!("{address:?}"), "db.example:5432/meet");
        assert_eq!(address.trust, Trust::Anybody);
        let address = read("postgres:///meet").expect("an address");
        assert_eq!(
            (format!("{address:?}").as_str(), &address.trust),
            ("/run/postgresql:5432/meet", &Trust::Off)
        );
    }
}
