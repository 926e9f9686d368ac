//! What all specs share: text in builders, one error, and a schema version in the serialised form.

mod checked;
mod error;
mod part;
mod text;

pub(crate) use crate::schema::{read, write};
pub(crate) use checked::checked_spec;
pub(crate) use error::Complaint;
pub use error::{SpecError, SpecErrorKind};
pub use part::Part;
pub use text::Text;

/// Says whether a field is as it is when nobody sets it, and so need not be written.
pub(crate) fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}
