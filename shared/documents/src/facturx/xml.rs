//! Writes XML: elements, attributes, escaped text. What is empty is left out, as EN 16931 wants it
//! (no empty element), except where it is said to be required.

/// An element being written.
pub struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    pub fn new(root: &'static str, attributes: &[(&str, &str)]) -> Self {
        let mut writer = Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() };
        writer.start(root, attributes);
        writer.out.push('\n');
        writer.open.push(root);
        writer
    }

    pub fn finish(mut self) -> String {
        while let Some(name) = self.open.pop() {
            self.end(name);
        }
        self.out
    }

    /// An element with text, unless the text is empty.
    pub fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, &[], text);
    }

    pub fn optional(&mut self, name: &str, text: Option<&str>) {
        self.leaf(name, text.unwrap_or_default());
    }

    /// An element that must be there: with another text where its own is empty.
    pub fn leaf_or(&mut self, name: &str, text: &str, otherwise: &str) {
        let text = if clean(text).is_empty() { otherwise } else { text };
        self.leaf(name, text);
    }

    pub fn leaf_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        self.indent();
        self.start(name, attributes);
        escape(&text, &mut self.out);
        self.end(name);
    }

    /// An element of elements, unless none of them was written.
    pub fn group(&mut self, name: &'static str, content: impl FnOnce(&mut Self)) {
        if !self.nested(name, content) {
            return;
        }
        self.open.pop();
        self.indent();
        self.end(name);
    }

    /// An element of elements that is there even when it is empty.
    pub fn required_group(&mut self, name: &'static str, content: impl FnOnce(&mut Self)) {
        match self.nested(name, content) {
            true => {
                self.open.pop();
                self.indent();
                self.end(name);
            }
            false => {
                self.indent();
                self.out.push_str(&format!("<{name}/>\n"));
            }
        }
    }

    /// Whether anything was written; if not, the start is taken back.
    fn nested(&mut self, name: &'static str, content: impl FnOnce(&mut Self)) -> bool {
        let before = self.out.len();
        self.indent();
        self.start(name, &[]);
        self.out.push('\n');
        let start = self.out.len();
        self.open.push(name);
        content(self);
        let written = self.out.len() > start;
        if !written {
            self.open.pop();
            self.out.truncate(before);
        }
        written
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.out.push_str("  ");
        }
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }
}

/// Without the characters that XML 1.0 forbids (its production [2] `Char`), without space at the ends.
fn clean(text: &str) -> String {
    let kept: String = text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| is_allowed(*c)).collect();
    kept.trim().to_owned()
}

fn is_allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_what_is_forbidden_is_dropped() {
        let mut xml = Writer::new("r", &[("a", "\"<")]);
        xml.leaf("t", " a & b < c > \"d\" ]]> 😀\u{0}\u{1}\u{fffe}\u{ffff}\u{e000}\r\né ");
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r a=\"&quot;&lt;\">\n  \
             <t>a &amp; b &lt; c &gt; &quot;d&quot; ]]&gt; 😀\u{e000}\né</t>\n</r>\n"
        );
    }

    #[test]
    fn empty_elements_are_left_out_unless_required() {
        let mut xml = Writer::new("r", &[]);
        xml.group("a", |xml| xml.group("b", |xml| xml.leaf("c", " \u{1}")));
        xml.required_group("d", |_| {});
        xml.leaf_or("e", "\u{0}", "f");
        xml.group("g", |xml| xml.leaf("h", "i"));
        let expected = "<r>\n  <d/>\n  <e>f</e>\n  <g>\n    <h>i</h>\n  </g>\n</r>\n";
        assert!(xml.finish().ends_with(expected));
    }
}
