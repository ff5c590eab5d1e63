//! The page's files over TLS beside nginx: the same files, packed as the build packed them, on connections that stay open.
use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use bedrud_tests::{free_port, repository, tls};
use tokio::task::block_in_place;

use crate::{
    behind,
    beside::{Side, per_cpu_second},
    cases::get,
    figure::Figures,
    load::{Connection, everywhere},
    rivals,
    secured::{open, settings},
    stand_in,
};

const CLIENTS: usize = 8;
/// What all of them are sent of each file, about.
const BYTES: u64 = 400 << 20;
const MOST_REQUESTS: u64 = 60_000;
/// Where browsers find nearly everything of the page.
const CHUNKS: &str = "_app/immutable/chunks";

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let pair = tls::pair("meet.example.org", 30);
    let server = stand_in::start(&pair, free_port(), free_port()).await?;
    let (nginx, address) = rivals::nginx(&pair, behind::signalling()?)?;
    let sides = [Side { name: "nginx", address, processes: nginx.processes()? }, server.side()];
    let mut figures = Figures::default();
    block_in_place(|| {
        for (name, bytes) in chunks()? {
            let request = get(&format!("/{CHUNKS}/{name}"), None, "accept-encoding: gzip\r\n");
            let title = format!("static file over TLS, {:.1} kB", bytes as f64 / 1e3);
            let count = (BYTES / bytes).min(MOST_REQUESTS);
            let work = |address| ask(address, &request, count);
            per_cpu_second(&mut figures, &title, "files/CPU-s", &sides, work)?;
        }
        anyhow::Ok(())
    })?;
    Ok(figures)
}

/// Three files of the page, the one in the middle and the two largest, and what each weighs packed.
fn chunks() -> Result<Vec<(String, u64)>> {
    let folder = repository().join("frontend/build").join(CHUNKS);
    let entries = fs::read_dir(&folder).with_context(|| format!("no page in {}", folder.display()))?;
    let packed = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.strip_suffix(".gz")?.to_owned();
        Some((name, fs::metadata(path).ok()?.len()))
    };
    let mut files: Vec<_> = entries.flatten().filter_map(|entry| packed(entry.path())).collect();
    files.sort_by_key(|(_, bytes)| *bytes);
    let picked = [files.len() / 2, files.len().saturating_sub(2), files.len().saturating_sub(1)];
    Ok(picked.into_iter().filter_map(|at| files.get(at).cloned()).collect())
}

fn ask(address: SocketAddr, request: &[u8], count: u64) -> Result<f64> {
    let each = count.div_ceil(CLIENTS as u64);
    everywhere(CLIENTS, |_| {
        let mut connection = Connection::over(open(address, Arc::new(settings()))?);
        (0..each).try_for_each(|_| connection.ask(request))
    })?;
    Ok((each * CLIENTS as u64) as f64)
}
