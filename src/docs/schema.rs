//! Reference pages made from JSON schemas: every section, key, type, default and meaning, as the types and their comments say.

use std::fmt::Write as _;

use serde_json::Value;

/// How the place of a section is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// As in a TOML file: `[edits.trend]`, `[[ingest]]`.
    Toml,
    /// As in JSON: `trends.beyond[]`.
    Json,
}

/// A section: an object of the schema, and every place where it may stand.
struct ReferenceSection<'s> {
    /// Name of its type in the schema; blank for the file itself.
    name: &'s str,
    object: &'s Value,
    places: Vec<Place>,
}

/// Where a section stands.
#[derive(Debug, Clone)]
struct Place {
    path: String,
    is_list: bool,
}

impl Place {
    fn written(&self, notation: Notation) -> String {
        match (notation, self.is_list) {
            (Notation::Toml, true) => format!("[[{}]]", self.path),
            (Notation::Toml, false) => format!("[{}]", self.path),
            (Notation::Json, true) => format!("{}[]", self.path),
            (Notation::Json, false) => self.path.clone(),
        }
    }
}

/// The sections of a schema as Markdown: a heading and a table each. `top` is the heading of the keys that stand in no section.
pub fn reference(schema: &Value, notation: Notation, top: &str) -> String {
    let mut sections = vec![ReferenceSection {
        name: "",
        object: schema,
        places: vec![Place { path: String::new(), is_list: false }],
    }];
    let mut next = 0;
    while next < sections.len() {
        let of = &sections[next];
        let (object, at) = (of.object, of.places[0].clone());
        for (key, value) in properties(object) {
            let Some((name, is_list)) = section_of(schema, value) else { continue };
            let path = match (at.path.is_empty(), notation, at.is_list) {
                (true, ..) => key.to_owned(),
                (false, Notation::Json, true) => format!("{}[].{key}", at.path),
                (false, ..) => format!("{}.{key}", at.path),
            };
            let place = Place { path, is_list };
            match sections.iter_mut().find(|section| section.name == name) {
                Some(known) => known.places.push(place),
                None => sections.push(ReferenceSection { name, object: &schema["$defs"][name], places: vec![place] }),
            }
        }
        next += 1;
    }
    sections.sort_by(|a, b| order(schema, a).cmp(&order(schema, b)));
    sections.iter().map(|section| page_of(schema, section, &sections, notation, top)).collect()
}

/// The sections stand as their first keys do in the file: what must be there before what may be, then by name.
fn order<'s>(schema: &Value, section: &'s ReferenceSection<'_>) -> (bool, bool, &'s str) {
    let first = section.places[0].path.split(['.', '[']).next().unwrap_or_default();
    (!section.name.is_empty(), !is_required(schema, first), &section.places[0].path)
}

fn page_of(
    schema: &Value,
    section: &ReferenceSection<'_>,
    all: &[ReferenceSection<'_>],
    notation: Notation,
    top: &str,
) -> String {
    let places: Vec<String> = section.places.iter().map(|place| format!("`{}`", place.written(notation))).collect();
    let heading = match (section.name, places.len()) {
        ("", _) => top.to_owned(),
        (_, 1 | 2) => places.join(" and "),
        (_, count) => format!("{} and {} more", places[0], count - 1),
    };
    let mut text = format!("\n## {heading}\n\n{}\n\n", meaning_of(section.object));
    if places.len() > 2 {
        let _ = writeln!(text, "The same keys stand in {}.\n", places[1..].join(", "));
    }
    text.push_str(match notation {
        Notation::Toml => "| key | type | default | meaning |\n| --- | --- | --- | --- |\n",
        Notation::Json => "| key | type | meaning |\n| --- | --- | --- |\n",
    });
    let mut keys: Vec<(&str, &Value)> = properties(section.object).collect();
    keys.sort_by_key(|(key, _)| (!is_required(section.object, key), *key));
    for (key, value) in keys {
        let (meaning, default) = meaning_and_default(&meaning_of(value));
        let meaning = [meaning, meaning_of_values(schema, value)].join(" ");
        let kind = kind_of(schema, value, all, notation);
        let default = match (default, is_required(section.object, key)) {
            (Some(default), _) => default,
            (None, true) => "must be there".to_owned(),
            (None, false) => "none".to_owned(),
        };
        let _ = match notation {
            Notation::Toml => {
                writeln!(text, "| `{key}` | {} | {} | {} |", cell(&kind), cell(&default), cell(meaning.trim()))
            }
            Notation::Json => writeln!(text, "| `{key}` | {} | {} |", cell(&kind), cell(meaning.trim())),
        };
    }
    text
}

fn properties(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object["properties"].as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn is_required(object: &Value, key: &str) -> bool {
    object["required"].as_array().is_some_and(|keys| keys.iter().any(|known| known == key))
}

fn meaning_of(value: &Value) -> String {
    value["description"].as_str().unwrap_or_default().replace('\n', " ")
}

/// A comment without its sentence `Default: ...`, and what that sentence says.
fn meaning_and_default(comment: &str) -> (String, Option<String>) {
    let Some((before, after)) = comment.split_once("Default: ") else { return (comment.to_owned(), None) };
    let (default, rest) = after.split_once(". ").unwrap_or((after.trim_end_matches('.'), ""));
    ([before, rest].concat().trim().to_owned(), Some(default.to_owned()))
}

/// The type that a reference names.
fn referred<'s>(schema: &'s Value, value: &'s Value) -> Option<(&'s str, &'s Value)> {
    let name = value["$ref"].as_str()?.strip_prefix("#/$defs/")?;
    Some((name, &schema["$defs"][name]))
}

/// The section that a key holds, and whether it holds a list of them. Of a key that may be something else as well, the section among its choices.
fn section_of<'s>(schema: &'s Value, value: &'s Value) -> Option<(&'s str, bool)> {
    if let Some((name, object)) = referred(schema, value) {
        return match object["properties"].is_object() {
            true => Some((name, false)),
            false => section_of(schema, object),
        };
    }
    if let Some(choices) = value["anyOf"].as_array() {
        return choices.iter().find_map(|choice| section_of(schema, choice));
    }
    let items = &value["items"];
    items.is_object().then(|| section_of(schema, items).map(|(name, _)| (name, true))).flatten()
}

/// What may stand in a key, in words.
fn kind_of(schema: &Value, value: &Value, all: &[ReferenceSection<'_>], notation: Notation) -> String {
    if let Some((name, object)) = referred(schema, value) {
        return match all.iter().find(|section| section.name == name) {
            Some(section) if section.places.len() > 1 => "section".to_owned(),
            Some(section) => format!("section `{}`", section.places[0].written(notation)),
            None => kind_of(schema, object, all, notation),
        };
    }
    if let Some(choices) = value["anyOf"].as_array() {
        let mut kinds: Vec<String> = Vec::new();
        for choice in choices.iter().filter(|choice| choice["type"] != "null") {
            let kind = kind_of(schema, choice, all, notation);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return kinds.join(" or ");
    }
    if value["oneOf"].is_array() || value["enum"].is_array() {
        return values_of(value).map(|(value, _)| format!("`\"{value}\"`")).collect::<Vec<_>>().join(", ");
    }
    let kinds = value["type"].as_array().cloned().unwrap_or_else(|| vec![value["type"].clone()]);
    let kind = kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default();
    match kind {
        "string" => "text".to_owned(),
        "integer" => "whole number".to_owned(),
        "number" => "number".to_owned(),
        "boolean" => "true or false".to_owned(),
        "array" => match section_of(schema, &value["items"]) {
            Some(_) => kind_of(schema, &value["items"], all, notation).replacen("section", "sections", 1),
            None => format!("list of {}", plural(&kind_of(schema, &value["items"], all, notation))),
        },
        "object" => {
            format!("by name: {}", kind_of(schema, &value["additionalProperties"], all, notation))
        }
        _ => String::new(),
    }
}

fn plural(kind: &str) -> String {
    match kind {
        "text" => "texts".to_owned(),
        "whole number" => "whole numbers".to_owned(),
        other => other.to_owned(),
    }
}

/// The values of a list, with what the comment of each says.
fn values_of(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let one_of = value["oneOf"].as_array().into_iter().flatten().flat_map(|choice| {
        let meaning = choice["description"].as_str().unwrap_or_default();
        let named = choice["const"].as_str().map(|value| (value, meaning));
        let listed = choice["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        named.into_iter().chain(listed.map(move |value| (value, meaning)))
    });
    let listed = value["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    one_of.chain(listed.map(|value| (value, "")))
}

/// What each value of a list means, for a key that takes one; also where the list is one of the key's choices.
fn meaning_of_values(schema: &Value, value: &Value) -> String {
    if let Some((_, object)) = referred(schema, value) {
        return meaning_of_values(schema, object);
    }
    if let Some(choices) = value["anyOf"].as_array() {
        return choices.iter().map(|choice| meaning_of_values(schema, choice)).collect();
    }
    let said = values_of(value).filter(|(_, meaning)| !meaning.is_empty());
    said.map(|(value, meaning)| format!("`{value}`: {} ", lower_first(meaning))).collect()
}

/// A sentence as it goes on behind a colon.
fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Value {
        serde_json::json!({
            "description": "A file.",
            "properties": {
                "title": { "description": "Its title.", "type": "string" },
                "feed": { "type": "array", "items": { "$ref": "#/$defs/Feed" }, "description": "The feeds." },
                "top": { "type": ["integer", "null"], "description": "Rows of a list. Default: 25. `--top` goes before it." },
            },
            "required": ["title"],
            "$defs": {
                "Feed": {
                    "description": "A feed.",
                    "properties": { "kind": { "anyOf": [{ "$ref": "#/$defs/Kind" }, { "type": "null" }] } },
                },
                "Kind": { "oneOf": [{ "const": "full", "description": "Every record." }] },
            },
        })
    }

    #[test]
    fn every_key_has_its_type_its_default_and_its_meaning() {
        let text = reference(&schema(), Notation::Toml, "The file");
        assert_eq!(
            text,
            "
## The file

A file.

| key | type | default | meaning |
| --- | --- | --- | --- |
| `title` | text | must be there | Its title. |
| `feed` | sections `[[feed]]` | none | The feeds. |
| `top` | whole number | 25 | Rows of a list. `--top` goes before it. |

## `[[feed]]`

A feed.

| key | type | default | meaning |
| --- | --- | --- | --- |
| `kind` | `\"full\"` | none | `full`: every record. |
"
        );
    }

    #[test]
    fn a_list_in_json_has_its_brackets_and_no_defaults() {
        let text = reference(&schema(), Notation::Json, "The file");
        assert!(text.contains("\n## `feed[]`\n") && text.contains("\n| key | type | meaning |\n"), "{text}");
    }
}
