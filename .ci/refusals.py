"""The findings LW001 to LW013 stand on exactly the files that BuildKit's parser refuses; the other LW0xx findings,
about what it refuses while it plans a build, on no file that it accepts.

usage: refusals.py LAYERWISE FOLDER TRUTH.jsonl.xz
"""

import json
import lzma
import pathlib
import subprocess
import sys

LAST_OF_PARSER = 13

binary, folder, truth_file = sys.argv[1:]
refused, accepted = {}, set()
for line in lzma.open(truth_file, "rt"):
    truth = json.loads(line)
    refused[truth["file"]] = not (truth["parse_ok"] and truth["instr_ok"])
    if truth.get("lint_ok"):
        accepted.add(truth["file"])

names = sorted(refused)
unread = []
found = {name: False for name in names}
too_strict = set()
for start in range(0, len(names), 400):
    part = names[start : start + 400]
    command = [binary, "check", "--format", "json", "--select", "LW0", "--no-config", *part]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    for row in json.loads(run.stdout):
        if int(row["code"][2:]) <= LAST_OF_PARSER:
            found[row["file"]] = True
        elif row["file"] in accepted:
            too_strict.add(row["file"])
    if run.returncode == 2:
        unread += [n for n in part if f"{n} is not UTF-8" in run.stderr]

wrong = [n for n in names if n not in unread and found[n] != refused[n]]
for name in unread:
    print(f"{name}: no UTF-8 text, refused with exit code 2")
for name in wrong:
    print(f"{name}: BuildKit {'refuses' if refused[name] else 'accepts'} it, layerwise does the opposite")
print(f"{pathlib.Path(folder).name}: {len(names) - len(wrong)} of {len(names)} files as BuildKit has it")
for name in sorted(too_strict):
    print(f"{name}: BuildKit plans a build of it, layerwise says that it can't")
sys.exit(1 if wrong or too_strict else 0)
