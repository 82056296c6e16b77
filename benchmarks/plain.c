/* One training step in plain C: forward, backward, clip, Adagrad.

   Compiled for one type at a time, with -DREAL=double or -DREAL=float. No library, no
   intrinsics. Innermost loops run along rows of memory and add to sums that do not
   depend on each other, so the compiler may use vector instructions. */
#include <stdint.h>
#include <string.h>
#include <tgmath.h>

typedef REAL real;

/* C += A B for B (n, m) and C (rows, m), stored by rows; A (rows, n) has an entry
   every `down` and `right` numbers. Four rows of B at a time: C is read a quarter as
   often. */
static void add_product(int rows, int n, int m, const real *A, int down, int right,
                        const real *restrict B, real *restrict C)
{
    for (int i = 0; i < rows; i++, A += down, C += m) {
        int k = 0;
        for (; k + 3 < n; k += 4) {
            const real *a = A + k * right, *b = B + k * m;
            for (int j = 0; j < m; j++)
                C[j] += a[0] * b[j] + a[right] * b[m + j]
                      + a[2 * right] * b[2 * m + j] + a[3 * right] * b[3 * m + j];
        }
        for (; k < n; k++)
            for (int j = 0; j < m; j++) C[j] += A[k * right] * B[k * m + j];
    }
}

/* theta, grads, m: the blocks Wxh, Whh, Why, bh, by one after the other.
   h_first: the state that comes in; the newest state when the step is done. */
double step(int V, int H, int T, const int64_t *inputs, const int64_t *targets,
            real *theta, real *grads, real *m, real *h_first, real lr, real limit)
{
    int P = H * (V + H + V) + H + V;
    real *Wxh = theta, *Whh = Wxh + H * V, *Why = Whh + H * H;
    real *bh = Why + V * H, *by = bh + H;
    real *dWxh = grads, *dWhh = dWxh + H * V, *dWhy = dWhh + H * H;
    real *dbh = dWhy + V * H, *dby = dbh + H;
    real h[T + 1][H], y[T][V], da[T][H], WhhT[H][H], WhyT[H][V];
    double loss = 0;

    for (int i = 0; i < H; i++) {
        for (int j = 0; j < H; j++) WhhT[j][i] = Whh[i * H + j];
        for (int k = 0; k < V; k++) WhyT[i][k] = Why[k * H + i];
    }
    memcpy(h[0], h_first, sizeof h[0]);
    for (int t = 0; t < T; t++) { /* h[t + 1] is the state after step t */
        for (int i = 0; i < H; i++) h[t + 1][i] = Wxh[i * V + inputs[t]] + bh[i];
        add_product(1, H, H, h[t], H, 1, WhhT[0], h[t + 1]);
        for (int i = 0; i < H; i++) h[t + 1][i] = tanh(h[t + 1][i]);
    }
    memcpy(h_first, h[T], sizeof h[T]);

    for (int t = 0; t < T; t++) memcpy(y[t], by, sizeof y[t]);
    add_product(T, H, V, h[1], H, 1, WhyT[0], y[0]);
    for (int t = 0; t < T; t++) { /* y becomes dy */
        real largest = y[t][0], sum = 0;
        for (int k = 1; k < V; k++) if (y[t][k] > largest) largest = y[t][k];
        loss -= y[t][targets[t]] - largest;
        for (int k = 0; k < V; k++) y[t][k] = exp(y[t][k] - largest);
        for (int k = 0; k < V; k++) sum += y[t][k];
        for (int k = 0; k < V; k++) y[t][k] /= sum;
        loss += log(sum);
        y[t][targets[t]] -= 1;
    }

    memset(grads, 0, P * sizeof(real));
    memset(da, 0, sizeof da);
    add_product(T, V, H, y[0], V, 1, Why, da[0]);
    for (int t = T - 1; t >= 0; t--) {
        if (t < T - 1) add_product(1, H, H, da[t + 1], H, 1, Whh, da[t]);
        for (int i = 0; i < H; i++) da[t][i] *= 1 - h[t + 1][i] * h[t + 1][i];
    }
    add_product(V, T, H, y[0], 1, V, h[1], dWhy);
    add_product(H, T, H, da[0], 1, H, h[0], dWhh);
    for (int t = 0; t < T; t++) {
        for (int k = 0; k < V; k++) dby[k] += y[t][k];
        for (int i = 0; i < H; i++) dbh[i] += da[t][i];
        for (int i = 0; i < H; i++) dWxh[i * V + inputs[t]] += da[t][i];
    }

    for (int p = 0; p < P; p++) {
        real g = grads[p] > limit ? limit : grads[p] < -limit ? -limit : grads[p];
        m[p] += g * g;
        theta[p] -= lr * g / sqrt(m[p]);
    }
    return loss;
}
