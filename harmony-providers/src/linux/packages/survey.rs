//! One look before a change: who has the lock, how old the index is, whether something was cut short,
//! and what the change would do.

use std::time::Duration;

use harmony_capabilities::host::{HostError, HostErrorKind, Transaction};

use super::fault::{Fault, shown};
use super::foreseen::{Foreseen, Foresight};
use super::tool::{Ran, Tool};
use super::wish::Wish;
use crate::linux::Linux;
use crate::linux::reads::{Looker, Malformed, Said, Script};

/// Whose index a simulation uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    /// The host's own.
    Host,
    /// A new one, fetched for this simulation and thrown away: so a look changes nothing.
    Scratch,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Survey {
    /// Who has the lock, for the operator.
    pub(super) holder: Option<String>,
    /// How old the index is; none where there is none, or the tool looks after that itself.
    pub(super) index: IndexAge,
    /// Whether something was cut short.
    pub(super) cut_short: bool,
    /// Whether the index is not what its source gave, which the tool would not see.
    pub(super) damaged: bool,
    /// Why packages cannot be held, where they cannot.
    pub(super) no_holds: Option<String>,
    /// What the change would do; nothing where it was not simulated.
    pub(super) simulated: Result<Transaction, Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexAge {
    /// There is none.
    Missing,
    /// It was made new so long ago.
    Old(Duration),
    /// The tool looks after that itself.
    OwnAffair,
}

impl IndexAge {
    /// An index older than this is made new before it is believed.
    const OLDEST: Duration = Duration::from_hours(24);

    pub(super) fn is_stale(self) -> bool {
        match self {
            Self::Missing => true,
            Self::Old(age) => age > Self::OLDEST,
            Self::OwnAffair => false,
        }
    }
}

/// A simulation that is asked for.
struct Asked<'a> {
    index: Index,
    words: Vec<String>,
    /// What the last one of the same told.
    known: Option<Foresight>,
    foreseen: &'a Foreseen,
}

/// Looks, in one round trip; simulates with an index where one is said and packages come or go.
pub(super) async fn survey(
    host: &Linux,
    tool: &dyn Tool,
    wish: &Wish,
    index: Option<Index>,
) -> Result<Survey, HostError> {
    let (looker, foreseen) = (host.looker(), host.foreseen());
    let asked = index.filter(|_| wish.moves_packages()).map(|index| {
        let words = tool.simulated(wish);
        let known = if index == Index::Host { foreseen.of(&words) } else { None };
        Asked { index, words, known, foreseen }
    });
    let mut script = Script::new();
    script.section("locks", include_str!("locks.sh"), tool.locks().iter().copied());
    script.section("condition", tool.condition(), [""; 0]);
    if let Some(asked) = &asked {
        asked.put(tool, &mut script);
    }
    let said = look(looker, tool, &script).await?;
    read(tool, wish, asked, &said).map_err(|why| malformed(looker, tool, why))
}

/// Who holds the lock now, for the operator.
pub(super) async fn holder(looker: &Looker, tool: &dyn Tool) -> Result<Option<String>, HostError> {
    let mut script = Script::new();
    script.section("locks", include_str!("locks.sh"), tool.locks().iter().copied());
    let said = look(looker, tool, &script).await?;
    let locks = said.section("locks").map_err(|why| malformed(looker, tool, why))?;
    Ok(read_holder(&locks.text()))
}

async fn look(looker: &Looker, tool: &dyn Tool, script: &Script) -> Result<Said, HostError> {
    let mut command = script.command().map_err(|why| malformed(looker, tool, why))?;
    for (name, value) in tool.environment() {
        command = command.env(*name, *value);
    }
    let output = looker.look(&command).await?;
    script.read(&output.stdout.bytes).map_err(|why| malformed(looker, tool, why.heard(&output)))
}

fn malformed(looker: &Looker, tool: &dyn Tool, why: Malformed) -> HostError {
    let what = format!("look at the packages through {}", tool.name());
    HostError::new(HostErrorKind::Malformed, what).at(looker.place()).caused_by(why)
}

impl Asked<'_> {
    /// Whether it may be known already what it will tell.
    fn may_be_known(&self, tool: &dyn Tool) -> bool {
        self.index == Index::Host && !tool.stands_on().is_empty()
    }

    fn put(&self, tool: &dyn Tool, script: &mut Script) {
        if self.may_be_known(tool) {
            let ground = self.known.as_ref().map_or("", |known| known.ground.as_str());
            let words = std::iter::once(ground).chain(tool.stands_on().iter().copied());
            script.section("ground", include_str!("ground.sh"), words);
        }
        let whose = if self.index == Index::Host { "host" } else { "scratch" };
        let words = std::iter::once(whose).chain(self.words.iter().map(String::as_str));
        script.section("simulation", tool.simulates(), words);
    }

    /// What it told, now or the last time.
    fn read(
        self,
        tool: &dyn Tool,
        wish: &Wish,
        said: &Said,
    ) -> Result<Result<Transaction, Fault>, Malformed> {
        let section = said.section("simulation")?;
        let mut printed = section.text().into_owned();
        if self.may_be_known(tool) {
            let ground = said.section("ground")?.text().trim().to_owned();
            match self.known {
                Some(known) if known.ground == ground => printed = known.printed,
                _ if section.code == 0 && !ground.is_empty() => {
                    self.foreseen.keep(self.words, Foresight { ground, printed: printed.clone() });
                }
                _ => {}
            }
        }
        Ok(tool.read_simulation(wish, &Ran { printed: &printed, code: section.code }))
    }
}

fn read(
    tool: &dyn Tool,
    wish: &Wish,
    asked: Option<Asked<'_>>,
    said: &Said,
) -> Result<Survey, Malformed> {
    let condition = said.section("condition")?;
    let condition = condition.text();
    let simulated = match asked {
        Some(asked) => asked.read(tool, wish, said)?,
        None => Ok(Transaction::default()),
    };
    Ok(Survey {
        holder: read_holder(&said.section("locks")?.text()),
        index: read_age(&condition),
        no_holds: condition.lines().find_map(|it| it.strip_prefix("no-holds ")).map(str::to_owned),
        cut_short: condition.lines().any(|line| line == "cut"),
        damaged: condition.lines().any(|line| line == "damaged"),
        simulated,
    })
}

fn read_holder(printed: &str) -> Option<String> {
    let mut fields = printed.lines().next()?.splitn(3, '\t');
    let (lock, process) = (fields.next()?, fields.next()?);
    let command = shown(fields.next().unwrap_or_default().trim());
    Some(format!("{lock} is held by process {process}: {command}"))
}

fn read_age(condition: &str) -> IndexAge {
    match condition.lines().find_map(|line| line.strip_prefix("age ")) {
        None => IndexAge::OwnAffair,
        Some("none") => IndexAge::Missing,
        // An index from the future tells that the clock was set back: how old it is cannot be known.
        Some(age) => {
            age.parse().map_or(IndexAge::Missing, |age| IndexAge::Old(Duration::from_secs(age)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_lock_is_told_with_its_command() {
        let printed = "/var/lib/dpkg/lock-frontend\t349\tapt-get -y install \x1b[2J \n";
        assert_eq!(
            read_holder(printed).unwrap(),
            "/var/lib/dpkg/lock-frontend is held by process 349: apt-get -y install \\u{1b}[2J"
        );
        assert_eq!(read_holder(""), None);
    }

    #[test]
    fn an_index_is_stale_after_a_day_and_when_its_age_cannot_be() {
        assert!(!read_age("age 86400").is_stale());
        assert!(read_age("age 86401\ncut").is_stale());
        assert!(read_age("age -5").is_stale());
        assert!(read_age("age none").is_stale());
        assert!(!read_age("").is_stale());
    }
}
