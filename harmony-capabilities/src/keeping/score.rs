//! What all scores of one kept thing are: one item, and a word about whose it is.

use serde::Serialize;
use serde_json::Value;

/// Writes a score around one item: its type and its serialised form.
///
/// Each writes its impl of `Score` itself: the compiler quotes it when the score stands before its
/// phase, and would quote this whole macro instead.
macro_rules! item_score {
    (
        $(#[$doc:meta])*
        $score:ident { $item:ident: $type:ty }, called $what:literal, schema $schema:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $score {
            $item: $type,
            custody: ::harmony_phases::ownership::Custody,
        }

        impl $score {
            /// The version of the serialised form.
            pub const SCHEMA: u32 = $schema;

            #[doc = concat!("Wants this ", $what, ".")]
            pub const fn new($item: $type) -> Self {
                Self { $item, custody: ::harmony_phases::ownership::Custody { adopt: false, protect: false } }
            }

            /// Whether to take over what exists without a mark; otherwise that is `Blocked`.
            #[must_use]
            pub const fn adopt(mut self, adopt: bool) -> Self {
                self.custody.adopt = adopt;
                self
            }

            /// Whether it survives prune and teardown.
            #[must_use]
            pub const fn protect(mut self, protect: bool) -> Self {
                self.custody.protect = protect;
                self
            }

            #[doc = concat!("The ", $what, " that is wanted.")]
            pub const fn $item(&self) -> &$type {
                &self.$item
            }

            /// What is said about whose it is.
            pub const fn custody(&self) -> ::harmony_phases::ownership::Custody {
                self.custody
            }
        }

        const _: () = {
            #[derive(::serde::Serialize, ::serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            struct Fields {
                $item: $type,
                #[serde(default)]
                custody: ::harmony_phases::ownership::Custody,
            }

            impl ::serde::Serialize for $score {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let fields = Fields { $item: self.$item.clone(), custody: self.custody };
                    $crate::schema::write(Self::SCHEMA, &fields, serializer)
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $score {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let Fields { $item, custody } = $crate::schema::read(Self::SCHEMA, stringify!($score), deserializer)?;
                    Ok(Self { $item, custody })
                }
            }
        };
    };
}

/// The serialised form of a score.
pub(crate) fn value(score: &impl Serialize) -> Value {
    // Its fields are texts, numbers and lists: nothing that JSON cannot hold.
    serde_json::to_value(score).unwrap_or_default()
}

pub(crate) use item_score;
