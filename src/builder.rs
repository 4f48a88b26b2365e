//! The builders whose cache layerwise knows.

/// The program that builds the image: what invalidates a step depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Builder {
    /// Docker's default since 23.0.
    #[default]
    Buildkit,
    /// Docker's former builder, `DOCKER_BUILDKIT=0`.
    Classic,
    /// Podman's builder.
    Buildah,
}

impl Builder {
    /// Every builder, the default first.
    pub const ALL: [Builder; 3] = [Builder::Buildkit, Builder::Classic, Builder::Buildah];

    /// The name in options, configuration and output.
    pub const fn name(self) -> &'static str {
        match self {
            Builder::Buildkit => "buildkit",
            Builder::Classic => "classic",
            Builder::Buildah => "buildah",
        }
    }

    /// The builder called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.name() == name)
    }
}
