//! Files that are long, each in another way.

use std::fmt::Write;

/// Makes a file of about `n` lines, or words where the name says so.
pub type Shape = (&'static str, fn(usize) -> String);

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    under("debian:12", n, line)
}

fn under(base: &str, n: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = format!("FROM {base}\n");
    (0..n).for_each(|i| {
        let _ = writeln!(text, "{}", line(i));
    });
    text
}

/// `start`, and `n` times what `part` gives, in one go.
fn parts(start: &str, n: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    (0..n).for_each(|i| text.push_str(&part(i)));
    text
}

/// One instruction in its stage.
fn one(start: &str, n: usize, part: impl Fn(usize) -> String, end: &str) -> String {
    format!("FROM debian:12\n{}{end}\n", parts(start, n, part))
}

/// About the square root: so many stages of so many lines.
fn side(n: usize) -> usize {
    (1..).find(|side| side * side >= n).unwrap_or(1)
}

/// Lines of one kind, one below the other.
const LINES: &[Shape] = &[
    ("ENV lines", |n| lines(n, |i| format!("ENV A{i}=$A{}", i / 2))),
    ("ENV lines, old form", |n| lines(n, |i| format!("ENV A{i} b"))),
    ("ENV lines of one name", |n| lines(n, |i| format!("ENV A=$A:/b{i}"))),
    ("ENV lines of PATH", |n| lines(n, |i| format!("ENV PATH=/b{i}:$PATH"))),
    ("ARG lines", |n| lines(n, |i| format!("ARG A{i}=${{A{}:-x}}", i / 2))),
    ("ARG lines above FROM", |n| {
        parts("", n, |i| format!("ARG A{i}=${{A{}:-x}}\n", i / 2)) + "FROM debian:$A1\nARG A2\n"
    }),
    ("LABEL lines", |n| lines(n, |i| format!("LABEL a{i}=b"))),
    ("LABEL lines of one name", |n| lines(n, |i| format!("LABEL a=b{i}"))),
    ("RUN lines", |n| lines(n, |i| format!("RUN echo {i} > /a{i} && rm -rf /b{i}"))),
    ("RUN lines that install", |n| lines(n, |i| format!("RUN apt-get update && apt-get install -y p{i}"))),
    ("RUN lines of many tools", |n| {
        let tools =
            "wget https://example.com/a && pip install a && npm i a && gem install a && apk add a && yum install a";
        lines(n, |i| format!("RUN {tools}{i}"))
    }),
    ("RUN lines below ENV lines", |n| lines(n / 2, |i| format!("ENV A{i}=b\nRUN a $A{i}"))),
    ("RUN lines below ENV lines of paths", |n| {
        lines(n / 2, |i| format!("ENV P{i}=/opt/p{i}\nRUN mkdir /a{i}")) + "COPY . .\nRUN npm ci\nLABEL a=b\n"
    }),
    ("RUN lines that link", |n| lines(n, |i| format!("RUN ln -s /a{i} /b{i}"))),
    ("RUN lines that add and remove", |n| {
        lines(n / 2, |i| format!("RUN curl -o /a{i}.tgz https://example.com/a{i}.tgz\nRUN rm /a{i}.tgz"))
    }),
    ("RUN lines that may be one", |n| lines(n, |i| format!("RUN mkdir /a{i}"))),
    ("RUN cd lines", |n| lines(n, |i| format!("RUN cd /a{i} && make"))),
    ("COPY lines", |n| lines(n, |i| format!("COPY a{i} /b{i}"))),
    ("COPY lines to one folder", |n| lines(n, |i| format!("COPY a{i} /b/"))),
    ("COPY and RUN lines", |n| {
        lines(n / 2, |i| format!("COPY a{i} /b{i}\nRUN apt-get install -y p{i} && npm ci --prefix /b{i}"))
    }),
    ("COPY . and RUN lines", |n| lines(n / 2, |i| format!("COPY . /b{i}\nRUN pip install -r /b{i}/requirements.txt"))),
    ("COPY of folders and a RUN", |n| {
        lines(n, |i| format!("COPY src/a{i}/ /b{i}/"))
            + "RUN pip install x\nRUN apt-get update && apt-get install -y y\n"
    }),
    ("COPY of folders and RUN lines", |n| {
        lines(n / 2, |i| format!("COPY src/a{i}/ /b{i}/\nRUN pip install --target /t{i} x{i}"))
    }),
    ("COPY of files and RUN lines that use them", |n| {
        lines(n / 2, |i| format!("COPY src/ /b{i}/\nRUN tar xf /b{i}/a.tgz -C /t{i} && make"))
    }),
    ("COPY . and metadata", |n| lines(n / 2, |i| format!("COPY . /b{i}\nEXPOSE {}", i % 60_000 + 1))),
    ("ADD lines", |n| lines(n, |i| format!("ADD a{i} /b{i}"))),
    ("CMD lines", |n| lines(n, |i| format!("CMD [\"a{i}\"]"))),
    ("CMD lines for the shell", |n| lines(n, |i| format!("CMD a{i}"))),
    ("EXPOSE lines", |n| lines(n, |i| format!("EXPOSE {}", i % 60_000 + 1))),
    ("HEALTHCHECK lines", |n| lines(n, |i| format!("HEALTHCHECK CMD curl -f http://localhost:{i}"))),
    ("MAINTAINER lines", |n| lines(n, |i| format!("MAINTAINER a{i}"))),
    ("ONBUILD lines", |n| lines(n, |i| format!("ONBUILD RUN echo {i}"))),
    ("SHELL lines", |n| lines(n / 2, |i| format!("SHELL [\"/bin/bash\", \"-c\"]\nRUN a{i} | b"))),
    ("USER and WORKDIR lines", |n| lines(n / 2, |i| format!("USER u{i}\nWORKDIR a{i}"))),
    ("USER, COPY and RUN lines", |n| lines(n / 3, |i| format!("USER u{i}\nCOPY --chown=u{i} . /a{i}\nRUN sudo make"))),
    ("VOLUME lines", |n| lines(n, |i| format!("VOLUME /a{i}"))),
    ("WORKDIR and metadata, from scratch", |n| {
        under("scratch", n / 3, |i| format!("COPY . /a{i}\nWORKDIR /b{i}\nLABEL a{i}=b"))
    }),
    ("keywords in two cases", |n| lines(n, |i| if i % 2 == 0 { format!("run a{i}") } else { format!("RUN a{i}") })),
    ("comments", |n| lines(n, |i| format!("# {i}")) + "RUN cd /a\n"),
    ("ignore comments", |n| lines(n / 2, |i| format!("# layerwise ignore=DL3003\nRUN cd /a{i}"))),
    ("ignore comments for nothing", |n| lines(n / 2, |i| format!("# layerwise ignore=DL3003\nRUN a{i}"))),
    ("ignore comments for the file", |n| {
        parts("", n / 2, |_| "# layerwise global ignore=DL3003\n".to_owned())
            + &lines(n / 2, |i| format!("RUN cd /a{i}"))
    }),
    ("variables with almost the name of an ARG", |n| {
        lines(n / 2, |i| format!("ARG SOMENAME{i}")) + &parts("", n / 2, |i| format!("ENV X{i}=$SOMENAMX{i}\n"))
    }),
    ("base images with almost the name of an ARG", |n| {
        parts("", n / 2, |i| format!("ARG SOMENAME{i}\n")) + &parts("", n / 2, |i| format!("FROM a:$SOMENAMX{i}\n"))
    }),
    ("mistakes", |n| lines(n, |i| format!("NOTHING {i}"))),
    ("here-documents", |n| lines(n / 3, |i| format!("RUN <<E\nmkdir /a{i}\nE"))),
    ("here-documents without an end", |n| lines(n, |i| format!("RUN <<E{i}"))),
    ("here-documents of COPY", |n| lines(n / 3, |i| format!("COPY <<E /b{i}\n$A{i}\nE"))),
];

/// Files of many stages.
const STAGES: &[Shape] = &[
    ("stages", |n| lines(n / 2, |i| format!("FROM debian:12 AS s{i}\nRUN echo {i}"))),
    ("stages of one name", |n| lines(n / 2, |i| format!("FROM debian:12 AS s\nCOPY --from=s a{i} b"))),
    ("stages in a chain", |n| {
        parts("FROM debian:12 AS s0\n", n / 2, |i| format!("FROM s{i} AS s{}\nENV A{i}=b\n", i + 1))
    }),
    ("stages in a chain that install", |n| {
        parts("FROM debian:12 AS s0\n", n / 2, |i| {
            format!("FROM s{i} AS s{}\nRUN apt-get install p{i} && ln -s /a{i} /b\n", i + 1)
        })
    }),
    ("stages from one", |n| {
        let base = parts("FROM debian:12 AS s\n", n / 2, |i| format!("ENV A{i}=b\n"));
        base + &parts("", n / 4, |i| format!("FROM s AS t{i}\nRUN a $A{i}\n"))
    }),
    ("stages that set and copy", |n| {
        let base = parts("FROM debian:12 AS s\n", n / 4, |i| format!("ENV A{i}=b\n"));
        base + &parts("", n / 4, |i| format!("FROM s AS t{i}\nENV B=$A{i}\nCOPY --from={} /a /b\n", i / 2))
    }),
    ("stages that copy", |n| {
        parts("FROM debian:12 AS s0\n", n / 2, |i| format!("FROM debian:12 AS s{}\nCOPY --from=s{i} /a /b\n", i + 1))
    }),
    ("stages that one copies from", |n| {
        let stages = parts("", n / 3, |i| format!("FROM debian:12 AS s{i}\nRUN make\n"));
        stages + &lines(n / 3, |i| format!("COPY --from=s{i} /a /b{i}"))
    }),
    ("stages of many lines", |n| {
        let side = side(n);
        parts("", side, |s| {
            let all = format!("FROM debian:12 AS s{s}\nARG V\n");
            all + &parts("", side / 4, |i| {
                format!("ENV A{i}=$V\nCOPY . /a{i}\nRUN apt-get install p{i}\nLABEL b{i}=$A{i}\n")
            })
        })
    }),
];

/// Instructions and lines that are long in themselves.
const LONG: &[Shape] = &[
    ("pairs of one ENV", |n| one("ENV", n, |i| format!(" \\\n A{i}=b"), "")),
    ("pairs of one LABEL", |n| one("LABEL", n, |i| format!(" a{i}=b"), "")),
    ("pairs of one name", |n| one("LABEL", n, |i| format!(" a=b{i}"), "")),
    ("variables of one word", |n| {
        let args = parts("FROM debian:12\n", n / 2, |i| format!("ARG A{i}\n"));
        args + &parts("ENV B=", n / 2, |i| format!("${{A{i}}}")) + "\n"
    }),
    ("variables in one another", |n| one("ENV A=", n, |_| "${A:-".to_owned(), &"}".repeat(n))),
    ("variables of a RUN", |n| lines(n / 2, |i| format!("ARG A{i}")) + &parts("RUN a", n / 2, |i| format!(" $A{i}"))),
    ("commands of one RUN", |n| one("RUN true", n, |i| format!(" && \\\n    mkdir /a{i}"), "")),
    ("commands of one RUN, or", |n| one("RUN true", n, |i| format!(" || \\\n    mkdir /a{i}"), "")),
    ("links of one RUN", |n| {
        one("RUN true", n / 2, |i| format!(" && \\\n    ln -s /a{i} /usr/bin/b{i} && \\\n    touch /usr/bin/b{i}"), "")
    }),
    ("settings of one RUN", |n| {
        one("RUN cat > /etc/apt/x <<E && apt-get update", n, |i| format!("\n/a{i} ${{B}}/c"), "\nE")
    }),
    ("commands of one line", |n| one("RUN true", n, |i| format!(" && sudo apt-get install p{i}"), "")),
    ("commands that install", |n| {
        one("RUN true", n, |i| format!(" && \\\n    apt-get update && apt-get install p{i} && pip install q{i}"), "")
    }),
    ("commands of a pipe", |n| one("RUN true", n, |i| format!(" | grep a{i}"), "")),
    ("commands in one another", |n| one("RUN a", n, |_| " $(b".to_owned(), &")".repeat(n))),
    ("branches of one case", |n| one("RUN case $A in", n, |i| format!(" \\\n    a{i}) b{i} ;;"), " \\\n    esac")),
    ("lines of a here-document", |n| one("RUN <<E", n, |i| format!("\nmkdir /a{i}"), "\nE")),
    ("here-documents of one RUN", |n| {
        one("RUN", n / 3, |i| format!(" cat <<E{i}"), "") + &parts("", n / 3, |i| format!("a\nE{i}\n"))
    }),
    ("sources of one COPY", |n| one("COPY", n, |i| format!(" \\\n a{i}"), " /b/")),
    ("mounts of one RUN", |n| one("RUN", n, |i| format!(" --mount=type=cache,target=/a{i}"), " npm ci")),
    ("flags of one COPY", |n| one("COPY", n, |i| format!(" --exclude=a{i}"), " a /b")),
    ("ports of one EXPOSE", |n| one("EXPOSE", n, |i| format!(" {}", i % 60_000 + 1), "")),
    ("words of a command", |n| one("RUN apt-get install", n, |i| format!(" \\\n p{i}"), "")),
    ("words of an array", |n| one("CMD [\"a\"", n, |i| format!(", \"b{i}\""), "]")),
    ("words of a line", |n| one("RUN echo", n, |i| format!(" \"a{i}\" 'b' $c"), "")),
    ("triggers in one another", |n| one("", n, |_| "ONBUILD ".to_owned(), " RUN a")),
    ("blank continuations", |n| lines(1, |_| "RUN a \\\n".to_owned() + &"\n".repeat(n) + "b")),
    ("comments in one RUN", |n| one("RUN a", n, |i| format!(" \\\n# {i}\n    b{i}"), "")),
    ("ARGs of builds, labels and RUN", |n| {
        lines(n / 3, |i| format!("ARG A{i}_GIT_SHA\nLABEL a{i}=\"$A{i}_GIT_SHA\"\nRUN apt-get install p{i}"))
    }),
    ("characters of a name", |n| {
        let name = "A".repeat(n);
        format!("FROM scratch\nARG {name}A\nENV X=${name}B\n")
    }),
    ("variables of one LABEL", |n| one("LABEL", n, |i| format!(" a{i}=\"$A{i}\""), "")),
    ("variables of one ENV", |n| one("ENV", n, |i| format!(" a{i}=\"$A{i}\""), "")),
    ("here-documents of one COPY", |n| {
        one("COPY", n / 3, |i| format!(" <<E{i}"), " /b/") + &parts("", n / 3, |i| format!("a\nE{i}\n"))
    }),
    ("unknown codes of one ignore comment", |n| {
        parts("# layerwise global ignore=a", n, |i| format!(",a{i}")) + "\n" + &lines(1, |_| "RUN cd /a".into())
    }),
    ("unknown codes of one comment to hadolint", |n| {
        parts("# hadolint global ignore=DL90", n, |i| format!(",DL90{i}")) + "\n" + &lines(1, |_| "RUN cd /a".into())
    }),
    ("unknown codes of one directive", |n| {
        parts("# check=skip=a", n, |i| format!(",a{i}")) + "\n" + &lines(1, |_| "RUN cd /a".into())
    }),
    ("codes of one ignore comment", |n| {
        parts("# layerwise global ignore=DL3003", n, |i| format!(",DL{}", 3000 + i % 60))
            + &lines(1, |_| "RUN cd /a".into())
    }),
];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Shape> {
    LINES.iter().chain(STAGES).chain(LONG)
}
