use async_trait::async_trait;
use harmony_capabilities::host::{
    AccountStore, AuthorizedKey, EntryKind, FileStore, HostError, HostErrorKind, User, UserName,
    UserState,
};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};
use harmony_types::{ByteSize, HostPath, Sha256Digest};
use sha2::{Digest, Sha256};

use super::{Users, keys};
use crate::linux::Linux;
use crate::linux::change::Change;
use crate::linux::marks::{Marked, Marks};

/// No file of keys is larger.
const MOST_KEYS: ByteSize = ByteSize::mib(4);

#[async_trait]
impl AccountStore for Linux {
    async fn user(&self, name: &UserName) -> Result<Option<UserState>, HostError> {
        self.reads().ask::<Users>(name.clone()).await
    }

    async fn ensure_user(&self, ctx: &Context, user: &User, mark: &Mark) -> Result<(), HostError> {
        let (name, host) = (user.name.as_str(), self.host());
        let path =
            |path: &Option<HostPath>| path.as_ref().map(ToString::to_string).unwrap_or_default();
        let words = [
            host.places.at(""),
            name.to_owned(),
            host.marks.path(Marked::User, name),
            Marks::text(name, mark),
            user.uid.map(|uid| uid.to_string()).unwrap_or_default(),
            path(&user.home),
            path(&user.shell),
            if user.system { "yes".to_owned() } else { String::new() },
        ];
        let words = words.into_iter().chain(user.groups.iter().map(ToString::to_string));
        let change =
            Change::new(Intent::new("ensure user", name), include_str!("ensure.sh"), words);
        self.change(ctx, change).await.map(drop)
    }

    async fn remove_user(&self, ctx: &Context, name: &UserName) -> Result<(), HostError> {
        let host = self.host();
        let mark = host.marks.path(Marked::User, name.as_str());
        let words = [host.places.at(""), name.to_string(), mark];
        let intent = Intent::new("remove user", name.as_str());
        self.change(ctx, Change::new(intent, include_str!("remove.sh"), words)).await.map(drop)
    }

    async fn authorized_keys(&self, user: &UserName) -> Result<Vec<AuthorizedKey>, HostError> {
        let home = self.home(user).await?;
        Ok(keys::keys(&self.key_file(&home).await?.unwrap_or_default()))
    }

    fn key_in_use(&self) -> Option<AuthorizedKey> {
        self.login_key().cloned()
    }

    async fn authorize(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError> {
        let edit = |content: &[u8]| keys::with(content, key);
        self.edit_keys(ctx, Intent::new("authorize key for", user.as_str()), user, edit).await
    }

    async fn revoke(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError> {
        if self.login_key() == Some(key) && self.facts().login.name == user.as_str() {
            let what = format!("revoke the key that this connection of user {user} logged in with");
            return Err(HostError::new(HostErrorKind::Blocked, what)
                .at(self.commands().place())
                .remedy("log in with another key first"));
        }
        let edit = |content: &[u8]| keys::without(content, key);
        self.edit_keys(ctx, Intent::new("revoke key of", user.as_str()), user, edit).await
    }

    async fn marked_users(&self) -> Result<Vec<(UserName, Mark)>, HostError> {
        self.marked_as(Marked::User).await
    }
}

impl Linux {
    async fn home(&self, user: &UserName) -> Result<HostPath, HostError> {
        let what = || format!("look at the keys of user {user}");
        let error = |kind| HostError::new(kind, what()).at(self.commands().place());
        let found = self.user(user).await?;
        let found = found.ok_or_else(|| {
            error(HostErrorKind::NotFound).remedy("make the user first, with a UserScore")
        })?;
        let home = self.host().places.at(&found.home);
        home.parse().map_err(|why| error(HostErrorKind::Malformed).caused_by(why))
    }

    /// The content of the file of keys, where there is one.
    async fn key_file(&self, home: &HostPath) -> Result<Option<Vec<u8>>, HostError> {
        let path = key_path(home)?;
        let Some(entry) = self.entry(&path).await? else { return Ok(None) };
        match entry.kind {
            EntryKind::File { content: Some(content), .. } => Ok(Some(content.to_vec())),
            _ => self.read(&path, MOST_KEYS).await.map(Some),
        }
    }

    async fn edit_keys(
        &self,
        ctx: &Context,
        intent: Intent,
        user: &UserName,
        edit: impl Fn(&[u8]) -> Option<Vec<u8>> + Send,
    ) -> Result<(), HostError> {
        let home = self.home(user).await?;
        let old = self.key_file(&home).await?;
        let Some(new) = edit(old.as_deref().unwrap_or_default()) else { return Ok(()) };
        let digest = old.map(|old| Sha256Digest::new(Sha256::digest(&old).into()).to_string());
        let digest = digest.unwrap_or_default();
        let digest = digest.strip_prefix("sha256:").unwrap_or(&digest).to_owned();
        let words = [home.to_string(), user.to_string(), new.len().to_string(), digest];
        let change = Change::new(intent, include_str!("keys.sh"), words).input(new);
        self.change(ctx, change).await.map(drop)
    }
}

fn key_path(home: &HostPath) -> Result<HostPath, HostError> {
    home.join(".ssh/authorized_keys").map_err(|why| {
        HostError::new(HostErrorKind::Invalid, format!("look at the keys in {home}")).caused_by(why)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;
    use crate::linux::testing::{Host, Shell};

    const KEYS: [&str; 2] =
        ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk a", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl b"];

    fn ctx() -> Context {
        Context::for_site("shop".parse().unwrap())
    }

    /// A host with one user, who is whoever runs the tests.
    async fn with_user(shell: Shell) -> (Host, UserName) {
        let host = Host::under(shell).await;
        let login = host.linux.facts().login.clone();
        fs::create_dir_all(host.at("etc").as_path()).unwrap();
        fs::create_dir_all(host.at("home/me").as_path()).unwrap();
        let line = format!("{}:x:{}:0::/home/me:/bin/sh\n", login.name, login.uid);
        fs::write(host.at("etc/passwd").as_path(), line).unwrap();
        fs::write(host.at("etc/group").as_path(), format!("zero:x:0:\nkvm:x:9:{}\n", login.name))
            .unwrap();
        (host, login.name.parse().unwrap())
    }

    #[tokio::test]
    async fn users_are_seen() {
        for shell in Shell::ALL {
            let (host, name) = with_user(shell).await;
            let user = host.linux.user(&name).await.unwrap().unwrap();
            assert_eq!(
                (user.home.as_str(), user.groups),
                ("/home/me", vec!["zero".to_owned(), "kvm".to_owned()])
            );
            assert_eq!(host.linux.user(&"nobody-here".parse().unwrap()).await.unwrap(), None);
        }
    }

    /// By the host's own tools, which take another place for `/etc` only from root.
    #[tokio::test]
    async fn users_come_and_go() {
        let (host, me) = with_user(Shell::Dash).await;
        let (mark, etc) = (Mark::new("shop".parse().unwrap(), "UserScore"), host.at("etc"));
        fs::write(etc.join("shadow").unwrap().as_path(), "").unwrap();
        fs::write(etc.join("gshadow").unwrap().as_path(), "").unwrap();
        let name: UserName = "deploy".parse().unwrap();
        let mut user = User {
            name: name.clone(),
            uid: Some(4711),
            home: Some("/srv/deploy".parse().unwrap()),
            shell: Some("/bin/sh".parse().unwrap()),
            groups: vec!["kvm".parse().unwrap()],
            system: true,
        };
        let made = host.linux.ensure_user(&ctx(), &user, &mark).await;
        if host.linux.facts().login.uid != 0 {
            assert_ne!(made.unwrap_err().kind(), HostErrorKind::Invalid);
            return;
        }
        made.unwrap();
        let seen = host.linux.user(&name).await.unwrap().unwrap();
        assert_eq!(
            (seen.uid, seen.home.as_str(), seen.shell.as_str()),
            (4711, "/srv/deploy", "/bin/sh")
        );
        assert!(seen.groups.contains(&"kvm".to_owned()), "{seen:?}");
        assert_eq!(seen.mark, Some(mark.clone()));
        user.shell = Some("/usr/sbin/nologin".parse().unwrap());
        user.groups = vec!["zero".parse().unwrap()];
        host.linux.ensure_user(&ctx(), &user, &mark).await.unwrap();
        let seen = host.linux.user(&name).await.unwrap().unwrap();
        assert_eq!(seen.shell, "/usr/sbin/nologin");
        assert!(
            ["kvm", "zero"].iter().all(|group| seen.groups.contains(&(*group).to_owned())),
            "{seen:?}"
        );
        user.groups = vec!["no-such-group".parse().unwrap()];
        let error = host.linux.ensure_user(&ctx(), &user, &mark).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::NotFound, "{error}");
        assert_eq!(host.linux.marked_users().await.unwrap().len(), 1);
        host.linux.remove_user(&ctx(), &name).await.unwrap();
        host.linux.remove_user(&ctx(), &name).await.unwrap();
        assert_eq!(host.linux.user(&name).await.unwrap(), None);
        assert!(host.linux.marked_users().await.unwrap().is_empty());
        assert!(host.linux.user(&me).await.unwrap().is_some());
    }

    /// With busybox's tools and no others; its adduser, which Debian's does not have, only says what it was told.
    #[test]
    fn busybox_is_not_told_what_it_cannot_do() {
        let (bin, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (bin, root) = (bin.path(), root.path());
        let tools = Command::new("busybox").args(["--install", "-s"]).arg(bin).status();
        assert!(tools.expect("busybox-static is installed").success());
        for (tool, does) in [("adduser", "echo \"$@\" >\"$SAID\""), ("addgroup", "exit 1")] {
            fs::write(bin.join(tool), format!("#!{}/sh\n{does}\n", bin.display())).unwrap();
            fs::set_permissions(bin.join(tool), fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::create_dir(root.join("etc")).unwrap();
        fs::write(root.join("etc/passwd"), "me:x:7:0::/home/me:/bin/sh\n").unwrap();
        fs::write(root.join("etc/group"), "zero:x:0:\n").unwrap();
        let (mark, said) = (root.join("mark"), root.join("said"));
        let ensure = |name: &str, home: &str, shell: &str| {
            let only = format!("PATH={}\n", bin.display());
            let prelude = [include_str!("../change/prelude.sh"), crate::linux::marks::FUNCTIONS];
            let script = [&prelude.concat(), &only, include_str!("ensure.sh")].concat();
            let mut run = Command::new(bin.join("sh"));
            run.args(["-c", &script, "sh"]).arg(root).arg(name).arg(&mark);
            run.args(["{}", "", home, shell, ""]).env("SAID", &said).status().unwrap().code()
        };
        assert_eq!(ensure("me", "", "/bin/zsh"), Some(67));
        assert_eq!(ensure("me", "/srv/me", ""), Some(67));
        assert!(!mark.exists(), "what is refused is not ours");
        assert_eq!(ensure("me", "/home/me", "/bin/sh"), Some(0));
        assert!(mark.exists() && !said.exists(), "there is nothing to make");
        assert_eq!(ensure("zero", "", ""), Some(0));
        assert_eq!(fs::read_to_string(said).unwrap(), "-D -G zero zero\n");
    }

    #[tokio::test]
    async fn keys_come_and_go_and_the_rest_stays() {
        let keys = KEYS.map(|key| key.parse::<AuthorizedKey>().unwrap());
        for shell in Shell::ALL {
            let (host, name) = with_user(shell).await;
            assert_eq!(host.linux.authorized_keys(&name).await.unwrap(), []);
            host.linux.authorize(&ctx(), &name, &keys[0]).await.unwrap();
            let file = host.at("home/me/.ssh/authorized_keys");
            let mode = |path: &HostPath| fs::metadata(path.as_path()).unwrap().mode() & 0o7777;
            assert_eq!((mode(&host.at("home/me/.ssh")), mode(&file)), (0o700, 0o600));
            let others = format!("# others'\nno-pty {}\n", KEYS[0]);
            fs::write(file.as_path(), &others).unwrap();
            host.linux.authorize(&ctx(), &name, &keys[0]).await.unwrap();
            assert_eq!(fs::read_to_string(file.as_path()).unwrap(), others, "there already");
            host.linux.authorize(&ctx(), &name, &keys[1]).await.unwrap();
            assert_eq!(
                fs::read_to_string(file.as_path()).unwrap(),
                format!("{others}{}\n", KEYS[1])
            );
            host.linux.revoke(&ctx(), &name, &keys[0]).await.unwrap();
            assert_eq!(host.linux.authorized_keys(&name).await.unwrap(), [keys[1].clone()]);
            assert_eq!(
                fs::read_to_string(file.as_path()).unwrap(),
                format!("# others'\n{}\n", KEYS[1])
            );
        }
    }

    #[tokio::test]
    async fn the_key_in_use_stays() {
        let key: AuthorizedKey = KEYS[0].parse().unwrap();
        let (host, name) = with_user(Shell::Dash).await;
        host.linux.authorize(&ctx(), &name, &key).await.unwrap();
        let linux = host.linux.clone().logged_in_with(key.clone());
        assert_eq!(linux.key_in_use().as_ref(), Some(&key));
        let error = linux.revoke(&ctx(), &name, &key).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
        assert_eq!(linux.authorized_keys(&name).await.unwrap(), [key]);
    }

    #[tokio::test]
    async fn a_link_that_a_user_plants_while_a_key_is_let_in_leads_nowhere() {
        let key: AuthorizedKey = KEYS[0].parse().unwrap();
        for shell in [Shell::Bash, Shell::Dash] {
            let (host, name) = with_user(shell).await;
            let victim = host.at("victim");
            fs::write(victim.as_path(), "precious").unwrap();
            let swap = r#"for new in .harmony.*; do [ ! -e "$new" ] || { rm "$new"; ln -s VICTIM "$new"; }; done; tool "$@""#;
            host.meddle("chown", &swap.replace("VICTIM", victim.as_str()));
            host.linux.authorize(&ctx(), &name, &key).await.ok();
            assert_eq!(fs::read_to_string(victim.as_path()).unwrap(), "precious", "{shell:?}");
        }
    }

    #[tokio::test]
    async fn a_folder_of_keys_that_is_a_link_is_refused() {
        let key: AuthorizedKey = KEYS[0].parse().unwrap();
        for shell in Shell::ALL {
            let (host, name) = with_user(shell).await;
            symlink(host.at("etc").as_path(), host.at("home/me/.ssh").as_path()).unwrap();
            let error = host.linux.authorize(&ctx(), &name, &key).await.unwrap_err();
            assert_eq!(error.kind(), HostErrorKind::Blocked, "{error}");
            assert!(!host.at("etc/authorized_keys").as_path().exists());
        }
    }
}
