//! XML as a tree, to change one thing and keep the rest.

use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::XmlError;

/// An element with its attributes, its children and the text directly inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Self>,
    pub(crate) text: String,
}

/// How a list is laid over a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Merge {
    /// The element stands alone under its parent; what it does not say stays.
    Keep,
    /// The element is replaced as a whole.
    Replace,
    /// The parent's elements of this name are a list: matched by a key and, where the overlay has
    /// any of them, owned by it, so that others are removed. The key is a child and an attribute,
    /// or an own attribute (`""`).
    List(&'static str, &'static str),
    /// A list as above of which the overlay owns only the members it has.
    Named(&'static str, &'static str),
}

/// Says how elements are laid over each other, by parent and name.
pub(crate) type Rules = fn(parent: &str, name: &str) -> Merge;

impl Element {
    pub(crate) fn parse(text: &str) -> Result<Self, XmlError> {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Self> = Vec::new();
        loop {
            match reader.read_event().map_err(malformed)? {
                Event::Start(start) => open.push(begin(&start)?),
                Event::Empty(start) => {
                    let done = begin(&start)?;
                    if let Some(root) = close(&mut open, done) {
                        return Ok(root);
                    }
                }
                Event::End(_) => {
                    let done = open.pop().ok_or_else(|| malformed("an end without a start"))?;
                    if let Some(root) = close(&mut open, done) {
                        return Ok(root);
                    }
                }
                Event::Text(piece) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&piece.xml10_content());
                    }
                }
                Event::CData(piece) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&piece.xml10_content());
                    }
                }
                Event::GeneralRef(name) => {
                    if let Some(parent) = open.last_mut() {
                        parent.text.push_str(&resolved(&name.into_inner())?);
                    }
                }
                Event::Eof => return Err(malformed("the text ends inside an element")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    pub(crate) fn write(&self) -> Result<String, XmlError> {
        let mut writer = Writer::new(Vec::new());
        self.emit(&mut writer).map_err(malformed)?;
        String::from_utf8(writer.into_inner()).map_err(malformed)
    }

    fn emit(&self, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
        let mut start = BytesStart::new(self.name.as_str());
        for (key, value) in &self.attributes {
            start.push_attribute((key.as_str(), value.as_str()));
        }
        if self.children.is_empty() && self.text.is_empty() {
            return writer.write_event(Event::Empty(start));
        }
        writer.write_event(Event::Start(start))?;
        if !self.text.is_empty() {
            writer.write_event(Event::Text(BytesText::from_escaped(escape(self.text.as_str()))))?;
        }
        for child in &self.children {
            child.emit(writer)?;
        }
        writer.write_event(Event::End(BytesEnd::new(self.name.as_str())))
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn child_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.children.iter_mut().find(|child| child.name == name)
    }

    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    pub(crate) fn set_attribute(&mut self, key: &str, value: &str) {
        match self.attributes.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => value.clone_into(old),
            None => self.attributes.push((key.to_owned(), value.to_owned())),
        }
    }

    /// Removes every child of this name.
    pub(crate) fn remove(&mut self, name: &str) {
        self.children.retain(|child| child.name != name);
    }

    /// Lays `wanted` over this element: what it says wins, what it does not say stays.
    pub(crate) fn overlay(&mut self, wanted: &Self, rules: Rules) {
        for (key, value) in &wanted.attributes {
            self.set_attribute(key, value);
        }
        if wanted.children.is_empty() {
            self.text.clone_from(&wanted.text);
        }
        self.drop_unwanted(wanted, rules);
        for child in &wanted.children {
            match self.position(child, rules(&self.name, &child.name)) {
                Some(at) => match rules(&self.name, &child.name) {
                    Merge::Replace => self.children[at] = child.clone(),
                    Merge::Keep | Merge::List(..) | Merge::Named(..) => {
                        self.children[at].overlay(child, rules);
                    }
                },
                None => self.children.push(child.clone()),
            }
        }
    }

    /// Removes members of owned lists that `wanted` no longer has.
    fn drop_unwanted(&mut self, wanted: &Self, rules: Rules) {
        let parent = self.name.clone();
        self.children.retain(|child| match rules(&parent, &child.name) {
            Merge::List(inner, key) => {
                let mine = identity(child, inner, key);
                let mut others =
                    wanted.children.iter().filter(|it| it.name == child.name).peekable();
                others.peek().is_none() || others.any(|it| identity(it, inner, key) == mine)
            }
            Merge::Keep | Merge::Replace | Merge::Named(..) => true,
        });
    }

    fn position(&self, wanted: &Self, merge: Merge) -> Option<usize> {
        self.children.iter().position(|child| {
            child.name == wanted.name
                && match merge {
                    Merge::List(inner, key) | Merge::Named(inner, key) => {
                        identity(child, inner, key) == identity(wanted, inner, key)
                    }
                    Merge::Keep | Merge::Replace => true,
                }
        })
    }
}

/// What tells a member of a list from its neighbours.
fn identity<'a>(element: &'a Element, inner: &str, key: &str) -> Option<&'a str> {
    match inner {
        "" => element.attribute(key),
        inner => element.child(inner).and_then(|child| child.attribute(key)),
    }
}

fn begin(start: &BytesStart<'_>) -> Result<Element, XmlError> {
    let mut element = Element { name: start.name().0.to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(malformed)?;
        let value = unescape(&attribute.value).map_err(malformed)?.into_owned();
        element.attributes.push((attribute.key.0.to_owned(), value));
    }
    Ok(element)
}

/// Hands a finished element to its parent, or back when it has none.
fn close(open: &mut [Element], mut done: Element) -> Option<Element> {
    if !done.children.is_empty() {
        done.text.clear(); // only the indentation between its children
    }
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(done);
            None
        }
        None => Some(done),
    }
}

/// The character behind `&name;`.
fn resolved(name: &str) -> Result<String, XmlError> {
    let reference = ["&", name, ";"].concat();
    Ok(unescape(&reference).map_err(malformed)?.into_owned())
}

fn malformed(why: impl ToString) -> XmlError {
    XmlError { what: "an XML document", why: why.to_string() }
}
