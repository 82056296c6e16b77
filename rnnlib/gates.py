"""Gated layers through time: the LSTM and the GRU (notebook 12).

A forward function takes a, (T, ..., G), what comes from the inputs, Wh (G, H), and
start (S, ..., H), the state before step 0. It returns the states, (T + 1, S, ..., H),
row 0 the start, and what else the way back needs. states[:, 0] is h. A backward
function takes dh, (T, ..., H), what comes from above, and returns the gradients of a
and of Wh h, what comes from the state, both (T, ..., G). The arrays are not checked:
`layers`, which calls these functions, makes them.
"""

import numpy as np


def sigmoid(a):
    """1 / (1 + exp(-a)): between 0 and 1, without overflow, for complex a too."""
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def room_for(a, start):
    """Room for the states of all steps, the first of them filled."""
    states = np.empty((len(a) + 1, *start.shape), a.dtype)
    states[0] = start
    return states


def lstm(a, Wh, start):
    """mₜ = fₜ ⊙ mₜ₋₁ + wₜ ⊙ gₜ        hₜ = oₜ ⊙ tanh(mₜ)

    The rows of Wh: the gates f, w, o, then g, a tanh: G = 4H. The state is h and m.
    In most texts w is called i, and m is called c.
    Source: S. Hochreiter, J. Schmidhuber, 1997; f: F. Gers and others, 2000.
    """
    states, act, WhT = room_for(a, start), np.empty_like(a), Wh.T.copy()
    f, w, o, g = np.split(act, 4, -1)
    for t in range(len(a)):
        z = a[t] + states[t, 0] @ WhT
        act[t] = sigmoid(z)
        g[t] = np.tanh(z[..., -Wh.shape[1] :])
        states[t + 1, 1] = f[t] * states[t, 1] + w[t] * g[t]
        states[t + 1, 0] = o[t] * np.tanh(states[t + 1, 1])
    return states, act


def lstm_back(dh, states, act, Wh):
    """dmₜ = oₜ ⊙ (1 - tanh²(mₜ)) ⊙ dhₜ + fₜ₊₁ ⊙ dmₜ₊₁, and from there to the gates."""
    f, w, o, g = np.split(act, 4, -1)
    da, later, dm, squashed = np.empty_like(act), 0, 0, np.tanh(states[1:, 1])
    df, dw, do, dg = np.split(da, 4, -1)
    slope = act * (1 - act)
    slope[..., -Wh.shape[1] :] = 1 - g * g
    for t in reversed(range(len(dh))):
        dh_t = dh[t] + later
        dm = dm + dh_t * o[t] * (1 - squashed[t] ** 2)
        df[t], dw[t] = dm * states[t, 1], dm * g[t]
        do[t], dg[t] = dh_t * squashed[t], dm * w[t]
        da[t] *= slope[t]
        later, dm = da[t] @ Wh, dm * f[t]
    return da, da


def gru(a, Wh, start):
    """hₜ = zₜ ⊙ hₜ₋₁ + (1 - zₜ) ⊙ gₜ        gₜ = tanh(a of it + rₜ ⊙ (Wh hₜ₋₁))

    The rows of Wh: the gates z, r, then g: G = 3H. r acts after the product with Wh,
    as in cuDNN. In some texts z and 1 - z have changed places.
    Source: K. Cho and others, 2014.
    """
    states, act, WhT = room_for(a, start), np.empty_like(a), Wh.T.copy()
    of_h = np.empty_like(a)
    z, r, g = np.split(act, 3, -1)
    for t in range(len(a)):
        of_h[t] = states[t, 0] @ WhT
        act[t] = sigmoid(a[t] + of_h[t])
        last = slice(-Wh.shape[1], None)
        g[t] = np.tanh(a[t, ..., last] + r[t] * of_h[t, ..., last])
        states[t + 1, 0] = z[t] * states[t, 0] + (1 - z[t]) * g[t]
    return states, (act, of_h[..., -Wh.shape[1] :])


def gru_back(dh, states, kept, Wh):
    """The way back through `gru`: g's gradient meets r on its way to the state."""
    (act, of_h), later = kept, 0
    da, (z, r, g) = np.empty_like(act), np.split(act, 3, -1)
    da_h, (dz, dr, dg) = np.empty_like(act), np.split(da, 3, -1)
    for t in reversed(range(len(dh))):
        dh_t = dh[t] + later
        dg[t] = dh_t * (1 - z[t]) * (1 - g[t] ** 2)
        dz[t] = dh_t * (states[t, 0] - g[t]) * z[t] * (1 - z[t])
        dr[t] = dg[t] * of_h[t] * r[t] * (1 - r[t])
        da_h[t] = np.concatenate([dz[t], dr[t], dg[t] * r[t]], -1)
        later = da_h[t] @ Wh + dh_t * z[t]
    return da, da_h
