"""LW0xx findings stand on exactly the files that BuildKit's parser refuses.

usage: refusals.py LAYERWISE FOLDER TRUTH.jsonl.xz
"""

import json
import lzma
import pathlib
import subprocess
import sys

binary, folder, truth_file = sys.argv[1:]
refused = {}
for line in lzma.open(truth_file, "rt"):
    truth = json.loads(line)
    refused[truth["file"]] = not (truth["parse_ok"] and truth["instr_ok"])

names = sorted(refused)
unread = []
found = {name: False for name in names}
for start in range(0, len(names), 400):
    part = names[start : start + 400]
    command = [binary, "check", "--format", "json", "--select", "LW0", "--no-config", *part]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    for row in json.loads(run.stdout):
        found[row["file"]] = True
    if run.returncode == 2:
        unread += [n for n in part if f"{n} is not UTF-8" in run.stderr]

wrong = [n for n in names if n not in unread and found[n] != refused[n]]
for name in unread:
    print(f"{name}: no UTF-8 text, refused with exit code 2")
for name in wrong:
    print(f"{name}: BuildKit {'refuses' if refused[name] else 'accepts'} it, layerwise does the opposite")
print(f"{pathlib.Path(folder).name}: {len(names) - len(wrong)} of {len(names)} files as BuildKit has it")
sys.exit(1 if wrong else 0)
