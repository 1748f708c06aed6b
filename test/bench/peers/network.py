"""What both peers share: the text as streams, and the parameters to start from.

Shapes: V vocabulary size, H hidden size, T time steps, B streams.
"""

import base64

import numpy as np

NAMES = ["W_xh", "W_ah", "b_h", "W_ao", "b_o"]
EPSILON = 1e-8


def read_ids(path):
    """The ids of a text's characters, in the order of their code points, and how many different ones there are."""
    with open(path, encoding="utf-8", newline="") as file:
        codes = np.frombuffer(file.read().encode("utf-32-le"), dtype=np.uint32)
    symbols, ids = np.unique(codes, return_inverse=True)
    return ids.astype(np.int64), len(symbols)


class Streams:
    """B contiguous streams of a text, read T characters at a time; the windows are (T, B)."""

    def __init__(self, ids, T, B):
        length = (len(ids) - 1) // B
        if length < T:
            raise ValueError(f"the text is too short for T={T}, B={B}")
        self.T, self.length, self.position = T, length, 0
        # (length, B), so that a window is one contiguous piece.
        self.inputs = np.ascontiguousarray(ids[: B * length].reshape(B, length).T)
        self.targets = np.ascontiguousarray(ids[1 : B * length + 1].reshape(B, length).T)

    def next(self):
        """The next window and whether reading started at the beginning, where the state must be zeros."""
        if self.position + self.T > self.length:
            self.position = 0
        restarted = self.position == 0
        piece = slice(self.position, self.position + self.T)
        self.position += self.T
        return self.inputs[piece], self.targets[piece], restarted


def first_parameters(request, V):
    H = request["H"]
    shapes = {"W_xh": (H, V), "W_ah": (H, H), "b_h": (H,), "W_ao": (V, H), "b_o": (V,)}
    given = request.get("parameters")
    if given is not None:
        decoded = {name: np.frombuffer(base64.b64decode(given[name]), dtype=np.float32) for name in NAMES}
        return {name: decoded[name].reshape(shapes[name]).copy() for name in NAMES}
    random = np.random.default_rng(request["seed"])
    bound = 1 / np.sqrt(H)
    return {name: random.uniform(-bound, bound, shapes[name]).astype(np.float32) for name in NAMES}
