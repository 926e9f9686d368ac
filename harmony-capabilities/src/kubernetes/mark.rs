//! Where an object carries its mark.

use harmony_phases::ownership::Mark;
use serde_json::{Value, json};

use super::Manifest;

/// The annotation that holds the mark, as JSON.
pub const MARK_ANNOTATION: &str = "harmony/mark";

/// The label that holds the site, to select by.
pub const SITE_LABEL: &str = "harmony/site";

/// The manifest with the mark on it.
pub(super) fn put(manifest: &Manifest, mark: &Mark) -> Manifest {
    // A mark is texts, a number and a yes or no: nothing that JSON cannot hold.
    let text = serde_json::to_string(mark).unwrap_or_default();
    manifest.map(|fields| {
        let metadata = &mut fields["metadata"];
        for (group, key, value) in [
            ("annotations", MARK_ANNOTATION, text.as_str()),
            ("labels", SITE_LABEL, mark.site.as_str()),
        ] {
            if !metadata[group].is_object() {
                metadata[group] = json!({});
            }
            metadata[group][key] = value.into();
        }
    })
}

/// The mark on an object; one that cannot be read is none.
pub(super) fn read(object: &Value) -> Option<Mark> {
    let text = object["metadata"]["annotations"][MARK_ANNOTATION].as_str()?;
    serde_json::from_str(text)
        .inspect_err(|error| log::warn!("a mark that cannot be read counts as none: {error}"))
        .ok()
}

/// Takes the mark off an object, so that what remains can be compared.
pub(super) fn strip(object: &mut Value) {
    for (group, key) in [("annotations", MARK_ANNOTATION), ("labels", SITE_LABEL)] {
        let Some(metadata) = object["metadata"].as_object_mut() else { return };
        let Some(entries) = metadata.get_mut(group).and_then(Value::as_object_mut) else {
            continue;
        };
        entries.remove(key);
        if entries.is_empty() {
            metadata.remove(group);
        }
    }
}
