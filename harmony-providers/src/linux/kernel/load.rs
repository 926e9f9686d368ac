use async_trait::async_trait;
use harmony_capabilities::host::{
    HostError, HostErrorKind, KernelModules, ModuleName, ModuleState,
};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};

use super::{Modules, header};
use crate::linux::Linux;
use crate::linux::change::Change;
use crate::linux::marks::{Marked, Marks};

#[async_trait]
impl KernelModules for Linux {
    async fn module(&self, name: &ModuleName) -> Result<ModuleState, HostError> {
        Ok(self.reads().ask::<Modules>(name.clone()).await?.unwrap_or_default())
    }

    async fn load(
        &self,
        ctx: &Context,
        name: &ModuleName,
        options: &str,
        mark: &Mark,
    ) -> Result<(), HostError> {
        if options.chars().any(char::is_control) {
            let what = format!("load module {name}");
            return Err(HostError::new(HostErrorKind::Invalid, what)
                .remedy("write its options in one line"));
        }
        let (host, header) = (self.host(), header(mark));
        let options = match options.trim() {
            "" => String::new(),
            options => format!("{header}\noptions {name} {options}"),
        };
        let words = [
            host.places.at("/sys/module"),
            name.to_string(),
            host.marks.path(Marked::Module, name.as_str()),
            Marks::text(name.as_str(), mark),
            Modules::boot_file(host, name),
            format!("{header}\n{name}"),
            Modules::options_file(host, name),
            options,
        ];
        let intent = Intent::new("load module", name.as_str());
        self.change(ctx, Change::new(intent, include_str!("load.sh"), words)).await.map(drop)
    }

    async fn forget(&self, ctx: &Context, name: &ModuleName) -> Result<(), HostError> {
        let host = self.host();
        let words = [
            Modules::boot_file(host, name),
            Modules::options_file(host, name),
            host.marks.path(Marked::Module, name.as_str()),
        ];
        let intent = Intent::new("forget module", name.as_str());
        self.change(ctx, Change::new(intent, r#"drop_files "$@""#, words)).await.map(drop)
    }

    async fn marked_modules(&self) -> Result<Vec<(ModuleName, Mark)>, HostError> {
        self.marked_as(Marked::Module).await
    }
}
