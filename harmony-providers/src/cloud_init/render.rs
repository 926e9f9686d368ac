use std::{error::Error, fmt};

use harmony_capabilities::virtualization::{CloudInit, CloudUser};
use harmony_phases::{Context, InterpretError, InterpretErrorKind, Secret, secret::SecretError};
use harmony_types::{Hostname, ObjectName, Sha256Digest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::SeedFiles;

/// Renders what the guest of `machine` is told, resolving the passwords of its users.
///
/// # Errors
/// A secret that cannot be resolved.
pub async fn render_seed(
    ctx: &Context,
    machine: &ObjectName,
    seed: &CloudInit,
) -> Result<SeedFiles, RenderError> {
    let mut passwords = Vec::new();
    for user in &seed.users {
        passwords.push(match &user.password {
            Some(reference) => Some(ctx.secret(reference).await.map_err(RenderError::Secret)?),
            None => None,
        });
    }
    render(machine, seed, &passwords)
}

/// Digests what the guest of `machine` is told, without resolving a secret: it counts by reference.
///
/// A provider that writes it beside what it made can tell, without reading the seed back, whether
/// it is the wanted one.
pub fn seed_digest(machine: &ObjectName, seed: &CloudInit) -> Sha256Digest {
    // invariant: a description has string keys only, so it has a JSON form.
    let description = serde_json::to_vec(&(machine.as_str(), seed)).unwrap_or_default();
    Sha256Digest::new(Sha256::digest(&description).into())
}

fn render(
    machine: &ObjectName,
    seed: &CloudInit,
    passwords: &[Option<Secret<String>>],
) -> Result<SeedFiles, RenderError> {
    let own_name = || machine.as_str().parse::<Hostname>().ok();
    let hostname = seed.hostname.clone().or_else(own_name).map(|name| name.to_string());
    let instance_id = seed.instance_id.as_ref().unwrap_or(machine).to_string();
    let user_data = match &seed.user_data {
        Some(user_data) => user_data.clone(),
        None => user_data(hostname.clone(), &seed.users, passwords)?,
    };
    let meta_data = yaml(&MetaData { instance_id, local_hostname: hostname })?;
    Ok(SeedFiles { user_data, meta_data, network_config: seed.network_config.clone() })
}

fn user_data(
    hostname: Option<String>,
    users: &[CloudUser],
    passwords: &[Option<Secret<String>>],
) -> Result<String, RenderError> {
    let users: Vec<_> = users.iter().zip(passwords).map(User::of).collect();
    let by_password = users.iter().any(|user| !user.lock_passwd);
    let document = UserData { hostname, users, ssh_pwauth: by_password };
    Ok(format!("#cloud-config\n{}", yaml(&document)?))
}

fn yaml(document: &impl Serialize) -> Result<String, RenderError> {
    serde_saphyr::to_string(document).map_err(|error| RenderError::Yaml(error.to_string()))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct MetaData {
    instance_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_hostname: Option<String>,
}

#[derive(Serialize)]
struct UserData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<User<'a>>,
    ssh_pwauth: bool,
}

/// A user as cloud-init's module `users` reads it.
#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    shell: &'static str,
    lock_passwd: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashed_passwd: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plain_text_passwd: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sudo: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    ssh_authorized_keys: &'a [String],
}

impl<'a> User<'a> {
    fn of((user, password): (&'a CloudUser, &'a Option<Secret<String>>)) -> Self {
        let password = password.as_ref().map(|secret| secret.expose().as_str());
        // A hash of crypt(3) begins with `$`; anything else is the password itself.
        let (hashed, plain) = match password {
            Some(hash) if hash.starts_with('$') => (Some(hash), None),
            other => (None, other),
        };
        Self {
            name: &user.name,
            shell: "/bin/bash",
            lock_passwd: password.is_none(),
            hashed_passwd: hashed,
            plain_text_passwd: plain,
            sudo: user.sudo.then_some("ALL=(ALL) NOPASSWD:ALL"),
            ssh_authorized_keys: &user.keys,
        }
    }
}

/// What a guest is told could not be written down.
#[derive(Debug)]
#[non_exhaustive]
pub enum RenderError {
    /// A password cannot be resolved.
    Secret(SecretError),
    /// A text cannot be written as YAML.
    Yaml(String),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(_) => f.write_str("the password of a cloud-init user is not to be had"),
            Self::Yaml(why) => write!(f, "the cloud-init seed cannot be written as YAML: {why}"),
        }
    }
}

impl Error for RenderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Secret(error) => Some(error),
            Self::Yaml(_) => None,
        }
    }
}

impl From<RenderError> for InterpretError {
    fn from(error: RenderError) -> Self {
        Self::new(InterpretErrorKind::Failed, "render a cloud-init seed").caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use harmony_phases::{SecretRef, secret::SecretSource};
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[derive(Debug)]
    struct OnePassword(&'static str);

    #[async_trait]
    impl SecretSource for OnePassword {
        async fn resolve(&self, _: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
            Ok(Some(Secret::new(self.0.to_owned())))
        }
    }

    fn machine() -> ObjectName {
        "web".parse().unwrap()
    }

    fn read(user_data: &str) -> Value {
        assert!(user_data.starts_with("#cloud-config\n"), "{user_data}");
        serde_saphyr::from_str(user_data).unwrap()
    }

    async fn rendered(seed: &CloudInit, password: &'static str) -> SeedFiles {
        let builder = Context::builder("lab".parse().unwrap());
        let ctx = builder.secret_source(OnePassword(password)).build();
        render_seed(&ctx, &machine(), seed).await.unwrap()
    }

    fn with_password() -> CloudInit {
        let user = CloudUser::new("ops").password("env:OPS".parse().unwrap());
        CloudInit::builder().pool("images").user(user).build().unwrap()
    }

    #[tokio::test]
    async fn users_and_keys_are_as_cloud_init_reads_them() {
        let user = CloudUser::new("ops").key("ssh-ed25519 AAAA ops: #1").sudo();
        let seed =
            CloudInit::builder().pool("images").hostname("web-1").user(user).build().unwrap();
        let files = rendered(&seed, "").await;
        let data = read(&files.user_data);
        assert_eq!(data["hostname"], "web-1");
        let user = &data["users"][0];
        assert_eq!(user["ssh_authorized_keys"][0], "ssh-ed25519 AAAA ops: #1");
        assert_eq!(user["sudo"], "ALL=(ALL) NOPASSWD:ALL");
        assert_eq!(user["lock_passwd"], true);
        assert_eq!(data["ssh_pwauth"], false);
        let meta: Value = serde_saphyr::from_str(&files.meta_data).unwrap();
        assert_eq!(meta["instance-id"], "web");
        assert_eq!(meta["local-hostname"], "web-1");
    }

    #[tokio::test]
    async fn a_password_is_told_as_what_it_is() {
        let plain = read(&rendered(&with_password(), "hunter2").await.user_data);
        assert_eq!(plain["users"][0]["plain_text_passwd"], "hunter2");
        let hash = read(&rendered(&with_password(), "$6$salt$hash").await.user_data);
        assert_eq!(hash["users"][0]["hashed_passwd"], "$6$salt$hash");
        assert_eq!(hash["users"][0]["lock_passwd"], false);
    }

    #[tokio::test]
    async fn files_do_not_print_what_they_hold() {
        let files = rendered(&with_password(), "hunter2").await;
        assert!(!format!("{files:?}").contains("hunter2"));
    }

    #[tokio::test]
    async fn own_user_data_is_taken_as_it_is() {
        let text = "#!/bin/sh\necho hello\n";
        let seed = CloudInit::builder().pool("images").user_data(text).build().unwrap();
        assert_eq!(rendered(&seed, "").await.user_data, text);
    }

    #[tokio::test]
    async fn an_unknown_secret_is_an_error() {
        let ctx = Context::for_site("lab".parse().unwrap());
        let error = render_seed(&ctx, &machine(), &with_password()).await.unwrap_err();
        assert!(matches!(error, RenderError::Secret(_)), "{error}");
    }

    #[test]
    fn another_description_has_another_digest() {
        let plain = CloudInit::builder().pool("images").build().unwrap();
        assert_eq!(seed_digest(&machine(), &plain), seed_digest(&machine(), &plain));
        assert_ne!(seed_digest(&machine(), &plain), seed_digest(&machine(), &with_password()));
    }

    proptest! {
        #[test]
        fn every_key_survives_yaml(key in "[ -~]{1,200}") {
            let user = CloudUser { keys: vec![key.clone()], ..CloudUser::new("ops") };
            let text = user_data(None, &[user], &[None]).unwrap();
            let data: Value = serde_saphyr::from_str(&text).unwrap();
            prop_assert_eq!(data["users"][0]["ssh_authorized_keys"][0].as_str(), Some(&*key));
        }
    }
}
