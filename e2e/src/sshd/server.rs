//! One SSH server.

use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::SshdSetup;
use crate::{Scratch, run, wait};

/// An OpenSSH server on a port of the loopback interface; ended when dropped, with whatever it has started.
///
/// Its users are `root`, [`OPS`](Self::OPS) who may not become root, [`ADMIN`](Self::ADMIN) who may by sudo, and
/// [`CAREFUL`](Self::CAREFUL) who may by sudo with a password. Everybody's password is
/// [`PASSWORD`](Self::PASSWORD), and [`key`](Self::key) lets everybody in.
#[derive(Debug)]
pub struct Sshd {
    folder: Scratch,
    port: u16,
    process: Child,
}

impl Sshd {
    /// A user without sudo.
    pub const OPS: &'static str = "ops";
    /// A user with sudo.
    pub const ADMIN: &'static str = "admin";
    /// A user with sudo that asks for the password.
    pub const CAREFUL: &'static str = "careful";
    /// The password of every user.
    pub const PASSWORD: &'static str = "correct horse 'battery' $taple";

    pub(super) fn start(setup: &SshdSetup) -> Result<Self> {
        let folder = Scratch::new()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        for kind in &setup.host_keys {
            generate(&folder.join(&format!("host_{kind}")), kind, "")?;
        }
        generate(&folder.join("id"), "ed25519", "")?;
        fs::copy(folder.join("id.pub"), folder.join("authorized_keys"))?;
        fs::write(folder.join("sshd_config"), config(setup, folder.path(), port))?;
        let hash = run(folder.path(), "openssl", &["passwd", "-6", Self::PASSWORD])?;
        let process = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
            .args(["bash", "-c", include_str!("server.sh"), "bash"])
            .arg(folder.path())
            .arg(hash.trim())
            .stdin(Stdio::null())
            .stdout(fs::File::create(folder.join("out"))?)
            .stderr(fs::File::create(folder.join("log"))?)
            .spawn()
            .context("starting unshare: the e2e tests need root")?;
        let server = Self { folder, port, process };
        server.wait_until_it_answers()?;
        server.write_known_hosts()?;
        Ok(server)
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address by which `user` logs in.
    pub fn address(&self, user: &str) -> String {
        format!("{user}@127.0.0.1:{}", self.port)
    }

    /// A file or folder of its own; nothing is created.
    pub fn join(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The private key that lets everybody in.
    pub fn key(&self) -> PathBuf {
        self.join("id")
    }

    /// A file that knows its host keys, and nobody else's.
    pub fn known_hosts(&self) -> PathBuf {
        self.join("known_hosts")
    }

    /// A configuration of `ssh` with its known hosts and its key, so that nothing of the user's own plays a part;
    /// `more` are lines that go before.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn client_config(&self, more: &str) -> Result<PathBuf> {
        let file = self.join("ssh_config");
        let (known, key) = (self.known_hosts(), self.key());
        let text = format!(
            "{more}\nHost *\n UserKnownHostsFile {}\n GlobalKnownHostsFile none\n IdentityFile {}\n IdentityAgent none\n",
            known.display(),
            key.display(),
        );
        fs::write(&file, text)?;
        Ok(file)
    }

    /// Makes a key that lets everybody in, locked with `passphrase` unless that is empty.
    ///
    /// # Errors
    /// When ssh-keygen is not installed, or the key exists.
    pub fn another_key(&self, name: &str, kind: &str, passphrase: &str) -> Result<PathBuf> {
        let key = self.join(name);
        generate(&key, kind, passphrase)?;
        let both = [
            fs::read_to_string(self.join("authorized_keys"))?,
            fs::read_to_string(self.join(&format!("{name}.pub")))?,
        ];
        fs::write(self.join("authorized_keys"), both.concat())?;
        Ok(key)
    }

    /// The public half of its host key of `kind`, as one line without a comment.
    ///
    /// # Errors
    /// When it has none.
    pub fn host_key(&self, kind: &str) -> Result<String> {
        let text = fs::read_to_string(self.join(&format!("host_{kind}.pub")))?;
        Ok(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    }

    /// Runs a script as root in its namespace, where its files, users and processes are.
    ///
    /// # Errors
    /// When the script fails.
    pub fn inside(&self, script: &str) -> Result<String> {
        let children = format!("/proc/{0}/task/{0}/children", self.process.id());
        let first = fs::read_to_string(&children)?;
        let first = first.split_whitespace().next().context("its namespace is gone")?;
        run(self.folder.path(), "nsenter", &["-t", first, "-m", "-p", "sh", "-ec", script])
    }

    /// Ends every connection, as a cable that is pulled does; the server goes on.
    ///
    /// # Errors
    /// When its namespace is gone.
    pub fn cut(&self) -> Result<()> {
        self.inside("pkill -KILL -f '^sshd: ' || true").map(drop)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.join("log")).unwrap_or_default()
    }

    fn wait_until_it_answers(&self) -> Result<()> {
        wait::until("sshd answers", Duration::from_secs(20), || {
            let mut banner = [0; 4];
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.read_exact(&mut banner)?;
            ensure!(&banner == b"SSH-", "it says {banner:?}; its log: {}", self.log());
            Ok::<(), anyhow::Error>(())
        })
    }

    fn write_known_hosts(&self) -> Result<()> {
        let keys =
            ["ed25519", "ecdsa", "rsa"].into_iter().filter_map(|kind| self.host_key(kind).ok());
        let lines = keys.map(|key| format!("[127.0.0.1]:{} {key}\n", self.port));
        Ok(fs::write(self.known_hosts(), lines.collect::<String>())?)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        // The first process of the namespace goes with it, and everything else with that.
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(error) = ended {
            log::warn!("ending an sshd: {error}");
        }
    }
}

fn config(setup: &SshdSetup, folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let keys = setup.host_keys.iter().map(|kind| format!("HostKey {folder}/host_{kind}\n"));
    let usual = format!(
        "Port {port}\nListenAddress 127.0.0.1\nAuthorizedKeysFile {folder}/authorized_keys\nPidFile none\n\
         StrictModes no\nPermitRootLogin yes\nUsePAM yes\nPasswordAuthentication yes\n\
         KbdInteractiveAuthentication yes\nLogLevel VERBOSE\nPrintMotd no\nMaxStartups 100:30:200\n"
    );
    // A subsystem may not be set twice, unlike everything else.
    let is_set = setup.lines.iter().any(|line| line.starts_with("Subsystem "));
    let sftp = if is_set { "" } else { "Subsystem sftp internal-sftp\n" };
    format!("{}\n{}{usual}{sftp}", setup.lines.join("\n"), keys.collect::<String>())
}

fn generate(file: &Path, kind: &str, passphrase: &str) -> Result<()> {
    let path = file.to_str().context("a key's path is not UTF-8")?;
    let args = ["-q", "-t", kind, "-N", passphrase, "-C", "harmony-e2e", "-f", path];
    run(Path::new("/"), "ssh-keygen", &args).map(drop)
}
