/** The part of `train.py` that reads the text, cuts it into streams and measures the validation loss: as `text/` and `training/validation.ts`. */
export const TEXT = String.raw`# --------------------------------------------------------------------------------------------------------------------
# The text: bytes, then ids of symbols, then streams.


def decode(data: bytes, decoding: dict[str, str]) -> str:
    """The text in a file's bytes: by its byte order mark, which is no part of it, as "decoding" says, or as UTF-8."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            data, decoding = data[len(mark) :], {"codec": codec}
    if "table" in decoding:
        # The character of every byte. Encodings of the same name are not quite the same in Python.
        return codecs.charmap_decode(data, "strict", decoding["table"])[0]
    codec = decoding.get("codec", "utf-8")
    return data.decode(codec, "surrogatepass" if codec.startswith("utf-16") else "strict")


def read_ids(text: str, vocabulary: dict[str, Any]) -> Tensor:
    """(N), int16: the symbols of a text, each by its place in the vocabulary, whose codes ascend."""
    if vocabulary["tokens"] == "bytes":
        encoded = re.sub("[\ud800-\udfff]", "\ufffd", text).encode()
        values = torch.frombuffer(bytearray(encoded), dtype=torch.uint8)
    else:
        values = torch.frombuffer(bytearray(text.encode("utf-32-le", "surrogatepass")), dtype=torch.int32)
    codes = torch.tensor(vocabulary["codes"], dtype=torch.int32)
    pieces = []
    for piece in values.split(2**24):
        piece = piece.to(torch.int32)
        ids = torch.searchsorted(codes, piece).clamp(max=len(codes) - 1)
        unknown = piece[codes[ids] != piece]
        if len(unknown) > 0:
            sys.exit(f"The text holds the code {hex(unknown[0].item())}, which is not in the network's vocabulary.")
        pieces.append(ids.to(torch.int16))
    return torch.cat(pieces)


class Streams:
    """Truncated backpropagation through time: N ids are cut into B contiguous streams of S = (N-1) // B.

    Every iteration reads the next T ids of every stream, and the state goes on from one window to the next. Where fewer
    than T are left, reading starts again at 0 with a state of zeros. This process reads its share of the streams.
    """

    def __init__(self, ids: Tensor, T: int, B: int, position: int) -> None:
        self.ids, self.T, self.position = ids, T, position
        self.length = (len(ids) - 1) // B
        if self.length < T:
            sys.exit(f"The text is too short: T={T}, B={B} need {B * T + 1} symbols to train on, not {len(ids)}.")
        self.windows_per_epoch = self.length // T
        self.starts = torch.arange(B)[own_share(B)] * self.length

    def next(self) -> tuple[Tensor, Tensor, bool]:
        """Inputs and targets, both (T, streams), and whether reading started again."""
        if self.position + self.T > self.length:
            self.position = 0
        window = self.ids[self.position + torch.arange(self.T + 1)[:, None] + self.starts].long()
        self.position += self.T
        return window[:-1], window[1:], self.position == self.T


@torch.no_grad()
def validation_loss(network: Network, ids: Tensor, T: int, B: int) -> float:
    """Mean loss, nats a symbol, of every symbol of the validation text but its first.

    The text is cut into up to B streams whose lengths differ by at most one. Each starts from a state of zeros, which
    then goes on from window to window. Where a stream has ended, it reads something that is not counted.
    """
    count = len(ids) - 1
    B = min(B, count)
    T = min(T, math.ceil(count / B))
    bounds = torch.tensor([b * count // B for b in range(B + 1)])
    starts, ends = bounds[:-1][own_share(B)], bounds[1:][own_share(B)]
    state = network.zero_state(len(starts))
    total = 0.0
    for position in range(0, math.ceil(count / B) if len(starts) > 0 else 0, T):
        place = starts + position + torch.arange(T)[:, None]
        counts = (place < ends).flatten().to(state.device)
        place = place.clamp(max=count - 1)
        logits, state, _ = network(ids[place].long().to(state.device), state)
        targets = ids[place + 1].long().flatten().to(state.device)
        total += F.cross_entropy(logits.flatten(0, 1), targets, reduction="none")[counts].sum().item()
    return sum_over_ranks(state.new_tensor([total])).item() / count


def next_validation_at(last: int, per_epoch: int) -> int:
    """After how many iterations the next validation comes: at 1/64, 1/32, ... of an epoch, then at every quarter."""
    earliest = last + 20
    for share in (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4):
        if math.ceil(share * per_epoch) >= earliest:
            return math.ceil(share * per_epoch)
    return math.ceil(math.ceil(earliest / per_epoch * 4) / 4 * per_epoch)


`;
