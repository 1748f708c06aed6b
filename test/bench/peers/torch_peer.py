"""The networks in PyTorch, the tanh cell in two ways, trained by autograd and torch.optim."""

import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from network import EPSILON, first_parameters, stacked

# The environment says how many; a build may still have decided otherwise by itself.
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


KINDS = {"tanh": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class OneHot(nn.Module):
    """nn.RNN, nn.LSTM or nn.GRU as it is usually written: one-hot characters into it, a linear layer on top."""

    def __init__(self, V, request):
        super().__init__()
        self.cell, self.layers, self.H = request["cell"], request["layers"], request["H"]
        self.rnn, self.out = KINDS[self.cell](V, self.H, self.layers), nn.Linear(self.H, V)
        self.register_buffer("eye", torch.eye(V))

    def load(self, start):
        rnn, H = self.rnn, self.H
        for layer in range(self.layers):
            W_x, W_a, b = (torch.from_numpy(tensor) for tensor in stacked(start, self.cell, layer + 1))
            getattr(rnn, f"weight_ih_l{layer}").copy_(W_x)
            getattr(rnn, f"weight_hh_l{layer}").copy_(W_a)
            of_input, of_state = getattr(rnn, f"bias_ih_l{layer}"), getattr(rnn, f"bias_hh_l{layer}")
            of_input.copy_(b[: len(of_input)])
            # There are two biases where one is enough, but for the candidate of a GRU.
            of_state.zero_()
            if len(b) > len(of_input):
                of_state[2 * H :] = b[len(of_input) :]
                of_state.register_hook(self.of_candidate)
            else:
                of_state.requires_grad_(False)
        self.out.weight.copy_(torch.from_numpy(start["W_ao"]))
        self.out.bias.copy_(torch.from_numpy(start["b_o"]))

    def of_candidate(self, gradient):
        return torch.cat([torch.zeros(2 * self.H), gradient[2 * self.H :]])

    def first_state(self, B):
        zeros = torch.zeros(self.layers, B, self.H)
        return (zeros, zeros) if self.cell == "lstm" else zeros

    def forward(self, inputs, state):
        output, last = self.rnn(self.eye[inputs], state)
        return self.out(output), last


class UnrolledRnn(nn.Module):
    """A loop over the steps, with the characters as rows of an embedding."""

    def __init__(self, V, request):
        super().__init__()
        H = self.H = request["H"]
        self.W_xh, self.W_ah = nn.Parameter(torch.empty(V, H)), nn.Parameter(torch.empty(H, H))
        self.b_h, self.out = nn.Parameter(torch.empty(H)), nn.Linear(H, V)

    def load(self, start):
        self.W_xh.copy_(torch.from_numpy(start["W_xh"].T.copy()))
        for tensor, name in zip([self.W_ah, self.b_h, self.out.weight, self.out.bias], ["W_ah", "b_h", "W_ao", "b_o"]):
            tensor.copy_(torch.from_numpy(start[name]))

    def first_state(self, B):
        return torch.zeros(B, self.H)

    def forward(self, inputs, state):
        to_h = self.W_ah.t()
        states = []
        for h in (functional.embedding(inputs, self.W_xh) + self.b_h).unbind(0):
            state = torch.tanh(torch.addmm(h, state, to_h))
            states.append(state)
        return self.out(torch.stack(states)), state


MODELS = {"torch.nn, one-hot": OneHot, "unrolled, embedding": UnrolledRnn}


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


class TorchTrainer:
    def __init__(self, request, V):
        self.V, self.clip_norm = V, request["clipNorm"]
        self.model = MODELS[request["variant"]](V, request)
        with torch.no_grad():
            self.model.load(first_parameters(request, V))
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        # "foreach" is the faster of the two ways in which these take their step.
        kinds = {"adam": (torch.optim.Adam, {}), "adagrad": (torch.optim.Adagrad, {"eps": EPSILON})}
        kind, options = kinds[request["optimizer"]]
        self.optimizer = kind(self.trained, lr=request["learningRate"], foreach=True, **options)
        self.zeros = self.model.first_state(request["B"])
        self.state = self.zeros

    def loss(self, inputs, targets):
        logits, last = self.model(torch.from_numpy(inputs), self.state)
        self.state = detached(last)
        return functional.cross_entropy(logits.view(-1, self.V), torch.from_numpy(targets).view(-1))

    def iterate(self, inputs, targets, restarted):
        if restarted:
            self.state = self.zeros
        loss = self.loss(inputs, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.trained, self.clip_norm)
        self.optimizer.step()
        return loss.item(), norm.item()

    def validate(self, streams):
        kept, losses = self.state, []
        with torch.no_grad():
            while True:
                inputs, targets, restarted = streams.next()
                if restarted and losses:
                    break
                if restarted:
                    self.state = self.zeros
                losses.append(self.loss(inputs, targets).item())
        self.state = kept
        return float(np.mean(losses))


TRAINERS = {
    "torch.nn, one-hot": dict.fromkeys(KINDS, TorchTrainer),
    "unrolled, embedding": {"tanh": TorchTrainer},
}
