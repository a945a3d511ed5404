#!/usr/bin/python3
"""The same Rainbow update as `kata bench learner` and `kata bench device`, in PyTorch: what Kata's is
measured against.

Double Q, dueling heads, 51 atoms, factorised noisy layers, Adam, gradient clipping; 24 actions,
four 84 x 84 frames a sample; replay and priorities are left out. Debian's package on a processor:
    apt-get install python3-torch
    tests/pytorch/rainbow_update.py [--threads 2] [--seconds 20] [--batch 32 256]
On a graphics card PyTorch for CUDA is needed. Each case is then made twice: eager, as people write
it, and as a CUDA graph, captured once and replayed; a batch's pictures are uploaded for each update,
as Kata does, and nothing is read back, which Kata does for priorities.
    tests/pytorch/rainbow_update.py --device cuda
Prints updates/s.
"""
import argparse
import math
import time

import torch
from torch import nn
from torch.nn import functional as F

ACTIONS, ATOMS, LOW, HIGH = 24, 51, -10.0, 10.0


class Noisy(nn.Module):
    """Fortunato et al. 2018, eq. 9 to 11."""

    def __init__(self, ins, outs, sigma=0.5):
        super().__init__()
        bound = 1 / math.sqrt(ins)
        self.ins, self.outs = ins, outs
        self.w = nn.Parameter(torch.empty(outs, ins).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.empty(outs).uniform_(-bound, bound))
        self.w_scale = nn.Parameter(torch.full((outs, ins), sigma * bound))
        self.b_scale = nn.Parameter(torch.full((outs,), sigma * bound))
        self.draw()

    def draw(self):
        shaped = lambda n: (lambda x: x.sign() * x.abs().sqrt())(torch.randn(n, device=self.w.device))
        self.e_in, self.e_out = shaped(self.ins), shaped(self.outs)

    def forward(self, x):
        noise = torch.outer(self.e_out, self.e_in)
        return F.linear(x, self.w + self.w_scale * noise, self.b + self.b_scale * self.e_out)


class Net(nn.Module):
    def __init__(self, nature):
        super().__init__()
        plan = [(32, 8, 4), (64, 4, 2), (64, 3, 1)] if nature else [(32, 5, 5), (64, 5, 5)]
        hidden, layers, ins = 512 if nature else 256, [], 4
        for outs, kernel, stride in plan:
            layers += [nn.Conv2d(ins, outs, kernel, stride), nn.ReLU()]
            ins = outs
        self.convs = nn.Sequential(*layers, nn.Flatten())
        flat = self.convs(torch.zeros(1, 4, 84, 84)).shape[1]
        self.value1, self.value2 = Noisy(flat, hidden), Noisy(hidden, ATOMS)
        self.gain1, self.gain2 = Noisy(flat, hidden), Noisy(hidden, ACTIONS * ATOMS)

    def draw(self):
        for layer in (self.value1, self.value2, self.gain1, self.gain2):
            layer.draw()

    def forward(self, obs):
        x = self.convs(obs.float() / 255)
        value = self.value2(F.relu(self.value1(x))).view(-1, 1, ATOMS)
        gain = self.gain2(F.relu(self.gain1(x))).view(-1, ACTIONS, ATOMS)
        return value + gain - gain.mean(1, keepdim=True)


def project(probs, rewards, discounts, atoms):
    """Bellemare et al. 2017, algorithm 1."""
    step = (HIGH - LOW) / (ATOMS - 1)
    place = ((rewards[:, None] + discounts[:, None] * atoms).clamp(LOW, HIGH) - LOW) / step
    below, above = place.floor().long(), place.ceil().long()
    # By arithmetic: a mask as an index makes the host wait, which a CUDA graph does not allow.
    below = below - ((above > 0) & (below == above)).long()
    above = above + ((below < ATOMS - 1) & (below == above)).long()
    aims = torch.zeros_like(probs)
    aims.scatter_add_(1, below, probs * (above.float() - place))
    aims.scatter_add_(1, above, probs * (place - below.float()))
    return aims


def captured(update):
    """The update as a CUDA graph: PyTorch wants it run beside the main stream first."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            update()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        update()
    return graph.replay


def updates_per_second(nature, batch, device, is_graph, seconds):
    on_card = device != "cpu"
    online, target = Net(nature).to(device), Net(nature).to(device)
    target.load_state_dict(online.state_dict())
    adam = torch.optim.Adam(online.parameters(), lr=1e-4, eps=1.5e-4, capturable=is_graph)
    atoms = torch.linspace(LOW, HIGH, ATOMS, device=device)
    rows = torch.arange(batch, device=device)
    pictures = torch.randint(0, 256, (2, batch, 4, 84, 84), dtype=torch.uint8)
    if on_card:
        pictures = pictures.pin_memory()
    held = pictures.to(device, copy=True)
    obs, after = held[0], held[1]
    actions = torch.randint(0, ACTIONS, (batch,), device=device)
    rewards = torch.randn(batch, device=device)
    discounts = torch.full((batch,), 0.9, device=device)
    importance = torch.ones(batch, device=device)

    def update():
        online.draw()
        target.draw()
        with torch.no_grad():
            best = (online(after).softmax(2) * atoms).sum(2).argmax(1)
            aims = project(target(after)[rows, best].softmax(1), rewards, discounts, atoms)
        logits = online(obs)[rows, actions]
        loss = (importance * -(aims * logits.log_softmax(1)).sum(1)).mean()
        adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(online.parameters(), 10)
        adam.step()

    make = captured(update) if is_graph else update

    def once():
        if on_card:
            held.copy_(pictures, non_blocking=True)
        make()

    def wait():
        if on_card:
            torch.cuda.synchronize()

    for _ in range(3):
        once()
    wait()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for _ in range(20 if on_card else 1):
            once()
            count += 1
        wait()
    return count / (time.perf_counter() - began)


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    words.add_argument("--device", default="cpu", help="cpu, or cuda, cuda:1")
    words.add_argument("--batch", type=int, nargs="+", default=[32])
    words.add_argument("--threads", type=int, default=2, help="of the processor")
    words.add_argument("--seconds", type=float, default=20, help="for each case")
    asked = words.parse_args()
    if asked.device != "cpu" and not torch.cuda.is_available():
        raise SystemExit(f"PyTorch {torch.__version__} finds no graphics card here: use --device cpu")
    torch.set_num_threads(asked.threads)
    where = f"{asked.threads}t" if asked.device == "cpu" else torch.cuda.get_device_name(asked.device)
    for name in ("nature", "small"):
        for batch in asked.batch:
            for is_graph in (False,) if asked.device == "cpu" else (False, True):
                made = updates_per_second(name == "nature", batch, asked.device, is_graph, asked.seconds)
                how = "CUDA graph" if is_graph else "eager"
                print(f"{name}-{batch} {where} {how}  updates/s {made:.1f}", flush=True)


if __name__ == "__main__":
    main()
