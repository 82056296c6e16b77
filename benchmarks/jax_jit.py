"""JAX: the whole step, update included, in one jitted call.

What does not wait for a state is outside the scan, as in rnnlib. Old parameters are
donated, so that the new ones take their place. Work is done in the calling thread: to
hand 0.3 ms of work to another thread costs more CPU time than it saves.
"""

import itertools

import rnnlib as rnn


class Jit:
    batches = True

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)  # float32 stays float32
        jax.config.update("jax_cpu_enable_async_dispatch", False)

        def loss_and_state(params, inputs, targets, h):
            def cell(h, a_t):
                h = jnp.tanh(a_t + h @ params["Whh"].T)
                return h, h

            a = params["Wxh"].T[inputs] + params["bh"]
            h_last, h = jax.lax.scan(cell, h, a)
            y = h @ params["Why"].T + params["by"]
            log_p = jax.nn.log_softmax(y)
            return -jnp.take_along_axis(log_p, targets[..., None], -1).sum() / B, h_last

        def step(params, memory, h, inputs, targets):
            (loss, h), grads = jax.value_and_grad(loss_and_state, has_aux=True)(
                params, inputs, targets, h
            )
            grads = jax.tree.map(lambda g: g.clip(-5, 5), grads)
            memory = jax.tree.map(lambda m, g: m + g * g, memory, grads)
            params = jax.tree.map(
                lambda p, m, g: p - lr * g / jnp.sqrt(m + 1e-8), params, memory, grads
            )
            return params, memory, h, loss

        params = {name: jnp.array(block) for name, block in weights.items()}
        memory = jax.tree.map(jnp.zeros_like, params)
        shape = (len(weights["bh"]),) if B == 1 else (B, len(weights["bh"]))
        self.state = params, memory, jnp.zeros(shape, weights["bh"].dtype)
        self.call = jax.jit(step, donate_argnums=(0, 1, 2))
        pairs = [
            (jnp.array(x, "int32"), jnp.array(y, "int32"))
            for x, y, _ in rnn.chunks(ids, T, B)
        ]
        self.chunks = itertools.cycle(pairs)

    def step(self):
        *self.state, loss = self.call(*self.state, *next(self.chunks))
        return float(loss)
