use async_trait::async_trait;
use harmony_capabilities::host::{HostError, HostErrorKind, Sysctl, SysctlKey, SysctlState};
use harmony_phases::ownership::Mark;
use harmony_phases::{Context, Intent};

use super::{Parameters, header};
use crate::linux::Linux;
use crate::linux::change::Change;
use crate::linux::marks::{Marked, Marks};

#[async_trait]
impl Sysctl for Linux {
    async fn parameter(&self, key: &SysctlKey) -> Result<SysctlState, HostError> {
        Ok(self.reads().ask::<Parameters>(key.clone()).await?.unwrap_or_default())
    }

    async fn set(
        &self,
        ctx: &Context,
        key: &SysctlKey,
        value: &str,
        mark: &Mark,
    ) -> Result<(), HostError> {
        if value.chars().any(|c| c.is_control() && c != '\t') {
            let what = format!("set kernel parameter {key}");
            return Err(
                HostError::new(HostErrorKind::Invalid, what).remedy("write its value in one line")
            );
        }
        let host = self.host();
        let words = [
            Parameters::kernel_file(host, key),
            host.marks.path(Marked::Parameter, key.as_str()),
            Marks::text(key.as_str(), mark),
            Parameters::boot_file(host, key),
            format!("{}\n{key} = {value}", header(mark)),
            value.to_owned(),
        ];
        let intent = Intent::new("set kernel parameter", key.as_str());
        self.change(ctx, Change::new(intent, include_str!("set.sh"), words)).await.map(drop)
    }

    async fn unset(&self, ctx: &Context, key: &SysctlKey) -> Result<(), HostError> {
        let host = self.host();
        let words =
            [Parameters::boot_file(host, key), host.marks.path(Marked::Parameter, key.as_str())];
        let intent = Intent::new("unset kernel parameter", key.as_str());
        self.change(ctx, Change::new(intent, r#"drop_files "$@""#, words)).await.map(drop)
    }

    async fn marked_parameters(&self) -> Result<Vec<(SysctlKey, Mark)>, HostError> {
        self.marked_as(Marked::Parameter).await
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use harmony_capabilities::host::{KernelModules, ModuleName};

    use super::*;
    use crate::linux::testing::{Host, Shell};

    fn ctx() -> Context {
        Context::for_site("shop".parse().unwrap())
    }

    fn mark() -> Mark {
        Mark::new("shop".parse().unwrap(), "SysctlScore")
    }

    #[tokio::test]
    async fn a_parameter_is_set_now_and_at_the_next_start() {
        let key: SysctlKey = "net.ipv4.tcp_rmem".parse().unwrap();
        for shell in Shell::ALL {
            let host = Host::under(shell).await;
            let kernel = host.at("proc/sys/net/ipv4/tcp_rmem");
            fs::create_dir_all(host.at("proc/sys/net/ipv4").as_path()).unwrap();
            let missing = host.linux.set(&ctx(), &key, "1", &mark()).await.unwrap_err();
            assert_eq!(missing.kind(), HostErrorKind::NotFound, "{missing}");
            assert_eq!(host.linux.parameter(&key).await.unwrap(), SysctlState::default());
            fs::write(kernel.as_path(), "1\t2\t3\n").unwrap();
            host.linux.set(&ctx(), &key, "4 5 6", &mark()).await.unwrap();
            let seen = host.linux.parameter(&key).await.unwrap();
            let value = Some("4 5 6".to_owned());
            assert_eq!((seen.value, seen.at_boot, seen.mark), (value.clone(), value, Some(mark())));
            assert_eq!(host.linux.marked_parameters().await.unwrap(), [(key.clone(), mark())]);
            host.linux.unset(&ctx(), &key).await.unwrap();
            host.linux.unset(&ctx(), &key).await.unwrap();
            let seen = host.linux.parameter(&key).await.unwrap();
            assert_eq!((seen.at_boot, seen.mark), (None, None));
            assert!(host.linux.marked_parameters().await.unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn a_module_is_loaded_at_the_next_start_with_its_options() {
        let name: ModuleName = "kvm-intel".parse().unwrap();
        for shell in Shell::ALL {
            let host = Host::under(shell).await;
            fs::create_dir_all(host.at("sys/module/kvm_intel").as_path()).unwrap();
            let before = host.linux.module(&name).await.unwrap();
            assert!(before.loaded && before.available && !before.at_boot, "{before:?}");
            host.linux.load(&ctx(), &name, " nested=1", &mark()).await.unwrap();
            let seen = host.linux.module(&name).await.unwrap();
            assert!(seen.at_boot, "{seen:?}");
            assert_eq!((seen.options.as_str(), seen.mark), ("nested=1", Some(mark())));
            host.linux.load(&ctx(), &name, "", &mark()).await.unwrap();
            assert_eq!(host.linux.module(&name).await.unwrap().options, "");
            assert_eq!(host.linux.marked_modules().await.unwrap().len(), 1);
            host.linux.forget(&ctx(), &name).await.unwrap();
            assert_eq!(host.linux.module(&name).await.unwrap(), before);
            let unknown = "no_such_module".parse().unwrap();
            assert!(!host.linux.module(&unknown).await.unwrap().available);
            let error = host.linux.load(&ctx(), &unknown, "", &mark()).await.unwrap_err();
            assert_eq!(error.kind(), HostErrorKind::NotFound, "{error}");
            let two_lines = host.linux.load(&ctx(), &name, "a\nb", &mark()).await.unwrap_err();
            assert_eq!(two_lines.kind(), HostErrorKind::Invalid);
        }
    }
}
