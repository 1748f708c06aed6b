"""The network in PyTorch, in two ways, trained by autograd and torch.optim."""

import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from network import EPSILON, NAMES, first_parameters

# The environment says how many; a build may still have decided otherwise by itself.
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


class OneHotRnn(nn.Module):
    """nn.RNN as it is usually written: one-hot characters into it, a linear layer on top."""

    def __init__(self, V, H):
        super().__init__()
        self.rnn, self.out = nn.RNN(V, H), nn.Linear(H, V)
        self.register_buffer("eye", torch.eye(V))

    def tensors(self):
        return [self.rnn.weight_ih_l0, self.rnn.weight_hh_l0, self.rnn.bias_ih_l0, self.out.weight, self.out.bias]

    def load(self, start):
        for tensor, name in zip(self.tensors(), NAMES):
            tensor.copy_(torch.from_numpy(start[name]))
        # nn.RNN has two biases where one is enough.
        self.rnn.bias_hh_l0.zero_()
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, inputs, state):
        output, last = self.rnn(self.eye[inputs], state[None])
        return self.out(output), last[0]


class UnrolledRnn(nn.Module):
    """A loop over the steps, with the characters as rows of an embedding."""

    def __init__(self, V, H):
        super().__init__()
        self.W_xh, self.W_ah = nn.Parameter(torch.empty(V, H)), nn.Parameter(torch.empty(H, H))
        self.b_h, self.out = nn.Parameter(torch.empty(H)), nn.Linear(H, V)

    def load(self, start):
        self.W_xh.copy_(torch.from_numpy(start["W_xh"].T.copy()))
        for tensor, name in zip([self.W_ah, self.b_h, self.out.weight, self.out.bias], NAMES[1:]):
            tensor.copy_(torch.from_numpy(start[name]))

    def forward(self, inputs, state):
        to_h = self.W_ah.t()
        states = []
        for h in (functional.embedding(inputs, self.W_xh) + self.b_h).unbind(0):
            state = torch.tanh(torch.addmm(h, state, to_h))
            states.append(state)
        return self.out(torch.stack(states)), state


MODELS = {"nn.RNN, one-hot": OneHotRnn, "unrolled, embedding": UnrolledRnn}


class TorchTrainer:
    def __init__(self, request, V):
        H, B = request["H"], request["B"]
        self.V, self.clip_norm = V, request["clipNorm"]
        self.model = MODELS[request["variant"]](V, H)
        with torch.no_grad():
            self.model.load(first_parameters(request, V))
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        # "foreach" is the faster of the two ways in which these take their step.
        kinds = {"adam": (torch.optim.Adam, {}), "adagrad": (torch.optim.Adagrad, {"eps": EPSILON})}
        kind, options = kinds[request["optimizer"]]
        self.optimizer = kind(self.trained, lr=request["learningRate"], foreach=True, **options)
        self.zeros = torch.zeros(B, H)
        self.state = self.zeros

    def loss(self, inputs, targets):
        logits, last = self.model(torch.from_numpy(inputs), self.state)
        self.state = last.detach()
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


TRAINERS = dict.fromkeys(MODELS, TorchTrainer)
