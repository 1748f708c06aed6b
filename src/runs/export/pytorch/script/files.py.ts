import type { TorchNetwork } from '../names.ts';
import { equationLines } from './equations.ts';
import { tables } from './tables.ts';

/** The beginning of `train.py`: what it is, the tables of its network, processes, files of tensors. */
export function filesPart(network: TorchNetwork): string {
  return String.raw`#!/usr/bin/env python3
"""Trains a character-level RNN on in PyTorch, from where a run of the RNN Gradient Inspector stood.

Beside this file lie

    model.safetensors      the weights, by the names of a state_dict, and where the run stood
    optimizer.safetensors  the optimizer's moments, and the states that the next window starts from
    config.json            the run: its settings, its vocabulary, size and SHA-256 of its text
    text.txt               the text, where it was exported too; elsewhere it is given by --text

    python train.py --check                      measures the validation loss and compares it with the run's
    python train.py --iterations 1000            trains on; the folder "trained" gets the weights and a log
    torchrun --nproc_per_node 4 train.py         the same on four processes, whose gradients are averaged

It needs Python 3.9 and PyTorch 1.13 or later, and no other package. The log is a run's folder, which the inspector
opens, and follows while it grows. An --out folder that holds weights already is gone on with.

The network as the inspector writes it, and where PyTorch keeps it: V symbols, H hidden units, T time steps, B streams.

${equationLines(network)}
    L    = the sum over time and streams of -log softmax(o(t))[next symbol], divided by T B ("mean") or 1 ("sum")
"""

from __future__ import annotations

import argparse
import codecs
import ctypes
import hashlib
import json
import math
import os
import platform
import re
import signal
import struct
import sys
import time
import zlib
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple, Optional

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

HERE = Path(__file__).resolve().parent

${tables(network)}
# --------------------------------------------------------------------------------------------------------------------
# Processes. torchrun starts WORLD of them and numbers them by RANK; alone, this one is rank 0 of 1.

RANK = int(os.environ.get("RANK", "0"))
WORLD = int(os.environ.get("WORLD_SIZE", "1"))


def find_device(name: str) -> torch.device:
    """The device of this name, if it is there: only a number that comes back from it shows that."""
    try:
        device = torch.device(name)
        if device.type == "cuda" and device.index is None:
            device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.zeros(1, device=device).item()
    except (AssertionError, ImportError, NotImplementedError, RuntimeError) as error:
        reason = str(error).strip().split("\n", 1)[0].rstrip(".")
        sys.exit(f"The device {name} is not to be had: {reason}. Leave --device out, or give --device cpu.")
    return device


def join_ranks(wanted: Optional[str]) -> torch.device:
    """Joins the other processes, and returns the device of this one."""
    device = find_device(wanted or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda":
        torch.cuda.set_device(device)
        # TF32 keeps 10 bits of every factor, too few for the numbers of the run to come out again.
        torch.backends.cudnn.allow_tf32 = False
    if WORLD > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return device


def sum_over_ranks(tensor: Tensor) -> Tensor:
    """Replaces a tensor by its sum over all processes."""
    if WORLD > 1:
        dist.all_reduce(tensor)
    return tensor


def own_share(count: int) -> slice:
    """Which of so many streams this process reads."""
    return slice(RANK * count // WORLD, (RANK + 1) * count // WORLD)


# --------------------------------------------------------------------------------------------------------------------
# Files. safetensors is: the header's length (u64), the header (JSON), then the numbers of all tensors.

DTYPES = {"F32": torch.float32, "F64": torch.float64}


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a file and its metadata."""
    data = path.read_bytes()
    start = 8 + struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        numbers = torch.frombuffer(bytearray(data[start + begin : start + end]), dtype=DTYPES[entry["dtype"]])
        tensors[name] = numbers.reshape(entry["shape"])
    return tensors, metadata


def write_safetensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    header: dict[str, Any] = {"__metadata__": metadata}
    body = bytearray()
    for name, tensor in tensors.items():
        numbers = tensor.detach().cpu().contiguous()
        begin = len(body)
        body += ctypes.string_at(numbers.data_ptr(), numbers.numel() * numbers.element_size())
        dtype = "F64" if numbers.dtype == torch.float64 else "F32"
        header[name] = {"dtype": dtype, "shape": list(numbers.shape), "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    replace_file(path, struct.pack("<Q", len(text)) + text + body)


def replace_file(path: Path, data: bytes) -> None:
    """Replaces a file in one step, so that no reader and no crash ever meets half of it."""
    temporary = path.with_name(path.name + ".new")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


`;
}
