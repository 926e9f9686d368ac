//! What the workspace holds, as cargo says it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// The packages of the workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// One package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// The names of its integration tests.
    pub(crate) tests: Vec<String>,
    /// The names of its features.
    pub(crate) features: Vec<String>,
    /// Whether it cannot be built without libvirt's headers.
    pub(crate) needs_libvirt: bool,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version=1"])
            .output()
            .context("starting cargo")?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
        Self::parse(&serde_json::from_slice(&output.stdout)?)
    }

    fn parse(metadata: &Value) -> Result<Self> {
        let path = |key: &str| metadata[key].as_str().map(PathBuf::from).context("no such path");
        Ok(Self {
            root: path("workspace_root")?,
            target: path("target_directory")?,
            packages: array(&metadata["packages"]).map(Package::parse).collect(),
        })
    }

    pub(crate) fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }
}

impl Package {
    fn parse(package: &Value) -> Self {
        let tests = array(&package["targets"])
            .filter(|target| array(&target["kind"]).any(|kind| kind == "test"))
            .map(|target| text(&target["name"]));
        let by_dependency = array(&package["dependencies"])
            .filter(|dependency| dependency["optional"] == false)
            .any(|dependency| array(&dependency["features"]).any(|name| name == "libvirt"));
        let features = &package["features"];
        let by_default = array(&features["default"]).any(|name| name == "libvirt");
        Self {
            name: text(&package["name"]),
            tests: tests.collect(),
            features: features.as_object().into_iter().flatten().map(|it| it.0.clone()).collect(),
            needs_libvirt: by_dependency || by_default,
        }
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn packages_are_read_with_their_tests_and_features() {
        let metadata = json!({
            "workspace_root": "/repository",
            "target_directory": "/repository/target",
            "packages": [
                {
                    "name": "providers",
                    "targets": [
                        { "kind": ["lib"], "name": "providers" },
                        { "kind": ["test"], "name": "matrix" },
                    ],
                    "dependencies": [],
                    "features": { "libvirt": ["dep:virt"] },
                },
                {
                    "name": "example",
                    "targets": [{ "kind": ["bin"], "name": "example" }],
                    "dependencies": [{ "optional": false, "features": ["libvirt"] }],
                    "features": {},
                },
            ],
        });
        let workspace = Workspace::parse(&metadata).unwrap();

        let providers = &workspace.packages[0];
        assert_eq!(providers.tests, ["matrix"]);
        assert_eq!(providers.features, ["libvirt"]);
        assert!(!providers.needs_libvirt);
        let example = &workspace.packages[1];
        assert!(example.needs_libvirt);
        assert_eq!(workspace.join("docs"), Path::new("/repository/docs"));
    }

    #[test]
    fn the_real_workspace_can_be_read() {
        let workspace = Workspace::load().unwrap();
        assert!(workspace.packages.iter().any(|package| package.name == "xtask"));
    }
}
