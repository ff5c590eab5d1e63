//! Puts values into the configuration file as a person would: in their place, a commented key uncommented, every other line
//! as it was. Libraries for YAML either lose comments or know nothing of commented keys; what is written is read back by one,
//! and must differ from before by those values and nothing else.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_yaml::{Mapping, Value};

use crate::{
    failure::{Exit, Failure, Outcome},
    unit,
};

/// A file with changes that are not written yet.
pub(super) struct Edited {
    pub(super) path: PathBuf,
    pub(super) text: String,
    /// `server.domain: meet.example.org`, one for each value that was another one.
    pub(super) changed: Vec<String>,
    values: Mapping,
}

/// Reads it; where there is none, the one that is shipped.
pub(super) fn read(path: &Path) -> Outcome<Edited> {
    // a link stays one: what it leads to is changed
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let text = match fs::read_to_string(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => unit::CONFIG.1.to_owned(),
        Err(e) => {
            let message = format!("{} cannot be read: {e}.", path.display());
            return Err(Failure::new(Exit::Failed, "config_unreadable", message).hint("Use sudo."));
        }
        Ok(text) => text,
    };
    let values = parsed(&text).map_err(|why| {
        let message = format!("{} is not valid YAML: {why}.", path.display());
        Failure::new(Exit::Failed, "config_not_yaml", message).hint("Mend that line.")
    })?;
    Ok(Edited { path, text, changed: Vec::new(), values })
}

impl Edited {
    /// What it says, where that is text.
    pub(super) fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.values.get(section)?.get(key)?.as_str()
    }

    /// Has it say so.
    pub(super) fn set(&mut self, section: &str, key: &str, value: &str) -> Outcome<()> {
        if self.get(section, key) == Some(value) {
            return Ok(());
        }
        let written = written(value);
        let text = with(&self.text, section, key, &written);
        let mut wanted = self.values.clone();
        let inner = wanted.entry(section.into()).or_insert(Value::Null);
        if inner.is_null() {
            *inner = Mapping::new().into();
        }
        if let Value::Mapping(inner) = inner {
            inner.insert(key.into(), value.into());
        }
        if parsed(&text).as_ref() != Ok(&wanted) {
            let message = format!(
                "{} is written in a way that this tool does not change. Set it there by hand:",
                self.path.display()
            );
            let lines = format!("{section}:\n  {key}: {written}");
            return Err(Failure::new(Exit::Failed, "config_by_hand", message).hint(lines));
        }
        (self.text, self.values) = (text, wanted);
        self.changed.push(format!("{section}.{key}: {value}"));
        Ok(())
    }
}

fn parsed(text: &str) -> Result<Mapping, String> {
    match serde_yaml::from_str(text) {
        Ok(Value::Mapping(map)) => Ok(map),
        Ok(Value::Null) => Ok(Mapping::new()),
        Ok(_) => Err("it has to be a mapping of sections".to_owned()),
        Err(e) => Err(e.to_string()),
    }
}

/// As text in YAML: bare where nothing else could be read from it.
fn written(value: &str) -> String {
    let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || ".-_@+".contains(c));
    let is_read_so = serde_yaml::from_str::<Value>(value).is_ok_and(|read| read.as_str() == Some(value));
    if is_plain && is_read_so {
        return value.to_owned();
    }
    // a text of JSON is one of YAML as well (YAML 1.2, 1.3)
    serde_json::Value::from(value).to_string()
}

/// The text with this line in this section.
fn with(text: &str, section: &str, key: &str, value: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let heads =
        |line: &str| line.strip_prefix(section).and_then(|rest| rest.strip_prefix(':')).is_some_and(is_blank);
    let at = match lines.iter().position(|line| heads(line)) {
        Some(at) => at,
        None => match lines.iter().position(|line| uncommented(line).is_some_and(|line| heads(&line))) {
            Some(at) => {
                lines[at] = uncommented(&lines[at]).unwrap_or_default();
                at
            }
            None => {
                lines.push(format!("{section}:"));
                lines.len() - 1
            }
        },
    };
    let until =
        |ends: fn(&str) -> bool| (at + 1..lines.len()).find(|&one| ends(&lines[one])).unwrap_or(lines.len());
    // an admin's own comment may look like the next section, but never a line that is none
    let (end, commented_end) = (until(begins_section), until(begins_commented));
    let indent = (at + 1..end).map(|one| indent_of(&lines[one])).find(|indent| !indent.is_empty());
    let indent = indent.unwrap_or("  ").to_owned();
    let line = |rest: &str| format!("{indent}{key}: {value}{rest}");
    let own = |line: &str| {
        line.strip_prefix(indent.as_str())?.strip_prefix(key)?.strip_prefix(':').map(str::to_owned)
    };
    if let Some((one, rest)) = (at + 1..end).find_map(|one| Some((one, own(&lines[one])?))) {
        let comment = rest.find(" #").map_or(String::new(), |from| rest[from..].to_owned());
        lines[one] = line(&comment);
    } else if let Some(one) = (at + 1..commented_end)
        .find(|&one| uncommented(&lines[one]).is_some_and(|plain| own(&plain).is_some()))
    {
        lines[one] = line("");
    } else {
        lines.insert(at + 1, line(""));
    }
    lines.join("\n") + "\n"
}

/// The line without the sign before it: `# server:` is `server:`, `#   port: 1` is `  port: 1`, `  # port: 1` is `  port: 1`.
fn uncommented(line: &str) -> Option<String> {
    let sign = line.find('#').filter(|&sign| line[..sign].trim().is_empty())?;
    let rest = &line[sign + 1..];
    Some(format!("{}{}", &line[..sign], rest.strip_prefix(' ').unwrap_or(rest)))
}

/// Whether the next section begins here.
fn begins_section(line: &str) -> bool {
    !line.is_empty() && !line.starts_with([' ', '#'])
}

/// The same, or a commented one.
fn begins_commented(line: &str) -> bool {
    let is_head = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        line.contains(':') && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic())
    };
    begins_section(line) || line.strip_prefix("# ").is_some_and(is_head)
}

/// Blanks before what is no comment.
fn indent_of(line: &str) -> &str {
    let text = line.trim_start_matches(' ');
    if text.is_empty() || text.starts_with('#') { "" } else { &line[..line.len() - text.len()] }
}

fn is_blank(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, values: &[(&str, &str, &str)]) -> Outcome<String> {
        let values_of = parsed(text).expect("YAML");
        let mut file = Edited {
            path: "bedrud.yaml".into(),
            text: text.to_owned(),
            changed: Vec::new(),
            values: values_of,
        };
        for (section, key, value) in values {
            file.set(section, key, value)?;
        }
        Ok(file.text)
    }

    const WANTED: [(&str, &str, &str); 3] = [
        ("server", "domain", "meet.example.org"),
        ("tls", "mode", "acme"),
        ("tls", "email", "me@example.org"),
    ];

    #[test]
    fn the_shipped_file_is_uncommented_in_place_and_nowhere_else() {
        let before = unit::CONFIG.1;
        let after = edited(before, &WANTED).expect("edited");
        let changed: Vec<_> =
            before.lines().zip(after.lines()).filter(|(old, new)| old != new).map(|(_, new)| new).collect();
        let lines =
            ["server:", "  domain: meet.example.org", "tls:", "  mode: acme", "  email: me@example.org"];
        assert_eq!(changed, lines);
        assert_eq!(before.lines().count(), after.lines().count());
        assert_eq!(edited(&after, &WANTED).expect("again"), after, "a second time changes nothing");
    }

    #[test]
    fn what_an_admin_has_written_keeps_its_comments() {
        let before = "# ours\nserver: # the front\n# note: not indented\n    # why\n    port: 8443\n    domain: old.example.org # since May\n\nlog:\n  level: debug\n";
        let after = edited(before, &[WANTED[0], WANTED[1]]).expect("edited");
        assert_eq!(after, before.replace("old.example.org", "meet.example.org") + "tls:\n  mode: acme\n");
    }

    #[test]
    fn odd_values_are_quoted() {
        for odd in ["null", "12", "a: b", "#x", "true", "q\"uote"] {
            let after = edited("", &[("server", "domain", odd)]).expect("edited");
            assert_eq!(parsed(&after).expect("YAML")["server"]["domain"].as_str(), Some(odd), "{after}");
        }
    }

    #[test]
    fn what_it_does_not_understand_it_leaves_alone() {
        for odd in [
            "server: {port: 1}\n",
            "? server\n: port: 1\n",
            "\"server\":\n  port: 1\n",
            "server:\n  domain: >\n    two\n    lines\n",
        ] {
            let failure = edited(odd, &WANTED[..1]).expect_err(odd);
            assert_eq!(failure.code, "config_by_hand", "{odd}");
            assert!(failure.hint.is_some_and(|hint| hint.contains("domain: meet.example.org")));
        }
    }
}
