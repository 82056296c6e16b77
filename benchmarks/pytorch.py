"""PyTorch eager, in two ways. The quicker of the two is the peer.

Equal to the gist: the loss is summed over t; Adagrad's eps stands in the root when its
memory starts from eps; nn.RNN has a second bias for h, which stays zero.
"""

import itertools

import rnnlib as rnn


class Module:
    """What the documentation leads to: nn.RNN, nn.Linear, cross_entropy."""

    batches = True

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        import torch

        torch.set_num_threads(1)
        self.torch, self.B = torch, B
        W = {name: torch.tensor(block) for name, block in weights.items()}
        self.V, H = W["Why"].shape
        self.dtype = W["Why"].dtype
        self.h = torch.zeros(1, B, H, dtype=self.dtype)
        self.params = self.parameters(W)
        self.optimizer = torch.optim.Adagrad(
            self.params, lr=lr, eps=0, initial_accumulator_value=1e-8, fused=True
        )
        pairs = [
            (torch.tensor(x).view(T, B), torch.tensor(y).view(T, B))
            for x, y, _ in rnn.chunks(ids, T, B)
        ]
        self.chunks = itertools.cycle(pairs)

    def parameters(self, W):
        nn, (H, V) = self.torch.nn, W["Wxh"].shape
        self.rnn = nn.RNN(V, H, dtype=self.dtype)
        self.linear = nn.Linear(H, V, dtype=self.dtype)
        state = {"weight_ih_l0": W["Wxh"], "weight_hh_l0": W["Whh"]}
        state |= {"bias_ih_l0": W["bh"], "bias_hh_l0": self.torch.zeros_like(W["bh"])}
        self.rnn.load_state_dict(state)
        self.linear.load_state_dict({"weight": W["Why"], "bias": W["by"]})
        self.rnn.bias_hh_l0.requires_grad_(False)
        both = [*self.rnn.parameters(), *self.linear.parameters()]
        return [param for param in both if param.requires_grad]

    def logits(self, inputs):
        x = self.torch.nn.functional.one_hot(inputs, self.V).to(self.dtype)
        h, h_last = self.rnn(x, self.h)
        self.h = h_last.detach()
        return self.linear(h)

    def step(self):
        inputs, targets = next(self.chunks)
        y = self.logits(inputs).reshape(-1, self.V)
        loss = self.torch.nn.functional.cross_entropy(
            y, targets.reshape(-1), reduction="sum"
        )
        loss = loss / self.B
        self.optimizer.zero_grad()
        loss.backward()
        self.torch.nn.utils.clip_grad_value_(self.params, 5)
        self.optimizer.step()
        return loss.item()


class Loop(Module):
    """The state loop by hand: lookup for one-hot, one fused product-and-sum a step."""

    def parameters(self, W):
        self.W = {name: block.requires_grad_() for name, block in W.items()}
        return list(self.W.values())

    def logits(self, inputs):
        torch, W = self.torch, self.W
        a = torch.nn.functional.embedding(inputs, W["Wxh"].T) + W["bh"]
        WhhT, h, states = W["Whh"].T, self.h[0], []
        for a_t in a.unbind():
            h = torch.addmm(a_t, h, WhhT).tanh()
            states.append(h)
        self.h = h.detach()[None]
        return torch.nn.functional.linear(torch.stack(states), W["Why"], W["by"])
