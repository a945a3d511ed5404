#!/usr/bin/python3
"""The same Rainbow update as `kata bench learner`, in PyTorch: what Kata's is measured against.

Double Q, dueling heads, 51 atoms, factorised noisy layers, Adam, gradient clipping; 24 actions,
batch 32, four 84 x 84 frames a sample; replay and priorities are left out. Debian's packages:
    apt-get install python3-torch
    tests/pytorch/rainbow_update.py [THREADS] [SECONDS]
Prints updates/s of both networks.
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

ACTIONS, ATOMS, BATCH, LOW, HIGH = 24, 51, 32, -10.0, 10.0


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
        shaped = lambda n: (lambda x: x.sign() * x.abs().sqrt())(torch.randn(n))
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
    below[(above > 0) & (below == above)] -= 1
    above[(below < ATOMS - 1) & (below == above)] += 1
    aims = torch.zeros_like(probs)
    aims.scatter_add_(1, below, probs * (above.float() - place))
    aims.scatter_add_(1, above, probs * (place - below.float()))
    return aims


def updates_per_second(nature, seconds):
    online, target = Net(nature), Net(nature)
    target.load_state_dict(online.state_dict())
    adam = torch.optim.Adam(online.parameters(), lr=1e-4, eps=1.5e-4)
    atoms = torch.linspace(LOW, HIGH, ATOMS)
    rows = torch.arange(BATCH)
    obs, after = (torch.randint(0, 256, (BATCH, 4, 84, 84), dtype=torch.uint8) for _ in range(2))
    actions = torch.randint(0, ACTIONS, (BATCH,))
    rewards, discounts, importance = torch.randn(BATCH), torch.full((BATCH,), 0.9), torch.ones(BATCH)

    def update():
        online.draw()
        target.draw()
        with torch.no_grad():
            best = (online(after).softmax(2) * atoms).sum(2).argmax(1)
            aims = project(target(after)[rows, best].softmax(1), rewards, discounts, atoms)
        logits = online(obs)[rows, actions]
        loss = (importance * -(aims * logits.log_softmax(1)).sum(1)).mean()
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(online.parameters(), 10)
        adam.step()

    for _ in range(3):
        update()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        update()
        count += 1
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    torch.set_num_threads(threads)
    for name in ("nature", "small"):
        print(f"{name}-{threads}t  updates/s {updates_per_second(name == 'nature', seconds):.1f}", flush=True)
