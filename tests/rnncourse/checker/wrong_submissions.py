"""Wrong answers that the checker had not seen, with the mistake that each makes."""

COLLECTED = """
                return {
                    "dWxh": da.T @ np.eye(Wxh.shape[1])[inputs],
                    "dWhh": da.T @ h_prev,
                    "dWhy": dy.T @ h,
                    "dbh": da.sum(0),
                    "dby": dy.sum(0),
                }
"""  # the end of a backward pass
WRONG = {
    "make_chunks range(len//T)": (
        "last-target-beyond-the-text",
        """
            def make_chunks(ids, T):
                return [
                    (ids[i * T : (i + 1) * T], ids[i * T + 1 : (i + 1) * T + 1])
                    for i in range(len(ids) // T)
                ]
        """,
    ),
    "make_chunks target single": (
        "one-target-for-a-chunk",
        """
            def make_chunks(ids, T):
                out = []
                for s in range(0, len(ids) - T, T):
                    out.append((ids[s : s + T], ids[s + 1]))
                return out
        """,
    ),
    "make_chunks return in loop": (
        "only-the-first-chunk",
        """
            def make_chunks(ids, T):
                out = []
                for s in range(0, len(ids) - T, T):
                    out.append((ids[s : s + T], ids[s + 1 : s + T + 1]))
                    return out
        """,
    ),
    "make_chunks step T-1": (
        "one-character-twice",
        """
            def make_chunks(ids, T):
                return [
                    (ids[s : s + T], ids[s + 1 : s + T + 1])
                    for s in range(0, len(ids) - T, max(T - 1, 1))
                ]
        """,
    ),
    "rnn_step only bias misplace": (
        "bias-through-the-weights",
        """
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                return np.tanh(Wxh @ x + Whh @ (h_prev + bh))
        """,
    ),
    "rnn_step product of terms": (
        "terms-multiplied",
        """
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                return np.tanh((Wxh @ x) * (Whh @ h_prev) + bh)
        """,
    ),
    "rnn_step residual": (
        "old-state-added",
        """
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                return h_prev + np.tanh(Wxh @ x + Whh @ h_prev + bh)
        """,
    ),
    "rnn_forward row index": (
        "step-for-the-input",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                hs, ys, h = [], [], h_init
                for t in range(len(inputs)):
                    h = np.tanh(Wxh[:, t] + Whh @ h + bh)
                    hs.append(h)
                    ys.append(Why @ h + by)
                return np.array(hs), np.array(ys)
        """,
    ),
    "rnn_forward return inside loop": (
        "return-inside-the-loop",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                hs, ys, h = [], [], h_init
                for k in inputs:
                    h = np.tanh(Wxh[:, k] + Whh @ h + bh)
                    hs.append(h)
                    ys.append(Why @ h + by)
                    return np.array(hs), np.array(ys)
        """,
    ),
    "rnn_forward h[t-1] zero array": (
        "h_init-ignored",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                h = np.zeros((len(inputs), len(bh)))
                for t, k in enumerate(inputs):
                    h[t] = np.tanh(Wxh[:, k] + Whh @ h[t - 1] + bh)
                return h, h @ Why.T + by
        """,
    ),
    "rnn_forward softmax y and no by": (
        "probabilities-for-logits",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                h, y = right(inputs, h_init, Wxh, Whh, Why, bh, 0 * by)
                e = np.exp(y)
                return h, e / e.sum(1, keepdims=True)
        """,
    ),
    "rnn_forward h list of refs": (
        "one-array-appended-T-times",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                h = h_init.copy()
                hs = []
                for k in inputs:
                    h[:] = np.tanh(Wxh[:, k] + Whh @ h + bh)
                    hs.append(h)
                return np.array(hs), np.array(hs) @ Why.T + by
        """,
    ),
    "softmax e**y no axis": (
        "axis-of-time",
        """
            def softmax(y):
                return math.e**y / sum(math.e**y)
        """,
    ),
    "softmax divides by len": (
        "divided-by-V",
        """
            def softmax(y):
                e = np.exp(y - np.max(y, -1, keepdims=True))
                return e / y.shape[-1]
        """,
    ),
    "softmax temperature 2": (
        "logits-halved-or-doubled",
        """
            def softmax(y):
                e = np.exp((y - np.max(y, -1, keepdims=True)) / 2)
                return e / e.sum(-1, keepdims=True)
        """,
    ),
    "softmax +max": (
        "maximum-added",
        """
            def softmax(y):
                e = np.exp(y + np.max(y, -1, keepdims=True))
                return e / e.sum(-1, keepdims=True)
        """,
    ),
    "softmax normalises abs": (
        "shift-for-exp",
        """
            def softmax(y):
                y = y - y.min(-1, keepdims=True)
                return y / y.sum(-1, keepdims=True)
        """,
    ),
    "nll p[targets] diag": (
        "rows-for-targets",
        """
            def nll(p, targets):
                return -np.log(p[targets, range(len(targets))]).sum()
        """,
    ),
    "nll log10 mean": (
        "base-ten-logarithm",
        """
            def nll(p, targets):
                return -np.mean(np.log10(p[range(len(p)), targets]))
        """,
    ),
    "nll log of mean": (
        "logarithm-of-the-sum",
        """
            def nll(p, targets):
                return -np.log(np.mean(p[range(len(p)), targets]))
        """,
    ),
    "nll numpy index error": (
        "rows-for-targets",
        """
            def nll(p, targets):
                return -sum(np.log(p[targets[t]][t]) for t in range(len(targets)))
        """,
    ),
    "nll softmax p": (
        "softmax-again",
        """
            def nll(p, targets):
                e = np.exp(p)
                q = e / e.sum(axis=-1, keepdims=True)
                return -np.log(q[range(len(q)), targets]).sum()
        """,
    ),
    "nll forgets loss +=": (
        "only-one-step",
        """
            def nll(p, targets):
                loss = 0
                for t in range(len(targets)):
                    loss = -np.log(p[t, targets[t]])
                return loss
        """,
    ),
    "grad_y only loop last": (
        "only-one-step",
        """
            def grad_y(p, targets):
                for t in range(len(targets)):
                    dy = p.copy()
                    dy[t, targets[t]] -= 1
                return dy
        """,
    ),
    "grad_Why_by = loop": (
        "only-the-last-step",
        """
            def grad_Why_by(dy, h):
                for t in range(len(h)):
                    dWhy = np.outer(dy[t], h[t])
                    dby = dy[t]
                return dWhy, dby
        """,
    ),
    "grad_Why_by transposed + mean": (
        "divided-by-T",
        """
            def grad_Why_by(dy, h):
                return (dy.T @ h) / len(h), dy.sum(0) / len(h)
        """,
    ),
    "grad_a dh*(1-h)**2": (
        "slope-twice",
        """
            def grad_a(dh_t, h_t):
                return dh_t * (1 - h_t * h_t) ** 2
        """,
    ),
    "grad_a precedence": (
        "product-before-minus",
        """
            def grad_a(dh_t, h_t):
                return dh_t * 1 - h_t**2
        """,
    ),
    "grad_a ReLU": (
        "relu-slope",
        """
            def grad_a(dh_t, h_t):
                return np.where(h_t > 0, dh_t, 0)
        """,
    ),
    "grad_Wxh fancy +=": (
        "repeated-character-overwritten",
        """
            def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
                dWxh = np.zeros((da.shape[1], V))
                dWxh[:, inputs] += da.T
                return dWxh, da.T @ h_prev, da.sum(0)
        """,
    ),
    "grad_Wxh mean bias": (
        "divided-by-T",
        """
            def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
                return da.T @ np.eye(V)[inputs], da.T @ h_prev, da.mean(0)
        """,
    ),
    "grad_Wxh k for one": (
        "index-for-one-hot",
        """
            def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
                X = np.zeros((len(inputs), V))
                X[range(len(inputs)), inputs] = inputs
                return da.T @ X, da.T @ h_prev, da.sum(0)
        """,
    ),
    "rnn_backward ReLU slope": (
        "relu-slope",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                dy = p - np.eye(p.shape[1])[targets]
                nxt = 0
                da = np.zeros_like(h)
                for t in reversed(range(len(h))):
                    da[t] = (h[t] > 0) * (Why.T @ dy[t] + nxt)
                    nxt = Whh.T @ da[t]
        """
        + COLLECTED,
    ),
    "rnn_backward no dh next and no minus one": (
        "minus-one-forgotten",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                dy = p.copy()
                da = (1 - h * h) * (dy @ Why)
        """
        + COLLECTED,
    ),
    "rnn_backward truncated at 10": (
        "truncated",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                dy = p - np.eye(p.shape[1])[targets]
                da = np.zeros_like(h)
                for t in range(len(h)):
                    g = (1 - h[t] ** 2) * (Why.T @ dy[t])
                    da[t] += g
                    for s in range(t - 1, max(t - 11, -1), -1):
                        g = (1 - h[s] ** 2) * (Whh.T @ g)
                        da[s] += g
        """
        + COLLECTED,
    ),
    "rnn_backward Whh wrong + h for h_prev": (
        "h-for-h_prev",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                return right(inputs, targets, h, h, p, Wxh, Whh.T, Why)
        """,
    ),
    "rnn_backward dby missing sum": (
        "dby-of-one-step",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                g = right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
                g["dby"] = (p - np.eye(p.shape[1])[targets])[-1]
                return g
        """,
    ),
    "numerical moved = eps": (
        "entry-set-to-eps",
        """
            def numerical_gradient(f, theta):
                g = np.zeros_like(theta)
                for i in np.ndindex(theta.shape):
                    t = theta.copy()
                    t[i] = 1e-5
                    up = f(t)
                    t[i] = -1e-5
                    g[i] = (up - f(t)) / 2e-5
                return g
        """,
    ),
    "numerical theta not moved": (
        "one-array-with-two-names",
        """
            def numerical_gradient(f, theta):
                g = np.zeros_like(theta)
                for i in np.ndindex(theta.shape):
                    step = np.zeros_like(theta)
                    step[i] = 1e-5
                    g[i] = (f(theta) - f(theta)) / 2e-5
                return g
        """,
    ),
    "numerical forward only not restored": (
        "entry-not-restored",
        """
            def numerical_gradient(f, theta):
                g = np.zeros_like(theta)
                base = f(theta)
                for i in np.ndindex(theta.shape):
                    theta[i] += 1e-6
                    g[i] = (f(theta) - base) / 1e-6
                return g
        """,
    ),
    "numerical return in loop": (
        "only-the-first-entry",
        """
            def numerical_gradient(f, theta):
                g = np.zeros_like(theta)
                for i in np.ndindex(theta.shape):
                    s = np.zeros_like(theta)
                    s[i] = 1e-5
                    g[i] = (f(theta + s) - f(theta - s)) / 2e-5
                    return g
        """,
    ),
    "numerical step never reset (step grows)": (
        "entry-not-restored",
        """
            def numerical_gradient(f, theta):
                g = np.zeros_like(theta)
                s = np.zeros_like(theta)
                for i in np.ndindex(theta.shape):
                    s[i] = 1e-5
                    g[i] = (f(theta + s) - f(theta - s)) / 2e-5
                return g
        """,
    ),
    "relative_error cs231n": (
        "entry-by-entry",
        """
            def relative_error(a, b):
                return np.max(np.abs(a - b) / (np.maximum(1e-8, np.abs(a) + np.abs(b))))
        """,
    ),
    "relative_error mean denominator": (
        "mean-of-the-norms",
        """
            def relative_error(a, b):
                n = np.linalg.norm
                return n(a - b) / max((n(a) + n(b)) / 2, 1e-12)
        """,
    ),
    "relative_error allclose": (
        "true-or-false",
        """
            def relative_error(a, b):
                return np.allclose(a, b)
        """,
    ),
    "clip return np.minimum": (
        "new-array",
        """
            def clip(grad, limit):
                grad = np.minimum(np.maximum(grad, -limit), limit)
                return grad
        """,
    ),
    "clip out upper": (
        "only-the-upper-side",
        """
            def clip(grad, limit):
                np.minimum(grad, limit, out=grad)
        """,
    ),
    "clip mean norm": (
        "norm-clipped",
        """
            def clip(grad, limit):
                grad /= max(1, np.linalg.norm(grad) / limit)
        """,
    ),
    "adagrad rmsprop-ish": (
        "fading-memory",
        """
            def adagrad(param, grad, memory, lr):
                memory *= 0.95
                memory += 0.05 * grad**2
                param -= lr * grad / np.sqrt(memory + 1e-8)
        """,
    ),
    "adagrad root of memory plus eps outside 1e-5": (
        "another-eps",
        """
            def adagrad(param, grad, memory, lr):
                memory += grad * grad
                param -= lr * grad / (np.sqrt(memory) + 1e-5)
        """,
    ),
    "adagrad returns": (
        "both-are-new-arrays",
        """
            def adagrad(param, grad, memory, lr):
                memory = memory + grad**2
                return param - lr * grad / np.sqrt(memory + 1e-8), memory
        """,
    ),
    "adagrad scalar memory mean": (
        "one-memory-for-all",
        """
            def adagrad(param, grad, memory, lr):
                memory += np.mean(grad**2)
                param -= lr * grad / np.sqrt(memory + 1e-8)
        """,
    ),
    "draw p > u": (
        "no-cumulative-sum",
        """
            def draw(p, u):
                for k in range(len(p)):
                    if p[k] >= u:
                        return k
                return 0
        """,
    ),
    "draw <= typo": (
        "at-least-for-more-than",
        """
            def draw(p, u):
                s = 0
                for k in range(len(p)):
                    s += p[k]
                    if s >= u:
                        return k
                return len(p) - 1
        """,
    ),
    "draw returns p[k]": (
        "probability-returned",
        """
            def draw(p, u):
                c = 0
                for q in p:
                    c += q
                    if c > u:
                        return q
                return p[-1]
        """,
    ),
    "smooth return in loop": (
        "only-the-first-value",
        """
            def smooth(losses, start, beta=0.999):
                out = []
                s = start
                for l in losses:
                    s = beta * s + (1 - beta) * l
                    out.append(s)
                    return out
        """,
    ),
    "smooth precedence": (
        "brackets-forgotten",
        """
            def smooth(losses, start, beta=0.999):
                out = []
                s = start
                for l in losses:
                    s = beta * s + 1 - beta * l
                    out.append(s)
                return out
        """,
    ),
    "one_hot k+1 from the end": (
        "counted-from-the-end",
        """
            def one_hot(k, V):
                x = np.zeros(V)
                x[-(k + 1)] = 1
                return x
        """,
    ),
    "one_hot bool compare wrong": (
        "one-place-too-low",
        """
            def one_hot(k, V):
                return (np.arange(1, V + 1) == k).astype(float)
        """,
    ),
    "make_chunks reshape without shift": (
        "targets-are-the-inputs",
        """
            def make_chunks(ids, T):
                n = len(ids) // T * T
                return [(r, r) for r in ids[:n].reshape(-1, T)]
        """,
    ),
    "rnn_step np.tan": (
        "tan-for-tanh",
        """
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                return np.tan(Wxh @ x + Whh @ h_prev + bh)
        """,
    ),
    "rnn_step normalised": (
        "state-normalised",
        """
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                h = np.tanh(Wxh @ x + Whh @ h_prev + bh)
                return h / np.linalg.norm(h)
        """,
    ),
    "rnn_forward forgets tanh and bias": (
        "tanh-forgotten",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                hs = []
                h = h_init
                for k in inputs:
                    h = Wxh[:, k] + Whh @ h
                    hs.append(h)
                return np.array(hs), np.array(hs) @ Why.T + by
        """,
    ),
    "rnn_forward h before tanh in recursion": (
        "pre-activation-handed-on",
        """
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                hs = []
                a = h_init
                for k in inputs:
                    a = Wxh[:, k] + Whh @ a + bh
                    hs.append(np.tanh(a))
                return np.array(hs), np.array(hs) @ Why.T + by
        """,
    ),
    "softmax of -y": (
        "sign-of-the-logits",
        """
            def softmax(y):
                top = y.max(-1, keepdims=True)
                return np.exp(top - y) / np.exp(top - y).sum(-1, keepdims=True)
        """,
    ),
    "softmax shifted above": (
        "shift-on-one-side",
        """
            def softmax(y):
                below = np.exp(y).sum(-1, keepdims=True)
                return np.exp(y - y.max(-1, keepdims=True)) / below
        """,
    ),
    "draw counts and goes back": (
        "one-too-low",
        """
            def draw(p, u):
                count, total = 0, 0
                for each in p:
                    total += each
                    count += total < u
                return int(count) - 1
        """,
    ),
    "grad_h all through Whh": (
        "both-through-Whh",
        """
            def grad_h(dy_t, da_next, Why, Whh):
                return (dy_t @ Why + da_next) @ Whh
        """,
    ),
    "adagrad forgets a thousandth": (
        "fading-memory",
        """
            def adagrad(param, grad, memory, lr):
                memory *= 0.999
                memory += 0.001 * grad**2
                param -= lr * grad / np.sqrt(memory + 1e-8)
        """,
    ),
    "softmax log2": (
        "base-two",
        """
            def softmax(y):
                e = np.exp2(y - y.max(-1, keepdims=True))
                return e / e.sum(-1, keepdims=True)
        """,
    ),
    "softmax minus sum": (
        "shift-by-another-logit",
        """
            def softmax(y):
                e = np.exp(y - y.sum(-1, keepdims=True))
                return e / e.sum(-1, keepdims=True)
        """,
    ),
    "nll sum log p all minus": (
        "every-row-with-every-target",
        """
            def nll(p, targets):
                return -np.log(p[:, targets].sum())
        """,
    ),
    "nll *p": (
        "weighted-by-p",
        """
            def nll(p, targets):
                return -sum(p[t, k] * np.log2(p[t, k]) for t, k in enumerate(targets))
        """,
    ),
    "grad_Why_by swapped and transposed": (
        "dWhy-transposed",
        """
            def grad_Why_by(dy, h):
                return h.T @ dy, dy.sum(1)
        """,
    ),
    "grad_a 1/(1-h2)": (
        "tanh-applied-again",
        """
            def grad_a(dh_t, h_t):
                return dh_t / np.cosh(h_t) ** 2
        """,
    ),
    "rnn_backward init next with h": (
        "something-behind-the-last-step",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                dy = p - np.eye(p.shape[1])[targets]
                nxt = h[-1]
                da = np.zeros_like(h)
                for t in reversed(range(len(h))):
                    da[t] = (1 - h[t] ** 2) * (Why.T @ dy[t] + nxt)
                    nxt = Whh.T @ da[t]
        """
        + COLLECTED,
    ),
    "rnn_backward normalised by T and transposed": (
        "Whh-not-transposed",
        """
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                g = right(inputs, targets, h, h_prev, p, Wxh, Whh.T, Why)
                return {k: v / len(h) for k, v in g.items()}
        """,
    ),
    "relative_error squared denominators": (
        "root-forgotten",
        """
            def relative_error(a, b):
                n = np.linalg.norm
                return n(a - b) / max(n(a) ** 2, n(b) ** 2, 1e-12)
        """,
    ),
    "clip in loop with copy": (
        "new-array",
        """
            def clip(grad, limit):
                g = grad.copy()
                g[g > limit] = limit
                g[g < -limit] = -limit
                return g
        """,
    ),
    "smooth swapped and start ignored": (
        "weights-swapped",
        """
            def smooth(losses, start, beta=0.999):
                s = 0
                out = []
                for l in losses:
                    s = (1 - beta) * s + beta * l
                    out.append(s)
                return out
        """,
    ),
    "mean_loss colon for the rows": (
        "all-targets-in-every-row",
        """
            def mean_loss(y, targets):
                z = y - y.max(axis=1, keepdims=True)
                p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
                log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
                dy = p.copy()
                for row, target in enumerate(targets):
                    dy[row, target] -= 1
                return -np.mean(log_p[:, targets]), dy / len(y)
        """,
    ),
    "mean_loss largest of all": (
        "one-maximum-for-all-rows",
        """
            def mean_loss(y, targets):
                e = np.exp(y - np.max(y))
                p = e / e.sum(axis=1, keepdims=True)
                n = len(targets)
                loss = -np.log(p[np.arange(n), targets]).sum() / n
                p[np.arange(n), targets] -= 1
                return loss, p / n
        """,
    ),
    "adagrad_torch 10e-10": (
        "another-eps",
        """
            def adagrad_torch(param, grad, memory, lr):
                memory[...] = memory + grad * grad
                param[...] = param - lr * grad / (np.sqrt(memory) + 10e-10)
        """,
    ),
}
