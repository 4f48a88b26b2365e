//! A text in Markdown, for a terminal and for the web.

use super::color::{BOLD, FRAME, RESET};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
use std::io::{self, Write};

/// Names the line of a fence (`dockerfile bad`) for readers; none for a block that speaks for itself.
pub type Label = fn(&str) -> Option<String>;

/// Writes `text` for a terminal that is `width` columns wide.
pub fn terminal(text: &str, label: Label, width: usize, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { width, colour, line: String::new(), prefix: Vec::new(), lists: Vec::new(), code: false };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        page.event(event, label, out)?;
    }
    Ok(())
}

/// `text` as a piece of HTML.
pub fn html(text: &str, label: Label) -> String {
    let mut out = String::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).flat_map(|event| {
        let caption = match &event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => label(info),
            _ => None,
        };
        let paragraph = caption.map(|c| Event::Html(format!("<p class=\"caption\">{}:</p>\n", escaped(&c)).into()));
        paragraph.into_iter().chain([event])
    });
    html::push_html(&mut out, events);
    out
}

/// `text` with what HTML would read as markup replaced.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, std::iter::once(Event::Text(text.into())));
    out
}

/// The state of a page that is being written.
struct Page {
    width: usize,
    colour: bool,
    /// The paragraph so far.
    line: String,
    /// What starts the first line of the paragraph, and all others.
    prefix: Vec<String>,
    /// The number of the next item of each open list; none for a list without numbers.
    lists: Vec<Option<u64>>,
    code: bool,
}

impl Page {
    fn event(&mut self, event: Event<'_>, label: Label, out: &mut dyn Write) -> io::Result<()> {
        match event {
            Event::Start(Tag::Heading { .. }) => self.style(BOLD),
            Event::End(TagEnd::Heading(_)) => {
                self.style(RESET);
                self.paragraph(out)?;
                writeln!(out)?;
            }
            Event::End(TagEnd::Paragraph) => {
                self.paragraph(out)?;
                if self.lists.is_empty() {
                    writeln!(out)?;
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                if let CodeBlockKind::Fenced(info) = kind
                    && let Some(label) = label(&info)
                {
                    writeln!(out, "{label}:\n")?;
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                writeln!(out)?;
            }
            Event::Start(Tag::List(first)) => {
                // A list in an item stands below the text of the item.
                self.paragraph(out)?;
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    writeln!(out)?;
                }
            }
            Event::Start(Tag::Item) => self.item(),
            Event::End(TagEnd::Item) => {
                self.paragraph(out)?;
                self.prefix.pop();
            }
            Event::Text(text) if self.code => {
                for line in text.lines() {
                    let line = if line.is_empty() { String::new() } else { format!("    {line}") };
                    self.coloured(out, &line)?;
                }
            }
            Event::Text(text) => self.line.push_str(&text),
            Event::Code(text) => {
                self.style(FRAME);
                // Without colour, the quotes are all that sets a word apart.
                self.line.push_str(&if self.colour { text.to_string() } else { format!("`{text}`") });
                self.style(RESET);
            }
            Event::Start(Tag::Strong | Tag::Emphasis) => self.style(BOLD),
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => self.style(RESET),
            Event::End(TagEnd::TableCell) => self.line.push_str("  "),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => self.paragraph(out)?,
            Event::End(TagEnd::Table) => writeln!(out)?,
            Event::SoftBreak => self.line.push(' '),
            Event::HardBreak => self.paragraph(out)?,
            _ => {}
        }
        Ok(())
    }

    fn item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.prefix.push(mark);
    }

    fn style(&mut self, code: &str) {
        if self.colour {
            self.line.push_str(code);
        }
    }

    fn coloured(&self, out: &mut dyn Write, line: &str) -> io::Result<()> {
        if self.colour && !line.is_empty() { writeln!(out, "{FRAME}{line}{RESET}") } else { writeln!(out, "{line}") }
    }

    /// Writes the paragraph, if there is one. Only the first of an item has its mark.
    fn paragraph(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let text = std::mem::take(&mut self.line);
        if text.trim().is_empty() {
            return Ok(());
        }
        let first = self.prefix.concat();
        let rest = " ".repeat(first.chars().count());
        if let Some(last) = self.prefix.last_mut() {
            *last = " ".repeat(last.chars().count());
        }
        let options = textwrap::Options::new(self.width).initial_indent(&first).subsequent_indent(&rest);
        let options = options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text.trim_end(), options) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    const TEXT: &str = "# A title\n\nSome words with `code` that are longer than the line is wide.\n\n```dockerfile bad\nFROM a\n\nRUN b\n```\n\n- one item that goes on for a while, too\n  1. inner\n  2. `last` < 3\n- two\n\nEnd.\n";

    fn label(info: &str) -> Option<String> {
        (info == "dockerfile bad").then(|| "Not like <this>".to_owned())
    }

    #[test]
    fn a_page_fits_the_terminal() {
        let mut out = Vec::new();
        terminal(TEXT, label, 30, false, &mut out).unwrap();
        assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        A title

        Some words with `code` that
        are longer than the line is
        wide.

        Not like <this>:

            FROM a

            RUN b

        - one item that goes on for a
          while, too
          1. inner
          2. `last` < 3
        - two

        End.
        "#);
    }

    #[test]
    fn a_page_is_html() {
        assert_snapshot!(html(TEXT, label), @r#"
        <h1>A title</h1>
        <p>Some words with <code>code</code> that are longer than the line is wide.</p>
        <p class="caption">Not like &lt;this&gt;:</p>
        <pre><code class="language-dockerfile">FROM a

        RUN b
        </code></pre>
        <ul>
        <li>one item that goes on for a while, too
        <ol>
        <li>inner</li>
        <li><code>last</code> &lt; 3</li>
        </ol>
        </li>
        <li>two</li>
        </ul>
        <p>End.</p>
        "#);
    }
}
