//! A bridge: a command on the host that connects there, with its input and output as the connection.

use harmony_capabilities::host::{Command, CommandExecution};
use harmony_types::HostPath;

use super::way::Remote;
use crate::ssh::{Ssh, SshError, SshErrorKind as Kind, exec::Root};

/// Says what stands in the way, or else what the host can build a bridge with. `$1` is a socket, or nothing.
const SURVEY: &str = r#"
if [ -n "$1" ]; then
  if [ ! -e "$1" ]; then echo missing; exit; fi
  if [ ! -S "$1" ]; then echo other; exit; fi
  if [ ! -w "$1" ]; then echo closed; exit; fi
fi
for tool in virt-ssh-helper socat python3 perl; do
  if command -v "$tool" >/dev/null 2>&1; then echo "$tool"; fi
done
if nc -h 2>&1 | grep -q -e -U; then echo nc; fi
"#;

/// Connects its input and output to `unix PATH` or `tcp HOST PORT`, and passes an end of one on to the other.
const PYTHON: &str = r#"
import os, socket, sys, threading
kind, where = sys.argv[1], sys.argv[2:]
if kind == "unix":
    s = socket.socket(socket.AF_UNIX)
    s.connect(where[0])
else:
    s = socket.create_connection((where[0], int(where[1])))
def up():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        s.sendall(data)
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while True:
    data = s.recv(65536)
    if not data:
        break
    while data:
        data = data[os.write(1, data):]
"#;

/// The same.
const PERL: &str = r#"
use strict; use Socket; use IO::Select;
my ($kind, @where) = @ARGV;
my $s;
if ($kind eq "unix") {
    socket($s, PF_UNIX, SOCK_STREAM, 0) && connect($s, pack_sockaddr_un($where[0])) or die "$!\n";
} else {
    my $ip = inet_aton($where[0]) or die "no such host\n";
    socket($s, PF_INET, SOCK_STREAM, 0) && connect($s, pack_sockaddr_in($where[1], $ip)) or die "$!\n";
}
sub put { my ($to, $data) = @_; while (length $data) { my $n = syswrite($to, $data) // exit 1; substr($data, 0, $n) = "" } }
my $both = IO::Select->new(\*STDIN, $s);
while (1) {
    for my $from ($both->can_read) {
        my $n = sysread($from, my $data, 65536) // exit 1;
        if ($from == $s) { exit 0 unless $n; put(\*STDOUT, $data) }
        elsif ($n) { put($s, $data) }
        else { $both->remove($from); shutdown($s, 1) }
    }
}
"#;

/// What the host has for a bridge, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    /// libvirt's own, which knows its daemons and their sockets.
    VirtSshHelper,
    Socat,
    Nc,
    Python,
    Perl,
}

impl Tool {
    const ALL: [(Self, &str); 5] = [
        (Self::VirtSshHelper, "virt-ssh-helper"),
        (Self::Socat, "socat"),
        (Self::Nc, "nc"),
        (Self::Python, "python3"),
        (Self::Perl, "perl"),
    ];

    /// The command that leads to `remote`, where this tool can.
    fn to(self, remote: &Remote) -> Option<Command> {
        Some(match (self, remote) {
            (Self::VirtSshHelper, Remote::Socket(path)) => {
                Command::new("virt-ssh-helper").args(libvirt(path)?)
            }
            // Its addresses have a syntax of their own, and no way to quote that all versions have.
            (Self::Socat, Remote::Socket(path)) if is_plain(path.as_str()) => {
                socat(format!("UNIX-CONNECT:{path}"))
            }
            (Self::Socat, Remote::Port { host, port }) if is_plain(host) => {
                socat(format!("TCP:{host}:{port}"))
            }
            (Self::VirtSshHelper, Remote::Port { .. }) | (Self::Socat, _) => return None,
            (Self::Nc, Remote::Socket(path)) => Command::new("nc").args(["-U", path.as_str()]),
            (Self::Nc, Remote::Port { host, port }) => {
                Command::new("nc").arg(host).arg(port.to_string())
            }
            (Self::Python, remote) => with(Command::new("python3").args(["-c", PYTHON]), remote),
            (Self::Perl, remote) => with(Command::new("perl").args(["-e", PERL, "--"]), remote),
        })
    }
}

/// The end of one direction is waited out by the other one for as long as that takes.
fn socat(address: String) -> Command {
    Command::new("socat").args(["-t", "86400", "-", &address])
}

fn with(command: Command, remote: &Remote) -> Command {
    match remote {
        Remote::Socket(path) => command.args(["unix", path.as_str()]),
        Remote::Port { host, port } => command.args(["tcp", host]).arg(port.to_string()),
    }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
}

/// How libvirt's helper is told which socket is meant, if it is one of the system's.
fn libvirt(path: &HostPath) -> Option<Vec<&'static str>> {
    let name = path.as_str().strip_prefix("/var").unwrap_or(path.as_str());
    match name {
        "/run/libvirt/libvirt-sock" => Some(vec!["qemu:///system"]),
        "/run/libvirt/libvirt-sock-ro" => Some(vec!["-r", "qemu:///system"]),
        _ => None,
    }
}

/// What a survey found.
#[derive(Debug)]
enum Found {
    Closed,
    Missing,
    NoSocket,
    NoTool,
    Way(Command),
}

/// Finds a bridge: as the login, and as root where the login may not.
pub(super) async fn find(ssh: &Ssh, remote: &Remote) -> Result<Command, SshError> {
    let mut found = survey(ssh, remote, false).await?;
    let root = matches!(ssh.shared.root, Root::Sudo(_));
    if root && matches!(found, Found::Closed | Found::Missing) {
        found = survey(ssh, remote, true).await?;
    }
    let error = |kind| SshError::new(kind, format!("forward {remote}")).at(ssh.place());
    Err(match found {
        Found::Way(command) => return Ok(command),
        Found::Closed => error(Kind::Denied).remedy(format!(
            "let {} open it (the group that owns it, and a new login), or allow sudo",
            ssh.user()
        )),
        Found::Missing => error(Kind::Failed)
            .remedy("start the service that listens there")
            .caused_by("there is no such socket"),
        Found::NoSocket => error(Kind::Failed)
            .remedy("name the socket of the service, or see who put something else there")
            .caused_by("what is there is no socket"),
        Found::NoTool => error(Kind::Unsupported)
            .remedy("allow forwarding in sshd_config, or install socat there")
            .caused_by("sshd forbids it, and nothing is there to bridge it with"),
    })
}

async fn survey(ssh: &Ssh, remote: &Remote, as_root: bool) -> Result<Found, SshError> {
    let socket = match remote {
        Remote::Socket(path) => path.as_str(),
        Remote::Port { .. } => "",
    };
    let command = Command::script(SURVEY).arg(socket);
    let command = if as_root { command.as_root() } else { command };
    let output = ssh.look(&command).await.map_err(|error| {
        let what = format!("look for a bridge to {remote}");
        SshError::new(Kind::Failed, what).at(ssh.place()).caused_by(error)
    })?;
    let said = output.stdout.text();
    let has = |word: &str| said.lines().any(|line| line == word);
    Ok(if has("missing") {
        Found::Missing
    } else if has("other") {
        Found::NoSocket
    } else if has("closed") {
        Found::Closed
    } else {
        let mut tools = Tool::ALL.into_iter().filter(|(_, name)| has(name));
        match tools.find_map(|(tool, _)| tool.to(remote)) {
            Some(command) if as_root => Found::Way(command.as_root()),
            Some(command) => Found::Way(command),
            None => Found::NoTool,
        }
    })
}
