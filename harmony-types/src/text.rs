//! What every text type has: `TryFrom` beside `FromStr`, and serde as text.

/// Gives a type with `FromStr` and `Display` its `TryFrom`s and its serde, all
/// through the parser.
macro_rules! text_type {
    ($type:ty) => {
        impl TryFrom<&str> for $type {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $type {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text =
                    <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_type;

/// Finds the first character that `allowed` does not accept, with its position from 1.
pub(crate) fn first_forbidden(text: &str, allowed: impl Fn(char) -> bool) -> Option<(char, usize)> {
    text.chars().enumerate().find(|&(_, c)| !allowed(c)).map(|(index, c)| (c, index + 1))
}
