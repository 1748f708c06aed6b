import {
  ADAM_BETA1,
  ADAM_BETA2,
  EPSILON,
  MOMENT_NAMES,
  MOMENTUM,
  RMSPROP_ALPHA,
} from '../../../../common/optimizers.ts';
import type { Role } from '../../../../network/network.ts';
import type { TorchNetwork } from '../names.ts';

/** The part of `train.py` with the network, the step norms and the optimizers: as `model/` and `inspection/steps.ts`. */
export function networkPart(network: TorchNetwork): string {
  const [input, recurrent, bias, output, outputBias] = ROLES.map((role) => nameOf(network, role));
  return String.raw`# --------------------------------------------------------------------------------------------------------------------
# The network, and what is measured on it.


class Cell(NamedTuple):
    """What one time step computed; after backward() the .grad of h, a and o are ∂h(t), ∂a(t) and ∂o(t)."""

    x: Tensor  # (B), ids
    previous: Tensor  # (B, H), a(t-1)
    h: Tensor  # (B, H)
    a: Tensor  # (B, H)
    o: Tensor  # (B, V)


class Network(nn.Module):
    def __init__(self, V: int, H: int, nonlinearity: str) -> None:
        super().__init__()
        self.rnn = nn.RNN(V, H, nonlinearity=nonlinearity)
        self.out = nn.Linear(H, V)
        # nn.RNN adds a second bias to the same sum. Two of them would move twice as fast as the one that the run has.
        self.rnn.bias_hh_l0.requires_grad_(False).zero_()

    def zero_state(self, streams: int) -> Tensor:
        return self.out.weight.new_zeros(streams, self.rnn.hidden_size)

    def forward(self, inputs: Tensor, state: Tensor, unroll: bool = False) -> tuple[Tensor, Tensor, list[Cell]]:
        """From ids (T, B) and a(-1) (B, H): the logits (T, B, V), a(T-1), and, unrolled, every time step by itself."""
        if unroll:
            return self.unrolled(inputs, state)
        x = F.one_hot(inputs, self.rnn.input_size).to(state.dtype)
        a, last = self.rnn(x, state[None])
        return self.out(a), last[0], []

    def unrolled(self, inputs: Tensor, a: Tensor) -> tuple[Tensor, Tensor, list[Cell]]:
        """The same, cell by cell, with the same weights: inside nn.RNN, one operation, autograd shows nothing."""
        rnn, cells = self.rnn, []
        for x in inputs:
            previous = a
            # The column of ${input} that x picks is ${input} times the one-hot x.
            h = F.embedding(x, rnn.weight_ih_l0.t()) + rnn.bias_ih_l0 + F.linear(a, rnn.weight_hh_l0, rnn.bias_hh_l0)
            a = torch.relu(h) if rnn.nonlinearity == "relu" else torch.tanh(h)
            o = self.out(a)
            if o.requires_grad:
                for tensor in (h, a, o):
                    tensor.retain_grad()
            cells.append(Cell(x, previous, h, a, o))
        return torch.stack([cell.o for cell in cells]), a, cells


@torch.no_grad()
def measure_steps(cells: list[Cell], gradients: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """What each time step does to the gradient, before clipping.

    ∂P(t) is what step t contributes to the gradient of parameter P, summed over the streams; all steps give ∂P.
    Returns (7, T), the norms of ∂P(t) of the five parameters, of ∂h(t) and of ∂a(t), and (5, T), the cosines between
    ∂P(t) and ∂P.
    """
    V, H = gradients["${output}"].shape
    whole = [gradients[name].flatten() for name in NAMES]
    sizes = [len(part) for part in whole] + [1, 1]
    norms, cosines = [], []
    for cell in cells:
        dh, da, do = cell.h.grad, cell.a.grad, cell.o.grad
        contributions = [
            # ${input}: ∂h(t) x(t)ᵀ has one column for every symbol that is read.
            dh.new_zeros(V, H).index_add_(0, cell.x, dh).t(),
            dh.t() @ cell.previous.detach(),  # ${recurrent}
            dh.sum(0),  # ${bias}
            do.t() @ cell.a.detach(),  # ${output}
            do.sum(0),  # ${outputBias}
            # DistributedDataParallel averages gradients, so that every process has its loss WORLD times: ∂h and ∂a too.
            dh.square().sum() / WORLD,
            da.square().sum() / WORLD,
        ]
        *own, dh_squares, da_squares = (
            sum_over_ranks(torch.cat([part.flatten() for part in contributions])).div_(WORLD).split(sizes)
        )
        own_norms = torch.stack([part.norm() for part in own])
        norms.append(torch.cat([own_norms, dh_squares.sqrt(), da_squares.sqrt()]))
        inner = torch.stack([part @ all_steps for part, all_steps in zip(own, whole)])
        scale = own_norms * torch.stack([part.norm() for part in whole])
        # What is 0 has no direction.
        cosines.append(torch.where(scale > 0, inner / scale, torch.zeros_like(scale)))
    return torch.stack(norms, 1), torch.stack(cosines, 1)


# --------------------------------------------------------------------------------------------------------------------
# The optimizers, as the run has them.

MOMENTS = ${moments()}


def make_optimizer(name: str, parameters: list[Tensor], lr: float) -> torch.optim.Optimizer:
    if name == "adagrad":
        return torch.optim.Adagrad(parameters, lr, eps=${EPSILON})
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr, alpha=${RMSPROP_ALPHA}, eps=${EPSILON})
    if name == "adam":
        return torch.optim.Adam(parameters, lr, betas=(${ADAM_BETA1}, ${ADAM_BETA2}), eps=${EPSILON})
    return torch.optim.SGD(parameters, lr, momentum=${MOMENTUM} if name == "momentum" else 0)


`;
}

/** In the order of every table that the inspector reads. */
const ROLES = ['input', 'recurrent', 'bias', 'output', 'outputBias'] as const;

function nameOf({ parameters }: TorchNetwork, role: Role): string {
  return parameters.find((parameter) => parameter.role === role)?.name ?? role;
}

/** As a dict of Python. */
function moments(): string {
  const entries = Object.entries(MOMENT_NAMES);
  const lines = entries.map(([name, own]) => `    "${name}": [${own.map((moment) => `"${moment}"`).join(', ')}],\n`);
  return `{\n${lines.join('')}}`;
}
