//! The one style sheet of every page: letters, colours by day and by night, tables, charts, and paper.

use crate::book::html_text::in_style;

/// What a colour is for, which says how much it must stand out from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Words: 4.5 to 1.
    Text,
    /// What is drawn and has to be seen: 3 to 1.
    Drawing,
    /// What only guides the eye.
    Guide,
    /// The page itself.
    Page,
}

/// A colour by its name in the style sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Name, without its two hyphens.
    pub name: &'static str,
    /// What it is for.
    pub purpose: Purpose,
    /// On white and on paper.
    pub light: &'static str,
    /// At night. Neighbours of the series are light and less light in turn, so that they stay apart in grey.
    pub dark: &'static str,
}

const fn colour(name: &'static str, purpose: Purpose, light: &'static str, dark: &'static str) -> Colour {
    Colour { name, purpose, light, dark }
}

/// The colours of every page.
pub const COLOURS: [Colour; 12] = [
    colour("page", Purpose::Page, "#ffffff", "#1a1d21"),
    colour("ink", Purpose::Text, "#222222", "#e8e8e8"),
    colour("quiet", Purpose::Text, "#595959", "#a9b0b7"),
    colour("accent", Purpose::Text, "#12436d", "#9ccbf5"),
    colour("line", Purpose::Drawing, "#767676", "#8a9199"),
    colour("grid", Purpose::Guide, "#d9d9d9", "#3a3f45"),
    colour("s1", Purpose::Drawing, "#12436d", "#9ccbf5"),
    colour("s2", Purpose::Drawing, "#28a197", "#28a197"),
    colour("s3", Purpose::Drawing, "#801650", "#f2a7cf"),
    colour("s4", Purpose::Drawing, "#f46a25", "#f46a25"),
    colour("s5", Purpose::Drawing, "#3d3d3d", "#d0d0d0"),
    colour("s6", Purpose::Drawing, "#a285d1", "#a285d1"),
];

/// Where a reader has chosen the few colours of the system, drawings have them too; series differ by marks, dashes and fillings then.
const FORCED: &str = "\
--page:Canvas;--ink:CanvasText;--quiet:CanvasText;--accent:LinkText;--line:CanvasText;--grid:GrayText;\
--s1:CanvasText;--s2:CanvasText;--s3:CanvasText;--s4:CanvasText;--s5:CanvasText;--s6:CanvasText;\
";

/// Letters, headings and lists: one family in sizes 12, 14 and 16.
const WORDS: &str = "\
*{box-sizing:border-box}\
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\
body{margin:0 auto;padding:18pt 18pt 36pt;max-width:108em;background:var(--page);color:var(--ink);font:12pt/1.45 Arial,'Liberation Sans',sans-serif;overflow-wrap:break-word}\
h1{font-size:16pt;line-height:1.3;margin:0 0 2pt}\
h2{font-size:14pt;line-height:1.3;margin:0 0 4pt}\
h3,caption,summary,figcaption{font-size:12pt;font-weight:bold;line-height:1.35}\
h3{margin:14pt 0 3pt}\
p{margin:2pt 0;max-width:46em}\
section{margin:26pt 0 0}\
ul,dl{margin:4pt 0;padding:0}\
ul{list-style:none}\
li{padding:2pt 0;max-width:54em}\
nav{margin:20pt 0 0}\
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2pt 12pt}\
dd{margin:0}\
a{color:var(--accent);text-decoration:underline}\
a:focus-visible,summary:focus-visible,.scrolled:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
.skip{position:absolute;inset-inline-start:-999em}\
.skip:focus{position:static;display:inline-block;margin:0 0 8pt}\
.quiet{color:var(--quiet)}\
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}\
";

/// Tables: no fills, a hairline under the heading row, numbers to the end of their column.
const TABLES: &str = "\
.scrolled{position:relative;overflow-x:auto;margin:0 0 8pt;max-width:100%}\
.block{margin:16pt 0 0}\
.paper{display:none}\
table{border-collapse:separate;border-spacing:0;font-variant-numeric:tabular-nums}\
caption{text-align:start;padding:0 0 3pt}\
.scrolled caption{position:sticky;inset-inline-start:0;width:max-content;max-width:calc(100vw - 56pt)}\
h1,h2,h3,p,li,dd,th,td,figcaption{unicode-bidi:plaintext;text-align:left}\
[dir=rtl] :is(h1,h2,h3,p,li,dd,th,td,figcaption){text-align:right}\
th,td{vertical-align:top;padding:3pt 14pt 3pt 0;font-weight:normal;max-width:60ch;background:var(--page)}\
[dir=rtl] th,[dir=rtl] td{padding:3pt 0 3pt 14pt}\
thead th,thead td{font-weight:bold;vertical-align:bottom;border-bottom:1px solid var(--ink)}\
th.n,td.n{text-align:right}\
[dir=rtl] :is(th,td).n{text-align:left}\
thead th.n{max-width:9em}\
td.n,tbody th.n{white-space:nowrap}\
td.w{min-width:7em}\
th.a,td.a{padding-inline-start:14pt}\
td.d,tbody th.d{white-space:nowrap}\
td.t{padding-block:1pt}\
th.t,td.t{padding-inline-start:8pt}\
tbody th{min-width:6em;max-width:26em}\
.scrolled tbody th:first-child,.scrolled thead th:first-child{position:sticky;inset-inline-start:0;z-index:1}\
:target{outline:2px solid var(--accent);outline-offset:1px}\
section:target,figure:target,h2:target{outline:none}\
td:target,th:target{scroll-margin:4em 2em 2em 40vw}\
summary{cursor:pointer;padding:3pt 0}\
.to-chart{margin:0 0 8pt}\
.long .scrolled{max-height:80vh;overflow-y:auto;margin-top:4pt}\
.long thead th{position:sticky;top:0;z-index:2}\
.long thead th:first-child{z-index:3}\
@media screen and (max-width:46em){body{padding:12pt 12pt 24pt}.scrolled tbody th:first-child{max-width:38vw;min-width:4em}.scrolled thead th:first-child{max-width:38vw}}\
";

/// Charts: they take their colours from the page. ChartSeries differ in marks, dashes and fillings as well.
const CHARTS: &str = "\
figure{margin:10pt 0 0}\
figcaption{margin:0 0 3pt}\
svg{display:block;max-width:100%;height:auto}\
svg text{fill:var(--ink);font-family:Arial,'Liberation Sans',sans-serif;font-size:14px}\
svg .q{fill:var(--quiet)}\
svg .o{stroke:var(--page);stroke-width:3px;stroke-linejoin:round;paint-order:stroke}\
.s1{--c:var(--s1)}.s2{--c:var(--s2)}.s3{--c:var(--s3)}.s4{--c:var(--s4)}.s5{--c:var(--s5)}.s6{--c:var(--s6)}\
.l{fill:none;stroke:var(--c);stroke-width:2.25;stroke-linejoin:round}\
.s2.l{stroke-dasharray:9 4}.s3.l{stroke-dasharray:3 3}.s4.l{stroke-dasharray:12 3 3 3}.s5.l{stroke-dasharray:16 4}.s6.l{stroke-dasharray:6 2 2 2 2 2}\
.m{fill:var(--c);stroke:var(--page);stroke-width:1}\
.b{fill:var(--c);stroke:var(--c);stroke-width:1.5}\
.s2.b{fill:var(--page)}\
.s3.b{fill:url(#hatch)}\
.s4.b{stroke-dasharray:4 2;fill:var(--page)}\
.g{stroke:var(--grid);stroke-width:1;fill:none}\
.x{stroke:var(--line);stroke-width:1;fill:none}\
.k{stroke:var(--ink);stroke-width:1.1;stroke-dasharray:5 4;fill:none}\
.h{stroke:var(--s3);stroke-width:3}\
.defs{position:absolute;width:0;height:0}\
.narrow{display:none}\
.spark{display:inline-block;vertical-align:middle;max-width:none}\
.pair{display:flex;flex-wrap:wrap;gap:0 28pt;align-items:flex-start}\
.pair>*{min-width:0;max-width:100%}\
.pair figure{margin-top:16pt;flex:0 1 700px;position:sticky;top:0}\
@media screen and (max-width:46em){.wide{display:none}.narrow{display:block}}\
";

/// The board page: its measures fill the width, and what asks for attention stands out by a mark and bold letters.
const BOARD: &str = "\
.board table{width:100%}\
.board{margin-top:10pt}\
.board td.a{min-width:7.5em}\
.part{padding-inline-start:16pt}\
.look{font-weight:bold}\
";

/// The morning page: its tables fill the width, and where to look stands in the colour of links.
const MORNING: &str = "\
.morning{overflow-x:auto}\
.morning table{width:100%}\
.path{color:var(--accent);overflow-wrap:anywhere;min-width:9em}\
";

/// Paper: always light, a sheet on a new page, heading rows on every page, nothing folded, nothing pushed sideways.
const PAPER: &str = "\
@media print{\
body{max-width:none;padding:0;font-size:10.5pt;line-height:1.3}\
h2{font-size:14pt}h3,caption,summary,figcaption{font-size:11pt}\
.skip,.to-contents,.to-chart{display:none}\
a{color:inherit;text-decoration:none}\
.sheet{break-before:page;margin:0}\
.across{page:across}\
.board{page:across;break-after:page;margin:0}\
.scrolled,.to-chart{margin:0 0 8pt}\
.long .scrolled{overflow:visible;max-height:none;margin:0}\
.scrolled caption,.scrolled tbody th:first-child,.scrolled thead th:first-child,.long thead th{position:static;max-width:none}\
details::details-content{content-visibility:visible;display:block;height:auto;opacity:1}\
details>summary{display:none}\
thead{display:table-header-group}\
tr,figure,li{break-inside:avoid}\
h1,h2,h3,caption,summary,figcaption{break-after:avoid}\
th,td{padding:2pt 10pt 2pt 0}\
td.w{min-width:4em}\
.packed{font-size:9.6pt}.packed th,.packed td{padding-inline-end:6pt}.packed th.t,.packed td.t{padding-inline-start:8pt}\
.paper{display:block}.screen{display:none}\
.pair{display:block}.pair figure{position:static}\
.b,.m{print-color-adjust:exact;-webkit-print-color-adjust:exact}\
}\
";

/// The whole sheet. `foot` is what stands at the foot of a printed page: at its begin, and at its end as the pieces of a style sheet that [`page_number`] gives.
pub fn sheet(foot: &str, page_number: &str) -> String {
    let colours = |of: fn(&Colour) -> &'static str| {
        COLOURS.iter().map(|colour| format!("--{}:{};", colour.name, of(colour))).collect::<String>()
    };
    let light = colours(|colour| colour.light);
    let dark = colours(|colour| colour.dark);
    let foot = in_style(foot);
    let boxes = format!(
        "@bottom-left{{content:\"{foot}\";font:9pt Arial,sans-serif;color:#595959}}@bottom-right{{content:{page_number};font:9pt Arial,sans-serif;color:#595959}}"
    );
    format!(
        ":root{{color-scheme:light;{light}}}\
         @media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}\
         @media screen and (forced-colors:active){{:root{{{FORCED}}}}}\
         {WORDS}{TABLES}{CHARTS}{BOARD}{MORNING}{PAPER}\
         @page{{margin:12mm 12mm 16mm;{boxes}}}@page across{{size:landscape}}"
    )
}

/// The number of a printed page as a style sheet writes it, from a text with the places `{page}` and `{pages}`.
pub fn page_number(text: &str) -> String {
    let mut pieces = Vec::new();
    for (place, part) in text.split("{page}").enumerate() {
        if place > 0 {
            pieces.push("counter(page)".to_owned());
        }
        for (place, part) in part.split("{pages}").enumerate() {
            if place > 0 {
                pieces.push("counter(pages)".to_owned());
            }
            pieces.push(format!("\"{}\"", in_style(part)));
        }
    }
    pieces.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance by WCAG 2.2: the weighted sum of the linear parts of sRGB.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal")) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// The colours of a block of the style sheet, as it is written.
    fn written<'s>(style: &'s str, begin: &str) -> Vec<(&'s str, &'s str)> {
        let block = style.split(begin).nth(1).and_then(|rest| rest.split('}').next()).expect("a block");
        block.split(';').filter_map(|line| line.strip_prefix("--")?.split_once(':')).collect()
    }

    #[test]
    fn colours_stand_out_from_the_page_by_day_and_by_night() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
        let style = sheet("", "\"\"");
        for begin in [":root{color-scheme:light;", ":root{color-scheme:dark;"] {
            let colours = written(&style, begin);
            let of = |name: &str| colours.iter().find(|(own, _)| *own == name).expect("a colour").1;
            for colour in COLOURS {
                let least = match colour.purpose {
                    Purpose::Text => 4.5,
                    Purpose::Drawing => 3.0,
                    Purpose::Guide | Purpose::Page => 1.0,
                };
                let own = contrast(of(colour.name), of("page"));
                assert!(own >= least, "{begin} {}: {own:.2}", colour.name);
            }
            assert_eq!(colours.len(), COLOURS.len());
        }
    }

    #[test]
    fn no_other_colour_is_written_outside_the_list_but_the_quiet_one_of_paper() {
        for part in [WORDS, TABLES, CHARTS, BOARD, MORNING, PAPER] {
            let hex = |at: usize| part[at + 1..].chars().take(3).all(|letter| letter.is_ascii_hexdigit());
            assert!(part.match_indices('#').all(|(at, _)| !hex(at)), "{part}");
        }
    }

    #[test]
    fn the_foot_of_a_page_cannot_end_its_quote_marks() {
        assert_eq!(
            page_number("Page {page} of {pages}"),
            "\"Page\\20 \" counter(page) \"\\20 of\\20 \" counter(pages) \"\""
        );
        let style = sheet("a\"}</style><script>", &page_number("\"{pages}"));
        assert!(!style.contains("</style") && !style.contains("<script"));
        assert_eq!(style.matches('{').count(), style.matches('}').count());
    }
}
