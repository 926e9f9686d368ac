//! A planted secret is searched for wherever a run leaves something.

#![cfg(feature = "key-store")]
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{fmt::Write as _, fs, path::Path, sync::Mutex};

use async_trait::async_trait;
use harmony_phases::{
    Context, Describe, Intent, Interpret, InterpretError, InterpretErrorKind, Outcome, Phase,
    Pipeline, RestingPhase, Score, Secret, SecretRef, Topology, ValidationReport,
    context::EffectRecorder,
    secret::{SecretError, SecretSource},
};
use harmony_providers::key_store::KeyStore;

const PLANTED: &str = "xK7-planted-secret-Qz9";
const PASSPHRASE: &str = "vB3-planted-passphrase-Lw1";

#[derive(Debug)]
struct Ready;
impl Phase for Ready {
    const NAME: &'static str = "Ready";
}
impl RestingPhase for Ready {}

/// Logs in with a secret; on the second try something goes wrong.
#[derive(Clone, Debug, serde::Serialize)]
struct Login {
    token: SecretRef,
    fails: bool,
}

impl Describe for Login {
    fn name(&self) -> String {
        "login".to_owned()
    }
}

impl Score<Topology<Ready>> for Login {
    fn to_value(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap()
    }
    fn create_interpret(&self) -> Box<dyn Interpret<Topology<Ready>>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Interpret<Topology<Ready>> for Login {
    async fn validate(
        &self,
        _: &Context,
        _: &Topology<Ready>,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(ValidationReport::will_execute())
    }

    async fn execute(&self, ctx: &Context, _: &Topology<Ready>) -> Result<Outcome, InterpretError> {
        let failed = |what: &str| InterpretError::new(InterpretErrorKind::Failed, what);
        let token =
            ctx.secret(&self.token).await.map_err(|error| failed("log in").caused_by(error))?;
        ctx.note(format!("logging in with {token:?}"));
        ctx.effect(Intent::new("log in with", self.token.to_string()), async |_| {
            assert_eq!(token.expose(), PLANTED);
            if self.fails {
                Err(failed("log in").caused_by(format!("{token:?} was refused")))
            } else {
                Ok(())
            }
        })
        .await?;
        Ok(Outcome::success("logged in"))
    }
}

#[derive(Debug)]
struct Typed;
#[async_trait]
impl SecretSource for Typed {
    async fn resolve(&self, _: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        Ok(Some(Secret::new(PASSPHRASE.to_owned())))
    }
}

/// Keeps the whole log.
#[derive(Debug)]
struct Kept(Mutex<String>);
static LOG: Kept = Kept(Mutex::new(String::new()));

impl log::Log for Kept {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.lock().unwrap(), "{} {}", record.target(), record.args()).unwrap();
    }
    fn flush(&self) {}
}

/// Everything below `folder`, by its name, and of this process what others can see.
fn left_behind(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![
        ("cmdline".to_owned(), fs::read("/proc/self/cmdline").unwrap()),
        ("environ".to_owned(), fs::read("/proc/self/environ").unwrap()),
    ];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
    }
    all
}

/// Whether `bytes` hold `secret`: as it is, in hexadecimal, or as part of a list of numbers.
fn holds(bytes: &[u8], secret: &str) -> bool {
    let hex = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let list = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    [secret, &hex, &list].iter().any(|form| bytes.windows(form.len()).any(|w| w == form.as_bytes()))
}

#[tokio::test]
async fn a_planted_secret_is_nowhere() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let root = tempfile::tempdir().unwrap();
    let prompt: SecretRef = "prompt:passphrase".parse().unwrap();
    let store = KeyStore::with_passphrase(root.path().join("keys"), prompt, Typed);
    let effects = EffectRecorder::default();
    let ctx = Context::builder("lab".parse().unwrap())
        .secret_source(store.clone())
        .effects(effects.clone())
        .build();
    let mut events = ctx.events().follow();
    store.set(&ctx, &"token".parse().unwrap(), Secret::new(PLANTED.to_owned())).await.unwrap();

    let pipeline = |fails| {
        let token = "key:token".parse().unwrap();
        Pipeline::<Topology<Ready>, _>::start().run(Login { token, fails })
    };
    let start = || Topology::new("h1", Ready);
    let plan = pipeline(false).plan(&ctx, start()).await.unwrap();
    let finished = pipeline(false).execute(&ctx, start()).await.unwrap();
    let stopped = pipeline(true).execute(&ctx, start()).await.unwrap_err();
    store.rotate(&ctx).await.unwrap();
    let events = events.drain();
    assert!(events.len() > 8, "{events:?}");

    let mut all = left_behind(root.path());
    let mut say = |name: &str, text: String| all.push((name.to_owned(), text.into_bytes()));
    say("plan", format!("{plan} {plan:?} {}", serde_json::to_string(&plan).unwrap()));
    say(
        "events",
        format!(
            "{events:?} {}",
            serde_json::to_string(&events.iter().map(|e| (**e).clone()).collect::<Vec<_>>())
                .unwrap()
        ),
    );
    say("effects", format!("{:?}", effects.effects()));
    say("outcome", format!("{finished:?} {stopped:?} {stopped} {store:?} {ctx:?}"));
    let log = LOG.0.lock().unwrap().clone();
    assert!(log.contains("log in with `key:token`"), "{log}");
    say("log", log);
    for (name, bytes) in &all {
        for secret in [PLANTED, PASSPHRASE] {
            assert!(!holds(bytes, secret), "{secret} is in {name}");
        }
    }
    assert!(all.iter().any(|(name, _)| name.ends_with("token.age")), "the store was searched");
    assert!(holds(format!("..{:?}..", PLANTED.as_bytes()).as_bytes(), PLANTED), "it can be found");
}
