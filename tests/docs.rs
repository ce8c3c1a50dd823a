//! The book in the program: its pages are listed, found and printed.

use crate::command::{printed, run};

#[test]
fn every_page_is_listed_and_is_printed_in_any_case_by_docs_and_by_explain() {
    let (list, errors, code) = printed(&run(&["docs"]));
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(printed(&run(&["explain"])).0, list);
    for page in chartroom::docs::pages() {
        let line = |line: &str| line.starts_with(&format!("  {} ", page.name)) && line.ends_with(&page.title());
        assert_eq!(list.lines().filter(|listed| line(listed)).count(), 1, "{}: {list}", page.name);
        for arguments in [["docs", page.name], ["docs", &page.name.to_uppercase()], ["explain", page.name]] {
            let (text, errors, code) = printed(&run(&arguments));
            assert_eq!((errors.as_str(), code), ("", 0), "{arguments:?}");
            assert!(text.starts_with(&format!("# {}\n", page.title())), "{arguments:?}: {text}");
        }
    }
}

#[test]
fn a_topic_that_is_no_page_is_answered_with_what_was_probably_meant() {
    for (topic, hint) in [
        ("layuts", "there is no page `layuts`; did you mean layouts?"),
        ("log101", "there is no page `log101`, it is an edit: `chartroom explain log101`"),
        ("qqqqqq", "there is no page `qqqqqq`; `chartroom docs` lists the pages"),
    ] {
        let (text, errors, code) = printed(&run(&["docs", topic]));
        assert_eq!((text.as_str(), code), ("", 2), "{topic}");
        assert!(errors.contains(hint), "{errors}");
    }
}
