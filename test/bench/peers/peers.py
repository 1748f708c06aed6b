"""The peers of the benchmark: the same network, trained with NumPy or PyTorch, as a child process.

    python3 peers.py numpy|torch

reads one JSON object a line from standard input, each with a "command", and answers each with one JSON object a line:

    {"command": "describe"}                       -> {"versions": {...}, "variants": {"...": [...]}}
    {"command": "prepare", "variant", "text", "cell", "layers", "H", "T", "B", "optimizer", "learningRate",
     "clipNorm", "validationFraction", "seed", "parameters"?} -> {"vocabularySize"}
    {"command": "run", "seconds"}                 -> {"characters", "iterations", "seconds", "lossNats"}
    {"command": "iterate", "count"}               -> {"lossNats": [...], "gradNorm": [...]}
    {"command": "validate"}                       -> {"lossNats"}

A variant is listed with the cells that it can train; of a tanh cell, one layer. "text" is the path of a file in UTF-8.
"parameters" maps the names of the parameters, such as W_xh (H, V), W_ah (H, H), b_h (H), W_ao (V, H) and b_o (V), to float32 in
base64; without it they are uniform on +-1/sqrt(H). An answer with "error" says what went wrong. How many threads the
libraries use is decided by the environment. The process ends when its input does.
"""

import json
import os
import platform
import queue
import sys
import threading
import time

import numpy as np

from network import Streams, read_ids


class Peer:
    def __init__(self, framework):
        self.versions = {"Python": platform.python_version(), "NumPy": np.__version__}
        if framework == "torch":
            import torch_peer

            self.kinds, self.versions["PyTorch"] = torch_peer.TRAINERS, torch_peer.torch.__version__
        else:
            import numpy_peer

            self.kinds = numpy_peer.TRAINERS

    def describe(self, _request):
        return {"versions": self.versions, "variants": {name: list(cells) for name, cells in self.kinds.items()}}

    def prepare(self, request):
        ids, V = read_ids(request["text"])
        held_back = int(np.floor(len(ids) * request["validationFraction"] + 0.5))
        training = ids[: len(ids) - held_back]
        T, B = request["T"], request["B"]
        self.streams = Streams(training, T, B)
        self.validation = ids[len(ids) - held_back :]
        self.shape = T, B
        self.trainer = self.kinds[request["variant"]][request["cell"]](request, V)
        return {"vocabularySize": V}

    def run(self, request):
        T, B = self.shape
        start = time.perf_counter()
        end = start + request["seconds"]
        iterations = 0
        while True:
            loss, _norm = self.trainer.iterate(*self.streams.next())
            iterations += 1
            now = time.perf_counter()
            if now >= end:
                break
        characters = iterations * T * B
        return {"characters": characters, "iterations": iterations, "seconds": now - start, "lossNats": loss}

    def iterate(self, request):
        pairs = [self.trainer.iterate(*self.streams.next()) for _ in range(request["count"])]
        return {"lossNats": [loss for loss, _ in pairs], "gradNorm": [norm for _, norm in pairs]}

    def validate(self, _request):
        T, B = self.shape
        return {"lossNats": self.trainer.validate(Streams(self.validation, T, B))}


def requests():
    """The lines of the input, from a thread that ends the process when they end, whatever it is doing then."""
    lines = queue.SimpleQueue()

    def read():
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield json.loads(lines.get())


COMMANDS = ["describe", "prepare", "run", "iterate", "validate"]


def main():
    try:
        peer = Peer(sys.argv[1])
    except ImportError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return
    for request in requests():
        try:
            if request["command"] not in COMMANDS:
                raise ValueError(f"there is no command {request['command']}")
            answer = getattr(peer, request["command"])(request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
