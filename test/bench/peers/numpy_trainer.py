"""What every way to write a network with NumPy shares."""

import numpy as np

from network import EPSILON


class Trainer:
    """Flat parameters with their optimizer, and the loss."""

    def __init__(self, request, V):
        self.V, self.H, self.T, self.B = V, request["H"], request["T"], request["B"]
        self.learning_rate, self.clip_norm = request["learningRate"], request["clipNorm"]
        self.optimizer = request["optimizer"]
        self.eye = np.eye(V, dtype=np.float32)
        self.rows = np.arange(self.T * self.B)
        self.step = 0

    def own(self, start):
        """One flat array each, so that clipping and optimizer are few calls on long arrays."""
        self.flat, self.parameters = self.allocate(start)
        self.gradient, self.gradients = self.allocate(start)
        for name, tensor in start.items():
            self.parameters[name][...] = tensor
        self.first_moment = np.zeros_like(self.flat)
        self.second_moment = np.zeros_like(self.flat)

    @staticmethod
    def allocate(like):
        flat = np.zeros(sum(tensor.size for tensor in like.values()), np.float32)
        views, at = {}, 0
        for name, tensor in like.items():
            views[name] = flat[at : at + tensor.size].reshape(tensor.shape)
            at += tensor.size
        return flat, views

    def loss(self, logits, targets):
        """The mean loss, nats, and the distributions (T*B, V), which take the place of the logits."""
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return -np.log(logits[self.rows, targets.reshape(-1)]).mean(), logits

    def update(self):
        gradient, first, second = self.gradient, self.first_moment, self.second_moment
        self.step += 1
        if self.optimizer == "adagrad":
            second += gradient * gradient
            self.flat -= self.learning_rate * gradient / (np.sqrt(second) + EPSILON)
        elif self.optimizer == "adam":
            first *= 0.9
            first += 0.1 * gradient
            second *= 0.999
            second += 0.001 * (gradient * gradient)
            root = np.sqrt(second)
            root /= np.sqrt(1 - 0.999**self.step)
            root += EPSILON
            self.flat -= self.learning_rate / (1 - 0.9**self.step) * (first / root)
        else:
            raise ValueError(f"the peers have no optimizer {self.optimizer}")

    def clip_and_update(self):
        norm = float(np.sqrt(self.gradient @ self.gradient))
        if norm > self.clip_norm:
            self.gradient *= self.clip_norm / (norm + 1e-6)
        self.update()
        return norm
