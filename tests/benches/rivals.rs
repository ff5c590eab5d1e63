//! haproxy and nginx doing the same work beside the daemon, from Debian's packages, in the same run.
use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use bedrud_tests::{TempDir, free_port, repository};

/// A running server that is measured beside ours. Dropping it ends it.
pub struct Rival {
    child: Child,
    _directory: TempDir,
}

/// haproxy that ends TLS with this pair: the second address passes the bytes on to `backend`, the first speaks HTTP itself.
/// As its manual would have it: as many threads as the machine has, the usual buffers.
pub fn haproxy(pair: &(String, String), backend: SocketAddr) -> Result<(Rival, [SocketAddr; 2])> {
    let directory = TempDir::with_prefix("bedrud-haproxy-")?;
    let pem = directory.path().join("pair.pem");
    fs::write(&pem, format!("{}{}", pair.0, pair.1))?;
    let addresses = [free(), free()];
    let [speaks, passes] = addresses;
    let bind = format!("ssl crt {} alpn h2,http/1.1", pem.display());
    let text = format!(
        "global\n  maxconn 4000\n\
         defaults\n  timeout client 60s\n  timeout server 60s\n  timeout connect 5s\n\
         frontend speaks\n  mode http\n  bind {speaks} {bind}\n  http-request return status 200\n\
         frontend passes\n  mode tcp\n  bind {passes} {bind}\n  default_backend behind\n\
         backend behind\n  mode tcp\n  server s {backend}\n"
    );
    let file = directory.path().join("haproxy.cfg");
    fs::write(&file, text)?;
    let mut command = Command::new("haproxy");
    command.arg("-db").arg("-f").arg(&file);
    Ok((Rival::start(command, directory, &addresses)?, addresses))
}

/// nginx that ends TLS with this pair, serves the built page, and takes `/livekit/` to `backend`.
/// As its manual would have it: a worker for each core, files sent by the kernel where they can be, open ones remembered,
/// those that are packed already sent so.
pub fn nginx(pair: &(String, String), backend: SocketAddr) -> Result<(Rival, SocketAddr)> {
    let directory = TempDir::with_prefix("bedrud-nginx-")?;
    let (home, address) = (directory.path(), free());
    fs::write(home.join("cert.pem"), &pair.0)?;
    fs::write(home.join("key.pem"), &pair.1)?;
    let file = home.join("nginx.conf");
    fs::write(&file, nginx_text(home, address, backend))?;
    let mut command = Command::new("nginx");
    command.arg("-p").arg(home).arg("-c").arg(&file).args(["-e", "stderr"]);
    let nginx = Rival::start(command, directory, &[address])?;
    nginx.has_workers(std::thread::available_parallelism()?.get())?;
    Ok((nginx, address))
}

fn nginx_text(home: &Path, address: SocketAddr, backend: SocketAddr) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", home.display()))
        .concat();
    // it drops its rights where it is root, and then could not read the page
    format!(
        "user root;\nworker_processes auto;\ndaemon off;\nerror_log stderr crit;\npid {home}/pid;\n\
         events {{ worker_connections 4000; }}\n\
         http {{\n{temporary}access_log off;\ninclude /etc/nginx/mime.types;\n\
         sendfile on;\ntcp_nopush on;\nopen_file_cache max=1000;\ngzip_static on;\nkeepalive_requests 1000000;\n\
         ssl_protocols TLSv1.2 TLSv1.3;\nssl_certificate {home}/cert.pem;\nssl_certificate_key {home}/key.pem;\n\
         server {{\nlisten {address} ssl http2;\nroot {page};\n\
         location /livekit/ {{\nproxy_pass http://{backend}/;\nproxy_http_version 1.1;\n\
         proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection upgrade;\n}}\n}}\n}}\n",
        home = home.display(),
        page = repository().join("frontend/build").display(),
    )
}

fn free() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], free_port()))
}

impl Rival {
    fn start(mut command: Command, directory: TempDir, addresses: &[SocketAddr]) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("{name} (packaging/need.sh bench)"))?;
        let mut this = Self { child, _directory: directory };
        let begun = Instant::now();
        for address in addresses {
            while TcpStream::connect(address).is_err() {
                if begun.elapsed() > Duration::from_secs(10) || this.child.try_wait()?.is_some() {
                    bail!("{name} does not listen");
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(this)
    }

    /// Waits for its workers: it listens before it has any, and whose time is not counted works for nothing.
    fn has_workers(&self, count: usize) -> Result<()> {
        let begun = Instant::now();
        while self.processes()?.len() <= count {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("it has fewer than {count} workers");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Every process that works for it: itself and its workers.
    pub fn processes(&self) -> Result<Vec<u32>> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"))?;
        let children = children.split_whitespace().map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        Ok([vec![own], children].concat())
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        // workers outlive a parent that is killed, so it is asked; it is gone already, or goes now
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
