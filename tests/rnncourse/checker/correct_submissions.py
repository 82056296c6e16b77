"""Right answers in many styles, at least three for each exercise: none may be accused.

Written as different students would write them, without a look at the folded solutions.
"""

import functools
import math

import numpy as np

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
    return np.argmax(np.cumsum(p) > u)


@correct("draw")
def _(p, u):
    total = 0.0
    for k in range(len(p)):
        total += p[k]
        if total > u:
            return k


@correct("draw")
def _(p, u):
    return int(np.searchsorted(np.cumsum(p), u, side="right"))


@correct("draw")
def _(p, u):
    return int((np.cumsum(p) <= u).sum())


@correct("draw")
def _(p, u):
    k = 0
    while u >= p[k]:
        u = u - p[k]
        k += 1
    return k


@correct("draw")
def _(p, u):
    return np.flatnonzero(p.cumsum() > u)[0]


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
