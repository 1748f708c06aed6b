"""LSTM and GRU of any number of layers in NumPy: gates stacked, one product over all steps where steps do not wait for one another."""

import numpy as np

from network import first_parameters, stacked
from numpy_trainer import Trainer


def sigmoid(h):
    """1/(1 + exp(-h)), in place."""
    np.negative(h, out=h)
    np.exp(h, out=h)
    h += 1
    np.reciprocal(h, out=h)


class GatedTrainer(Trainer):
    """Parameters of layer l: ("W_x", l) as (V or H, gates*H) for the first layer, else (gates*H, H); ("W_a", l); ("b", l)."""

    def __init__(self, request, V):
        super().__init__(request, V)
        start = first_parameters(request, V)
        self.layers = range(1, request["layers"] + 1)
        tensors = {}
        for layer in self.layers:
            W_x, W_a, b = stacked(start, self.cell, layer)
            tensors["W_x", layer] = np.ascontiguousarray(W_x.T) if layer == 1 else W_x
            tensors["W_a", layer], tensors["b", layer] = W_a, b
        self.own({**tensors, "W_ao": start["W_ao"], "b_o": start["b_o"]})
        T, B, H = self.T, self.B, self.H
        self.a = {layer: np.zeros((T + 1, B, H), np.float32) for layer in self.layers}
        self.h = {layer: np.empty((T, B, self.gates * H), np.float32) for layer in self.layers}
        self.dh = {layer: np.empty((T, B, self.gates * H), np.float32) for layer in self.layers}

    def states(self):
        return [self.a]

    def iterate(self, inputs, targets, restarted):
        p, g, H = self.parameters, self.gradients, self.H
        if restarted:
            for state in self.states():
                for layer in self.layers:
                    state[layer][0] = 0
        for layer in self.layers:
            h = self.h[layer]
            if layer == 1:
                h[...] = p["W_x", layer][inputs]
            else:
                np.matmul(self.a[layer - 1][1:].reshape(-1, H), p["W_x", layer].T, out=h.reshape(-1, h.shape[2]))
            self.forward(layer, h)
        given = self.a[self.layers[-1]][1:].reshape(-1, H)
        loss, do = self.loss(given @ p["W_ao"].T + p["b_o"], targets)
        do[self.rows, targets.reshape(-1)] -= 1
        do /= len(self.rows)
        g["W_ao"][...] = do.T @ given
        g["b_o"][...] = do.sum(axis=0)
        da = do @ p["W_ao"]
        for layer in reversed(self.layers):
            self.backward(layer, da.reshape(self.T, self.B, H))
            dh = self.dh[layer].reshape(self.T * self.B, -1)
            if layer == 1:
                # A product with the one-hot characters; np.add.at does less work and takes longer.
                g["W_x", layer][...] = self.eye[inputs.reshape(-1)].T @ dh
            else:
                np.matmul(dh.T, self.a[layer - 1][1:].reshape(-1, H), out=g["W_x", layer])
                da = dh @ p["W_x", layer]
        norm = self.clip_and_update()
        for state in self.states():
            for layer in self.layers:
                state[layer][0] = state[layer][self.T]
        return float(loss), norm


class LstmTrainer(GatedTrainer):
    cell, gates = "lstm", 4

    def __init__(self, request, V):
        super().__init__(request, V)
        self.c = {layer: np.zeros_like(self.a[layer]) for layer in self.layers}
        self.s = {layer: np.empty_like(self.a[layer][1:]) for layer in self.layers}

    def states(self):
        return [self.a, self.c]

    def parts(self, rows):
        """i, f, g, q of rows (B, 4H), as views."""
        return [rows[:, at * self.H : (at + 1) * self.H] for at in range(4)]

    def forward(self, layer, h):
        p, a, c, s = self.parameters, self.a[layer], self.c[layer], self.s[layer]
        h += p["b", layer]
        to_h = p["W_a", layer].T
        for t in range(self.T):
            h[t] += a[t] @ to_h
            i, f, g, q = self.parts(h[t])
            sigmoid(h[t][:, : 2 * self.H])
            np.tanh(g, out=g)
            sigmoid(q)
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=s[t])
            np.multiply(q, s[t], out=a[t + 1])

    def backward(self, layer, from_above):
        p, c, s, h, dh = self.parameters, self.c[layer], self.s[layer], self.h[layer], self.dh[layer]
        W_a = p["W_a", layer]
        dc = np.zeros_like(c[0])
        for t in range(self.T - 1, -1, -1):
            da = from_above[t] if t == self.T - 1 else from_above[t] + dh[t + 1] @ W_a
            i, f, g, q = self.parts(h[t])
            di, df, dg, dq = self.parts(dh[t])
            dc += da * q * (1 - s[t] * s[t])
            np.multiply(dc * g, i * (1 - i), out=di)
            np.multiply(dc * c[t], f * (1 - f), out=df)
            np.multiply(dc * i, 1 - g * g, out=dg)
            np.multiply(da * s[t], q * (1 - q), out=dq)
            dc *= f
        rows = dh.reshape(-1, 4 * self.H)
        gradients = self.gradients
        np.matmul(rows.T, self.a[layer][:-1].reshape(-1, self.H), out=gradients["W_a", layer])
        gradients["b", layer][...] = rows.sum(axis=0)


class GruTrainer(GatedTrainer):
    """The bias of a layer is b_r, b_z, b_xn, b_an: the candidate has one with the input and one with the state."""

    cell, gates = "gru", 3

    def __init__(self, request, V):
        super().__init__(request, V)
        self.m = {layer: np.empty_like(self.a[layer][1:]) for layer in self.layers}
        self.dm = {layer: np.empty_like(self.a[layer][1:]) for layer in self.layers}

    def forward(self, layer, h):
        p, a, m, H = self.parameters, self.a[layer], self.m[layer], self.H
        b = p["b", layer]
        h += b[: 3 * H]
        to_h = p["W_a", layer].T
        for t in range(self.T):
            of_state = a[t] @ to_h
            gates, n = h[t][:, : 2 * H], h[t][:, 2 * H :]
            gates += of_state[:, : 2 * H]
            sigmoid(gates)
            r, z = gates[:, :H], gates[:, H:]
            np.add(of_state[:, 2 * H :], b[3 * H :], out=m[t])
            n += r * m[t]
            np.tanh(n, out=n)
            # (1 - z) n + z a
            np.add(n, z * (a[t] - n), out=a[t + 1])

    def backward(self, layer, from_above):
        p, a, m, dm, h, dh, H = (
            self.parameters,
            self.a[layer],
            self.m[layer],
            self.dm[layer],
            self.h[layer],
            self.dh[layer],
            self.H,
        )
        W_a = p["W_a", layer]
        # What goes to the step before: through z itself, and through what the gates and the candidate read.
        message = 0
        through = np.empty_like(dh[0])
        for t in range(self.T - 1, -1, -1):
            da = from_above[t] + message
            r, z, n = h[t][:, :H], h[t][:, H : 2 * H], h[t][:, 2 * H :]
            dr, dz, dn = dh[t][:, :H], dh[t][:, H : 2 * H], dh[t][:, 2 * H :]
            np.multiply(da * (1 - z), 1 - n * n, out=dn)
            np.multiply(da * (a[t] - n), z * (1 - z), out=dz)
            np.multiply(dn, r, out=dm[t])
            np.multiply(dn * m[t], r * (1 - r), out=dr)
            through[:, : 2 * H] = dh[t][:, : 2 * H]
            through[:, 2 * H :] = dm[t]
            message = da * z + through @ W_a
        gradients, before = self.gradients, a[:-1].reshape(-1, H)
        ofGates, ofM = dh.reshape(-1, 3 * H), dm.reshape(-1, H)
        np.matmul(ofGates[:, : 2 * H].T, before, out=gradients["W_a", layer][: 2 * H])
        np.matmul(ofM.T, before, out=gradients["W_a", layer][2 * H :])
        gradients["b", layer][: 3 * H] = ofGates.sum(axis=0)
        gradients["b", layer][3 * H :] = ofM.sum(axis=0)
