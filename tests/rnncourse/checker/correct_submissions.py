"""Right answers in many styles, at least four for each exercise: none may be accused.

Written as different students would write them, without a look at the folded solutions.
"""

import functools
import math

import numpy as np

# What some of the later ones call, as they do in a notebook.
from rnncourse.checker.exercises import (
    adagrad,
    clip,
    draw,
    grad_a,
    grad_h,
    grad_y,
    make_chunks,
    nll,
    rnn_backward,
    rnn_forward,
    rnn_step,
    softmax,
)

CORRECT = []


def correct(exercise):
    """Decorate a right answer to this exercise; it takes the exercise's name."""

    def add(function):
        function.__name__ = exercise
        CORRECT.append(function)
        return function

    return add


@correct("one_hot")
def _(k, V):
    x = np.zeros(V)
    x[k] = 1
    return x


@correct("one_hot")
def _(k, V):
    return np.eye(V)[k]


@correct("one_hot")
def _(k, V):
    return [1 if i == k else 0 for i in range(V)]


@correct("one_hot")
def _(k, V):
    return np.arange(V) == k


@correct("one_hot")
def _(k, V):
    vector = np.zeros(V, dtype=int)
    for place in range(V):
        if place == k:
            vector[place] = 1
    return vector


@correct("one_hot")
def _(index, size):
    return tuple([0.0] * index + [1.0] + [0.0] * (size - index - 1))


@correct("make_chunks")
def _(ids, T):
    chunks = []
    for start in range(0, len(ids) - T, T):
        chunks.append((ids[start : start + T], ids[start + 1 : start + T + 1]))
    return chunks


@correct("make_chunks")
def _(ids, T):
    n = (len(ids) - 1) // T
    inputs = ids[: n * T].reshape(n, T)
    targets = ids[1 : n * T + 1].reshape(n, T)
    return list(zip(inputs, targets))


@correct("make_chunks")
def _(ids, T):
    p = 0
    result = []
    while p + T + 1 <= len(ids):
        result.append([ids[p : p + T], ids[p + 1 : p + T + 1]])
        p += T
    return result


@correct("make_chunks")
def _(ids, T):
    count = (len(ids) - 1) // T
    return [
        (
            [int(ids[k * T + t]) for t in range(T)],
            [int(ids[k * T + t + 1]) for t in range(T)],
        )
        for k in range(count)
    ]


@correct("make_chunks")
def _(ids, T):
    n = (len(ids) - 1) // T * T
    return np.stack([ids[:n].reshape(-1, T), ids[1 : n + 1].reshape(-1, T)], axis=1)


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev + bh)


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    a = np.dot(Wxh, x)
    a = a + np.dot(Whh, h_prev)
    a += bh
    return np.tanh(a)


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    H, V = Wxh.shape
    h = []
    for i in range(H):
        a = bh[i]
        for j in range(V):
            a += Wxh[i, j] * x[j]
        for j in range(H):
            a += Whh[i, j] * h_prev[j]
        h.append(math.tanh(a))
    return h


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    a = np.einsum("hv,v->h", Wxh, x) + np.einsum("ij,j->i", Whh, h_prev) + bh
    e = np.exp(2 * a)
    return (e - 1) / (e + 1)


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    column = Wxh @ x[:, None] + Whh @ h_prev[:, None] + bh[:, None]
    return np.tanh(column).ravel()


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh[:, np.argmax(x)] + h_prev @ Whh.T + bh)


@correct("rnn_step")
def _(x, h_prev, Wxh, Whh, bh):
    joined = np.concatenate([x, h_prev, [1.0]])
    return np.tanh(np.hstack([Wxh, Whh, bh[:, None]]) @ joined)


@correct("rnn_forward")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    T, H, V = len(inputs), len(bh), len(by)
    h, y = np.zeros((T, H)), np.zeros((T, V))
    h_prev = h_init
    for t in range(T):
        h[t] = np.tanh(Wxh[:, inputs[t]] + Whh @ h_prev + bh)
        y[t] = Why @ h[t] + by
        h_prev = h[t]
    return h, y


@correct("rnn_forward")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    states = np.empty((len(inputs) + 1, len(h_init)))
    states[0] = h_init
    for t, k in enumerate(inputs):
        states[t + 1] = np.tanh(Wxh[:, k] + Whh @ states[t] + bh)
    return states[1:], states[1:] @ Why.T + by


@correct("rnn_forward")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    hs, ys = [], []
    for k in inputs:
        x = np.zeros(Wxh.shape[1])
        x[k] = 1
        before = hs[-1] if hs else h_init
        hs.append(np.tanh(np.dot(Wxh, x) + np.dot(Whh, before) + bh))
        ys.append(np.dot(Why, hs[-1]) + by)
    return hs, ys


@correct("rnn_forward")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    hs = {-1: np.copy(h_init)}
    for t in range(len(inputs)):
        x = np.eye(len(by))[inputs[t]]
        hs[t] = np.tanh(Wxh.dot(x) + Whh.dot(hs[t - 1]) + bh)
    h = np.array([hs[t] for t in range(len(inputs))])
    return [h, np.einsum("vh,th->tv", Why, h) + by]


@correct("rnn_forward")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    from_input = Wxh.T[inputs] + bh
    h = np.zeros((len(inputs), Whh.shape[0]))
    h[-1] = h_init  # read at t = 0, overwritten at t = T - 1
    for t in range(len(inputs)):
        h[t] = np.tanh(from_input[t] + h[t - 1] @ Whh.T)
    return h, (Why @ h.T).T + by


@correct("softmax")
def _(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@correct("softmax")
def _(y):
    if y.ndim == 1:
        e = np.exp(y - max(y))
        return e / sum(e)
    p = np.empty(y.shape)
    for t in range(len(y)):
        e = np.exp(y[t] - max(y[t]))
        p[t] = e / sum(e)
    return p


@correct("softmax")
def _(y):
    z = y - np.max(y, axis=-1)[..., np.newaxis]
    log_sum = np.log(np.sum(np.exp(z), axis=-1))
    return np.exp(z - log_sum[..., np.newaxis])


@correct("softmax")
def _(y):
    rows = np.atleast_2d(y)
    p = []
    for row in rows:
        e = [math.exp(v - max(row)) for v in row]
        p.append([v / math.fsum(e) for v in e])
    return p if y.ndim == 2 else p[0]


@correct("softmax")
def _(y):
    e = np.exp((y.T - y.T.max(axis=0)).T)
    return (e.T / e.T.sum(axis=0)).T


@correct("softmax")
def _(y):
    with np.errstate(over="ignore"):
        differences = y[..., None, :] - y[..., :, None]
        return 1 / np.exp(differences).sum(axis=-1)


@correct("nll")
def _(p, targets):
    return -np.log(p[np.arange(len(targets)), targets]).sum()


@correct("nll")
def _(p, targets):
    loss = 0
    for t in range(len(targets)):
        loss -= np.log(p[t, targets[t]])
    return loss


@correct("nll")
def _(p, targets):
    return sum(-math.log(row[k]) for row, k in zip(p, targets))


@correct("nll")
def _(p, targets):
    e = np.eye(p.shape[1])[targets]
    return -np.sum(e * np.log(p))


@correct("nll")
def _(p, targets):
    return float(np.log(1 / np.take_along_axis(p, targets[:, None], axis=1)).sum())


@correct("nll")
def _(p, targets):
    chosen = np.einsum("tv,tv->t", p, np.eye(p.shape[1])[targets])
    return np.array(-np.add.reduce(np.log(chosen)))


@correct("grad_y")
def _(p, targets):
    dy = p.copy()
    dy[np.arange(len(targets)), targets] -= 1
    return dy


@correct("grad_y")
def _(p, targets):
    return p - np.eye(p.shape[1])[targets]


@correct("grad_y")
def _(p, targets):
    dy = []
    for t in range(len(p)):
        row = [p[t][k] for k in range(len(p[t]))]
        row[targets[t]] -= 1
        dy.append(row)
    return dy


@correct("grad_y")
def _(p, targets):
    return p - (targets[:, None] == np.arange(p.shape[1]))


@correct("grad_y")
def _(p, targets):
    dy = np.array(p)
    for t, k in enumerate(targets):
        dy[t, k] = dy[t, k] - 1
    return dy


@correct("grad_Why_by")
def _(dy, h):
    return dy.T @ h, dy.sum(axis=0)


@correct("grad_Why_by")
def _(dy, h):
    dWhy = np.zeros((dy.shape[1], h.shape[1]))
    dby = np.zeros(dy.shape[1])
    for t in range(len(dy)):
        dWhy += np.outer(dy[t], h[t])
        dby += dy[t]
    return dWhy, dby


@correct("grad_Why_by")
def _(dy, h):
    return [np.einsum("tv,th->vh", dy, h), np.einsum("tv->v", dy)]


@correct("grad_Why_by")
def _(dy, h):
    outer = dy[:, :, None] * h[:, None, :]
    return outer.sum(0), np.ones(len(dy)) @ dy


@correct("grad_Why_by")
def _(dy, h):
    T, V, H = len(dy), len(dy[0]), len(h[0])
    dWhy = [
        [sum(dy[t, v] * h[t, j] for t in range(T)) for j in range(H)] for v in range(V)
    ]
    return dWhy, [sum(dy[t, v] for t in range(T)) for v in range(V)]


@correct("grad_h")
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh.T @ da_next


@correct("grad_h")
def _(dy_t, da_next, Why, Whh):
    return dy_t @ Why + da_next @ Whh


@correct("grad_h")
def _(dy_t, da_next, Why, Whh):
    dh = np.zeros(Whh.shape[0])
    for j in range(len(dh)):
        for v in range(len(dy_t)):
            dh[j] += dy_t[v] * Why[v, j]
        for i in range(len(da_next)):
            dh[j] += da_next[i] * Whh[i, j]
    return dh


@correct("grad_h")
def _(dy_t, da_next, Why, Whh):
    return np.einsum("v,vh->h", dy_t, Why) + np.tensordot(da_next, Whh, axes=1)


@correct("grad_h")
def _(dy_t, da_next, Why, Whh):
    return np.vstack([Why, Whh]).T.dot(np.concatenate([dy_t, da_next]))


@correct("grad_a")
def _(dh_t, h_t):
    return (1 - h_t * h_t) * dh_t


@correct("grad_a")
def _(dh_t, h_t):
    return np.diag(1 - h_t**2) @ dh_t


@correct("grad_a")
def _(dh_t, h_t):
    return [d * (1 - h) * (1 + h) for d, h in zip(dh_t, h_t)]


@correct("grad_a")
def _(dh_t, h_t):
    return dh_t / np.cosh(np.arctanh(h_t)) ** 2


@correct("grad_a")
def _(dh_t, h_t):
    return np.multiply(dh_t, 1.0 - np.square(h_t))


@correct("grad_Wxh_Whh_bh")
def _(da, h_prev, inputs, V):
    x = np.eye(V)[inputs]
    return da.T @ x, da.T @ h_prev, da.sum(axis=0)


@correct("grad_Wxh_Whh_bh")
def _(da, h_prev, inputs, V):
    H = da.shape[1]
    dWxh, dWhh, dbh = np.zeros((H, V)), np.zeros((H, H)), np.zeros(H)
    for t in range(len(inputs)):
        dWxh[:, inputs[t]] += da[t]
        dWhh += np.outer(da[t], h_prev[t])
        dbh += da[t]
    return dWxh, dWhh, dbh


@correct("grad_Wxh_Whh_bh")
def _(da, h_prev, inputs, V):
    dWxh_T = np.zeros((V, da.shape[1]))
    np.add.at(dWxh_T, inputs, da)
    return dWxh_T.T, np.einsum("ti,tj->ij", da, h_prev), np.sum(da, 0)


@correct("grad_Wxh_Whh_bh")
def _(da, h_prev, inputs, V):
    columns = [da[inputs == k].sum(axis=0) for k in range(V)]
    dWhh = sum(np.multiply.outer(a, b) for a, b in zip(da, h_prev))
    return np.array(columns).T, dWhh, sum(da)


@correct("grad_Wxh_Whh_bh")
def _(da, h_prev, inputs, V):
    T, H = da.shape
    dWxh = [[0.0] * V for _ in range(H)]
    for t in range(T):
        for i in range(H):
            dWxh[i][inputs[t]] += da[t, i]
    return dWxh, np.dot(da.T, h_prev), list(da.T.sum(axis=1))


@correct("rnn_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    T, V = p.shape
    dy = p.copy()
    dy[np.arange(T), targets] -= 1
    da = np.zeros_like(h)
    da_next = np.zeros(h.shape[1])
    for t in reversed(range(T)):
        dh = Why.T @ dy[t] + Whh.T @ da_next
        da[t] = (1 - h[t] * h[t]) * dh
        da_next = da[t]
    x = np.eye(V)[inputs]
    return {
        "dWxh": da.T @ x,
        "dWhh": da.T @ h_prev,
        "dWhy": dy.T @ h,
        "dbh": da.sum(axis=0),
        "dby": dy.sum(axis=0),
    }


@correct("rnn_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros(Whh.shape[0]), np.zeros(Why.shape[0])
    dhnext = np.zeros_like(dbh)
    for t in range(len(inputs) - 1, -1, -1):
        dy = np.copy(p[t])
        dy[targets[t]] -= 1
        dWhy += np.outer(dy, h[t])
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - h[t] ** 2) * dh
        dbh += dhraw
        dWxh[:, inputs[t]] += dhraw
        dWhh += np.outer(dhraw, h_prev[t])
        dhnext = np.dot(Whh.T, dhraw)
    return dict(dWxh=dWxh, dWhh=dWhh, dWhy=dWhy, dbh=dbh, dby=dby)


@correct("rnn_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    H, V, T = Whh.shape[0], Why.shape[0], len(inputs)
    e = (np.arange(V) == targets[:, None]).astype(float)
    dy = p - e
    from_output = dy @ Why
    slope = 1 - h**2
    das = [slope[T - 1] * from_output[T - 1]]
    for t in range(T - 2, -1, -1):
        das.insert(0, slope[t] * (from_output[t] + das[0] @ Whh))
    da = np.array(das)
    dWxh = np.zeros((V, H))
    np.add.at(dWxh, inputs, da)
    grads = {"dbh": da.sum(0), "dby": dy.sum(0), "dWxh": dWxh.T}
    grads["dWhh"] = np.einsum("ti,tj->ij", da, h_prev)
    grads["dWhy"] = np.einsum("tv,th->vh", dy, h)
    grads["dh_init"] = da[0] @ Whh
    return grads


@correct("rnn_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    def later(t, arriving):
        """All da from step t on, given a list that grows towards the front."""
        dy = p[t] - np.eye(len(Why))[targets[t]]
        da = np.diag(1 - h[t] ** 2) @ (Why.T @ dy + arriving)
        below = later(t - 1, Whh.T @ da) if t > 0 else []
        return below + [(dy, da)]

    steps = later(len(inputs) - 1, 0)
    dy, da = (np.array(each) for each in zip(*steps))
    one_hot = np.zeros((len(inputs), Wxh.shape[1]), dtype=int)
    one_hot[range(len(inputs)), inputs] = 1
    blocks = da.T @ one_hot, da.T @ h_prev, dy.T @ h, da.sum(0), dy.sum(0)
    return dict(zip(["dWxh", "dWhh", "dWhy", "dbh", "dby"], blocks))


@correct("numerical_gradient")
def _(f, theta):
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = 1e-5
        grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    return grad


@correct("numerical_gradient")
def _(f, theta):
    eps = 1e-6
    grad = np.empty(theta.shape)
    it = np.nditer(theta, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        old = theta[i]
        theta[i] = old + eps
        plus = f(theta)
        theta[i] = old - eps
        minus = f(theta)
        theta[i] = old
        grad[i] = (plus - minus) / (2 * eps)
        it.iternext()
    return grad


@correct("numerical_gradient")
def _(f, theta, eps=1e-4):
    grad = []
    for i in range(theta.size):
        theta.flat[i] += eps
        up = f(theta)
        theta.flat[i] -= 2 * eps
        down = f(theta)
        theta.flat[i] += eps  # back, to rounding
        grad.append((up - down) / eps / 2)
    return np.reshape(grad, theta.shape)


@correct("numerical_gradient")
def _(f, theta):
    def slope(i, eps):
        up, down = theta.copy().ravel(), theta.copy().ravel()
        up[i] += eps
        down[i] -= eps
        shape = theta.shape
        return (f(up.reshape(shape)) - f(down.reshape(shape))) / (up[i] - down[i])

    eps = 1e-4
    richer = [(4 * slope(i, eps) - slope(i, 2 * eps)) / 3 for i in range(theta.size)]
    return np.array(richer).reshape(theta.shape)


@correct("numerical_gradient")
def _(f, theta):
    units = np.eye(theta.size).reshape(-1, *theta.shape)
    moved = [(f(theta + 1e-7 * e), f(theta - 1e-7 * e)) for e in units]
    return np.array([(a - b) / 2e-7 for a, b in moved]).reshape(theta.shape)


@correct("numerical_gradient")
def _(f, theta):
    grad = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        z = theta.astype(complex)
        z[i] += 1e-20j
        grad[i] = f(z).imag / 1e-20
    return grad


@correct("relative_error")
def _(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-12)


@correct("relative_error")
def _(a, b):
    def size(z):
        return math.sqrt(sum(float(v) ** 2 for v in np.ravel(z)))

    largest = max([size(a), size(b), 1e-12])
    return size(np.subtract(a, b)) / largest


@correct("relative_error")
def _(a, b):
    difference = np.sqrt(np.sum((a - b) ** 2))
    scale = np.maximum(np.sqrt(np.sum(a**2)), np.sqrt(np.sum(b**2)))
    if scale < 1e-12:
        scale = 1e-12
    return difference / scale


@correct("relative_error")
def _(a, b):
    a, b = a.flatten(), b.flatten()
    squares = [np.dot(a, a), np.dot(b, b), 1e-24]
    return float(((a - b) @ (a - b) / max(squares)) ** 0.5)


@correct("relative_error")
def _(a, b):
    return functools.reduce(np.hypot, (b - a).flat, 0.0) / np.clip(
        max(np.linalg.norm(a), np.linalg.norm(b)), 1e-12, None
    )


@correct("clip")
def _(grad, limit):
    np.clip(grad, -limit, limit, out=grad)


@correct("clip")
def _(grad, limit):
    grad[grad > limit] = limit
    grad[grad < -limit] = -limit
    return grad


@correct("clip")
def _(grad, limit):
    for i in np.ndindex(grad.shape):
        if grad[i] > limit:
            grad[i] = limit
        elif grad[i] < -limit:
            grad[i] = -limit


@correct("clip")
def _(grad, limit):
    grad[...] = np.minimum(np.maximum(grad, -limit), limit)
    print("clipped to", limit)


@correct("clip")
def _(grad, limit):
    flat = grad.reshape(-1)
    for i in range(flat.size):
        flat[i] = max(-limit, min(limit, flat[i]))


@correct("adagrad")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-8)


@correct("adagrad")
def _(param, grad, memory, lr):
    for i in np.ndindex(param.shape):
        memory[i] += grad[i] * grad[i]
        param[i] -= lr * grad[i] / math.sqrt(memory[i] + 1e-8)
    return param, memory


@correct("adagrad")
def _(param, grad, memory, lr):
    memory[...] = memory + np.square(grad)
    rate = lr * (memory + 1e-8) ** -0.5
    param[...] = param - rate * grad


@correct("adagrad")
def _(param, grad, memory, lr):
    np.add(memory, grad * grad, out=memory)
    np.subtract(param, np.divide(lr * grad, np.sqrt(1e-8 + memory)), out=param)


@correct("draw")
def _(p, u):
    sums = np.cumsum(p)
    sums[-1] = 1
    return np.argmax(sums > u)


@correct("draw")
def _(p, u):
    total = 0.0
    for k in range(len(p)):
        total += p[k]
        if total > u:
            return k
    return len(p) - 1


@correct("draw")
def _(p, u):
    return int(np.searchsorted(np.cumsum(p)[:-1], u, side="right"))


@correct("draw")
def _(p, u):
    return min(int((np.cumsum(p) <= u).sum()), p.size - 1)


@correct("draw")
def _(p, u):
    k = 0
    while u >= p[k] and k + 1 < len(p):
        u = u - p[k]
        k += 1
    return k


@correct("draw")
def _(p, u):
    above = np.flatnonzero(p.cumsum() > u)
    return above[0] if len(above) else len(p) - 1


@correct("smooth")
def _(losses, start, beta=0.999):
    values = []
    value = start
    for loss in losses:
        value = beta * value + (1 - beta) * loss
        values.append(value)
    return values


@correct("smooth")
def _(losses, start, beta=0.999):
    smoothed = [beta * start + (1 - beta) * losses[0]]
    for n in range(1, len(losses)):
        smoothed.append(smoothed[n - 1] * beta + losses[n] * (1 - beta))
    return smoothed


@correct("smooth")
def _(losses, start, beta=0.999):
    result = np.empty(len(losses))
    for n, loss in enumerate(losses):
        start += (1 - beta) * (loss - start)
        result[n] = start
    return result


@correct("smooth")
def _(losses, start, beta=0.999):
    return [
        beta ** (n + 1) * start
        + (1 - beta) * sum(beta ** (n - k) * losses[k] for k in range(n + 1))
        for n in range(len(losses))
    ]


@correct("smooth")
def _(losses, start, beta=0.999):
    def mix(old, new):
        return beta * old + (1 - beta) * new

    import itertools

    return list(itertools.accumulate(losses, mix, initial=start))[1:]


@correct("look_up")
def _(W, ids):
    H, n = W.shape[0], len(ids)
    columns = np.zeros((n, H))
    for t in range(n):
        columns[t] = W[:, ids[t]]
    return columns


@correct("look_up")
def _(W, ids):
    return W[:, ids].T


@correct("look_up")
def _(W, ids):
    return W.T[ids]


@correct("look_up")
def _(matrix, indices):
    return np.stack([matrix[:, k] for k in indices])


@correct("look_up")
def _(W, ids):
    return np.eye(W.shape[1])[ids] @ W.T


@correct("look_up")
def _(W, ids):
    return np.take(W, ids, axis=1).transpose()


@correct("look_up")
def _(W, ids):
    return [[row[k] for row in W] for k in ids]


@correct("look_up")
def _(W, ids):
    rows = []
    for k in ids:
        x = np.zeros(W.shape[1])
        x[k] = 1
        rows.append(W @ x)
    return rows


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    """In one go: that is what carrying the state comes to."""
    return rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by)


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, p, state = np.empty((len(inputs), len(bh))), 0, h_init
    while p < len(inputs):
        end = min(p + T, len(inputs))
        for t in range(p, end):
            state = h[t] = np.tanh(Wxh.T[inputs[t]] + state @ Whh.T + bh)
        p = end
    return h, h @ Why.T + by


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    if len(inputs) == 0:
        return np.zeros((0, len(bh))), np.zeros((0, len(by)))
    weights = Wxh, Whh, Why, bh, by
    h, y = rnn_forward(inputs[:T], h_init, *weights)
    rest = inputs[T:]
    for start in range(0, len(rest), T):
        more_h, more_y = rnn_forward(rest[start : start + T], h[-1], *weights)
        h, y = np.concatenate([h, more_h]), np.concatenate([y, more_y])
    return h, y


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    x, states = np.eye(Wxh.shape[1])[inputs], []
    for chunk in np.array_split(x, range(T, len(x), T)):
        for row in chunk:
            before = states[-1] if states else h_init
            states.append(rnn_step(row, before, Wxh, Whh, bh))
    return np.array(states), [Why @ state + by for state in states]


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    def read(left, state):
        if not len(left):
            return [], []
        h, y = rnn_forward(left[:T], state, Wxh, Whh, Why, bh, by)
        more_h, more_y = read(left[T:], h[-1])
        return list(h) + more_h, list(y) + more_y

    return read(list(inputs), h_init)


@correct("run_in_chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, y = [], []
    for start in range(0, len(inputs), T):
        states, logits = rnn_forward(
            inputs[start : start + T], h[-1] if h else h_init, Wxh, Whh, Why, bh, by
        )
        h.extend(states)
        y.extend(logits)
    return np.array(h), np.array(y)


@correct("push")
def _(W, inputs, targets, lr):
    before = W.copy()
    for t in range(len(inputs)):
        y = before[:, inputs[t]]
        p = np.exp(y - y.max())
        p = p / p.sum()
        p[targets[t]] -= 1
        W[:, inputs[t]] -= lr * p


@correct("push")
def _(W, inputs, targets, lr):
    dy = grad_y(softmax(W[:, inputs].T), targets)
    np.subtract.at(W.T, inputs, lr * dy)


@correct("push")
def _(W, inputs, targets, lr):
    V = len(W)
    x, e = np.eye(V)[inputs], np.eye(V)[targets]
    W -= lr * (softmax(x @ W.T) - e).T @ x
    return W


@correct("push")
def _(W, inputs, targets, lr):
    P = softmax(W.T).T
    counts = np.zeros(W.shape)
    for k, i in zip(inputs, targets):
        counts[i, k] += 1
    W[:] = W - lr * (P * counts.sum(axis=0) - counts)


@correct("push")
def _(W, inputs, targets, lr):
    slopes = np.zeros_like(W)
    for k, target in zip(inputs, targets):
        slopes[:, k] += softmax(W[:, k])
        slopes[target, k] -= 1
    W += -lr * slopes


@correct("push")
def _(W, inputs, targets, lr):
    pushes = []
    for k, i in zip(inputs, targets):
        e = np.exp(W[:, k] - np.max(W[:, k]))
        pushes.append([lr * (v / sum(e) - (j == i)) for j, v in enumerate(e)])
    for k, column in zip(inputs, pushes):
        for j in range(len(W)):
            W[j, k] = W[j, k] - column[j]


@correct("push")
def _(W, inputs, targets, lr):
    new = W.copy()
    for k in set(inputs.tolist()):
        here = targets[inputs == k]
        e = np.bincount(here, minlength=len(W))
        new[:, k] += lr * (e - len(here) * softmax(W[:, k]))
    np.copyto(W, new)


@correct("train")
def _(ids, params, T, steps, lr, limit):
    chunks = make_chunks(ids, T)
    memory = {name: np.zeros_like(params[name]) for name in params}
    losses = []
    for n in range(steps):
        place = n % len(chunks)
        if place == 0:
            h_init = np.zeros(params["Whh"].shape[0])
        inputs, targets = chunks[place]
        h, y = rnn_forward(inputs, h_init, **params)
        p = softmax(y)
        losses.append(nll(p, targets))
        h_prev = np.vstack([h_init, h[:-1]])
        Wxh, Whh, Why = params["Wxh"], params["Whh"], params["Why"]
        grads = rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
        for name in params:
            grad = grads["d" + name]
            clip(grad, limit)
            adagrad(params[name], grad, memory[name], lr)
        h_init = h[-1]
    return losses


@correct("train")
def _(ids, params, T, steps, lr, limit):
    """As the gist goes through the text, with one character's more care at its end."""
    Wxh, Whh, Why, bh, by = (params[k] for k in ("Wxh", "Whh", "Why", "bh", "by"))
    blocks = [Wxh, Whh, Why, bh, by]
    memories = [np.zeros_like(block) for block in blocks]
    n, p, losses = 0, 0, []
    while n < steps:
        if p + T + 1 > len(ids) or n == 0:
            hprev, p = np.zeros(len(bh)), 0
        inputs, targets = ids[p : p + T], ids[p + 1 : p + T + 1]
        hs, ps, loss = {-1: np.copy(hprev)}, {}, 0.0
        for t in range(T):
            hs[t] = np.tanh(Wxh[:, inputs[t]] + Whh @ hs[t - 1] + bh)
            y = Why @ hs[t] + by
            ps[t] = np.exp(y) / np.exp(y).sum()
            loss += -np.log(ps[t][targets[t]])
        grads = [np.zeros_like(block) for block in blocks]
        dhnext = np.zeros_like(bh)
        for t in reversed(range(T)):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            draw_back = (1 - hs[t] ** 2) * (Why.T @ dy + dhnext)
            grads[0][:, inputs[t]] += draw_back
            grads[1] += np.outer(draw_back, hs[t - 1])
            grads[2] += np.outer(dy, hs[t])
            grads[3] += draw_back
            grads[4] += dy
            dhnext = Whh.T @ draw_back
        for block, grad, memory in zip(blocks, grads, memories):
            np.clip(grad, -limit, limit, out=grad)
            memory += grad * grad
            block += -lr * grad / np.sqrt(memory + 1e-8)
        losses.append(loss)
        hprev, p, n = hs[T - 1], p + T, n + 1
    return losses


@correct("train")
def _(ids, params, T, steps, lr, limit):
    """The blocks in the dict replaced by new ones; one flat memory."""
    losses, memory = [], 0
    while True:
        state = np.zeros_like(params["bh"])
        for inputs, targets in make_chunks(ids, T):
            if len(losses) == steps:
                return losses
            h, y = rnn_forward(inputs, state, **params)
            before = np.array([state, *h[:-1]])
            weights = [params[k] for k in ("Wxh", "Whh", "Why")]
            grads = rnn_backward(inputs, targets, h, before, softmax(y), *weights)
            g = np.concatenate([grads["d" + k].ravel() for k in params])
            g = np.maximum(-limit, np.minimum(limit, g))
            memory = memory + g**2
            move, at = lr * g / (memory + 1e-8) ** 0.5, 0
            for k, block in params.items():
                part = move[at : at + block.size].reshape(block.shape)
                params[k], at = block - part, at + block.size
            losses.append(float(nll(softmax(y), targets)))
            state = h[-1]


@correct("train")
def _(ids, params, T, steps, lr, limit):
    import itertools

    memory = dict.fromkeys(params, 1e-8)  # eps is in from the start
    losses, h = np.zeros(steps), []
    numbered = itertools.cycle(enumerate(make_chunks(ids, T)))
    for n, (k, (inputs, targets)) in enumerate(itertools.islice(numbered, steps)):
        state = np.zeros(len(params["bh"])) if k == 0 else h[-1]
        h, y = rnn_forward(inputs, state, **params)
        losses[n] = nll(softmax(y), targets)
        grads = rnn_backward(
            inputs,
            targets,
            h,
            np.vstack([state, h])[:-1],
            softmax(y),
            params["Wxh"],
            params["Whh"],
            params["Why"],
        )
        for name in params:
            g = np.clip(grads["d" + name], -limit, limit)
            memory[name] = memory[name] + g * g
            params[name][...] -= lr * g / np.sqrt(memory[name])
    return losses


@correct("train")
def _(ids, params, T, steps, lr, limit):
    def one_step(inputs, targets, state):
        h, y = rnn_forward(inputs, state, **params)
        p = softmax(y)
        h_prev = np.vstack([state, h[:-1]])
        weights = {k: block for k, block in params.items() if k[0] == "W"}
        grads = rnn_backward(inputs, targets, h, h_prev, p, **weights)
        for k in params:
            clip(grads["d" + k], limit)
            adagrad(params[k], grads["d" + k], memory[k], lr)
        return nll(p, targets), h[-1]

    memory = {k: 0 * block for k, block in params.items()}
    losses, position = [], len(ids)
    for _ in range(steps):
        if position + T >= len(ids):
            position, state = 0, np.zeros(len(params["Whh"]))
        inputs = ids[position : position + T]
        targets = ids[position + 1 : position + 1 + T]
        loss, state = one_step(inputs, targets, state)
        losses += [loss]
        position += T
    return losses


@correct("train")
def _(ids, params, T, steps, lr, limit):
    """A pass over the text after the other, the last one cut short."""
    chunks, losses = make_chunks(ids, T), []
    memory = [np.zeros(block.shape) for block in params.values()]
    passes, rest = divmod(steps, len(chunks))
    for some in [chunks] * passes + [chunks[:rest]]:
        h = np.zeros((1, len(params["bh"])))
        for inputs, targets in some:
            h_init = h[-1]
            h, y = rnn_forward(inputs, h_init, **params)
            losses.append(nll(softmax(y), targets))
            h_prev = np.concatenate([h_init[None], h[:-1]])
            grads = rnn_backward(
                inputs, targets, h, h_prev, softmax(y), *list(params.values())[:3]
            )
            for (name, block), m in zip(params.items(), memory):
                grad = grads["d" + name]
                grad[grad > limit] = limit
                grad[grad < -limit] = -limit
                adagrad(block, grad, m, lr)
    return losses


@correct("generate")
def _(prompt, n, params, rng):
    h = np.zeros(len(params["bh"]))
    for k in prompt:
        h = np.tanh(params["Wxh"][:, k] + params["Whh"] @ h + params["bh"])
    ids = []
    for _ in range(n):
        y = params["Why"] @ h + params["by"]
        p = np.exp(y - y.max())
        p = p / p.sum()
        k = draw(p, rng.random())
        ids.append(k)
        h = np.tanh(params["Wxh"][:, k] + params["Whh"] @ h + params["bh"])
    return ids


@correct("generate")
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    ids = []
    for _ in range(n):
        ids.append(draw(softmax(y[-1]), rng.random()))
        h, y = rnn_forward([ids[-1]], h[-1], **params)
    return ids


@correct("generate")
def _(prompt, n, params, rng):
    """All but the last character first; then read and draw in turn."""
    state, k, drawn = np.zeros(len(params["Whh"])), prompt[-1], []
    for earlier in prompt[:-1]:
        state = rnn_forward([earlier], state, **params)[0][0]
    while len(drawn) < n:
        h, y = rnn_forward([k], state, **params)
        state = h[0]
        k = draw(softmax(y[0]), rng.random())
        drawn.append(k)
    return drawn


@correct("generate")
def _(prompt, n, params, rng):
    """The whole text again for each character, and all numbers in advance."""
    text = list(prompt)
    for u in rng.random(n):
        _, y = rnn_forward(text, np.zeros_like(params["bh"]), **params)
        text.append(draw(softmax(y)[-1], u))
    return text[len(prompt) :]


@correct("generate")
def _(prompt, n, params, rng):
    V, H = params["Why"].shape
    h, ids = np.zeros(H), np.zeros(n, dtype=int)
    h, y = rnn_forward(prompt, h, **params)
    for i in range(n):
        ids[i] = rng.choice(V, p=softmax(y[-1]))
        h, y = rnn_forward(ids[i : i + 1], h[-1], **params)
    return ids


@correct("generate")
def _(prompt, n, params, rng):
    Wxh, Whh, Why, bh, by = (params[k] for k in ("Wxh", "Whh", "Why", "bh", "by"))
    x, h, out = np.eye(len(by)), np.zeros(len(bh)), []
    for k in prompt:
        h = rnn_step(x[k], h, Wxh, Whh, bh)
    for _ in range(n):
        p = softmax(Why @ h + by)
        above = np.flatnonzero(np.cumsum(p) > rng.uniform())
        out.append(int(above[0]) if len(above) else len(p) - 1)
        h = rnn_step(x[out[-1]], h, Wxh, Whh, bh)
    return tuple(out)


@correct("output_in_rows")
def _(params, h, targets):
    dy = np.exp(h @ params.Why.T + params.by)
    dy /= dy.sum(axis=1, keepdims=True)
    of_target = np.arange(len(h)), targets
    loss = -np.log(dy[of_target]).sum()
    dy[of_target] -= 1
    return loss, dy


@correct("output_in_rows")
def _(params, h, targets):
    p = softmax(h @ params.Why.T + params.by)
    return nll(p, targets), grad_y(p, targets)


@correct("output_in_rows")
def _(params, h, targets):
    y = (params.Why @ h.T).T + params.by
    log_p = y - np.log(np.exp(y).sum(axis=1))[:, None]
    e = np.eye(len(params.by))[targets]
    return -(e * log_p).sum(), np.exp(log_p) - e


@correct("output_in_rows")
def _(params, h, targets):
    loss, dy = 0.0, []
    for t in range(len(h)):
        y = params.Why @ h[t] + params.by
        p = np.exp(y) / np.exp(y).sum()
        loss -= np.log(p[targets[t]])
        p[targets[t]] -= 1
        dy.append(p)
    return loss, np.array(dy)


@correct("output_in_rows")
def _(params, h, targets):
    y = np.einsum("th,vh->tv", h, params.Why)
    y += params.by
    y -= y.max(axis=-1, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=-1)[:, np.newaxis]
    losses = -np.log(np.take_along_axis(y, targets[:, None], axis=1))
    y[range(len(targets)), targets] -= 1.0
    return [float(losses.sum()), y]


@correct("output_in_rows")
def _(params, h, targets):
    rows = np.c_[h, np.ones(len(h))] @ np.c_[params.Why, params.by].T
    p = np.exp(rows.T)
    p = p / p.sum(axis=0)
    chosen = targets == np.arange(len(p))[:, None]
    return np.log(1 / p.T[chosen.T]).sum(), (p - chosen).T


@correct("backward_lean")
def _(params, h, dy):
    slope = 1 - h * h
    da = dy @ params.Why
    da_next = np.zeros_like(da[0])
    for da_t, slope_t in zip(da[::-1], slope[::-1]):
        da_t += da_next.dot(params.Whh)
        da_t *= slope_t
        da_next = da_t
    return da


@correct("backward_lean")
def _(params, h, dy):
    da = (1 - h**2) * (dy @ params.Why)
    for t in range(len(h) - 2, -1, -1):
        da[t] += (1 - h[t] ** 2) * (params.Whh.T @ da[t + 1])
    return da


@correct("backward_lean")
def _(params, h, dy):
    da, da_next = np.zeros_like(h), np.zeros(h.shape[1])
    for t in reversed(range(len(h))):
        da_next = grad_a(grad_h(dy[t], da_next, params.Why, params.Whh), h[t])
        da[t] = da_next
    return da


@correct("backward_lean")
def _(params, h, dy):
    from_output, slopes = np.dot(dy, params.Why), (1 + h) * (1 - h)
    rows = [slopes[-1] * from_output[-1]]
    for part, slope in zip(from_output[-2::-1], slopes[-2::-1]):
        rows.append(slope * (part + rows[-1] @ params.Whh))
    return rows[::-1]


@correct("backward_lean")
def _(params, h, dy):
    """All rows at once, once for each step: slow, and right."""
    da = np.zeros((len(h) + 1, h.shape[1]))
    for _ in range(len(h)):
        da[:-1] = (1 - h * h) * (dy @ params.Why + da[1:] @ params.Whh)
    return da[:-1]


@correct("backward_lean")
def _(params, h, dy):
    """As one system of equations: each row minus its share of the next is known."""
    T, H = h.shape
    slope = (1 - np.square(h)).reshape(-1)
    way = np.kron(np.eye(T, k=1), params.Whh.T)
    known = slope * (dy @ params.Why).ravel()
    return np.linalg.solve(np.eye(T * H) - slope[:, None] * way, known).reshape(T, H)


@correct("path_jacobian")
def _(h, Whh):
    J = np.eye(Whh.shape[0])
    for h_t in h:
        J = np.diag(1 - h_t**2) @ Whh @ J
    return J


@correct("path_jacobian")
def _(h, Whh):
    return np.linalg.multi_dot([np.eye(len(Whh)), *steps_of(h, Whh)[::-1]])


@correct("path_jacobian")
def _(h, Whh):
    """From the newest state back, the factors put on the right."""
    J = np.eye(len(Whh))
    for h_t in reversed(h):
        J = J @ ((1 - h_t * h_t).reshape(-1, 1) * Whh)
    return J


@correct("path_jacobian")
def _(h, Whh):
    return functools.reduce(lambda J, step: step @ J, steps_of(h, Whh))


@correct("path_jacobian")
def _(h, Whh):
    """Column by column: a push of one unit runs forward."""
    columns = []
    for push in np.eye(len(Whh)):
        for h_t in h:
            push = (1 - h_t) * (1 + h_t) * Whh.dot(push)
        columns.append(push)
    return np.array(columns).T


@correct("path_jacobian")
def _(h, Whh):
    """Written out, entry by entry, as lists."""
    H = len(Whh)
    J = [[float(i == j) for j in range(H)] for i in range(H)]
    for h_t in h:
        J = [
            [
                (1 - h_t[i] ** 2) * sum(Whh[i, k] * J[k][j] for k in range(H))
                for j in range(H)
            ]
            for i in range(H)
        ]
    return J


def steps_of(h, Whh):
    """The factor of each step, the oldest first."""
    return [np.einsum("i,ij->ij", 1 - h_t * h_t, Whh) for h_t in h]


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    H, V = Wxh.shape
    T = len(inputs)
    dy = p.copy()
    dy[np.arange(T), targets] -= 1
    da = np.zeros((T, H))
    for t in reversed(range(T)):
        dh_t = Why.T @ dy[t] + dh_next
        da[t] = (1 - h[t] * h[t]) * dh_t
        dh_next = Whh.T @ da[t]
    x = np.eye(V)[inputs]
    return {
        "dWxh": da.T @ x,
        "dWhh": da.T @ h_prev,
        "dWhy": dy.T @ h,
        "dbh": da.sum(axis=0),
        "dby": dy.sum(axis=0),
        "dh_init": dh_next,
    }


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    """The block of dh first, with dh_next in its last row."""
    dy = grad_y(p, targets)
    dh = dy @ Why
    dh[-1] += dh_next
    da = np.empty_like(dh)
    for t in range(len(h) - 1, -1, -1):
        da[t] = (1 - h[t] ** 2) * dh[t]
        if t > 0:
            dh[t - 1] += Whh.T @ da[t]
    grads = summed_up(dy, da, h, h_prev, inputs, Wxh.shape[1])
    grads["dh_init"] = da[0] @ Whh
    return grads


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    """The cut gradient, and what dh_next adds to it: both are linear in dh."""
    grads = rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
    dy = grad_y(p, targets)
    da, from_behind = np.zeros_like(h), np.zeros_like(h)
    cut, d = np.zeros(len(Whh)), np.array(dh_next, dtype=float)
    for t in reversed(range(len(h))):
        da[t] = grad_a(grad_h(dy[t], cut, Why, Whh), h[t])
        cut = da[t]
        from_behind[t] = grad_a(d, h[t])
        d = Whh.T @ from_behind[t]
    grads["dWhh"] = grads["dWhh"] + from_behind.T @ h_prev
    grads["dWxh"] = grads["dWxh"] + from_behind.T @ np.eye(Wxh.shape[1])[inputs]
    grads["dbh"] = grads["dbh"] + from_behind.sum(0)
    return {**grads, "dh_init": Whh.T @ cut + d}


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    """Sums in the loop, in the manner of the gist."""
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros(len(Whh)), np.zeros(len(Why))
    dhnext = dh_next
    for t in reversed(range(len(inputs))):
        dy = np.copy(p[t])
        dy[targets[t]] -= 1
        dWhy += np.outer(dy, h[t])
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - h[t] * h[t]) * dh
        dbh += dhraw
        dWxh[:, inputs[t]] += dhraw
        dWhh += np.outer(dhraw, h_prev[t])
        dhnext = np.dot(Whh.T, dhraw)
    names = "dWxh", "dWhh", "dWhy", "dbh", "dby", "dh_init"
    return dict(zip(names, (dWxh, dWhh, dWhy, dbh, dby, dhnext)))


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    """One system of equations for all of da."""
    T, H = h.shape
    dy = grad_y(p, targets)
    dh = dy @ Why
    dh[-1] = dh[-1] + dh_next
    slope = (1 - h * h).ravel()
    way = np.kron(np.eye(T, k=1), Whh.T)
    da = np.linalg.solve(np.eye(T * H) - slope[:, None] * way, slope * dh.ravel())
    da = da.reshape(T, H)
    grads = summed_up(dy, da, h, h_prev, inputs, Wxh.shape[1])
    return grads | {"dh_init": np.matmul(Whh.T, da[0])}


@correct("chunk_backward")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    """By recursion on the chunk: its last step, then all before it."""
    dy = p[-1] - np.eye(len(Why))[targets[-1]]
    da = (1 - h[-1] ** 2) * (Why.T @ dy + dh_next)
    now = {"dWxh": np.outer(da, np.eye(Wxh.shape[1])[inputs[-1]])}
    now |= {"dWhh": np.outer(da, h_prev[-1]), "dWhy": np.outer(dy, h[-1])}
    now |= {"dbh": da, "dby": dy, "dh_init": Whh.T @ da}

    def rest(inputs, targets, h, h_prev, p, dh_next):
        if len(inputs) == 0:
            return {}
        dy = p[-1] - np.eye(len(Why))[targets[-1]]
        da = (1 - h[-1] ** 2) * (Why.T @ dy + dh_next)
        more = rest(inputs[:-1], targets[:-1], h[:-1], h_prev[:-1], p[:-1], Whh.T @ da)
        here = {"dWxh": np.outer(da, np.eye(Wxh.shape[1])[inputs[-1]])}
        here |= {"dWhh": np.outer(da, h_prev[-1]), "dWhy": np.outer(dy, h[-1])}
        here |= {"dbh": da, "dby": dy}
        total = {name: here[name] + more.get(name, 0) for name in here}
        return total | {"dh_init": more.get("dh_init", Whh.T @ da)}

    before = rest(inputs[:-1], targets[:-1], h[:-1], h_prev[:-1], p[:-1], Whh.T @ da)
    return {
        name: before.get(name, now[name])
        if name == "dh_init"
        else now[name] + before.get(name, 0)
        for name in now
    }


def summed_up(dy, da, h, h_prev, inputs, V):
    """The five blocks of these dy and da."""
    grads = {"dWxh": da.T @ np.eye(V)[inputs], "dWhh": np.dot(da.T, h_prev)}
    grads |= {"dWhy": dy.T @ h, "dbh": da.sum(axis=0), "dby": dy.sum(axis=0)}
    return grads


@correct("shorten")
def _(grad, limit):
    norm = np.linalg.norm(grad)
    if norm > limit:
        grad *= limit / norm


@correct("shorten")
def _(grad, limit):
    length = np.sqrt((grad**2).sum())
    grad[...] = grad * limit / max(length, limit)
    return grad


@correct("shorten")
def _(grad, limit):
    grad /= max(1, np.linalg.norm(grad) / limit)


@correct("shorten")
def _(grad, limit):
    flat = grad.reshape(-1)
    total = 0
    for entry in flat:
        total += entry * entry
    if total > limit * limit:
        for i in range(len(flat)):
            flat[i] *= limit / total**0.5


@correct("shorten")
def _(grad, limit):
    flat = grad.ravel()
    norm = np.sqrt(flat @ flat)
    if norm <= limit:
        return
    np.multiply(grad, limit / norm, out=grad)


@correct("shorten")
def _(grad, limit):
    norm = float(np.hypot.reduce(np.ravel(grad)))
    print("length", norm)
    grad *= 1.0 if norm < limit else limit / norm


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    T, H = h.shape
    q = np.zeros((T, H))
    before = np.zeros(H)
    for t in range(T):
        da = Whh @ before
        da[i] += h_prev[t, j]
        q[t] = (1 - h[t] ** 2) * da
        before = q[t]
    return q


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    u, rows, q = np.eye(len(Whh))[i], [], np.zeros(len(Whh))
    for h_t, before in zip(h, h_prev):
        q = (1 - h_t * h_t) * (Whh.dot(q) + u * before[j])
        rows.append(q)
    return rows


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    """A block of T + 1 rows, as the states have it."""
    q = np.zeros((len(h) + 1, len(Whh)))
    for t in range(len(h)):
        q[t + 1] = Whh @ q[t]
        q[t + 1, i] += h_prev[t][j]
        q[t + 1] *= 1 - np.square(h[t])
    return q[1:]


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    """By paths: what the weight does at step s, sent on to every later step."""
    q = np.zeros(h.shape)
    for s in range(len(h)):
        push = np.zeros(len(Whh))
        push[i] = (1 - h[s, i] ** 2) * h_prev[s, j]
        q[s] += push
        for t in range(s + 1, len(h)):
            push = grad_a(Whh @ push, h[t])
            q[t] += push
    return q


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    """The first step stands alone, as h_{-1} does not depend on the weight."""
    q = np.zeros_like(h)
    q[0, i] = (1 - h[0, i] ** 2) * h_prev[0, j]
    for t in range(1, len(h)):
        which = np.zeros_like(Whh)
        which[i, j] = 1
        q[t] = (1 - h[t] ** 2) * (which @ h_prev[t] + Whh @ q[t - 1])
    return q


@correct("sensitivity")
def _(h, h_prev, Whh, i, j):
    """As one system of equations."""
    T, H = h.shape
    own = np.zeros((T, H))
    own[:, i] = h_prev[:, j]
    slope = (1 - h * h).reshape(-1)
    way = np.kron(np.eye(T, k=-1), Whh)
    return np.linalg.solve(
        np.eye(T * H) - slope[:, None] * way, slope * own.ravel()
    ).reshape(T, H)


@correct("adam")
def _(param, grad, m, v, n, lr):
    m[:] = 0.9 * m + 0.1 * grad
    v[:] = 0.999 * v + 0.001 * grad**2
    m_hat = m / (1 - 0.9**n)
    v_hat = v / (1 - 0.999**n)
    param -= lr * m_hat / (np.sqrt(v_hat) + 1e-8)


@correct("adam")
def _(param, grad, m, v, n, lr):
    m *= 0.9
    m += (1 - 0.9) * grad
    v *= 0.999
    v += (1 - 0.999) * grad * grad
    root = np.sqrt(v) / np.sqrt(1 - 0.999**n)
    param -= lr / (1 - 0.9**n) * m / (root + 1e-8)


@correct("adam")
def _(param, grad, m, v, n, lr):
    beta1, beta2, eps = 0.9, 0.999, 1e-8
    for i in np.ndindex(param.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * grad[i]
        v[i] = beta2 * v[i] + (1 - beta2) * grad[i] ** 2
        first = m[i] / (1 - beta1**n)
        second = v[i] / (1 - beta2**n)
        param[i] -= lr * first / (math.sqrt(second) + eps)
    return param


@correct("adam")
def _(param, grad, m, v, n, lr):
    m += 0.1 * (grad - m)
    v += 0.001 * (np.square(grad) - v)
    step = np.divide(m, 1 - np.power(0.9, n))
    step /= (v / (1 - np.power(0.999, n))) ** 0.5 + 1e-8
    np.subtract(param, lr * step, out=param)


@correct("adam")
def _(w, g, mean, square, count, rate):
    mean[...] = np.average([mean, g], axis=0, weights=[9, 1])
    square[...] = np.average([square, g * g], axis=0, weights=[999, 1])
    corrected = [x / (1 - b**count) for x, b in ((mean, 0.9), (square, 0.999))]
    w[...] = w - rate * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
    return w, mean, square


@correct("adam")
def _(param, grad, m, v, n, lr):
    for memory, new, beta in ((m, grad, 0.9), (v, grad * grad, 0.999)):
        np.multiply(memory, beta, out=memory)
        np.add(memory, new - beta * new, out=memory)
    print(n, m, v)
    param += -lr * m / (1 - 0.9**n) / (1e-8 + np.sqrt(v / (1 - 0.999**n)))


@correct("cosine")
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * n / steps)) / 2


@correct("cosine")
def _(n, steps, lr):
    return 0.5 * lr * (math.cos(math.pi * (n / steps)) + 1)


@correct("cosine")
def _(n, steps, lr):
    angle = np.pi * (n / steps)
    return lr * np.cos(angle / 2) ** 2


@correct("cosine")
def _(n, steps, lr):
    share = np.float64(n) / steps
    return np.array(lr * (1 - np.sin(np.pi * share / 2) ** 2))


@correct("cosine")
def _(step, total, top):
    half = top / 2
    return half + half * np.cos(np.deg2rad(180 * step / total))


@correct("cosine")
def _(n, steps, lr):
    wave = np.exp(1j * np.pi * n / steps)
    print(wave)
    return float(lr * (1 + wave.real) / 2)


@correct("stop_at")
def _(losses, patience):
    best = waited = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best, waited = k, 0
        else:
            waited += 1
            if waited >= patience:
                return best
    return best


@correct("stop_at")
def _(losses, patience):
    lowest, place, waiting = float("inf"), None, 0
    for k, loss in enumerate(losses):
        if loss < lowest:
            lowest, place, waiting = loss, k, 0
        else:
            waiting = waiting + 1
        if waiting == patience:
            break
    return place


@correct("stop_at")
def _(losses, patience):
    best = 0
    while True:
        window = losses[best + 1 : best + 1 + patience]
        better = [loss < losses[best] for loss in window]
        if True not in better:
            return best
        best += 1 + better.index(True)


@correct("stop_at")
def _(losses, patience):
    losses = np.asarray(losses)
    for end in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:end]))
        if end - 1 - best >= patience:
            return best
    return np.argmin(losses)


@correct("stop_at")
def _(values, wait):
    lows = np.minimum.accumulate(values)
    places = [list(values).index(low) for low in lows]
    for now, place in enumerate(places):
        if now - place == wait:
            print("stopped at", now)
            return place
    return places[-1]


@correct("stop_at")
def _(losses, patience):
    def go(best, k):
        if k == len(losses) or k - best > patience:
            return best
        return go(k if losses[k] < losses[best] else best, k + 1)

    return go(0, 1)


# Notebook 10.


@correct("surprise")
def _(p, targets):
    return -np.log2(p[np.arange(len(targets)), targets])


@correct("surprise")
def _(p, targets):
    return [-math.log2(row[k]) for row, k in zip(p, targets)]


@correct("surprise")
def _(p, targets):
    chosen = np.take_along_axis(p, targets[:, None], axis=1)[:, 0]
    return np.log(chosen) / -np.log(2)


@correct("surprise")
def _(p, targets):
    bits = np.empty(len(targets))
    for t in range(len(targets)):
        bits[t] = np.log2(1 / p[t, targets[t]])
    return bits


@correct("surprise")
def _(prob, next_ones):
    mask = np.eye(prob.shape[1])[next_ones]
    return -np.log2(np.sum(prob * mask, axis=1))


@correct("surprise")
def _(p, targets):
    steps = range(p.shape[0])
    print(p.shape)
    return np.array([nll(p[t : t + 1], targets[t : t + 1]) for t in steps]) / np.log(2)


@correct("correlate")
def _(h, feature):
    a, b = h - h.mean(axis=0), feature - np.mean(feature)
    return a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum())


@correct("correlate")
def _(h, feature):
    return np.array([np.corrcoef(unit, feature)[0, 1] for unit in h.T])


@correct("correlate")
def _(h, feature):
    units = (h - h.mean(0)) / h.std(0)
    seen = (feature - feature.mean()) / feature.std()
    return (units * seen[:, None]).mean(0)


@correct("correlate")
def _(h, feature):
    table = np.cov(np.hstack([h, np.asarray(feature, float)[:, None]]), rowvar=False)
    size = np.sqrt(np.diag(table))
    return table[:-1, -1] / (size[:-1] * size[-1])


@correct("correlate")
def _(states, f):
    out = []
    for i in range(states.shape[1]):
        a = states[:, i] - np.average(states[:, i])
        b = np.array(f, dtype=float)
        b -= b.mean()
        out.append(a.dot(b) / (math.sqrt(a.dot(a)) * math.sqrt(b.dot(b))))
    return out


@correct("correlate")
def _(h, feature):
    a = h - np.mean(h, 0, keepdims=True)
    b = feature * 1.0 - sum(feature) / len(feature)
    a = a / np.linalg.norm(a, axis=0)
    print(a.shape, b.shape)
    return b / np.linalg.norm(b) @ a


@correct("beyond_input")
def _(h, inputs):
    rest = h.copy()
    for k in set(inputs.tolist()):
        rest[inputs == k] -= h[inputs == k].mean(axis=0)
    return rest


@correct("beyond_input")
def _(h, inputs):
    return np.array([h_t - h[inputs == k].mean(0) for h_t, k in zip(h, inputs)])


@correct("beyond_input")
def _(h, inputs):
    x = np.eye(inputs.max() + 1)[inputs]
    means = x.T @ h / np.maximum(x.sum(0), 1)[:, None]
    return h - means[inputs]


@correct("beyond_input")
def _(h, inputs):
    kinds, where, counts = np.unique(inputs, return_inverse=True, return_counts=True)
    sums = np.zeros((len(kinds), h.shape[1]))
    np.add.at(sums, where, h)
    return h - (sums / counts[:, None])[where]


@correct("beyond_input")
def _(states, read):
    sums, counts = {}, {}
    for row, k in zip(states, read):
        sums[k] = sums.get(k, 0) + row
        counts[k] = counts.get(k, 0) + 1
    return [row - sums[k] / counts[k] for row, k in zip(states, read)]


@correct("beyond_input")
def _(h, inputs):
    out = np.zeros(h.shape)
    for k in np.unique(inputs):
        (places,) = np.nonzero(inputs == k)
        out[places] = h[places] - np.mean(h[places], axis=0, keepdims=True)
    print(out.shape)
    return out


@correct("influence")
def _(dy_t, h, Wxh, Whh, Why):
    sizes, dh = np.zeros(len(h)), Why.T @ dy_t
    for t in reversed(range(len(h))):
        da = (1 - h[t] ** 2) * dh
        sizes[t] = np.linalg.norm(Wxh.T @ da)
        dh = Whh.T @ da
    return sizes


@correct("influence")
def _(dy_t, h, Wxh, Whh, Why):
    out, way = [], dy_t @ Why
    for h_t in h[::-1]:
        way = way * (1 - h_t * h_t)
        out.append(math.sqrt(((way @ Wxh) ** 2).sum()))
        way = way @ Whh
    return out[::-1]


@correct("influence")
def _(dy_t, h, Wxh, Whh, Why):
    da = np.zeros((len(h) + 1, len(Whh)))
    for t in range(len(h) - 1, -1, -1):
        dh = Why.T.dot(dy_t) if t == len(h) - 1 else Whh.T.dot(da[t + 1])
        da[t] = np.diag(1 - h[t] ** 2).dot(dh)
    return np.linalg.norm(da[:-1] @ Wxh, axis=1)


@correct("influence")
def _(dy_t, h, Wxh, Whh, Why):
    da = grad_a(grad_h(dy_t, np.zeros(len(Whh)), Why, Whh), h[-1])
    sizes = [np.linalg.norm(Wxh.T @ da)]
    for h_t in reversed(h[:-1]):
        da = grad_a(Whh.T @ da, h_t)
        sizes.insert(0, np.linalg.norm(Wxh.T @ da))
    return sizes


@correct("influence")
def _(error, states, A, B, C):
    def go(t, dh):
        if t < 0:
            return []
        da = (1 - np.square(states[t])) * dh
        return [*go(t - 1, B.T @ da), np.sqrt(np.sum((A.T @ da) ** 2))]

    return np.array(go(len(states) - 1, C.T @ error))


@correct("influence")
def _(dy_t, h, Wxh, Whh, Why):
    J, sizes = Why.T @ dy_t, np.empty(len(h))
    for t in range(len(h))[::-1]:
        slope = (1 - h[t]) * (1 + h[t])
        column = np.einsum("ik,i,i->k", Wxh, slope, J)
        sizes[t] = np.hypot.reduce(column)
        J = np.einsum("ij,i,i->j", Whh, slope, J)
    print("done")
    return sizes


# Cells as students write them, with helpers, imports and decorators around.

# Notebook 12.


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    T, D = h_below.shape
    dx = np.zeros((T, D))
    da_below = np.zeros((T, D))
    later = np.zeros(D)
    for t in range(T - 1, -1, -1):
        dx[t] = Wxh.T @ da[t]
        da_below[t] = (1 - h_below[t] ** 2) * (dx[t] + later)
        later = Whh_below.T @ da_below[t]
    return dx, da_below


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    """All of dh first, the later part added where it belongs."""
    dx = np.dot(da, Wxh)
    dh = dx.copy()
    da_below = np.empty_like(dh)
    for t in reversed(range(len(dh))):
        da_below[t] = dh[t] - h_below[t] * h_below[t] * dh[t]
        if t:
            dh[t - 1] += da_below[t] @ Whh_below
    return dx, da_below


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    """With the functions of notebook 04: what comes from above takes the place of y."""
    dx = np.einsum("th,hd->td", da, Wxh)
    # Into an array: a list that a mutant puts into itself has no end for NumPy.
    da_next, da_below = np.zeros(len(Whh_below)), np.zeros_like(h_below)
    for t in range(len(da) - 1, -1, -1):
        da_next = grad_a(grad_h(da[t], da_next, Wxh, Whh_below), h_below[t])
        da_below[t] = da_next
    return dx, da_below


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    """Lists in place of arrays."""
    dx = [Wxh.T.dot(row) for row in da]
    da_below = [None] * len(dx)
    later = 0
    for t in reversed(range(len(dx))):
        da_below[t] = (1 - np.square(h_below[t])) * (dx[t] + later)
        later = Whh_below.T.dot(da_below[t])
    return dx, da_below


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    """One system of equations for all of da_below."""
    T, D = h_below.shape
    dx, slope = da @ Wxh, (1 - h_below * h_below).ravel()
    way = np.kron(np.eye(T, k=1), Whh_below.T)
    flat = np.linalg.solve(np.eye(T * D) - slope[:, None] * way, slope * dx.ravel())
    return dx, flat.reshape(T, D)


@correct("pass_down")
def _(da, Wxh, h_below, Whh_below):
    """By recursion: the last step, then all before it."""
    dx = da @ Wxh

    def rest(dx, h, later):
        if len(dx) == 0:
            return []
        now = (1 - h[-1]) * (1 + h[-1]) * (dx[-1] + later)
        return [*rest(dx[:-1], h[:-1], Whh_below.T @ now), now]

    return dx, np.array(rest(dx, h_below, 0))


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    m = f * m_prev + w * g
    shown = np.tanh(m)
    do = dh * shown
    dm = dm + dh * o * (1 - shown**2)
    return {
        "daf": dm * m_prev * f * (1 - f),
        "daw": dm * g * w * (1 - w),
        "dao": do * o * (1 - o),
        "dag": dm * w * (1 - g**2),
        "dm_prev": dm * f,
    }


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    """Slopes by a function, the sum of the two children last."""

    def slope(gate):
        return gate - gate * gate

    tanh_m = np.tanh(m_prev * f + g * w)
    total = dh * o - dh * o * np.square(tanh_m) + dm
    grads = dict(dm_prev=np.multiply(total, f), daf=total * m_prev * slope(f))
    grads.update(daw=total * g * slope(w), dao=dh * tanh_m * slope(o))
    grads["dag"] = total * w * (1 - g) * (1 + g)
    return grads


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    """Unit by unit."""
    names = "daf", "daw", "dao", "dag", "dm_prev"
    grads = {name: np.zeros(len(dh)) for name in names}
    for k in range(len(dh)):
        t = math.tanh(f[k] * m_prev[k] + w[k] * g[k])
        d = dm[k] + dh[k] * o[k] * (1 - t * t)
        grads["daf"][k] = d * m_prev[k] * f[k] * (1 - f[k])
        grads["daw"][k] = d * g[k] * w[k] * (1 - w[k])
        grads["dao"][k] = dh[k] * t * o[k] * (1 - o[k])
        grads["dag"][k] = d * w[k] * (1 - g[k] * g[k])
        grads["dm_prev"][k] = d * f[k]
    return grads


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    """The slope of tanh by 1 / cosh²; lists as results."""
    m = f * m_prev + w * g
    dm_all = dm + dh * o / np.cosh(m) ** 2
    slopes = [s * (1 - s) for s in (f, w, o)]
    factors = [dm_all * m_prev, dm_all * g, dh * np.tanh(m)]
    daf, daw, dao = (list(a * b) for a, b in zip(slopes, factors))
    dag = list(dm_all * w * (1 - g * g))
    return {"daf": daf, "daw": daw, "dao": dao, "dag": dag, "dm_prev": list(dm_all * f)}


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    """The two paths apart, each to its end, then added: all is linear in dh and dm."""
    m = f * m_prev + w * g
    both = []
    for of_m in (dm, dh * o * (1 - np.tanh(m) ** 2)):
        both.append([of_m * m_prev * f * (1 - f), of_m * g * w * (1 - w)])
        both[-1] += [of_m * w * (1 - g**2), of_m * f]
    daf, daw, dag, dm_prev = np.add(*both)
    dao = dh * np.tanh(m) * o * (1 - o)
    return {"daf": daf, "daw": daw, "dao": dao, "dag": dag, "dm_prev": dm_prev}


@correct("lstm_step_back")
def _(dh, dm, f, w, o, g, m_prev):
    """By the complex step, from the pre-activations that the gates came from."""
    of_gate = [np.log(s / (1 - s + 1e-300)) for s in (f, w, o)]
    e = 1e-30j

    def result(af, aw, ao, ag, m_before):
        gates = [1 / (1 + np.exp(-a)) for a in (af, aw, ao)]
        m = gates[0] * m_before + gates[1] * np.tanh(ag)
        return (dh * gates[2] * np.tanh(m) + dm * m).imag / 1e-30

    base = [*of_gate, np.arctanh(g), m_prev]
    names = "daf", "daw", "dao", "dag", "dm_prev"
    return {
        name: result(*(a + e * (n == k) for n, a in enumerate(base)))
        for k, name in enumerate(names)
    }


@correct("forget_bias")
def _(n, left):
    share = left ** (1 / n)
    return np.log(share / (1 - share))


@correct("forget_bias")
def _(n, left):
    return -np.log(left ** (-1 / n) - 1)


@correct("forget_bias")
def _(n, left):
    share = math.exp(math.log(left) / n)
    return math.log(share) - math.log(1 - share)


@correct("forget_bias")
def _(n, left):
    """The inverse of the sigmoid by tanh."""
    return 2 * np.arctanh(2 * np.power(left, 1.0 / n) - 1)


@correct("forget_bias")
def _(n, left):
    """By halving an interval."""
    low, high = -50.0, 50.0
    for _ in range(200):
        b = (low + high) / 2
        if (1 / (1 + math.exp(-b))) ** n < left:
            low = b
        else:
            high = b
    return b


@correct("forget_bias")
def _(n, left):
    """By Newton's method on the logarithm of what is left."""
    b = 0.0
    for _ in range(100):
        share = 1 / (1 + np.exp(-b))
        b = b - (n * np.log(share) - np.log(left)) / (n * (1 - share))
    return b


# Notebook 11


@correct("pad_batch")
def _(names, border):
    T = 1 + max(len(n) for n in names)
    inputs = [[border, *n, *[border] * (T - 1 - len(n))] for n in names]
    targets = [[*n, border, *[border] * (T - 1 - len(n))] for n in names]
    mask = [[1] * (len(n) + 1) + [0] * (T - 1 - len(n)) for n in names]
    return np.transpose(inputs), np.transpose(targets), np.transpose(mask)


@correct("pad_batch")
def _(names, border):
    """One rectangle of T + 1 rows, and two views of it."""
    lengths = np.array([len(name) for name in names])
    block = np.full((lengths.max() + 2, len(names)), border)
    for b, name in enumerate(names):
        block[1 : 1 + len(name), b] = name
    mask = np.arange(lengths.max() + 1)[:, None] <= lengths
    return block[:-1], block[1:], mask.astype(float)


@correct("pad_batch")
def _(names, border):
    """Symbol by symbol, in plain lists."""
    T = max(map(len, names)) + 1
    inputs, targets, mask = [], [], []
    for t in range(T):
        inputs.append([n[t - 1] if 0 < t <= len(n) else border for n in names])
        targets.append([n[t] if t < len(n) else border for n in names])
        mask.append([1.0 if t <= len(n) else 0.0 for n in names])
    return inputs, targets, mask


@correct("pad_batch")
def _(names, border):
    columns, marks = [], []
    T = max(len(name) for name in names) + 1
    for name in names:
        fill = T - len(name)
        columns.append(np.concatenate([[border], name, np.full(fill, border)]))
        marks.append(np.repeat([1.0, 0.0], [len(name) + 1, fill - 1]))
    block = np.array(columns).T.astype(int)
    return block[:T], block[1:], np.array(marks).T


@correct("pad_batch")
def _(names, border):
    B, T = len(names), max(map(len, names)) + 1
    x = np.zeros((T, B), dtype=int) + border
    y = np.zeros((T, B), dtype=int) + border
    m = np.zeros((T, B), dtype=bool)
    for b in range(B):
        for t in range(len(names[b])):
            x[t + 1, b] = names[b][t]
            y[t, b] = names[b][t]
            m[t, b] = True
        m[len(names[b]), b] = True
    return x, y, m


@correct("pad_batch")
def _(names, border):
    """Inputs from targets, by a shift of one."""
    T = max(map(len, names)) + 1
    pad = [np.pad(n, (0, T - len(n)), constant_values=border) for n in names]
    targets = np.stack(pad, axis=1)
    inputs = np.vstack([np.full((1, len(names)), border), targets[:-1]])
    mask = np.stack([np.arange(T) < len(n) + 1 for n in names], axis=1) * 1.0
    return inputs, targets, mask


@correct("mask_loss")
def _(p, targets, mask):
    rows = np.flatnonzero(mask)
    loss = -np.log(p[rows, targets[rows]]).mean()
    dy = np.zeros_like(p)
    dy[rows] = p[rows]
    dy[rows, targets[rows]] -= 1
    return loss, dy / len(rows)


@correct("mask_loss")
def _(p, targets, mask):
    e = np.eye(p.shape[1])[targets]
    weight = mask / mask.sum()
    at_target = np.where(mask > 0, (p * e).sum(1), 1)
    return -weight @ np.log(at_target), weight[:, None] * (p - e)


@correct("mask_loss")
def _(p, targets, mask):
    """Row by row."""
    loss, dy, real = 0.0, np.zeros(p.shape), 0
    for i, (k, m) in enumerate(zip(targets, mask)):
        if m:
            real += 1
            loss -= math.log(p[i, k])
            dy[i] = p[i]
            dy[i, k] -= 1
    return loss / real, dy / real


@correct("mask_loss")
def _(p, targets, mask):
    """By the exercises of notebook 03, on the real rows."""
    real = mask == 1
    dy = np.zeros_like(p)
    dy[real] = grad_y(p[real], targets[real]) / real.sum()
    return nll(p[real], targets[real]) / real.sum(), dy


@correct("mask_loss")
def _(probs, wanted, m):
    picked = np.take_along_axis(probs, wanted[:, None], axis=1)[:, 0]
    losses = np.where(m > 0, -np.log(np.where(m > 0, picked, 1)), 0)
    dy = probs.copy()
    dy[np.arange(len(wanted)), wanted] -= 1
    dy[m == 0] = 0
    return np.average(losses, weights=m), dy / np.count_nonzero(losses)


@correct("mask_loss")
def _(p, targets, mask):
    n = int(sum(mask))
    loss = sum(-np.log(p[i][targets[i]]) for i in range(len(p)) if mask[i]) / n
    dy = [
        [mask[i] * (p[i][j] - (j == targets[i])) / n for j in range(p.shape[1])]
        for i in range(len(p))
    ]
    return loss, dy


@correct("bit_loss")
def _(y, z):
    p = 1 / (1 + np.exp(-np.clip(y, -700, 700)))
    return (np.logaddexp(0, y) - z * y).sum(), p - z


@correct("bit_loss")
def _(y, z):
    """The probability of the bit that is wanted, by the sign of its logit."""
    toward = np.where(z == 1, y, -y)
    loss = np.logaddexp(0, -toward).sum()
    return loss, 0.5 * (1 + np.tanh(0.5 * y)) - z


@correct("bit_loss")
def _(y, z):
    """Bit by bit."""
    loss, dy = 0.0, []
    for logit, bit in zip(y, z):
        small = math.exp(-abs(logit))
        loss += max(logit, 0) - logit * bit + math.log1p(small)
        p = 1 / (1 + small) if logit >= 0 else small / (1 + small)
        dy.append(p - bit)
    return loss, dy


@correct("bit_loss")
def _(y, z):
    """A softmax over the logits 0 and y."""
    pairs = np.stack([np.zeros_like(y), y], axis=1)
    p = softmax(pairs)[:, 1]
    highest = pairs.max(axis=1)
    total = highest + np.log(np.exp(pairs - highest[:, None]).sum(axis=1))
    return np.sum(total - y * z), p - z


@correct("bit_loss")
def _(y, z):
    p = np.where(y < 0, np.exp(np.minimum(y, 0)), 1) / (1 + np.exp(-np.abs(y)))
    ones, zeros = z * np.logaddexp(0, -y), (1 - z) * np.logaddexp(0, y)
    return ones.sum() + zeros.sum(), p - z


@correct("bit_loss")
def _(logits, bits):
    def softplus(a):
        return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))

    sure = np.exp(-softplus(-logits))
    return float((softplus(logits) - logits * bits).sum()), sure - bits


@correct("softmax_back")
def _(alpha, dalpha):
    """By the Jacobian of each row."""
    rows = [(np.diag(a) - np.outer(a, a)) @ d for a, d in zip(alpha, dalpha)]
    return np.array(rows)


@correct("softmax_back")
def _(alpha, dalpha):
    mean = np.einsum("nt,nt->n", alpha, dalpha)
    return alpha * (dalpha - mean[:, None])


@correct("softmax_back")
def _(alpha, dalpha):
    return alpha * dalpha - alpha * np.sum(alpha * dalpha, 1).reshape(-1, 1)


@correct("softmax_back")
def _(alpha, dalpha):
    """Entry by entry, in lists."""
    du = []
    for a, d in zip(alpha, dalpha):
        mean = sum(x * y for x, y in zip(a, d))
        du.append([x * (y - mean) for x, y in zip(a, d)])
    return du


@correct("softmax_back")
def _(alpha, dalpha):
    J = alpha[:, :, None] * (np.eye(alpha.shape[1]) - alpha[:, None, :])
    return np.einsum("nij,ni->nj", J, dalpha)


@correct("softmax_back")
def _(a, d):
    out = np.zeros_like(d)
    for i in range(a.shape[1]):
        for j in range(a.shape[1]):
            out[:, j] += d[:, i] * a[:, i] * ((i == j) - a[:, j])
    return out


CELLS = {
    "one_hot float list comp with int()": """
        def one_hot(k, V):
            return np.array([float(i == k) for i in range(V)])
    """,
    "one_hot put": """
        def one_hot(k, V):
            v = np.zeros((V,))
            np.put(v, k, 1.0)
            return v
    """,
    "one_hot identity": """
        def one_hot(k, V):
            return np.identity(V)[:, k]
    """,
    "one_hot bincount": """
        def one_hot(k, V):
            return np.bincount([k], minlength=V)
    """,
    "one_hot type hints, kw": """
        def one_hot(k: int, V: int) -> np.ndarray:
            out = [0] * V
            out[k] = 1
            return out
    """,
    "make_chunks while + copy": """
        def make_chunks(ids, T):
            out, i = [], 0
            while True:
                x, y = ids[i : i + T], ids[i + 1 : i + 1 + T]
                if len(y) < T:
                    break
                out.append((x.copy(), y.copy()))
                i += T
            return out
    """,
    "make_chunks list tuple raising": """
        def make_chunks(ids, T):
            if len(ids) <= T:
                raise ValueError(f"text of {len(ids)} is too short for {T}")
            n = (len(ids) - 1) // T
            return [
                tuple(ids[i * T + d : i * T + d + T] for d in (0, 1))
                for i in range(n)
            ]
    """,
    "make_chunks array_split": """
        def make_chunks(ids, T):
            n = ((len(ids) - 1) // T) * T
            xs = [ids[:n][i : i + T] for i in range(0, n, T)]
            ys = [ids[1 : n + 1][i : i + T] for i in range(0, n, T)]
            return list(map(list, zip(xs, ys)))
    """,
    "rnn_step einsum": """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(
                np.einsum("hv,v->h", Wxh, x) + np.einsum("ij,j->i", Whh, h_prev) + bh
            )
    """,
    "rnn_step math loops": """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            H = len(bh)
            out = []
            for i in range(H):
                s = bh[i]
                for j in range(len(x)):
                    s += Wxh[i][j] * x[j]
                for j in range(H):
                    s += Whh[i][j] * h_prev[j]
                out.append(math.tanh(s))
            return out
    """,
    "rnn_step concat": """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            W = np.hstack([Wxh, Whh, bh[:, None]])
            z = np.concatenate([x, h_prev, [1.0]])
            return np.tanh(W.dot(z))
    """,
    "rnn_step exp form": """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            a = x @ Wxh.T + h_prev @ Whh.T + bh
            return (np.exp(2 * a) - 1) / (np.exp(2 * a) + 1)
    """,
    "rnn_forward empty filled": """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            T = len(inputs)
            h = np.empty((T, len(bh)))
            y = np.empty((T, len(by)))
            prev = h_init
            for t, k in enumerate(inputs):
                h[t] = np.tanh(Wxh[:, k] + Whh @ prev + bh)
                y[t] = Why @ h[t] + by
                prev = h[t]
            return h, y
    """,
    "rnn_forward dict of states": """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            hs, ys = {-1: np.copy(h_init)}, {}
            for t in range(len(inputs)):
                x = np.zeros((Wxh.shape[1], 1))
                x[inputs[t]] = 1
                hs[t] = np.tanh((Wxh @ x).ravel() + Whh @ hs[t - 1] + bh)
                ys[t] = Why @ hs[t] + by
            return np.stack([hs[t] for t in range(len(inputs))]), np.stack(
                [ys[t] for t in range(len(inputs))]
            )
    """,
    "rnn_forward lists, helper": """
        def step(k, h, W, U, b):
            return np.tanh(W[:, k] + U @ h + b)

        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            out = []
            h = h_init
            for k in inputs:
                h = step(int(k), h, Wxh, Whh, bh)
                out.append(h)
            return out, [list(Why @ h + by) for h in out]
    """,
    "rnn_forward accumulate": """
        import itertools

        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            h = np.array(
                list(
                    itertools.accumulate(
                        inputs,
                        lambda s, k: np.tanh(Wxh[:, k] + Whh @ s + bh),
                        initial=h_init,
                    )
                )
            )[1:]
            return h, by + np.dot(h, Why.T)
    """,
    "softmax logsumexp": """
        def softmax(y):
            m = np.max(y, -1, keepdims=True)
            return np.exp(y - m - np.log(np.sum(np.exp(y - m), -1, keepdims=True)))
    """,
    "softmax apply_along": """
        def softmax(y):
            def one(v):
                w = [math.exp(a - max(v)) for a in v]
                return np.array(w) / sum(w)

            return np.apply_along_axis(one, -1, y)
    """,
    "softmax recursion": """
        def softmax(y):
            y = np.asarray(y, dtype=float)
            if y.ndim == 2:
                return np.array([softmax(r) for r in y])
            e = np.exp(y - y.max())
            return e / e.sum()
    """,
    "softmax transposes": """
        def softmax(y):
            z = np.exp(y.T - y.T.max(axis=0))
            return (z / z.sum(axis=0)).T
    """,
    "softmax scipy-like import inside": """
        def softmax(y):
            import numpy as numpy_again

            z = y - numpy_again.amax(y, axis=-1)[..., None]
            return numpy_again.exp(z) / numpy_again.exp(z).sum(axis=-1)[..., None]
    """,
    "nll loop": """
        def nll(p, targets):
            loss = 0.0
            for t, k in enumerate(targets):
                loss -= np.log(p[t][k])
            return loss
    """,
    "nll one-hot matmul": """
        def nll(p, targets):
            E = np.eye(p.shape[1])[targets]
            return float(-np.log((p * E).sum(axis=1)).sum())
    """,
    "nll take_along": """
        def nll(p, targets):
            return np.negative(
                np.log(np.take_along_axis(p, targets[:, None], axis=1))
            ).sum()
    """,
    "grad_y loops": """
        def grad_y(p, targets):
            return [
                [p[t, k] - (1 if k == targets[t] else 0) for k in range(p.shape[1])]
                for t in range(len(p))
            ]
    """,
    "grad_y subtract.at": """
        def grad_y(p, targets):
            dy = np.array(p)
            np.subtract.at(dy, (range(len(dy)), targets), 1)
            return dy
    """,
    "grad_Why_by outer": """
        def grad_Why_by(dy, h):
            W = 0
            b = 0
            for d, s in zip(dy, h):
                W = W + np.outer(d, s)
                b = b + d
            return [W, b]
    """,
    "grad_Why_by tensordot": """
        def grad_Why_by(dy, h):
            return np.tensordot(dy, h, axes=(0, 0)), np.ones(len(dy)) @ dy
    """,
    "grad_h": """
        def grad_h(dy_t, da_next, Why, Whh):
            return dy_t @ Why + da_next @ Whh
    """,
    "grad_h block": """
        def grad_h(dy_t, da_next, Why, Whh):
            return np.concatenate([dy_t, da_next]) @ np.vstack([Why, Whh])
    """,
    "grad_a diag": """
        def grad_a(dh_t, h_t):
            return np.diag(1 - h_t**2) @ dh_t
    """,
    "grad_a factored": """
        def grad_a(dh_t, h_t):
            return (1 - h_t) * (1 + h_t) * dh_t
    """,
    "grad_Wxh add.at": """
        def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
            dWxh = np.zeros((V, da.shape[1]))
            np.add.at(dWxh, inputs, da)
            return dWxh.T, sum(np.outer(a, h) for a, h in zip(da, h_prev)), da.sum(0)
    """,
    "grad_Wxh loop": """
        def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
            T, H = da.shape
            dWxh, dWhh, dbh = np.zeros((H, V)), np.zeros((H, H)), np.zeros(H)
            for t in range(T - 1, -1, -1):
                dWxh[:, inputs[t]] += da[t]
                dWhh += da[t][:, None] * h_prev[t][None, :]
                dbh += da[t]
            return dWxh, dWhh, dbh
    """,
    "rnn_backward classic": """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            dWxh, dWhh, dWhy = (
                np.zeros_like(Wxh),
                np.zeros_like(Whh),
                np.zeros_like(Why),
            )
            dbh, dby = np.zeros(len(Whh)), np.zeros(len(Why))
            dhnext = np.zeros_like(h[0])
            for t in reversed(range(len(inputs))):
                dy = np.copy(p[t])
                dy[targets[t]] -= 1
                dWhy += np.outer(dy, h[t])
                dby += dy
                dh = Why.T @ dy + dhnext
                dhraw = (1 - h[t] * h[t]) * dh
                dbh += dhraw
                x = np.zeros(Wxh.shape[1])
                x[inputs[t]] = 1
                dWxh += np.outer(dhraw, x)
                dWhh += np.outer(dhraw, h_prev[t])
                dhnext = Whh.T @ dhraw
            return dict(dWxh=dWxh, dWhh=dWhh, dWhy=dWhy, dbh=dbh, dby=dby)
    """,
    "rnn_backward extra keys, other order": """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            dy = p - np.eye(p.shape[1])[targets]
            later, das = 0, []
            for d, s in zip(dy[::-1], h[::-1]):
                a = (d @ Why + later) * (1 - s**2)
                later = a @ Whh
                das.insert(0, a)
            da = np.array(das)
            return {
                "dy": dy,
                "dby": dy.sum(0),
                "dbh": da.sum(0),
                "dWhy": dy.T @ h,
                "dWhh": da.T @ h_prev,
                "dWxh": da.T @ np.eye(Wxh.shape[1])[inputs],
            }
    """,
    "numerical flat": """
        def numerical_gradient(f, theta):
            g = []
            for i in range(theta.size):
                a, b = theta.copy(), theta.copy()
                a.flat[i] += 1e-5
                b.flat[i] -= 1e-5
                g.append((f(a) - f(b)) / 2e-5)
            return np.array(g).reshape(theta.shape)
    """,
    "numerical nditer in place": """
        def numerical_gradient(f, theta):
            grad = np.zeros_like(theta)
            it = np.nditer(theta, flags=["multi_index"])
            h = 1e-5
            while not it.finished:
                ix = it.multi_index
                old = theta[ix]
                theta[ix] = old + h
                up = f(theta)
                theta[ix] = old - h
                down = f(theta)
                theta[ix] = old
                grad[ix] = (up - down) / (2 * h)
                it.iternext()
            return grad
    """,
    "numerical complex": """
        def numerical_gradient(f, theta):
            g = np.zeros(theta.shape)
            for i in np.ndindex(*theta.shape):
                z = theta.astype(complex)
                z[i] += 1e-30j
                g[i] = f(z).imag / 1e-30
            return g
    """,
    "numerical four points": """
        def numerical_gradient(f, theta):
            g = np.zeros(theta.shape)
            e = 1e-4
            for i in np.ndindex(theta.shape):
                d = np.zeros(theta.shape)
                d[i] = e
                g[i] = (
                    8 * (f(theta + d) - f(theta - d))
                    - (f(theta + 2 * d) - f(theta - 2 * d))
                ) / (12 * e)
            return g
    """,
    "relative_error sqrt": """
        def relative_error(a, b):
            size = lambda v: math.sqrt((np.asarray(v) ** 2).sum())
            return size(a - b) / max(size(a), size(b), 1e-12)
    """,
    "relative_error ravel": """
        def relative_error(a, b):
            a, b = a.ravel(), b.ravel()
            bottom = np.max([np.sqrt(a @ a), np.sqrt(b @ b), 1e-12])
            return np.sqrt((a - b) @ (a - b)) / bottom
    """,
    "clip where": """
        def clip(grad, limit):
            grad[...] = np.where(
                grad > limit, limit, np.where(grad < -limit, -limit, grad)
            )
    """,
    "clip masks and return": """
        def clip(grad, limit):
            grad[grad > limit] = limit
            grad[grad < -limit] = -limit
            return grad
    """,
    "clip nditer": """
        def clip(grad, limit):
            flat = grad.reshape(-1)
            for i, g in enumerate(flat):
                flat[i] = min(max(g, -limit), limit)
    """,
    "adagrad ops": """
        def adagrad(param, grad, memory, lr):
            np.add(memory, np.square(grad), out=memory)
            param[...] = param - lr * grad * (memory + 1e-8) ** -0.5
    """,
    "adagrad loop": """
        def adagrad(param, grad, memory, lr):
            for i in np.ndindex(param.shape):
                memory[i] += grad[i] * grad[i]
                param[i] -= lr * grad[i] / math.sqrt(memory[i] + 1e-8)
    """,
    "draw loop": """
        def draw(p, u):
            acc = 0
            for k, pk in enumerate(p):
                acc += pk
                if u < acc:
                    return k
            return k
    """,
    "draw searchsorted clip": """
        def draw(p, u):
            return int(min(np.searchsorted(p.cumsum(), u, "right"), len(p) - 1))
    """,
    "draw prints": """
        def draw(p, u):
            c = np.cumsum(p)
            print(c)
            for k in range(len(p) - 1):
                if c[k] > u:
                    print("found")
                    return k
            return len(p) - 1
    """,
    "smooth generator to list": """
        def smooth(losses, start, beta=0.999):
            def values():
                s = start
                for l in losses:
                    s = s + (1 - beta) * (l - s)
                    yield s

            return list(values())
    """,
    "smooth array": """
        def smooth(losses, start, beta=0.999):
            out = np.empty(len(losses))
            out[0] = beta * start + (1 - beta) * losses[0]
            for i in range(1, len(losses)):
                out[i] = beta * out[i - 1] + (1 - beta) * losses[i]
            return out
    """,
    "smooth accumulate": """
        import itertools

        def smooth(losses, start, beta=0.999):
            return list(
                itertools.accumulate(
                    losses, lambda s, l: beta * s + (1 - beta) * l, initial=start
                )
            )[1:]
    """,
    "softmax decorated cached timing with wraps": """
        def timed(f):
            @functools.wraps(f)
            def w(*a, **k):
                return f(*a, **k)

            return w

        @timed
        def softmax(y):
            e = np.exp(y - np.max(y, axis=-1, keepdims=True))
            return e / np.sum(e, axis=-1, keepdims=True)
    """,
}


# Notebook 13.


@correct("without_start")
def _(values, start, beta=0.999):
    return [(s - beta**n * start) / (1 - beta**n) for n, s in enumerate(values, 1)]


@correct("without_start")
def _(values, start, beta=0.999):
    faded = beta ** np.arange(1, len(values) + 1)
    return (np.array(values) - faded * start) / (1 - faded)


@correct("without_start")
def _(values, start, beta=0.999):
    share, means = 1.0, []
    for value in values:
        share *= beta
        means.append((value - share * start) / (1 - share))
    return means


@correct("without_start")
def _(curve, begin, b=0.999):
    mean, left, out, last = 0.0, 0.0, [], begin
    for s in curve:
        loss = (s - b * last) / (1 - b)
        mean, left, last = b * mean + (1 - b) * loss, b * left + 1 - b, s
        out.append(mean / left)
    return out


@correct("without_start")
def _(values, start, beta=0.999):
    print(values[0])
    return [
        start + (s - start) / (1 - math.pow(beta, n + 1)) for n, s in enumerate(values)
    ]


@correct("without_start")
def _(values, start, beta=0.999):
    n = np.cumsum(np.ones(len(values)))
    return np.subtract(values, start * beta**n) / np.subtract(1, beta**n)


@correct("deviations")
def _(ids, p):
    N = len(ids)
    return (np.bincount(ids, minlength=len(p)) - N * p) / np.sqrt(N * p * (1 - p))


@correct("deviations")
def _(ids, p):
    far = []
    for k in range(len(p)):
        count = sum(1 for i in ids if i == k)
        spread = math.sqrt(len(ids) * p[k] * (1 - p[k]))
        far.append((count - len(ids) * p[k]) / spread)
    return far


@correct("deviations")
def _(ids, p):
    shares = np.array([np.mean(np.equal(ids, k)) for k in range(len(p))])
    return (shares - p) / np.sqrt(p * (1 - p) / len(ids))


@correct("deviations")
def _(ids, p):
    far = np.zeros(len(p))
    for k in ids:
        far[k] += 1
    far -= len(ids) * np.asarray(p)
    far /= (len(ids) * p * (1 - p)) ** 0.5
    return far


@correct("deviations")
def _(drawn, p):
    drawn = list(drawn)
    counts = np.array([drawn.count(k) for k, _ in enumerate(p)])
    variance = len(drawn) * (p - p * p)
    print(counts)
    return (counts - len(drawn) * p) / variance**0.5


@correct("deviations")
def _(ids, p):
    hot = np.eye(len(p))[np.asarray(ids)] - p
    return hot.sum(0) / np.sqrt(len(ids) * p * (1 - p))


@correct("next_chunk")
def _(pos, n, T):
    return pos if pos + T + 1 <= n else 0


@correct("next_chunk")
def _(pos, n, T):
    if n - pos > T:
        return pos
    return 0


@correct("next_chunk")
def _(pos, n, T):
    fits = range(n)[pos : pos + T + 1]
    return pos * (len(fits) == T + 1)


@correct("next_chunk")
def _(place, length, steps):
    last_target = place + steps
    if last_target >= length:
        place = 0
    return place


@correct("next_chunk")
def _(pos, n, T):
    starts = [p for p in range(n) if p + T <= n - 1]
    print(starts[-1:])
    return pos if pos in starts else 0


@correct("next_chunk")
def _(pos, n, T):
    return np.where(pos + T < n, pos, 0)


# Notebook 14.


@correct("from_torch")
def _(state):
    bh = np.add(state["rnn.bias_ih_l0"], state["rnn.bias_hh_l0"])
    return dict(
        Wxh=state["rnn.weight_ih_l0"],
        Whh=state["rnn.weight_hh_l0"],
        Why=state["linear.weight"],
        bh=bh,
        by=state["linear.bias"],
    )


@correct("from_torch")
def _(state):
    Wxh, Whh, b_1, b_2, Why, by = state.values()
    return {"Wxh": Wxh, "Whh": Whh, "Why": Why, "bh": b_1 + b_2, "by": by}


@correct("from_torch")
def _(state):
    blocks = {}
    blocks["by"] = state["linear.bias"].copy()
    blocks["bh"] = sum(block for name, block in state.items() if "rnn.bias" in name)
    blocks["Why"] = state["linear.weight"].copy()
    blocks["Whh"] = state["rnn.weight_hh_l0"].copy()
    blocks["Wxh"] = state["rnn.weight_ih_l0"].copy()
    return blocks


@correct("from_torch")
def _(state):
    names = {
        "rnn.weight_ih_l0": "Wxh",
        "rnn.weight_hh_l0": "Whh",
        "rnn.bias_ih_l0": "bh",
        "rnn.bias_hh_l0": "bh",
        "linear.weight": "Why",
        "linear.bias": "by",
    }
    out = {name: 0 for name in names.values()}
    for theirs, ours in names.items():
        out[ours] = out[ours] + state[theirs]
    return out


@correct("from_torch")
def _(s):
    print(s.keys())
    b = np.stack([s["rnn.bias_ih_l0"], s["rnn.bias_hh_l0"]]).sum(axis=0)
    W = s["rnn.weight_ih_l0"], s["rnn.weight_hh_l0"], s["linear.weight"]
    return dict(zip(("Wxh", "Whh", "Why", "bh", "by"), (*W, b, s["linear.bias"])))


@correct("from_torch")
def _(state):
    lists = {name: np.array(block).tolist() for name, block in state.items()}
    bh = [a + b for a, b in zip(lists["rnn.bias_ih_l0"], lists["rnn.bias_hh_l0"])]
    return {
        "Wxh": lists["rnn.weight_ih_l0"],
        "Whh": lists["rnn.weight_hh_l0"],
        "Why": lists["linear.weight"],
        "bh": bh,
        "by": lists["linear.bias"],
    }


@correct("mean_loss")
def _(y, targets):
    z = y - y.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    e = np.eye(y.shape[1])[targets]
    return -(log_p * e).sum() / len(y), (np.exp(log_p) - e) / len(y)


@correct("mean_loss")
def _(y, targets):
    total, dy = 0.0, np.zeros_like(y)
    for n, k in enumerate(targets):
        z = y[n] - max(y[n])
        weights = np.exp(z)
        total += math.log(weights.sum()) - z[k]
        dy[n] = weights / weights.sum()
        dy[n, k] -= 1
    return total / len(targets), dy / len(targets)


@correct("mean_loss")
def _(y, targets):
    largest = y.max(axis=-1)
    log_sum = largest + np.log(np.exp(y - largest[:, None]).sum(axis=-1))
    of_target = np.take_along_axis(y, np.asarray(targets)[:, None], axis=1)[:, 0]
    dy = np.exp(y - log_sum[:, None])
    dy[np.arange(len(y)), targets] -= 1
    return float(np.mean(log_sum - of_target)), dy / y.shape[0]


@correct("mean_loss")
def _(y, targets):
    log_sum = np.logaddexp.reduce(y, axis=1)
    losses = [log_sum[n] - y[n][k] for n, k in enumerate(targets)]
    dy = grad_y(softmax(y), targets)
    print(losses)
    return [np.mean(losses), dy / len(losses)]


@correct("mean_loss")
def _(logits, answers):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    rows = range(len(answers))
    dy = np.exp(log_p) / len(answers)
    for row in rows:
        dy[row, answers[row]] -= 1 / len(answers)
    return -np.average(log_p[rows, answers]), dy


@correct("mean_loss")
def _(y, targets):
    import math as m

    N, V = y.shape
    losses, rows = [], []
    for row, k in zip(y.tolist(), targets):
        top = max(row)
        total = sum(m.exp(v - top) for v in row)
        losses.append(m.log(total) + top - row[k])
        rows.append(
            [(m.exp(v - top) / total - (i == k)) / N for i, v in enumerate(row)]
        )
    return sum(losses) / N, rows


@correct("adagrad_torch")
def _(param, grad, memory, lr):
    memory += grad * grad
    param -= lr * grad / (memory**0.5 + 1e-10)


@correct("adagrad_torch")
def _(param, grad, memory, lr):
    memory[:] = memory + np.square(grad)
    param[:] = param - lr / (np.sqrt(memory) + 1e-10) * grad


@correct("adagrad_torch")
def _(param, grad, memory, lr, eps=1e-10):
    np.add(memory, grad**2, out=memory)
    step = grad / (eps + np.sqrt(memory))
    np.subtract(param, lr * step, out=param)


@correct("adagrad_torch")
def _(param, grad, memory, lr):
    for i in np.ndindex(param.shape):
        memory[i] += grad[i] ** 2
        param[i] -= lr * grad[i] / (math.sqrt(memory[i]) + 1e-10)


@correct("adagrad_torch")
def _(param, grad, memory, lr):
    memory += grad**2
    root = np.sqrt(memory)
    root += 1e-10
    param += -lr * grad / root
    print(param.shape)
    return param


@correct("adagrad_torch")
def _(p, g, m, lr):
    m[...] += np.abs(g) ** 2
    p[...] -= np.divide(np.multiply(lr, g), np.add(np.sqrt(m), 10.0**-10))
