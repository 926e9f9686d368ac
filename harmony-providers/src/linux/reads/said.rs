use std::collections::HashMap;

use harmony_capabilities::host::{Captured, Output};

/// What a host answered cannot be understood, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(in crate::linux) struct Malformed(String);

impl Malformed {
    pub(in crate::linux) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The same, with what the host complained about while it answered.
    pub(in crate::linux) fn heard(self, output: &Output) -> Self {
        let complaint = Output { stdout: Captured::default(), ..output.clone() }.complaint();
        if complaint.is_empty() {
            self
        } else {
            Self(format!("{self}; the host says: {complaint}"))
        }
    }
}

/// What a script printed, taken apart.
#[derive(Clone, Debug, Default)]
pub(in crate::linux) struct Said {
    sections: HashMap<&'static str, Printed>,
    files: HashMap<String, Vec<u8>>,
}

/// What one section printed, and the code it ended with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::linux) struct Printed {
    pub(in crate::linux) bytes: Vec<u8>,
    pub(in crate::linux) code: u32,
}

impl Printed {
    /// As text, with a replacement character for what is not UTF-8.
    pub(in crate::linux) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

impl Said {
    /// What the section of this name printed.
    pub(in crate::linux) fn section(&self, name: &'static str) -> Result<&Printed, Malformed> {
        self.sections.get(name).ok_or_else(|| Malformed::new(format!("no section `{name}`")))
    }

    /// The first bytes of a regular file, where there was one: one byte more than
    /// [`MOST_CONTENT`](super::MOST_CONTENT) when it is longer than that.
    pub(in crate::linux) fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Takes apart what was printed: the sections in order, then the lists of files.
    ///
    /// The marks between the frames are made up anew for each script, and there must be exactly as many as
    /// were asked for: content that guessed one makes an error, never another answer.
    pub(in crate::linux) fn read(
        nonce: &str,
        stdout: &[u8],
        names: impl Iterator<Item = &'static str>,
        lists: usize,
    ) -> Result<Self, Malformed> {
        let mark = format!("{nonce}s ");
        let mut frames = Frames { left: stdout, mark: mark.as_bytes() };
        frames.skip_noise()?;
        let mut said = Self::default();
        for name in names {
            said.sections.insert(name, frames.next(name)?);
        }
        for _ in 0..lists {
            said.take_files(nonce, &frames.next("files")?.bytes)?;
        }
        frames.done()?;
        Ok(said)
    }

    fn take_files(&mut self, nonce: &str, bytes: &[u8]) -> Result<(), Malformed> {
        let broken = || Malformed::new("the frames of the files' contents are broken");
        let (names, bytes) = names(bytes).ok_or_else(broken)?;
        if names.is_empty() {
            return if bytes.is_empty() { Ok(()) } else { Err(broken()) };
        }
        // What the first frame consists of is what stands between all of them.
        let tail = format!("FRAME={nonce}f\0");
        let end = position(bytes, tail.as_bytes()).ok_or_else(broken)? + tail.len();
        let (delimiter, mut left) = bytes.split_at(end);
        for name in names {
            let length = position(left, delimiter).ok_or_else(broken)?;
            self.files.insert(name, left[..length].to_vec());
            left = &left[length + delimiter.len()..];
        }
        if left.is_empty() { Ok(()) } else { Err(broken()) }
    }

    /// What a script would have said whose sections and files are these.
    #[cfg(any(test, fuzzing))]
    pub(in crate::linux) fn assembled(
        sections: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Self {
        let printed = |(name, bytes)| (name, Printed { bytes, code: 0 });
        Self {
            sections: sections.into_iter().map(printed).collect(),
            files: files.into_iter().collect(),
        }
    }

    /// What a script would have said that only brought files along.
    #[cfg(test)]
    pub(in crate::linux) fn of_files(files: &[(&str, &str)]) -> Self {
        let files =
            files.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec()));
        Self { sections: HashMap::new(), files: files.collect() }
    }

    /// Everything of a pattern: path and content.
    pub(in crate::linux) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

/// The names, each ended by a NUL, up to an empty one, and what comes after.
fn names(mut bytes: &[u8]) -> Option<(Vec<String>, &[u8])> {
    let mut names = Vec::new();
    loop {
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let name = &bytes[..end];
        bytes = &bytes[end + 1..];
        if name.is_empty() {
            return Some((names, bytes));
        }
        names.push(String::from_utf8_lossy(name).into_owned());
    }
}

struct Frames<'a> {
    left: &'a [u8],
    mark: &'a [u8],
}

impl<'a> Frames<'a> {
    /// Passes over what a login shell printed before the script began.
    fn skip_noise(&mut self) -> Result<(), Malformed> {
        self.until_mark().map(drop)
    }

    /// The bytes before the next mark, which is passed over.
    fn until_mark(&mut self) -> Result<&'a [u8], Malformed> {
        let at = position(self.left, self.mark)
            .ok_or_else(|| Malformed::new("the answer ends too early"))?;
        let before = &self.left[..at];
        self.left = &self.left[at + self.mark.len()..];
        Ok(before)
    }

    fn line(&mut self) -> Result<&'a str, Malformed> {
        let broken = || Malformed::new("the frames of the answer are broken");
        let at = self.left.iter().position(|byte| *byte == b'\n').ok_or_else(broken)?;
        let line = std::str::from_utf8(&self.left[..at]).map_err(|_| broken())?;
        self.left = &self.left[at + 1..];
        Ok(line)
    }

    fn next(&mut self, name: &str) -> Result<Printed, Malformed> {
        let broken = || Malformed::new(format!("section `{name}` of the answer is broken"));
        if self.line()?.strip_prefix("begin ") != Some(name) {
            return Err(broken());
        }
        let bytes = self.until_mark()?.to_vec();
        let code = self.line()?.strip_prefix("end ").and_then(|code| code.parse().ok());
        let code = code.ok_or_else(broken)?;
        // The mark of the next section; after the last one nothing follows.
        if !self.left.is_empty() && !self.until_mark()?.is_empty() {
            return Err(broken());
        }
        Ok(Printed { bytes, code })
    }

    fn done(&self) -> Result<(), Malformed> {
        if self.left.is_empty() {
            Ok(())
        } else {
            Err(Malformed::new("the answer says more than was asked"))
        }
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a host prints for one section and these files.
    fn printed(section: &[u8], files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut out = b"welcome\n".to_vec();
        out.extend_from_slice(b"Ns begin look\n");
        out.extend_from_slice(section);
        out.extend_from_slice(b"Ns end 7\nNs begin files\n");
        for (name, _) in files {
            out.extend_from_slice(name.as_bytes());
            out.push(0);
        }
        out.push(0);
        if !files.is_empty() {
            out.extend_from_slice(b"PATH=/bin\0FRAME=Nf\0");
        }
        for (_, content) in files {
            out.extend_from_slice(content);
            out.extend_from_slice(b"PATH=/bin\0FRAME=Nf\0");
        }
        out.extend_from_slice(b"Ns end 0\n");
        out
    }

    fn read(out: &[u8]) -> Result<Said, Malformed> {
        Said::read("N", out, ["look"].into_iter(), 1)
    }

    #[test]
    fn content_that_guessed_a_mark_is_an_error_and_no_other_answer() {
        let file = |content: &[u8]| vec![("/a".to_owned(), content.to_vec())];
        assert_eq!(
            read(&printed(b"x", &file(b"honest"))).unwrap().file("/a"),
            Some(b"honest".as_slice())
        );
        let forged = printed(b"x", &file(b"PATH=/bin\0FRAME=Nf\0forged"));
        assert!(read(&forged).unwrap_err().to_string().contains("broken"));
        let forged = printed(b"x\nNs end 0\nNs begin files\n", &[]);
        read(&forged).unwrap_err();
        let forged = [printed(b"x", &[]), b"Ns begin look\nNs end 0\n".to_vec()].concat();
        read(&forged).unwrap_err();
    }

    #[test]
    fn an_answer_that_was_cut_off_is_an_error() {
        let whole = printed(b"x", &[("/a".to_owned(), b"content".to_vec())]);
        for end in 0..whole.len() - 1 {
            assert!(read(&whole[..end]).is_err(), "{}", String::from_utf8_lossy(&whole[..end]));
        }
        assert_eq!(read(&whole).unwrap().section("look").unwrap().code, 7);
    }

    proptest! {
        #[test]
        fn what_was_framed_comes_back(
            section in prop::collection::vec(0_u8..70, 0..40),
            files in prop::collection::hash_map("/[^\0]{0,9}", prop::collection::vec(0_u8..70, 0..40), 0..4),
        ) {
            let files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
            let said = read(&printed(&section, &files)).unwrap();
            prop_assert_eq!(&said.section("look").unwrap().bytes, &section);
            for (name, content) in &files {
                prop_assert_eq!(said.file(name), Some(content.as_slice()));
            }
        }

        #[test]
        fn whatever_a_host_says_is_no_panic(out: Vec<u8>, text in "(Ns |begin|end|look|files|FRAME=Nf|[\0\n 0-9])*") {
            drop(read(&out));
            drop(read(text.as_bytes()));
        }
    }
}
