//! The head of an answer.

use std::time::Duration;

/// Status and header fields of an answer.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// The fields, in any case and order.
    pub fields: Vec<(String, String)>,
}

/// What a `Content-Range` says, RFC 9110, section 14.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentRange {
    /// `bytes START-LAST/TOTAL`, the total absent where it says `*`.
    Part { start: u64, last: u64, total: Option<u64> },
    /// `bytes */TOTAL`, of an answer 416.
    Unsatisfied { total: u64 },
}

impl Head {
    /// A field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// What proves that two answers are of one file: a strong entity tag, else the time of the last change.
    ///
    /// A weak tag says that two files mean the same, not that their bytes are the same.
    pub(crate) fn validator(&self) -> Option<String> {
        let strong = |tag: &&str| tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"');
        let printable = |text: &&str| text.len() <= 256 && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        let tag = self.field("etag").filter(strong);
        tag.or_else(|| self.field("last-modified")).filter(printable).map(str::to_owned)
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.field("content-length")?.parse().ok()
    }

    pub(crate) fn content_range(&self) -> Option<ContentRange> {
        let rest = self.field("content-range")?.strip_prefix("bytes")?.trim_start();
        let (range, total) = rest.split_once('/')?;
        let total = match total.trim() {
            "*" => None,
            digits => Some(number(digits)?),
        };
        if range.trim() == "*" {
            return Some(ContentRange::Unsatisfied { total: total? });
        }
        let (start, last) = range.trim().split_once('-')?;
        let (start, last) = (number(start)?, number(last)?);
        let within = start <= last && total.is_none_or(|total| last < total);
        within.then_some(ContentRange::Part { start, last, total })
    }

    /// The encoding that changes the bytes, if there is one.
    pub(crate) fn encoding(&self) -> Option<&str> {
        self.field("content-encoding").filter(|e| !e.is_empty() && !e.eq_ignore_ascii_case("identity"))
    }

    pub(crate) fn is_html(&self) -> bool {
        let kind = self.field("content-type").unwrap_or_default().to_ascii_lowercase();
        kind.starts_with("text/html") || kind.starts_with("application/xhtml")
    }

    /// `Retry-After` as a time to wait: seconds, or a date held against the answer's own `Date`.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let text = self.field("retry-after")?;
        if let Some(seconds) = number(text) {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(text).ok()?;
        let now = httpdate::parse_http_date(self.field("date")?).ok()?;
        Some(until.duration_since(now).unwrap_or_default())
    }
}

/// Digits only: `parse` would take a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(fields: &[(&str, &str)]) -> Head {
        Head { status: 206, fields: fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect() }
    }

    #[test]
    fn content_ranges_are_read_strictly() {
        let read = |text: &str| head(&[("Content-Range", text)]).content_range();
        assert_eq!(read("bytes 0-9/10"), Some(ContentRange::Part { start: 0, last: 9, total: Some(10) }));
        assert_eq!(read("bytes 5-9/*"), Some(ContentRange::Part { start: 5, last: 9, total: None }));
        assert_eq!(read("bytes */10"), Some(ContentRange::Unsatisfied { total: 10 }));
        for bad in [
            "",
            "bytes",
            "items 0-9/10",
            "bytes 9-0/10",
            "bytes 0-10/10",
            "bytes -1-3/10",
            "bytes +0-3/10",
            "bytes 0-3",
            "bytes */*",
            "bytes 0-99999999999999999999/*",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_weak_tag_is_no_validator() {
        let tag = |tag: &str| head(&[("ETAG", tag)]).validator();
        assert_eq!(tag("\"a\"").as_deref(), Some("\"a\""));
        assert_eq!(tag("W/\"a\""), None);
        assert_eq!(tag("\""), None);
        let both = head(&[("ETag", "W/\"a\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")]);
        assert_eq!(both.validator().as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(head(&[("etag", "\"a\r\nx: y\"")]).validator(), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let wait = |value| head(&[("retry-after", value), now]).retry_after();
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
        assert_eq!(head(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]).retry_after(), None);
    }
}
