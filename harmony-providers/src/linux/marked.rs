//! Everything of a kind that carries a mark, for the list of what nobody wants any more.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use harmony_capabilities::host::HostError;
use harmony_phases::ownership::Mark;

use super::marks::{Marked, Marks};
use super::reads::{Kind, Malformed, Said, Script};
use super::{Linux, Surroundings};

/// All marks of a kind.
#[derive(Debug)]
pub(in crate::linux) struct AllMarked;

impl Linux {
    /// The names of everything of a kind that carries a mark, with their marks.
    pub(in crate::linux) async fn marked(
        &self,
        kind: Marked,
    ) -> Result<Vec<(String, Mark)>, HostError> {
        Ok(self.reads().ask::<AllMarked>(kind).await?.unwrap_or_default())
    }

    /// The same, with names that have been read; a mark whose name is none is passed over.
    pub(in crate::linux) async fn marked_as<N>(
        &self,
        kind: Marked,
    ) -> Result<Vec<(N, Mark)>, HostError>
    where
        N: FromStr<Err: Display>,
    {
        let named = |(name, mark): (String, Mark)| match name.parse() {
            Ok(name) => Some((name, mark)),
            Err(error) => {
                log::warn!("a mark on {} has no name: {error}", self.commands().place());
                None
            }
        };
        Ok(self.marked(kind).await?.into_iter().filter_map(named).collect())
    }
}

impl Kind for AllMarked {
    type Key = Marked;
    type Answer = Vec<(String, Mark)>;

    fn render(kinds: &[Marked], host: &Surroundings, script: &mut Script) {
        let folders = kinds.iter().map(|kind| host.marks.folder(*kind));
        script.section("marked", include_str!("marked.sh"), folders);
    }

    fn parse(
        kinds: &[Marked],
        _host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<Marked, Self::Answer>, Malformed> {
        let printed = said.section("marked")?.text();
        let lists: Vec<&str> = printed.split("=\n").skip(1).collect();
        if lists.len() != kinds.len() {
            return Err(Malformed::new("the lists of marks are not those that were asked for"));
        }
        let marks = |list: &str| list.lines().filter_map(Marks::named).collect();
        Ok(kinds.iter().copied().zip(lists.into_iter().map(marks)).collect())
    }
}

#[cfg(test)]
mod tests {
    use harmony_phases::ownership::Mark;

    use super::*;
    use crate::linux::testing::{Host, Shell};

    #[tokio::test]
    async fn what_is_marked_is_listed_and_what_is_damaged_is_not() {
        let mark = Mark::new("lab".parse().unwrap(), "web");
        for shell in Shell::ALL {
            let host = Host::under(shell).await;
            assert_eq!(host.linux.marked(Marked::User).await.unwrap(), [], "{shell:?}");
            for (name, text) in [("ann", Marks::text("ann", &mark)), ("bob", "{".to_owned())] {
                let path = host.linux.host().marks.path(Marked::User, name);
                std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
                std::fs::write(path, text + "\n").unwrap();
            }
            let (users, files) =
                tokio::join!(host.linux.marked(Marked::User), host.linux.marked(Marked::File));
            assert_eq!(users.unwrap(), [("ann".to_owned(), mark.clone())], "{shell:?}");
            assert_eq!(files.unwrap(), [], "{shell:?}");
        }
    }
}
