//! A drawing as SVG within a page: lines, areas, marks and words, a scale, and how wide words are. Colours come from the style sheet by class, so that a drawing follows
//! the page by day, by night and on paper; places are written with one decimal, so that bytes repeat.

use std::fmt::Write as _;

use crate::book::html_text::escaped;

/// Size of the letters of a drawing, in its units, which are pixels of a page at 100 %.
pub const LETTERS: f64 = 14.0;
/// Height of a line of letters.
pub const LINE: f64 = 17.0;

/// Where words stand to their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// They begin there.
    Start,
    /// Their middle is there.
    Middle,
    /// They end there.
    End,
}

/// A drawing that grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    body: String,
}

impl Drawing {
    /// An empty one.
    pub fn new(width: f64, height: f64) -> Drawing {
        Drawing { width, height, body: String::new() }
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let (a, b, c, d) = (place(from.0), place(from.1), place(to.0), place(to.1));
        let _ = write!(self.body, "<path class=\"{class}\" d=\"M{a} {b}L{c} {d}\"/>");
    }

    /// A line through points; a point that is none is a gap, and a point between gaps is no line.
    pub fn path(&mut self, points: &[Option<(f64, f64)>], class: &str) {
        let mut steps = String::new();
        for part in points.split(Option::is_none).filter(|part| part.len() > 1) {
            for (at, (x, y)) in part.iter().flatten().enumerate() {
                let _ = write!(steps, "{}{} {}", if at == 0 { 'M' } else { 'L' }, place(*x), place(*y));
            }
        }
        if !steps.is_empty() {
            let _ = write!(self.body, "<path class=\"{class}\" d=\"{steps}\"/>");
        }
    }

    /// A rectangle; `told` is what it says when it is pointed at.
    pub fn area(&mut self, corner: (f64, f64), size: (f64, f64), class: &str, told: &str) {
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">{}</rect>",
            place(corner.0),
            place(corner.1),
            place(size.0.max(0.0)),
            place(size.1.max(0.0)),
            title(told)
        );
    }

    /// The mark of a series, whose form goes by its number: disc, square, triangle, diamond, and again.
    pub fn mark(&mut self, (x, y): (f64, f64), series: usize, size: f64, told: &str) {
        let form = match series % 4 {
            0 => format!(
                "M{} {}a{size} {size} 0 1 0 {} 0a{size} {size} 0 1 0 -{} 0",
                place(x - size),
                place(y),
                2.0 * size,
                2.0 * size
            ),
            1 => format!("M{} {}h{}v{}h-{}z", place(x - size), place(y - size), 2.0 * size, 2.0 * size, 2.0 * size),
            2 => format!("M{} {}l{size} {}h-{}z", place(x), place(y - size), 2.0 * size, 2.0 * size),
            _ => format!("M{} {}l{size} {size}l-{size} {size}l-{size} -{size}z", place(x), place(y - size)),
        };
        let _ = write!(self.body, "<path class=\"{} m\" d=\"{form}\">{}</path>", series_class(series), title(told));
    }

    /// Words on one line; `y` is the line they stand on.
    pub fn words(&mut self, (x, y): (f64, f64), anchor: Anchor, class: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ =
            write!(self.body, "<text x=\"{}\" y=\"{}\"{anchor}{class}>{}</text>", place(x), place(y), escaped(words));
    }

    /// The picture with its name and its message, which are read out; `name` is its own on the page.
    pub fn picture(&self, name: &str, class: &str, title: &str, message: &str) -> String {
        format!(
            "<svg class=\"{class}\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" direction=\"ltr\">\
             <title id=\"{name}-t\">{}</title><desc id=\"{name}-d\">{}</desc>{}</svg>",
            escaped(title),
            escaped(message),
            self.body,
            w = place(self.width),
            h = place(self.height),
        )
    }

    /// A picture within a line of a table, whose name is its message.
    pub fn small_picture(&self, message: &str) -> String {
        format!(
            "<svg class=\"spark\" role=\"img\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" direction=\"ltr\"><title>{}</title>{}</svg>",
            escaped(message),
            self.body,
            w = place(self.width),
            h = place(self.height),
        )
    }
}

fn title(told: &str) -> String {
    if told.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(told)) }
}

/// The class that gives a series its colour.
pub fn series_class(series: usize) -> String {
    format!("s{}", series % 6 + 1)
}

/// A place with one decimal at the most.
fn place(value: f64) -> String {
    // What is none, or beyond any picture, is drawn at its border.
    let value = if value.is_finite() { value.clamp(-9_999.0, 99_999.0) } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Width of words in a drawing, in pixels: the advance widths of Arial in thousandths of its size, and for letters beyond ASCII what the wider ones take.
pub fn width_of(words: &str) -> f64 {
    let width = |letter: char| match letter {
        '\'' => 191,
        'i' | 'j' | 'l' => 222,
        '|' => 260,
        ' ' | '!' | ',' | '.' | '/' | ':' | ';' | 'I' | '[' | ']' | '\\' | 'f' | 't' => 278,
        '(' | ')' | '-' | '`' | 'r' | '{' | '}' => 334,
        '"' | '*' => 389,
        'J' | 'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '^' => 500,
        'L' | '0'..='9' | 'a'..='z' | '#' | '$' | '?' | '_' if !matches!(letter, 'm' | 'w') => 556,
        '+' | '<' | '=' | '>' | '~' => 584,
        'F' | 'T' | 'Z' => 611,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' => 667,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722,
        'G' | 'O' | 'Q' => 778,
        'm' | 'M' => 833,
        '%' => 889,
        'W' => 944,
        '@' => 1015,
        letter if letter < '\u{1100}' => 640,
        _ => 1000,
    };
    f64::from(words.chars().map(width).sum::<u32>()) * LETTERS / 1000.0
}

/// Words cut to a width, with three points where something is left out.
pub fn cut(words: &str, width: f64) -> String {
    // No picture has room for so many letters, so that no more are measured.
    let begin: String = words.chars().take(400).collect();
    if begin.len() == words.len() && width_of(words) <= width {
        return words.to_owned();
    }
    let mut cut = String::new();
    let points = width_of("...");
    let mut used = points;
    for letter in begin.chars() {
        used += width_of(letter.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        cut.push(letter);
    }
    format!("{}...", cut.trim_end())
}

/// Words in lines of a width, the last of so many cut.
pub fn lines(words: &str, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = words.trim();
    while !rest.is_empty() {
        if lines.len() + 1 >= most || width_of(&rest.chars().take(400).collect::<String>()) <= width {
            lines.push(cut(rest, width));
            break;
        }
        let fits = |at: &usize| width_of(&rest[..*at]) <= width;
        let borders = rest.match_indices(' ').map(|(at, _)| at);
        let Some(end) = borders.take_while(fits).last() else {
            lines.push(cut(rest, width));
            break;
        };
        lines.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

/// A scale of round steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisScale {
    /// Its begin.
    pub from: f64,
    /// Its end.
    pub to: f64,
    step: f64,
    decimals: usize,
}

impl AxisScale {
    /// From zero to what is not less than the greatest.
    pub fn from_zero(greatest: f64, steps: u32) -> AxisScale {
        AxisScale::over(0.0, if greatest > 0.0 { greatest } else { 1.0 }, steps)
    }

    /// From zero to the greatest itself, for bars whose figures stand at their ends: the longest takes all the room.
    pub fn to_greatest(greatest: f64, steps: u32) -> AxisScale {
        let scale = AxisScale::from_zero(greatest, steps);
        AxisScale { to: if greatest > 0.0 { greatest } else { scale.to }, ..scale }
    }

    /// Around figures: from zero, unless the least is more than six tenths of the greatest, where their movement would not be seen.
    pub fn around(least: f64, greatest: f64, steps: u32) -> AxisScale {
        if greatest > 0.0 && least > 0.6 * greatest && greatest > least {
            let air = (greatest - least) * 0.15;
            return AxisScale::over(least - air, greatest, steps);
        }
        AxisScale::from_zero(greatest, steps)
    }

    fn over(from: f64, to: f64, steps: u32) -> AxisScale {
        let wanted = (to - from) / f64::from(steps.max(1));
        let (mut unit, mut decimals) = (1.0, 0_usize);
        while unit * 10.0 <= wanted {
            unit *= 10.0;
        }
        while unit > wanted && decimals < 9 {
            unit /= 10.0;
            decimals += 1;
        }
        let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| unit * factor >= wanted).unwrap_or(10.0);
        if factor >= 10.0 {
            decimals = decimals.saturating_sub(1);
        }
        let step = unit * factor;
        AxisScale { from: (from / step).floor() * step, to: (to / step).ceil() * step, step, decimals }
    }

    /// Its steps from its begin on, each with the digits it is written in.
    pub fn steps(&self) -> Vec<(f64, String)> {
        let count = ((self.to - self.from) / self.step + 1e-9).floor().clamp(0.0, 50.0) as u32;
        let step = |at: u32| self.from + f64::from(at) * self.step;
        (0..=count).map(step).map(|value| (value, format!("{value:.decimals$}", decimals = self.decimals))).collect()
    }

    /// How far along the scale a value stands, 0 at its begin and 1 at its end.
    pub fn part(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_few_round_steps_and_hold_their_figures() {
        let words = |scale: AxisScale| scale.steps().into_iter().map(|(_, digits)| digits).collect::<Vec<_>>();
        assert_eq!(words(AxisScale::from_zero(37.0, 5)), ["0", "10", "20", "30", "40"]);
        assert_eq!(words(AxisScale::from_zero(0.43, 5)), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(words(AxisScale::from_zero(0.0, 4)), ["0.0", "0.5", "1.0"]);
        assert_eq!(words(AxisScale::around(1_640.0, 1_930.0, 5)), ["1500", "1600", "1700", "1800", "1900", "2000"]);
        assert_eq!(words(AxisScale::around(2.0, 10.0, 5))[0], "0", "figures that move enough are drawn from zero");
        for (least, greatest) in [(0.0, 1e19), (1e-7, 2e-7), (9.9, 10.0), (5.0, 5.0), (0.0, 0.0)] {
            let scale = AxisScale::around(least, greatest, 5);
            assert!(scale.from <= least && scale.to >= greatest && scale.steps().len() <= 12, "{least} {greatest}");
        }
    }

    #[test]
    fn a_gap_parts_a_line_and_a_point_alone_is_none() {
        let mut drawing = Drawing::new(10.0, 10.0);
        let point = |x: f64| Some((x, 1.0));
        drawing.path(&[point(0.0), point(1.0), None, point(3.0), None, point(5.0), point(6.0)], "l");
        assert_eq!(drawing.body, "<path class=\"l\" d=\"M0 1L1 1M5 1L6 1\"/>");
    }

    #[test]
    fn words_are_cut_and_broken_to_a_width() {
        assert_eq!(cut("short", 100.0), "short");
        let long = "w".repeat(10_000);
        assert!(width_of(&cut(&long, 100.0)) <= 100.0 && cut(&long, 100.0).ends_with("..."));
        let broken = lines("Type 2 diabetes mellitus without complications", 120.0, 2);
        assert_eq!(broken.len(), 2);
        assert!(broken.iter().all(|line| width_of(line) <= 120.0), "{broken:?}");
        assert_eq!(lines("", 10.0, 2), Vec::<String>::new());
    }
}
