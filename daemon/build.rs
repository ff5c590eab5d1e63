//! Turns `frontend/build` into a sorted table of embedded files with ETags, and writes the page's Content-Security-Policy.
//! Without a built page the table is empty, and the daemon answers 404 for it.

use std::{
    collections::hash_map::DefaultHasher,
    env, fs,
    hash::Hasher,
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    // asked when it runs: compiled in, it would be the folder of whichever checkout shares the target directory
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let page = here.join("../frontend/build");
    println!("cargo:rerun-if-changed={}", page.display());
    println!("cargo:rerun-if-changed=build.rs");
    // 10 kB of relocations instead of 600, all of which are read at start (glibc 2.36, ld 2.38)
    println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    println!("cargo:rerun-if-changed=src/store/migrations");
    let mut files = Vec::new();
    if page.is_dir() {
        collect(&page, &mut files)?;
    }
    let mut rows = Vec::new();
    for file in files {
        let name = format!("/{}", file.strip_prefix(&page).map_err(io::Error::other)?.display());
        if name == "/csp.json" || [".br", ".gz"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        rows.push((name.clone(), row(&name, &file)?));
    }
    rows.sort();
    let hashes = fs::read_to_string(page.join("csp.json")).unwrap_or_default();
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    let out = format!(
        "static ASSETS: &[Asset] = &[\n{rows}];\nconst CONTENT_SECURITY_POLICY: &str = {:?};\n",
        policy(&hashes)
    );
    let target = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?).join("assets.rs");
    fs::write(target, out)
}

/// No inline script but those whose hash the page's build wrote down, no other host at all. WebAssembly for noise suppression.
/// In whose frames the page may be shown is the configuration's, and added to each answer.
fn policy(hashes: &str) -> String {
    let hashes: String = hashes
        .split('"')
        .filter(|part| part.starts_with("sha256-"))
        .map(|hash| format!(" '{hash}'"))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' blob: data:; \
         media-src 'self' blob:; connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; \
         worker-src 'self' blob:; form-action 'self'; base-uri 'none'"
    )
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A larger file is not kept plain: whoever takes no coding is sent the brotli, unpacked on the way.
const SMALL_BYTES: usize = 16 << 10;
/// A larger file is kept in brotli alone: these would be half of the program. As in frontend/scripts/finish-build.mjs.
const LARGE_BYTES: usize = 128 << 10;

fn row(name: &str, file: &Path) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    let bytes = fs::read(file)?;
    hasher.write(&bytes);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let include = |path: PathBuf| match path.is_file() {
        true => format!("include_bytes!({:?})", path.display().to_string()),
        false => "&[]".to_owned(),
    };
    let beside = |end: &str| include(PathBuf::from(format!("{}{end}", file.display())));
    let brotli = beside(".br");
    let none = || "&[]".to_owned();
    let (plain, gzip) = match bytes.len() {
        _ if brotli == none() => (include(file.to_owned()), none()),
        size if size <= SMALL_BYTES => (include(file.to_owned()), beside(".gz")),
        size if size <= LARGE_BYTES => (none(), beside(".gz")),
        _ => (none(), none()),
    };
    Ok(format!(
        "Asset {{ path: {name:?}, mime: {:?}, etag: {etag:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},\n",
        mime(name),
    ))
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
