//! Linux hosts: what a host is, and what can be done on it, as roles that SSH or the machine itself,
//! apt or dnf, systemd or another init can play.
//!
//! | role | does | score |
//! |---|---|---|
//! | [`HostFacts`] | knows what the host is | |
//! | [`CommandExecution`] | runs commands | [`CommandScore`] |
//! | [`FileStore`] | keeps files and directories | [`FileScore`], [`DirectoryScore`] |
//! | [`PackageManager`] | installs packages | [`PackageScore`] |
//! | [`ServiceManager`] | runs services | [`ServiceScore`] |
//! | [`AccountStore`] | keeps users and their keys | [`UserScore`], [`AuthorizedKeyScore`] |
//! | [`KernelModules`] | loads modules | [`KernelModuleScore`] |
//! | [`Sysctl`] | sets kernel parameters | [`SysctlScore`] |
//!
//! A look takes no context and changes nothing; looks that are asked in one tick may be answered by
//! one round trip. Whatever changes something takes the context first and happens in an effect.

mod accounts;
mod census;
mod command;
mod error;
mod facts;
mod files;
mod kernel;
mod packages;
mod services;
mod upkeep;

pub use crate::spec::{Part, SpecError, SpecErrorKind, Text};
pub use accounts::{
    AccountStore, AuthorizedKey, AuthorizedKeyFields, AuthorizedKeyScore,
    AuthorizedKeyScoreBuilder, OffersAccountStore, User, UserFields, UserName, UserScore,
    UserScoreBuilder, UserState,
};
pub use census::{FileCensus, KernelModuleCensus, PackageCensus, SysctlCensus, UserCensus};
pub use command::{
    ByProbe, Captured, Command, CommandExecution, CommandFields, CommandInput, CommandScore,
    CommandScoreBuilder, ExitStatus, Input, OffersCommandExecution, Output, Probe, Probed, RunAs,
    Unprobed,
};
pub use error::{HostError, HostErrorKind};
pub use facts::{
    Architecture, ClockSkew, Disk, Distribution, Facts, Family, HostFacts, InitSystem, Interface,
    KvmReadiness, Login, MachineKind, OffersHostFacts, PackageTool,
};
pub use files::{
    Content, Directory, DirectoryFields, DirectoryScore, DirectoryScoreBuilder, Entry, EntryKind,
    FileFields, FileScore, FileScoreBuilder, FileSource, FileStore, NewFile, OffersFileStore,
    Ownership, Permissions, Template,
};
pub use kernel::{
    KernelModuleFields, KernelModuleScore, KernelModuleScoreBuilder, KernelModules, ModuleName,
    ModuleState, OffersKernelModules, OffersSysctl, Sysctl, SysctlFields, SysctlKey, SysctlScore,
    SysctlScoreBuilder, SysctlState, SysctlValue,
};
pub use packages::{
    OffersPackageManager, PackageChange, PackageFields, PackageManager, PackageName, PackageRole,
    PackageScore, PackageScoreBuilder, PackageState, Transaction, WantedPackage,
};
pub use services::{
    Activity, Enablement, OffersServiceManager, ServiceAction, ServiceFields, ServiceManager,
    ServiceScore, ServiceScoreBuilder, ServiceState, UnitName,
};
