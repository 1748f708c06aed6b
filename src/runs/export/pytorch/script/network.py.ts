import {
  ADAM_BETA1,
  ADAM_BETA2,
  EPSILON,
  MOMENT_NAMES,
  MOMENTUM,
  RMSPROP_ALPHA,
} from '../../../../common/optimizers.ts';
import type { TorchNetwork } from '../names.ts';
import { assignments, before, bracketed, layerEquations, layerStates } from './equations.ts';

/** The part of `train.py` with the network, the step norms and the optimizers: as `model/` and `inspection/steps.ts`. */
export function networkPart(network: TorchNetwork): string {
  const { module, nonlinearity } = network.torch;
  const states = layerStates(network);
  const isOne = states.length === 1;
  const given = layerEquations(network).map(({ gives }) => `"${gives}": ${gives}`);
  const made = nonlinearity === undefined ? '' : `, nonlinearity="${nonlinearity}"`;
  return String.raw`# --------------------------------------------------------------------------------------------------------------------
# The network, and what is measured on it.


# A time step of one layer, or of all: its quantities by their names, and what came from the one before as "${states[0]}(t-1)".
TimeStep = dict[str, Tensor]


def time_step(W: dict[str, Tensor], x: Tensor, ${states.map((state) => `${before(state)}: Tensor`).join(', ')}) -> TimeStep:
    """One layer, as nn.${module} computes it, from what it reads, (B, V) or (B, H), and its states before, (B, H)."""
${assignments(network)
  .map((line) => `    ${line}`)
  .join('\n')}
${bracketed('return ', given, '{}', 4)}


class Network(nn.Module):
    def __init__(self, V: int, H: int) -> None:
        super().__init__()
        self.rnn = nn.${module}(V, H, num_layers=LAYERS${made})
        self.out = nn.Linear(H, V)
        with torch.no_grad():
            self.zero_second_biases(dict(self.named_parameters()))
        for name, blocks in SECOND_BIASES.items():
            self.get_parameter(name).requires_grad_(len(blocks) < BLOCKS)

    @staticmethod
    def zero_second_biases(tensors: dict[str, Tensor]) -> None:
        """In tensors by the names of the state_dict, or in their gradients; one that is not trained has none."""
        for name, blocks in SECOND_BIASES.items():
            if name in tensors:
                for block in blocks:
                    tensors[name].chunk(BLOCKS)[block].zero_()

    def zero_states(self, streams: int) -> Tensor:
        """(${states.length}, layers, B, H): of every layer its ${states.join(' and its ')}."""
        return self.out.weight.new_zeros(len(STATES), LAYERS, streams, self.rnn.hidden_size)

    def forward(self, inputs: Tensor, states: Tensor, unroll: bool = False) -> tuple[Tensor, Tensor, list[TimeStep]]:
        """From ids (T, B) and the states before: logits (T, B, V), the states after, and, unrolled, every time step."""
        x = F.one_hot(inputs, self.rnn.input_size).to(states.dtype)
        if unroll:
            return self.unrolled(x, states)
        a, last = self.rnn(x, ${isOne ? 'states[0]' : '(states[0], states[1])'})
        return self.out(a), ${isOne ? 'last[None]' : 'torch.stack(last)'}, []

    def unrolled(self, inputs: Tensor, states: Tensor) -> tuple[Tensor, Tensor, list[TimeStep]]:
        """The same by the equations, with the same weights: inside nn.${module}, one operation, autograd shows nothing.

        After backward() the .grad of each quantity of a time step is its error.
        """
        parameters = {name: own.within(self.get_parameter(own.tensor)) for name, own in PARAMETERS.items()}
        of_layers = [
            {name: parameters[name + ending] for name in PARAMETERS if name + ending in PARAMETERS}
            for ending in ENDINGS
        ]
        steps = []
        for x in inputs:
            step, carried = {"x": x}, []
            for layer, ending in enumerate(ENDINGS):
                previous = [states[kind][layer] for kind in range(len(STATES))]
                step.update({f"{name}{ending}(t-1)": state for name, state in zip(STATES, previous)})
                given = time_step(of_layers[layer], x, *previous)
                step.update({name + ending: quantity for name, quantity in given.items()})
                carried.append([given[name] for name in STATES])
                x = given[STATES[0]]
            step["o"] = self.out(x)
            # By kind of state, then by layer.
            states = list(zip(*carried))
            for quantity in step.values():
                if quantity.requires_grad:
                    quantity.retain_grad()
            steps.append(step)
        last = torch.stack([torch.stack(of_kind) for of_kind in states])
        return torch.stack([step["o"] for step in steps]), last, steps


def error_at(quantity: Tensor) -> Tensor:
    """∂q(t), which is 0 where nothing that is counted comes of q(t)."""
    return torch.zeros_like(quantity) if quantity.grad is None else quantity.grad


def contribution(step: TimeStep, parameter: Parameter) -> Tensor:
    """∂P(t), summed over the streams: of a weight that makes u of v it is ∂u(t) v(t)ᵀ, of a bias ∂u(t)."""
    error = error_at(step[parameter.of])
    return error.sum(0) if parameter.times is None else error.t() @ step[parameter.times].detach()


@torch.no_grad()
def measure_steps(steps: list[TimeStep], gradients: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """What each time step does to the gradient, before clipping.

    ∂P(t) is what step t contributes to the gradient of parameter P, summed over the streams; all steps give ∂P.
    Returns (${network.stepQuantities.length}, T), the norms of ∂P(t) of all parameters, then of ∂q(t) of all quantities, and (${network.parameters.length}, T), the cosines
    between ∂P(t) and ∂P.
    """
    whole = [gradients[name].flatten() for name in PARAMETERS]
    sizes = [*map(len, whole), len(QUANTITIES)]
    norms, cosines = [], []
    for step in steps:
        contributions = [contribution(step, parameter).flatten() for parameter in PARAMETERS.values()]
        # DistributedDataParallel averages gradients, so that every process has its loss WORLD times: ∂q too.
        squares = torch.stack([error_at(step[name]).square().sum() / WORLD for name in QUANTITIES])
        *own, squares = sum_over_ranks(torch.cat([*contributions, squares])).div_(WORLD).split(sizes)
        own_norms = torch.stack([part.norm() for part in own])
        norms.append(torch.cat([own_norms, squares.sqrt()]))
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

/** As a dict of Python. */
function moments(): string {
  const entries = Object.entries(MOMENT_NAMES);
  const lines = entries.map(([name, own]) => `    "${name}": [${own.map((moment) => `"${moment}"`).join(', ')}],\n`);
  return `{\n${lines.join('')}}`;
}
