/** The part of `train.py` that reads the text, cuts it into streams and measures the validation loss: as `text/` and `training/validation.ts`. */
export const TEXT = String.raw`# --------------------------------------------------------------------------------------------------------------------
# The text: bytes, then ids of symbols, then streams.


UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# So much of a file shows whether it is UTF-16, as its mark says, where its bytes can be trained on as well.
UTF16_CHECK_BYTES = 2**16


def decode(data: bytes, decoding: dict[str, str], path: Path) -> str:
    """The text in a file's bytes: by its byte order mark, which is no part of it, as "decoding" says, or as UTF-8."""
    whole = data
    for mark, codec in {**UTF16_MARKS, UTF8_MARK: "utf-8"}.items():
        if data.startswith(mark):
            data, decoding = data[len(mark) :], {"codec": codec}
    codec = decoding.get("codec", "utf-8")
    try:
        if "table" in decoding:
            # The character of every byte. Encodings of the same name are not quite the same in Python.
            return codecs.charmap_decode(data, "strict", decoding["table"])[0]
        return data.decode(codec, "surrogatepass" if codec.startswith("utf-16") else "strict")
    except UnicodeDecodeError as error:
        offset = len(whole) - len(data) + error.start
        encoding = "in the encoding of the run" if "table" in decoding else codec
        sys.exit(
            f"{path} is not valid {encoding}: the byte 0x{whole[offset]:02x} at offset {offset} belongs to no character. "
            "Save it as UTF-8, and give it with --text PATH --other-text."
        )


def bytes_of(data: bytes, decoding: dict[str, str], path: Path) -> bytes:
    """The bytes that are trained on: those of the file, or those in UTF-8 of a text in another encoding."""
    if "table" in decoding or decoding.get("codec", "utf-8") != "utf-8" or is_utf16(data):
        return re.sub("[\ud800-\udfff]", "\ufffd", decode(data, decoding, path)).encode()
    return data[len(UTF8_MARK) :] if data.startswith(UTF8_MARK) else data


def is_utf16(data: bytes) -> bool:
    """Whether a file with a mark of UTF-16 is a text in it: it has no NUL, and if it is short, whole units."""
    head = data[:UTF16_CHECK_BYTES]
    is_cut = len(data) < UTF16_CHECK_BYTES and len(data) % 2 == 1
    return data[:2] in UTF16_MARKS and not is_cut and (0, 0) not in zip(head[::2], head[1::2])


def read_ids(data: bytes, decoding: dict[str, str], path: Path, vocabulary: dict[str, Any]) -> Tensor:
    """(N), int16: the symbols of a text, each by its place in the vocabulary, whose codes ascend."""
    if vocabulary["tokens"] == "bytes":
        encoded, dtype = bytes_of(data, decoding, path), torch.uint8
    else:
        encoded, dtype = decode(data, decoding, path).encode("utf-32-le", "surrogatepass"), torch.int32
    if len(encoded) == 0:
        sys.exit(f"{path} is empty.")
    values = torch.frombuffer(bytearray(encoded), dtype=dtype)
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

    Every iteration reads the next T ids of every stream, and the states go on from one window to the next. Where fewer
    than T are left, reading starts again at 0 with states of zeros. This process reads its share of the streams.
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

    The text is cut into up to B streams whose lengths differ by at most one. Each starts from states of zeros, which
    then go on from window to window. Where a stream has ended, it reads something that is not counted.
    """
    count = len(ids) - 1
    B = min(B, count)
    T = min(T, math.ceil(count / B))
    bounds = torch.tensor([b * count // B for b in range(B + 1)])
    starts, ends = bounds[:-1][own_share(B)], bounds[1:][own_share(B)]
    states = network.zero_states(len(starts))
    total = 0.0
    for position in range(0, math.ceil(count / B) if len(starts) > 0 else 0, T):
        place = starts + position + torch.arange(T)[:, None]
        counts = (place < ends).flatten().to(states.device)
        place = place.clamp(max=count - 1)
        logits, states, _ = network(ids[place].long().to(states.device), states)
        targets = ids[place + 1].long().flatten().to(states.device)
        total += F.cross_entropy(logits.flatten(0, 1), targets, reduction="none")[counts].sum().item()
    return sum_over_ranks(states.new_tensor([total])).item() / count


def next_validation_at(last: int, per_epoch: int) -> int:
    """After how many iterations the next validation comes: at 1/64, 1/32, ... of an epoch, then at every quarter."""
    earliest = last + 20
    for share in (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4):
        if math.ceil(share * per_epoch) >= earliest:
            return math.ceil(share * per_epoch)
    return math.ceil(math.ceil(earliest / per_epoch * 4) / 4 * per_epoch)


`;
