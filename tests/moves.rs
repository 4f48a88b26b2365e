//! Moves that a fix must make, and every way we know in which one could be wrong.

#[path = "support/order.rs"]
mod order;

use layerwise::config::Builder;
use order::fixed_for;

/// `text` after `--fix` for BuildKit with the rules about order and merging only.
fn fixed(text: &str) -> String {
    fixed_for(Builder::Buildkit, text)
}

/// Metadata moves further on the classic builder, so what must not move is asked there too.
#[track_caller]
fn stays(text: &str) {
    for builder in [Builder::Buildkit, Builder::Classic] {
        assert_eq!(fixed_for(builder, text), text, "{builder:?}");
    }
}

/// Stays for BuildKit, where it would save nothing, and moves for the classic builder.
#[track_caller]
fn becomes_on_classic(before: &str, after: &str) {
    assert_eq!(fixed(before), before);
    assert_eq!(fixed_for(Builder::Classic, before), after);
}

#[track_caller]
fn becomes(before: &str, after: &str) {
    assert_eq!(fixed(before), after);
}

const BOOK: &str = include_str!("../testdata/web-ping/Dockerfile");
const BOOK_OPTIMISED: &str = "FROM diamol/node\n\nCMD [\"node\", \"/web-ping/app.js\"]\n\nENV TARGET=\"blog.sixeyed.com\" \\\n    METHOD=\"HEAD\" \\\n    INTERVAL=\"3000\"\n\nWORKDIR /web-ping\nCOPY app.js .";

#[test]
fn the_books_dockerfile_becomes_the_books_optimised_one() {
    becomes(BOOK, BOOK_OPTIMISED);
}

#[test]
fn the_same_with_every_line_indented() {
    let indent = |text: &str| {
        let lines = text.split('\n').map(|l| if l.is_empty() { String::new() } else { format!(" {l}") });
        lines.collect::<Vec<_>>().join("\n")
    };
    becomes(&indent(BOOK), &indent(BOOK_OPTIMISED));
}

#[test]
fn the_same_with_windows_line_endings_and_a_byte_order_mark() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    becomes(&crlf(BOOK), &crlf(BOOK_OPTIMISED));
    becomes(&format!("\u{feff}{BOOK}"), &format!("\u{feff}{BOOK_OPTIMISED}"));
    becomes(&format!("{BOOK}\n"), &format!("{BOOK_OPTIMISED}\n"));
}

#[test]
fn comments_travel() {
    let mut commented = String::new();
    for line in BOOK.split_inclusive('\n') {
        if let Some(word) = line.split(' ').next().filter(|w| !w.trim().is_empty()) {
            commented += &format!("# about {word}\n");
        }
        commented += line;
    }
    becomes(
        &commented,
        "# about FROM\nFROM diamol/node\n\n# about CMD\nCMD [\"node\", \"/web-ping/app.js\"]\n\n# about ENV\n\
         ENV TARGET=\"blog.sixeyed.com\" \\\n    # about ENV\n    METHOD=\"HEAD\" \\\n    # about ENV\n    \
         INTERVAL=\"3000\"\n\n# about WORKDIR\nWORKDIR /web-ping\n# about COPY\nCOPY app.js .",
    );
}

#[test]
fn moved_lines_keep_their_groups_and_their_case() {
    becomes("from a\ncopy . /app\nexpose 80\ncmd [\"x\"]\n", "from a\nexpose 80\ncmd [\"x\"]\ncopy . /app\n");
    becomes(
        "FROM a\n\nCOPY . /app\n\nEXPOSE 80\n\nCMD [\"x\"]\n",
        "FROM a\n\nEXPOSE 80\n\nCMD [\"x\"]\n\nCOPY . /app\n",
    );
    becomes(
        "FROM a\n\nENV A=1\n\nWORKDIR /w\nCOPY . .\n\nENV B=2\n",
        "FROM a\n\nENV A=1 \\\n    B=2\n\nWORKDIR /w\nCOPY . .\n",
    );
}

#[test]
fn metadata_passes_files_of_other_stages_that_come_from_the_sources() {
    becomes(
        "FROM a AS b\nCOPY . /src\nRUN make\nFROM c\nCOPY --from=b /src/x /x\nCMD [\"/x\"]\n",
        "FROM a AS b\nCOPY . /src\nRUN make\nFROM c\nCMD [\"/x\"]\nCOPY --from=b /src/x /x\n",
    );
    stays("FROM a AS b\nRUN make\nFROM c\nCOPY --from=b /x /x\nCMD [\"/x\"]\n");
    stays("FROM c\nCOPY --from=nginx:1 /x /x\nCMD [\"/x\"]\n");
}

#[test]
fn env_never_passes_what_reads_it() {
    // A command sees the whole environment.
    stays(
        "FROM node:20\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm ci\nENV NODE_ENV=production\n",
    );
    stays("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nENV NODE_ENV=production\n");
    // A later COPY, ADD, WORKDIR, USER, EXPOSE, LABEL, VOLUME, STOPSIGNAL, ENV or ARG expands it.
    stays("FROM a\nCOPY $DIR /x\nENV DIR=src\n");
    stays("FROM a\nCOPY --chown=${OWNER} a /x\nENV OWNER=1\n");
    stays("FROM a\nCOPY a ${TO:-/x}\nENV TO=/y\n");
    stays("FROM a\nCOPY <<EOF /x\n$WORD\nEOF\nCOPY b$WORD /y\nENV WORD=1\n");
    stays("FROM a\nCOPY b /x\nWORKDIR /$D\nENV D=1\n");
    stays("FROM a\nCOPY b /x\nARG V=$E\nENV E=1\n");
    stays("FROM a\nARG E\nADD b$E /x\nENV E=1\n");
}

#[test]
fn metadata_goes_to_the_top_or_stays_where_it_saves_nothing() {
    becomes_on_classic(
        "FROM a\nWORKDIR /w\nCOPY m.json .\nRUN make\nCOPY . .\nEXPOSE 80\nCMD [\"x\"]\n",
        "FROM a\nWORKDIR /w\nCOPY m.json .\nRUN make\nEXPOSE 80\nCMD [\"x\"]\nCOPY . .\n",
    );
    // Above all that it can pass, among them what comes from the cache anyway.
    becomes(
        &format!("FROM a\nARG A\n{APT}COPY . /w\nCMD [\"x\"]\n"),
        &format!("FROM a\nCMD [\"x\"]\nARG A\n{APT}COPY . /w\n"),
    );
    // Each stage has a top of its own.
    becomes(
        "FROM a AS b\nRUN make\nFROM c\nCOPY . /w\nCMD [\"x\"]\n",
        "FROM a AS b\nRUN make\nFROM c\nCMD [\"x\"]\nCOPY . /w\n",
    );
    // A line that goes up alone is no reason to move the others: they stay together at the end.
    stays("FROM a\nCOPY a /w\nRUN make\nCOPY b /w\nRUN make\nEXPOSE 80\nCMD [\"x\"]\n");
}

#[test]
fn labels_stay_in_front() {
    becomes(
        "FROM a\nMAINTAINER me\nLABEL a=1\nENV A=1\nCOPY . /w\nCMD [\"x\"]\n",
        "FROM a\nMAINTAINER me\nLABEL a=1\nCMD [\"x\"]\nENV A=1\nCOPY . /w\n",
    );
}

#[test]
fn env_moves_only_as_far_as_it_may() {
    becomes_on_classic(
        "FROM a\nRUN make\nWORKDIR /w\nCOPY . .\nENV A=1\n",
        "FROM a\nRUN make\nENV A=1\nWORKDIR /w\nCOPY . .\n",
    );
    becomes("FROM a\nWORKDIR /$A\nCOPY . .\nENV A=1\n", "FROM a\nWORKDIR /$A\nENV A=1\nCOPY . .\n");
    // The same variable twice keeps its order.
    stays("FROM a\nENV A=1\nRUN make\nCOPY . /w\nRUN make\nENV A=2\n");
    // ARG and ENV of one name.
    stays("FROM a\nCOPY . /x\nARG A=1\nENV A=2\nRUN make\n");
}

#[test]
fn what_a_build_argument_changes_is_not_stable() {
    stays("FROM a\nARG SHA\nCOPY . /x\nLABEL rev=$SHA\n");
    stays("FROM a\nARG SHA\nCOPY . /x\nENV REV=${SHA:-none}\n");
    stays("FROM a\nARG PORT\nCOPY . /x\nEXPOSE $PORT\n");
    stays("FROM a\nARG SHA\nENV REV=$SHA\nCOPY . /x\nLABEL rev=$REV\n");
}

#[test]
fn shell_forms_keep_their_shell() {
    stays("FROM a\nCOPY . /x\nRUN make\nSHELL [\"/bin/bash\", \"-c\"]\n");
    let text = "FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nCMD run\nCOPY . /x\n";
    becomes("FROM a\nCOPY . /x\nSHELL [\"/bin/bash\", \"-c\"]\nCMD run\n", text);
    let text = "FROM a\nCMD run\nSHELL [\"/bin/bash\", \"-c\"]\nCOPY . /x\n";
    becomes("FROM a\nCOPY . /x\nCMD run\nSHELL [\"/bin/bash\", \"-c\"]\n", text);
    // SHELL may not pass CMD, ENTRYPOINT or HEALTHCHECK in shell form, nor they it.
    stays("FROM a\nENTRYPOINT run\nSHELL [\"/bin/bash\", \"-c\"]\nRUN make\nCOPY . /x\n");
    becomes(
        "FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nCOPY . /x\nHEALTHCHECK CMD curl x\n",
        "FROM a\nSHELL [\"/bin/bash\", \"-c\"]\nHEALTHCHECK CMD curl x\nCOPY . /x\n",
    );
}

#[test]
fn cmd_and_entrypoint_keep_their_order() {
    becomes(
        "FROM a\nCOPY . /x\nENTRYPOINT [\"e\"]\nCMD [\"c\"]\n",
        "FROM a\nENTRYPOINT [\"e\"]\nCMD [\"c\"]\nCOPY . /x\n",
    );
    becomes(
        "FROM a\nCMD [\"c\"]\nCOPY . /x\nENTRYPOINT [\"e\"]\n",
        "FROM a\nCMD [\"c\"]\nENTRYPOINT [\"e\"]\nCOPY . /x\n",
    );
    becomes("FROM a\nCMD [\"1\"]\nCOPY . /x\nCMD [\"2\"]\n", "FROM a\nCMD [\"1\"]\nCMD [\"2\"]\nCOPY . /x\n");
}

#[test]
fn user_never_passes_what_runs_as_it() {
    stays("FROM a\nCOPY . /x\nRUN make\nUSER app\n");
    stays("FROM a\nCOPY . /x\nWORKDIR /w\nUSER app\n");
    becomes("FROM a\nCOPY . /x\nUSER app\nCMD [\"x\"]\n", "FROM a\nUSER app\nCMD [\"x\"]\nCOPY . /x\n");
    stays("FROM a\nARG UID\nCOPY . /x\nUSER $UID\n");
}

#[test]
fn what_is_no_stable_metadata_stays() {
    for line in ["VOLUME /data", "ONBUILD RUN make", "MAINTAINER me", "WORKDIR /w", "ARG A=1", "RUN make", "ADD b /b"] {
        stays(&format!("FROM a\nCOPY . /x\n{line}\n"));
    }
}

#[test]
fn labels_and_ports_keep_their_order_among_themselves() {
    becomes(
        "FROM a\nLABEL a=1\nCOPY . /x\nLABEL a=2\nEXPOSE 1\nEXPOSE 2\n",
        "FROM a\nLABEL a=1\nLABEL a=2\nEXPOSE 1\nEXPOSE 2\nCOPY . /x\n",
    );
}

#[test]
fn a_file_that_no_builder_takes_is_not_reordered() {
    stays("FROM a\nCOPY . /x\n{{ if .Debug }}\nCMD [\"x\"]\n{{ end }}\n");
    stays("COPY . /x\nCMD [\"x\"]\n");
}

const APT: &str =
    "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n";

/// The same RUN, with a first command that takes long enough to be worth a move and reads no file.
fn slow(run: &str) -> String {
    let first = "RUN apt-get update && ";
    match run.strip_prefix("RUN ") {
        // A flag, a JSON form, a here-document that is the script, or a function that must come first.
        Some(rest) if !rest.starts_with(['-', '[', '<']) && !rest.contains("()") => format!("{first}{rest}"),
        _ => run.to_owned(),
    }
}

#[test]
fn a_quick_run_stays() {
    for run in ["RUN useradd -r app\n", "RUN mkdir -p /data && chown 1000:1000 /data\n", "RUN echo hi > /etc/motd\n"] {
        stays(&format!("FROM a:1\nWORKDIR /app\nCOPY . .\n{run}RUN make\n"));
    }
}

#[test]
fn a_run_that_needs_no_file_moves_above_the_copy() {
    for run in [
        APT,
        "RUN apk add --no-cache git make\n",
        "RUN set -ex; dnf install -y gcc && dnf clean all\n",
        "RUN groupadd -r app && useradd -r -g app -d /srv/home app\n",
        "RUN addgroup -S app && adduser -S -G app app\n",
        "RUN mkdir -p /data/a /data/b && chown 1000:1000 /data\n",
        "RUN [\"apt-get\", \"install\", \"-y\", \"curl\"]\n",
        "RUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n",
        "RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl\n",
        "RUN echo 'a b' > /etc/motd\n",
        "RUN DEBIAN_FRONTEND=noninteractive apt-get install -y linux-headers-$(uname -r)\n",
        "RUN cat <<EOF > /etc/motd\nhi\nEOF\n",
    ] {
        let run = slow(run);
        becomes(
            &format!("FROM a:1\nWORKDIR /app\nCOPY . .\n{run}RUN make\n"),
            &format!("FROM a:1\nWORKDIR /app\n{run}COPY . .\nRUN make\n"),
        );
    }
}

#[test]
fn a_run_moves_past_the_topmost_copy_that_it_can_pass() {
    becomes(
        &format!("FROM a:1\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\nCOPY . .\n{APT}"),
        &format!("FROM a:1\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n{APT}COPY . .\n"),
    );
    becomes(
        &format!("FROM a:1\nWORKDIR /app\nCOPY a .\nCOPY b .\n{APT}"),
        &format!("FROM a:1\nWORKDIR /app\n{APT}COPY a .\nCOPY b .\n"),
    );
}

#[test]
fn a_package_list_moves_only_with_all_that_installs_from_it() {
    stays("FROM a:1\nCOPY t.deb /t.deb\nRUN apt-get update\nRUN dpkg -i /t.deb; exit 0\nRUN apt-get -f install -y\n");
    stays(
        "FROM a:1\nCOPY . /app\nRUN apt-get update && apt-get install -y curl\nRUN make\nRUN apt-get install -y git\n",
    );
    stays(
        "FROM a:1\nCOPY . /app\nRUN apt-get update\nRUN apt-get install -y curl\nRUN make\nRUN apt-get install -y git\n",
    );
    // The others fetch their own.
    for other in
        [APT, "RUN apk add --no-cache git\n", "RUN curl -sL https://h/setup | bash -\nRUN apt-get install -y x\n"]
    {
        becomes(
            &format!("FROM a:1\nCOPY . /app\nRUN apt-get update\nRUN apt-get install -y curl\nRUN make\n{other}"),
            &format!("FROM a:1\nRUN apt-get update\nRUN apt-get install -y curl\nCOPY . /app\nRUN make\n{other}"),
        );
    }
}

#[test]
fn blank_lines_between_runs_stay() {
    becomes(
        &format!("FROM a:1\n\nCOPY . /app\n\n{APT}\nRUN apt-get install -y git\n\nCMD x\n"),
        &format!("FROM a:1\n\nCMD x\n\n{APT}\nRUN apt-get install -y git\n\nCOPY . /app\n"),
    );
}

#[test]
fn a_run_never_passes_a_copy_that_it_may_need() {
    for (copy, run) in [
        // The destination is a system folder, all of the image, or unknown.
        ("COPY . /", APT),
        ("COPY sources.list /etc/apt/sources.list.d/", APT),
        ("COPY tool /usr/local/bin/", APT),
        ("COPY site /var/www/html/", APT),
        ("COPY . $DIR", APT),
        ("COPY . ${DIR:-/app}", APT),
        ("COPY . /opt/google", APT),
        ("COPY .npmrc /root/", APT),
        // The command reads what was copied.
        ("COPY . /app", "RUN apt-get install -y ./tool.deb\n"),
        ("COPY . /app", "RUN apt-get install -y /app/tool.deb\n"),
        ("COPY . /app", "RUN yum install -y tool.rpm\n"),
        ("COPY . /app", "RUN apk add --no-cache $PACKAGES\n"),
        ("COPY . /app", "RUN apt-get install -y $(cat packages.txt)\n"),
        ("COPY . /app", "RUN xargs apt-get install -y < packages.txt\n"),
        ("COPY . /app", "RUN apt-get update && ./install.sh\n"),
        ("COPY . /app", "RUN apt-get update; . ./env && make\n"),
        ("COPY . /app", "RUN apt-get -o Dir::Etc=/app/apt update\n"),
        ("COPY . /app", "RUN apt-get -c apt.conf update\n"),
        ("COPY . /app", "RUN cat x > /etc/motd\n"),
        ("COPY . /app", "RUN cp x /etc/motd\n"),
        ("COPY . /app", "RUN cd /app && mkdir /data\n"),
        ("COPY . /app", "RUN [ -f x ] && mkdir /data\n"),
        ("COPY . /app", "RUN [[ -f x ]] && mkdir /data\n"),
        ("COPY . /app", "RUN mkdir /data < x\n"),
        ("COPY . /app", "RUN sed -i s/a/b/ x\n"),
        ("COPY . /app", "RUN sed -f x -i /etc/motd\n"),
        ("COPY . /app", "RUN python3 <<EOF\nprint(1)\nEOF\n"),
        ("COPY . /app", "RUN <<EOF\n#!/app/run\napt-get update\nEOF\n"),
        ("COPY . /app", "RUN curl -d @x -o /x.txt https://a/b\n"),
        ("COPY . /app", "RUN curl -O https://a/b\n"),
        ("COPY . /app", "RUN wget https://a/b\n"),
        ("COPY . /app", "RUN tar -xf x.tar -C /data\n"),
        ("COPY . /app", "RUN useradd -k /app/skel -m me\n"),
        // The command writes where the files go, or makes a folder above.
        ("COPY . /app", "RUN mkdir -p /app/log\n"),
        ("COPY . /app", "RUN chown -R 1:1 /app\n"),
        ("COPY . /app", "RUN rm -rf /app/*\n"),
        ("COPY . /app", "RUN rm -rf /*\n"),
        ("COPY . /app", "RUN rm -rf $DIR\n"),
        ("COPY . /app", "RUN rm -rf /tmp/$X/../../app\n"),
        ("COPY . /app", "RUN chmod -x /data\n"),
        ("COPY . /data/in", "RUN mkdir -p /data/out\n"),
        ("COPY . /app", "RUN mkdir data\n"),
        ("COPY . /app", "RUN touch ~/x\n"),
        ("COPY . /home/me/app", "RUN useradd -m me\n"),
        ("COPY . /srv/me", "RUN useradd -m -d /srv/me me\n"),
        ("COPY --chown=me . /app", "RUN useradd me\n"),
        ("COPY passwd /etc/passwd", "RUN useradd me\n"),
        ("COPY . /app", "RUN make > /log\n"),
        ("COPY . /app", "RUN apt-get() { ./x; }; apt-get update\n"),
        ("COPY . /app", "RUN eval apt-get update\n"),
        ("COPY . /app", "RUN bash -c 'apt-get update'\n"),
        ("COPY . /app", "RUN PATH=$X:$PATH apt-get update\n"),
        ("COPY . /app", "RUN PATH=/app/bin apt-get update\n"),
        ("COPY . /app", "RUN --mount=type=bind,target=/src apt-get update\n"),
        ("COPY . /app", "RUN --mount=type=cache,target=cache apt-get update\n"),
        ("COPY . /app", "RUN --security=insecure apt-get update\n"),
        ("COPY . /app", "RUN 'unclosed\n"),
        ("COPY . /app", "RUN diff <(cat x) /etc/motd\n"),
    ] {
        stays(&format!("FROM a:1\nWORKDIR /app\n{copy}\n{}", slow(run)));
    }
    // No WORKDIR: the destination is wherever the base image says.
    stays(&format!("FROM a:1\nCOPY . .\n{APT}"));
    // A command is looked for in the copied folder first.
    stays(&format!("FROM a:1\nENV PATH=/app/bin:$PATH\nWORKDIR /app\nCOPY . .\n{APT}"));
    stays(&format!("FROM a:1\nENV ROOT=/app\nENV PATH=$ROOT/bin:$PATH\nWORKDIR /app\nCOPY . .\n{APT}"));
    stays(&format!("FROM a:1\nENV APT_CONFIG=/app/apt.conf\nWORKDIR /app\nCOPY . .\n{APT}"));
}

#[test]
fn a_run_never_passes_what_it_reads_besides() {
    for line in ["ENV A=1", "ARG A", "USER app", "SHELL [\"/bin/bash\", \"-c\"]", "RUN make", "VOLUME /var/lib/apt"] {
        let text = format!("FROM a:1\nWORKDIR /app\nRUN true\nCOPY . .\nRUN ./x\n{line}\n{APT}");
        stays(&text);
    }
    // SHELL may name a shell that reads another language, and another escape character another system.
    stays(&format!("FROM a:1\nSHELL [\"pwsh\", \"-c\"]\nWORKDIR /app\nCOPY . .\n{APT}"));
    stays(&format!("# escape=`\nFROM a:1\nWORKDIR /app\nCOPY . .\n{APT}"));
}

#[test]
fn a_run_never_passes_files_that_its_environment_names_from_the_current_folder_on() {
    for (variable, run) in [
        ("PIP_TARGET=.", "pip install flask"),
        ("PIP_PREFIX=.", "pip install flask"),
        ("npm_config_prefix=..", "npm install -g yarn"),
        ("GOBIN=.", "go install example.org/x@latest"),
        ("PYTHONPATH=.", "pip install flask"),
        ("NODE_PATH=.", "npm install -g yarn"),
        ("NODE_EXTRA_CA_CERTS=ca.pem", "npm install -g yarn"),
        ("SSL_CERT_FILE=ca.pem", "curl -o /x https://example.org/x"),
        ("SSL_CERT_DIR=certs", "apk add curl"),
        ("REQUESTS_CA_BUNDLE=ca.pem", "pip install flask"),
        ("CURL_CA_BUNDLE=ca.pem", "curl -o /x https://example.org/x"),
        ("WGETRC=wgetrc", "wget -O /x https://example.org/x"),
        ("GIT_CONFIG_GLOBAL=config", "git clone https://example.org/x /x"),
        ("GIT_TEMPLATE_DIR=template", "git clone https://example.org/x /x"),
        ("LD_LIBRARY_PATH=lib", "apt-get update && apt-get install -y curl"),
        ("PATH=$PATH:", "apt-get update && apt-get install -y curl"),
        ("LD_LIBRARY_PATH=\"/a::/b\"", "apt-get update && apt-get install -y curl"),
    ] {
        stays(&format!("FROM a\nWORKDIR /app\nENV {variable}\nCOPY . .\nRUN {run}\n"));
    }
    let below = |variable: &str| {
        format!("FROM a\nWORKDIR /app\nENV {variable}\nCOPY . .\nRUN apt-get update && apt-get install -y curl\n")
    };
    for variable in
        ["GIT_SHA=abc", "NODE_ENV=production", "NODE_VERSION=22.1.0", "LD_LIBRARY_PATH=/opt/lib", "APP_PATH_PREFIX=api"]
    {
        assert_ne!(fixed(&below(variable)), below(variable), "{variable}");
    }
}

#[test]
fn steps_on_both_sides_of_a_link_keep_their_order() {
    let download = "curl -o /opt/app/src/a.js https://example.org/y";
    stays(&format!("FROM debian:12\nRUN ln -s /opt/app /app\nCOPY . /app/\nRUN {download}\n"));
    stays(&format!("FROM debian:12\nWORKDIR /\nRUN ln -s /opt/app\nCOPY . /app/\nRUN {download}\n"));
    stays(&format!("FROM debian:12 AS b\nRUN ln -s /opt/app /app\nFROM b\nCOPY . /app/\nRUN {download}\n"));
    stays(
        "FROM debian:12\nRUN ln -sfn /opt/app-1.2 /opt/app && curl -fsSL https://example.org/y.tgz | tar -xz -C /opt\n\
         COPY conf /opt/app/conf\nRUN curl -o /opt/app-1.2/conf/a https://example.org/y\n",
    );
    for link in
        ["RUN make && ln -s /opt/app /app", "RUN [\"ln\", \"-s\", \"/opt/app\", \"/app\"]", "RUN ln\t-s /opt/app /app"]
    {
        stays(&format!("FROM debian:12\n{link}\nCOPY . /app/\nRUN {download}\n"));
        stays(&format!("FROM debian:12 AS b\n{link}\nFROM b\nCOPY . /app/\nRUN {download}\n"));
    }
    // A link that leads nowhere near is no reason.
    let file = format!("FROM debian:12\nRUN ln -s /opt/app /link\nCOPY . /app/\nRUN {download}\n");
    assert_ne!(fixed(&file), file);
}

#[test]
fn env_lines_merge_only_when_the_result_is_the_same() {
    becomes("FROM a\nENV A=1\nENV B=2\n", "FROM a\nENV A=1 \\\n    B=2\n");
    // A value inside one ENV sees what was there before it.
    stays("FROM a\nENV A=1\nENV B=$A\n");
    stays("FROM a\nENV A=1\nENV B=\"x${A:-y}\"\n");
    stays("FROM a\nENV A=1\nENV B=${C:-$A}\n");
    becomes("FROM a\nENV A=1\nENV B='$A'\n", "FROM a\nENV A=1 \\\n    B='$A'\n");
    becomes("FROM a\nENV A=1\nENV B=\\$A\n", "FROM a\nENV A=1 \\\n    B=\\$A\n");
    becomes("FROM a\nENV A=1\nENV B=2\nENV C=$A\n", "FROM a\nENV A=1 \\\n    B=2\nENV C=$A\n");
    // A block of which the first line, or one in the old form, stays behind is no easier to read.
    stays("FROM a\nENV A=1\nENV B=$A\nENV C=3\n");
    stays("FROM a\nENV A=1\nENV B=2\nENV C 3\n");
    stays("FROM a\nENV A 1\nENV B=2\n# the third\nENV C=3\n");
    // One name twice, the old form, a blank line between.
    stays("FROM a\nENV A=1\nENV A=2\n");
    stays("FROM a\nENV A 1\nENV B=2\n");
    stays("FROM a\nENV A=1\n\nENV B=2\n");
    // Flags of the file: the escape character, the way it continues lines.
    becomes("# escape=`\nFROM a\nENV A=C:\\\nENV B=2\n", "# escape=`\nFROM a\nENV A=C:\\ `\n    B=2\n");
    becomes("FROM a\nENV X=1 \\\n  Y=2\nENV Z=3\n", "FROM a\nENV X=1 \\\n  Y=2 \\\n  Z=3\n");
    becomes("FROM a\nENV A=1  \nENV B=2", "FROM a\nENV A=1 \\\n    B=2");
    becomes("FROM a\nLABEL a=1\nLABEL b=$a\n", "FROM a\nLABEL a=1 \\\n    b=$a\n");
    stays("FROM a\nONBUILD ENV A=1\nONBUILD ENV B=2\n");
}

#[test]
fn a_run_moves_above_a_folder_that_it_does_not_look_at() {
    becomes(
        &format!("FROM a:1\nUSER root\nRUN make\nCOPY . /app\nWORKDIR /app\n{APT}"),
        &format!("FROM a:1\nUSER root\nRUN make\n{APT}COPY . /app\nWORKDIR /app\n"),
    );
    stays(&format!("FROM a:1\nCOPY . /app\nWORKDIR /app\n{}", slow("RUN mkdir x\n")));
    // Who owns the folder may depend on the list of users.
    stays(&format!("FROM a:1\nCOPY . /app\nWORKDIR /app\n{APT}"));
}

#[test]
fn an_instruction_that_the_end_of_the_file_cuts_off_stays() {
    stays("FROM a:1\nCOPY . /app\nCMD run \\\n");
    stays("FROM a:1\nCOPY . /app\nCMD run \\\n# end\n\n");
    stays("FROM a:1\nENV A=1\nENV B=2 \\");
}

#[test]
fn a_quote_without_its_end_is_left_alone() {
    stays("FROM a\nENV A=\"b\nENV B=2\n");
}

#[test]
fn a_run_never_passes_a_copy_whose_folder_it_lists() {
    for run in [
        "for p in *; do mkdir -p /data/$p; done",
        "echo * > /data.txt",
        "set -- *; mkdir /data/$1",
        "ls > /etc/manifest",
        "mkdir /data/$(ls)",
        "chown --reference=x /data",
        "chmod --reference=/app/x /data",
        "apk add -X /app/repo --no-cache x",
        "dnf install -y --setopt=reposdir=/app/repos x",
        "touch -r x /data",
        "date -r x > /stamp",
        "cp -t/data x",
        "head --files0-from=x > /data",
    ] {
        stays(&format!("FROM a:1\nWORKDIR /app\nCOPY . .\n{}", slow(&format!("RUN {run}\n"))));
    }
    stays(&format!("FROM a:1\nWORKDIR /app\nSHELL [\"/app/bin/sh\", \"-c\"]\nCOPY . .\n{APT}"));
    stays("FROM a:1\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app apt-get update\n");
}

#[test]
fn names_that_the_builder_expands_are_left_alone() {
    stays("FROM a\nENV \"A\"=1\nENV B=$A\n");
    stays("FROM a\nENV A=1\nENV $X=2\n");
}

#[test]
fn triggers_of_an_earlier_stage_make_the_start_unknown() {
    stays("FROM a AS b\nONBUILD WORKDIR /etc\nFROM b\nCOPY . x\nCMD [\"x\"]\n");
}

#[test]
fn steps_that_may_make_the_same_folder_keep_their_order() {
    // BusyBox has no /opt: it is owned by whoever comes first.
    let text = "FROM busybox:1.36\nCOPY --chown=1000:1000 . /opt/app/\nRUN mkdir -p /opt/data && curl -o /opt/data/x https://example.org/x\n";
    stays(text);
    stays(&text.replace("busybox:1.36", "library/busybox AS a\nFROM a"));
    stays(&text.replace("busybox:1.36", "example.org/distroless/base:debug"));
    becomes(
        &text.replace("busybox:1.36", "debian:12"),
        "FROM debian:12\nRUN mkdir -p /opt/data && curl -o /opt/data/x https://example.org/x\nCOPY --chown=1000:1000 . /opt/app/\n",
    );
    let other = "FROM busybox:1.36\nRUN mkdir -p /data/cache && curl -o /data/cache/x https://example.org/x\nCOPY --chown=1000:1000 . /opt/app/\n";
    becomes(
        "FROM busybox:1.36\nCOPY --chown=1000:1000 . /opt/app/\nRUN mkdir -p /data/cache && curl -o /data/cache/x https://example.org/x\n",
        other,
    );
}
