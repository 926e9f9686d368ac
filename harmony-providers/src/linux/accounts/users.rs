use std::collections::HashMap;

use harmony_capabilities::host::{UserName, UserState};

use crate::linux::Surroundings;
use crate::linux::marks::{Marked, Marks};
use crate::linux::reads::{Kind, Malformed, Said, Script};

/// A user, by the host's databases.
#[derive(Debug)]
pub(in crate::linux) struct Users;

impl Kind for Users {
    type Key = UserName;
    type Answer = UserState;

    fn render(names: &[UserName], host: &Surroundings, script: &mut Script) {
        let words =
            std::iter::once(host.places.at("")).chain(names.iter().map(ToString::to_string));
        script.section("users", include_str!("users.sh"), words);
        for name in names {
            script.file(host.marks.path(Marked::User, name.as_str()));
        }
    }

    fn parse(
        names: &[UserName],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<UserName, UserState>, Malformed> {
        let text = said.section("users")?.text();
        let databases = text.split_once('\0');
        let (users, groups) =
            databases.ok_or_else(|| Malformed::new("the users and groups are not told apart"))?;
        let groups = Groups::read(groups);
        let mut found = HashMap::new();
        for name in names {
            let mut of_name = users
                .lines()
                .filter_map(|line| line.strip_prefix(name.as_str())?.strip_prefix(':'));
            let Some(line) = of_name.next() else { continue };
            let mut user = user(line, name, &groups)
                .ok_or_else(|| Malformed::new(format!("the line of user {name} is broken")))?;
            let mark = said.file(&host.marks.path(Marked::User, name.as_str()));
            user.mark = Marks::read(name.as_str(), mark);
            found.insert(name.clone(), user);
        }
        Ok(found)
    }
}

/// Reads `PASSWORD:UID:GID:COMMENT:HOME:SHELL` of passwd(5).
fn user(line: &str, name: &UserName, groups: &Groups<'_>) -> Option<UserState> {
    let fields: Vec<&str> = line.split(':').collect();
    let [_, uid, gid, _, home, shell] = fields.as_slice() else { return None };
    Some(UserState {
        uid: uid.parse().ok()?,
        home: (*home).to_owned(),
        shell: (*shell).to_owned(),
        groups: groups.of(name, gid),
        mark: None,
    })
}

/// group(5): the name, the number and the members of each.
struct Groups<'a>(Vec<(&'a str, &'a str, Vec<&'a str>)>);

impl<'a> Groups<'a> {
    fn read(text: &'a str) -> Self {
        let group = |line: &'a str| {
            let mut fields = line.split(':');
            let (name, number) = (fields.next()?, fields.nth(1)?);
            Some((name, number, fields.next()?.split(',').collect()))
        };
        Self(text.lines().filter_map(group).collect())
    }

    /// All groups of a user: the first one, which has its number, and those that name it.
    fn of(&self, user: &UserName, gid: &str) -> Vec<String> {
        let (own, other): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(_, number, _)| *number == gid);
        let other = other.into_iter().filter(|(_, _, members)| members.contains(&user.as_str()));
        own.into_iter().chain(other).map(|(name, _, _)| (*name).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_user_has_its_own_group_and_those_that_name_it() {
        let groups = Groups::read("root:x:0:\nkvm:x:108:alice,bob\nalice:x:1000:\nstaff:x:50:bo\n");
        let name = "bob".parse().unwrap();
        assert_eq!(groups.of(&name, "1000"), ["alice", "kvm"]);
        let bob = user("x:1001:1000:Bob,,,:/home/bob:/bin/sh", &name, &groups).unwrap();
        assert_eq!(
            (bob.uid, bob.home.as_str(), bob.shell.as_str()),
            (1001, "/home/bob", "/bin/sh")
        );
        assert_eq!(user("x:1001:1000", &name, &groups), None);
    }

    proptest! {
        #[test]
        fn whatever_a_host_says_is_no_panic(text in "(\\PC|[:,\n])*") {
            let (groups, name) = (Groups::read(&text), "a".parse().unwrap());
            drop(user(&text, &name, &groups));
        }
    }
}
