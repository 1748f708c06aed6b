"""The networks in NumPy, the tanh cell in two ways. W_xh is held as (V, H): reading a character is then a row, not a column."""

import numpy as np

from network import first_parameters
from numpy_cells import GruTrainer, LstmTrainer
from numpy_trainer import Trainer

NAMES = ["W_xh", "W_ah", "b_h", "W_ao", "b_o"]


class NumpyTrainer(Trainer):
    """min-char-rnn's mathematics for B streams: what does not depend on the step before is one product over all steps."""

    name = "batched products"

    def __init__(self, request, V):
        super().__init__(request, V)
        start = first_parameters(request, V)
        start["W_xh"] = np.ascontiguousarray(start["W_xh"].T)
        self.own({name: start[name] for name in NAMES})
        self.a = np.zeros((self.T + 1, self.B, self.H), np.float32)
        self.dh = np.empty((self.T, self.B, self.H), np.float32)

    def logits(self, inputs):
        """(T, B) characters from the state in a[0] to logits (T*B, V); fills a[1:]."""
        p, a = self.parameters, self.a
        h = p["W_xh"][inputs] + p["b_h"]
        to_h = p["W_ah"].T
        for t in range(len(inputs)):
            np.tanh(h[t] + a[t] @ to_h, out=a[t + 1])
        return a[1:].reshape(-1, self.H) @ p["W_ao"].T + p["b_o"]

    def iterate(self, inputs, targets, restarted):
        a, p, g = self.a, self.parameters, self.gradients
        if restarted:
            a[0] = 0
        loss, do = self.loss(self.logits(inputs), targets)
        do[self.rows, targets.reshape(-1)] -= 1
        do /= len(self.rows)
        g["W_ao"][...] = do.T @ a[1:].reshape(-1, self.H)
        g["b_o"][...] = do.sum(axis=0)
        da = (do @ p["W_ao"]).reshape(self.T, self.B, self.H)
        through_tanh = 1 - a[1:] * a[1:]
        dh = self.dh
        dh[-1] = da[-1] * through_tanh[-1]
        for t in range(self.T - 2, -1, -1):
            np.multiply(da[t] + dh[t + 1] @ p["W_ah"], through_tanh[t], out=dh[t])
        dh_rows = dh.reshape(-1, self.H)
        g["W_ah"][...] = dh_rows.T @ a[:-1].reshape(-1, self.H)
        g["b_h"][...] = dh_rows.sum(axis=0)
        # A product with the one-hot characters; np.add.at does less work and takes longer.
        g["W_xh"][...] = self.eye[inputs.reshape(-1)].T @ dh_rows
        norm = self.clip_and_update()
        a[0] = a[self.T]
        return float(loss), norm

    def validate(self, streams):
        kept = self.a[0].copy()
        losses = []
        while True:
            inputs, targets, restarted = streams.next()
            if restarted and losses:
                break
            if restarted:
                self.a[0] = 0
            losses.append(self.loss(self.logits(inputs), targets)[0])
            self.a[0] = self.a[self.T]
        self.a[0] = kept
        return float(np.mean(losses))


class StepByStepTrainer(NumpyTrainer):
    """As min-char-rnn writes it: every product of every step by itself, on one-hot characters in columns."""

    name = "step by step, as min-char-rnn"

    def iterate(self, inputs, targets, restarted):
        p, g = self.parameters, self.gradients
        W_xh, b_h, b_o = p["W_xh"].T, p["b_h"][:, None], p["b_o"][:, None]
        if restarted:
            self.a[0] = 0
        xs, hs, ps, loss = {}, {-1: self.a[0].T}, {}, 0.0
        for t in range(self.T):
            xs[t] = np.zeros((self.V, self.B), np.float32)
            xs[t][inputs[t], range(self.B)] = 1
            hs[t] = np.tanh(W_xh @ xs[t] + p["W_ah"] @ hs[t - 1] + b_h)
            ys = p["W_ao"] @ hs[t] + b_o
            exponentials = np.exp(ys - ys.max(axis=0))
            ps[t] = exponentials / exponentials.sum(axis=0)
            loss -= np.log(ps[t][targets[t], range(self.B)]).sum()
        self.gradient[...] = 0
        dhnext = np.zeros((self.H, self.B), np.float32)
        for t in reversed(range(self.T)):
            dy = ps[t].copy()
            dy[targets[t], range(self.B)] -= 1
            dy /= self.T * self.B
            g["W_ao"] += dy @ hs[t].T
            g["b_o"] += dy.sum(axis=1)
            dh = p["W_ao"].T @ dy + dhnext
            dhraw = (1 - hs[t] * hs[t]) * dh
            g["b_h"] += dhraw.sum(axis=1)
            g["W_xh"] += (dhraw @ xs[t].T).T
            g["W_ah"] += dhraw @ hs[t - 1].T
            dhnext = p["W_ah"].T @ dhraw
        self.a[0] = hs[self.T - 1].T
        return float(loss) / (self.T * self.B), self.clip_and_update()


TRAINERS = {
    NumpyTrainer.name: {"tanh": NumpyTrainer, "lstm": LstmTrainer, "gru": GruTrainer},
    StepByStepTrainer.name: {"tanh": StepByStepTrainer},
}
