//! haproxy doing the same work beside the daemon, from Debian's package, in the same run.
use std::{
    fs,
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use bedrud_tests::{TempDir, free_port};

/// A running haproxy that ends TLS with this pair and passes the bytes on to `backend`.
pub struct Haproxy {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    _directory: TempDir,
}

impl Haproxy {
    /// As its manual would have it for this: as many threads as the machine has, the usual buffers.
    pub fn start((chain, key): &(String, String), backend: SocketAddr) -> Result<Self> {
        let directory = TempDir::with_prefix("bedrud-haproxy-")?;
        let pem = directory.path().join("pair.pem");
        fs::write(&pem, format!("{chain}{key}"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let text = format!(
            "global\n  maxconn 4000\ndefaults\n  mode tcp\n  timeout client 60s\n  timeout server 60s\n  timeout connect 5s\n\
             frontend f\n  bind {address} ssl crt {} alpn h2,http/1.1\n  default_backend b\n\
             backend b\n  server s {backend}\n",
            pem.display()
        );
        let file = directory.path().join("haproxy.cfg");
        fs::write(&file, text)?;
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(&file).stdout(Stdio::null()).stderr(Stdio::inherit());
        let child = command.spawn().context("haproxy (apt install haproxy)")?;
        let mut this = Self { child, address, _directory: directory };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(10) || this.child.try_wait()?.is_some() {
                bail!("haproxy does not listen");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(this)
    }

    /// Its process, which does all the work itself.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        // it is gone already, or goes now
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
