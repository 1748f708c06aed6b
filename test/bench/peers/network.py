"""What both peers share: the text as streams, and the parameters to start from.

Shapes: V vocabulary size, H hidden size, T time steps, B streams.
"""

import base64

import numpy as np

EPSILON = 1e-8
# What a cell is made of, in PyTorch's order: the rows of its stacked matrices.
GATES = {"tanh": "h", "lstm": "ifgq", "gru": "rzn"}
# The GRU's candidate has a bias with the input and one with the state.
BIASES = {"tanh": ["b_h"], "lstm": ["b_i", "b_f", "b_g", "b_q"], "gru": ["b_r", "b_z", "b_xn", "b_an"]}


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


def shapes_of(request, V):
    """The parameters of a network by their names, with their shapes; names of the second layer end in .2."""
    H = request["H"]
    shapes = {}
    for layer in range(1, request["layers"] + 1):
        ending = "" if layer == 1 else f".{layer}"
        for gate in GATES[request["cell"]]:
            shapes[f"W_x{gate}{ending}"] = (H, V if layer == 1 else H)
            shapes[f"W_a{gate}{ending}"] = (H, H)
        for bias in BIASES[request["cell"]]:
            shapes[f"{bias}{ending}"] = (H,)
    return {**shapes, "W_ao": (V, H), "b_o": (V,)}


def first_parameters(request, V):
    shapes = shapes_of(request, V)
    given = request.get("parameters")
    if given is not None:
        decoded = {name: np.frombuffer(base64.b64decode(given[name]), dtype=np.float32) for name in shapes}
        return {name: decoded[name].reshape(shape).copy() for name, shape in shapes.items()}
    random = np.random.default_rng(request["seed"])
    bound = 1 / np.sqrt(request["H"])
    return {name: random.uniform(-bound, bound, shape).astype(np.float32) for name, shape in shapes.items()}


def stacked(start, cell, layer):
    """W_x, W_a and the biases of a layer: those of its gates on top of one another."""
    ending = "" if layer == 1 else f".{layer}"

    def together(names):
        return np.concatenate([start[name + ending] for name in names])

    gates = GATES[cell]
    return together([f"W_x{gate}" for gate in gates]), together([f"W_a{gate}" for gate in gates]), together(BIASES[cell])
