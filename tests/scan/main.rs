//! `make scan`: a TLS scanner of others (sslyze) looks at the daemon, whose certificate came from a real ACME server by
//! itself. Prints what it says; fails where it objects to anything.
mod said;

use std::{fs, process::ExitCode};

use anyhow::{Context, Result, ensure};
use bedrud_tests::{
    Server,
    authority::{Authority, LONG, Looks},
    json, repository,
    tls::{self, Believe},
    until_within,
};
use tokio::process::Command;

const NAME: &str = "meet.example.org";
/// As long as those of the authority that most people use.
const VALID_SECONDS: u64 = 90 * 24 * 3600;

#[tokio::main]
async fn main() -> ExitCode {
    match scan().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn scan() -> Result<()> {
    let looks = Looks::free();
    let authority = Authority::start(looks, json!({"certificateValidityPeriod": VALID_SECONDS})).await;
    let root = authority.root().await;
    let server = json!({"domain": NAME, "port": looks.https, "httpPort": looks.http});
    let mut server = Server::builder().tls(authority.section()).config(json!({"server": server})).prepare();
    server.spawn();
    server.ready().await;
    until_within(LONG, "a certificate of the authority", async || {
        let settings = tls::settings(&Believe::Pem(root.clone()));
        tls::connect(server.address(), NAME, settings).await.ok()
    })
    .await;

    let (trusted, told) = (server.path("root.pem"), repository().join("build/scan.json"));
    fs::write(&trusted, &root)?;
    // a scan that says nothing must not be taken for the one before
    let _ = fs::remove_file(&told);
    let scanner = repository().join("build/scanner/bin/sslyze");
    let ended = Command::new(&scanner)
        .args(["--mozilla_config=intermediate", "--early_data", "--sni", NAME])
        .arg(format!("--certinfo_ca_file={}", trusted.display()))
        .arg(format!("--json_out={}", told.display()))
        .arg(server.address().to_string())
        .status()
        .await
        .with_context(|| format!("{} (make scan installs it)", scanner.display()))?;
    let text = fs::read_to_string(&told).context("the scanner said nothing")?;
    let objections = said::judge(&serde_json::from_str(&said::shortened(&text))?);
    ensure!(ended.success(), "it does not comply with Mozilla's intermediate configuration, see above");
    ensure!(objections.is_empty(), "objected to: {}", objections.join(", "));
    println!("Nothing was objected to.");
    Ok(())
}
