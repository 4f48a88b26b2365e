//! The formats that findings are written in.

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The lines concerned, with labels, costs and what to do.
    #[default]
    Pretty,
    /// One line a finding, as compilers and editors expect it.
    Short,
    /// One JSON array over all files.
    Json,
    /// A line of JSON for each finding.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub's workflows.
    GitHub,
    /// GitLab's code quality report.
    GitLab,
    /// Code Climate's issues, with a NUL behind each.
    CodeClimate,
    /// Codacy's results, one a line.
    Codacy,
    /// Checkstyle's XML.
    Checkstyle,
    /// JUnit's XML.
    JUnit,
    /// SonarQube's generic issues.
    SonarQube,
    /// Reviewdog's diagnostics, with suggestions.
    RdJson,
    /// Logging commands of Azure Pipelines.
    Azure,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 14] = [
        Format::Pretty,
        Format::Short,
        Format::Json,
        Format::JsonLines,
        Format::Sarif,
        Format::GitHub,
        Format::GitLab,
        Format::CodeClimate,
        Format::Codacy,
        Format::Checkstyle,
        Format::JUnit,
        Format::SonarQube,
        Format::RdJson,
        Format::Azure,
    ];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Short => "short",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Sarif => "sarif",
            Format::GitHub => "github",
            Format::GitLab => "gitlab",
            Format::CodeClimate => "codeclimate",
            Format::Codacy => "codacy",
            Format::Checkstyle => "checkstyle",
            Format::JUnit => "junit",
            Format::SonarQube => "sonarqube",
            Format::RdJson => "rdjson",
            Format::Azure => "azure",
        }
    }

    /// The format called `name`, here or in hadolint.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name || f.alias() == Some(name))
    }

    /// What hadolint calls it, where that differs.
    pub const fn alias(self) -> Option<&'static str> {
        match self {
            Format::Pretty => Some("tty"),
            Format::Short => Some("gnu"),
            Format::GitLab => Some("gitlab_codeclimate"),
            _ => None,
        }
    }

    /// The format that the name of a file stands for, if it stands for one.
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let extensions = [
            (".sarif.json", Format::Sarif),
            (".sarif", Format::Sarif),
            (".jsonl", Format::JsonLines),
            (".ndjson", Format::JsonLines),
            (".rdjson", Format::RdJson),
            (".json", Format::Json),
            (".txt", Format::Pretty),
        ];
        extensions.into_iter().find(|(extension, _)| name.ends_with(extension)).map(|(_, format)| format)
    }
}
