"""Runs several scripts one after the other in one process, which imports PyTorch once: `jobs.py JOBS.json`.

JOBS.json holds [{"script": PATH, "args": [...]}, ...]. Prints [{"code": exit code, "out": what it printed}, ...].
"""

import contextlib
import io
import json
import runpy
import sys

import torch

# The networks are tiny; threads would only wait for one another.
torch.set_num_threads(1)


def run(script: str, args: list) -> dict:
    sys.argv = [script, *args]
    out = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:
            # As Python itself does it: a text is printed, and the code is 1.
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            if isinstance(end.code, str):
                out.write(end.code)
    return {"code": code, "out": out.getvalue()}


with open(sys.argv[1], encoding="utf-8") as file:
    jobs = json.load(file)
print(json.dumps([run(job["script"], job["args"]) for job in jobs]))
