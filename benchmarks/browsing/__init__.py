"""What the benchmarks in a browser share: servers with TLS, and slow lines to them."""
