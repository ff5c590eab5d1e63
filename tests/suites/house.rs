//! Keeps the house of ARCHITECTURE.md: which module may use which, read from the paths in the code, and what every file looks like.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use bedrud_tests::repository;

/// The table "which may use which". `app` may use everything and is not in it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["config", "app", "serve", "manual"]),
    ("manual", &[]),
    ("backup", &["store", "actor", "error"]),
    ("import", &["rooms", "accounts", "settings", "names", "store", "actor", "error"]),
    ("doctor", &["store", "livekit", "tls", "error"]),
    ("http", &["door", "rooms", "accounts", "settings", "webhooks", "tls", "actor", "error", "store"]),
    (
        "control",
        &[
            "door", "rooms", "accounts", "settings", "webhooks", "backup", "import", "doctor", "programs",
            "tls", "actor", "error", "store",
        ],
    ),
    ("door", &["error"]),
    ("outbox", &["store", "error"]),
    ("jobs", &["outbox", "rooms", "accounts", "mail", "settings", "webhooks", "actor", "error", "store"]),
    ("rooms", &["store", "outbox", "livekit", "names", "network", "actor", "error"]),
    ("webhooks", &["store", "network", "believe", "actor", "error"]),
    (
        "accounts",
        &[
            "store",
            "outbox",
            "rooms",
            "mail",
            "providers",
            "limits",
            "settings",
            "names",
            "files",
            "actor",
            "error",
        ],
    ),
    ("mail", &["store", "error"]),
    ("providers", &["believe", "network", "error"]),
    ("settings", &["names", "store", "actor", "error"]),
    ("limits", &["store", "network", "error"]),
    ("store", &["believe", "names", "actor", "error"]), // whose role is a column
    ("names", &["error"]),
    ("livekit", &["programs", "believe", "files", "error"]),
    ("programs", &["files", "error"]),
    ("tls", &["believe", "files", "error"]),
    ("config", &["names", "network", "error"]),
    ("telemetry", &[]),
    ("serve", &["network"]),
    ("network", &[]),
    ("files", &[]),
    ("believe", &[]),
    ("error", &[]),
    ("actor", &[]),
    ("lib", &[]),
];

/// What of the configuration is a module's own: its section, and for parts that can fail to start, the way to say so.
const SECTIONS: &[(&str, &[&str])] = &[
    ("accounts", &["Auth"]),
    ("limits", &["RateLimit", "Window"]),
    ("livekit", &["Livekit", "Paths", "Problems"]),
    ("mail", &["Mail", "MailSecurity"]),
    ("programs", &["Problems"]),
    ("providers", &["Provider", "ProviderKind"]),
    ("store", &["Database"]),
    ("telemetry", &["Log", "LogFormat", "LogLevel"]),
    ("tls", &["Tls", "TlsMode", "Problems"]),
];

/// Uses beside the table: file, what it uses, and why it has to.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("main.rs", "telemetry", "logging starts before anything that may log"),
    ("main.rs", "http", "prints the API document"),
    ("livekit/program/prepare.rs", "config", "hands server.domain to address.rs"),
    ("livekit/program/address.rs", "config", "the address told to clients is what server.domain resolves to"),
    ("http/context.rs", "limits", "hands the counters of tries to the routes that have a limit"),
    ("http/rooms.rs", "limits", "says which limit the route has"),
    ("http/join.rs", "limits", "says which limit the route has"),
    ("http/meeting/chat.rs", "limits", "says which limit the route has"),
    ("http/path_check.rs", "limits", "says which limit the route has"),
    ("http/identity.rs", "serve", "the client's address as the listener found it"),
    ("http/mod.rs", "serve", "the door is what answers connections"),
    ("http/cert.rs", "serve", "whether a request came through our TLS"),
    ("control/operator.rs", "serve", "the kernel's word about the peer"),
    ("jobs/states.rs", "livekit", "tells how the SFU fares; nothing is decided about it"),
    ("jobs/states.rs", "tls", "tells how the certificate fares; nothing is decided about it"),
    ("control/context.rs", "livekit", "hands the SFU to the route that shows how it fares"),
    ("control/livekit.rs", "livekit", "shows how the SFU fares; nothing is decided about it"),
    ("control/context.rs", "config", "hands the configuration to the route that shows it"),
    ("control/config.rs", "config", "shows it; nothing is decided about it"),
    (
        "control/certificate.rs",
        "livekit",
        "the addresses of this machine, for whoever asks where a name leads",
    ),
    ("control/context.rs", "telemetry", "hands the newest log lines to their route"),
    (
        "control/logs.rs",
        "telemetry",
        "the newest log lines are the operator's alone; nothing is decided about them",
    ),
];

const LONGEST_FILE: usize = 400;
const MOST_FILES: usize = 24;

#[test]
fn modules_use_what_the_table_allows() {
    let root = repository().join("daemon/src");
    let table: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let sections: BTreeMap<_, _> = SECTIONS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut unneeded: BTreeSet<_> = EXCEPTIONS.iter().map(|&(file, used, _)| (file, used)).collect();
    for file in rust_files(&root) {
        let name = relative(&root, &file);
        let module = name.split(['/', '.']).next().unwrap_or_default();
        if module == "app" {
            continue;
        }
        let Some(allowed) = table.get(module) else {
            wrong.push(format!("{name}: the module {module} is not in the table"));
            continue;
        };
        for used in uses(&name, &fs::read_to_string(&file).expect("a source file")) {
            let (top, item) = used.split_once("::").unwrap_or((&used, ""));
            let own_section = top == "config" && sections.get(module).is_some_and(|s| s.contains(&item));
            if top == module || allowed.contains(&top) || own_section {
                continue;
            }
            match EXCEPTIONS.iter().find(|&&(at, what, _)| at == name && what == top) {
                Some(&(at, what, _)) => drop(unneeded.remove(&(at, what))),
                None => wrong.push(format!("{name}: {module} may not use {used}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unneeded.is_empty(), "exceptions that nobody needs: {unneeded:?}");
}

#[test]
fn no_folder_of_the_daemon_is_crowded() {
    let root = repository().join("daemon/src");
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for file in rust_files(&root) {
        *counted.entry(relative(&root, file.parent().expect("a folder"))).or_default() += 1;
    }
    counted.retain(|_, files| *files > MOST_FILES);
    assert!(counted.is_empty(), "more than {MOST_FILES} files side by side: {counted:?}");
}

#[test]
fn files_of_one_folder_use_each_other_in_one_direction() {
    let root = repository().join("daemon/src");
    let mut uses_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in rust_files(&root) {
        let name = relative(&root, &file);
        let (Some(folder), Some(own)) = (file.parent(), file.file_stem().and_then(|s| s.to_str())) else {
            continue;
        };
        if own == "mod" || own == "lib" || own == "main" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in siblings(code) {
            if used != own
                && (folder.join(&used).with_extension("rs").exists() || folder.join(&used).is_dir())
            {
                uses_of.entry(name.clone()).or_default().insert(relative(&root, &folder.join(used)) + ".rs");
            }
        }
    }
    for (file, used) in &uses_of {
        for other in used {
            let back = uses_of.get(other).is_some_and(|back| back.contains(file));
            assert!(!back, "{file} and {other} use each other");
        }
    }
}

#[test]
fn the_operators_tool_never_opens_the_database() {
    let forbidden = ["rusqlite", "r2d2", "refinery", "bedrud.workspace", "path = \"../daemon\""];
    for manifest in ["bedrudctl/Cargo.toml", "daemon/control/Cargo.toml"] {
        let text = fs::read_to_string(repository().join(manifest)).expect("a manifest");
        for name in forbidden {
            assert!(!text.contains(name), "{manifest} names {name}");
        }
    }
    let control = fs::read_to_string(repository().join("daemon/control/Cargo.toml")).expect("a manifest");
    let (_, dependencies) = control.split_once("[dependencies]").expect("dependencies");
    assert_eq!(dependencies.trim(), "serde.workspace = true", "wire types need serde only");
}

/// What only one of the two databases understands, or what asks which of them it is.
const ONE_SIDED: &[&str] = &[
    "Database::Sqlite",
    "Database::Postgres",
    "rusqlite::",
    "PRAGMA",
    "ROWID",
    "INSERT OR ",
    "GLOB ",
    "STRFTIME",
    "ILIKE",
    "::BIGINT",
    "::TEXT",
    "NOW()",
    "JSON_",
    "IFNULL(",
    "AUTOINCREMENT",
    "SERIAL ",
    "JSONB",
    "ARRAY[",
];

#[test]
fn no_query_exists_for_one_database_only() {
    let root = repository().join("daemon/src");
    let mut wrong = Vec::new();
    let migrations = fs::read_dir(root.join("store/migrations")).expect("migrations").flatten();
    let files = rust_files(&root).into_iter().chain(migrations.map(|entry| entry.path()));
    for file in files {
        let name = relative(&root, &file);
        // `engine` makes one of two, and a copy of a file is about the file
        if !name.starts_with("store/")
            || ["store/engine/", "store/whole/copy.rs"].iter().any(|at| name.starts_with(at))
        {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for word in ONE_SIDED {
                if line.contains(word) {
                    wrong.push(format!("{name}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_answers_for_and_is_short() {
    let mut wrong = Vec::new();
    for folder in ["daemon", "bedrudctl", "tests"] {
        for file in rust_files(&repository().join(folder)) {
            let name = relative(repository(), &file);
            let text = fs::read_to_string(&file).expect("a source file");
            if !text.starts_with("//! ") {
                wrong.push(format!("{name} does not open with //!"));
            }
            // the harness explains itself on a page; the programs have to be said in three lines
            let opening = text.lines().take_while(|line| line.starts_with("//!")).count();
            if folder != "tests" && opening > 3 {
                wrong.push(format!("{name} says in more than three lines what it answers for"));
            }
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                wrong.push(format!("{name} has {lines} lines; {LONGEST_FILE} are the most"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn paths_are_read_as_the_compiler_reads_them() {
    let text = "use crate::{\n  a::{b, c},\n d,\n}; // crate::no\nfn f() { crate::e::g(); super::h::i(); }\n";
    let found: Vec<_> = uses("m/n.rs", text).into_iter().collect();
    assert_eq!(found, ["a::b", "a::c", "d", "e::g"]);
    assert_eq!(uses("m/mod.rs", "use super::h::i;").into_iter().collect::<Vec<_>>(), ["h::i"]);
}

/// What of its own folder a file names, as `super::name`.
fn siblings(code: &str) -> BTreeSet<String> {
    code.match_indices("super::")
        .filter(|&(at, _)| !code[..at].ends_with("super::"))
        .flat_map(|(at, _)| first_segments(&code[at + "super::".len()..], 1))
        .collect()
}

/// Everything of ours that a file names, as `module` or `module::item`.
fn uses(name: &str, text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let depth = name.trim_end_matches(".rs").split('/').filter(|part| *part != "mod").count();
    let climbing = "super::".repeat(depth);
    let mut found = BTreeSet::new();
    for prefix in ["crate::", "bedrud::", climbing.as_str()] {
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
                found.extend(first_segments(&code[at + prefix.len()..], 2));
            }
        }
    }
    found.retain(|path| !path.starts_with('*'));
    found
}

/// The paths that begin here, cut after `most` segments: `a::{b, c::d}` is `a::b` and `a::c`.
fn first_segments(text: &str, most: usize) -> Vec<String> {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        return branches(inner).into_iter().flat_map(|branch| first_segments(branch, most)).collect();
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (segment, rest) = text.split_at(end);
    if segment.is_empty() {
        return Vec::new();
    }
    match rest.strip_prefix("::") {
        Some(rest) if most > 1 => {
            let below = first_segments(rest, most - 1);
            if below.is_empty() {
                return vec![segment.to_owned()];
            }
            below.into_iter().map(|path| format!("{segment}::{path}")).collect()
        }
        _ => vec![segment.to_owned()],
    }
}

/// What stands between the commas of a group, up to its closing brace.
fn branches(inner: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, sign) in inner.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                found.push(&inner[start..at]);
                return found;
            }
            ',' if depth == 0 => {
                found.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_ours = !path.ends_with("target") && !path.ends_with("node_modules");
        if path.is_dir() && is_ours {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}
