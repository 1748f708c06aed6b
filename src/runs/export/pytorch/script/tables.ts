import { nameInLayer } from '../../../../network/network.ts';
import { inWords } from '../../../../network/quantities.ts';
import { placesOf, stateTensorsOf, type TorchNetwork } from '../names.ts';
import { bracketed, keyOf, layerStates } from './equations.ts';

/** The tables of `train.py`: what its network is, by the names of the inspector and by PyTorch's. */
export function tables(network: TorchNetwork): string {
  const { parameters, quantities, layers } = network;
  const errors = quantities.filter(({ layer }) => layer !== undefined).map(({ name }) => name);
  const endings = Array.from({ length: layers }, (_, index) => nameInLayer('', index + 1));
  return `
class Parameter(NamedTuple):
    """Where PyTorch keeps a parameter of the inspector, and what it does there."""

    tensor: str
    block: int  # the tensor's rows are equal blocks: which of them it is,
    blocks: int  # and of how many
    of: str  # the quantity that it makes
    times: Optional[str]  # what it multiplies for that; a bias multiplies nothing

    def within(self, tensor: Tensor) -> Tensor:
        """Its rows of the tensor, or of one of the same shape: a view."""
        return tensor.chunk(self.blocks)[self.block]


# The ${inWords(parameters.length)} parameters by the names of the inspector, in the order of every table that it reads.
PARAMETERS = {
${parameterLines(network).join('\n')}
}
# The quantities of the layers, whose errors ∂q(t) follow in those tables.
${bracketed('QUANTITIES = ', errors.map(quoted), '[]')}
# What a layer carries to its next time step, first what it gives to the layer above; how the names of each layer end.
${bracketed('STATES = ', layerStates(network).map(quoted), '[]')}
${bracketed('ENDINGS = ', endings.map(quoted), '[]')}
LAYERS = ${layers}
# PyTorch adds two biases to a sum, which would move twice as fast as the one that the run has: these blocks stay 0.
SECOND_BIASES = {
${secondBiasLines(network).join('\n')}
}
BLOCKS = ${network.torch.gates.length}
`;
}

function parameterLines(network: TorchNetwork): string[] {
  return [...placesOf(network)].map(([{ name, of, times }, { tensor, block, blocks }]) => {
    const multiplied = times === undefined ? 'None' : `"${keyOf(times)}"`;
    return `    "${name}": Parameter("${tensor}", ${block}, ${blocks}, "${of}", ${multiplied}),`;
  });
}

function secondBiasLines(network: TorchNetwork): string[] {
  return stateTensorsOf(network).flatMap(({ name, blocks }) => {
    const unused = blocks.flatMap((parameter, block) => (parameter === undefined ? [block] : []));
    return unused.length === 0 ? [] : [`    "${name}": [${unused.join(', ')}],`];
  });
}

function quoted(name: string): string {
  return `"${name}"`;
}
