"""`python -m benchmarks`: one thread for everyone, said before NumPy is imported."""

import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["VECLIB_MAXIMUM_THREADS"] = "1"  # Apple's BLAS
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"  # JAX
os.environ["NPROC"] = "1"  # JAX's pool

from benchmarks.bench import main  # noqa: E402

sys.exit(main())
