import { F32 } from './lanes';
import { Address, Code, Contribution, Layer, Network, Operation, Stage, StageKind, Use } from './network';
import { packTiles } from './packing';
import { CHUNK_ROWS, packedTimesPanels, rowsTimesPanels, TILE_BYTES } from './products';
import { affineRow, applyRow, Identity, multiplyRow, Relu, Sigmoid, slopeRow, Tanh, throughTanh } from './rows';
import { addTransposedTimesVector } from './vectors';

/** What the layer below gives to this one, for rows `first` to before `last` of all T·B. */
export function forwardInputs(layer: Layer, first: i32, last: i32, scratch: usize): void {
  for (let index = 0; index < layer.inputCount; index++) {
    const use = changetype<Use>(layer.forwardInputs + <usize>index * offsetof<Use>());
    productOfRows(changetype<Contribution>(use.contribution), first, last, use.adds !== 0, scratch);
  }
}

/** What this layer's errors add to those of the layer below. */
export function backwardInputs(layer: Layer, first: i32, last: i32, scratch: usize): void {
  for (let index = 0; index < layer.inputCount; index++) {
    const use = changetype<Use>(layer.backwardInputs + <usize>index * offsetof<Use>());
    errorsOfRows(changetype<Contribution>(use.contribution), first, last, use.adds !== 0, scratch);
  }
}

/** W v of rows `first` to before `last` of all T·B. */
export function productOfRows(part: Contribution, first: i32, last: i32, adds: bool, scratch: usize): void {
  const v = part.v + <usize>(first * part.n) * F32;
  rowsTimesPanels(
    v,
    last - first,
    part.n,
    part.forwardPanels,
    part.m,
    part.to + <usize>(first * part.m) * F32,
    adds,
    scratch,
  );
}

/** Wᵀ ∂u of rows `first` to before `last` of all T·B. */
export function errorsOfRows(part: Contribution, first: i32, last: i32, adds: bool, scratch: usize): void {
  const u = part.u + <usize>(first * part.m) * F32;
  rowsTimesPanels(
    u,
    last - first,
    part.m,
    part.backwardPanels,
    part.n,
    part.dv + <usize>(first * part.n) * F32,
    adds,
    scratch,
  );
}

/** Side A of a layer, for streams `first` to before `last`. */
export function forwardStreams(layer: Layer, first: i32, last: i32, scratch: usize): void {
  if (first === last) return;
  const net = changetype<Network>(layer.network);
  for (let t = 0; t < net.T; t++) {
    for (let index = 0; index < layer.forwardCount; index++) {
      const stage = changetype<Stage>(layer.forward + <usize>index * offsetof<Stage>());
      if (stage.kind === StageKind.Products) products(net, stage, t, first, last, scratch);
      else rows(net, stage, t, first, last);
    }
  }
}

/** Side B of a layer, for streams `first` to before `last`, after what it gave on has its errors from there. */
export function backwardStreams(layer: Layer, first: i32, last: i32, scratch: usize): void {
  if (first === last) return;
  const net = changetype<Network>(layer.network);
  const rowBytes = <usize>net.H * F32;
  for (let index = 0; index < layer.zeroCount; index++) {
    const zeros = changetype<Address>(layer.zeros + <usize>index * offsetof<Address>());
    memory.fill(zeros.address + <usize>first * rowBytes, 0, <usize>(last - first) * rowBytes);
  }
  for (let t = net.T - 1; t >= 0; t--) {
    for (let index = 0; index < layer.backwardCount; index++) {
      const stage = changetype<Stage>(layer.backward + <usize>index * offsetof<Stage>());
      if (stage.isBefore !== 0 && t === 0) continue;
      if (stage.kind === StageKind.Products) messages(net, stage, t, first, last, scratch);
      else rows(net, stage, t, first, last);
    }
  }
}

/** W v of time step t. What several weights multiply, as the gates of a cell do, is packed once. */
function products(net: Network, stage: Stage, t: i32, first: i32, last: i32, scratch: usize): void {
  const H = net.H;
  const offset = <usize>((t * net.B + first) * H) * F32;
  const rowBytes = <usize>H * F32;
  for (let row = 0; row < last - first; row += CHUNK_ROWS) {
    const count = min(CHUNK_ROWS, last - first - row);
    const at = offset + <usize>row * rowBytes;
    let packed: usize = 0;
    for (let index = 0; index < stage.count; index++) {
      const use = changetype<Use>(stage.list + <usize>index * offsetof<Use>());
      const part = changetype<Contribution>(use.contribution);
      const to = part.to + at;
      if (net.B === 1) {
        if (use.adds === 0) memory.fill(to, 0, rowBytes);
        addTransposedTimesVector(part.forwardPanels, H, H, part.v + at, to);
        continue;
      }
      if (packed !== part.v) packTiles(part.v + at, rowBytes, count, H, scratch + TILE_BYTES);
      packed = part.v;
      packedTimesPanels(count, H, part.forwardPanels, H, to, use.adds !== 0, scratch);
    }
  }
}

/** Wᵀ ∂u of time step t. */
function messages(net: Network, stage: Stage, t: i32, first: i32, last: i32, scratch: usize): void {
  const H = net.H;
  const at = <usize>((t * net.B + first) * H) * F32;
  for (let index = 0; index < stage.count; index++) {
    const use = changetype<Use>(stage.list + <usize>index * offsetof<Use>());
    const part = changetype<Contribution>(use.contribution);
    if (net.B === 1) {
      if (use.adds === 0) memory.fill(part.dv + at, 0, <usize>H * F32);
      addTransposedTimesVector(part.W, H, H, part.u + at, part.dv + at);
    } else rowsTimesPanels(part.u + at, last - first, H, part.backwardPanels, H, part.dv + at, use.adds !== 0, scratch);
  }
}

/** All operations of a stage on one row after the other, which meanwhile stay in the first-level cache. */
function rows(net: Network, stage: Stage, t: i32, first: i32, last: i32): void {
  const H = net.H;
  const end = stage.list + <usize>stage.count * offsetof<Operation>();
  for (let b = first; b < last; b++) {
    const row = t * net.B + b;
    const at = <usize>(row * H) * F32;
    for (let address = stage.list; address < end; address += offsetof<Operation>()) {
      const operation = changetype<Operation>(address);
      if (operation.isBefore !== 0 && t === 0) continue;
      operate(net, operation, row, at);
    }
  }
}

function operate(net: Network, operation: Operation, row: i32, at: usize): void {
  const H = net.H;
  const to = operation.to + at;
  const x = operation.x + at;
  const y = operation.y + at;
  const adds = operation.adds !== 0;
  switch (operation.code) {
    case Code.Affine:
      return affineRow<Identity>(to, columnOf(net, operation, row), operation.y, H, adds);
    case Code.AffineTanh:
      return affineRow<Tanh>(to, columnOf(net, operation, row), operation.y, H, adds);
    case Code.AffineSigmoid:
      return affineRow<Sigmoid>(to, columnOf(net, operation, row), operation.y, H, adds);
    case Code.AffineRelu:
      return affineRow<Relu>(to, columnOf(net, operation, row), operation.y, H, adds);
    case Code.Tanh:
      return applyRow<Tanh>(x, to, H);
    case Code.Sigmoid:
      return applyRow<Sigmoid>(x, to, H);
    case Code.Relu:
      return applyRow<Relu>(x, to, H);
    case Code.TanhSlope:
      if (adds) return slopeRow<Tanh>(x, y, to, H, true);
      return throughTanh(x, y, to, H);
    case Code.SigmoidSlope:
      return slopeRow<Sigmoid>(x, y, to, H, adds);
    case Code.ReluSlope:
      return slopeRow<Relu>(x, y, to, H, adds);
    case Code.Multiply:
      return multiplyRow(operation, x, operation.y === 0 ? 0 : y, to, H);
    default:
      unreachable();
  }
}

/** The row of the transposed weights that is read, 0 where there are none. */
function columnOf(net: Network, operation: Operation, row: i32): usize {
  if (operation.x === 0) return 0;
  const id = load<i32>(net.inputs + ((<usize>row) << 2));
  return operation.x + <usize>(id * net.H) * F32;
}
