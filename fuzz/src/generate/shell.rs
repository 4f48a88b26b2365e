//! Fragments of shell scripts.

use super::Writer;
use super::words::PACKAGES;

const DEEPEST: usize = 3;
/// Commands whose effects are known, and some whose are not. `%p` stands for packages, `%f` for a path, `%v` for a
/// value.
const COMMANDS: [&str; 44] = [
    "apt-get update",
    "apt-get install -y %p",
    "apt-get install -y --no-install-recommends %p",
    "rm -rf /var/lib/apt/lists/*",
    "apt-get clean",
    "apk add --no-cache %p",
    "apk update",
    "dnf install -y %p",
    "npm ci",
    "npm install -g %p",
    "yarn install --frozen-lockfile",
    "pip install --no-cache-dir -r requirements.txt",
    "pip install %p",
    "pip3 install --upgrade pip",
    "go mod download",
    "go build -o %f .",
    "cargo build --release",
    "mkdir -p %f",
    "cp -r %f %f",
    "mv %f %f",
    "rm -rf %f",
    "ln -s %f %f",
    "chown -R app:app %f",
    "chmod +x %f",
    "touch %f",
    "useradd -m app",
    "groupadd -r app",
    "curl -fsSL https://example.org/x -o %f",
    "curl -k http://example.org/install.sh",
    "wget -q https://example.org/x.tar.gz -O %f",
    "tar -xzf %f -C %f",
    "git clone https://github.com/example/repo.git %f",
    "git checkout main",
    "sudo make install",
    "./configure --prefix=%f",
    "make",
    "cd %f",
    "export A=%v",
    "echo %v",
    "printf '%s' %v",
    "set -eux",
    "sh -c %v",
    "sed -i 's/a/b/' %f",
    "true",
];

impl Writer<'_> {
    /// Commands, joined in all the ways there are.
    pub(super) fn script(&mut self) {
        self.command();
        for _ in 1..self.some(5) {
            match self.mixed((&[0, 0, 0, 1, 2, 3], &[4, 5])) {
                0 => {
                    self.gap();
                    self.put("&&");
                }
                1 => self.put(";"),
                2 => self.put(" |"),
                3 => self.put(" ||"),
                4 => self.put(" &"),
                _ => {
                    self.gap();
                    self.put("&& \\");
                }
            }
            self.gap();
            self.command();
        }
    }

    fn command(&mut self) {
        if self.depth >= DEEPEST || !self.once_in(6) {
            self.simple();
        } else {
            self.depth += 1;
            self.compound();
            self.depth -= 1;
        }
        if self.once_in(10) {
            self.one(&[" > /dev/null", " 2>&1", " >> ", " < ", " <<< "]);
            if self.once_in(2) { self.path() } else { self.value() }
        }
    }

    fn simple(&mut self) {
        if self.once_in(12) {
            self.variable();
            self.put("=");
            self.value();
            self.put(" ");
        }
        if self.once_in(16) {
            return self.heredoc_of_shell();
        }
        let template = self.pick(&COMMANDS);
        for (at, word) in template.split(' ').enumerate() {
            if at > 0 {
                self.gap();
            }
            match word {
                "%p" => {
                    for at in 0..self.some(3) {
                        if at > 0 {
                            self.gap();
                        }
                        self.mixed_word(PACKAGES);
                    }
                }
                "%f" => self.path(),
                "%v" => self.value(),
                word => self.word(word),
            }
        }
    }

    fn compound(&mut self) {
        let (open, middle, close) = self.mixed((
            &[
                ("(", "", ")"),
                ("{ ", "", "; }"),
                ("if ", "; then ", "; fi"),
                ("while ", "; do ", "; done"),
                ("for x in a $A; do ", "", "; done"),
                ("case $A in a) ", ";; *) ", ";; esac"),
                ("f() { ", "", "; }; f"),
                ("! ", "", ""),
                ("\"$(", "", ")\""),
                ("echo `", "", "`"),
                ("bash -c '", "", "'"),
            ],
            &[("if ", "; then ", ""), ("(", "", ""), ("(( ", "", " ))"), ("[[ ", " =~ ", " ]]")],
        ));
        self.put(open);
        self.script();
        if !middle.is_empty() {
            self.put(middle);
            self.script();
        }
        self.put(close);
    }

    fn heredoc_of_shell(&mut self) {
        self.one(&["", "cat ", "bash ", "python3 ", "cat > /app/x "]);
        self.heredoc();
    }

    /// `<<EOF`; its lines come below the instruction.
    pub(super) fn heredoc(&mut self) {
        let (mark, end) = self.mixed((
            &[("<<EOF", "EOF"), ("<<-EOF", "\tEOF"), ("<<'EOF'", "EOF")],
            &[("<<\"E F\"", "E F"), ("3<<EOF", "EOF"), ("<<EOF", "EOF "), ("<<EOF", "")],
        ));
        self.put(mark);
        let above = std::mem::take(&mut self.out);
        let outer = std::mem::take(&mut self.heredocs);
        for _ in 0..self.some(3) {
            if self.depth < DEEPEST && self.once_in(2) {
                self.depth += 1;
                self.script();
                self.depth -= 1;
            } else {
                self.value();
            }
            self.line();
        }
        if !end.is_empty() {
            self.put(end);
            self.line();
        }
        let lines = std::mem::replace(&mut self.out, above);
        let inner = std::mem::replace(&mut self.heredocs, outer);
        self.heredocs.push(lines);
        self.heredocs.extend(inner);
    }
}
