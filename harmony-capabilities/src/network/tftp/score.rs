use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, Score,
    ownership::{Custody, Mark},
};
use serde_json::Value;

use super::{StoredFile, TftpFile, TftpServer};
use crate::{
    keeping::{Item, Keep, Keeper, Marked, item_score, value},
    network::NetworkError,
};

item_score! {
    /// Wants a TFTP server to have one file.
    ///
    /// ```
    /// use harmony_capabilities::network::{TftpFile, TftpScore};
    /// use harmony_phases::Describe;
    /// let menu = TftpFile::text("pxelinux.cfg/default".parse()?, "default install\n");
    /// assert_eq!(TftpScore::new(menu).name(), "tftp pxelinux.cfg/default");
    /// # Ok::<(), harmony_types::ParseError>(())
    /// ```
    TftpScore { file: TftpFile }, called "file", schema 1
}

impl<T: TftpServer> Score<T> for TftpScore {
    fn to_value(&self) -> Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Keeper(self.clone()))
    }
}

impl Describe for TftpScore {
    fn name(&self) -> String {
        format!("tftp {}", self.file.path)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object(StoredFile::KIND, self.file.path.as_str())]
    }
}

#[async_trait]
impl<T: TftpServer> Keep<T> for TftpScore {
    type Item = StoredFile;
    type Error = NetworkError;

    fn declared(&self) -> StoredFile {
        self.file.stored()
    }
    fn custody(&self) -> Custody {
        self.custody
    }
    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn kept(&self, on: &T) -> Result<Vec<Marked<StoredFile>>, NetworkError> {
        on.files().await
    }
    async fn put(&self, ctx: &Context, on: &T, mark: &Mark) -> Result<(), NetworkError> {
        on.store(ctx, &self.file, mark).await
    }
    async fn take_away(&self, ctx: &Context, on: &T) -> Result<(), NetworkError> {
        on.remove(ctx, &self.file.path).await
    }
}
