//! A page as a strict reader of XML has it: every element with its attributes and words. It refuses what is not well-formed.

use std::collections::BTreeMap;

use quick_xml::{Reader, events::Event};

/// An element.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Name.
    pub name: String,
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// All words within it.
    pub words: String,
    /// The places of its children in the list of elements.
    pub children: Vec<usize>,
    /// The place of what it stands in.
    pub parent: Option<usize>,
}

impl Element {
    /// An attribute, or nothing.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// Whether it has a class.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").split(' ').any(|own| own == class)
    }
}

/// The elements of a page in the order in which they begin.
pub fn parsed(page: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(page);
    let (mut elements, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().unwrap_or_else(|fault| panic!("{fault} near {:?}", page.get(at..at + 200)));
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.expect("a well-formed attribute");
                    let name = attribute.key.as_ref().to_owned();
                    let value = attribute.value.clone().into_owned();
                    assert!(!value.contains('<'), "{value}");
                    (name, quick_xml::escape::unescape(&value).expect("known references").into_owned())
                });
                let element = Element {
                    name: start.name().as_ref().to_owned(),
                    attributes: attributes.collect(),
                    parent: open.last().copied(),
                    ..Element::default()
                };
                let place = elements.len();
                if let Some(parent) = open.last() {
                    let parent: &mut Element = &mut elements[*parent];
                    parent.children.push(place);
                }
                elements.push(element);
                if matches!(event, Event::Start(_)) {
                    open.push(place);
                }
            }
            Event::End(_) => {
                let closed = open.pop().expect("something is open");
                let words = elements[closed].words.clone();
                if let Some(parent) = open.last() {
                    elements[*parent].words.push_str(&words);
                }
            }
            Event::Text(text) => {
                if let Some(own) = open.last() {
                    elements[*own].words.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                let name = reference.to_string();
                let own = open.last().expect("within an element");
                let letter = quick_xml::escape::unescape(&format!("&{name};")).expect("a known reference").into_owned();
                elements[*own].words.push_str(&letter);
            }
            Event::DocType(_) => assert!(elements.is_empty()),
            Event::Eof => break,
            other => panic!("a page has no {other:?}"),
        }
    }
    assert!(open.is_empty(), "everything is closed");
    elements
}
