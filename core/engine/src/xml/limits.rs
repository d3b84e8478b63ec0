//! How large a file may be before it is parsed.

/// How large an XML file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlLimits {
    /// Bytes of the file.
    pub bytes: u32,
    /// Elements of the file.
    pub nodes: u32,
    /// Levels of nesting; at most [`XmlLimits::DEPTH_MAX`], whatever stands here.
    pub depth: u32,
    /// Attributes of one element.
    pub attributes: u32,
    /// Namespace declarations of the file.
    pub namespaces: u32,
}

impl XmlLimits {
    /// The deepest nesting that is read at all.
    pub const DEPTH_MAX: u32 = 64;

    /// Every file, however large.
    pub(crate) const NONE: Self = Self {
        bytes: u32::MAX,
        nodes: u32::MAX,
        depth: Self::DEPTH_MAX,
        attributes: u32::MAX,
        namespaces: u32::MAX,
    };
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            bytes: 4 * 1024 * 1024,
            nodes: 200_000,
            depth: Self::DEPTH_MAX,
            attributes: 128,
            namespaces: 10_000,
        }
    }
}
