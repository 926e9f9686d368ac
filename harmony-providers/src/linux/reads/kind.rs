use std::collections::HashMap;
use std::hash::Hash;

use super::{Malformed, Said, Script};
use crate::linux::Surroundings;

/// One kind of question about a host: how all questions of the kind that were asked in one tick are
/// put into the script, and how their answers are read from what it printed.
///
/// The fewer processes a kind needs on the host, the better: one for all its questions, or none where
/// files tell, which [`Script::file`] brings along.
pub(in crate::linux) trait Kind {
    /// What is asked about.
    type Key: Clone + Eq + Hash;
    /// What is answered.
    type Answer: Clone;

    /// Puts the questions into the script.
    fn render(keys: &[Self::Key], host: &Surroundings, script: &mut Script);

    /// Reads the answers; a key that is not among them has none, because it is not there.
    fn parse(
        keys: &[Self::Key],
        host: &Surroundings,
        said: &Said,
    ) -> Result<HashMap<Self::Key, Self::Answer>, Malformed>;
}

/// A kind that stands in the registry.
pub(in crate::linux) trait Registered: Kind {
    fn question(key: Self::Key) -> Question;
    fn answer(answer: Answer) -> Option<Self::Answer>;
}

/// Writes the registry of all kinds: the questions, the answers, and how to put and read them all.
macro_rules! kinds {
    ($($variant:ident: $kind:ty),+ $(,)?) => {
        /// Any question about a host.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(in crate::linux) enum Question {
            $($variant(<$kind as Kind>::Key),)+
        }

        /// Any answer.
        #[derive(Clone, Debug)]
        pub(in crate::linux) enum Answer {
            $($variant(<$kind as Kind>::Answer),)+
        }

        $(impl Registered for $kind {
            fn question(key: Self::Key) -> Question {
                Question::$variant(key)
            }

            fn answer(answer: Answer) -> Option<Self::Answer> {
                match answer {
                    Answer::$variant(answer) => Some(answer),
                    _ => None,
                }
            }
        })+

        /// Puts all questions, grouped by their kinds, into `script`.
        pub(super) fn render(questions: &[Question], host: &Surroundings, script: &mut Script) {
            $({
                let keys = of_kind(questions, |question| match question {
                    Question::$variant(key) => Some(key),
                    _ => None,
                });
                if !keys.is_empty() {
                    <$kind as Kind>::render(&keys, host, script);
                }
            })+
        }

        /// Reads the answers to all questions.
        pub(super) fn parse(
            questions: &[Question],
            host: &Surroundings,
            said: &Said,
        ) -> Result<HashMap<Question, Answer>, Malformed> {
            let mut answers = HashMap::with_capacity(questions.len());
            $({
                let keys = of_kind(questions, |question| match question {
                    Question::$variant(key) => Some(key),
                    _ => None,
                });
                if !keys.is_empty() {
                    let read = <$kind as Kind>::parse(&keys, host, said)?;
                    let pair = |(key, answer)| (Question::$variant(key), Answer::$variant(answer));
                    answers.extend(read.into_iter().map(pair));
                }
            })+
            Ok(answers)
        }
    };
}

/// The keys of one kind, each once, in the order in which they were asked.
fn of_kind<K: Clone + Eq + Hash>(
    questions: &[Question],
    pick: impl Fn(&Question) -> Option<&K>,
) -> Vec<K> {
    let mut seen = std::collections::HashSet::new();
    questions.iter().filter_map(pick).filter(|key| seen.insert(*key)).cloned().collect()
}

kinds! {
    Entry: crate::linux::files::Entries,
    Marked: crate::linux::marked::AllMarked,
    Module: crate::linux::kernel::Modules,
    Obstacle: crate::linux::files::Obstacles,
    Package: crate::linux::packages::States,
    Parameter: crate::linux::kernel::Parameters,
    Unit: crate::linux::services::Units,
    User: crate::linux::accounts::Users,
}
