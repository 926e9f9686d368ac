//! A spec is its fields after they were checked: read-only, so it stays valid.

/// Writes the type of a checked spec around the plain struct of its fields, which has a
/// `check(&self)`.
macro_rules! checked_spec {
    ($(#[$doc:meta])* $spec:ident of $fields:ident, called $what:literal, schema $schema:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $spec($fields);

        impl $spec {
            /// The version of the serialised form.
            pub const SCHEMA: u32 = $schema;

            /// Returns the fields, to change some and check them again with `try_from`.
            pub fn into_fields(self) -> $fields {
                self.0
            }
        }

        impl std::ops::Deref for $spec {
            type Target = $fields;

            fn deref(&self) -> &$fields {
                &self.0
            }
        }

        impl TryFrom<$fields> for $spec {
            type Error = $crate::spec::SpecError;

            fn try_from(fields: $fields) -> Result<Self, Self::Error> {
                match fields.check() {
                    Ok(()) => Ok(Self(fields)),
                    Err((field, kind)) => {
                        let what = format!(concat!($what, " `{}`"), fields.label());
                        Err($crate::spec::SpecError::new(what, field, kind))
                    }
                }
            }
        }

        impl serde::Serialize for $spec {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::spec::write(Self::SCHEMA, &self.0, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $spec {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields: $fields = $crate::spec::read(Self::SCHEMA, $what, deserializer)?;
                Self::try_from(fields).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use checked_spec;
