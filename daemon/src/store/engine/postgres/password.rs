//! The password file of libpq (PostgreSQL manual, 34.16): `host:port:database:user:password`, `*` for any, `\` before `:` and `\`.
//! As libpq does it, a file that others may read is not read.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// The password of the first line that fits. A file that is not there has none; one that others may read is an error in words.
pub(super) fn find(file: &Path, wanted: &Wanted<'_>) -> Result<Option<String>, String> {
    let Ok(about) = fs::metadata(file) else { return Ok(None) };
    if about.permissions().mode() & 0o077 != 0 {
        return Err(format!("{} can be read by others. Type: chmod 600 {0}", file.display()));
    }
    let text = fs::read_to_string(file).map_err(|e| format!("{} cannot be read: {e}.", file.display()))?;
    Ok(text.lines().find_map(|line| password(line, wanted)))
}

fn password(line: &str, wanted: &Wanted<'_>) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let fields = fields(line);
    let [host, port, database, user, password] = fields.as_slice() else { return None };
    let fits = |field: &str, value: &str| field == "*" || field == value;
    // a Unix socket is called localhost there
    let own = if wanted.host.starts_with('/') { "localhost" } else { wanted.host };
    (fits(host, own)
        && fits(port, &wanted.port.to_string())
        && fits(database, wanted.database)
        && fits(user, wanted.user))
    .then(|| password.clone())
}

/// The five fields, without their backslashes.
fn fields(line: &str) -> Vec<String> {
    let (mut found, mut signs) = (vec![String::new()], line.chars());
    while let Some(sign) = signs.next() {
        let taken = match sign {
            ':' if found.len() < 5 => {
                found.push(String::new());
                continue;
            }
            '\\' => signs.next(),
            other => Some(other),
        };
        found.last_mut().into_iter().for_each(|last| last.extend(taken));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_is_taken_and_backslashes_mean_what_libpq_says() {
        let wanted = Wanted { host: "db.example", port: 5432, database: "meet", user: "bedrud" };
        let taken = |line: &str| password(line, &wanted);
        assert_eq!(taken("db.example:5432:meet:bedrud:se:cret").as_deref(), Some("se:cret"));
        assert_eq!(taken(r"*:*:*:bedrud:a\:b\\c").as_deref(), Some(r"a:b\c"));
        assert_eq!(taken("db.example:5433:meet:bedrud:x"), None);
        assert_eq!(taken("# *:*:*:*:x"), None);
        assert_eq!(taken("*:*:*"), None);
        let local = Wanted { host: "/run/postgresql", ..wanted };
        assert_eq!(password("localhost:*:*:*:y", &local).as_deref(), Some("y"));
    }
}
