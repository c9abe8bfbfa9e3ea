//! Trees as HTML.

use super::{Node, write_escaped};

/// HTML elements without content or end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "link", "meta", "wbr"];

/// Writes a tree as HTML. SVG elements are written alike, each with an end tag.
pub fn to_html(node: &Node) -> String {
    let mut out = String::new();
    write(node, &VOID, &mut out);
    out
}

/// Writes a tree as XML: every element has an end tag.
pub fn to_xml(node: &Node) -> String {
    let mut out = String::new();
    write(node, &[], &mut out);
    out
}

/// Writes a tree; elements named in `void` have neither content nor end tag. XML has no such elements.
pub(super) fn write(node: &Node, void: &[&str], out: &mut String) {
    match node {
        Node::Text(text) => write_escaped(text, out),
        Node::Element { tag, attrs, children } => {
            out.push('<');
            out.push_str(tag);
            for (name, value) in attrs {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                write_escaped(value, out);
                out.push('"');
            }
            out.push('>');
            if void.contains(tag) {
                return;
            }
            for child in children {
                write(child, void, out);
            }
            out.push_str("</");
            out.push_str(tag);
            out.push('>');
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::node::{el, foreign, text, to_html, to_xml};

    #[test]
    fn trees_become_html() {
        for (node, html) in [
            (el("p").class("a").text("x"), "<p class=\"a\">x</p>"),
            (el("p").text("<b>&\"'"), "<p>&lt;b&gt;&amp;&quot;&#39;</p>"),
            (el("p").attr("title", "\"><script>"), "<p title=\"&quot;&gt;&lt;script&gt;\"></p>"),
            (el("div").child(el("br")).child(el("hr")), "<div><br><hr></div>"),
            (el("head").child(el("link").attr("rel", "icon")), "<head><link rel=\"icon\"></head>"),
            (el("svg").child(el("line").attr("x1", "0")), "<svg><line x1=\"0\"></line></svg>"),
            (foreign("a\u{202e}b"), "<bdi>a\\u{202e}b</bdi>"),
            (el("td").children([text("1"), el("wbr"), text("2")]), "<td>1<wbr>2</td>"),
            (text("x").class("ignored").child(el("p")), "x"),
        ] {
            assert_eq!(to_html(&node), html);
        }
        assert_eq!(
            to_xml(&el("feed").child(el("link").attr("rel", "self"))),
            "<feed><link rel=\"self\"></link></feed>"
        );
    }
}
